"""The report on a month, or another period, as it is issued on paper: 月报."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from app.core.database import transaction
from app.core.files import whole_file
from app.core.progress import Progress
from app.core.session import Session
from app.models import permissions, prints
from app.reports.documents.month_report import MonthReport, month_sheaf, title_of
from app.reports.papers import safe_name
from app.reports.papers_case import frame
from app.reports.pdf import bind
from app.services import overdue_cases, period_report
from app.services.figures_rows import ALL, Chosen
from app.services.period_report import Report
from app.services.periods import Period

MONTH = "month"
"""What the command line calls it."""
MOST_OVERDUE = 20


class Made(NamedTuple):
    """A report as a file: its content, and what it calls itself with its period."""

    content: bytes
    title: str


def render(
    session: Session, period: Period, chosen: Chosen = ALL, report: Report | None = None, progress: Progress | None = None
) -> Made:
    """The paper; `report` where the same is at hand. UserError for a period in the future."""
    permissions.require(session, "figures.print")
    counted = report or period_report.load(session, period, chosen, progress)
    count, first = overdue_cases.overdue(session, period, MOST_OVERDUE, chosen)
    sheaf = month_sheaf(MonthReport(frame(session, ""), counted, first, count))
    return Made(bind(sheaf, progress=progress), f"{title_of(counted)} {counted.figures.scope}")


def file_name(session: Session, made: Made) -> str:
    """What its file is called."""
    return safe_name(f"{made.title} {session.branch.name}.pdf")


def keep_record(session: Session, made: Made, copies: int = 1) -> None:
    """Remember that it was printed or saved."""
    prints.keep_file(session, prints.MONTH_PAPER, made.content, made.title, copies)


def write(session: Session, path: Path, made: Made) -> None:
    """Write it, and remember its hash, by which it is known again."""
    with transaction(), whole_file(path, made.content):
        keep_record(session, made)
