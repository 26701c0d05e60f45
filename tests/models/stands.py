"""Complaints and objections in each of their states, and what each step is given; shared by the tests of steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from app.models import agreements
from app.models.history import History
from app.models.record import Record, values_of
from tests.make import Make

ASKED: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "complaint": {
        "hand-over": {"handed_to": "warehouse"},
        "accept": {"promised_at": "2026-11-24"},
        "investigate": {"findings": "属实"},
        "propose": {"text": "更换并补偿", "lines": [{"remedy": "money", "amount": "300"}]},
        "return": {"reason": "金额偏高"},
        "reply": {"reply_text": "明天上门更换"},
        "promise": {"promised_at": "2026-11-25 17:00"},
        "waive": {"reason": "客户不要"},
        "void": {"reason": "重复登记"},
    },
    "objection": {
        "promise": {"promised_at": "2026-11-24"},
        "close": {"solved_on_spot": True},
        "void": {"reason": "重复登记"},
    },
    "card": {
        "discuss": {"text": "先认同，再讲排序"},
        "rehearse": {"note": "说得太快"},
        "retire": {"reason": "办法变了"},
        "void": {"reason": "重复"},
    },
    "evidence": {"void": {"reason": "重复"}},
    "agreement": {"sign-agreement": {"signed_by": "陈老板"}, "void": {"reason": "重拟"}},
}
"""What a step asks at least, where it asks anything."""

_INVESTIGATING = ("sign", "accept", "investigate")
_ROADS: Mapping[str, tuple[str, ...]] = {
    "draft": (),
    "registered": ("sign",),
    "accepted": ("sign", "accept"),
    "investigating": _INVESTIGATING,
    "proposed": (*_INVESTIGATING, "propose"),
    "approved": (*_INVESTIGATING, "propose", "approve"),
    "replied": (*_INVESTIGATING, "propose", "approve", "reply"),
    "agreed": (*_INVESTIGATING, "propose", "approve", "reply", "waive"),
    "closed": (*_INVESTIGATING, "propose", "approve", "reply", "waive", "close"),
    "voided": ("sign", "void"),
}
_OBJECTIONS: Mapping[str, tuple[str, ...]] = {
    "open": (),
    "promised": ("promise",),
    "replied": ("promise", "reply"),
    "closed": ("close",),
    "escalated": ("escalate",),
    "voided": ("void",),
}
COMPLAINT_STATES = tuple(_ROADS)
OBJECTION_STATES = tuple(_OBJECTIONS)
CARD_STATES = ("collected", "discussed", "rehearsed", "published", "retired", "voided")
EVIDENCE_STATES = ("active", "voided")
AGREEMENT_STATES = ("draft", "released", "signed", "voided")


def _asked(kind: str, steps: tuple[str, ...]) -> list[tuple[str, Mapping[str, Any]]]:
    return [(step, ASKED[kind].get(step, {})) for step in steps]


def complaint_in(make: Make, state: str, **values: Any) -> Any:
    """A complaint that went the usual way to a state."""
    return make.steps(make.complaint(**values), *_asked("complaint", _ROADS[state]))


def objection_in(make: Make, state: str, **values: Any) -> Any:
    """An objection that went the usual way to a state."""
    return make.steps(make.objection(**values), *_asked("objection", _OBJECTIONS[state]))


def agreement_in(make: Make, state: str) -> Any:
    """An agreement in a state, of a complaint whose reply was given."""
    complaint = make.steps(complaint_in(make, "replied"), "agreement")
    agreement = agreements.current(make.session, complaint)
    assert agreement is not None
    road = {"draft": (), "released": ("release",), "signed": ("release", "sign-agreement"), "voided": ("void",)}[state]
    return make.steps(agreement, *_asked("agreement", road))


def card_in(make: Make, state: str) -> Any:
    """A card in a state."""
    return make.card(state)


def evidence_in(make: Make, state: str) -> Any:
    """Evidence in force, or void."""
    return make.steps(make.evidence(), *([("void", {"reason": "重复"})] if state == "voided" else []))


IN_STATE: Mapping[str, Callable[..., Any]] = {
    "complaint": complaint_in,
    "objection": objection_in,
    "agreement": agreement_in,
    "card": card_in,
    "evidence": evidence_in,
}


def whole(make: Make, record: Record) -> tuple[Any, ...]:
    """All that a refused step must leave as it was."""
    present = type(record).get_by_id(record.id)
    return (present.__data__, values_of(make.session, present), History.select().count())


def tomorrow(make: Make) -> Any:
    return make.session.clock() + timedelta(days=1)
