"""Ways around the rules, and promises that would turn out wrong: each of them is closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.core.errors import NotPermitted, ValidationError
from app.models import agreements, deputies, dispatches, gaps, promises
from app.models.promises import Promise
from app.models.record import edit, moment_of
from app.models.steps import option, step_of, take
from app.services import promise_board, workbench
from tests.conftest import Clock
from tests.make import Make
from tests.models.stands import complaint_in
from tests.models.test_course_rules import refused, signed


def promised_by(record: Any, subject: str = "") -> list[tuple[str, str]]:
    """What was promised in a case, and what became of it."""
    found = Promise.select().where(Promise.case == record.number).order_by(Promise.id)
    return [(one.subject, one.status) for one in found if not subject or one.subject == subject]


def test_blanks_are_no_reason_to_close_with_gaps(make: Make) -> None:
    refused(make, 6, complaint_in(make, "executing"), "close", {"reason": "  \n"})


def test_a_case_that_was_accepted_in_an_earlier_round_cannot_be_refused(make: Make) -> None:
    record = make.steps(complaint_in(make, "following_up"), ("follow-up", {"result_score": 1}))
    refused(make, 0, record, "reject", {"reason": "不再受理", "turn_to": "12315"})


def test_the_agreement_of_an_earlier_round_is_neither_released_nor_signed(make: Make) -> None:
    record = make.steps(complaint_in(make, "replied"), "agreement")
    old = make.steps(agreements.current(make.session, record), "release")
    record = make.steps(make.again(record), ("close", {"reason": "联系不上"}), ("reopen", {"reason": "又来电"}))
    record = make.steps(
        record, ("propose", {"text": "另议", "lines": [{"remedy": "apology"}]}), ("reply", {"reply_text": "致歉"})
    )
    refused(make, 4, make.again(old), "sign-agreement", {"signed_by": "周建国"})
    assert make.again(record).status == "replied"


def test_what_was_found_invalid_meanwhile_is_not_approved(make: Make) -> None:
    record = make.proposed()
    record = edit(make.session, record, {"valid": False}, record.version)
    refused(make, 11, record, "approve")


def test_an_overdue_case_is_overdue_though_it_is_paused(make: Make, clock: Clock) -> None:
    record = complaint_in(make, "accepted")
    clock.advance(days=30)
    record = make.steps(record, ("pause", {"reason": "等样品"}))
    assert gaps.overdue(make.session, record)


def test_only_the_branch_head_names_a_deputy_for_the_branch_head(make: Make) -> None:
    manager = replace(make.session, roles=frozenset({"manager"}), user="陈志强", open=False)
    given = {"principal": "王总", "deputy": "陈志强", "role": "head", "since": "2026-11-20", "until": "2026-11-25"}
    with pytest.raises(NotPermitted, match="branch head"):
        deputies.name(manager, given)
    assert deputies.name(manager, given | {"role": "manager", "deputy": "刘洋"}).role == "manager"


def test_no_reply_is_dated_before_the_complaint(make: Make) -> None:
    record = make.steps(complaint_in(make, "following_up"), ("follow-up", {"result_score": 1, "promised_at": "2026-11-24"}))
    record = make.steps(record, ("propose", {"text": "再道歉", "lines": [{"remedy": "apology"}]}))
    with pytest.raises(ValidationError, match="cannot lie before"):
        take(make.session, record, "reply", {"reply_text": "好", "replied_at": "2026-11-01"})


def test_no_delivery_is_dated_before_the_complaint(make: Make) -> None:
    order = make.steps(dispatches.of_case(complaint_in(make, "executing"))[0], "accept")
    with pytest.raises(ValidationError, match="cannot lie before"):
        take(make.session, order, "deliver", {"at": "2026-11-01"})


def test_a_day_promised_without_a_time_is_offered_as_a_day(make: Make) -> None:
    objection = make.steps(make.objection(), ("promise", {"promised_at": "2026-11-24"}), "escalate")
    record = make.steps(objection.complaint, "sign")
    defaults = step_of(record, "accept").defaults
    assert defaults is not None
    assert defaults(make.session, record)["promised_at"] == date(2026, 11, 24)


def test_the_same_day_promised_again_is_one_promise(make: Make) -> None:
    objection = make.steps(make.objection(), ("promise", {"promised_at": "2026-11-24"}), "escalate")
    record = make.steps(objection.complaint, "sign", ("accept", {"promised_at": "2026-11-24"}))
    assert promised_by(record) == [("reply", "open")]


def test_promises_go_along_with_the_handler_and_the_customer(make: Make) -> None:
    record = complaint_in(make, "accepted")
    other = make.customer(name="城北便利店", phone="13900005678")
    record = make.steps(record, ("hand-over", {"handed_to": "marketing", "handler": "老杜"}), "accept")
    edit(make.session, record, {"customer": other.number}, record.version)
    assert [one.handler for one in promise_board.owed(make.session, handler="老杜")] == ["老杜"]
    assert [one.customer for one in promise_board.owed(make.session, customer=other.id)] == ["城北便利店"]


def test_who_accepts_a_hand_over_to_nobody_in_particular_becomes_the_handler(make: Make) -> None:
    record = make.steps(complaint_in(make, "accepted"), ("hand-over", {"handed_to": "warehouse"}))
    assert take(replace(make.session, user="老杜"), record, "accept").handler == "老杜"


def test_nothing_to_deliver_promises_no_delivery(make: Make) -> None:
    record = make.steps(complaint_in(make, "investigating"), ("propose", {"text": "说明清楚", "lines": []}))
    record = make.steps(record, ("reply", {"reply_text": "已说明"}), ("waive", {"reason": "不需要", "deadline": "2026-11-30"}))
    assert promised_by(record, "delivery") == []


def test_a_refusal_is_an_answer(make: Make) -> None:
    record = make.steps(complaint_in(make, "accepted"), ("reject", {"reason": "不是我公司售出", "turn_to": "12315"}))
    assert promised_by(record) == [("reply", "kept")]


def test_a_promised_reply_that_is_due_goes_out_whatever_the_progress(make: Make, clock: Clock) -> None:
    record = complaint_in(make, "investigating")
    told = ("notice", {"step": "other", "way": "phone", "text": "检测还没出来"})
    assert promised_by(make.steps(record, told)) == [("reply", "open")]
    clock.advance(days=1)
    assert promised_by(make.steps(make.again(record), told)) == [("reply", "kept")]


def test_what_is_promised_after_the_reply_is_kept_by_telling_it(make: Make) -> None:
    record = make.steps(complaint_in(make, "executing"), ("promise", {"promised_at": "2026-11-30"}))
    record = make.steps(record, ("notice", {"step": "other", "way": "phone", "text": "周五送到"}))
    assert promised_by(record)[-1] == ("reply", "kept")


@pytest.mark.parametrize(
    ("state", "step"),
    [
        ("approved", ("reply", {"reply_text": "当面致歉", "reply_channel": "on_site"})),
        ("following_up", ("follow-up", {"result_score": 5, "way": "on_site"})),
    ],
)
def test_who_replies_or_asks_on_site_has_paid_the_visit(make: Make, state: str, step: Any) -> None:
    record = make.steps(complaint_in(make, state), ("promise", {"promised_at": "2026-11-24", "subject": "visit"}), step)
    assert promised_by(record, "visit") == [("visit", "kept")]


def report(make: Make, record: Any) -> Any:
    """A report of swapped goods to the authority, beside what is delivered."""
    verified = [{"at": "2026-11-23 10:00", "findings": "属实", "confirmed_at": "2026-11-23 11:00"}]
    record = edit(make.session, record, {"swapped": True, "enquiries": verified}, record.version)
    record = make.steps(record, ("dispatch", {"lines": [{"department": "monopoly", "description": "移送"}]}))
    return record, next(one for one in dispatches.of_case(record) if one.department == "monopoly")


def test_an_order_voided_at_the_end_brings_the_case_on(make: Make) -> None:
    record, order = report(make, make.steps(signed(make), "dispatch"))
    for one in dispatches.of_case(record):
        if one.id != order.id:
            make.steps(one, "accept", "deliver")
    assert make.again(record).status == "executing"
    make.steps(make.again(order), ("void", {"reason": "另案移送"}))
    record = make.again(record)
    assert (record.status, promised_by(record, "delivery")) == ("following_up", [("delivery", "kept")])
    assert record.follow_up_at is not None


def test_a_promised_delivery_is_kept_by_what_the_customer_got_last(make: Make, clock: Clock) -> None:
    record, order = report(make, make.steps(signed(make), "dispatch"))
    day = moment_of(make.session, promises.owed(make.session, record, "delivery")[0], "due")
    for one in dispatches.of_case(record):
        if one.id != order.id:
            make.steps(one, "accept", "deliver")
    assert promised_by(record, "delivery") == [("delivery", "kept")]
    clock.advance(days=60)
    make.steps(make.again(order), "accept", "deliver")
    assert (make.again(record).status, day) == ("following_up", day)


def test_a_late_part_makes_the_delivery_late_whatever_is_noted_last(make: Make, clock: Clock) -> None:
    record = make.steps(signed(make), "dispatch")
    first, second = dispatches.of_case(record)
    clock.advance(days=60)
    make.steps(first, "accept", "deliver")
    make.steps(second, "accept", ("deliver", {"at": "2026-11-24"}))
    assert promised_by(record, "delivery") == [("delivery", "late")]


def test_a_follow_up_with_nothing_to_deliver_waits_on_the_first_page(make: Make, clock: Clock) -> None:
    record = make.steps(complaint_in(make, "investigating"), ("propose", {"text": "说明清楚", "lines": []}))
    record = make.steps(record, ("reply", {"reply_text": "已说明"}), ("waive", {"reason": "不需要"}))
    clock.advance(days=10)
    assert [one.number for one in workbench.load(make.session).follow_ups] == [record.number]


def test_a_case_that_is_opened_again_is_not_paused_any_more(make: Make) -> None:
    record = make.steps(complaint_in(make, "accepted"), ("pause", {"reason": "等样品"}), ("close", {"reason": "停业"}))
    record = make.steps(record, ("reopen", {"reason": "又来电"}))
    assert option(make.session, record, step_of(record, "pause")).possible
