"""使用手册: cover, contents with page numbers, and the chapters of each reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from app.core.language import _
from app.reports import fonts
from app.reports.enclosures import Picture, Shown
from app.reports.grid import HEAD, PADDING, SMALL, table
from app.reports.layout import MARGIN, WIDTH, Block, Text, centred, write, write_lines
from app.reports.pdf import Paper, Sheaf
from app.reports.typesetting import Align, Line, Style
from app.services.handbook import Chapter, Piece

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_BODY = Style(10.5, spacing=1.6)
_CODE = Style(9, spacing=1.45, grey=0.25)
_QUOTE = Style(10, spacing=1.55, grey=0.3)
_TITLE = Style(16, bold=True, spacing=1.6)
_HEADING = Style(11.5, bold=True, spacing=1.6)
_STEP = 20.0
"""Points that a list stands to the right of the text, and each list in it further."""
_PICTURE_ROOM = 560.0
_DOTS = 3.0
_WIDEST = 2.0
"""Of the width of the page: what a column of long texts asks for at most, so that the others get their part."""


@dataclass(frozen=True)
class Book:
    """The whole: under the name of each reader the chapters with their blocks. `pictures` by the names in the blocks."""

    paper: Paper
    title: str
    edition: str
    parts: Sequence[tuple[str, Sequence[tuple[Chapter, Sequence[Piece]]]]]
    pictures: Mapping[str, Picture]


class Title(Text):
    """The title of a chapter, which the outline and the contents lead to."""

    def __init__(self, chapter: Chapter, before: float) -> None:
        super().__init__(chapter.title, _TITLE, before, with_next=True)
        self.chapter = chapter

    def draw(self, canvas: Canvas, top: float) -> None:
        canvas.bookmarkPage(self.chapter.name)
        canvas.addOutlineEntry(self.chapter.title, self.chapter.name, level=1)
        super().draw(canvas, top)


class Hung(Text):
    """A text beside its mark, to the right of where other texts begin."""

    def __init__(self, text: str, style: Style, left: float, mark: str = "", before: float = 3) -> None:
        super().__init__(text, style, before, width=WIDTH - left)
        self.left, self.mark = left, mark

    def _part(self, rows: list[Line], before: float) -> Text:
        part = Hung("", self.style, self.left, self.mark if before else "", before)
        part.rows = rows
        return part

    def draw(self, canvas: Canvas, top: float) -> None:
        if self.mark:
            wide = fonts.width(self.mark, self.style.size)
            mark = [Line(self.mark, 0, wide)]
            write_lines(canvas, MARGIN + self.left - wide - 5, top, wide, mark, self.style)
        write_lines(canvas, MARGIN + self.left, top, self.width, self.rows, self.style)


class Entry(Block):
    """A line of the contents: what, dots, page. A click leads there."""

    def __init__(self, words: str, page: int, key: str = "") -> None:
        self.words, self.page, self.key = words, page, key
        self.style = Style(10.5, spacing=1.75) if key else Style(11, bold=True, spacing=1.8)
        self.before = 0 if key else 8
        self.with_next = not key
        self.height = self.style.leading

    def draw(self, canvas: Canvas, top: float) -> None:
        left, number = MARGIN + (_STEP if self.key else 0), str(self.page)
        base = top - (self.style.leading + self.style.size * 0.76) / 2
        end = MARGIN + WIDTH - fonts.width(number, self.style.size, self.style.bold)
        write(canvas, left, base, self.words, self.style)
        write(canvas, end, base, number, self.style)
        start = left + fonts.width(self.words, self.style.size, self.style.bold) + 6
        canvas.setDash(0.6, _DOTS)
        canvas.setStrokeGray(0.5)
        if self.key and end - 6 > start:
            canvas.line(start, base + 1, end - 6, base + 1)
        canvas.setDash()
        canvas.setStrokeGray(0)
        if self.key:
            canvas.linkRect("", self.key, (MARGIN, top - self.height, MARGIN + WIDTH, top), thickness=0)

    def texts(self) -> Iterator[tuple[str, str]]:
        yield "", self.words


def cover_sheaf(book: Book) -> Sheaf:
    """The first page."""
    blocks: list[Block] = [
        Text("", Style(120)),
        Text(_("Kesu Desk"), Style(16, align=Align.CENTRE)),
        Text(book.title, centred(36), before=14),
        Text(book.edition, Style(12, align=Align.CENTRE, grey=0.3), before=10),
    ]
    return Sheaf(book.paper, "", blocks, outline=book.title)


def contents_sheaf(book: Book, pages: Mapping[str, int]) -> Sheaf:
    """The contents; `pages`: of each chapter, by its name."""
    entries = []
    for reader, chapters in book.parts:
        entries.append(Entry(reader, pages[chapters[0][0].name]))
        entries += [Entry(chapter.title, pages[chapter.name], chapter.name) for chapter, _found in chapters]
    return Sheaf(book.paper, _("Contents"), entries)


def part_sheaves(book: Book) -> list[Sheaf]:
    """The chapters of each reader; the next one begins on a new page."""
    return [Sheaf(book.paper, "", _chapters(book, chapters), outline=reader) for reader, chapters in book.parts]


def _chapters(book: Book, chapters: Sequence[tuple[Chapter, Sequence[Piece]]]) -> list[Block]:
    blocks: list[Block] = []
    for chapter, found in chapters:
        blocks.append(Title(chapter, 34 if blocks else 0))
        for piece, following in zip_longest(found[1:], found[2:]):
            block = _block(book, piece)
            # What leads to a picture stays with it, and takes the title along.
            block.with_next = block.with_next or (following is not None and following.kind == "picture")
            blocks.append(block)
    return blocks


def _block(book: Book, piece: Piece) -> Block:
    """One block of a chapter on paper."""
    if piece.kind == "picture":
        return Shown("", book.pictures[piece.mark], _PICTURE_ROOM)
    if piece.kind == "table":
        return _table(piece)
    if piece.kind == "heading":
        return Text(piece.text, _HEADING, before=12, with_next=True)
    if piece.kind == "item":
        return Hung(piece.text, _BODY, _STEP * piece.level, piece.mark)
    if piece.kind in ("quote", "code"):
        return Hung(piece.text, _QUOTE if piece.kind == "quote" else _CODE, _STEP, before=6)
    return Text(piece.text, _BODY, before=6)


def _table(piece: Piece) -> Block:
    """Columns of short texts are as wide as the longest; the others share what is left as their longest texts ask for."""
    head, *rows = piece.rows
    longest = [max(_wide(row[place], bold=row is head) for row in piece.rows) for place in range(len(head))]
    narrow = WIDTH / 4
    rest = WIDTH - sum(one for one in longest if one <= narrow)
    most = sum(min(one, _WIDEST * WIDTH) for one in longest if one > narrow)
    widths = [one if one <= narrow else rest * min(one, _WIDEST * WIDTH) / most for one in longest]
    made = table(head, [one / sum(widths) for one in widths], rows)
    made.before = 6
    return made


def _wide(words: str, *, bold: bool) -> float:
    """What a cell needs for its words on one line."""
    return fonts.width(words, (HEAD if bold else SMALL).size, bold) + 2 * PADDING + 1
