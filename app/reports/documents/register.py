"""台账: a list on A4 across, as it is shown: what it was asked for, a head on each page, long texts in full."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

from app.core.language import _
from app.core.progress import Progress
from app.reports import fonts
from app.reports.grid import PADDING, Cell, Grid, Row
from app.reports.layout import MARGIN, PAGE_HEIGHT, Block, Text
from app.reports.layout import WIDTH as UPRIGHT
from app.reports.pdf import Paper, Sheaf
from app.reports.typesetting import Align, Style

ACROSS = PAGE_HEIGHT - 2 * MARGIN
SIZES = (8.5, 7.5, 6.5)
"""Sizes of type: the largest in which numbers and times stand in one line."""
_MEASURED, _LONGEST = 300, 400  # rows, and points of a text's first line, that decide on widths
_LEGIBLE = 60.0  # a column that is broken into lines should have so much, where it needs it
_CONDITIONS = Style(9, spacing=1.5, grey=0.2)


class Column(NamedTuple):
    """A column: `right` for amounts, `whole` where a value should not be broken into lines."""

    caption: str
    right: bool = False
    whole: bool = False


@dataclass(frozen=True)
class Register:
    """A list: `conditions` are sentences on what was asked for, `rows` texts, one per column."""

    paper: Paper
    title: str
    conditions: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]


def register_sheaf(data: Register, progress: Progress | None = None) -> Sheaf:
    """The list, its rows numbered. Reports, and can be stopped, while it lays out."""
    told = progress or Progress()
    columns = (Column(_("#"), right=True, whole=True), *data.columns)
    rows = [(str(number), *row) for number, row in enumerate(data.rows, 1)]
    size, widths = fitted(columns, rows)
    head = Row(
        [
            _cell(column.caption, width, Style(size, bold=True, spacing=1.35), shaded=True)
            for column, width in zip(columns, widths, strict=True)
        ],
        20,
    )
    styles = [Style(size, spacing=1.35, align=Align.RIGHT if column.right else Align.LEFT) for column in columns]
    laid = [_row(row, widths, styles) for row in told.over(rows, len(rows), _("Laying out"))]
    asked: list[Block] = [Text(data.conditions, _CONDITIONS, with_next=True, width=ACROSS)]
    table = Grid(laid or [Row([_cell(_("none"), sum(widths), styles[-1])])], [head], before=6)
    return Sheaf(data.paper, data.title, [*asked, table], landscape=True)


def _row(texts: Sequence[str], widths: Sequence[float], styles: Sequence[Style]) -> Row:
    return Row([_cell(text, width, style) for text, width, style in zip(texts, widths, styles, strict=True)], 18)


def _cell(text: str, width: float, style: Style, *, shaded: bool = False) -> Cell:
    return Cell(text, width / UPRIGHT, style, shaded=shaded, top=not shaded)


def fitted(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> tuple[float, list[float]]:
    """The size of type, and how wide each column is in points; together they fill the page."""
    for size in SIZES:
        needs = [_needed(column, (row[place] for row in rows[:_MEASURED]), size) for place, column in enumerate(columns)]
        least = (need if column.whole else min(need, _LEGIBLE) for column, need in zip(columns, needs, strict=True))
        if sum(least) <= ACROSS:
            return size, _shared(columns, needs)
    return SIZES[-1], _shared([column._replace(whole=False) for column in columns], needs)


def _needed(column: Column, texts: Iterable[str], size: float) -> float:
    """Heads may stand in two lines, but Western words stay whole, and what is broken is not narrower than two characters."""
    words = [fonts.width(word, size, bold=True) for word in column.caption.split() if word.isascii()]
    head = max([fonts.width(column.caption, size, bold=True) / (1 if len(column.caption) <= 2 else 2), *words])
    longest = max((fonts.width(line[:100], size) for text in texts for line in text.split("\n", 3)[:3]), default=0)
    return max(2 * size, head + 1, min(longest, _LONGEST)) + 2 * PADDING + 1


def _shared(columns: Sequence[Column], needs: Sequence[float]) -> list[float]:
    """Whole columns get what they need, the others share the rest by the root of their needs, none more than it needs.

    What is left over goes to the widest.
    """
    widths = {place: need for place, (column, need) in enumerate(zip(columns, needs, strict=True)) if column.whole}
    waiting = [place for place in range(len(needs)) if place not in widths]
    while waiting:
        unit = (ACROSS - sum(widths.values())) / sum(sqrt(needs[place]) for place in waiting)
        content = [place for place in waiting if needs[place] <= unit * sqrt(needs[place])]
        if not content:
            widths |= {place: unit * sqrt(needs[place]) for place in waiting}
            break
        widths |= {place: needs[place] for place in content}
        waiting = [place for place in waiting if place not in widths]
    widest = max(range(len(needs)), key=lambda place: needs[place])
    widths[widest] += ACROSS - sum(widths.values())
    return [widths[place] for place in range(len(needs))]
