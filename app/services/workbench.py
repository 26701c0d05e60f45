"""What waits for the person who sits down: promised replies, proposals, open cases, unfinished forms, recent records."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

import peewee

from app.core.database import database, milliseconds
from app.core.session import Session
from app.core.times import Moment, day_of, instant_of
from app.models import classifications as of
from app.models import unfinished
from app.models.complaints import Complaint
from app.models.customers import Customer
from app.models.objections import Objection
from app.models.proposals import Proposal
from app.models.record import Record

SHOWN = 8


class Due(NamedTuple):
    """A reply that was promised. `overdue` is the time since, None while it is not over."""

    kind: str
    number: str
    customer: str
    what: str
    channel: str | None
    promised_at: Moment
    overdue: timedelta | None
    today: bool


class Waiting(NamedTuple):
    """A proposal that waits for a decision."""

    number: str
    customer: str
    text: str
    severity: str | None
    cost: Decimal
    proposed_by: str
    proposed_at: datetime


class Recent(NamedTuple):
    """A record that was worked on last."""

    kind: str
    number: str
    name: str
    at: datetime


class Workbench(NamedTuple):
    """Everything on the first page. `overdue` and `due_today` count all promises, `due` holds the first of them."""

    due: tuple[Due, ...]
    overdue: int
    due_today: int
    waiting: tuple[Waiting, ...]
    waiting_count: int
    stations: tuple[tuple[str, int], ...]
    drafts: tuple[unfinished.Entry, ...]
    recent: tuple[Recent, ...]


def load(session: Session) -> Workbench:
    """What waits now. Reads only what is shown and open, however much there is."""
    due, overdue, today = promises(session)
    waiting = Proposal.select().join(Complaint).where(Complaint.branch_id == session.branch.id, Complaint.status == "proposed")
    waiting = waiting.where(Proposal.status == "proposed")
    return Workbench(
        due=due,
        overdue=overdue,
        due_today=today,
        waiting=tuple(_waiting(one) for one in waiting.order_by(Proposal.proposed_at).limit(5)),
        waiting_count=waiting.count(),
        stations=_stations(session),
        drafts=tuple(unfinished.of(session)),
        recent=_recent(session),
    )


def _waiting(proposal: Proposal) -> Waiting:
    case = proposal.complaint
    return Waiting(
        case.number,
        case.customer_name or "",
        proposal.text,
        case.severity,
        proposal.cost,
        proposal.proposed_by,
        proposal.proposed_at,
    )


def promises(session: Session, limit: int = SHOWN) -> tuple[tuple[Due, ...], int, int]:
    """The first promised replies that are still owed, in order of time; how many are overdue; how many fall due later today."""
    now, zone = session.clock(), session.branch.zone
    tomorrow = instant_of(day_of(now, zone) + timedelta(days=1), zone)
    found: list[Due] = []
    overdue = today = 0
    for kind, what in ((Complaint, "description"), (Objection, "what")):
        late, later = _counts(session, kind, now, tomorrow)
        overdue, today = overdue + late, today + later
        owed = kind.fetch(f"t.promised_at IS NOT NULL AND {_OWED} ORDER BY t.promised_at LIMIT ?", session.branch.id, limit)
        found += [_due(session, case, what) for case in owed]
    return tuple(sorted(found, key=lambda one: instant_of(one.promised_at, zone))[:limit]), overdue, today


# Word for word what the partial indexes hold: with bound values SQLite could not know that they do.
_OWED = "t.branch_id = ? AND t.replied_at IS NULL AND t.closed_at IS NULL AND t.status <> 'voided'"


def _counts(session: Session, kind: type[Record], now: datetime, tomorrow: datetime) -> tuple[int, int]:
    """Overdue, and due later today. A day without a time is overdue once the day is over."""
    midnight = instant_of(day_of(now, session.branch.zone), session.branch.zone)
    late = "t.promised_at < CASE WHEN t.promised_at_day THEN ? ELSE ? END"
    sql = f"SELECT {late} AS late, count(*) FROM {kind.KIND} AS t WHERE t.promised_at < ? AND {_OWED} GROUP BY 1"
    bounds = (milliseconds(one) for one in (midnight, now, tomorrow))
    found = database.execute_sql(sql, (*bounds, session.branch.id)).fetchall()
    counted = {bool(is_late): count for is_late, count in found}
    return counted.get(True, 0), counted.get(False, 0)


def _due(session: Session, case: Record, what: str) -> Due:
    zone, now = session.branch.zone, session.clock()
    at: Moment = day_of(case.promised_at, zone) if case.promised_at_day else case.promised_at
    end = instant_of(at + timedelta(days=1), zone) if case.promised_at_day else case.promised_at
    return Due(
        case.KIND,
        case.number,
        case.customer_name or "",
        case[what] or "",
        case.channel,
        at,
        now - end if now > end else None,
        day_of(at, zone) == day_of(now, zone),
    )


def _stations(session: Session) -> tuple[tuple[str, int], ...]:
    """Open complaints of this person (in an open branch: all) by status."""
    # Named one by one: the index on the status then finds them among any number of ended cases.
    codes = [choice.code for choice in of.COMPLAINT_STATUSES if choice.code not in (*of.ENDED, "voided")]
    rows = (
        Complaint.select(Complaint.status, peewee.fn.COUNT(Complaint.id))
        .where(Complaint.branch_id == session.branch.id, Complaint.status.in_(codes))
        .group_by(Complaint.status)
        .tuples()
    )
    counted = dict(rows)
    return tuple((code, counted.get(code, 0)) for code in codes)


def _recent(session: Session) -> tuple[Recent, ...]:
    found: list[Recent] = []
    for kind, name in ((Complaint, "customer_name"), (Objection, "customer_name"), (Customer, "name")):
        # The plus keeps the branch's indexes out of it: the last rows of the table are the ones.
        rows = kind.fetch("+t.branch_id = ? ORDER BY t.id DESC LIMIT ?", session.branch.id, SHOWN)
        found += [Recent(kind.KIND, row.number, row[name] or "", row.changed_at) for row in rows]
    return tuple(sorted(found, key=lambda one: one.at, reverse=True)[:SHOWN])
