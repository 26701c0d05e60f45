"""The periods that figures are about: months, quarters, years and chosen days, in the branch's local time. No counting here."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import Enum

from app.core.errors import UserError
from app.core.language import _
from app.core.text import quoted

_MONTH = re.compile(r"(\d{4})-?(\d{2})$")
_QUARTER = re.compile(r"(\d{4})-?[Qq]([1-4])$")
_YEAR = re.compile(r"(\d{4})$")


class Kind(Enum):
    """What a period is compared with: the one before of the same kind."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    DAYS = "days"


FIRST_YEAR, LAST_YEAR = 1900, 2200
MONTHS_OF = {Kind.MONTH: 1, Kind.QUARTER: 3, Kind.YEAR: 12}


@dataclass(frozen=True)
class Period:
    """Local days from `start` up to, but not including, `end`."""

    start: date
    end: date
    kind: Kind = Kind.DAYS

    @property
    def last_day(self) -> date:
        """The last day that belongs to it."""
        return self.end - timedelta(days=1)

    @property
    def month(self) -> str | None:
        """2026-11 where the period is a month."""
        return f"{self.start:%Y-%m}" if self.kind is Kind.MONTH else None

    def previous(self) -> Period:
        """The one before of the same kind; of chosen days, as many days directly before."""
        if self.kind is Kind.DAYS:
            return Period(self.start - (self.end - self.start), self.start)
        return Period(add_months(self.start, -MONTHS_OF[self.kind]), self.start, self.kind)

    def following(self) -> Period:
        """The one after of the same kind."""
        if self.kind is Kind.DAYS:
            return Period(self.end, self.end + (self.end - self.start))
        return Period(self.end, add_months(self.end, MONTHS_OF[self.kind]), self.kind)

    def year_before(self) -> Period:
        """The same days a year earlier; 29 February becomes the 28th."""
        return Period(add_months(self.start, -12), add_months(self.last_day, -12) + timedelta(days=1), self.kind).whole()

    def whole(self) -> Period:
        """The same with an end that fits its kind: February of a leap year is as whole as that of another."""
        return self if self.kind is Kind.DAYS else Period(self.start, add_months(self.start, MONTHS_OF[self.kind]), self.kind)

    def bounds(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """The UTC instants of its first local midnight and of the one after its last day."""
        return midnight(self.start, zone), midnight(self.end, zone)

    def now(self, present: datetime, zone: tzinfo) -> datetime:
        """The instant as of which the figures are: the earlier of end and present, UTC. UserError if it is all in the future."""
        start, end = self.bounds(zone)
        if start > present:
            raise UserError(
                _("{day} lies in the future: nothing to count yet. Choose an earlier period.").format(day=self.start.isoformat())
            )
        return min(end, present.astimezone(UTC))

    def trend_months(self) -> Iterator[Period]:
        """13 months, oldest first; the last holds the period's last day."""
        last = month_of(self.last_day)
        return (month_of(add_months(last.start, back)) for back in range(-12, 1))

    def label(self) -> str:
        """In the user's language: 2026年11月."""
        if self.kind is Kind.MONTH:
            return _("{year}-{month:02}").format(year=self.start.year, month=self.start.month)
        if self.kind is Kind.QUARTER:
            return _("{year} Q{quarter}").format(year=self.start.year, quarter=(self.start.month + 2) // 3)
        if self.kind is Kind.YEAR:
            return _("Year {year}").format(year=self.start.year)
        return _("{first} to {last}").format(first=self.start.isoformat(), last=self.last_day.isoformat())


def midnight(day: date, zone: tzinfo) -> datetime:
    """The UTC instant at which a local day begins."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def add_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9998:
        raise UserError(_("The year {year} is out of range. Check the year.").format(year=year))
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def month_of(day: date) -> Period:
    """The month that holds the day."""
    return Period(day.replace(day=1), add_months(day.replace(day=1), 1), Kind.MONTH)


def quarter_of(day: date) -> Period:
    """The quarter that holds the day."""
    start = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return Period(start, add_months(start, 3), Kind.QUARTER)


def year_of(day: date) -> Period:
    """The year that holds the day."""
    return Period(date(day.year, 1, 1), date(day.year + 1, 1, 1), Kind.YEAR)


def days(first: date, last: date) -> Period:
    """Chosen days, both included. UserError where the last lies before the first."""
    if last < first:
        raise UserError(_("{last} lies before {first}. Exchange the two.").format(first=first.isoformat(), last=last.isoformat()))
    _check_years(first.year, last.year)
    return Period(first, last + timedelta(days=1))


def read(text: str, today: date) -> Period:
    """What was typed: 2026-11, 2026-Q4, 2026, `last` (the month before this one) or `this`. UserError says how to write it."""
    plain = text.strip()
    if plain in ("last", "this"):
        this = month_of(today)
        return this.previous() if plain == "last" else this
    if (found := _MONTH.match(plain)) and 1 <= int(found[2]) <= 12:
        return month_of(date(_year(found), int(found[2]), 1))
    if found := _QUARTER.match(plain):
        return quarter_of(date(_year(found), int(found[2]) * 3, 1))
    if found := _YEAR.match(plain):
        return year_of(date(_year(found), 1, 1))
    raise UserError(_("“{text}” is no month. Write 2026-11 or last.").format(text=quoted(text)))


def _year(found: re.Match[str]) -> int:
    _check_years(int(found[1]))
    return int(found[1])


def _check_years(*years: int) -> None:
    """Far from the ends of the calendar, so that the periods before and after exist."""
    for year in years:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise UserError(_("The year {year} is out of range. Check the year.").format(year=year))
