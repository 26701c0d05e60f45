"""卷宗: the cover and the index of a whole case, what was written down on its way, every change, and the list of its files.

The forms between them are those of the other documents; `papers_file` puts them together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.core.language import _
from app.core.times import Moment
from app.reports.documents.parts import PARAGRAPH, blank_day, moment, part
from app.reports.grid import BODY, LABEL, SMALL, Cell, Grid, Row, head_row, memo_row, nothing, table
from app.reports.layout import Block, Entry, Signatures, Text, centred
from app.reports.pdf import Paper, Sheaf
from app.reports.typesetting import Align, Style

_CENTRE, _RIGHT = SMALL._replace(align=Align.CENTRE), SMALL._replace(align=Align.RIGHT)
_LABEL = 0.24
_SHARES = (0.07, 0.31, 0.18, 0.11, 0.2, 0.13)  # of the list of files


class Fact(NamedTuple):
    """A line of the cover."""

    caption: str
    value: str


class Piece(NamedTuple):
    """A document of the file: its title, number, day, and the pages on which it stands."""

    title: str
    number: str
    on: str
    first: int
    last: int

    @property
    def pages(self) -> str:
        """In words."""
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


class Noted(NamedTuple):
    """Something that was written down on the way: when, and all that was said, a field to a line."""

    when: str
    text: str


class Happened(NamedTuple):
    """One thing that was done: `number` names the record, `text` each field that changed."""

    at: Moment
    who: str
    number: str
    title: str
    text: str = ""


class Kept(NamedTuple):
    """A file of the case: `size` in words; `where`: the pages on which it stands, or why it is not on paper."""

    number: str
    name: str
    shows: str
    size: str
    sha256: str
    kept: str
    where: str


@dataclass(frozen=True)
class Cover:
    """The first page. `pages` and `files` count what lies behind it."""

    paper: Paper
    title: str
    facts: tuple[Fact, ...]
    pages: int
    files: int
    by: str = ""


def cover_sheaf(data: Cover) -> Sheaf:
    """The cover, with room above its title as on a folder."""
    rows = [
        Row(
            [
                Cell(one.caption, _LABEL, LABEL._replace(size=10), shaded=True),
                Cell(one.value, 1 - _LABEL, BODY._replace(size=10.5)),
            ],
            30,
        )
        for one in data.facts
    ]
    counted = _("{pages} pages, {files} files").format(pages=data.pages, files=data.files)
    blocks: list[Block] = [
        Text("", Style(50)),
        Text(data.paper.branch, Style(13, align=Align.CENTRE)),
        Text(data.title, centred(28), before=10),
        Text(data.paper.number, Style(14, align=Align.CENTRE), before=4),
        Grid(rows, before=34),
        Text(counted, PARAGRAPH._replace(align=Align.CENTRE), before=14),
        Signatures(
            [
                [Entry(_("Put together by:"), data.by), Entry(_("Date:"), f"{data.paper.printed_at:%Y-%m-%d}", line=False)],
                [Entry(_("Checked by:")), Entry(_("Date:"), blank_day(), line=False)],
            ],
            before=30,
        ),
    ]
    return Sheaf(data.paper, "", blocks, outline=data.title)


def index_sheaf(paper: Paper, pieces: Sequence[Piece]) -> Sheaf:
    """The index."""
    captions = (_("#"), _("Title"), _("Number"), _("Date"), _("Pages"))
    rows = [(str(number), one.title, one.number, one.on, one.pages) for number, one in enumerate(pieces, 1)]
    styles = (_CENTRE, BODY, BODY, _CENTRE, _CENTRE)
    return Sheaf(paper, _("Index"), [table(captions, (0.08, 0.44, 0.22, 0.14, 0.12), rows, styles, 22)])


def course_sheaf(paper: Paper, sections: Sequence[tuple[str, Sequence[Noted]]]) -> Sheaf:
    """Enquiries, consultations, notices and the rest, section by section."""
    blocks = [block for title, noted in sections for block in part(title, Grid([_noted(one) for one in noted]))]
    return Sheaf(paper, _("Record of the handling"), blocks)


def _noted(one: Noted) -> Row:
    return memo_row(one.when, one.text, label=0.17, least=20)


def events_sheaf(paper: Paper, events: Sequence[Happened]) -> Sheaf:
    """What was done, oldest first, with every field that changed."""
    captions = (_("Time"), _("Who"), _("Event"), _("Notes and changes"))
    rows = [(moment(one.at), one.who, f"{one.title}\n{one.number}", one.text) for one in events]
    return Sheaf(paper, _("Course of events"), [table(captions, (0.2, 0.11, 0.2, 0.49), rows)])


def files_sheaf(paper: Paper, files: Sequence[Kept]) -> Sheaf:
    """The files of the case, each with what makes it known again."""
    captions = (_("#"), _("File"), _("What it shows"), _("Size"), _("Kept by, at"), _("On pages"))
    rows = [row for one in files for row in _kept(one)]
    table_of_files = Grid(rows, [head_row(captions, _SHARES)]) if rows else nothing()
    return Sheaf(paper, _("Files of the case"), [table_of_files])


def _kept(one: Kept) -> list[Row]:
    texts = (one.number, one.name, one.shows, one.size, one.kept, one.where)
    styles = (_CENTRE, SMALL, SMALL, _RIGHT, SMALL, SMALL)
    cells = [Cell(text, share, style) for text, share, style in zip(texts, _SHARES, styles, strict=True)]
    digest = Style(7.5, spacing=1.3, grey=0.2)
    return [Row(cells), Row([Cell("", _SHARES[0]), Cell(f"SHA-256  {one.sha256}", 1 - _SHARES[0], digest)], joined=True)]
