"""Every change of a record in words, oldest first: what the time line tells, and each field that a step set along with it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from app.core import formats
from app.core.language import N_, _
from app.core.session import Session
from app.models import history, sight
from app.models.listing import listing_of
from app.models.record import Part, Record
from app.services import timeline
from app.services.timeline import Event

_COLUMNS = {
    "round": N_("Round"),
    "edition": N_("Edition"),
    "content_hash": N_("Check code"),
    "void_reason": N_("Voided because"),
}
"""Columns that are no declared fields, but are set by steps."""


def of_record(session: Session, record: Record) -> list[Event]:
    """What was done to a record; what was changed at one go is one event."""
    events: list[Event] = []
    for entry in history.of(record.KIND, record.id):
        if events and _goes_along(events[-1], entry):
            told = "\n".join(filter(None, (events[-1].text, changed(session, record, entry))))
            events[-1] = events[-1]._replace(text=told)
        else:
            event = timeline.event_of(session, record, entry)
            events.append(event._replace(text=changed(session, record, entry)) if entry.action == "edit" else event)
    return events


def _goes_along(event: Event, entry: history.Entry) -> bool:
    """Whether an entry tells more of the event before it."""
    same = (event.at, event.who) == (entry.at, entry.who)
    return entry.action == "set" or (entry.action == "edit" and event.action == "edit" and same)


def changed(session: Session, record: Record, entry: history.Entry) -> str:
    """An entry that changed a field in words, its lines one by one."""
    code = entry.field or ""
    if entry.erased or entry.action == sight.REVEAL:
        return timeline.changed(session, record, entry)
    if code in record.PARTS:
        return "\n".join(_lines(session, record.PARTS[code], entry))
    if code == "status":
        declared = listing_of(record.KIND).field("status")
        old, new = (formats.label(declared, kept) if kept else "—" for kept in (entry.old, entry.new))
        return _("{field}: {old} → {new}").format(field=_("Status"), old=old, new=new)
    if code in _COLUMNS:
        return _("{field}: {old} → {new}").format(field=_(_COLUMNS[code]), old=entry.old or "—", new=entry.new or "—")
    return timeline.changed(session, record, entry)


def _lines(session: Session, part: type[Part], entry: history.Entry) -> Iterator[str]:
    """The lines that came and went. A part that only grows keeps the one line that came."""
    old, new = (json.loads(kept) if kept else [] for kept in (entry.old, entry.new))
    old, new = ([lines] if isinstance(lines, dict) else lines for lines in (old, new))
    for word, lines in ((_("{field}, added: {line}"), new), (_("{field}, taken out: {line}"), old)):
        for line in lines:
            if line not in (old if lines is new else new):
                yield word.format(field=_(part.LABEL), line=_line(session, part, line))


def _line(session: Session, part: type[Part], line: dict[str, object]) -> str:
    told = (
        f"{_(one.label)} {timeline.shown(session, one, line[one.code])}" for one in part.FIELDS if line.get(one.code) is not None
    )
    return " · ".join(told)
