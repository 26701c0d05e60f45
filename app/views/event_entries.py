"""Events of a case or a customer as entries of the painted time line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.core import formats
from app.core.language import _, chosen
from app.core.session import Session
from app.models.listing import listing_of
from app.services.timeline import Event
from app.views.pieces.pills import Face, face
from app.views.pieces.time_line import Entry

_FACES = {
    "add": ("pencil", "accent"),
    "import": ("database-import", "text2"),
    "sign": ("signature", "accent"),
    "hand-over": ("users", "accent"),
    "accept": ("user-check", "accent"),
    "investigate": ("search", "accent"),
    "propose": ("hourglass", "wait"),
    "approve": ("check", "ok"),
    "return": ("arrow-back-up", "warn"),
    "reply": ("message-2", "accent"),
    "promise": ("calendar-due", "warn"),
    "agreement": ("file-certificate", "accent"),
    "release": ("file-certificate", "ok"),
    "sign-agreement": ("signature", "ok"),
    "waive": ("minus", "mute"),
    "close": ("circle-check", "ok"),
    "void": ("ban", "mute"),
    "escalate": ("git-branch", "mute"),
    "discuss": ("messages", "accent"),
    "rehearse": ("users", "accent"),
    "publish": ("cards", "ok"),
    "retire": ("ban", "mute"),
    "edition": ("versions", "accent"),
    "make-card": ("cards", "accent"),
    "feed-back": ("messages", "accent"),
    "reject": ("hand-stop", "mute"),
    "consult": ("messages", "accent"),
    "change": ("replace", "accent"),
    "assess": ("scale", "accent"),
    "notice": ("phone-call", "accent"),
    "extend": ("calendar", "warn"),
    "pause": ("clock", "mute"),
    "resume": ("refresh", "accent"),
    "dispatch": ("truck", "accent"),
    "deliver": ("package", "ok"),
    "chase": ("clock", "warn"),
    "follow-up": ("phone-call", "accent"),
    "action": ("clipboard-check", "accent"),
    "reopen": ("refresh", "warn"),
    "finish": ("check", "accent"),
    "check": ("search", "ok"),
    "attach": ("paperclip", "text2"),
    "attach-shows": ("paperclip", "text2"),
    "attach-void": ("ban", "mute"),
    "print": ("printer", "text2"),
    "reveal": ("eye", "text2"),
    "edit": ("pencil", "text2"),
    "grade": ("star", "accent"),
    "lose": ("minus", "bad"),
    "end": ("minus", "mute"),
    "merge": ("git-branch", "text2"),
    "unmerge": ("arrow-back-up", "text2"),
    "log-visit": ("map-pin", "text2"),
    "log-phone": ("phone-call", "text2"),
    "log-letter": ("file-text", "text2"),
    "log-gift": ("gift", "text2"),
    "log-survey": ("clipboard-check", "text2"),
    "log-market": ("bulb", "text2"),
    "complaint": ("message-report", "accent"),
    "objection": ("message-exclamation", "accent"),
}


def entries(session: Session, events: Sequence[Event], *, with_numbers: bool) -> list[Entry]:
    """Newest first, under a heading per month where they come from several."""
    now = session.now()
    months = [_month(event.at.astimezone(now.tzinfo)) for event in events]
    several = len(set(months)) > 1
    return [_entry(event, now, with_numbers, month if several else "") for event, month in zip(events, months, strict=True)]


def _entry(event: Event, now: datetime, with_numbers: bool, heading: str) -> Entry:
    icon, tone = _FACES.get(event.action, ("note", "text2"))
    own = with_numbers and event.kind in ("complaint", "objection", "agreement")
    title = f"{event.title} {event.number}" if own else event.title
    pills: tuple[tuple[str, Face], ...] = ()
    if own:
        listing = listing_of(event.kind)
        pills = ((formats.label(listing.field("status"), event.status), face("status", event.status)),)
    when = event.at.astimezone(now.tzinfo)
    note = f"{event.who}   {formats.near(when.date() if event.day else when, now)}"
    return Entry(icon, title, note, event.text, event.number if own else "", heading, tone, pills)


def _month(local: datetime) -> str:
    return (
        f"{local.year}年{local.month}月"
        if chosen() == "zh_CN"
        else _("{month} {year}").format(month=f"{local:%B}", year=local.year)
    )
