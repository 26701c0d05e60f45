"""The rows of a listing for the table, and the spans of days that a list can be asked for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from app.core.language import N_
from app.core.session import Session
from app.models.listing import Count, Listing, Query

SPANS = (
    ("today", N_("Today")),
    ("week", N_("Last 7 days")),
    ("month", N_("This month")),
    ("last_month", N_("Last month")),
    ("year", N_("This year")),
)


class ListSource:
    """The rows of a listing for the table."""

    def __init__(self, session: Session, listing: Listing, query: Query) -> None:
        self._session, self._listing, self._query = session, listing, query
        self.counted = Count(0, False)

    def count(self) -> int:
        """How many the list reaches."""
        self.counted = self._listing.count(self._session, self._query)
        return self.counted.rows

    def page(self, offset: int, limit: int) -> list[tuple[Any, ...]]:
        """One page."""
        return self._listing.page(self._session, self._query, offset, limit)


def days_of(code: str, today: date) -> tuple[date, date]:
    """First and last day of a span that a chip offers."""
    first_of_month = today.replace(day=1)
    last_month = first_of_month - timedelta(days=1)
    spans = {
        "today": (today, today),
        "week": (today - timedelta(days=6), today),
        "month": (first_of_month, today),
        "last_month": (last_month.replace(day=1), last_month),
        "year": (today.replace(month=1, day=1), today),
    }
    return spans[code]
