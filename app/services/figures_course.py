"""What the course of cases gives to the figures: promises and deadlines that fell due, follow-ups, what is owed of agreements.

Every statement costs as much as the period holds. Counting stands in `figures`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from app.core.database import instant, milliseconds
from app.core.session import Session
from app.core.times import day_of
from app.models import classifications as of
from app.models.proposals import measure
from app.services import figures_rows as rows
from app.services.figures_rows import CaseKind, Edition, Line, Span, fetch
from app.services.figures_values import Both, Owed
from app.services.periods import Period, midnight


class Stamp(NamedTuple):
    """A stored moment: milliseconds, and whether only its day is known."""

    at: int
    day: int


class Met(NamedTuple):
    """Something that was to happen by a time: the row of the promise or complaint, and whether it did."""

    id: int
    in_time: bool


class Score(NamedTuple):
    """How satisfied a customer was with the result of a complaint, 1–5."""

    complaint_id: int
    score: int


class OwedLine(NamedTuple):
    """A line of a signed agreement: how much of it was agreed, and how much had reached the customer."""

    agreement_id: int
    agreement: str
    edition: int
    complaint_id: int
    remedy: str
    description: str
    unit: str
    agreed: Decimal
    delivered: Decimal


def fell_due(column: str) -> str:
    """The condition for a moment that lies in the period and before now; its parameters are those of `due_parameters`.

    One for a day falls due when the day is over.
    """
    return f"{column} >= ? AND {column} < ? AND (NOT {column}_day OR {column} < ?)"


def due_parameters(session: Session, span: Span) -> tuple[int, int, int]:
    """What `fell_due` asks for."""
    zone = session.branch.zone
    return (span.start, span.until, milliseconds(midnight(day_of(instant(span.until), zone), zone)))


def in_time(session: Session, due: Stamp, done: Stamp) -> bool:
    """Whether it was done at or before its time; days are compared where either is one."""
    if due.day or done.day:
        zone = session.branch.zone
        return day_of(instant(done.at), zone) <= day_of(instant(due.at), zone)
    return done.at <= due.at


def promised(kinds: Both[CaseKind]) -> str:
    """The condition for the promises `p` of a period, void ones excepted; parameters branch and those of `due_parameters`."""
    either = (
        f'EXISTS (SELECT 1 FROM {kind.table} AS c WHERE c.branch_id = p.branch_id AND c.number = p."case" AND {kind.only})'
        for kind in kinds
        if kind.only
    )
    narrowed = " OR ".join(either)
    condition = f"p.branch_id = ? AND {fell_due('p.due')} AND p.status <> 'voided'"
    return f"{condition} AND ({narrowed})" if narrowed else condition


def promises(session: Session, span: Span, kinds: Both[CaseKind] = rows.KINDS) -> list[Met]:
    """The promises that fell due, and whether they were kept. One whose date was moved stays as it was given."""
    sql = f"SELECT p.id, p.due, p.due_day, p.kept_at, p.kept_at_day FROM promise AS p WHERE {promised(kinds)}"
    found = fetch(sql, (span.branch, *due_parameters(session, span)))
    return [
        Met(row, kept is not None and in_time(session, Stamp(due, due_day), Stamp(kept, kept_day)))
        for row, due, due_day, kept, kept_day in found
    ]


def deadline_in(kind: CaseKind) -> str:
    """The condition for complaints whose solution fell due; parameters branch and those of `due_parameters`."""
    return f"c.branch_id = ? AND {fell_due('c.solution_due')} AND {rows.counted(kind)}"


SOLUTION = (
    "solution_due", "solution_due_day", "solved_at", "solved_at_day", "status", "closed_at", "closed_at_day", "paused_at",
    "paused_at_day", "imported",
)  # fmt: skip
"""The columns of a complaint that say whether its solution came in time."""


def deadlines(session: Session, span: Span, kind: CaseKind = rows.KINDS.complaints) -> list[Met]:
    """The complaints whose solution fell due, and whether it came in time. Those that count neither way are left out."""
    chosen = ", ".join(f"c.{column}" for column in ("id", *SOLUTION))
    found = fetch(f"SELECT {chosen} FROM complaint AS c WHERE {deadline_in(kind)}", (span.branch, *due_parameters(session, span)))
    told = ((row[0], solved_in_time(session, span, dict(zip(SOLUTION, row[1:], strict=True)))) for row in found)
    return [Met(complaint, met) for complaint, met in told if met is not None]


def solved_in_time(session: Session, span: Span, stored: Mapping[str, Any]) -> bool | None:
    """Whether a complaint whose solution fell due was answered for good by then, by its columns as they are stored.

    None where that counts neither way: it stands still in a pause, or is an imported one that was over without a known reply.
    A refusal to accept it is an answer, too.
    """
    due = Stamp(stored["solution_due"], stored["solution_due_day"])
    refused = stored["solved_at"] is None and stored["status"] == "rejected"
    answered = "closed_at" if refused else "solved_at"
    if stands_still(session, stored):
        return None if stored[answered] is None else True
    if stored[answered] is not None:
        return in_time(session, due, Stamp(stored[answered], stored[f"{answered}_day"]))
    return None if stored["imported"] and stored["closed_at"] is not None and stored["closed_at"] < span.until else False


def stands_still(session: Session, stored: Mapping[str, Any]) -> bool:
    """Whether a complaint was paused at or before its deadline."""
    paused = stored["paused_at"]
    due = Stamp(stored["solution_due"], stored["solution_due_day"])
    return paused is not None and in_time(session, due, Stamp(paused, stored["paused_at_day"]))


_SCORED = "f.result_score IS NOT NULL"
_FOLLOWED_UP = "f.at >= ? AND f.at < ? AND " + _SCORED


def follow_ups_in(kind: CaseKind) -> str:
    """The condition for follow-ups `f` that told a score, of complaints `c`; parameters start, until, branch."""
    return f"{_FOLLOWED_UP} AND c.branch_id = ? AND {rows.counted(kind)}"


def satisfied_in(kind: CaseKind) -> str:
    """The condition for imported complaints that ended with a score and no follow-up; parameters branch, start, until."""
    followed = f"SELECT 1 FROM follow_up AS f WHERE f.parent_id = c.id AND {_SCORED}"
    return f"{rows.closed_in(kind)} AND c.imported AND c.satisfaction IS NOT NULL AND NOT EXISTS ({followed})"


FOLLOW_UPS = "follow_up AS f CROSS JOIN complaint AS c ON c.id = f.parent_id"
"""A cross join, so that the index on the time of the follow-ups is gone through, not all complaints."""


def scores(span: Span, kind: CaseKind = rows.KINDS.complaints) -> list[Score]:
    """How satisfied the customers of complaints were, by the follow-ups done in the period and by what was imported."""
    followed = fetch(
        f"SELECT f.parent_id, f.result_score FROM {FOLLOW_UPS} WHERE {follow_ups_in(kind)}", (span.start, span.until, span.branch)
    )
    imported = fetch(
        f"SELECT c.id, c.satisfaction FROM complaint AS c WHERE {satisfied_in(kind)}", (span.branch, span.start, span.until)
    )
    return [Score(*row) for row in (*followed, *imported)]


def owed_lines(session: Session, period: Period, span: Span, kind: CaseKind = rows.KINDS.complaints) -> list[OwedLine]:
    """The lines of agreements signed in the period, of each the latest edition by then, and what had been delivered by now."""
    latest: list[Edition] = []
    for chain in rows.signed_editions(session, period, kind).values():
        last = [edition for edition in chain if edition.signed_on < period.end][-1]
        latest += [last] if last.signed_on >= period.start else []
    lines = rows.lines_of(edition.id for edition in latest)
    delivered = _delivered(latest, span)
    return [
        _owed_line(one, line, delivered.get((one.complaint_id, one.proposal, place), 0))
        for one in latest
        for place, line in enumerate(lines[one.id])
    ]


_DELIVERED = """
SELECT d.complaint_id, line.proposal, line.place, sum(v.quantity) FROM dispatch AS d
JOIN dispatch_line AS line ON line.parent_id = d.id JOIN delivery AS v ON v.parent_id = d.id AND v.line = line.position + 1
WHERE d.complaint_id IN ({cases}) AND line.proposal > 0 AND v.at < ? GROUP BY 1, 2, 3
"""


def _delivered(editions: Iterable[Edition], span: Span) -> dict[tuple[int, int, int], int]:
    """How much had been delivered, in thousandths, by complaint, proposal and the place of the line in it."""
    found: dict[tuple[int, int, int], int] = {}
    for cases in rows.in_lists(edition.complaint_id for edition in editions):
        found |= {(*key,): much for *key, much in fetch(_DELIVERED.format(cases=cases), (span.until,))}
    return found


def _owed_line(edition: Edition, line: Line, delivered: int) -> OwedLine:
    quantity, unit = measure(line._asdict())
    head = (edition.id, edition.number, edition.edition, edition.complaint_id)
    return OwedLine(*head, line.remedy, line.description, unit, quantity, rows.units(delivered))


def owed(lines: Iterable[OwedLine], words: dict[str, str]) -> tuple[Owed, ...]:
    """The lines added up by remedy, in the order in which these are declared, and unit."""
    agreed: dict[tuple[str, str], Decimal] = {}
    delivered: dict[tuple[str, str], Decimal] = {}
    for line in lines:
        key = line.remedy, line.unit
        agreed[key] = agreed.get(key, Decimal(0)) + line.agreed
        delivered[key] = delivered.get(key, Decimal(0)) + line.delivered
    order = {choice.code: place for place, choice in enumerate(of.REMEDIES)}
    known = sorted(agreed, key=lambda key: (order.get(key[0], len(order)), key))
    return tuple(Owed(code, words.get(code, code), unit, agreed[code, unit], delivered[code, unit]) for code, unit in known)
