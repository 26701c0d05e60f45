"""What the course of cases gives to the figures: promises, deadlines, follow-ups, deliveries, each by the steps themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.core import database as store
from app.core.errors import UserError
from app.core.session import Session
from app.models import agreements, branches, dispatches
from app.models.complaints import Complaint
from app.models.objections import Objection
from app.services import figures, figures_by, workplace
from app.services.figures_cases import MISSED, cases
from app.services.figures_json import as_json
from app.services.periods import month_of
from tests.make import Make
from tests.services.figures_cases import NOW
from tests.services.taking_in import bring_in

NOVEMBER = month_of(date(2026, 11, 1))


class Clock:
    """The time as a test sets it, local."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def turn_to(self, day: int, hour: int = 10, month: int = 11) -> None:
        self.now = datetime(2026, month, day, hour, tzinfo=UTC) - timedelta(hours=8)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def session(tmp_path: Path, clock: Clock) -> Iterator[Session]:
    opened = workplace.init(tmp_path / "data", {"code": "CD", "name": "城东分公司"}, user="王敏", clock=clock)
    yield opened
    store.close()


@pytest.fixture
def make(session: Session) -> Make:
    return Make(session)


def counted(session: Session, month: int = 11) -> figures.Figures:
    return figures.compute(session, month_of(date(2026, month, 1)))


def numbers(session: Session, figure: str, code: str = "") -> list[tuple[str, int]]:
    return [(behind.listing, len(behind.query.ids or ())) for behind in cases(session, NOVEMBER, figure, code)]


def accepted(make: Make, promised: str, **values: Any) -> Complaint:
    return make.steps(make.complaint(**values), "sign", ("accept", {"promised_at": promised}))


def answered(make: Make, case: Complaint) -> Complaint:
    proposed = ("propose", {"text": "道歉", "lines": [{"remedy": "apology"}]})
    return make.steps(case, ("investigate", {"findings": "属实"}), proposed, ("reply", {"reply_text": "已道歉"}))


def test_a_promise_counts_once_its_time_is_over(session: Session, make: Make, clock: Clock) -> None:
    clock.turn_to(3)
    accepted(make, "2026-11-05 12:00")
    accepted(make, "2026-11-05")
    assert counted(session).promise_kept_rate is None
    clock.turn_to(5, 12)
    assert counted(session).promise_kept_rate == 0, "due at this very moment, and not kept"
    assert numbers(session, "promise_kept_rate", MISSED) == [("promises", 1)]
    clock.turn_to(6, 0)
    assert numbers(session, "promise_kept_rate", MISSED) == [("promises", 2)]


def test_a_promise_that_was_moved_and_kept_by_the_later_day_was_not_kept(session: Session, make: Make, clock: Clock) -> None:
    clock.turn_to(3)
    case = accepted(make, "2026-11-05")
    clock.turn_to(5)
    case = make.steps(case, ("promise", {"promised_at": "2026-11-10"}))
    clock.turn_to(9)
    answered(make, case)
    clock.turn_to(12)
    assert counted(session).promise_kept_rate == 0.5
    assert numbers(session, "promise_kept_rate") == numbers(session, "promise_kept_rate", MISSED) == [("promises", 1)]


def test_promises_of_a_month_are_those_that_fell_due_in_it(session: Session, make: Make, clock: Clock) -> None:
    clock.turn_to(30, month=10)
    for due in ("2026-10-31", "2026-11-01 00:00", "2026-11-30", "2026-12-01 00:00"):
        accepted(make, due)
    clock.turn_to(5, month=12)
    assert counted(session).promise_kept_rate == 0
    assert [numbers(session, "promise_kept_rate", MISSED)] == [[("promises", 2)]]


def test_promises_narrow_with_the_cases_that_gave_them(session: Session, make: Make, clock: Clock) -> None:
    clock.turn_to(3)
    accepted(make, "2026-11-05", channel="phone")
    answered(make, accepted(make, "2026-11-05", channel="letter"))
    make.steps(make.objection(channel="phone"), ("promise", {"promised_at": "2026-11-04"}), "reply")
    clock.turn_to(8)
    assert counted(session).promise_kept_rate == pytest.approx(2 / 3)
    for channel, kept in (("phone", 0.5), ("letter", 1.0), ("fax", None)):
        chosen = figures_by.chosen(session, [("channel", channel)])
        assert figures.compute(session, NOVEMBER, chosen).promise_kept_rate == kept, channel


def test_a_void_promise_is_none(session: Session, make: Make, clock: Clock) -> None:
    clock.turn_to(3)
    make.steps(accepted(make, "2026-11-05"), ("void", {"reason": "重复登记"}))
    clock.turn_to(8)
    assert counted(session).promise_kept_rate is None


def urgent(make: Make, **values: Any) -> Complaint:
    """One that is to be solved within 24 hours."""
    return accepted(make, "2026-11-30", severity="urgent", received_at=make.session.clock(), **values)


def test_a_deadline_is_met_by_the_reply_of_the_last_round(session: Session, make: Make, clock: Clock) -> None:
    clock.turn_to(3)
    early, late, _never = (urgent(make) for _ in range(3))
    answered(make, early)
    assert counted(session).on_time_rate is None
    clock.turn_to(4, 11)
    answered(make, late)
    assert counted(session).on_time_rate == pytest.approx(1 / 3)
    assert (numbers(session, "on_time_rate"), numbers(session, "on_time_rate", MISSED)) == (
        [("complaints", 1)],
        [("complaints", 2)],
    )
    clock.turn_to(6)
    make.steps(make.again(early), ("waive", {"reason": "不要"}), "dispatch")
    order = dispatches.of_case(make.again(early))[0]
    make.steps(order, "accept", "deliver")
    make.steps(make.again(early), ("follow-up", {"result_score": 1, "dissatisfied_about": "不诚恳"}))
    assert counted(session).on_time_rate == 0, "the round that was opened anew has no reply"


def test_a_refusal_is_an_answer_and_a_pause_stands_still(session: Session, make: Make, clock: Clock) -> None:
    clock.turn_to(3)
    make.steps(
        make.complaint(severity="urgent", received_at=clock()), "sign", ("reject", {"reason": "非我司", "turn_to": "12315"})
    )
    paused = make.steps(urgent(make), ("pause", {"reason": "等样品"}))
    clock.turn_to(8)
    assert counted(session).on_time_rate == 1
    assert numbers(session, "on_time_rate", MISSED) == [("complaints", 0)]
    make.steps(paused, "resume")
    clock.turn_to(9, 11)
    assert counted(session).on_time_rate == 0.5, "the deadline moved by five days, and is over"


def test_a_deadline_that_was_extended_counts_by_the_new_day(session: Session, make: Make, clock: Clock) -> None:
    clock.turn_to(3)
    make.steps(urgent(make), ("extend", {"until": "2026-12-03 18:00", "reason": "等厂家"}))
    clock.turn_to(5, month=12)
    assert counted(session).on_time_rate is None
    assert counted(session, 12).on_time_rate == 0


def test_imported_complaints_without_a_known_reply_are_late_only_while_open(
    session: Session, clock: Clock, tmp_path: Path
) -> None:
    register = (
        "投诉日期,投诉内容,客户名称,答复时间,办结日期,满意度\n"
        "2026-11-02,甲,甲店,,2026-11-20,4\n"
        "2026-11-02,乙,乙店,2026-11-03,2026-11-20,1\n"
        "2026-11-02,丙,丙店,,,5\n"
    )
    assert bring_in(session, tmp_path, register).created == 3
    assert counted(session).on_time_rate == 0.5
    assert (counted(session).satisfied_rate, counted(session).satisfaction_mean) == (0.5, 2.5)
    assert numbers(session, "satisfied_rate") == [("complaints", 2)]


def test_satisfaction_is_what_the_follow_ups_say(session: Session, make: Make, clock: Clock) -> None:
    clock.turn_to(30, month=10)
    case = make.steps(answered(make, accepted(make, "2026-11-30")), ("waive", {"reason": "不要"}), "dispatch")
    make.steps(dispatches.of_case(make.again(case))[0], "accept", "deliver")
    again = make.again(case)
    asked = [{"reached": False}, {"result_score": 3}, {"result_score": 5}]
    for day, values in zip((31, 1, 2), asked, strict=True):
        clock.turn_to(day, month=10 if day == 31 else 11)
        again = make.steps(again, ("follow-up", values))
    clock.turn_to(20)
    make.steps(again, ("close", {"satisfaction": 5, "reason": "没有通知"}))
    assert counted(session, 10).satisfaction_mean is None, "nobody was reached"
    assert (counted(session).satisfied_rate, counted(session).satisfaction_mean) == (0.5, 4)
    assert numbers(session, "satisfaction_mean") == [("complaints", 1)]


LINES = [
    {"remedy": "replace", "quantity": "6", "unit": "条", "amount": "0"},
    {"remedy": "money", "amount": "120.50"},
    {"remedy": "apology"},
]


def signed(make: Make, lines: list[dict[str, str]]) -> Complaint:
    """A complaint whose agreement on these lines is signed, with everything dispatched."""
    case = make.steps(accepted(make, "2026-11-30", received_at=make.session.clock()), ("investigate", {"findings": "属实"}))
    proposed = ("propose", {"text": "更换", "lines": lines, "valid": True})
    case = make.steps(case, proposed, ("reply", {"reply_text": "更换"}), "agreement")
    make.steps(agreements.editions(make.session, case)[0], "release", ("sign-agreement", {"signed_by": "陈"}))
    return make.steps(make.again(case), "dispatch")


def test_what_was_promised_is_held_against_what_was_delivered(session: Session, make: Make, clock: Clock) -> None:
    clock.turn_to(28, month=10)
    case = signed(make, LINES)
    orders = dispatches.of_case(case)
    goods = next(order for order in orders if order.department == "warehouse")
    make.steps(goods, "accept", ("deliver", {"lines": [{"line": 1, "quantity": "2.5"}]}))
    clock.turn_to(4)
    for order in orders:
        order = make.again(order)
        make.steps(order, *(["accept"] if order.status == "issued" else []), "deliver")
    assert as_json(counted(session, 10))["promised_vs_delivered"] == [
        {"code": "replace", "unit": "条", "agreed": "6", "delivered": "2.5", "owed": "3.5"},
        {"code": "money", "unit": "元", "agreed": "120.50", "delivered": "0.00", "owed": "120.50"},
        {"code": "apology", "unit": "次", "agreed": "1", "delivered": "0", "owed": "1"},
    ]
    assert counted(session).promised_vs_delivered == (), "signed in October"


def test_the_same_remedy_in_two_units_is_two_rows(session: Session, make: Make, clock: Clock) -> None:
    clock.turn_to(10)
    gift = {"remedy": "gift", "amount": "0"}
    signed(make, [gift | {"quantity": "1", "unit": "份"}, gift | {"quantity": "2", "unit": "盒"}])
    signed(make, [gift | {"quantity": "3", "unit": "盒"}])
    rows = [(row.code, row.unit, row.agreed, row.owed) for row in counted(session).promised_vs_delivered]
    assert rows == [("gift", "份", Decimal(1), Decimal(1)), ("gift", "盒", Decimal(5), Decimal(5))]
    assert numbers(session, "promised_vs_delivered", "gift|盒") == [("agreements", 2)]
    assert numbers(session, "promised_vs_delivered", "gift|份") == [("agreements", 1)]


def test_an_objection_that_became_a_complaint_later_had_not_by_then(session: Session, make: Make, clock: Clock) -> None:
    clock.turn_to(30, month=10)
    objection = make.objection(occurred_at="2026-10-29")
    clock.turn_to(2)
    make.steps(objection, "escalate")
    assert Objection.get().status == "escalated"
    assert counted(session, 10).escalated == 0
    objection = make.objection(occurred_at="2026-11-01")
    make.steps(objection, "escalate")
    assert counted(session).escalated == 1
    assert numbers(session, "escalated") == [("objections", 1)]


def test_the_factor_of_the_silent_is_a_setting(session: Session, make: Make) -> None:
    make.complaint()
    assert counted(session).silent_estimate == 24
    branches.change_settings(session, {"silent_factor": 9})
    assert counted(session).silent_estimate == 9


def test_the_branch_itself_is_all_of_its_cases_and_another_one_is_refused(session: Session) -> None:
    for typed in ("CD", "cd", "城东分公司"):
        assert figures_by.chosen(session, [("branch", typed), ("channel", "phone")]) == figures_by.chosen(
            session, [("channel", "phone")]
        )
    with pytest.raises(UserError, match="the cases of CD 城东分公司 alone"):
        figures_by.chosen(session, [("branch", "XC")])
