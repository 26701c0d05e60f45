"""What the steps of a complaint have in common: in which statuses they start, how they write, notices, rounds and follow-ups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from app.core.fields import Field, Kind
from app.core.language import N_
from app.core.session import Session
from app.core.times import Moment, day_of, instant_of
from app.models import deadlines, promises
from app.models.case_entries import Notice
from app.models.complaints import Complaint
from app.models.record import Record, Values, change, moment_of

Added = Mapping[str, Sequence[Values]]
"""Entries by part, for `change`."""
ANY = ("clerk", "handler", "manager", "head")
DESK = ("clerk", "handler")
DECIDERS = ("manager", "head")
OWNERS = ("handler", "manager", "head")
UNDER_WAY = ("accepted", "investigating", "proposed", "approved", "replied", "agreed", "executing", "following_up")
HANDED = ("registered", *UNDER_WAY)
NOTE = Field("note", N_("Note"), Kind.MEMO)
TOLD = (
    Notice.field("way").but(code="told_by", label=N_("Customer told by")),
    Field("told", N_("What was said"), Kind.MEMO),
)
"""Asked by the steps that the customer is told of at the same time (rule 14)."""


def write(
    session: Session,
    record: Record,
    step: str,
    status: str | None = None,
    note: str = "",
    added: Added | None = None,
    **values: object,
) -> Record:
    """Write values, status and entries of a step; a value that is None stays as it is."""
    given = {code: value for code, value in values.items() if value is not None}
    return change(session, record, given, action=step, note=note, added=added, **({"status": status} if status else {}))


def visited(session: Session, record: Record, way: str | None, at: Moment) -> None:
    """Who talked with the customer on site has paid the visit that was promised."""
    if way == "on_site":
        promises.keep(session, record, "visit", at)


def first_contact(record: Record, at: Moment) -> Moment | None:
    """When the customer was first asked or told something, where that is only now."""
    return at if record.contacted_at is None else None


def told(session: Session, record: Record, step: str, values: Values) -> Added:
    """The notice that the customer was told of a step at once, where that was said."""
    if values["told_by"] is None and not values["told"]:
        return {}
    return entry(session, record, "notices", {"step": step, "way": values["told_by"], "text": values["told"]})


def entry(session: Session, record: Record, part: str, line: Values) -> Added:
    """An entry with its time, the acting person and the round."""
    known = {field.code for field in record.PARTS[part].FIELDS}
    stamps = {"at": session.clock(), "who": session.user, "round": getattr(record, "round", None)}
    given = stamps | {code: value for code, value in line.items() if value is not None}
    return {part: [{code: value for code, value in given.items() if code in known}]}


def pause_over(session: Session, record: Record, until: Moment, reason: str) -> tuple[Values, Added]:
    """What the end of a pause writes: the solution is due later by as long as the time stood still."""
    due, end = moment_of(session, record, "solution_due"), instant_of(until, session.branch.zone)
    assert due is not None
    later = deadlines.shifted(session, due, record.paused_at, max(end, record.paused_at), record.severity)
    added = entry(session, record, "extensions", {"kind": "pause", "until": later, "reason": reason})
    return {"extended_to": later, "paused_at": None}, added


def planned(session: Session, record: Record, after: Moment) -> Values:
    """When a case is to be followed up, and by whom: its recorder, where that is not the handler (rule 6)."""
    day = session.calendar.after(day_of(after, session.branch.zone), session.settings["follow_up_days"])
    return plan(session, record, day)


def plan(session: Session, record: Record, day: date, by: str | None = None) -> Values:
    """A follow-up that is planned is promised, too."""
    promises.give(session, record, "follow_up", day)
    other = record.recorder if record.recorder and record.recorder != record.handler else None
    return {"follow_up_at": day, "follow_up_by": by or other or record.follow_up_by}


def next_round(
    session: Session, record: Record, step: str, note: str, promised: Moment | None, added: Added | None = None
) -> Record:
    """The solution is opened anew: back to the enquiry, with what was settled kept in the earlier round (rule 7)."""
    assert isinstance(record, Complaint)
    if promised is not None:
        promises.give(session, record, "reply", promised, note)
    cleared = ("closed_at", "solved_at", "follow_up_at", "waived", "closed_reason", "paused_at")
    values: Values = dict.fromkeys(cleared)
    if promised is not None:
        values["promised_at"] = promised
    return change(session, record, values, action=step, note=note, added=added, status="investigating", round=record.round + 1)
