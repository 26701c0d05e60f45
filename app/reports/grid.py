"""Ruled tables and forms: rows of cells whose text flows over pages, with a head that is repeated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from app.core.language import _
from app.reports.layout import MARGIN, MM, RULE, WIDTH, Block, write_lines
from app.reports.typesetting import Align, Style, lines

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

PADDING = 3.5
BODY = Style(9.5, spacing=1.4)
LABEL = Style(9, spacing=1.35, align=Align.CENTRE)
HEAD = Style(9, spacing=1.35, bold=True, align=Align.CENTRE)
SMALL = Style(8.5, spacing=1.35)
SHADE = 0.95
_CUT_FROM = 60 * MM  # a lower row moves to the next page whole
_FEWEST_LINES = 3
_HANDWRITING = 8 * MM


class Cell:
    """A box of `share` (of 1) of the width. `ruled`: lines to write on; `foot`: a line at the lower right; `top`: never centred.

    `open_top` and `open_bottom` leave a rule out, so that the cells of two rows look like one.
    """

    def __init__(
        self,
        text: str,
        share: float,
        style: Style = BODY,
        *,
        shaded: bool = False,
        ruled: bool = False,
        foot: str = "",
        open_top: bool = False,
        open_bottom: bool = False,
        top: bool = False,
    ) -> None:
        self.text, self.share, self.style = text, share, style
        self.shaded, self.ruled, self.foot = shaded, ruled, foot
        self.open_top, self.open_bottom, self.top = open_top, open_bottom, top
        self.caption = text
        self.width = WIDTH * share
        self.rows = lines(text, style, self.width - 2 * PADDING)
        self.foot_rows = lines(foot, BODY, self.width - 2 * PADDING) if foot else []

    @property
    def text_height(self) -> float:
        return len(self.rows) * self.style.leading

    @property
    def foot_height(self) -> float:
        return len(self.foot_rows) * BODY.leading + (10 if self.foot_rows else 0)

    @property
    def height(self) -> float:
        return self.text_height + self.foot_height + 2 * PADDING

    def cut(self, room: float) -> tuple[Cell, Cell]:
        """Its first lines, as many as fit, and the rest with the foot; a label stands on both."""
        if self.shaded:
            label = Cell(_("{label} (continued)").format(label=self.caption), self.share, self.style, shaded=True)
            label.caption = self.caption
            return self, label
        fitting = int((room - 2 * PADDING) / self.style.leading + 0.001)
        first = Cell("", self.share, self.style, open_top=self.open_top, top=self.top)
        rest = Cell("", self.share, self.style, ruled=self.ruled, foot=self.foot, top=self.top)
        first.rows, rest.rows = self.rows[:fitting], self.rows[fitting:]
        return first, rest

    def draw(self, canvas: Canvas, left: float, top: float, height: float) -> None:
        if self.shaded:
            canvas.setFillGray(SHADE)
            canvas.rect(left, top - height, self.width, height, stroke=0, fill=1)
            canvas.setFillGray(0)
        free = height - 2 * PADDING - self.text_height - self.foot_height
        long = len(self.rows) > _FEWEST_LINES and not self.shaded
        down = PADDING + (0 if self.ruled or self.foot or self.top or long else free / 2)
        inner = self.width - 2 * PADDING
        if self.ruled and not self.text:
            self._guides(canvas, left, top, height - self.foot_height)
        write_lines(canvas, left + PADDING, top - down, inner, self.rows, self.style)
        foot = top - height + PADDING + len(self.foot_rows) * BODY.leading
        write_lines(canvas, left + PADDING, foot, inner, self.foot_rows, BODY._replace(align=Align.RIGHT))

    def _guides(self, canvas: Canvas, left: float, top: float, height: float) -> None:
        canvas.setStrokeGray(0.75)
        canvas.setLineWidth(0.3)
        for number in range(1, int(height / _HANDWRITING + 0.2)):
            canvas.line(left + PADDING, top - number * _HANDWRITING, left + self.width - PADDING, top - number * _HANDWRITING)
        canvas.setStrokeGray(0)


class Row:
    """Cells side by side, at least `least` high. `joined`: never parted from the row above."""

    def __init__(self, cells: Sequence[Cell], least: float = 0, joined: bool = False) -> None:
        self.cells, self.least, self.joined = cells, least, joined
        self.height = max(least, *(cell.height for cell in cells))

    def cut(self, room: float) -> tuple[Row, Row] | None:
        """None where the row is too low to be worth it, or too little fits."""
        longest = max((cell for cell in self.cells if not cell.shaded), key=lambda cell: cell.text_height)
        fewest = _FEWEST_LINES * longest.style.leading + 2 * PADDING
        room = min(room, longest.text_height + 2 * PADDING - _FEWEST_LINES * longest.style.leading)
        if self.height < _CUT_FROM or room < fewest:
            return None
        pairs = [cell.cut(room) for cell in self.cells]
        return Row([first for first, _rest in pairs], joined=self.joined), Row([rest for _first, rest in pairs])

    def draw(self, canvas: Canvas, top: float) -> None:
        left = MARGIN
        for cell in self.cells:
            cell.draw(canvas, left, top, self.height)
            left += cell.width
        self._rules(canvas, top)

    def _rules(self, canvas: Canvas, top: float) -> None:
        canvas.setLineWidth(RULE)
        bottom, left = top - self.height, MARGIN
        for cell in self.cells:
            canvas.line(left, bottom, left, top)
            if not cell.open_bottom:
                canvas.line(left, bottom, left + cell.width, bottom)
            if not cell.open_top:
                canvas.line(left, top, left + cell.width, top)
            left += cell.width
        canvas.line(left, bottom, left, top)


class Grid(Block):
    """Rows under a head that stands again on each page."""

    def __init__(self, rows: Sequence[Row], head: Sequence[Row] = (), before: float = 0) -> None:
        self.rows, self.head, self.before = list(rows), list(head), before
        self.head_height = sum(row.height for row in self.head)
        self.height = self.head_height + sum(row.height for row in self.rows)

    def least(self) -> float:
        return self.head_height + self._first_group()

    def _first_group(self) -> float:
        end = self._break_at_or_after(1)
        return min(sum(row.height for row in self.rows[:end]), _CUT_FROM)

    def _break_at_or_after(self, index: int) -> int:
        while index < len(self.rows) and self.rows[index].joined:
            index += 1
        return index

    def cut(self, room: float) -> tuple[Block, Block] | None:
        count, used = 0, self.head_height
        while count < len(self.rows) and used + self.rows[count].height <= room + 0.01:
            used += self.rows[count].height
            count += 1
        # Where all fits, something has to follow on the same page: the last rows go along with it.
        parts = self.rows[count].cut(room - used) if count < len(self.rows) else None
        if parts:
            return self._pair([*self.rows[:count], parts[0]], [parts[1], *self.rows[count + 1 :]])
        count = min(count, len(self.rows) - 1)
        while count and self.rows[count].joined:
            count -= 1
        return self._pair(self.rows[:count], self.rows[count:]) if count else None

    def _pair(self, above: Sequence[Row], below: Sequence[Row]) -> tuple[Grid, Grid]:
        return Grid(above, self.head, self.before), Grid(below, self.head)

    def draw(self, canvas: Canvas, top: float) -> None:
        for row in [*self.head, *self.rows]:
            row.draw(canvas, top)
            top -= row.height

    def texts(self) -> Iterator[tuple[str, str]]:
        for row in self.rows:
            where = ""
            for cell in row.cells:
                yield where, f"{cell.text}{cell.foot}"
                where = cell.text if cell.shaded else where


def form_row(*pairs: tuple[str, str, float], label: float = 0.13, least: float = 22, joined: bool = False) -> Row:
    """A row of captions and values: (caption, value, share of both)."""
    cells: list[Cell] = []
    for caption, value, share in pairs:
        cells += [Cell(caption, label, LABEL, shaded=True), Cell(value, share - label)]
    return Row(cells, least, joined)


def memo_row(
    caption: str, text: str, *, label: float = 0.13, least: float = 40, ruled: bool = False, foot: str = "", joined: bool = False
) -> Row:
    """A caption beside a text of any length."""
    return Row([Cell(caption, label, LABEL, shaded=True), Cell(text, 1 - label, ruled=ruled, foot=foot)], least, joined)


def head_row(captions: Sequence[str], shares: Sequence[float]) -> Row:
    """The head of a table."""
    return Row([Cell(text, share, HEAD, shaded=True) for text, share in zip(captions, shares, strict=True)])


def table(
    captions: Sequence[str],
    shares: Sequence[float],
    rows: Sequence[Sequence[str]],
    styles: Sequence[Style] = (),
    least: float = 0,
) -> Grid:
    """Texts in columns under a head that is repeated; where there are none, the word for it. Empty rows are for handwriting."""
    if not rows:
        return nothing()
    looks = styles or [SMALL] * len(shares)
    laid = [Row([Cell(text, share, look) for text, share, look in zip(row, shares, looks, strict=True)], least) for row in rows]
    return Grid(laid, [head_row(captions, shares)])


def nothing() -> Grid:
    """Stands where a table would have no rows."""
    return Grid([Row([Cell(_("none"), 1, BODY._replace(align=Align.CENTRE))])])
