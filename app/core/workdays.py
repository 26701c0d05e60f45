"""Working days of the Chinese calendar with its moved days (调休), and the deadlines that are counted in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import NamedTuple

_SATURDAY = 5


class Calendar(NamedTuple):
    """Days that differ from the usual week: `marks` says of a day whether it is worked.

    A year is published once its moved days are known; days of other years are told by the week alone.
    """

    marks: Mapping[date, bool] = MappingProxyType({})
    published: frozenset[int] = frozenset()

    def works(self, day: date) -> bool:
        """Whether the branch works on a day."""
        return self.marks.get(day, day.weekday() < _SATURDAY)

    def after(self, day: date, count: int) -> date:
        """The `count`-th working day after a day; the day itself where none is counted."""
        while count > 0:
            day += timedelta(days=1)
            count -= self.works(day)
        return day

    def working(self, day: date) -> date:
        """The day itself where the branch works on it, else the next on which it does."""
        return self.after(day - timedelta(days=1), 1)

    def between(self, first: date, last: date) -> int:
        """How many working days come after `first`, up to and with `last`; negative where `last` lies before."""
        if last < first:
            return -self.between(last, first)
        return sum(self.works(first + timedelta(days=distance)) for distance in range(1, (last - first).days + 1))

    def certain(self, first: date, last: date) -> bool:
        """Whether the moved days of all years from one day to another are known."""
        return all(year in self.published for year in range(first.year, last.year + 1))
