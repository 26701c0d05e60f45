"""Blocks of a paper and how they fall on pages: text, ruled grids, signatures, QR code. Draws, but knows no document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from app.reports import fonts
from app.reports.typesetting import Align, Line, Style, lines

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

MM = 72 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM
MARGIN = 18 * MM
WIDTH = PAGE_WIDTH - 2 * MARGIN
RULE = 0.5
FEWEST_LINES = 2  # of a text on either side of a page's end


class Block:
    """Something as wide as the page. `before` is the distance above it, dropped at the top of a page."""

    height: float = 0
    before: float = 0
    with_next = False  # a heading: never the last on a page
    with_previous = False  # signatures: never the first on a page while something is above that can come along
    sinks = False  # stands at the foot of its page

    def cut(self, room: float) -> tuple[Block, Block] | None:
        """Two parts, the first no higher than `room`, neither of them a scrap; None where it can't be cut so."""
        return None

    def least(self) -> float:
        """The height of the smallest part that may stand at the end of a page."""
        return self.height

    def draw(self, canvas: Canvas, top: float) -> None:
        """Draw it on the page, downwards from `top`."""

    def texts(self) -> Iterator[tuple[str, str]]:
        """(where, text) of all it prints, to look for characters that no font has."""
        return iter(())


def write(canvas: Canvas, x: float, base: float, text: str, style: Style) -> None:
    """One line of text from `x` on, in as many fonts as it needs."""
    for font, part in fonts.runs(text, style.bold):
        canvas.setFont(font, style.size)
        canvas.drawString(x, base, part)
        x += fonts.width(part, style.size, style.bold)


def write_lines(canvas: Canvas, left: float, top: float, width: float, rows: Sequence[Line], style: Style) -> None:
    """Lines below each other; `top` is the upper edge of the first."""
    canvas.setFillGray(style.grey)
    base = top - (style.leading + style.size * 0.76) / 2
    for row in rows:
        free = width - row.indent - row.width
        write(canvas, left + row.indent + free * style.align.value, base, row.text, style)
        base -= style.leading
    canvas.setFillGray(0)


class Text(Block):
    """Paragraphs, `width` points wide."""

    def __init__(self, text: str, style: Style, before: float = 0, with_next: bool = False, width: float = WIDTH) -> None:
        self.text, self.style, self.before, self.with_next, self.width = text, style, before, with_next, width
        self.rows = lines(text, style, width)

    @property
    def height(self) -> float:  # type: ignore[override]
        return len(self.rows) * self.style.leading

    def cut(self, room: float) -> tuple[Block, Block] | None:
        fitting = min(int(room / self.style.leading + 0.001), len(self.rows) - FEWEST_LINES)
        if fitting < FEWEST_LINES:
            return None
        return self._part(self.rows[:fitting], self.before), self._part(self.rows[fitting:], 0)

    def _part(self, rows: list[Line], before: float) -> Text:
        part = Text("", self.style, before, self.with_next, self.width)
        part.rows = rows
        return part

    def least(self) -> float:
        return self.height if len(self.rows) < 2 * FEWEST_LINES else FEWEST_LINES * self.style.leading

    def draw(self, canvas: Canvas, top: float) -> None:
        write_lines(canvas, MARGIN, top, self.width, self.rows, self.style)

    def texts(self) -> Iterator[tuple[str, str]]:
        yield "", self.text


class Entry(NamedTuple):
    """What is signed or dated by hand: a caption and what already stands there, on a line or not."""

    caption: str
    value: str = ""
    line: bool = True


class Signatures(Block):
    """Signature blocks side by side; the seal goes over the first entry."""

    with_previous = True
    _style = Style(10)
    _row = 26.0

    def __init__(self, columns: Sequence[Sequence[Entry]], before: float = 22) -> None:
        self.columns, self.before = columns, before
        self.height = self._row * max(map(len, columns))

    def draw(self, canvas: Canvas, top: float) -> None:
        each = WIDTH / len(self.columns)
        for number, column in enumerate(self.columns):
            for row, entry in enumerate(column, 1):
                self._entry(canvas, MARGIN + number * each, top - row * self._row + 8, each - 18, entry)

    def _entry(self, canvas: Canvas, left: float, base: float, width: float, entry: Entry) -> None:
        write(canvas, left, base, entry.caption, self._style)
        start = fonts.width(entry.caption, self._style.size) + 4
        row = lines(entry.value, self._style, max(width - start, 60))[0]
        write(canvas, left + start + 4, base, row.text, self._style)
        if entry.line:
            canvas.setLineWidth(RULE)
            canvas.line(left + start, base - 3, left + width, base - 3)

    def texts(self) -> Iterator[tuple[str, str]]:
        return ((entry.caption, entry.value) for column in self.columns for entry in column)


class Code(Block):
    """A QR code with a few lines beside it, at the foot of the last page."""

    with_previous = True
    sinks = True
    before = 12
    _style = Style(8, grey=0.35)

    def __init__(self, content: str, beside: str, side: float = 22 * MM) -> None:
        self.content, self.beside, self.height = content, beside, side
        self.rows = lines(beside, self._style, WIDTH - side - 8)

    def draw(self, canvas: Canvas, top: float) -> None:
        # heavy: start-up must not pay for it
        from reportlab.graphics.barcode.qr import QrCode

        code = QrCode(self.content, width=self.height, height=self.height, qrBorder=0, qrLevel="M")
        code.drawOn(canvas, MARGIN, top - self.height)
        middle = top - (self.height - len(self.rows) * self._style.leading) / 2
        write_lines(canvas, MARGIN + self.height + 8, middle, WIDTH - self.height - 8, self.rows, self._style)

    def texts(self) -> Iterator[tuple[str, str]]:
        yield "", self.beside


class Placed(NamedTuple):
    """A block and the distance of its upper edge from the top of the page's body."""

    block: Block
    down: float


class _Filling:
    """The pages while they are being filled; `room` is the height of a page's body."""

    def __init__(self, room: float) -> None:
        self.room = room
        self.pages: list[list[Placed]] = []
        self.used = room

    def left(self, block: Block) -> float:
        return self.room - self.used - self._before(block)

    def _before(self, block: Block) -> float:
        return block.before if self.pages and self.pages[-1] else 0

    def place(self, block: Block) -> None:
        down = self.room - block.height if block.sinks else self.used + self._before(block)
        self.pages[-1].append(Placed(block, down))
        self.used = down + block.height

    def turn(self) -> None:
        """A new page; headings at the end of the old one come along."""
        along: list[Block] = []
        while self.pages and len(self.pages[-1]) > 1 and self.pages[-1][-1].block.with_next:
            along.insert(0, self.pages[-1].pop().block)
        self.pages.append([])
        self.used = 0
        for block in along:
            self.place(block)

    @property
    def fresh(self) -> bool:
        """Whether nothing but headings stands on the page."""
        return bool(self.pages) and all(placed.block.with_next for placed in self.pages[-1])


def paginate(blocks: Iterable[Block], room: float) -> list[list[Placed]]:
    """The blocks on pages of height `room`. A block that fits nowhere and can't be cut is placed all the same."""
    filling = _Filling(room)
    filling.turn()
    waiting = list(blocks)
    while waiting:
        block = waiting.pop(0)
        behind = _must_follow(block, waiting)
        if block.height + behind <= filling.left(block) + 0.01:
            filling.place(block)
            continue
        parts = block.cut(filling.left(block))
        if parts:
            filling.place(parts[0])
            filling.turn()
            waiting.insert(0, parts[1])
        elif filling.fresh:
            filling.place(block)
        else:
            filling.turn()
            waiting.insert(0, block)
    return filling.pages


def _must_follow(block: Block, waiting: Sequence[Block]) -> float:
    """The height that has to stand on the same page directly behind the block."""
    needed = 0.0
    for following in waiting:
        if not following.with_previous:
            if block.with_next:
                needed += following.before + following.least()
            break
        needed += following.before + following.height
        block = following
    return needed


def centred(size: float = 16, grey: float = 0) -> Style:
    """The style of a title."""
    return Style(size, bold=True, align=Align.CENTRE, spacing=1.6, grey=grey)
