"""The cases that were overdue at the end of a period: what is due first in each, and whose turn it was since when."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from app.core.session import Session
from app.models.record import find_any
from app.services import closing, figures_listed, timeline
from app.services.figures_listed import OverdueRow
from app.services.figures_rows import ALL, Chosen
from app.services.figures_rows import span as span_of
from app.services.periods import Period


class Overdue(NamedTuple):
    """A case: what of it is overdue longest, and who holds it since when."""

    row: OverdueRow
    kind: str
    holder: str
    since: datetime | None


def overdue(session: Session, period: Period, most: int, chosen: Chosen = ALL) -> tuple[int, tuple[Overdue, ...]]:
    """How many cases were overdue at the period's end, or are so now, and those of them that are so longest."""
    first: dict[str, OverdueRow] = {}
    kept = closing.closed(session, period, chosen)
    listed = kept.content.listed if kept else figures_listed.listed(session, period, chosen)
    for row in listed.overdue:
        first.setdefault(row.case, row)
    now = span_of(session, period).now
    return len(first), tuple(_told(session, row, now) for row in list(first.values())[:most])


def _told(session: Session, row: OverdueRow, now: datetime) -> Overdue:
    record = find_any(session, row.case)
    step = timeline.last_step(session, record, now)
    holder = row.handler or getattr(record, "accepted_by", None) or (step.who if step else "")
    return Overdue(row, record.KIND, holder, step.at if step else None)
