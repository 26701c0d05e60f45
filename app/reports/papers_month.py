"""The workbook of a period as it is issued: the file and the record of it come to be together."""

from __future__ import annotations

from pathlib import Path

from app.core.database import transaction
from app.core.files import whole_file
from app.core.progress import Progress
from app.core.session import Session
from app.models import prints
from app.reports import workbook
from app.services.figures_content import Content


def write(session: Session, path: Path, content: Content, progress: Progress | None = None) -> None:
    """Write it, and remember its hash, by which it is known again."""
    made = workbook.render(content, progress)
    with transaction(), whole_file(path, made):
        prints.keep_file(session, prints.MONTH, made, workbook.title_of(content.figures))
