"""How values look to people: one place for numbers, money, days and times in both languages."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal

from app.core import fields
from app.core.errors import UserError
from app.core.fields import Field, Kind, Value
from app.core.language import N_, _, chosen
from app.core.times import MONTHS, Moment

_WRITTEN = (Kind.MONEY, Kind.QUANTITY, Kind.DATE, Kind.MOMENT)
"""Kinds whose values JSON holds as texts."""
_NEAR = {0: N_("today"), -1: N_("yesterday"), 1: N_("tomorrow")}
_WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


def money(amount: Decimal) -> str:
    """1,260.00 without the unit."""
    return f"{amount:,.2f}"


def quantity(amount: Decimal) -> str:
    """A quantity without needless zeros."""
    return f"{amount.normalize():,f}" if amount else "0"


def file_size(size: int) -> str:
    """Bytes as people count them: 1.2 MB, 340 KB."""
    return f"{size / 1024 / 1024:,.1f} MB" if size >= 1024 * 1024 else f"{size // 1024 or min(size, 1)} KB"


def percent(rate: float | None, places: int = 1) -> str:
    """A rate between 0 and 1 as 84.2 %; a dash where it is not defined."""
    return "—" if rate is None else f"{rate * 100:.{places}f} %"


def day(value: date) -> str:
    """A whole day as typed and read back: 2026-11-23."""
    return value.isoformat()


def long_day(value: date, language: str = "") -> str:
    """A day in running text and on paper, in the chosen language where none is named."""
    if (language or chosen()) == "zh_CN":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def moment(value: Moment, zone: tzinfo) -> str:
    """In full: 2026-11-23 14:20, or the day where there is no time. Can be typed so, too."""
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    return value.isoformat()


def weekday(value: date) -> str:
    """星期一, Mon."""
    return _(_WEEKDAYS[value.weekday()])


def near(value: Moment, now: datetime) -> str:
    """In words near today (今天 17:00, 周四), as 11-30 later, with the year where it is another. `now` is local."""
    local = value.astimezone(now.tzinfo) if isinstance(value, datetime) else value
    the_day = local.date() if isinstance(local, datetime) else local
    clock = f"{local.hour:02}:{local.minute:02}" if isinstance(local, datetime) else ""
    return f"{_near_day(the_day, now.date())} {clock}".strip()


def brief(value: Moment, now: datetime) -> str:
    """As `near`, without the clock."""
    return near(_local_day(value, now), now)


def of_other_year(value: Moment, now: datetime) -> bool:
    """Whether `near` says the year, which makes it longest."""
    return _local_day(value, now).year != now.year


def farthest(now: datetime, *, timed: bool) -> list[Moment]:
    """A day, or a moment, of another year and one of this year, the longest that `near` says of its kind but for words."""
    days = [date(now.year - 1, 10, 20), date(now.year, 10 if now.month < 7 else 1, 20)]
    return [datetime.combine(one, time(), now.tzinfo) for one in days] if timed else list(days)


def _local_day(value: Moment, now: datetime) -> date:
    return value.astimezone(now.tzinfo).date() if isinstance(value, datetime) else value


def _near_day(value: date, today: date) -> str:
    distance = (value - today).days
    if distance in _NEAR:
        return _(_NEAR[distance])
    if today < value <= today + timedelta(days=6 - today.weekday()):
        return _(_WEEKDAYS[value.weekday()])
    return value.isoformat()[5:] if value.year == today.year else value.isoformat()


def show(declared: Field, value: Value, now: datetime) -> str:
    """A value of a field as text for a list or a form, in the user's language; empty where unknown."""
    if value is None:
        return ""
    if declared.kind is Kind.CHOICE:
        return label(declared, str(value))
    if declared.kind is Kind.TAGS:
        return _(", ").join(label(declared, code) for code in value)
    if declared.kind is Kind.BOOLEAN:
        return _("yes") if value else _("no")
    if isinstance(value, Decimal):
        return money(value) if declared.kind is Kind.MONEY else quantity(value)
    if isinstance(value, datetime | date) and now.tzinfo:
        return moment(value, now.tzinfo)
    return str(value)


def label(declared: Field, code: str) -> str:
    """The words of a choice; a code that is no longer declared stands for itself."""
    choice = declared.choice(code)
    if choice is None:
        return code
    return f"{_(choice.group)}·{_(choice.label)}" if choice.group else _(choice.label)


def as_json(value: Value, zone: tzinfo) -> object:
    """The value as interface and archive write it: instants with the branch's offset, money with two decimals."""
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, tuple | list):
        return [as_json(item, zone) for item in value]
    if isinstance(value, dict):
        return {name: as_json(item, zone) for name, item in value.items()}
    return value


def from_json(declared: Field, plain: object, now: datetime) -> object:
    """The value of a field that `as_json` wrote; a text that a person typed otherwise stays that text. `now` is local."""
    if not isinstance(plain, str) or declared.kind not in _WRITTEN:
        return plain
    assert now.tzinfo is not None
    try:
        value = fields.read(declared.but(happened=False), plain, now)
    except UserError:
        return plain
    return value if as_json(value, now.tzinfo) == plain else plain
