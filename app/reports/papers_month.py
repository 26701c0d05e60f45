"""The workbook of a period as it is issued: the file and the record of it come to be together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from app.core.database import transaction
from app.core.files import whole_file
from app.core.language import chosen, speaking
from app.core.progress import Progress
from app.core.session import Session
from app.core.text import tame
from app.models import history, permissions, prints
from app.reports import workbook
from app.services.figures_content import Content
from app.services.periods import Period
from app.services.restated import Restated

_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\s]+')


def file_name(session: Session, period: Period) -> str:
    """What the file is called where only a folder is named: branch and period, the same on every system."""
    dates = period.month or f"{period.start.isoformat()}_{period.last_day.isoformat()}"
    branch = _NOT_IN_NAMES.sub("_", tame(f"{session.branch.code}-{session.branch.name}"))
    return f"{branch[:80]}-{dates}.xlsx"


def write(
    session: Session, path: Path, content: Content, progress: Progress | None = None, restated: Sequence[Restated] = ()
) -> None:
    """Write it, and remember its hash, by which it is known again. `restated`: what is different today of a closed month.

    It speaks the language of its content: a closed month that of the day on which it was closed.
    """
    permissions.require(session, "figures.export")
    with speaking(content.language or chosen()):
        made = workbook.render(content, progress, restated=restated, anchor=str(history.head()), sample=session.branch.sample)
        title = workbook.title_of(content.figures)
    with transaction(), whole_file(path, made):
        prints.keep_file(session, prints.MONTH, made, title)
