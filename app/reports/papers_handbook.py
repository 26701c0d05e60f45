"""The handbook on paper, in the language in use: laid out once to know its pages, then with the contents that name them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from itertools import accumulate

from app.core import program
from app.core.language import _
from app.core.progress import Progress
from app.reports.documents.handbook import Book, Title, contents_sheaf, cover_sheaf, part_sheaves
from app.reports.enclosures import Picture
from app.reports.papers import safe_name
from app.reports.pdf import Laid, Paper, draw
from app.services import handbook

HANDBOOK = "handbook"
"""What the command line calls it."""


def render(now: datetime, progress: Progress | None = None) -> bytes:
    """The file; `now` in the zone of who prints it."""
    book = _book(now)
    parts = [Laid(sheaf) for sheaf in part_sheaves(book)]
    names = {chapter.name: 0 for _reader, chapters in book.parts for chapter, _found in chapters}
    before = 1 + len(Laid(contents_sheaf(book, names)).pages)
    contents = Laid(contents_sheaf(book, _pages(parts, before)))
    return draw([Laid(cover_sheaf(book)), contents, *parts], progress, through=True)


def file_name() -> str:
    """What its file is called."""
    return safe_name(f"{_('Kesu Desk')} {_('Handbook')}.pdf")


def _pages(parts: Sequence[Laid], before: int) -> dict[str, int]:
    """On which page each chapter begins, `before` pages standing in front of the first part."""
    firsts = accumulate((len(part.pages) for part in parts), initial=before + 1)
    return {
        placed.block.chapter.name: page
        for part, first in zip(parts, firsts, strict=False)
        for page, found in enumerate(part.pages, first)
        for placed in found
        if isinstance(placed.block, Title)
    }


def _book(now: datetime) -> Book:
    paper = Paper(f"{_('Kesu Desk')} · {_('Handbook')}", "", now, author=_("Kesu Desk"))
    parts = [(reader, [(one, handbook.pieces(one)) for one in chapters]) for reader, chapters in handbook.by_reader()]
    shown = {piece.mark for _reader, chapters in parts for _one, found in chapters for piece in found if piece.kind == "picture"}
    edition = _("version {version}").format(version=program.version())
    return Book(paper, _("Handbook"), edition, parts, {name: _picture(name) for name in sorted(shown)})


def _picture(name: str) -> Picture:
    """As it is: a JPEG would blur the letters on it."""
    from PIL import Image  # heavy: pictures are rare

    content = handbook.picture(name)
    with Image.open(BytesIO(content)) as opened:
        return Picture(content, opened.width, opened.height)
