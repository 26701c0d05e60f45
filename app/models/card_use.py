"""How often cards were used and how often they helped: counted from the objections that name them, never ticked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from app.core.database import database, instant
from app.core.session import Session
from app.core.times import Moment, day_of
from app.models.cards import Card
from app.models.evidence import Evidence
from app.models.list_columns import HELPED, SOLVED, USED


class Usage(NamedTuple):
    """How many objections name a card, and how many of them were solved."""

    used: int
    helped: int


class Use(NamedTuple):
    """An objection that names a card."""

    number: str
    customer: str
    what: str
    status: str
    occurred_at: Moment
    helped: bool


def usage(cards: Sequence[Card]) -> dict[int, Usage]:
    """Card → its counts, all by one statement."""
    places = ", ".join("?" * len(cards))
    sql = f"SELECT c.id, {USED}, {HELPED} FROM card AS c WHERE c.id IN ({places})"
    rows = database.execute_sql(sql, [card.id for card in cards]).fetchall()
    return {number: Usage(used, helped) for number, used, helped in rows}


def resting_on(evidence: Evidence) -> list[Card]:
    """The cards that name a piece of evidence, void ones left out."""
    naming = "SELECT parent_id FROM evidence_line WHERE evidence_id = ?"
    return Card.fetch(f"t.id IN ({naming}) AND t.status <> 'voided' ORDER BY t.id", evidence.id)


def uses(session: Session, card: Card, limit: int = 50) -> list[Use]:
    """The objections that name a card, newest first."""
    rows = database.execute_sql(
        "SELECT o.number, o.customer_name, o.what, o.status, o.occurred_at, o.occurred_at_day, "
        f"coalesce({SOLVED}, 0) FROM objection AS o WHERE o.card_id = ? AND o.status <> 'voided' "
        "ORDER BY o.occurred_at DESC, o.id DESC LIMIT ?",
        (card.id, limit),
    ).fetchall()
    return [_use(session, row) for row in rows]


def _use(session: Session, row: tuple[str, str | None, str | None, str, int, int, int]) -> Use:
    number, customer, what, status, at, day_only, helped = row
    moment: Moment = day_of(instant(at), session.branch.zone) if day_only else instant(at)
    return Use(number, customer or "", what or "", status, moment, bool(helped))
