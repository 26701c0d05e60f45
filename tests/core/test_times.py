"""Days and instants as people type them: today is Monday, 23 November 2026, 14:32 in Shanghai."""

from __future__ import annotations

import time as clock
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import fields, times
from app.core.errors import UserError
from app.core.fields import Field, Kind
from app.core.times import uptime

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 14, 32, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-11-23", date(2026, 11, 23)),
        ("2026/1/2", date(2026, 1, 2)),
        ("2026.01.02", date(2026, 1, 2)),
        ("2026年1月2日", date(2026, 1, 2)),
        ("２０２６－１－２", date(2026, 1, 2)),
        ("20260102", date(2026, 1, 2)),
        ("11-20", date(2026, 11, 20)),
        ("11月20日", date(2026, 11, 20)),
        ("今天", date(2026, 11, 23)),
        ("昨天", date(2026, 11, 22)),
        ("Yesterday", date(2026, 11, 22)),
        ("后天", date(2026, 11, 25)),
        ("周四", date(2026, 11, 26)),
        ("星期一", date(2026, 11, 23)),
        ("下周一", date(2026, 11, 30)),
        ("下个星期日", date(2026, 12, 6)),
        ("本周五", date(2026, 11, 27)),
        ("这周天", date(2026, 11, 29)),
        ("上礼拜三", date(2026, 11, 18)),
        ("+3", date(2026, 11, 26)),
        ("＋10", date(2026, 12, 3)),
        ("-1", date(2026, 11, 22)),
        ("3天后", date(2026, 11, 26)),
        ("三天之后", date(2026, 11, 26)),
        ("两日前", date(2026, 11, 21)),
        ("十天以前", date(2026, 11, 13)),
        ("大后天", date(2026, 11, 26)),
        ("大前天", date(2026, 11, 20)),
        ("二〇二六年十二月一日", date(2026, 12, 1)),
        ("二零二六年十一月二十三日", date(2026, 11, 23)),
        ("十二月三十一日", date(2026, 12, 31)),
        ("二○二七年一月十号", date(2027, 1, 10)),
        ("民国113年1月5日", date(2024, 1, 5)),
        ("民国一一三年一月五日", date(2024, 1, 5)),
        ("民国元年1月1日", date(1912, 1, 1)),
    ],
)
def test_days_are_read_as_people_write_them(typed: str, day: date) -> None:
    assert times.parse_moment(typed, NOW) == day
    assert times.parse_day(typed, NOW.date()) == day


@pytest.mark.parametrize(
    ("typed", "hour", "minute"),
    [("昨天 9:30", 9, 30), ("2026-11-22 09:30", 9, 30), ("11月22日 9点半", 9, 30), ("11-22 9时5分", 9, 5), ("昨天9：30", 9, 30)],
)
def test_times_behind_a_day_are_local(typed: str, hour: int, minute: int) -> None:
    assert times.parse_moment(typed, NOW) == datetime(2026, 11, 22, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize("typed", ["下周一 9:30", "下周一九点半", "+7 09:30", "7天后 九点三十分", "十一月三十日 9:30"])
def test_times_stand_behind_every_notation(typed: str) -> None:
    assert times.parse_moment(typed, NOW) == datetime(2026, 11, 30, 9, 30, tzinfo=SHANGHAI)


def test_weeks_are_named_from_their_monday_on() -> None:
    sunday = date(2026, 11, 29)
    assert [times.parse_day(typed, sunday).day for typed in ("上周一", "本周一", "周一", "下周一")] == [16, 23, 30, 30]


def test_a_time_alone_means_today() -> None:
    assert times.parse_moment("9:30", NOW) == datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


def test_iso_instants_keep_their_offset() -> None:
    assert times.parse_moment("2026-11-23T10:00:00+02:00", NOW) == datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert times.parse_moment("2026-11-23T10:00", NOW) == datetime(2026, 11, 23, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "typed",
    [
        "2026-02-30",
        "13-01",
        "明天 25:00",
        "someday",
        "2026",
        "11-23 soon",
        "+",
        "+1234",
        "+3-4",
        "3天",
        "正月初一",
        "二十二十月一日",
        "民国",
        "下周",
        "下周八",
        "0001-01-01T00:00",
        "9999-12-31T23:59-12:00",
    ],
)
def test_what_is_no_date_is_said(typed: str) -> None:
    with pytest.raises(UserError, match=r"Write|no date"):
        times.parse_moment(typed, NOW)


def test_the_examples_fit_what_is_asked() -> None:
    """What has happened lies behind, what is promised ahead, and a plain day has no time."""

    def said(kind: Kind, *, happened: bool) -> str:
        with pytest.raises(UserError) as raised:
            fields.read(Field("at", "At", kind, happened=happened), "someday", NOW)
        return str(raised.value).removeprefix("“someday” is no date. ")

    assert said(Kind.MOMENT, happened=True) == "Write 2026-11-20, 11-20, today or yesterday 9:30."
    assert said(Kind.DATE, happened=True) == "Write 2026-11-20, 11-20, today or yesterday."
    assert said(Kind.MOMENT, happened=False) == "Write 2026-11-26, 11-26, tomorrow 9:30 or +3 (in three days)."
    assert said(Kind.DATE, happened=False) == "Write 2026-11-26, 11-26, tomorrow or +3 (in three days)."


def test_a_day_takes_no_time() -> None:
    with pytest.raises(UserError):
        times.parse_day("2026-11-22 9:30", NOW.date())


@given(st.text(max_size=30))
def test_no_text_crashes_the_reader(typed: str) -> None:
    try:
        read = times.parse_moment(typed, NOW)
    except UserError:
        return
    assert isinstance(read, date)


def test_a_day_and_an_instant_of_it_are_not_before_each_other() -> None:
    day, instant = date(2026, 11, 23), datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    assert not times.before(day, instant, SHANGHAI)
    assert not times.before(instant, day, SHANGHAI)
    assert times.before(date(2026, 11, 22), instant, SHANGHAI)


def test_a_day_begins_at_local_midnight() -> None:
    assert times.instant_of(date(2027, 1, 1), SHANGHAI) == datetime(2026, 12, 31, 16, tzinfo=UTC)
    assert times.day_of(datetime(2026, 12, 31, 23, 30, tzinfo=UTC), SHANGHAI) == date(2027, 1, 1)


@pytest.mark.skipif(not hasattr(clock, "CLOCK_BOOTTIME"), reason="this system has no such clock")
def test_the_time_in_which_the_computer_slept_counts_as_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """The usual monotonic clock of Linux stands still meanwhile: a desk left open in a closed laptop would not lock."""
    monkeypatch.setattr(clock, "monotonic", lambda: 0.0)
    monkeypatch.setattr(clock, "clock_gettime", lambda which: 7200.0 if which == clock.CLOCK_BOOTTIME else 0.0)
    assert uptime() == 7200.0
