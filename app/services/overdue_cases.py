"""The cases of which a promise is overdue: what was promised, and whose turn it is since when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from app.core import formats
from app.core.database import instant
from app.core.session import Session
from app.core.times import Moment, day_of, instant_of
from app.models.listing import LISTINGS, Listing
from app.models.promises import Promise
from app.models.record import Record, find_any
from app.services import figures_course as course
from app.services import figures_rows as rows
from app.services import timeline
from app.services.figures_rows import ALL, Chosen
from app.services.periods import Period

_BEGINNING = -(2**60)
"""Milliseconds before any time that can be stored."""


class Overdue(NamedTuple):
    """A case: what fell due first of what it owes and how long that is over; its status in words; who holds it since when."""

    case: str
    customer: str
    subject: str
    due: Moment
    over: timedelta
    status: str
    holder: str
    since: datetime | None


def overdue(session: Session, period: Period, most: int, chosen: Chosen = ALL) -> tuple[int, tuple[Overdue, ...]]:
    """How many cases owe what fell due before the period's end, or the present, and is not done yet; the `most` overdue ones."""
    ever = rows.span(session, period)._replace(start=_BEGINNING)
    sql = (
        'SELECT p."case", p.customer_name, p.subject, p.due, p.due_day FROM promise AS p'
        f" WHERE p.status = 'open' AND {course.promised(chosen.kinds)} ORDER BY p.due, p.id"
    )
    first: dict[str, tuple[Any, ...]] = {}
    for row in rows.fetch(sql, (ever.branch, *course.due_parameters(session, ever))):
        first.setdefault(row[0], row)
    return len(first), tuple(_told(session, row) for row in list(first.values())[:most])


def _told(session: Session, row: tuple[Any, ...]) -> Overdue:
    number, customer, subject, due, day_only = row
    zone, record = session.branch.zone, find_any(session, row[0])
    moment: Moment = day_of(instant(due), zone) if day_only else instant(due)
    end = instant_of(moment + timedelta(days=1), zone) if day_only else instant(due)
    step = timeline.last_step(session, record)
    holder = getattr(record, "handler", None) or getattr(record, "accepted_by", None) or (step.who if step else "")
    return Overdue(
        number,
        customer or "",
        formats.label(Promise.field("subject"), subject),
        moment,
        session.clock() - end,
        formats.label(_listing_of(record).field("status"), str(record.status)),
        holder,
        step.at if step else None,
    )


def _listing_of(record: Record) -> Listing:
    return next(one for one in LISTINGS.values() if one.kind is type(record))
