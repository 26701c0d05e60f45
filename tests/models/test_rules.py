"""The rules of the handling procedure: for each, a case that breaks it and one that obeys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.core.errors import NotPermitted, RuleBroken, UserError, ValidationError
from app.core.session import Session
from app.models import agreements, prints, proposals
from app.models.agreements import Agreement
from app.models.branches import change_settings
from app.models.complaints import Complaint, open_twins
from app.models.objections import Objection
from app.models.record import edit, find, insert, values_of
from app.models.steps import options, take
from tests.make import Make
from tests.models.stands import agreement_in, complaint_in, objection_in, whole

LINES = {"product_lines": [{"batch": "20260914-B07", "produced_on": "2026-09-14"}]}


def as_role(session: Session, *roles: str, user: str = "", open_branch: bool = False) -> Session:
    """The same branch with another person at the desk, who holds these roles only."""
    return replace(session, roles=frozenset(roles), user=user or session.user, open=open_branch)


def broken(rule: int, session: Session, record: Any, step: str, asked: Mapping[str, object] | None = None) -> RuleBroken:
    with pytest.raises(RuleBroken) as caught:
        take(session, record, step, asked)
    assert caught.value.rule == rule
    return caught.value


# Rule 1: no hand-over before the recorder's signature.


@pytest.mark.parametrize(("step", "asked"), [("hand-over", {"handed_to": "finance"}), ("accept", {"promised_at": "2026-11-24"})])
def test_nothing_is_handed_over_before_the_signature(make: Make, step: str, asked: Mapping[str, object]) -> None:
    error = broken(1, make.session, complaint_in(make, "draft"), step, asked)
    assert str(error).endswith("(rule 1)")


def test_after_the_signature_it_can_be_handed_over(make: Make) -> None:
    record = take(make.session, complaint_in(make, "registered"), "hand-over", {"handed_to": "finance", "handler": "刘洋"})
    assert (record.handed_to, record.handed_person, record.handed_at) == ("finance", "刘洋", make.session.clock())


def test_whom_it_was_handed_to_stays_its_handler_when_it_is_accepted(make: Make) -> None:
    record = take(make.session, complaint_in(make, "registered"), "hand-over", {"handed_to": "other", "handler": "刘洋"})
    assert take(make.session, record, "accept", {"promised_at": "2026-11-24"}).handler == "刘洋"


# Rule 2: no remedy promised or agreement released before approval.


def test_no_reply_before_approval(make: Make) -> None:
    broken(2, make.session, complaint_in(make, "proposed"), "reply", {"reply_text": "赔三百"})


def test_an_agreement_is_not_released_before_approval(make: Make) -> None:
    complaint = make.steps(complaint_in(make, "proposed"), "agreement")
    agreement = agreements.current(make.session, complaint)
    assert agreement is not None
    broken(2, make.session, agreement, "release")
    make.steps(complaint, "approve")
    assert take(make.session, agreement, "release").status == "released"


def test_other_remedies_than_the_approved_ones_are_not_released(make: Make) -> None:
    agreement = agreement_in(make, "draft")
    more = edit(make.session, agreement, {"lines": [{"remedy": "money", "amount": "3000"}]}, agreement.version)
    assert "not those that were approved" in str(broken(2, make.session, more, "release"))


def test_a_draft_of_an_earlier_proposal_is_not_released(make: Make) -> None:
    complaint = make.steps(complaint_in(make, "proposed"), "agreement", ("return", {"reason": "太高"}))
    old = agreements.current(make.session, complaint)
    complaint = make.steps(complaint, ("propose", {"text": "道歉", "lines": [{"remedy": "apology"}]}))
    assert complaint.status == "approved"
    broken(2, make.session, old, "release")
    new = agreements.current(make.session, make.steps(complaint, "agreement"))
    assert new is not None
    assert take(make.session, new, "release").cost == 0


def test_a_remedy_may_be_worded_otherwise_in_the_agreement(make: Make) -> None:
    agreement = agreement_in(make, "draft")
    lines = [{"remedy": "refund", "amount": "300", "description": "退款，银行转账"}]
    agreement = edit(make.session, agreement, {"lines": lines}, agreement.version)
    assert take(make.session, agreement, "release").status == "released"


# Rule 3: the approval ladder.


def ladder(make: Make, cost: str) -> Any:
    return make.steps(
        complaint_in(make, "investigating"),
        ("propose", {"text": "补偿", "valid": True, "cause": "product.quality", "lines": [{"remedy": "money", "amount": cost}]}),
    )


@pytest.mark.parametrize(("cost", "status"), [("0", "approved"), ("200.00", "approved"), ("200.01", "proposed")])
def test_the_handlers_own_limit_approves_at_once(make: Make, cost: str, status: str) -> None:
    record = ladder(make, cost)
    assert record.status == status
    ways = [approval.way for one in proposals.rounds_of(make.session, record) for approval in one.approvals]
    assert ways == (["own_limit"] if status == "approved" else [])


@pytest.mark.parametrize(
    ("cost", "roles", "may"),
    [("5000.00", ("manager",), True), ("5000.01", ("manager",), False), ("5000.01", ("head",), True), ("300", ("head",), True)],
)
def test_above_the_managers_limit_the_head_decides(make: Make, cost: str, roles: tuple[str, ...], may: bool) -> None:
    record = ladder(make, cost)
    boss = as_role(make.session, *roles, user="周海英")
    for step, asked in (("return", {"reason": "太高"}), ("approve", {})):
        record = record if make.again(record).status == "proposed" else ladder(make, cost)
        if may:
            assert take(boss, record, step, asked).status == ("approved" if step == "approve" else "investigating")
            continue
        before = whole(make, record)
        with pytest.raises(NotPermitted, match=r"role branch head \(rule 3\)"):
            take(boss, record, step, asked)
        assert whole(make, record) == before


def test_the_limits_are_settings(make: Make) -> None:
    change_settings(make.session, {"limit_handler": "500", "limit_manager": "600"})
    assert ladder(make, "500").status == "approved"
    with pytest.raises(NotPermitted):
        take(as_role(make.session, "manager", user="周海英"), ladder(make, "601"), "approve")


def test_a_clerk_may_not_approve(make: Make) -> None:
    with pytest.raises(NotPermitted, match="role manager") as caught:
        take(as_role(make.session, "clerk", "handler"), ladder(make, "300"), "approve")
    assert caught.value.exit_code == 5


def test_nobody_approves_their_own_proposal(make: Make) -> None:
    record = ladder(make, "300")
    broken(3, as_role(make.session, "handler", "manager"), record, "approve")
    other = as_role(make.session, "manager", user="周海英")
    assert take(other, record, "approve").status == "approved"
    assert ways_of(make, record) == ["in_program"]


def ways_of(make: Make, record: Any) -> list[str]:
    return [approval.way for one in proposals.rounds_of(make.session, record) for approval in one.approvals]


def test_in_an_open_branch_the_one_person_may_and_it_is_recorded(make: Make) -> None:
    record = take(make.session, ladder(make, "300"), "approve")
    assert (record.status, ways_of(make, record)) == ("approved", ["self_approved"])


def test_an_approval_on_paper_names_who_signed(make: Make) -> None:
    record = ladder(make, "9000")
    with pytest.raises(ValidationError) as caught:
        take(make.session, record, "approve", {"way": "on_paper"})
    assert set(caught.value.errors) == {"paper_approver"}
    manager = as_role(make.session, "manager")
    record = take(manager, record, "approve", {"way": "on_paper", "paper_approver": "周海英"})
    approval = proposals.rounds_of(make.session, record)[0].approvals[0]
    assert (approval.way, approval.paper_approver, approval.who) == ("on_paper", "周海英", make.session.user)


def test_a_returned_proposal_stays_with_its_reason(make: Make) -> None:
    record = take(make.session, ladder(make, "300"), "return", {"reason": "先核实批号"})
    proposal = proposals.rounds_of(make.session, record)[0]
    assert (record.status, proposal.proposal.status, proposal.approvals[0].opinion) == ("investigating", "returned", "先核实批号")
    record = make.steps(record, ("propose", {"text": "更换", "lines": []}))
    assert [one.proposal.text for one in proposals.rounds_of(make.session, record)] == ["补偿", "更换"]


# Rule 4: an agreement is valid only when approved; prints counted; a changed one is a new version.


def test_a_changed_agreement_is_a_new_edition_and_the_old_one_void(make: Make) -> None:
    complaint = make.steps(complaint_in(make, "replied"), "agreement")
    first = take(make.session, agreements.current(make.session, complaint), "release")  # type: ignore[type-var]
    complaint = make.steps(make.again(complaint), ("agreement", {"facts": "改过的事实"}))
    old, new = agreements.editions(make.session, complaint)
    assert (old.status, old.void_reason, old.edition) == ("voided", "Replaced by edition 2", 1)
    assert (new.status, new.number, new.edition, new.facts) == ("draft", first.number, 2, "改过的事实")  # type: ignore[union-attr]
    assert find(make.session, Agreement, new.number).edition == 2


@pytest.mark.parametrize(("state", "draft"), [("draft", True), ("released", False), ("signed", False), ("voided", True)])
def test_only_a_released_agreement_prints_without_watermark(make: Make, state: str, draft: bool) -> None:
    agreement = agreement_in(make, state)
    assert agreements.is_draft(agreement, agreement.complaint) is draft


def test_prints_of_a_valid_agreement_are_counted(make: Make) -> None:
    agreement = agreement_in(make, "released")
    prints.record_print(make.session, agreement, "agreement", b"%PDF", copies=2)
    prints.record_print(make.session, agreement, "agreement", b"%PDF", draft=True)
    assert make.again(agreement).print_count == 1
    assert [(one.copies, one.draft) for one in prints.of(agreement)] == [(1, True), (2, False)]


def test_what_was_released_cannot_be_edited(make: Make) -> None:
    agreement = agreement_in(make, "released")
    with pytest.raises(UserError, match="new edition"):
        edit(make.session, agreement, {"facts": "别的"}, agreement.version)


def test_the_content_hash_is_kept_at_release_and_follows_the_content(make: Make) -> None:
    agreement = agreement_in(make, "draft")
    assert agreement.content_hash == ""
    before = agreements.content_hash(make.session, agreement)
    agreement = edit(make.session, agreement, {"facts": "别的"}, agreement.version)
    released = take(make.session, agreement, "release")
    assert released.content_hash == agreements.content_hash(make.session, released) != before


def test_an_agreement_is_signed_only_after_the_reply_and_not_before_the_complaint(make: Make) -> None:
    complaint = make.steps(complaint_in(make, "approved"), "agreement")
    agreement = take(make.session, agreements.current(make.session, complaint), "release")  # type: ignore[type-var]
    broken(4, make.session, agreement, "sign-agreement", {"signed_by": "陈老板"})
    make.steps(make.again(complaint), ("reply", {"reply_text": "好"}))
    with pytest.raises(ValidationError) as caught:
        take(make.session, agreement, "sign-agreement", {"signed_by": "陈老板", "signed_on": "2026-11-01"})
    assert set(caught.value.errors) == {"signed_on"}
    take(make.session, agreement, "sign-agreement", {"signed_by": "陈老板"})
    assert make.again(complaint).status == "agreed"


def test_a_case_with_a_signed_agreement_cannot_be_void(make: Make) -> None:
    agreement = agreement_in(make, "signed")
    broken(4, make.session, agreement.complaint, "void", {"reason": "错了"})


def test_voiding_a_case_voids_its_agreement(make: Make) -> None:
    agreement = agreement_in(make, "released")
    take(make.session, agreement.complaint, "void", {"reason": "重复"})
    assert make.again(agreement).status == "voided"


def test_the_agreement_takes_parties_facts_and_lines_from_the_case(make: Make) -> None:
    agreement = agreement_in(make, "draft")
    values = values_of(make.session, agreement)
    assert (values["party_a"], values["party_b"], values["copies"]) == ("城东分公司", "鑫瑞达商行", 2)
    assert values["deadline"] == date(2026, 11, 30)
    assert "六条霉变" in values["facts"]
    assert [(line["remedy"], line["amount"]) for line in values["lines"]] == [("refund", Decimal("300.00"))]
    assert agreement.cost == Decimal("300.00")


def test_an_agreement_without_party_b_is_not_released(make: Make) -> None:
    agreement = agreement_in(make, "draft")
    Agreement.update(party_b=None).where(Agreement.id == agreement.id).execute()
    release = next(option for option in options(make.session, make.again(agreement)) if option.step.code == "release")
    assert [missing.field for missing in release.missing] == ["party_b"]


# Rule 8: unsolved on the spot, so a promised time is required.


def test_an_objection_that_is_not_solved_cannot_be_closed(make: Make) -> None:
    for asked in ({}, {"solved_on_spot": False}):
        broken(8, make.session, objection_in(make, "open"), "close", asked)


def test_a_promise_needs_its_time(make: Make) -> None:
    with pytest.raises(ValidationError) as caught:
        take(make.session, objection_in(make, "open"), "promise", {})
    assert caught.value.errors == {"promised_at": "Promised reply is missing."}


def test_a_promised_reply_comes_before_the_end(make: Make) -> None:
    broken(8, make.session, objection_in(make, "promised"), "close", {"solved_on_spot": True})
    closed = make.steps(objection_in(make, "replied"), "close")
    assert (closed.solved_on_spot, closed.closed_at) == (False, make.session.clock())


def test_solved_on_the_spot_is_answered_and_closed_at_once(make: Make) -> None:
    closed = objection_in(make, "closed")
    assert (closed.solved_on_spot, closed.replied_at, closed.closed_at) == (True, make.session.clock(), make.session.clock())


def test_a_complaint_is_accepted_with_a_promised_time_or_an_answer(make: Make) -> None:
    record = complaint_in(make, "registered")
    with pytest.raises(ValidationError, match="rule 8"):
        take(make.session, record, "accept", {})
    assert take(make.session, record, "accept", {"answered": True}).replied_at == make.session.clock()
    assert take(make.session, complaint_in(make, "registered"), "accept", {"promised_at": "2026-11-24 17:00"}).promised_at


@pytest.mark.parametrize("kind", ["complaint", "objection"])
def test_nothing_is_promised_for_a_time_before_the_case(make: Make, kind: str) -> None:
    record = complaint_in(make, "accepted") if kind == "complaint" else objection_in(make, "open")
    with pytest.raises(ValidationError, match="cannot lie before"):
        take(make.session, record, "promise", {"promised_at": "2026-11-20"})


def test_the_first_reply_counts(make: Make, clock: Any) -> None:
    record = make.steps(complaint_in(make, "registered"), ("accept", {"answered": True}))
    first = record.replied_at
    clock.advance(hours=5)
    record = make.steps(record, ("investigate", {"findings": "属实"}), ("propose", {"text": "道歉", "lines": []}))
    assert make.steps(record, ("reply", {"reply_text": "已道歉"})).replied_at == first


# Rule 16: no product complaint to the maker without product, batch and production date.


def test_the_maker_needs_product_batch_and_production_date(make: Make) -> None:
    product = make.product().number
    line = {"product": product} | LINES["product_lines"][0]
    for lines in ([], [line, {"product": product}], [line | {"produced_on": None}]):
        record = complaint_in(make, "registered", **{"class": "product", "product_lines": lines})
        broken(16, make.session, record, "hand-over", {"handed_to": "maker"})
    record = complaint_in(make, "registered", **{"class": "product", "product_lines": [line]})
    assert take(make.session, record, "hand-over", {"handed_to": "maker"}).handed_to == "maker"


def test_a_service_complaint_goes_to_the_maker_without(make: Make) -> None:
    record = complaint_in(make, "registered", **{"class": "service"})
    assert take(make.session, record, "hand-over", {"handed_to": "maker"}).handed_to == "maker"


# Rule 17: an open case of the same customer, product and batch is warned of.


def test_open_twins_are_named_until_they_are_over(make: Make) -> None:
    customer, product = make.customer().number, make.product().number
    lines = [{"product": product} | LINES["product_lines"][0]]
    first = make.complaint(customer=customer, product_lines=lines)
    values = {"customer": customer, "product_lines": lines}
    assert open_twins(make.session, values) == [(first.number, "20260914-B07")]
    assert open_twins(make.session, values, own=first.id) == []
    assert open_twins(make.session, values | {"customer": make.customer(name="别家").number}) == []
    assert open_twins(make.session, values | {"product_lines": [lines[0] | {"batch": "1"}]}) == []
    take(make.session, first, "void", {"reason": "重复"})
    assert open_twins(make.session, values) == []


# What an objection becomes.


def test_an_objection_that_becomes_a_complaint_is_linked_both_ways(make: Make) -> None:
    objection = objection_in(make, "escalated", product=make.product().number)
    complaint = objection.complaint
    assert (objection.status, objection.closed_at) == ("escalated", make.session.clock())
    assert (complaint.status, complaint.description, complaint.customer_id) == ("draft", objection.what, objection.customer_id)
    assert complaint.product.code == "YL01"


def test_an_imported_objection_without_customer_says_what_is_missing_to_escalate(make: Make) -> None:
    values = {"occurred_at": make.session.clock()}
    record = insert(make.session, Objection, values, extra={"imported": True})
    with pytest.raises(RuleBroken, match="Customer is missing"):
        take(make.session, record, "escalate")


def test_an_imported_complaint_without_customer_goes_its_way(make: Make) -> None:
    received = datetime(2026, 11, 1, tzinfo=UTC)
    record = insert(make.session, Complaint, {"received_at": received}, extra={"imported": True, "status": "registered"})
    record = take(make.session, record, "accept", {"promised_at": make.session.clock() + timedelta(days=1)})
    assert record.status == "accepted"
