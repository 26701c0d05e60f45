"""Days and times are read in the notations that registers use."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import UserError
from app.services.register_dates import NOTATIONS, TIMES, check_formats, read_moment, read_time

DAY = date(2024, 1, 5)
HALF_PAST_TWO = datetime(2024, 1, 5, 14, 30)


OTHERS = ("2024-01-05", "2024/01/05", "2024年01月05日", "01/05/2024", "２０２４－１－５", "45296", " 2024-1-5 ")


@pytest.mark.parametrize("text", [*NOTATIONS[:6], *OTHERS])
def test_a_day_alone_is_a_day(text: str) -> None:
    found = read_moment(text)
    assert found == DAY
    assert not isinstance(found, datetime)


@pytest.mark.parametrize(
    "text",
    ["2024-1-5 14:30", "2024/1/5 2:30 PM", "2024年1月5日 下午2:30", "2024年1月5日14时30分", "2024.01.05 14:30:00",
     "01/05/2024 02:30:00 PM", "20240105 14:30", "2024-01-05T14:30", "2024-1-5 14点半", "2024-01-05 14:30:00.000"],
)  # fmt: skip
def test_a_day_with_a_time_is_an_instant(text: str) -> None:
    assert read_moment(text) == HALF_PAST_TWO


def test_a_stated_zone_is_kept() -> None:
    assert read_moment("2024-01-05T06:30:00Z") == HALF_PAST_TWO.replace(hour=6, tzinfo=UTC)
    assert read_moment(NOTATIONS[6]) == HALF_PAST_TWO.replace(tzinfo=timezone(timedelta(hours=8)))


def test_midnight_and_noon_of_twelve_hours() -> None:
    assert read_moment("12/31/2018 12:00:00 AM") == datetime(2018, 12, 31)
    assert read_moment("12/31/2018 12:00:00 PM") == datetime(2018, 12, 31, 12)
    assert read_moment("2024-1-5 中午12:30") == HALF_PAST_TWO.replace(hour=12)


def test_every_documented_notation_is_read() -> None:
    assert all(read_moment(text) for text in NOTATIONS)
    assert all(read_time(text) for text in TIMES)


@pytest.mark.parametrize("raw", ["2024", "5", "1131029", "abc", "2024-01-05 25:00", "", True, "1/5/24", "2024-1-5 x", 4.5])
def test_what_is_no_date_is_said_so(raw: object) -> None:
    with pytest.raises(UserError, match="none of the date notations"):
        read_moment(raw)


@pytest.mark.parametrize("text", ["2024-2-30", "13/13/2024", "20241301", "2024年0月1日"])
def test_days_that_do_not_exist_are_named(text: str) -> None:
    with pytest.raises(UserError, match="does not exist"):
        read_moment(text)


@pytest.mark.parametrize("text", ["1131029", "113/10/29", "113.10.29", "民國113年10月29日"])
def test_years_of_the_republic_are_read_where_they_are_named(text: str) -> None:
    assert read_moment(text, ("roc",)) == date(2024, 10, 29)


def test_named_formats_replace_the_usual_ones() -> None:
    assert read_moment("05.01.2024", ("%d.%m.%Y",)) == DAY
    assert read_moment("05/01/2024 14:30", ("%d/%m/%Y", "%d/%m/%Y %H:%M")) == HALF_PAST_TWO
    assert read_moment("366", ("excel",)) == date(1900, 12, 31)
    with pytest.raises(UserError):
        read_moment("2024-01-05", ("%d.%m.%Y",))


def test_formats_that_cannot_work_are_found() -> None:
    assert check_formats(("%Y.%m.%d", "excel", "roc", "%Y年%m月%d日")) is None
    assert check_formats(("%Y.%m.%d", "yyyy")) == "yyyy"
    assert check_formats(("%H:%M",)) == "%H:%M"


@given(st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31)))
def test_every_day_comes_back_from_every_notation(moment: datetime) -> None:
    day = moment.date()
    for pattern in ("{0.year}-{0.month}-{0.day}", "{0.year}年{0.month}月{0.day}日", "{0:%Y%m%d}", "{0.month}/{0.day}/{0.year}"):
        text = pattern.format(day)
        assert read_moment(text) == day
        assert read_moment(f"{text} {moment:%H:%M:%S}") == moment.replace(microsecond=0)
