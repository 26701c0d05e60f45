"""Periods: their borders in local time, what they are compared with, and how they are typed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from app.core import language
from app.core.errors import UserError
from app.services import periods
from app.services.periods import Kind, Period, days, month_of, quarter_of, read, year_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 23)


def test_a_month_begins_and_ends_at_local_midnight() -> None:
    assert read("2026-11", TODAY).bounds(SHANGHAI) == (
        datetime(2026, 10, 31, 16, tzinfo=UTC),
        datetime(2026, 11, 30, 16, tzinfo=UTC),
    )


def test_a_month_in_which_the_clock_is_changed_still_ends_at_local_midnight() -> None:
    start, end = read("2026-03", TODAY).bounds(ZoneInfo("Europe/Berlin"))
    assert (start, end) == (datetime(2026, 2, 28, 23, tzinfo=UTC), datetime(2026, 3, 31, 22, tzinfo=UTC))


@pytest.mark.parametrize(
    ("typed", "start", "end", "kind"),
    [
        ("2026-11", date(2026, 11, 1), date(2026, 12, 1), Kind.MONTH),
        (" 202612 ", date(2026, 12, 1), date(2027, 1, 1), Kind.MONTH),
        ("last", date(2026, 10, 1), date(2026, 11, 1), Kind.MONTH),
        ("this", date(2026, 11, 1), date(2026, 12, 1), Kind.MONTH),
        ("2026-Q4", date(2026, 10, 1), date(2027, 1, 1), Kind.QUARTER),
        ("2025", date(2025, 1, 1), date(2026, 1, 1), Kind.YEAR),
    ],
)
def test_periods_are_read_as_typed(typed: str, start: date, end: date, kind: Kind) -> None:
    assert read(typed, TODAY) == Period(start, end, kind)


@pytest.mark.parametrize("typed", ["0000-01", "0000", "0001-01", "1899-Q4", "2201", "9999", "9999-12"])
def test_a_year_at_the_ends_of_the_calendar_is_refused(typed: str) -> None:
    with pytest.raises(UserError, match="out of range"):
        periods.read(typed, TODAY)


@pytest.mark.parametrize(("first", "last"), [(date.min, date(2026, 1, 1)), (date(2026, 1, 1), date.max)])
def test_chosen_days_at_the_ends_of_the_calendar_are_refused(first: date, last: date) -> None:
    with pytest.raises(UserError, match="out of range"):
        periods.days(first, last)


@pytest.mark.parametrize("typed", ["", "2026-13", "2026-00", "26-11", "november", "2026-11-01", "2026-Q5"])
def test_what_is_no_month_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(UserError, match="2026-11"):
        read(typed, TODAY)


def test_the_period_before_is_of_the_same_kind() -> None:
    assert month_of(date(2026, 1, 15)).previous() == month_of(date(2025, 12, 1))
    assert quarter_of(date(2026, 2, 1)).previous() == quarter_of(date(2025, 12, 31))
    assert year_of(date(2026, 2, 1)).previous() == year_of(date(2025, 2, 1))
    assert days(date(2026, 11, 10), date(2026, 11, 19)).previous() == days(date(2026, 10, 31), date(2026, 11, 9))


def test_following_undoes_previous() -> None:
    for period in (month_of(TODAY), quarter_of(TODAY), year_of(TODAY), days(date(2026, 11, 10), date(2026, 11, 19))):
        assert period.previous().following() == period


def test_the_same_days_a_year_earlier_know_leap_days() -> None:
    assert month_of(date(2028, 2, 3)).year_before() == month_of(date(2027, 2, 3))
    assert month_of(date(2029, 2, 3)).year_before() == month_of(date(2028, 2, 3))
    assert month_of(date(2029, 2, 3)).year_before().last_day == date(2028, 2, 29)
    assert days(date(2028, 2, 29), date(2028, 2, 29)).year_before() == days(date(2027, 2, 28), date(2027, 2, 28))
    assert days(date(2028, 2, 20), date(2028, 2, 29)).year_before() == days(date(2027, 2, 20), date(2027, 2, 28))


def test_figures_are_as_of_the_end_or_the_present_whichever_is_earlier() -> None:
    present = datetime(2026, 11, 23, 6, 32, tzinfo=UTC)
    assert read("2026-11", TODAY).now(present, SHANGHAI) == present
    assert read("2026-10", TODAY).now(present, SHANGHAI) == datetime(2026, 10, 31, 16, tzinfo=UTC)


def test_a_period_wholly_in_the_future_is_refused_by_local_time() -> None:
    before_midnight, at_midnight = datetime(2026, 11, 30, 15, 59, tzinfo=UTC), datetime(2026, 11, 30, 16, tzinfo=UTC)
    with pytest.raises(UserError, match="2026-12-01"):
        read("2026-12", TODAY).now(before_midnight, SHANGHAI)
    assert read("2026-12", TODAY).now(at_midnight, SHANGHAI) == at_midnight


def test_the_trend_has_13_months_ending_with_the_last_day() -> None:
    months = list(days(date(2026, 10, 20), date(2026, 11, 2)).trend_months())
    assert (months[0].month, months[-1].month, len(months)) == ("2025-11", "2026-11", 13)


def test_chosen_days_must_be_in_order() -> None:
    with pytest.raises(UserError, match="before"):
        days(date(2026, 11, 2), date(2026, 11, 1))


def test_a_day_that_the_other_month_lacks_becomes_its_last() -> None:
    assert periods.add_months(date(2026, 3, 31), -1) == date(2026, 2, 28)
    assert periods.add_months(date(2027, 11, 30), 3) == date(2028, 2, 29)


def test_labels_speak_the_language() -> None:
    assert read("2026-11", TODAY).label() == "2026-11"
    assert read("2026-Q4", TODAY).label() == "2026 Q4"
    language.choose("zh_CN")
    assert read("2026-11", TODAY).label() == "2026年11月"
