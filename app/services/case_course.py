"""What became of a complaint's solution: orders and deliveries, promises, corrective actions, and whether the case recurs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from app.core import formats, times
from app.core.language import _
from app.core.session import Session
from app.core.times import Moment, day_of
from app.models import actions, dispatches, recurrence, sight
from app.models.complaints import Complaint
from app.models.dispatches import Dispatch, Promised
from app.models.promises import Promise
from app.models.record import Record, Values, moment_of, values_of
from app.models.recurrence import Recurrence


class Stand(NamedTuple):
    """A record of the course with its values: parts as lists, other records by number."""

    number: str
    status: str
    values: Values
    withheld: bool = False


@dataclass(frozen=True)
class Course:
    """All of it for one complaint; empty for other records."""

    promised: tuple[Promised, ...] = ()
    orders: tuple[Stand, ...] = ()
    promises: tuple[Stand, ...] = ()
    actions: tuple[Stand, ...] = ()
    recurrences: tuple[Recurrence, ...] = ()


def of(session: Session, record: Record) -> Course:
    """The course of a case. An objection has promises only."""
    promised = _stands(session, Promise, 't.branch_id = ? AND t."case" = ? ORDER BY t.id', session.branch.id, record.number)
    if not isinstance(record, Complaint):
        return Course(promises=promised)
    return Course(
        promised=tuple(dispatches.promised(session, record)),
        orders=_stands(session, Dispatch, "t.complaint_id = ? ORDER BY t.id", record.id),
        promises=promised,
        actions=tuple(_stand(session, one) for one in actions.of_cases(session, [record.number])),
        recurrences=tuple(recurrence.of(session, record)),
    )


def _stands(session: Session, kind: type[Record], condition: str, *values: object) -> tuple[Stand, ...]:
    return tuple(_stand(session, one) for one in kind.fetch(condition, *values))


def _stand(session: Session, one: Record) -> Stand:
    return Stand(one.number, str(one.status), values_of(session, one), sight.is_withheld(one))


def seen(course: Course) -> Course:
    """The course of a case as everybody reads it of which something is kept of an erased customer."""
    orders = (one._replace(values=sight.closed_values(Dispatch, one.values)) if one.withheld else one for one in course.orders)
    promised = (one._replace(description=sight.HIDDEN if one.description else "") for one in course.promised)
    return replace(course, orders=tuple(orders), promised=tuple(promised))


class Deadline(NamedTuple):
    """A deadline of a case in words: `tone` is ok, warn, bad or mute; `certain`: the calendar of its year is published."""

    word: str
    due: Moment
    sentence: str
    tone: str
    certain: bool


def deadlines(session: Session, record: Complaint) -> tuple[Deadline, ...]:
    """Contact and solution, each with what remains in working time, or by how much it is over.

    None of what ended before it came here: nobody worked by these.
    """
    found: list[Deadline] = []
    if record.imported and record.closed_at is not None:
        return ()
    for word, due_code, met_code in (
        (_("Contact"), "contact_due", "contacted_at"),
        (_("Solution"), "solution_due", "solved_at"),
    ):
        due = moment_of(session, record, due_code)
        if due is not None:
            sentence, tone = _stand_of(session, record, due, moment_of(session, record, met_code))
            certain = session.calendar.certain(session.now().date(), day_of(due, session.branch.zone))
            found.append(Deadline(word, due, sentence, tone, certain))
    return tuple(found)


def _stand_of(session: Session, record: Complaint, due: Moment, met: Moment | None) -> tuple[str, str]:
    zone, now = session.branch.zone, session.now()
    last, today = day_of(due, zone), now.date()
    if met is not None:
        late = times.before(due, met, zone)
        when = formats.near(met, now)
        return (_("done {when}, late").format(when=when), "bad") if late else (_("done {when}").format(when=when), "ok")
    if record.closed_at is not None:
        return _("not done"), "bad"
    if record.paused_at is not None:
        return _("paused since {when}").format(when=formats.near(record.paused_at, now)), "mute"
    if times.before(due, now, zone):
        return _overdue(session, last, today), "bad"
    return _remaining(session, due, last, today), "warn" if last == today else "mute"


def lateness(session: Session, due: date) -> str:
    """How far a day is over, or what is left until it, in working days."""
    today = session.now().date()
    return _overdue(session, due, today) if due < today else _remaining(session, due, due, today)


def _overdue(session: Session, last: date, today: date) -> str:
    days = session.calendar.between(last, today)
    return _("working days overdue: {count}").format(count=days) if days > 0 else _("overdue since today")


def _remaining(session: Session, due: Moment, last: date, today: date) -> str:
    days = 0 if last == today else session.calendar.between(today, last)
    if days > 0:
        return _("working days left: {count}").format(count=days)
    return _("until {when}").format(when=formats.near(due, session.now()))


def reminder(session: Session, order: Dispatch) -> str:
    """What is written to a department that has not delivered: order, customer, what is owed, since when."""
    lines = [
        _("{what} {left} {unit}")
        .format(
            what=line.description or formats.label(line.field("remedy"), line.remedy or ""),
            left=formats.quantity(line.quantity - (line.delivered or 0)),
            unit=line.unit or "",
        )
        .strip()
        for line in dispatches.lines_of(order)
        if line.quantity > (line.delivered or 0)
    ]
    department = formats.label(order.field("department"), order.department)
    due = formats.long_day(order.due) if order.due is not None else "—"
    words = _(
        "{department}: dispatch order {number} for {customer} was due on {due}. Still owed: {lines}. When will it be delivered?"
    )
    return words.format(
        department=department, number=order.number, customer=order.customer_name or "", due=due, lines=_(", ").join(lines)
    )
