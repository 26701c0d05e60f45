"""Days and instants as people type them. A `date` stands for a day without a time, an aware `datetime` for an instant."""

from __future__ import annotations

import re
import time as clock
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta, tzinfo

from app.core.errors import UserError
from app.core.language import _
from app.core.text import quoted

Moment = datetime | date
"""A UTC instant, or a local day where no time is known."""

_DAY_WORDS = {
    "今天": 0, "今日": 0, "today": 0, "昨天": -1, "昨日": -1, "yesterday": -1, "前天": -2, "大前天": -3,
    "明天": 1, "明日": 1, "tomorrow": 1, "后天": 2, "大后天": 3,
}  # fmt: skip
_WEEKDAYS = {name: number for number, name in enumerate("一二三四五六")} | {"日": 6, "天": 6}
_WEEKS = {"上": -1, "本": 0, "这": 0, "下": 1}
_DIGITS = {name: str(number) for number, name in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0", "两": "2"}
_NUMERAL = rf"(?<![周期拜])[{''.join(_DIGITS)}十]+"
_ROC = r"民国\s*(\d{1,3}|元)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日?(?!\d)"
ROC_BEFORE = 1911
"""The first year of the Republic of China is the one after it."""
_AWAY = r"([+-])\s*(\d{1,3})(?![\d/.-])|(\d{1,3})\s*[天日]\s*[以之]?([前后])"
_FULL = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?!\d)"
_COMPACT = r"(\d{4})(\d{2})(\d{2})(?!\d)"
_SHORT = r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?!\d)"
_WEEKDAY = r"(?:([上本这下])个?)?(?:周|星期|礼拜)([一二三四五六日天])"
_TIME = r"(\d{1,2})\s*[:时点]\s*(?:(\d{1,2})\s*分?)?(?:\s*:\s*(\d{1,2}))?$|(\d{1,2})\s*[时点]\s*半$"
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_MONTH = "|".join(MONTHS)
_WRITTEN = (
    r"(?<!\d)(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})(?!\d)",
    rf"(?<!\d)(?P<d>\d{{1,2}})\s+(?P<m>{_MONTH}),?(?:\s+(?P<y>\d{{4}}))?",
    rf"(?P<m>{_MONTH})\s+(?P<d>\d{{1,2}})(?!\d)(?:,?\s*(?P<y>\d{{4}}))?",
    r"(?<!\d)(?P<y>)(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*[日号]",
)
EARLIEST = date(1900, 1, 1)


def parse_moment(text: str, now: datetime, *, ahead: bool = False) -> Moment:
    """Read a day with or without a time; `now` (in the branch's zone) gives zone and today. UserError names what is wrong.

    `ahead`: it need not have happened yet, which the examples of the error heed.
    """
    plain = _plain(text)
    iso = _iso(plain, now)
    if iso is not None:
        return iso
    found = _leading_day(plain, now.date())
    if found is None or (found[1] and not re.match(_TIME, found[1])):
        raise _unreadable(text, now.date(), _("tomorrow 9:30") if ahead else _("yesterday 9:30"), ahead)
    day, rest = found
    return to_utc(datetime.combine(day, _clock(rest), now.tzinfo)) if rest else day


def days_in(text: str, year: int) -> list[date]:
    """The days that running text names, in its order; those without a year are of `year`."""
    found: dict[int, date] = {}
    for pattern in _WRITTEN:
        for one in re.finditer(pattern, text):
            month = one["m"]
            number = MONTHS.index(month) + 1 if month in MONTHS else int(month)
            with suppress(ValueError):  # 2026-13-45 is no day
                found.setdefault(one.end("d"), date(int(one["y"] or year), number, int(one["d"])))
    return [found[place] for place in sorted(found)]


def uptime() -> float:
    """Seconds since the system began, those in which it slept among them. Nobody can set them, as one can the calendar clock."""
    return clock.clock_gettime(clock.CLOCK_BOOTTIME) if hasattr(clock, "CLOCK_BOOTTIME") else clock.monotonic()


def to_utc(moment: datetime) -> datetime:
    """The same instant in UTC. UserError at the two ends of the calendar, where some zone has no such day."""
    if not MINYEAR < moment.year < MAXYEAR:
        raise _no_day(moment.year, moment.month, moment.day)
    return moment.astimezone(UTC)


def parse_day(text: str, today: date, *, ahead: bool = False) -> date:
    """Read a day; a time behind it is refused. `ahead`: it need not have happened yet."""
    found = _leading_day(_plain(text), today)
    if found is None or found[1]:
        raise _unreadable(text, today, _("tomorrow") if ahead else _("yesterday"), ahead)
    return found[0]


def _plain(text: str) -> str:
    """Of one width, without case, with figures for Chinese numerals: 二〇二六年十二月一日 is 2026年12月1日."""
    return re.sub(_NUMERAL, _figures, unicodedata.normalize("NFKC", text).strip().lower())


def _figures(found: re.Match[str]) -> str:
    """Digits one by one, or tens and ones around a 十; what is neither stays."""
    tens, ten, ones = found[0].partition("十")
    if not ten:
        return "".join(_DIGITS[one] for one in tens)
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return found[0]
    return _DIGITS.get(tens, "1") + _DIGITS.get(ones, "0")


def _iso(plain: str, now: datetime) -> datetime | None:
    if "t" not in plain or not plain[:4].isdigit():
        return None
    try:
        moment = datetime.fromisoformat(plain.upper())
    except ValueError:
        return None
    return to_utc(moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo))


def _leading_day(plain: str, today: date) -> tuple[date, str] | None:
    """The day that a text begins with, and what stands behind it; None where it begins with none."""
    for word, offset in _DAY_WORDS.items():
        if plain.startswith(word):
            return today + timedelta(days=offset), plain[len(word) :].strip()
    for pattern, meant in _NOTATIONS.items():
        if found := re.match(pattern, plain):
            return meant(found, today), plain[found.end() :].strip()
    return (today, plain) if re.match(_TIME, plain) else None


def _weekday(found: re.Match[str], today: date) -> date:
    """The next such day from today on, or that of the week that is named; weeks begin on Monday."""
    distance = _WEEKDAYS[found[2]] - today.weekday()
    return today + timedelta(days=distance + 7 * _WEEKS[found[1]] if found[1] else distance % 7)


def _away(found: re.Match[str], today: date) -> date:
    back = "-" in found[0] or found[4] == "前"
    count = int(found[2] or found[3])
    return today + timedelta(days=-count if back else count)


def _roc(found: re.Match[str], _today: date) -> date:
    year = 1 if found[1] == "元" else int(found[1])
    return _day(year + ROC_BEFORE, int(found[2]), int(found[3]))


def _full(found: re.Match[str], _today: date) -> date:
    return _day(int(found[1]), int(found[2]), int(found[3]))


def _short(found: re.Match[str], today: date) -> date:
    return _day(today.year, int(found[1]), int(found[2]))


_NOTATIONS: dict[str, Callable[[re.Match[str], date], date]] = {
    _WEEKDAY: _weekday,
    _ROC: _roc,
    _AWAY: _away,
    _FULL: _full,
    _COMPACT: _full,
    _SHORT: _short,
}


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise _no_day(year, month, day) from None


def _no_day(year: int, month: int, day: int) -> UserError:
    return UserError(_("There is no {year}-{month}-{day}. Write 11-23 or today.").format(year=year, month=month, day=day))


def _clock(rest: str) -> time:
    found = re.match(_TIME, rest)
    assert found
    hour, minute, second = (int(found[4]), 30, 0) if found[4] else (int(found[1]), int(found[2] or 0), int(found[3] or 0))
    try:
        return time(hour, minute, second)
    except ValueError:
        raise UserError(_("There is no time {time}. Write 14:30.").format(time=quoted(rest))) from None


def _unreadable(text: str, today: date, near: str, ahead: bool) -> UserError:
    """`near`: an example in words. The others lie ahead where that may be."""
    example = today + timedelta(days=3 if ahead else -3)
    sentence = (
        _("“{text}” is no date. Write {day}, {short}, {near} or +3 (in three days).")
        if ahead
        else _("“{text}” is no date. Write {day}, {short}, today or {near}.")
    )
    return UserError(
        sentence.format(text=quoted(text), day=example.isoformat(), short=f"{example.month}-{example.day}", near=near)
    )


def day_of(moment: Moment, zone: tzinfo) -> date:
    """The local day of an instant; a day is its own."""
    return moment.astimezone(zone).date() if isinstance(moment, datetime) else moment


def instant_of(moment: Moment, zone: tzinfo) -> datetime:
    """The UTC instant; of a day, its local 00:00."""
    if isinstance(moment, datetime):
        return moment.astimezone(UTC)
    return datetime.combine(moment, time(), zone).astimezone(UTC)


def before(one: Moment, other: Moment, zone: tzinfo) -> bool:
    """Whether one lies before the other; where either is day-only, days are compared."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one < other
    return day_of(one, zone) < day_of(other, zone)
