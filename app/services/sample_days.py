"""The working time of the sample branch: one line of minutes from its first day to the end of the day before the present one.

Nothing of the sample happens on the present day itself, so that the same seed gives the same branch at any hour.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

DAY = 540
"""Minutes of a working day, 8:30 to 17:30; the counter is closed on Sundays."""
_LAST = 18
"""The working days of which one says “lately”."""
_OPENING = time(8, 30)
_MONTHS = (1.25, 0.72, 0.85, 0.95, 1.05, 1.0, 0.88, 0.95, 1.25, 1.05, 1.1, 1.2)
"""How busy the months are: much before the Spring and Mid-Autumn festivals, little after."""
_WEEKDAYS = (1.25, 1.1, 1.0, 1.0, 1.05, 0.6)
_NICE = (time(10, 30), time(12), time(15, 30), time(17), time(17, 30))


class WorkingDays:
    """Instants by working minute. Customers are entered before `start`; `end` is the first minute that has not happened."""

    def __init__(self, today: date, months: int, zone: ZoneInfo) -> None:
        self.today, self.zone = today, zone
        month = today.year * 12 + today.month - months
        # A period of a day or two would leave no room for a case.
        first = min(date(month // 12, month % 12 + 1, 1), today - timedelta(days=14))
        entry = first - timedelta(days=3)
        every = (entry + timedelta(days=number) for number in range((today - entry).days))
        self._days = [day for day in every if day.weekday() < 6]
        self._opening = sum(day < first for day in self._days)
        self.start, self.end = self._opening * DAY, len(self._days) * DAY

    def day(self, minute: float) -> date:
        """The local day of a working minute."""
        return self._days[min(int(minute // DAY), len(self._days) - 1)]

    def at(self, minute: float) -> datetime:
        """The instant of a working minute, to the second; of one beyond the end the last."""
        minute = min(minute, self.end - 1 / 60)
        opening = datetime.combine(self.day(minute), _OPENING, self.zone)
        return (opening + timedelta(seconds=int(minute % DAY * 60))).astimezone(UTC)

    def minute_of(self, moment: datetime) -> float:
        """The working minute of an instant that `at` gave."""
        local = moment.astimezone(self.zone)
        opening = datetime.combine(local.date(), _OPENING, self.zone)
        return bisect_left(self._days, local.date()) * DAY + (local - opening).total_seconds() / 60

    def nice(self, minute: float) -> datetime:
        """The next hour after a working minute that one would promise; it may lie beyond the end."""
        moment = self.at(minute).astimezone(self.zone)
        for clock in _NICE:
            if moment.time() < clock:
                return datetime.combine(moment.date(), clock, self.zone).astimezone(UTC)
        return self.ahead(moment.date(), 1, time(12))

    def ahead(self, day: date, count: int, clock: time) -> datetime:
        """A time on the `count`-th working day after a day."""
        while count:
            day += timedelta(days=1)
            count -= day.weekday() < 6
        return datetime.combine(day, clock, self.zone).astimezone(UTC)

    def draw(self, rng: Random, count: int, *, lately: float = 1.0) -> list[float]:
        """Working minutes of `count` cases in order, as busy as month and weekday are; `lately`: a factor for the last days."""
        places = range(self._opening, len(self._days))
        weights = [self._weight(place) * (lately if place >= len(self._days) - _LAST else 1) for place in places]
        days = rng.choices(places, cum_weights=list(accumulate(weights)), k=count)
        return sorted(place * DAY + int(rng.uniform(0, DAY - 1)) for place in days)

    def _weight(self, place: int) -> float:
        day = self._days[place]
        growth = 1 + 0.12 * place / len(self._days)
        return _MONTHS[day.month - 1] * _WEEKDAYS[day.weekday()] * growth
