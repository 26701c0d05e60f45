"""One text through the whole way of a complaint: every step, its agreements, orders, promises and corrective actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.models import actions, agreements, dispatches
from app.models.actions import Action
from app.models.agreements import Agreement, AgreementLine
from app.models.complaints import Complaint
from app.models.dispatches import Dispatch
from app.models.promises import Promise
from app.models.record import Record, add, typed_fields
from app.models.steps import step_of
from tests.naughty.hand import BEFORE, DAY, LATER, Hand
from tests.naughty.pen import is_text

_REMEDY = {"remedy": "refund", "quantity": "2", "unit_price": "150", "amount": "300"}
_ORDERED = {"place": 1, "quantity": "100", "department": "warehouse"}
_ANSWERS = {"long_standing": True, "buys_again": True, "word_of_mouth": False, "unreasonable": False, "our_fault": 60}


def complaints(hand: Hand, customer: Any, product: Any) -> dict[str, Any]:
    """The records by their part in the walk."""
    given = {"customer": customer.number, "received_at": hand.hour}
    record = hand.add(Complaint, given, _lines(hand, product))
    record = _enquired(hand, record)
    hand.attach(record)
    record, *editions = _agreed(hand, record)
    record, *orders = _delivered(hand, record)
    record, *measures = _improved(hand, record)
    record = hand.step(record, "close")
    promise = Promise.fetch("t.branch_id = ? AND t.[case] = ? ORDER BY t.id LIMIT 1", hand.session.branch.id, record.number)
    names = ("first agreement", "agreement", "void dispatch", "dispatch", "void action", "action")
    found = dict(zip(names, (*editions, *orders, *measures), strict=True))
    return found | {"complaint": record, "promise": promise[0]} | _ended(hand, given | {"description": "另一件"})


def _lines(hand: Hand, product: Any) -> dict[str, Mapping[str, Any]]:
    return {
        "product_lines": {"product": product.number, "produced_on": BEFORE, "quantity": "50", "defective_quantity": "6"},
        "loss_lines": {"item": "parking", "amount": "29.50"},
        "enquiries": {"at": hand.hour},
    }


def _enquired(hand: Hand, record: Any) -> Any:
    """From the signature to the decision, with all that stands beside the way."""
    record = hand.step(record, "sign")
    record = hand.step(record, "hand-over", handed_to="warehouse")
    record = hand.step(record, "accept", promised_at=DAY)
    record = hand.step(record, "consult")
    record = hand.step(record, "change", what="person")
    record = hand.step(record, "notice", step="other")
    record = hand.step(record, "escalate", to="manager")
    record = hand.step(record, "extend", until=LATER)
    record = hand.step(hand.step(record, "pause"), "resume")
    record = hand.step(record, "promise", promised_at=DAY)
    record = hand.step(record, "investigate", at=hand.hour)
    record = hand.step(record, "assess", band="normal", **_ANSWERS)
    record = hand.plainly(record, ("propose", {"text": "先前的", "lines": [_REMEDY]}))
    record = hand.step(record, "return")
    record = hand.step(record, "propose", {"lines": _REMEDY})
    return hand.step(record, "approve", way="on_paper")


def _agreed(hand: Hand, record: Any) -> tuple[Any, Any, Any]:
    """Drawn up and void, drawn up again and edited, replaced by one with the branch's clauses, released and signed."""
    record = hand.step(record, "agreement", deadline=DAY)
    line = {"remedy": "money", "amount": "300"}
    draft = hand.edited(_current(hand, record), {"lines": [line]})
    first = hand.step(hand.edit("agreement", draft, (), {"lines": (AgreementLine.FIELDS, line)}), "void")
    plain = hand.plain_texts(step_of(record, "agreement").fields) | {"deadline": DAY}
    record = hand.plainly(record, ("agreement", plain))
    hand.edit("agreement", _current(hand, record), typed_fields(Agreement))
    record = hand.plainly(record, ("agreement", plain | {"clauses": None}))
    second = hand.step(_current(hand, record), "release")
    record = hand.step(record, "reply")
    return record, first, hand.step(second, "sign-agreement")


def _current(hand: Hand, record: Any) -> Agreement:
    found = agreements.current(hand.session, Complaint.get_by_id(record.id))
    assert found is not None
    return found


def _delivered(hand: Hand, record: Any) -> tuple[Any, Any, Any]:
    """The first half is void, the whole goes out, arrives and is asked about."""
    record = hand.step(record, "dispatch", {"lines": _ORDERED}, due=DAY)
    void = hand.step(hand.step(dispatches.of_case(record)[-1], "chase"), "void")
    record = hand.step(record, "dispatch", {"lines": _ORDERED | {"quantity": "300"}}, due=DAY)
    order = dispatches.of_case(record)[-1]
    order = hand.edit("dispatch", hand.edited(order, {"note": "原先的"}), (Dispatch.field("note"),))
    order = hand.step(hand.step(order, "accept"), "deliver", {"lines": {"line": 1, "quantity": "300"}})
    record = hand.step(record, "follow-up", result_score=5, process_score=5, at=hand.session.clock())
    return record, void, order


def _improved(hand: Hand, record: Any) -> tuple[Any, Any, Any]:
    """A measure that is void; another one taken, done, checked and published."""
    record = hand.plainly(record, ("action", {"root_cause": "重复登记", "lasting": "撤销"}))
    void = hand.step(_action(hand, record), "void")
    record = hand.step(record, "action", due=LATER, department="warehouse")
    action = hand.edited(_action(hand, record), hand.plain_texts(typed_fields(Action)))
    action = hand.edit("action", action, tuple(one for one in typed_fields(Action) if is_text(one)))
    action = hand.step(hand.step(action, "finish"), "check", effective=True)
    return record, void, hand.step(action, "publish")


def _action(hand: Hand, record: Any) -> Any:
    return actions.of_cases(hand.session, [record.number])[-1]


def _ended(hand: Hand, plain: Mapping[str, Any]) -> dict[str, Any]:
    """Complaints that end otherwise: void, rejected, waived, closed with something missing, opened again."""
    signed = hand.plainly(add(hand.session, Complaint, plain), ("sign", {}))
    _refer(hand, signed)
    road: tuple[tuple[str, Mapping[str, Any]], ...] = (
        ("sign", {}),
        ("accept", {"promised_at": DAY, "handler": "李卫东"}),
        ("investigate", {"findings": "属实"}),
        ("propose", {"text": "致歉", "lines": [{"remedy": "apology"}]}),
        ("reply", {"reply_text": "已致歉"}),
    )
    waived = hand.step(hand.plainly(add(hand.session, Complaint, plain), *road), "waive")
    waived = hand.step(waived, "dispatch", {"lines": _ORDERED | {"quantity": "1"}}, due=DAY)
    rejected = hand.plainly(add(hand.session, Complaint, plain), ("sign", {}))
    again = hand.plainly(add(hand.session, Complaint, plain), *road[:2])
    again = hand.step(again, "close", **dict.fromkeys(("result", "summary", "lesson")))
    return {
        "open dispatch": dispatches.of_case(waived)[-1],
        "void complaint": hand.step(signed, "void"),
        "rejected complaint": hand.step(rejected, "reject"),
        "waived complaint": waived,
        "reopened complaint": hand.step(again, "reopen"),
    }


def _refer(hand: Hand, record: Record) -> None:
    """Numbers of other records."""
    ways: dict[str, Callable[[str], Any]] = {"customer": lambda text: text, "product_lines": lambda text: [{"product": text}]}
    for code, way in ways.items():
        declared = Complaint.field("customer" if code == "customer" else "product")
        hand.pen.offer("complaint", declared, lambda text, code=code, way=way: hand.edited(record, {code: way(text)}))
