"""A customer besides its cases: grades with reasons, lost and back, the contact log, and people who stay in the list."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from app.core.errors import RuleBroken, UserError, ValidationError
from app.models import customer_steps, history
from app.models.customer_queries import active_at, suggest
from app.models.customer_steps import CUSTOMER_STEPS, gradings
from app.models.customers import ContactEntry
from app.models.history import History
from app.models.record import edit, parts_of, values_of
from app.models.steps import options, take, void
from tests.make import Make

ASKED: dict[str, dict[str, Any]] = {
    "log": {"kind": "visit", "text": "看了陈列"},
    "grade": {"tier": "key", "reason": "近三月销量进入前 10 %"},
    "lose": {"lost_reason": "改从别处进货"},
    "void": {"reason": "重复"},
}
ROADS: dict[str, tuple[str, ...]] = {"active": (), "lost": ("lose",), "ended": ("end",), "voided": ("void",)}
LEGAL = {
    ("active", "lose"): "lost",
    ("ended", "lose"): "lost",
    ("active", "end"): "ended",
    ("lost", "end"): "ended",
    ("lost", "return"): "active",
    ("ended", "return"): "active",
} | {
    (status, step): "voided" if step == "void" else status
    for status in ("active", "lost", "ended")
    for step in ("log", "grade", "void")
}


def customer_in(make: Make, status: str) -> Any:
    return make.steps(make.customer(), *((step, ASKED.get(step, {})) for step in ROADS[status]))


@pytest.mark.parametrize("status", ROADS)
@pytest.mark.parametrize("step", [step.code for step in CUSTOMER_STEPS])
def test_steps_lead_on_or_are_refused_and_leave_nothing_changed(make: Make, status: str, step: str) -> None:
    customer = customer_in(make, status)
    wanted = LEGAL.get((status, step))
    assert {one.step.code: one.possible for one in options(make.session, customer)}[step] is (wanted is not None)
    if wanted is not None:
        assert take(make.session, customer, step, ASKED.get(step, {})).status == wanted
        return
    before = (make.again(customer).__data__, History.select().count())
    with pytest.raises(RuleBroken, match=customer.number):
        take(make.session, customer, step, ASKED.get(step, {}))
    assert (make.again(customer).__data__, History.select().count()) == before


def test_grades_are_kept_with_their_reasons(make: Make, clock: Any) -> None:
    customer = make.customer(tier="ordinary")
    make.steps(customer, ("grade", {"tier": "key", "reason": "销量进入前 10 %"}))
    clock.advance(days=3)
    make.steps(make.again(customer), ("grade", {"tier": "key", "integrity": "B", "reason": "诚信评定"}))
    found = [(one.field, one.old, one.new, one.step, one.reason, one.who) for one in gradings(customer)]
    assert found == [
        ("tier", "ordinary", "key", "grade", "销量进入前 10 %", "王敏"),
        ("integrity", None, "B", "grade", "诚信评定", "王敏"),
    ]
    assert gradings(customer)[1].at - gradings(customer)[0].at == timedelta(days=3)


@pytest.mark.parametrize("given", [{}, {"tier": "ordinary"}])
def test_a_grading_changes_something_and_has_a_reason(make: Make, given: dict[str, Any]) -> None:
    customer = make.customer(tier="ordinary")
    with pytest.raises(ValidationError, match="Nothing changes"):
        take(make.session, customer, "grade", given | {"reason": "x"})
    with pytest.raises(ValidationError, match="Reason"):
        take(make.session, customer, "grade", {"tier": "key"})


@pytest.mark.parametrize(("code", "value"), [("tier", "key"), ("integrity", "A"), ("tier", None)])
def test_a_form_cannot_change_a_grade_and_says_which_step_can(make: Make, code: str, value: Any) -> None:
    customer = make.customer(tier="ordinary")
    with pytest.raises(ValidationError, match="the step “grade”") as caught:
        edit(make.session, customer, {code: value, "route": "城东"}, customer.version)
    assert list(caught.value.errors) == [code]
    assert make.again(customer).route is None


def test_a_form_that_leaves_the_grades_as_they_are_is_taken(make: Make) -> None:
    customer = make.customer(tier="ordinary")
    assert edit(make.session, customer, {"tier": "ordinary", "integrity": None, "route": "城东"}, 1).route == "城东"


def test_a_lost_customer_has_reason_and_day_and_can_come_back(make: Make) -> None:
    lost = make.steps(make.customer(), ("lose", {"lost_reason": "改从别处进货", "lost_on": "2026-11-20"}))
    assert (lost.lost_on, lost.lost_reason) == (date(2026, 11, 20), "改从别处进货")
    back = make.steps(lost, ("return", {"note": "老板又来订货"}))
    assert (back.status, back.lost_on, back.lost_reason, back.lost_until) == ("active", None, None, None)
    told = [(one.action, one.note) for one in history.of("customer", back.id) if one.action in ("lose", "return")]
    assert told == [("lose", "改从别处进货"), ("return", "老板又来订货")]


def test_nobody_is_lost_before_they_came_or_in_the_future(make: Make) -> None:
    customer = make.customer(customer_since="2026-10-01")
    for day, why in (("2026-09-30", "cannot lie before"), ("2026-11-24", "future")):
        with pytest.raises(ValidationError, match=why):
            take(make.session, customer, "lose", {"lost_reason": "x", "lost_on": day})
    with pytest.raises(ValidationError, match="cannot lie before"):
        take(make.session, customer, "end", {"ended_on": "2026-09-30"})


def test_who_left_counts_until_that_day(make: Make) -> None:
    make.steps(make.customer(), ("lose", {"lost_reason": "x", "lost_on": "2026-11-20"}))
    make.steps(make.customer(), ("end", {"ended_on": "2026-11-10"}))
    make.steps(make.customer(), ("void", {"reason": "x"}))
    make.customer()
    assert [active_at(make.session, date(2026, 11, day)) for day in (9, 10, 19, 20)] == [3, 2, 2, 1]


def test_the_log_only_grows_by_a_row_and_a_line_of_history(make: Make) -> None:
    customer = make.customer(contacts=[{"name": "周建国"}])
    for number in range(3):
        rows, lines, version = ContactEntry.select().count(), History.select().count(), make.again(customer).version
        first = [line.id for line in parts_of(customer, "log")]
        make.steps(make.again(customer), ("log", {"kind": "visit", "text": f"第 {number} 次"}))
        assert (ContactEntry.select().count(), History.select().count()) == (rows + 1, lines + 1)
        assert [line.id for line in parts_of(customer, "log")][:-1] == first
        assert make.again(customer).version == version
    last = history.of("customer", customer.id)[-1]
    assert last.field == "log"
    assert "第 2 次" in (last.new or "")
    assert "第 1 次" not in (last.new or "")


def test_an_entry_has_time_and_person_of_its_own_or_of_who_writes(make: Make) -> None:
    customer = make.customer()
    make.steps(customer, ("log", {"kind": "phone", "text": "问到货"}))
    make.steps(customer, ("log", {"kind": "gift", "text": "端午慰问", "at": "2026-06-18", "who": "刘洋"}))
    now, earlier = values_of(make.session, customer)["log"]
    assert (now["at"], now["who"]) == (make.session.clock(), "王敏")
    assert (earlier["at"], earlier["who"]) == (date(2026, 6, 18), "刘洋")


def test_a_survey_asks_three_questions_and_market_news_goes_on(make: Make) -> None:
    customer = make.customer()
    make.steps(customer, ("log", {"kind": "survey", "why_us": "送货准", "why_buy": "老顾客认", "improve": "新品少"}))
    make.steps(
        customer, ("log", {"kind": "market", "brand": "青峦（细支）", "company_told": "市场科 陈志强", "maker_told": "厂家代表"})
    )
    survey, market = values_of(make.session, customer)["log"]
    assert (survey["why_us"], survey["why_buy"], survey["improve"]) == ("送货准", "老顾客认", "新品少")
    assert (market["company_told"], market["company_told_on"]) == ("市场科 陈志强", date(2026, 11, 23))
    assert (market["maker_told"], market["maker_told_on"]) == ("厂家代表", date(2026, 11, 23))


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ({"kind": "visit"}, "text"),
        ({"kind": "survey"}, "why_us"),
        ({"kind": "market"}, "brand"),
        ({"kind": "visit", "text": "x", "why_us": "x"}, "why_us"),
        ({"kind": "visit", "text": "x", "brand": "x"}, "brand"),
        ({"text": "x"}, "kind"),
        ({"kind": "visit", "text": "x", "at": "2026-11-24"}, "at"),
    ],
)
def test_an_entry_says_something_of_its_kind(make: Make, entry: dict[str, Any], field: str) -> None:
    customer = make.customer()
    with pytest.raises(ValidationError) as caught:
        take(make.session, customer, "log", entry)
    assert list(caught.value.errors) == [field]
    assert ContactEntry.select().count() == 0


def test_the_log_cannot_be_edited(make: Make) -> None:
    customer = make.steps(make.customer(), ("log", ASKED["log"]))
    with pytest.raises(ValidationError, match="by steps only"):
        edit(make.session, customer, {"log": []}, customer.version)


def test_people_who_leave_stay_in_the_list(make: Make) -> None:
    customer = make.customer(contacts=[{"name": "李秀兰", "main": True}, {"name": "周雨"}])
    with pytest.raises(ValidationError, match="李秀兰 stays in the list"):
        edit(make.session, customer, {"contacts": [{"name": "周雨"}]}, customer.version)
    left = {"name": "李秀兰", "main": True, "until": "2026-06-02"}
    heir = {"name": "周建国", "main": True, "since": "2026-06-02"}
    edit(make.session, customer, {"contacts": [left, {"name": "周雨"}, heir]}, customer.version)
    assert [line["name"] for line in values_of(make.session, customer)["contacts"]] == ["李秀兰", "周雨", "周建国"]


def test_there_is_one_main_contact(make: Make) -> None:
    with pytest.raises(ValidationError, match="one main contact") as caught:
        make.customer(contacts=[{"name": "李秀兰", "main": True}, {"name": "周雨", "main": True}])
    assert list(caught.value.errors) == ["contacts[1].main"]


def test_a_customer_is_found_by_the_phone_of_a_contact(make: Make) -> None:
    customer = make.customer(contacts=[{"name": "周雨", "phone": "137 0000 5520"}])
    assert [one.number for one in suggest(make.session, "13700005520")] == [customer.number]


def test_voiding_is_a_step_like_the_others(make: Make) -> None:
    customer = void(make.session, make.customer(), "登错了")
    assert (customer.status, customer.void_reason) == ("voided", "登错了")
    with pytest.raises(UserError):
        void(make.session, customer, "again")
    assert customer_steps.CUSTOMER_STEPS[-1].danger
