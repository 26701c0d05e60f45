"""A period beside the earlier ones, what fell due, what is missing and overdue, and the cases of a narrowed page."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.core import language
from app.models.listing import LISTINGS
from app.services import cases_behind, figures, figures_by, overdue_cases, period_report, periods
from app.services.period_lines import Line
from app.services.period_report import Report
from tests.conftest import Clock
from tests.make import Make

NOVEMBER = periods.month_of(date(2026, 11, 1))


def line(report: Report, code: str, listing: str) -> Line:
    return next(one for one in report.lines if (one.code, one.listing) == (code, listing))


@pytest.fixture
def shop(make: Make) -> str:
    """Three objections in November and one in October, of one customer."""
    number = make.customer(name="城南批发部").number
    now = make.session.clock()
    for days in (1, 2, 3, 40):
        make.objection(customer=number, occurred_at=now - timedelta(days=days), content="price", handler="刘洋")
    return number


def test_changes_are_told_in_words_and_numbers(make: Make, shop: str) -> None:
    report = period_report.load(make.session, NOVEMBER)
    found = line(report, "objections", "objections")
    assert (found.number, found.unit, found.earlier) == ("3", "cases", ("1",))
    (change,) = found.changes
    assert (change.sentence, change.difference) == ("2 more than last month", "+2 (+200.0 %)")
    assert (change.direction, change.good) == (1, 0)
    closed = line(report, "close_rate", "objections").changes[0]
    assert (closed.sentence, closed.difference, closed.good) == ("as much as last month", "±0", 0)
    spot = line(report, "same_day_reply_rate", "complaints")
    assert (spot.number, spot.changes[0].sentence) == ("—", "nothing to compare from last month")


def test_a_rate_that_falls_is_worse_and_hours_that_fall_are_better(make: Make, shop: str) -> None:
    now = make.session.clock()
    old = make.objection(customer=shop, occurred_at=now - timedelta(days=41))
    make.steps(old, ("close", {"result": "好", "solved_on_spot": True}))
    report = period_report.load(make.session, NOVEMBER)
    (change,) = line(report, "solved_on_spot_rate", "objections").changes
    assert (change.sentence, change.difference) == ("50.0 points below last month", "−50.0 points")
    assert (change.direction, change.good) == (-1, -1)


def test_what_is_not_known_is_said_instead_of_compared(make: Make, shop: str) -> None:
    report = period_report.load(make.session, NOVEMBER)
    assert [one.when for one in report.earlier] == ["last month"]
    assert report.unknown == ("a year ago",)
    assert report.unfinished
    assert not report.empty
    told = list(report.notes("2026-11-23"))
    assert told == [
        "Not over yet: counted until 2026-11-23, while the earlier periods are whole ones.",
        "There are no records from a year ago to compare with.",
    ]


def test_a_year_is_compared_once(make: Make, shop: str) -> None:
    report = period_report.load(make.session, periods.year_of(date(2026, 1, 1)))
    assert [one.when for one in report.compared] == ["the year before"]
    assert report.trend[-1].month == date(2026, 11, 1)


def test_missing_classifications_are_counted_by_what_they_lack(make: Make, shop: str) -> None:
    make.complaint(complainant="路人", **{"class": "service"})
    make.complaint(customer=shop)
    missing = {one.figure: one.cases for one in period_report.load(make.session, NOVEMBER).missing}
    expected = {"by_cause": 3, "complaints_by_class": 1, "complaints_by_cause": 2, "complaints_by_customer": 1}
    assert missing == expected
    for figure, count in expected.items():
        (behind,) = cases_behind.cases(make.session, NOVEMBER, figure, "unclassified")
        assert LISTINGS[behind.listing].count(make.session, behind.query).rows == count


def test_members_are_counted_each_by_itself(make: Make, shop: str) -> None:
    make.objection(customer=shop, handler="孙丽")
    counted = figures.compute(make.session, NOVEMBER)
    members = period_report.members(make.session, counted, "handler")
    assert [(one.label, one.figures.objections) for one in members] == [("刘洋", 3), ("孙丽", 1)]
    chosen = figures_by.chosen(make.session, period_report.conditions(members[1].figures.only))
    assert members[1].figures == figures.compute(make.session, NOVEMBER, chosen)


def test_narrowed_figures_lead_to_the_narrowed_cases_alone(make: Make, shop: str) -> None:
    make.objection(customer=shop, content="price", handler="孙丽")
    make.proposed(customer=shop)
    chosen = figures_by.chosen(make.session, [("handler", "孙丽")])
    counted = figures.compute(make.session, NOVEMBER, chosen)

    def count(figure: str, code: str = "") -> int:
        found = cases_behind.cases(make.session, NOVEMBER, figure, code, chosen)
        return sum(cases_behind.weight(make.session, one) for one in found)

    assert count("objections") == counted.objections == 1
    assert count("by_content", "price") == 1
    assert count("backlog") == counted.backlog == 1
    assert count("trend.objections", "2026-10") == 0
    assert count("close_rate") == 0


def test_overdue_cases_say_what_is_due_first_and_whose_turn_it_was(make: Make, shop: str, clock: Clock) -> None:
    session = make.session
    case = make.steps(make.complaint(customer=shop), "sign", ("accept", {"promised_at": "2026-11-24"}))
    accepted = clock()
    assert overdue_cases.overdue(session, NOVEMBER, 10) == (0, ())
    clock.advance(days=3)
    count, (late,) = overdue_cases.overdue(session, NOVEMBER, 10)
    assert (count, late.row.case, late.row.customer, late.row.subject) == (1, case.number, "城南批发部", "reply")
    assert (late.row.due, late.row.days, late.kind) == (date(2026, 11, 24), 2, "complaint")
    assert (late.holder, late.since) == ("王敏", accepted)
    make.steps(case, ("investigate", {"findings": "属实"}))
    assert overdue_cases.overdue(session, NOVEMBER, 10)[1][0].since == clock()
    assert overdue_cases.overdue(session, periods.month_of(date(2026, 10, 1)), 10)[0] == 0
    other = figures_by.chosen(session, [("handler", "刘洋")])
    assert overdue_cases.overdue(session, NOVEMBER, 10, other)[0] == 0


def test_promises_and_deadlines_are_counted_as_met_or_missed(make: Make, shop: str, clock: Clock) -> None:
    make.steps(make.complaint(customer=shop), "sign", ("accept", {"promised_at": "2026-11-24"}))
    clock.advance(days=3)
    report = period_report.load(make.session, NOVEMBER)
    kept = {one.figure: (one.met, one.missed) for one in report.kept}
    assert kept["promise_kept_rate"] == (0, 1)
    assert report.figures.promise_kept_rate == 0


def test_words_are_chinese_where_that_is_chosen(make: Make, shop: str) -> None:
    language.choose("zh_CN")
    found = line(period_report.load(make.session, NOVEMBER), "objections", "objections")
    assert (found.label, found.unit, found.changes[0].sentence) == ("异议", "件", "比上月多 2 件")
