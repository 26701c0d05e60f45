"""What waits for the person who sits down: promised replies, proposals, open cases, unfinished forms, recent records."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

import peewee

from app.core.database import database, instant
from app.core.session import Session
from app.core.times import day_of
from app.models import anniversaries, unfinished
from app.models import classifications as of
from app.models.anniversaries import Anniversary
from app.models.complaints import Complaint
from app.models.customers import Customer
from app.models.dispatches import Dispatch
from app.models.objections import Objection
from app.services import promise_board
from app.services.promise_board import Owed

SHOWN = 8


class Waiting(NamedTuple):
    """A proposal that waits for a decision."""

    number: str
    customer: str
    text: str
    severity: str | None
    cost: Decimal
    proposed_by: str
    proposed_at: datetime


class Order(NamedTuple):
    """A dispatch order that is late: by which department, to whom, since when."""

    number: str
    department: str
    customer: str
    due: date
    status: str


class FollowUp(NamedTuple):
    """A call back that is due, and who is to make it."""

    number: str
    customer: str
    planned_for: date
    by: str


class Recent(NamedTuple):
    """A record that was worked on last."""

    kind: str
    number: str
    name: str
    at: datetime


class Workbench(NamedTuple):
    """Everything on the first page. `overdue` and `due_today` count all promises, `due` holds the first of them."""

    due: tuple[Owed, ...]
    overdue: int
    due_today: int
    late_orders: tuple[Order, ...]
    follow_ups: tuple[FollowUp, ...]
    waiting: tuple[Waiting, ...]
    waiting_count: int
    stations: tuple[tuple[str, int], ...]
    drafts: tuple[unfinished.Entry, ...]
    recent: tuple[Recent, ...]
    anniversaries: tuple[Anniversary, ...]


def load(session: Session) -> Workbench:
    """What waits now. Reads only what is shown and open, however much there is."""
    counted = promise_board.count(session)
    waiting, count = _waiting(session)
    return Workbench(
        due=promise_board.owed(session, SHOWN),
        overdue=counted.overdue,
        due_today=counted.today,
        late_orders=_late_orders(session),
        follow_ups=_follow_ups(session),
        waiting=waiting,
        waiting_count=count,
        stations=_stations(session),
        drafts=tuple(unfinished.of(session)),
        recent=_recent(session),
        anniversaries=tuple(anniversaries.coming(session, SHOWN)),
    )


_WAITING = """
SELECT c.number, c.customer_name, p.text, c.severity, p.cost, p.proposed_by, p.proposed_at, count(*) OVER ()
FROM proposal AS p JOIN complaint AS c ON c.id = p.complaint_id
WHERE p.status = 'proposed' AND c.branch_id = ? AND c.status = 'proposed' ORDER BY p.proposed_at LIMIT 5
"""


def _waiting(session: Session) -> tuple[tuple[Waiting, ...], int]:
    """The proposals that wait longest, and how many there are."""
    rows = database.execute_sql(_WAITING, (session.branch.id,)).fetchall()
    found = (
        Waiting(number, customer or "", text, severity, Decimal(cost) / 100, by, instant(at))
        for number, customer, text, severity, cost, by, at, _count in rows
    )
    return tuple(found), rows[0][-1] if rows else 0


def _late_orders(session: Session) -> tuple[Order, ...]:
    """Dispatch orders whose day is over, the oldest first; whole in an index."""
    today = day_of(session.clock(), session.branch.zone)
    # The plus keeps the index on the day out of it, through which all that was delivered would be read first.
    late = "t.branch_id = ? AND t.status IN ('issued', 'accepted') AND t.due < ? ORDER BY +t.due LIMIT ?"
    found = Dispatch.fetch(late, session.branch.id, today.isoformat(), SHOWN)
    return tuple(Order(one.number, one.department, one.customer_name or "", one.due, one.status) for one in found)


def _follow_ups(session: Session) -> tuple[FollowUp, ...]:
    """Calls back that are planned for today or earlier."""
    today = day_of(session.clock(), session.branch.zone)
    found = Complaint.fetch(
        "t.branch_id = ? AND t.follow_up_at IS NOT NULL AND t.follow_up_at <= ? "
        "AND t.status IN ('agreed', 'executing', 'following_up') "
        "ORDER BY t.follow_up_at LIMIT ?",
        session.branch.id,
        today.isoformat(),
        SHOWN,
    )
    return tuple(FollowUp(one.number, one.customer_name or "", one.follow_up_at, one.follow_up_by or "") for one in found)


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
        asked = f"SELECT number, {name}, changed_at FROM {kind.KIND} WHERE +branch_id = ? AND status <> 'merged'"
        rows = database.execute_sql(f"{asked} ORDER BY id DESC LIMIT ?", (session.branch.id, SHOWN)).fetchall()
        found += [Recent(kind.KIND, number, shown or "", instant(at)) for number, shown, at in rows]
    return tuple(sorted(found, key=lambda one: one.at, reverse=True)[:SHOWN])
