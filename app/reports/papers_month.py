"""The workbook of a period as it is issued: the file and the record of it come to be together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.core.database import transaction
from app.core.files import whole_file
from app.core.language import chosen, speaking
from app.core.progress import Progress
from app.core.session import Session
from app.models import prints
from app.reports import workbook
from app.services.figures_content import Content
from app.services.restated import Restated


def write(
    session: Session, path: Path, content: Content, progress: Progress | None = None, restated: Sequence[Restated] = ()
) -> None:
    """Write it, and remember its hash, by which it is known again. `restated`: what is different today of a closed month.

    It speaks the language of its content: a closed month that of the day on which it was closed.
    """
    with speaking(content.language or chosen()):
        made, title = workbook.render(content, progress, restated), workbook.title_of(content.figures)
    with transaction(), whole_file(path, made):
        prints.keep_file(session, prints.MONTH, made, title)
