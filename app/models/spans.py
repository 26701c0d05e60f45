"""The spans of days that a list can be asked for: always as seen from today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from app.core.language import N_

SPANS = (
    ("today", N_("Today")),
    ("week", N_("Last 7 days")),
    ("month", N_("This month")),
    ("last_month", N_("Last month")),
    ("year", N_("This year")),
)


def days_of(code: str, today: date) -> tuple[date, date]:
    """First and last day of a span."""
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


def together(codes: Sequence[str], today: date) -> tuple[date | None, date | None]:
    """First and last day of several spans; None where there is none."""
    spans = [days_of(code, today) for code, _word in SPANS if code in codes]
    if not spans:
        return None, None
    return min(first for first, _last in spans), max(last for _first, last in spans)
