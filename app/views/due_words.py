"""The words for a time until which something was to be done, and that is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.core.language import _
from app.core.times import Moment


def is_late(value: Moment, now: datetime) -> bool:
    """Whether it is over; a day is when it has ended. `now` is local."""
    return value < now if isinstance(value, datetime) else value < now.date()


def overdue(value: Moment, now: datetime) -> str:
    """逾期 3 小时, 逾期 1 天."""
    if isinstance(value, datetime):
        past = now - value
        if past < timedelta(hours=1):
            return _("{n} minutes overdue").format(n=max(1, past.seconds // 60))
        if past < timedelta(days=1):
            return _("{n} hours overdue").format(n=past.seconds // 3600)
        return _("days overdue: {n}").format(n=past.days)
    return _("days overdue: {n}").format(n=(now.date() - value).days)
