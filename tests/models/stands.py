"""Complaints and objections in each of their states, and what each step is given; shared by the tests of steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from app.models import agreements, dispatches
from app.models.actions import Action
from app.models.history import History
from app.models.record import Record, add, values_of
from app.models.steps import steps_of
from tests.make import Make

ASKED: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "complaint": {
        "hand-over": {"handed_to": "warehouse"},
        "accept": {"promised_at": "2026-11-24", "told_by": "phone"},
        "investigate": {"findings": "属实"},
        "propose": {
            "text": "更换并补偿",
            "lines": [{"remedy": "refund", "amount": "300"}],
        },
        "return": {"reason": "金额偏高"},
        "reply": {"reply_text": "明天上门更换"},
        "promise": {"promised_at": "2026-11-25 17:00"},
        "waive": {"reason": "客户不要"},
        "reject": {"reason": "不是我公司售出", "turn_to": "12315"},
        "consult": {"with_whom": "刘洋", "opinion": "按批号先隔离"},
        "change": {"what": "person", "to": "换刘洋接待"},
        "assess": {
            "long_standing": True,
            "buys_again": True,
            "word_of_mouth": False,
            "unreasonable": False,
            "our_fault": 60,
        },
        "notice": {"step": "accept", "way": "phone", "text": "已受理，明天答复"},
        "escalate": {"to": "manager", "note": "超出权限"},
        "extend": {"until": "2027-01-08 18:00", "reason": "等厂家检测"},
        "pause": {"reason": "等客户寄回样品"},
        "dispatch": {"told_by": "phone"},
        "follow-up": {"result_score": 5, "process_score": 4, "way": "phone"},
        "action": {"root_cause": "入库验收漏检"},
        "reopen": {"reason": "客户又来电"},
        "void": {"reason": "重复登记"},
    },
    "dispatch": {"void": {"reason": "重开"}},
    "action": {
        "finish": {"done_note": "已加验收"},
        "check": {"effective": True, "check_note": "再无同类"},
        "void": {"reason": "并入另一件"},
    },
    "objection": {
        "promise": {"promised_at": "2026-11-24"},
        "close": {"solved_on_spot": True},
        "feed-back": {"fed_back_to": "市场部"},
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
_AGREED = (*_INVESTIGATING, "propose", "approve", "reply", "waive")
_ROADS: Mapping[str, tuple[str, ...]] = {
    "draft": (),
    "registered": ("sign",),
    "accepted": ("sign", "accept"),
    "investigating": _INVESTIGATING,
    "proposed": (*_INVESTIGATING, "propose"),
    "approved": (*_INVESTIGATING, "propose", "approve"),
    "replied": (*_INVESTIGATING, "propose", "approve", "reply"),
    "agreed": _AGREED,
    "executing": (*_AGREED, "dispatch"),
    "following_up": (*_AGREED, "dispatch", "delivered"),
    "closed": (*_AGREED, "dispatch", "delivered", "follow-up", "close"),
    "rejected": ("sign", "reject"),
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
DISPATCH_STATES = ("issued", "accepted", "done", "voided")
ACTION_STATES = ("open", "done", "effective", "voided")


def _asked(kind: str, steps: tuple[str, ...]) -> list[tuple[str, Mapping[str, Any]]]:
    return [(step, ASKED[kind].get(step, {})) for step in steps]


def complaint_in(make: Make, state: str, **values: Any) -> Any:
    """A complaint that went the usual way to a state."""
    record = make.complaint(**values)
    for step, asked in _asked("complaint", _ROADS[state]):
        record = delivered(make, record) if step == "delivered" else make.steps(record, (step, asked))
    return record


def ready_for(make: Make, step: str) -> Any:
    """A complaint at which a step is possible, in the first state that allows it."""
    if step == "close":
        return make.steps(complaint_in(make, "following_up"), *_asked("complaint", ("follow-up",)))
    if step == "resume":
        return make.steps(complaint_in(make, "accepted"), *_asked("complaint", ("pause",)))
    if step == "follow-up":
        return complaint_in(make, "following_up")
    if step == "accept":
        return complaint_in(make, "registered")
    return complaint_in(make, next(one for one in steps_of("complaint") if one.code == step).starts[0])


def delivered(make: Make, record: Any) -> Any:
    """The case after everything that is under way reached the customer."""
    for order in dispatches.open_of(record):
        make.steps(order, *(() if order.status == "accepted" else ("accept",)), ("deliver", {"proof": "签收单"}))
    return make.again(record)


def dispatch_in(make: Make, state: str) -> Any:
    """A dispatch order in a state, of a complaint with money to pay."""
    order = dispatches.of_case(complaint_in(make, "executing"))[0]
    road = {"issued": (), "accepted": ("accept",), "done": ("accept", "deliver"), "voided": ("void",)}[state]
    return make.steps(order, *_asked("dispatch", road))


def action_in(make: Make, state: str) -> Any:
    """A corrective action in a state."""
    complaint = complaint_in(make, "investigating")
    values = {"complaint": complaint.number, "root_cause": "入库验收漏检", "lasting": "逐批抽检", "department": "warehouse"}
    road = {"open": (), "done": ("finish",), "effective": ("finish", "check"), "voided": ("void",)}[state]
    return make.steps(add(make.session, Action, values), *_asked("action", road))


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
    "dispatch": dispatch_in,
    "action": action_in,
    "card": card_in,
    "evidence": evidence_in,
}


def whole(make: Make, record: Record) -> tuple[Any, ...]:
    """All that a refused step must leave as it was."""
    present = type(record).get_by_id(record.id)
    return (present.__data__, values_of(make.session, present), History.select().count())


def tomorrow(make: Make) -> Any:
    return make.session.clock() + timedelta(days=1)
