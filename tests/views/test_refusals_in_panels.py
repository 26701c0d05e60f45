"""All that the answers to a step can be refused for, typed into its panel: said where it is wrong, nothing lost, nothing done.

What a field declares is walked through, so that a new step or field is covered by itself. What only a step knows stands in `OWN`,
which is held against the code: a refusal that is written there and met by nobody fails the test.
"""

from __future__ import annotations

import ast
import inspect
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core import fields
from app.core.errors import ValidationError
from app.core.fields import Field, Kind
from app.core.session import Session
from app.models import (
    actions,
    agreement_steps,
    card_steps,
    complaint_execution,
    complaint_intake,
    complaint_solution,
    complaint_steps,  # noqa: F401 - it enters the steps of complaints
    customer_steps,
    dispatch_steps,
    objection_steps,
    proposals,
)
from app.models.steps import STEPPED, Step, option, steps_of
from app.views.step_panel import StepPanel
from app.views.window import Window
from tests.make import Make
from tests.models import stands
from tests.views.panels import act, everything, open_panel, said, type_into, typed
from tests.views.stage import CONTROL, Key, Told, key, settle

STATES = {
    "agreement": stands.AGREEMENT_STATES,
    "dispatch": stands.DISPATCH_STATES,
    "action": stands.ACTION_STATES,
    "objection": stands.OBJECTION_STATES,
    "card": stands.CARD_STATES,
    "evidence": stands.EVIDENCE_STATES,
}
ASKING = [
    pytest.param(kind, step, id=f"{kind}-{step.code}")
    for kind in STEPPED
    for step in steps_of(kind)
    if (step.fields or step.parts) and step.code != "log"
]


def ready(make: Make, kind: str, step: Step) -> Any:
    """A record at which the step is possible."""
    if kind == "complaint":
        return stands.ready_for(make, step.code)
    if kind == "customer":
        customer = make.customer()
        return make.steps(customer, ("lose", {"lost_reason": "换了供货商"})) if step.code == "return" else customer
    for state in STATES[kind]:
        record = stands.IN_STATE[kind](make, state)
        if option(make.session, record, step).possible:
            return record
    raise AssertionError(f"{kind} {step.code} is possible nowhere")


def wrong(one: Field) -> list[str]:
    """Texts that the field refuses, the emptiness of a required one first."""
    found = [""] if one.required else []
    if one.kind in (Kind.DATE, Kind.MOMENT):
        found += ["那天", "1899-12-31", "2201-01-01"] + (["明天"] if one.happened else [])
    elif one.kind is Kind.INTEGER:
        found += ["几个", "1.5"]
        found += [f"{one.minimum - 1}"] if one.minimum is not None else []
        found += [f"{one.maximum + 1}"] if one.maximum is not None else []
    elif one.kind in (Kind.QUANTITY, Kind.MONEY):
        found += ["很多", "-1", "1.23456"]
    elif one.kind is Kind.MEMO:
        found.append("长" * (fields.MEMO_LENGTH + 1))
    elif one.kind in (Kind.TEXT, Kind.PHONE, Kind.CODE):
        found.append("长" * (one.max_length + 1))
    elif one.kind is Kind.FILE:
        found.append("/没有/这个/文件.pdf")
    elif one.kind is Kind.RECORD:
        found.append("没有的编号")
    return found


def sentence(session: Session, one: Field, text: str) -> str:
    """What the model says of it; empty where only the step itself will."""
    try:
        fields.clean((one,), {one.code: text}, session.now())
    except ValidationError as error:
        return error.errors[one.code].removeprefix(f"{one.label}: ")
    return ""


def columns(step: Step) -> Iterator[tuple[str, Field]]:
    """All that is typed into: plain fields, and the columns of tables as `part.column`."""
    yield from ((one.code, one) for one in step.fields)
    for part, declared in step.parts.items():
        yield from ((f"{part}.{one.code}", one) for one in declared)


@pytest.mark.parametrize(("kind", "step"), ASKING)
def test_what_a_field_refuses_is_said_at_it(kind: str, step: Step, later: Callable[[], Window], make: Make, told: Told) -> None:
    record = ready(make, kind, step)
    window = later()
    asked = list(columns(step))
    for turn in range(max(len(wrong(one)) for _code, one in asked)):
        _refused_all(
            window, make, told, record, step, [(code, one, wrong(one)[turn]) for code, one in asked if turn < len(wrong(one))]
        )


def _refused_all(window: Window, make: Make, told: Told, record: Any, step: Step, texts: list[tuple[str, Field, str]]) -> None:
    before = everything(make, record)
    panel = open_panel(window, record, step)
    for code, _one, text in texts:
        type_into(panel, code, text)
    left = typed(panel)
    act(panel)
    expected = {code: sentence(make.session, one, text) for code, one, text in texts}
    shown = [code for code in expected if expected[code]]
    for code in shown:
        assert expected[code] in said(panel, code), (code, said(panel, code))
    if shown or not step.danger:
        assert everything(make, record) == before, texts
        assert typed(panel) == left
    if panel.isVisible():
        if panel.unsaved():
            told.answer("discard")
        panel.cancel()
        window.activateWindow()
        QApplication.processEvents()


def test_what_is_typed_into_a_step_is_neither_left_nor_read_away(window: Window, make: Make, told: Told, qtbot: QtBot) -> None:
    record = make.complaint()
    step = next(one for one in steps_of("complaint") if one.code == "void")
    panel = open_panel(window, record, step)
    type_into(panel, "reason", "重复登记")
    make.steps(make.objection(customer=record.customer.number), ("promise", {"promised_at": "2026-11-24"}))
    window.page.refresh()  # something else of this page changed
    assert typed(panel)["reason"] == "重复登记"
    told.answer("")  # stay
    key(Key.Key_1, CONTROL)
    assert window.page.findChild(StepPanel) is panel
    assert "What was typed" in told.dialogs.pop()
    window.activateWindow()
    settle(qtbot)
    told.answer("discard")
    key(Key.Key_1, CONTROL)
    assert window.page.findChild(StepPanel) is None


class Own(NamedTuple):
    """A refusal that a step knows by itself: the function that raises it, a record at which it can be met, and what is typed."""

    where: str
    step: str
    record: Callable[[Make], Any]
    typed: dict[str, str]
    sentence: str
    field: str = ""


def _clerkless(make: Make, record: Any) -> Any:
    """From here on a manager acts, in a branch that has others."""
    make.session.open, make.session.roles = False, frozenset({"manager", "handler"})
    return record


def _product(make: Make, **values: Any) -> Any:
    record = stands.complaint_in(
        make, "agreed", product_lines=[{"product": make.product().number}], **{"class": "product"}, **values
    )
    return record


def _declined(make: Make) -> Any:
    answers = {"long_standing": False, "buys_again": False, "word_of_mouth": False, "unreasonable": True, "our_fault": 0}
    return make.steps(stands.complaint_in(make, "investigating"), ("assess", answers | {"band": "decline", "reason": "不合理"}))


def _partly(make: Make) -> Any:
    order = stands.dispatch_in(make, "accepted")
    return make.steps(order, ("deliver", {"lines": [{"line": 1, "quantity": "100"}]}))


def _came(make: Make) -> Any:
    return make.customer(customer_since="2026-11-01")


def _signing(make: Make) -> Any:
    return stands.agreement_in(make, "released")


def _replied(make: Make) -> Any:
    return stands.complaint_in(make, "replied")


_NOTHING = dict.fromkeys(("long_standing", "buys_again", "word_of_mouth", "unreasonable"), "false")
OWN = (
    Own("complaint_intake.demand_product_facts", "hand-over",
        lambda make: make.steps(make.complaint(**{"class": "product"}), "sign"), {"handed_to": "maker"}, "only with product"),
    Own("complaint_intake._accept", "accept", lambda make: stands.complaint_in(make, "registered"), {"promised_at": ""},
        "Not answered at once", "promised_at"),
    Own("complaints.demand_order", "accept", lambda make: stands.complaint_in(make, "registered"), {"promised_at": "2026-11-01"},
        "cannot lie before", "promised_at"),
    Own("complaint_intake._escalate", "escalate", lambda make: stands.complaint_in(make, "accepted"),
        {"to": "head", "note": "处理不了"}, "The manager comes before"),
    Own("complaint_intake._extend", "extend", lambda make: stands.complaint_in(make, "accepted"),
        {"until": "2026-11-24 09:00", "reason": "等检测"}, "lies after the present one", "until"),
    Own("complaint_solution._assess", "assess", lambda make: stands.complaint_in(make, "investigating"),
        _NOTHING | {"our_fault": "0", "band": "generous"}, "needs a reason", "reason"),
    Own("complaint_solution._demand_ground", "propose", lambda make: stands.complaint_in(make, "investigating"),
        {"text": "赔", "lines.remedy": "money", "lines.amount": "300"}, "needs a judgement first"),
    Own("complaint_solution._demand_ground", "propose", _declined,
        {"text": "退", "lines.remedy": "refund", "lines.amount": "300"}, "The assessment says decline"),
    Own("proposals.complete_lines", "propose", lambda make: stands.complaint_in(make, "investigating"),
        {"text": "道歉", "lines.remedy": "apology", "lines.amount": "300"}, "A moral remedy costs nothing", "lines.amount"),
    Own("complaint_solution._right_to_decide", "approve", lambda make: _clerkless(make, make.proposed("6000.00")),
        {"opinion": "同意"}, "above your limit"),
    Own("complaint_solution._approve", "approve", Make.proposed, {"way": "on_paper"}, "write who signed", "paper_approver"),
    Own("complaint_solution._approve", "approve", lambda make: _clerkless(make, make.proposed()), {"opinion": "同意"},
        "Nobody approves their own"),
    Own("attachments.attach_scan", "approve", Make.proposed, {"scan": "/没有/这个.pdf"}, "There is no file", "scan"),
    Own("complaint_solution._demand_to_deliver", "promise", lambda make: stands.complaint_in(make, "accepted"),
        {"promised_at": "明天", "subject": "delivery"}, "only once the proposal is approved"),
    Own("complaint_solution._demand_to_deliver", "promise", lambda make: stands.complaint_in(make, "following_up"),
        {"promised_at": "明天", "subject": "delivery"}, "Nothing is left to deliver", "subject"),
    Own("complaint_execution._demand_right_address", "dispatch", lambda make: stands.complaint_in(make, "agreed"),
        {"lines+.description": "多送一条", "lines+.department": "warehouse"}, "Say which of the promised lines"),
    Own("complaint_execution._meant", "dispatch", lambda make: stands.complaint_in(make, "agreed"), {"lines.place": "9"},
        "There are 1 lines to dispatch", "lines.place"),
    Own("complaint_execution._demand_right_address", "dispatch", lambda make: stands.complaint_in(make, "agreed", swapped=True),
        {"lines+.description": "移送", "lines+.department": "monopoly"}, "verified facts first"),
    Own("complaint_execution._demand_no_more", "dispatch", lambda make: stands.complaint_in(make, "agreed"),
        {"lines.quantity": "9999"}, "would be dispatched"),
    Own("complaint_execution._follow_up", "follow-up", lambda make: stands.complaint_in(make, "following_up"),
        {"result_score": ""}, "Say how satisfied", "result_score"),
    Own("objection_steps._close", "close", lambda make: make.objection(), {"solved_on_spot": "false"}, "not solved on the spot"),
    Own("dispatch_steps._deliver", "deliver", lambda make: stands.dispatch_in(make, "accepted"), {"lines.quantity": "0"},
        "Nothing is left to deliver"),
    Own("dispatch_steps._demand_order", "deliver", lambda make: stands.dispatch_in(make, "accepted"), {"at": "2026-11-01"},
        "cannot lie before", "at"),
    Own("dispatch_steps._delivered", "deliver", lambda make: stands.dispatch_in(make, "accepted"), {"lines.line": "9"},
        "The order has 1 lines", "lines.line"),
    Own("dispatch_steps._delivered", "deliver", lambda make: stands.dispatch_in(make, "accepted"), {"lines.quantity": "9999"},
        "are still owed"),
    Own("dispatch_steps._void", "void", _partly, {"reason": "重开"}, "was delivered already"),
    Own("customer_steps._grade", "grade", lambda make: make.customer(tier="key"), {"reason": "复核"}, "Nothing changes", "tier"),
    Own("customer_steps._demand_after", "lose", _came, {"lost_reason": "改行", "lost_on": "2026-10-01"},
        "cannot lie before", "lost_on"),
    Own("agreement_steps._sign", "sign-agreement", _signing, {"signed_by": "周建国", "signed_on": "2026-11-01"},
        "before the complaint was received", "signed_on"),
)  # fmt: skip
ELSEWHERE = {
    "objection_steps.register": "the form of the objection, whose mistakes stand at its fields",
    "customer_steps._log": "the panel of the contact log, whose tests meet it",
    "agreement_steps._draw_up": "locked once the agreement is signed",
    "actions.begin": "the check is planned thirty days after what was typed",
}
MODULES = (
    complaint_intake, complaint_solution, complaint_execution, objection_steps, dispatch_steps, card_steps, customer_steps,
    agreement_steps, actions, proposals,
)  # fmt: skip
_REFUSALS = {"ValidationError", "RuleBroken", "NotPermitted", "UserError"}


def raised() -> Counter[str]:
    """The functions of the modules of steps that refuse, and in how many places."""
    found: Counter[str] = Counter()
    for module in MODULES:
        for function in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(function, ast.FunctionDef):
                calls = [one.exc for one in ast.walk(function) if isinstance(one, ast.Raise) and isinstance(one.exc, ast.Call)]
                refusals = [one for one in calls if isinstance(one.func, ast.Name) and one.func.id in _REFUSALS]
                found[f"{module.__name__.rpartition('.')[2]}.{function.name}"] += len(refusals)
    return +found


def test_every_refusal_in_the_code_is_met_in_a_panel_or_known_to_be_elsewhere() -> None:
    met = Counter(one.where for one in OWN)
    missing = {where: count for where, count in raised().items() if met[where] < count and where not in ELSEWHERE}
    assert not missing
    assert set(ELSEWHERE) <= set(raised())


@pytest.mark.parametrize("own", OWN, ids=lambda own: f"{own.where}-{own.step}")
def test_what_only_the_step_knows_is_said_and_nothing_is_done(own: Own, later: Callable[[], Window], make: Make) -> None:
    record = own.record(make)
    window = later()
    step = next(one for one in steps_of(record.KIND) if one.code == own.step)
    before = everything(make, record)
    panel = open_panel(window, record, step)
    for code, text in own.typed.items():
        type_into(panel, code, text)
    left = typed(panel)
    act(panel)
    shown = said(panel, own.field)
    assert shown, "nothing is said"
    assert own.sentence in shown
    assert everything(make, record) == before
    assert typed(panel) == left
