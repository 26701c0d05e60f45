"""Until when a complaint has to be contacted and solved, by its grade: hours by the clock, days by the calendar (rule 9)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from app.core.database import database, instant, milliseconds, transaction
from app.core.session import Session
from app.core.times import Moment, day_of, instant_of

_GENERAL = "general"


class Due(NamedTuple):
    """The two deadlines of a case; days where it was received on a day without a time and hours are counted."""

    contact: Moment
    solution: Moment


def of(session: Session, received: Moment, severity: str | None) -> Due:
    """The deadlines of a case of this grade; no grade counts as general."""
    grade = severity or _GENERAL
    contact = _in_hours(received, session.settings[f"contact_hours_{grade}"])
    if grade == "urgent":
        return Due(contact, _in_hours(received, session.settings["solution_hours_urgent"]))
    return Due(contact, in_days(session, received, session.settings[f"solution_days_{grade}"]))


def _in_hours(start: Moment, hours: int) -> Moment:
    """A day without a time may have been its first minute: the last day that the hours can reach is meant."""
    if isinstance(start, datetime):
        return start + timedelta(hours=hours)
    return start + timedelta(days=hours // 24)


def in_days(session: Session, start: Moment, days: int) -> datetime:
    """The close of business of the n-th working day after a moment."""
    return close_of(session, session.calendar.after(day_of(start, session.branch.zone), days))


def close_of(session: Session, day: date) -> datetime:
    """The close of business of a day, in UTC."""
    hour = session.settings["closing_hour"]
    opened = datetime.combine(day, time(hour % 24), session.branch.zone)
    return instant_of(opened + timedelta(days=hour // 24), session.branch.zone)


def shifted(session: Session, due: Moment, since: datetime, until: datetime, severity: str | None) -> Moment:
    """A deadline after a pause: by the hours of the pause where hours count, else by its working days."""
    zone = session.branch.zone
    if severity == "urgent":
        span = until - since
        return due + span if isinstance(due, datetime) else due + timedelta(days=span.days)
    days = session.calendar.between(day_of(since, zone), day_of(until, zone))
    later = session.calendar.after(day_of(due, zone), days)
    return close_of(session, later) if isinstance(due, datetime) else later


def work_out(session: Session, *, all_cases: bool = False) -> None:
    """Write the deadlines of open complaints (or all) anew: the calendar or the days of a grade are others now."""
    which = "" if all_cases else "AND closed_at IS NULL AND status <> 'voided' AND extended_to IS NULL"
    rows = database.execute_sql(
        f"SELECT id, received_at, received_at_day, severity FROM complaint WHERE branch_id = ? {which}", (session.branch.id,)
    ).fetchall()
    with transaction():
        database.cursor().executemany(
            "UPDATE complaint SET contact_due = ?, contact_due_day = ?, solution_due = ?, solution_due_day = ? WHERE id = ?",
            [(*_columns(session, *row[1:]), row[0]) for row in rows],
        )


def _columns(session: Session, received: int, day_only: bool, severity: str | None) -> tuple[int, bool, int, bool]:
    zone = session.branch.zone
    moment: Moment = day_of(instant(received), zone) if day_only else instant(received)
    contact, solution = of(session, moment, severity)
    return (
        milliseconds(instant_of(contact, zone)),
        not isinstance(contact, datetime),
        milliseconds(instant_of(solution, zone)),
        not isinstance(solution, datetime),
    )
