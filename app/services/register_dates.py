"""The notations in which days and times stand in registers. What a person types into a form is read elsewhere."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from app.core.errors import UserError
from app.core.language import N_, _
from app.core.text import quoted
from app.core.times import ROC_BEFORE

Found = datetime | date
"""An instant, without a zone where the register names none, or a day without a time."""

NOTATIONS = (
    "2024-1-5",
    "2024/1/5",
    "2024.01.05",
    "2024年1月5日",
    "20240105",
    "1/5/2024",
    "2024-01-05T14:30:00+08:00",
    "45296.604",
)
"""Read without being named in [formats]. In 1/5/2024 the month stands first; 45296.604 is how Excel counts days."""

TIMES = ("14:30", "14:30:05", "2:30:05 PM", "下午2:30", "14时30分", "14点半")
"""May follow a day after a blank; a value without one is day-only."""

NAMED = {"excel": N_("days as Excel counts them"), "roc": N_("years of the Republic of China: 1131029, 113/10/29")}
"""What may stand in [formats] besides patterns like %d.%m.%Y %H:%M."""

_EARLIEST_SERIAL, _LATEST_SERIAL = 10_000, 110_000
_YEAR_FIRST = re.compile(r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?:\s?[日号]|(?!\d))[\sT]*")
_COMPACT = re.compile(r"((?:1[89]|20|21)\d{2})(\d{2})(\d{2})(?!\d)\s*")
_MONTH_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?!\d)\s*")
_SERIAL = re.compile(r"\d{5,6}(?:\.\d+)?$")
_ROC = re.compile(r"(?:民國|民国)?\s?(\d{2,3})(?:[-/.年]\s?(\d{1,2})[-/.月]\s?(\d{1,2})日?|(\d{2})(\d{2}))\s*$")
_TIME = re.compile(
    r"(上午|下午|晚上|中午|凌晨)?\s?(\d{1,2})"
    r"(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,6})\d*)?)?|[时時点點](?:(半)|(?:(\d{1,2})分?)?(?:(\d{1,2})秒)?))"
    r"\s?(am|pm|a\.m\.|p\.m\.)?$"
)
_ZONED = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}", re.IGNORECASE)


def read_moment(raw: object, formats: tuple[str, ...] = ()) -> Found:
    """Read a cell; `formats` replace the usual notations. UserError says what can't be read."""
    if isinstance(raw, datetime):
        return raw
    if isinstance(raw, date):
        return raw
    text = unicodedata.normalize("NFKC", str(raw)).strip()
    if isinstance(raw, bool) or not text:
        raise _unreadable(raw)
    found = _named(text, formats) if formats else _usual(text)
    if found is None:
        raise _unreadable(raw)
    return found


def _unreadable(raw: object) -> UserError:
    sentence = _("“{text}” is in none of the date notations that are read. Name its notation under [formats].")
    return UserError(sentence.format(text=quoted(raw)))


def _usual(text: str) -> Found | None:
    if _ZONED.match(text):
        return _iso(text)
    for pattern, order in ((_YEAR_FIRST, (1, 2, 3)), (_COMPACT, (1, 2, 3)), (_MONTH_FIRST, (3, 1, 2))):
        if found := pattern.match(text):
            day = _day(text, *(int(found[place]) for place in order))
            return _with_time(day, text[found.end() :])
    if _SERIAL.match(text) and _EARLIEST_SERIAL <= float(text) <= _LATEST_SERIAL:
        return _serial(float(text))
    return None


def _iso(text: str) -> Found | None:
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError:
        return None


def _day(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise UserError(
            _("“{text}” names a day that does not exist: {year}-{month}-{day}.").format(
                text=quoted(text), year=year, month=month, day=day
            )
        ) from None


def _with_time(day: date, rest: str) -> Found | None:
    if not rest:
        return day
    clock = read_time(rest)
    return None if clock is None else datetime.combine(day, clock)


def read_time(text: str) -> time | None:
    """A time of day in one of the notations of TIMES; None where it is none."""
    found = _TIME.match(text.strip().lower())
    if not found:
        return None
    part, hours, minutes, seconds, fraction, half, minutes_cn, seconds_cn, suffix = found.groups()
    hour = _full_hour(int(hours), part or suffix or "")
    minute = 30 if half else int(minutes or minutes_cn or 0)
    try:
        return time(hour, minute, int(seconds or seconds_cn or 0), int((fraction or "0").ljust(6, "0")))
    except ValueError:
        return None


def _full_hour(hour: int, part: str) -> int:
    late = part[:1] == "p" or part in ("下午", "晚上") or (part == "中午" and hour < 11)
    early = part[:1] == "a" or part in ("上午", "凌晨")
    if hour > 12 or not (late or early):
        return hour
    return hour % 12 + 12 * late


def _serial(number: float) -> Found:
    whole = date(1899, 12, 30) + timedelta(days=int(number))
    seconds = round((number - int(number)) * 86_400)
    return datetime.combine(whole, time()) + timedelta(seconds=seconds) if seconds else whole


def _named(text: str, formats: tuple[str, ...]) -> Found | None:
    for name in formats:
        found = _excel(text) if name == "excel" else _roc(text) if name == "roc" else _pattern(text, name)
        if found is not None:
            return found
    return None


def _excel(text: str) -> Found | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return _serial(number) if 1 <= number <= _LATEST_SERIAL else None


def _roc(text: str) -> Found | None:
    found = _ROC.match(text)
    if not found:
        return None
    return _day(text, int(found[1]) + ROC_BEFORE, int(found[2] or found[4]), int(found[3] or found[5]))


_TIMED = re.compile(r"%[HIMSpfXcT]")


def _pattern(text: str, pattern: str) -> Found | None:
    try:
        found = datetime.strptime(text, pattern)
    except ValueError:
        return None
    return found if _TIMED.search(pattern) else found.date()


def check_formats(formats: tuple[str, ...]) -> str | None:
    """The first format that can never work; None where all can."""
    for name in formats:
        if name not in NAMED and ("%" not in name or not _usable(name)):
            return name
    return None


def _usable(pattern: str) -> bool:
    sample = datetime(2024, 11, 23, 14, 30, 5)
    try:
        return datetime.strptime(sample.strftime(pattern), pattern).year == sample.year
    except (ValueError, re.error):  # the latter where a part is named twice
        return False
