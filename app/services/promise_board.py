"""The board of promises: what is owed to customers, in order of time, overdue first; read through the index on what is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, NamedTuple

from app.core.database import database, instant, milliseconds
from app.core.language import N_
from app.core.session import Session
from app.core.times import Moment, day_of, instant_of

GROUPS = (
    ("overdue", N_("Overdue")),
    ("today", N_("Today")),
    ("tomorrow", N_("Tomorrow")),
    ("week", N_("Within seven days")),
    ("later", N_("Later")),
)


class Owed(NamedTuple):
    """A promise that is owed. `kind` and `case`: what it was given in; `overdue`: the time since, None while it is not over."""

    number: str
    subject: str
    due: Moment
    overdue: timedelta | None
    group: str
    kind: str
    case: str
    customer: str
    what: str
    channel: str | None
    handler: str

    @property
    def today(self) -> bool:
        """Whether it falls due today and is not over."""
        return self.group == "today"


class Counted(NamedTuple):
    """How many are overdue, and how many fall due later today."""

    overdue: int
    today: int


_OWED = """
SELECT p.number, p.subject, p.due, p.due_day, p."case", p.customer_name, coalesce(c.description, o.what, ''),
    coalesce(c.channel, o.channel), coalesce(p.handler, c.handler, o.handler, ''), c.id IS NOT NULL
FROM (SELECT * FROM promise WHERE branch_id = ? AND status = 'open' {more} ORDER BY due, id LIMIT ?) AS p
LEFT JOIN complaint AS c ON c.branch_id = p.branch_id AND c.number = p."case"
LEFT JOIN objection AS o ON o.branch_id = p.branch_id AND o.number = p."case"
ORDER BY p.due, p.id
"""


# Whatever is of an earlier day is late, and is counted in the index alone.
_COUNT = """
SELECT 1, count(*) FROM promise WHERE branch_id = ? AND status = 'open' AND due < ?
UNION ALL
SELECT due < CASE WHEN due_day THEN ? ELSE ? END, count(*) FROM promise
WHERE branch_id = ? AND status = 'open' AND due >= ? AND due < ? GROUP BY 1
"""


def owed(session: Session, limit: int = 200, *, handler: str = "", customer: int | None = None) -> tuple[Owed, ...]:
    """The first open promises; of a handler's cases, or to one customer, where asked for.

    The index finds them by the beginning of what is due; they come in the order in which they are over, a day at its end.
    """
    more, values = "", ()  # type: tuple[str, tuple[object, ...]]
    if handler:
        more, values = " AND handler = ?", (handler,)
    if customer is not None:
        more, values = f"{more} AND +customer_id = ?", (*values, customer)
    rows = database.execute_sql(_OWED.format(more=more), (session.branch.id, *values, limit)).fetchall()
    found = (_owed(session, row) for row in rows)
    return tuple(sorted(found, key=lambda one: _end(one.due, session.branch.zone)))


def _end(due: Moment, zone: tzinfo) -> datetime:
    """When it is over: a day without a time once the day has ended."""
    return due if isinstance(due, datetime) else instant_of(due + timedelta(days=1), zone)


def _owed(session: Session, row: Sequence[Any]) -> Owed:
    number, subject, due, day_only, case, customer, what, channel, handler, complaint = row
    zone, now = session.branch.zone, session.clock()
    moment: Moment = day_of(instant(due), zone) if day_only else instant(due)
    end = _end(moment, zone)
    overdue = now - end if now > end else None
    group = "overdue" if overdue is not None else _group(day_of(moment, zone), day_of(now, zone))
    kind = "complaint" if complaint else "objection"
    return Owed(number, subject, moment, overdue, group, kind, case, customer or "", what, channel, handler)


def _group(day: date, today: date) -> str:
    distance = (day - today).days
    return {0: "today", 1: "tomorrow"}.get(distance, "week" if distance <= 7 else "later")


def count(session: Session) -> Counted:
    """How many promises are overdue, and due later today. A day without a time is overdue once the day is over."""
    now, zone = session.clock(), session.branch.zone
    today = day_of(now, zone)
    midnight, tomorrow = (instant_of(day, zone) for day in (today, today + timedelta(days=1)))
    day, until, branch = milliseconds(midnight), milliseconds(tomorrow), session.branch.id
    found = database.execute_sql(_COUNT, (branch, day, day, milliseconds(now), branch, day, until)).fetchall()
    return Counted(sum(number for late, number in found if late), sum(number for late, number in found if not late))


def falling_due(session: Session, since: datetime) -> tuple[Owed, ...]:
    """What became due since an instant, or does within half an hour: what a reminder names."""
    soon = session.clock() + timedelta(minutes=30)
    more = f" AND due_day = 0 AND due > {milliseconds(since)} AND due <= {milliseconds(soon)}"
    rows = database.execute_sql(_OWED.format(more=more), (session.branch.id, 20)).fetchall()
    return tuple(_owed(session, row) for row in rows)
