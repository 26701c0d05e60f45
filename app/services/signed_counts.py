"""How many cases closed months had when they were closed: what the trend and the comparisons of other months say of them.

Only the part with the figures is read; whoever shows the month itself has all of it checked.
"""

from __future__ import annotations

import json
import zlib
from datetime import date

from app.core.session import Session
from app.models import frozen_months
from app.services.figures_values import Both, SignedMonth
from app.services.periods import Period, month_of


def between(session: Session, first: date, last: date) -> dict[str, Both[int]]:
    """Of the closed months from that of one day to that of another, as they are written. UserError where one is damaged."""
    found: dict[str, Both[int]] = {}
    for freeze in frozen_months.standing_between(session, f"{first:%Y-%m}", f"{last:%Y-%m}"):
        try:
            kept = b"".join(zlib.decompress(piece.content) for piece in frozen_months.pieces(freeze, "figures"))
            said = json.loads(kept)
            found[freeze.month] = Both(int(said["objections"]), int(said["complaints"]))
        except (ValueError, KeyError, TypeError, zlib.error):
            raise frozen_months.damaged(freeze.month) from None
    return found


def within(period: Period, signed: dict[str, Both[int]]) -> tuple[SignedMonth, ...]:
    """The closed months that lie in a longer period, or of which it holds a part."""
    months = (month_of(date.fromisoformat(f"{name}-01")) for name in sorted(signed))
    return tuple(
        SignedMonth(month.start, signed[str(month.month)], month.start >= period.start and month.end <= period.end)
        for month in months
        if month != period and month.start < period.end and period.start < month.end
    )
