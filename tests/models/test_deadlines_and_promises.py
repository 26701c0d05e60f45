"""Deadlines by grade and calendar, promises that follow from what happens, and deputies."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.core.errors import NotPermitted, RuleBroken, ValidationError
from app.core.session import Session
from app.models import agreements, branches, deputies, gaps, promises, proposals, workdays
from app.models.promises import Promise
from app.models.record import edit, moment_of, parts_of
from app.models.steps import options, take
from tests.conftest import Clock
from tests.make import Make
from tests.models.stands import ASKED, agreement_in, complaint_in


def signed(make: Make) -> Any:
    """A complaint whose agreement the customer has signed."""
    agreement = agreement_in(make, "signed")
    return make.again(agreement.complaint)


# Rule 9: deadlines, extensions, pauses.


@pytest.mark.parametrize(
    ("severity", "received", "contact", "solution"),
    [
        (None, "2026-11-23 09:00", "2026-11-24 09:00", "2026-12-02 18:00"),
        ("urgent", "2026-11-23 09:00", "2026-11-23 11:00", "2026-11-24 09:00"),
        ("major", "2026-11-20 17:00", "2026-11-21 05:00", "2026-11-27 18:00"),
        ("general", "2026-09-30 10:00", "2026-10-01 10:00", "2026-10-15 18:00"),  # National Day, and a working Saturday
        ("urgent", "2026-11-20", "2026-11-20", "2026-11-21"),
    ],
)
def test_deadlines_follow_grade_and_calendar(make: Make, severity: str, received: str, contact: str, solution: str) -> None:
    record = make.complaint(severity=severity, received_at=received)
    shown = [
        moment.astimezone(make.session.branch.zone).strftime("%Y-%m-%d %H:%M") if hasattr(moment, "hour") else moment.isoformat()
        for moment in (moment_of(make.session, record, code) for code in ("contact_due", "solution_due"))
        if moment is not None
    ]
    assert shown == [contact, solution]


def test_years_that_are_not_published_are_told_and_no_error(make: Make) -> None:
    calendar = make.session.calendar
    assert calendar.certain(date(2026, 1, 1), date(2026, 12, 31))
    assert not calendar.certain(date(2026, 12, 31), date(2028, 1, 3))
    assert calendar.after(date(2031, 9, 30), 5) > date(2031, 9, 30)


def test_a_day_that_the_branch_marks_moves_the_deadlines_of_open_cases(make: Make) -> None:
    record = make.complaint(received_at="2026-11-23 09:00")
    workdays.mark(make.session, date(2026, 11, 30), works=False, name="盘点")
    due = moment_of(make.session, make.again(record), "solution_due")
    assert str(due.astimezone(make.session.branch.zone).date()) == "2026-12-03"


def test_an_extension_needs_the_manager_and_a_later_day(make: Make) -> None:
    record = complaint_in(make, "accepted")
    with pytest.raises(ValidationError, match="after the present one"):
        take(make.session, record, "extend", {"until": "2026-11-24", "reason": "等检测"})
    extended = make.steps(record, ("extend", ASKED["complaint"]["extend"]))
    assert moment_of(make.session, extended, "solution_due") == moment_of(make.session, extended, "extended_to")
    make.session.roles = frozenset({"clerk", "handler"})
    with pytest.raises(NotPermitted, match="manager"):
        take(make.session, extended, "extend", {"until": "2027-02-01", "reason": "等检测"})


def test_a_pause_moves_the_deadline_by_its_working_days(make: Make, clock: Clock) -> None:
    record = make.steps(complaint_in(make, "accepted"), ("pause", {"reason": "等样品"}))
    before = moment_of(make.session, record, "solution_due")
    clock.advance(days=7)
    record = make.steps(record, "resume")
    after = moment_of(make.session, record, "solution_due")
    assert before is not None
    assert after is not None
    assert make.session.calendar.between(before.date(), after.date()) == 5


# Promises follow from what happens.


def test_a_promise_is_suggested_for_a_working_day(make: Make, clock: Clock, session: Session) -> None:
    """Friday 27 November: a day later and eight days later are Saturdays."""
    clock.advance(days=4)
    branches.change_settings(session, {"performance_days": 8})
    record = complaint_in(make, "registered")
    accept = next(one.step for one in options(session, record) if one.step.code == "accept")
    assert accept.defaults is not None
    assert accept.defaults(session, record)["promised_at"] == date(2026, 11, 30)
    assert agreements.suggested_deadline(session) == date(2026, 12, 7)


@pytest.mark.parametrize(("days", "status"), [(0, "kept"), (1, "kept"), (2, "late")])
def test_a_promised_reply_is_kept_or_late_by_when_it_was_given(make: Make, clock: Clock, days: int, status: str) -> None:
    record = complaint_in(make, "approved")
    clock.advance(days=days)
    make.steps(record, ("reply", {"reply_text": "好"}))
    assert [one.status for one in Promise.select().where(Promise.case == record.number)] == [status]


def test_a_moved_date_stays_a_promise(make: Make, clock: Clock) -> None:
    record = make.steps(complaint_in(make, "approved"), ("promise", {"promised_at": "2026-11-30"}))
    clock.advance(days=3)
    make.steps(record, ("reply", {"reply_text": "好"}))
    found = Promise.select().where(Promise.case == record.number).order_by(Promise.id)
    assert [(one.number[-2:], one.status) for one in found] == [("C1", "late"), ("C2", "kept")]


def test_every_date_given_is_a_promise(make: Make) -> None:
    record = make.steps(signed(make), "dispatch")
    make.steps(record, ("change", {"what": "place", "to": "到店里谈", "until": "2026-11-25 10:00"}))
    given = {one.subject for one in Promise.select().where(Promise.case == record.number)}
    assert given == {"reply", "delivery", "visit"}


def test_promises_of_an_objection_go_on_to_its_complaint(make: Make) -> None:
    objection = make.steps(make.objection(), ("promise", {"promised_at": "2026-11-24"}), "escalate")
    number = objection.complaint.number
    assert [one.case for one in Promise.select()] == [number]
    assert [one.subject for one in promises.owed(make.session, objection.complaint)] == ["reply"]


def test_a_void_case_owes_nothing(make: Make) -> None:
    record = make.steps(complaint_in(make, "accepted"), ("void", {"reason": "重复"}))
    assert [one.status for one in Promise.select().where(Promise.case == record.number)] == ["voided"]


# Deputies.


def as_manager_of(session: Session, user: str) -> Session:
    return replace(session, roles=frozenset({"clerk", "handler"}), user=user, open=False)


def test_a_deputy_decides_in_place_of_who_is_away(make: Make) -> None:
    record = make.proposed(cost="300")
    deputy = as_manager_of(make.session, "刘洋")
    with pytest.raises(NotPermitted):
        take(deputy, record, "approve")
    given = {"principal": "陈志强", "deputy": "刘洋", "role": "manager", "since": "2026-11-20", "until": "2026-11-25"}
    deputies.name(make.session, given)
    assert "approve" in {one.step.code for one in options(deputy, record) if one.possible}
    assert take(deputy, record, "approve").status == "approved"
    decision = proposals.rounds_of(make.session, record)[0].approvals[-1]
    assert (decision.who, decision.for_whom) == ("刘洋", "陈志强")


def test_a_deputy_is_one_for_the_named_days_and_role_only(make: Make) -> None:
    given = {"principal": "陈志强", "deputy": "刘洋", "role": "manager", "since": "2026-11-24", "until": "2026-11-25"}
    deputies.name(make.session, given)
    assert deputies.roles(as_manager_of(make.session, "刘洋")) == {}
    deputies.name(make.session, given | {"since": "2026-11-01"})
    with pytest.raises(NotPermitted, match="branch head"):
        take(as_manager_of(make.session, "刘洋"), make.proposed(cost="6000"), "approve")
    with pytest.raises(ValidationError, match="themself"):
        deputies.name(make.session, given | {"deputy": "陈志强"})


def test_an_agreement_in_its_round_is_the_present_one(make: Make) -> None:
    agreement = agreement_in(make, "signed")
    assert agreements.current(make.session, agreement.complaint) == agreement


def test_a_reply_ends_a_pause_and_is_as_late_as_the_time_that_ran(make: Make, clock: Clock) -> None:
    record = complaint_in(make, "approved")
    due = record.solution_due
    record = make.steps(record, ("pause", {"reason": "等厂家化验"}))
    clock.advance(days=30)
    record = make.steps(record, ("reply", {"reply_text": "化验合格"}))
    assert record.paused_at is None
    assert record.solution_due > due
    assert not gaps.overdue(make.session, record)
    assert parts_of(record, "extensions")[-1]["kind"] == "pause"


def test_a_grade_or_day_typed_anew_brings_no_later_deadline(make: Make) -> None:
    record = make.complaint(severity="major")
    record = edit(make.session, record, {"severity": "general"}, record.version)  # not signed yet
    record = make.steps(edit(make.session, record, {"severity": "major"}, record.version), "sign")
    for raw in ({"severity": "general"}, {"severity": None}):
        with pytest.raises(ValidationError, match="Extend the deadline first") as caught:
            edit(make.session, record, raw, record.version)
        assert set(caught.value.errors) == set(raw)
    record = edit(make.session, record, {"severity": "urgent", "wish": "换货"}, record.version)
    record = make.steps(record, ("extend", {"until": "2026-12-31", "reason": "定级有误"}))
    record = edit(make.session, record, {"severity": "general"}, record.version)
    assert moment_of(make.session, record, "solution_due") == date(2026, 12, 31)


def test_a_time_that_is_changed_is_promised_to_the_customer(make: Make) -> None:
    record = make.steps(
        complaint_in(make, "investigating"), ("change", {"what": "time", "to": "下周再谈", "until": "2026-11-30"})
    )
    assert moment_of(make.session, record, "promised_at") == date(2026, 11, 30)
    again = make.steps(record, ("change", {"what": "place", "to": "到店里谈", "until": "2026-11-28"}))
    assert moment_of(make.session, again, "promised_at") == date(2026, 11, 30)


def test_a_delivery_is_promised_once_it_is_approved_and_as_long_as_it_is_owed(make: Make) -> None:
    given = {"promised_at": "2026-11-30", "subject": "delivery"}
    with pytest.raises(RuleBroken, match="once the proposal is approved"):
        take(make.session, complaint_in(make, "proposed"), "promise", given)
    assert make.steps(complaint_in(make, "executing"), ("promise", given)).status == "executing"
    with pytest.raises(ValidationError, match="Nothing is left to deliver"):
        take(make.session, complaint_in(make, "following_up"), "promise", given)


# What counts as contact: whoever hears something of the customer's case has been contacted.


def test_who_is_told_something_at_the_acceptance_has_been_contacted(make: Make) -> None:
    told = {"promised_at": "2026-11-24", "told_by": "phone", "told": "已受理，明天答复"}
    record = make.steps(make.complaint(), "sign", ("accept", told))
    assert record.contacted_at == make.session.clock()


def test_a_channel_without_words_is_no_contact(make: Make) -> None:
    """The acceptance suggests the channel of the complaint: nothing was said by that."""
    record = make.steps(make.complaint(), "sign", ("accept", {"promised_at": "2026-11-24", "told_by": "phone"}))
    assert record.contacted_at is None
    record = make.steps(record, ("notice", {"step": "accept", "way": "phone"}))
    assert record.contacted_at is None


def test_the_first_notice_that_says_something_is_the_contact(make: Make) -> None:
    record = make.steps(make.complaint(received_at="2026-11-23 08:00"), "sign", ("accept", {"promised_at": "2026-11-24"}))
    record = make.steps(record, ("notice", {"step": "accept", "text": "已受理", "at": "2026-11-23 09:00"}))
    first = record.contacted_at
    assert moment_of(make.session, record, "contacted_at") == record.contacted_at
    record = make.steps(record, ("investigate", {"at": "2026-11-23 10:00", "findings": "属实"}))
    assert record.contacted_at == first
