"""The rules of delivering, following up, telling, escalating and improving: for each a case that breaks it and one that obeys."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.core.errors import RuleBroken, ValidationError
from app.models import actions, agreements, dispatches, gaps, promises, proposals, recurrence
from app.models.case_entries import band_of
from app.models.complaints import Complaint
from app.models.record import edit, parts_of
from app.models.steps import take
from tests.conftest import Clock
from tests.make import Make
from tests.models.stands import complaint_in, delivered, whole

GOODS = [{"remedy": "replace", "quantity": "6", "unit": "条", "unit_price": "230"}, {"remedy": "money", "amount": "45.50"}]


def refused(make: Make, rule: int, record: Any, step: str, asked: Mapping[str, object] | None = None) -> str:
    """The step is refused by that rule and leaves nothing changed; the sentence."""
    before = whole(make, record)
    with pytest.raises(RuleBroken) as caught:
        take(make.session, record, step, asked)
    assert caught.value.rule == rule, str(caught.value)
    assert whole(make, record) == before
    return str(caught.value)


def lacking(make: Make, record: Any) -> set[int]:
    """The rules that keep a case from being closed."""
    return {one.rule for one in gaps.before_closing(make.session, record)}


def signed(make: Make, lines: list[dict[str, Any]] | None = None) -> Any:
    """A complaint whose agreement the customer has signed."""
    record = make.steps(
        complaint_in(make, "investigating"),
        ("propose", {"text": "更换并补偿", "lines": lines or GOODS, "valid": True, "cause": "product.quality"}),
        "approve",
        ("reply", {"reply_text": "明天送到"}),
        "agreement",
    )
    agreement = agreements.current(make.session, record)
    make.steps(agreement, "release", ("sign-agreement", {"signed_by": "周建国"}))
    return make.again(record)


def satisfied(make: Make, **more: Any) -> Any:
    """A case that lacks nothing, but for what `more` of the dispatch leaves out."""
    record = make.steps(signed(make), ("dispatch", {"told_by": "phone"} | more))
    return make.steps(delivered(make, record), ("follow-up", {"result_score": 5}))


# Rule 5: no dispatch before the customer's signature or a recorded waiver.


def test_nothing_is_dispatched_before_the_signature(make: Make) -> None:
    refused(make, 5, complaint_in(make, "replied"), "dispatch")


def test_what_was_signed_is_dispatched_to_each_department_to_the_unit(make: Make) -> None:
    record = make.steps(signed(make), ("dispatch", {"told_by": "phone"}))
    orders = {one.department: dispatches.lines_of(one)[0] for one in dispatches.of_case(record)}
    assert {department: (line.quantity, line.unit) for department, line in orders.items()} == {
        "warehouse": (6, "条"),
        "finance": (Decimal("45.50"), "元"),
    }
    assert record.status == "executing"
    assert [one.to_issue for one in dispatches.promised(make.session, record)] == [0, 0]


def test_a_waived_agreement_binds_by_the_proposal(make: Make) -> None:
    record = make.steps(complaint_in(make, "agreed"), ("dispatch", {}))
    assert [(one.remedy, one.quantity, one.unit) for one in dispatches.promised(make.session, record)] == [("refund", 300, "元")]


# Rule 6: promised = issued = delivered.


def test_no_more_is_dispatched_than_was_promised(make: Make) -> None:
    refused(make, 6, signed(make), "dispatch", {"lines": [{"place": 1, "quantity": "7"}]})
    refused(make, 6, signed(make), "dispatch", {"lines": [{"place": 1, "quantity": "4"}, {"place": 1, "quantity": "3"}]})


def test_what_one_order_left_out_the_next_one_takes(make: Make) -> None:
    record = make.steps(signed(make), ("dispatch", {"lines": [{"place": 1, "quantity": "4"}]}))
    assert [one.to_issue for one in dispatches.promised(make.session, record)] == [2, Decimal("45.50")]
    record = make.steps(record, "dispatch")
    assert [one.to_issue for one in dispatches.promised(make.session, record)] == [0, 0]


def test_no_more_is_delivered_than_was_ordered(make: Make) -> None:
    record = make.steps(signed(make), "dispatch")
    order = make.steps(dispatches.of_case(record)[0], "accept")
    refused(make, 6, order, "deliver", {"lines": [{"line": 1, "quantity": "6.001"}]})


def test_a_delivery_in_part_leaves_the_rest_owed_and_the_case_under_way(make: Make) -> None:
    record = make.steps(signed(make), ("dispatch", {"told_by": "phone"}))
    order = make.steps(dispatches.of_case(record)[0], "accept", ("deliver", {"lines": [{"line": 1, "quantity": "2.5"}]}))
    assert order.status == "accepted"
    assert [one.owed for one in dispatches.promised(make.session, record)] == [Decimal("3.5"), Decimal("45.50")]
    assert "3.5 条" in refused(make, 6, make.again(record), "follow-up", {"result_score": 5})
    assert delivered(make, make.again(record)).status == "following_up"


def test_with_the_last_delivery_a_follow_up_is_planned_and_promised(make: Make) -> None:
    record = delivered(make, make.steps(signed(make), "dispatch"))
    assert record.follow_up_at == date(2026, 11, 26)  # three working days after Monday
    assert [one.subject for one in promises.owed(make.session, record)] == ["follow_up"]


def test_a_void_order_gives_back_what_it_was_to_deliver(make: Make) -> None:
    record = make.steps(signed(make), "dispatch")
    make.steps(dispatches.of_case(record)[0], ("void", {"reason": "开错部门"}))
    assert [one.to_issue for one in dispatches.promised(make.session, record)] == [6, 0]


def test_an_order_of_which_something_was_delivered_is_not_void(make: Make) -> None:
    record = make.steps(signed(make), "dispatch")
    order = make.steps(dispatches.of_case(record)[0], "accept", ("deliver", {"lines": [{"line": 1, "quantity": "1"}]}))
    refused(make, 6, order, "void", {"reason": "开错"})


def test_a_case_without_gaps_is_closed(make: Make) -> None:
    record = satisfied(make)
    assert lacking(make, record) == set()
    closed = make.steps(record, ("close", {"result": "已兑现"}))
    assert (closed.status, closed.satisfaction, closed.closed_reason) == ("closed", 5, None)


@pytest.mark.parametrize("state", ["agreed", "executing", "following_up"])
def test_nothing_closes_with_a_gap(make: Make, state: str) -> None:
    refused(make, 6, complaint_in(make, state), "close")


@pytest.mark.parametrize("state", ["registered", "investigating", "replied", "executing", "following_up"])
def test_the_branch_head_closes_with_a_reason_and_it_is_counted(make: Make, state: str) -> None:
    record = make.steps(complaint_in(make, state), ("close", {"reason": "客户停业，联系不上"}))
    assert (record.status, record.closed_reason) == ("closed", "客户停业，联系不上")
    assert dispatches.open_of(record) == []
    assert promises.owed(make.session, record) == []


def test_nobody_else_closes_with_a_reason(make: Make) -> None:
    record = complaint_in(make, "following_up")
    make.session.roles = frozenset({"handler", "manager"})
    refused(make, 6, record, "close", {"reason": "算了"})


# Rule 7: still dissatisfied reopens the solution.


def test_a_dissatisfied_customer_opens_the_next_round_and_keeps_the_first(make: Make) -> None:
    record = make.steps(complaint_in(make, "following_up"), ("follow-up", {"result_score": 2, "dissatisfied_about": "还是软"}))
    assert (record.status, record.round, record.solved_at) == ("investigating", 2, None)
    assert [one.proposal.round for one in proposals.rounds_of(make.session, record)] == [1]
    again = make.steps(record, ("propose", {"text": "再换", "lines": [{"remedy": "apology"}]}))
    assert [one.proposal.round for one in proposals.rounds_of(make.session, again)] == [1, 2]


def test_a_second_agreement_stands_beside_the_signed_one(make: Make) -> None:
    record = make.steps(delivered(make, make.steps(signed(make), "dispatch")), ("follow-up", {"result_score": 1}))
    record = make.steps(
        record,
        ("propose", {"text": "再补", "valid": True, "cause": "product.quality", "lines": [{"remedy": "money", "amount": "10"}]}),
    )
    record = make.steps(record, ("reply", {"reply_text": "再补十元"}), "agreement")
    second = agreements.current(make.session, record)
    assert second is not None
    make.steps(second, "release", ("sign-agreement", {"signed_by": "周建国"}))
    assert [one.status for one in agreements.editions(make.session, record)] == ["signed", "signed"]
    assert [one.owed for one in dispatches.promised(make.session, record)] == [0, 0, 10]


def test_neither_satisfied_nor_dissatisfied_is_asked_again(make: Make) -> None:
    record = make.steps(complaint_in(make, "following_up"), ("follow-up", {"result_score": 3}))
    assert (record.status, record.round) == ("following_up", 1)
    assert record.follow_up_at > date(2026, 11, 23)
    assert 6 in lacking(make, record)


def test_who_was_not_reached_is_called_again(make: Make) -> None:
    record = complaint_in(make, "following_up")
    with pytest.raises(ValidationError, match="nobody was reached"):
        take(make.session, record, "follow-up", {"way": "phone"})
    tried = make.steps(record, ("follow-up", {"reached": False, "next_on": "2026-12-01"}))
    assert (tried.follow_up_at, len(parts_of(tried, "follow_ups"))) == (date(2026, 12, 1), 1)


def test_a_closed_case_is_reopened_with_a_reason(make: Make) -> None:
    record = make.steps(complaint_in(make, "closed"), ("reopen", {"reason": "又软了", "promised_at": "2026-11-25"}))
    assert (record.status, record.round, record.closed_at) == ("investigating", 2, None)
    assert [one.subject for one in promises.owed(make.session, record)] == ["reply"]


# Rule 8: what comes from a register was answered before the program came.


def test_an_open_case_of_a_register_is_closed_without_a_reply_or_follow_up_but_not_with_a_gap(make: Make) -> None:
    ours = complaint_in(make, "registered")
    refused(make, 6, ours, "close", {"result": "已解决"})
    theirs = make.complaint(complainant="周老板")
    Complaint.rewrite(theirs.id, imported=True, status="registered")
    assert make.steps(make.again(theirs), ("close", {"result": "已解决"})).status == "closed"
    owed = signed(make)
    Complaint.rewrite(owed.id, imported=True)
    assert "Not dispatched yet" in refused(make, 6, make.again(owed), "close", {"result": "已解决"})


# Rule 10: the owner stays responsible until the other side has accepted.


def test_the_owner_stays_until_the_other_side_has_accepted(make: Make) -> None:
    record = make.steps(complaint_in(make, "accepted"), ("hand-over", {"handed_to": "warehouse", "handler": "老杜"}))
    assert record.handler == make.session.user
    record = make.steps(record, ("accept", {"handler": None}))
    assert (record.handler, record.status) == ("老杜", "accepted")


def test_an_order_is_delivered_only_by_who_has_accepted_it(make: Make) -> None:
    order = dispatches.of_case(complaint_in(make, "executing"))[0]
    refused(make, 10, order, "deliver")


# Rule 11: compensation is for valid complaints.


def test_an_invalid_complaint_gets_no_compensation_but_an_apology(make: Make) -> None:
    record = complaint_in(make, "investigating")
    refused(make, 11, record, "propose", {"text": "赔", "valid": False, "lines": [{"remedy": "money", "amount": "50"}]})
    assert (
        make.steps(record, ("propose", {"text": "致歉", "valid": False, "lines": [{"remedy": "apology"}]})).status == "approved"
    )


def test_compensation_waits_for_the_judgement_and_falls_with_it(make: Make) -> None:
    record, money = complaint_in(make, "investigating"), [{"remedy": "money", "amount": "500"}]
    assert "judgement" in refused(make, 11, record, "propose", {"text": "赔", "lines": money})
    record = make.steps(record, ("propose", {"text": "赔", "valid": True, "lines": money}))
    record = edit(make.session, record, {"valid": None}, record.version)
    refused(make, 11, record, "approve")


def test_what_is_to_be_declined_gets_nothing_until_it_is_assessed_otherwise(make: Make) -> None:
    answers = {"long_standing": False, "buys_again": False, "word_of_mouth": False, "unreasonable": True, "our_fault": 0}
    record = make.steps(complaint_in(make, "investigating"), ("assess", answers))
    refused(make, 11, record, "propose", {"text": "送礼", "lines": [{"remedy": "gift", "amount": "50"}]})
    with pytest.raises(ValidationError, match="needs a reason"):
        take(make.session, record, "assess", answers | {"band": "normal"})
    record = make.steps(record, ("assess", answers | {"band": "normal", "reason": "带动周边"}))
    assert make.steps(record, ("propose", {"text": "送礼", "lines": [{"remedy": "gift", "amount": "50"}]})).status == "approved"


@pytest.mark.parametrize(
    ("answers", "band"),
    [
        ((True, True, True, False, 80), "generous"),
        ((True, True, False, False, 10), "generous"),
        ((False, True, False, False, 10), "normal"),
        ((False, False, False, False, 60), "generous"),
        ((False, False, True, True, 10), "decline"),
        ((True, True, True, True, 10), "normal"),
        ((False, False, False, True, 60), "normal"),
    ],
)
def test_five_answers_suggest_a_band(answers: tuple[bool, bool, bool, bool, int], band: str) -> None:
    assert band_of(*answers) == band


# Rules 12, 13, 16: a colleague's fault, swapped goods, the maker.


def test_a_colleagues_fault_goes_to_the_department_and_the_head(make: Make) -> None:
    record = satisfied(make)
    record = edit(make.session, record, {"responsible_party": "staff"}, record.version)
    assert lacking(make, record) == {12}
    make.steps(record, ("escalate", {"to": "manager", "note": "态度问题"}))
    assert lacking(make, make.again(record)) == {12}
    make.steps(make.again(record), ("escalate", {"to": "head", "department": "marketing", "note": "态度问题"}))
    assert lacking(make, make.again(record)) == set()


def test_swapped_goods_go_to_the_monopoly_administration_once_verified(make: Make) -> None:
    record = satisfied(make)
    record = edit(make.session, record, {"swapped": True}, record.version)
    assert lacking(make, record) == {13}
    report = {"lines": [{"department": "monopoly", "description": "调包线索移送"}]}
    refused(make, 13, record, "dispatch", report)
    verified = [{"at": "2026-11-23 10:00", "findings": "属实", "restatement": "六条", "confirmed_at": "2026-11-23 11:00"}]
    record = edit(make.session, record, {"enquiries": verified}, record.version)
    record = make.steps(record, ("dispatch", report))
    assert lacking(make, record) == {6}
    assert lacking(make, delivered(make, record)) == set()


def test_the_maker_gets_an_order_only_with_product_batch_and_day(make: Make) -> None:
    record = signed(make)
    record = edit(make.session, record, {"class": "product"}, record.version)
    refused(make, 16, record, "dispatch", {"lines": [{"place": 1, "department": "maker"}]})


# Rule 14: the customer is told of each step.


def test_the_customer_is_told_of_each_step(make: Make) -> None:
    record = make.steps(signed(make), "dispatch")
    record = make.steps(delivered(make, record), ("follow-up", {"result_score": 5}))
    assert "not told" in refused(make, 14, record, "close")
    assert make.steps(record, ("notice", {"step": "dispatch", "way": "phone"}), "close").status == "closed"


# Rule 15: root cause and, when it recurs, a corrective action.


def test_a_justified_complaint_needs_its_cause(make: Make) -> None:
    record = satisfied(make)
    record = edit(make.session, record, {"cause": None}, record.version)
    assert lacking(make, record) == {15}


def test_what_recurs_within_ninety_days_needs_an_action(make: Make) -> None:
    record = satisfied(make)
    make.complaint(cause="product.quality", received_at=make.session.clock() - timedelta(days=89))
    assert lacking(make, record) == {15}
    assert recurrence.of(make.session, record)[0].times == 2
    record = make.steps(record, ("action", {"root_cause": "入库漏检"}))
    assert lacking(make, record) == set()
    assert [one.root_cause for one in actions.of_cases(make.session, [record.number])] == ["入库漏检"]


def test_what_lies_longer_back_does_not_recur(make: Make) -> None:
    record = satisfied(make)
    make.complaint(cause="product.quality", received_at=make.session.clock() - timedelta(days=91))
    assert lacking(make, record) == set()


def test_customer_and_batch_recur_too(make: Make) -> None:
    product = make.product().number
    lines = [{"product": product, "batch": "20260914-B07"}]
    first = make.complaint(product_lines=lines)
    second = make.complaint(product_lines=lines)
    third = make.complaint(customer=first.customer.number)
    assert [one.kind for one in recurrence.of(make.session, second)] == ["batch"]
    assert [(one.kind, one.times) for one in recurrence.of(make.session, third)] == [("customer", 2)]


# Rule 19: what cannot be solved and what is overdue goes up.


def test_the_manager_comes_before_the_head(make: Make) -> None:
    record = complaint_in(make, "accepted")
    refused(make, 19, record, "escalate", {"to": "head", "note": "超权限"})
    record = make.steps(
        record, ("escalate", {"to": "manager", "note": "超权限"}), ("escalate", {"to": "head", "note": "仍未解决"})
    )
    assert [line.to for line in parts_of(record, "escalations")] == ["manager", "head"]


def test_an_overdue_case_is_not_closed_before_it_was_reported(make: Make, clock: Clock) -> None:
    record = complaint_in(make, "approved")
    clock.advance(days=20)
    record = make.steps(
        record, ("reply", {"reply_text": "抱歉晚了"}), ("waive", {"reason": "不需要"}), ("dispatch", {"told_by": "phone"})
    )
    record = make.steps(delivered(make, record), ("follow-up", {"result_score": 4}))
    assert lacking(make, record) == {19}
