"""Whose turn it is, in words: what is waited for, who holds it since when, until when."""

from __future__ import annotations

from app.core import formats
from app.core.language import N_, _
from app.core.session import Session
from app.models import gaps, history
from app.models.complaints import Complaint
from app.models.objections import Objection
from app.models.record import Record, moment_of
from app.services import timeline
from app.services.cases import Case
from app.views.bench_lines import since

_WAITS = {
    "card": {
        "collected": N_("Now: discuss it together"),
        "discussed": N_("Now: rehearse it"),
        "rehearsed": N_("Now: to be published"),
        "published": N_("In use"),
        "retired": N_("Retired"),
    },
    "evidence": {"active": N_("In the library")},
    "dispatch": {"accepted": N_("Now: deliver"), "done": N_("Delivered")},
    "action": {"open": N_("Now: carry the measures out"), "done": N_("Now: check the effect"), "effective": N_("Effective")},
}

_CLOSED = ("closed", "rejected", "escalated")
_CLOSING = ("close", "reject", "escalate")


def headline(case: Case) -> str:
    """What is waited for, in a few words."""
    words = {
        "draft": _("Now: to be signed"),
        "registered": _("Now: somebody has to accept it"),
        "accepted": _("Now: enquire"),
        "investigating": _("Now: find the cause and propose"),
        "proposed": _("Now: waits for approval"),
        "approved": _("Now: reply to the customer"),
        "replied": _("Now: agreement"),
        "agreed": _("Now: dispatch what was promised"),
        "executing": _("Now: what was promised is delivered"),
        "following_up": _("Now: ask whether the customer is satisfied"),
        "issued": _("Now: the department has to accept it"),
        "open": _("Now: solve it or promise a reply"),
        "promised": _("Now: a reply is owed"),
    }
    ended = {
        "closed": _("Closed"),
        "voided": _("Void"),
        "escalated": _("Became a complaint"),
        "rejected": _("Not accepted"),
    }
    status = str(case.record.status)
    if case.record.KIND in _WAITS and status in _WAITS[case.record.KIND]:
        return _(_WAITS[case.record.KIND][status])
    if status == "agreed" and not case.course.promised:
        return words["following_up"]
    if status == "following_up" and isinstance(case.record, Complaint) and gaps.satisfied(case.record):
        return _("Now: close it")
    if status == "replied" and case.record.KIND == "objection":
        return _("Now: can be closed")
    return words.get(status) or ended.get(status, status)


def holder(session: Session, record: Record) -> str:
    """Who holds it since when; of what is closed, when that was, and by whom where it was closed here."""
    if record.status in _CLOSED and isinstance(record, Complaint | Objection):
        return _closed(session, record)
    step = timeline.last_step(session, record)
    if step is None:
        return ""
    who = getattr(record, "handler", None) or getattr(record, "accepted_by", None) or step.who
    if record.void_reason:
        return _("{person}: {reason}").format(person=step.who, reason=record.void_reason)
    return _("{person}, for {span}").format(person=who, span=since(session.clock() - step.at))


def _closed(session: Session, record: Record) -> str:
    closed = moment_of(session, record, "closed_at")
    when = formats.near(closed, session.now()) if closed is not None else ""
    who = next((one.who for one in reversed(history.of(record.KIND, record.id)) if one.action in _CLOSING), "")
    return _("{person}, {when}").format(person=who, when=when) if who and when else when or who


def deadline(session: Session, record: Record) -> str:
    if not isinstance(record, Complaint | Objection):
        return ""
    promised = moment_of(session, record, "promised_at")
    if promised is None or record.replied_at is not None or record.closed_at is not None:
        return ""
    return _("Reply promised: {when}").format(when=formats.near(promised, session.now()))
