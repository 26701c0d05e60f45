"""Days and instants as people type them. A `date` stands for a day without a time, an aware `datetime` for an instant."""

from __future__ import annotations

import re
import time as clock
import unicodedata
from contextlib import suppress
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta, tzinfo

from app.core.errors import UserError
from app.core.language import _
from app.core.text import quoted

Moment = datetime | date
"""A UTC instant, or a local day where no time is known."""

_DAY_WORDS = {
    "今天": 0, "今日": 0, "today": 0, "昨天": -1, "昨日": -1, "yesterday": -1, "前天": -2,
    "明天": 1, "明日": 1, "tomorrow": 1, "后天": 2,
}  # fmt: skip
_WEEKDAYS = {name: number for number, name in enumerate("一二三四五六")} | {"日": 6, "天": 6}
_FULL = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?!\d)"
_COMPACT = r"(\d{4})(\d{2})(\d{2})(?!\d)"
_SHORT = r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?!\d)"
_WEEKDAY = r"(?:周|星期|礼拜)([一二三四五六日天])"
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


def parse_moment(text: str, now: datetime) -> Moment:
    """Read a day with or without a time; `now` (in the branch's zone) gives zone and today. UserError names what is wrong."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    iso = _iso(plain, now)
    if iso is not None:
        return iso
    day, rest = _leading_day(plain, now.date())
    if not rest:
        return day
    return to_utc(datetime.combine(day, _clock(rest, text), now.tzinfo))


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
        raise _unreadable(moment.isoformat(" ", "minutes"))
    return moment.astimezone(UTC)


def parse_day(text: str, today: date) -> date:
    """Read a day; a time behind it is refused."""
    day, rest = _leading_day(unicodedata.normalize("NFKC", text).strip().lower(), today)
    if rest:
        raise _unreadable(text)
    return day


def _iso(plain: str, now: datetime) -> datetime | None:
    if "t" not in plain or not plain[:4].isdigit():
        return None
    try:
        moment = datetime.fromisoformat(plain.upper())
    except ValueError:
        return None
    return to_utc(moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo))


def _leading_day(plain: str, today: date) -> tuple[date, str]:
    for word, offset in _DAY_WORDS.items():
        if plain.startswith(word):
            return today + timedelta(days=offset), plain[len(word) :].strip()
    if found := re.match(_WEEKDAY, plain):
        ahead = (_WEEKDAYS[found[1]] - today.weekday()) % 7
        return today + timedelta(days=ahead), plain[found.end() :].strip()
    for pattern in (_FULL, _COMPACT):
        if found := re.match(pattern, plain):
            return _day(int(found[1]), int(found[2]), int(found[3])), plain[found.end() :].strip()
    if found := re.match(_SHORT, plain):
        return _day(today.year, int(found[1]), int(found[2])), plain[found.end() :].strip()
    if re.match(_TIME, plain):
        return today, plain
    raise _unreadable(plain)


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise UserError(
            _("There is no {year}-{month}-{day}. Write 11-23 or today.").format(year=year, month=month, day=day)
        ) from None


def _clock(rest: str, whole: str) -> time:
    found = re.match(_TIME, rest)
    if not found:
        raise _unreadable(whole)
    hour, minute, second = (int(found[4]), 30, 0) if found[4] else (int(found[1]), int(found[2] or 0), int(found[3] or 0))
    try:
        return time(hour, minute, second)
    except ValueError:
        raise UserError(_("There is no time {time}. Write 14:30.").format(time=quoted(rest))) from None


def _unreadable(text: str) -> UserError:
    return UserError(_("“{text}” is no date. Write 2026-11-23, 11-23, today or yesterday 9:30.").format(text=quoted(text)))


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
