"""Blocks of a paper and how they fall on pages: text, columns, signatures with a code. Draws, but knows no document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from app.reports import fonts
from app.reports.typesetting import Align, Line, Style, lines

if TYPE_CHECKING:
    from reportlab.graphics.barcode.qrencoder import QRCode
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


class Columns(Block):
    """Lines of two texts each, the second from the middle of the page on; a first one alone has the whole width."""

    def __init__(self, pairs: Sequence[tuple[str, str]], style: Style, before: float = 0) -> None:
        self.pairs, self.style, self.before = pairs, style, before
        half = WIDTH / 2
        self.rows = [(lines(left, style, half - 12 if right else WIDTH), lines(right, style, half)) for left, right in pairs]

    @property
    def height(self) -> float:  # type: ignore[override]
        return sum(self._high(row) for row in self.rows)

    def _high(self, row: tuple[list[Line], list[Line]]) -> float:
        return max(map(len, row)) * self.style.leading

    def draw(self, canvas: Canvas, top: float) -> None:
        for row in self.rows:
            for number, part in enumerate(row):
                write_lines(canvas, MARGIN + number * WIDTH / 2, top, WIDTH / 2, part, self.style)
            top -= self._high(row)

    def texts(self) -> Iterator[tuple[str, str]]:
        return (("", f"{left}{right}") for left, right in self.pairs)


class Code(NamedTuple):
    """What a QR code says, and a few lines below it."""

    content: str
    below: str


class Signatures(Block):
    """Signature blocks side by side; the seal goes over the first entry. At their right a code may stand."""

    with_previous = True
    _style = Style(10)
    _small = Style(7, grey=0.35, spacing=1.3)
    _row = 26.0
    _side = 16 * MM
    _beside = 108.0

    def __init__(self, columns: Sequence[Sequence[Entry]], before: float = 20, code: Code | None = None) -> None:
        self.columns, self.before, self.code = columns, before, code
        self.each = (WIDTH - (self._beside if code else 0)) / len(columns)
        self.values = [[self._lines(entry) for entry in column] for column in columns]
        most = (max(map(len, row)) for row in zip_longest(*self.values, fillvalue=()))
        self.rows = [self._row + (count - 1) * self._style.leading for count in most]
        self.below = lines(code.below, self._small, self._beside) if code else []
        self.height = max(sum(self.rows), self._side + len(self.below) * self._small.leading if code else 0)

    def _start(self, entry: Entry) -> float:
        return fonts.width(entry.caption, self._style.size) + 4

    def _lines(self, entry: Entry) -> list[Line]:
        return lines(entry.value, self._style, max(self.each - 22 - self._start(entry), 60))

    def draw(self, canvas: Canvas, top: float) -> None:
        for number, (column, values) in enumerate(zip(self.columns, self.values, strict=True)):
            for entry, value, down in zip(column, values, accumulate(self.rows), strict=False):
                self._entry(canvas, MARGIN + number * self.each, top - down + 8, entry, value)
        if self.code:
            self._code(canvas, self.code.content, MARGIN + WIDTH - self._beside, top)

    def _entry(self, canvas: Canvas, left: float, base: float, entry: Entry, value: Sequence[Line]) -> None:
        """The last line of the value stands on the rule, the caption before the first."""
        start, leading = left + self._start(entry), self._style.leading
        first = base + (len(value) - 1) * leading
        write(canvas, left, first, entry.caption, self._style)
        for place, row in enumerate(value):
            write(canvas, start + 4, first - place * leading, row.text, self._style)
        if entry.line:
            canvas.setLineWidth(RULE)
            canvas.line(start, base - 3, left + self.each - 18, base - 3)

    def _code(self, canvas: Canvas, content: str, left: float, top: float) -> None:
        # heavy: start-up must not pay for it
        from reportlab.graphics.barcode.qr import QrCode

        code = QrCode(content, width=self._side, height=self._side, qrBorder=0)
        code.qr = _worked_out(content)
        code.drawOn(canvas, left, top - self._side)
        write_lines(canvas, left, top - self._side - 2, self._beside, self.below, self._small)

    def texts(self) -> Iterator[tuple[str, str]]:
        yield from ((entry.caption, entry.value) for column in self.columns for entry in column)
        if self.code:
            yield "", self.code.below


@lru_cache
def _worked_out(content: str) -> QRCode:
    """The squares of a code: a paper is drawn for its preview, for its printing and to be compared."""
    # heavy: start-up must not pay for it
    from reportlab.graphics.barcode.qr import QrCode

    made: QRCode = QrCode(content, qrLevel="M").qr
    made.make()
    vars(made)["make"] = list  # who draws it asks for it once more
    return made


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
        down = self.used + self._before(block)
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
