"""Workbooks that are right in any spreadsheet: text stays text, styles are shared, pages print on A4."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self

from app.core.language import _, chosen
from app.reports.copied_table import FORMULA
from app.services.workbook_facts import CellSum

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell

_PIECE = 15_000
LONGEST = 32_767
"""Characters (UTF-16 units) that one cell can hold."""
MOST_ROWS = 1_048_576
LINE, HIGHEST = 14, 409
"""Points of a line of text, and of the highest row that there is."""
MOST_SEEN = 3000
_LIKE_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")

Plain = str | int | float | Decimal | date | datetime | bool | None


class Look(NamedTuple):
    """How a cell looks: Excel's number format, where its content stands, and on what ground."""

    format: str = "General"
    across: str = "left"
    bold: bool = False
    size: float = 10
    ground: str = ""
    colour: str = "1B2229"
    lined: bool = True
    wrap: bool = False
    down: str = "center"
    indent: int = 1


LOOKS = {
    "title": Look(bold=True, size=16, lined=False, indent=0),
    "caption": Look(bold=True, size=12, lined=False, indent=0),
    "note": Look(colour="5E6976", lined=False, indent=0),
    "hand": Look(lined=False, indent=0, size=11, down="bottom"),
    "head": Look(bold=True, ground="E9EDF0", across="center", wrap=True),
    "text": Look("@"),
    "memo": Look("@", wrap=True),
    "number": Look("#,##0", "right"),
    "hours": Look("#,##0.0", "right"),
    "mean": Look("0.00", "right"),
    "rate": Look('0.0" %"', "right"),
    "percent": Look("0.0%", "right"),
    "change": Look("+0.0%;-0.0%;0.0%", "right"),
    "money": Look("#,##0.00", "right"),
    "quantity": Look(across="right"),
    "moment": Look("yyyy-mm-dd hh:mm", "left"),
    "day": Look("yyyy-mm-dd", "left"),
    "month": Look("yyyy-mm", "left"),
    "flag": Look("@", "center"),
    "check": Look(across="center", colour="1E7547"),
    "none": Look(across="right", colour="5E6976"),
}
TOTAL = "EEF2F5"


class Styled(NamedTuple):
    """A value and how it looks (a name of LOOKS); `strong`: bold on a ground; a `formula` is calculated, all else is text."""

    value: Plain
    look: str = "text"
    strong: bool = False
    formula: bool = False


def safe(text: str) -> str:
    """The text as a cell can hold it, every character kept; a longer one ends with a sentence that says how much is missing."""
    if text.isprintable() and "_x" not in text and len(text) < LONGEST // 2:
        return text
    text = _ILLEGAL.sub(lambda found: f"_x{ord(found[0]):04X}_", _LIKE_ESCAPE.sub("_x005F_", text))
    if len(text) <= LONGEST // 2 or len(text.encode("utf-16-le")) // 2 <= LONGEST:
        return text
    said = "… " + _("[{length} characters in all: a cell holds {limit}. The rest stands in the record.]").format(
        length=len(text), limit=LONGEST
    )
    room = (LONGEST - len(said)) * 2
    return text.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + said


def sheet_title(name: str, taken: Iterable[str] = ()) -> str:
    """A name that Excel takes for a sheet: 31 characters, without []:*?/\\, not there already."""
    plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name).strip(" '")[:31] or "1"
    used = {other.casefold() for other in taken}
    number = 2
    title = plain
    while title.casefold() in used:
        title = f"{plain[: 30 - len(str(number))]} {number}"
        number += 1
    return title


class Book:
    """A workbook being written, a sheet at a time or several side by side; rows go out as they come."""

    def __init__(self, title: str, author: str, apart: Iterable[str] | None = None, *, sample: bool = False) -> None:
        """`apart`: sum the cells of each sheet, but for these words; what the `sample` branch prints says so in its foot."""
        from openpyxl import Workbook  # heavy: start-up must not pay for it

        self.workbook: Workbook = Workbook(write_only=True)
        self.workbook.calculation.fullCalcOnLoad = True
        self.workbook.properties.title = safe(title)[:255]
        self.workbook.properties.creator = safe(author)[:255]
        self.author, self.sample = author, sample
        self._apart = None if apart is None else tuple(apart)
        self._styles: dict[tuple[Look, bool], int] = {}

    def sheet(self, name: str, widths: Sequence[float]) -> Sheet:
        """A new sheet behind the others; widths in characters."""
        return Sheet(self, sheet_title(name, self.workbook.sheetnames), widths)

    def hide(self, name: str, rows: Iterable[tuple[str, str]]) -> None:
        """A sheet of pairs of texts that only programs read, behind the others; a long second one stands in several cells."""
        sheet = self.sheet(name, (20, 80))
        sheet.ws.sheet_state = "veryHidden"
        for row in rows:
            sheet.add([Styled(row[0]), *(Styled(row[1][at : at + _PIECE]) for at in range(0, len(row[1]), _PIECE))])

    def new_sum(self) -> CellSum | None:
        """For the cells of a sheet, where they are summed."""
        return None if self._apart is None else CellSum(self._apart)

    def style(self, sheet: Any, look: Look, quoted: bool) -> int:  # noqa: ANN401 - a write-only sheet
        """The number of a style; it is made once."""
        key = (look, quoted)
        if key not in self._styles:
            from openpyxl.cell import Cell  # heavy: start-up must not pay for it

            cell = Cell(sheet, row=1, column=1)
            _dress(cell, look)
            cell.quotePrefix = quoted
            self._styles[key] = cell.style_id
        return self._styles[key]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if kind is not None:
            self._abandon()

    def _abandon(self) -> None:
        """Rows were written to files of openpyxl's own: when the work stops half-way, nobody else takes them away."""
        for sheet in self.workbook.worksheets:
            if not sheet.closed:
                sheet.close()
            sheet._writer.cleanup()  # type: ignore[attr-defined] # noqa: SLF001 - there is no public way

    def bytes(self) -> bytes:
        """The finished workbook."""
        out = io.BytesIO()
        self.workbook.save(out)
        return out.getvalue()


class Prepared(Protocol):
    """A cell that knows its style and takes one value after another."""

    data_type: str
    value: Any

    def put(self, value: Plain, formula: bool = False) -> None:
        """Hold a value."""


@cache
def _prepared() -> Callable[[Any, int], Prepared]:
    """The class of our cells. openpyxl looks its own up, checked and hashed, for each value: half the time of a long sheet."""
    from openpyxl.cell import Cell  # heavy: start-up must not pay for it

    class PreparedCell(Cell):
        __slots__ = ("_number",)

        def __init__(self, sheet: Any, number: int) -> None:  # noqa: ANN401 - a write-only sheet
            super().__init__(sheet, row=1, column=1)
            self._number = number

        @property
        def style_id(self) -> int:
            return self._number

        @property
        def has_style(self) -> bool:
            return True

        def __repr__(self) -> str:
            # openpyxl puts it into an error message for every cell, and drops the message.
            return ""

        def put(self, value: Plain, formula: bool = False) -> None:
            # Never by openpyxl's guess, for which a leading = is a formula and #N/A an error.
            held: Any = value
            if isinstance(value, str):
                held, kind = (value, "f") if formula else (safe(value), "s")
            elif isinstance(value, bool):
                held, kind = (_("yes") if value else _("no")), "s"
            elif isinstance(value, float):
                # Every program keeps 15 digits when it saves, not every one more: the sum over the cells stays the same.
                held, kind = float(f"{value:.14g}"), "n"
            else:
                kind = "d" if isinstance(value, date) else "n"
            self._value, self.data_type = held, kind

    return PreparedCell


def _dress(cell: Cell, look: Look) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side  # heavy: start-up must not pay for it

    name = "微软雅黑" if chosen() == "zh_CN" else "Calibri"
    cell.font = Font(name=name, size=look.size, bold=look.bold, color=look.colour)
    if look.ground:
        cell.fill = PatternFill("solid", fgColor=look.ground)
    if look.lined:
        side = Side(style="thin", color="DDE2E7")
        cell.border = Border(left=side, right=side, top=side, bottom=side)
    indent = 0 if look.across == "center" else look.indent
    cell.alignment = Alignment(horizontal=look.across, vertical=look.down, wrap_text=look.wrap, indent=indent)
    cell.number_format = look.format


class Sheet:
    """A sheet that grows downwards; `row` is the number of the last row written."""

    def __init__(self, book: Book, title: str, widths: Sequence[float]) -> None:
        self.book, self.title, self.row = book, title, 0
        self.ws: Any = book.workbook.create_sheet(title)
        for place, width in enumerate(widths, 1):
            self.ws.column_dimensions[letter(place)].width = width
        self._paper()
        self.ws.sheet_view.showGridLines = False
        self._widths = tuple(widths)
        self._columns: list[tuple[Prepared, Prepared, Prepared]] = []
        self._wrapped: list[tuple[int, float]] = []
        self.sum = book.new_sum()

    def _paper(self) -> None:
        page = self.ws.page_setup
        page.paperSize, page.orientation = 9, "landscape"
        page.fitToWidth, page.fitToHeight = 1, 0
        self.ws.sheet_properties.pageSetUpPr.fitToPage = True
        self.ws.page_margins.left = self.ws.page_margins.right = 0.45
        self.ws.page_margins.top = self.ws.page_margins.bottom = 0.7
        self.ws.print_options.horizontalCentered = True
        self.ws.oddHeader.left.text = _field(self.book.author)
        self.ws.oddHeader.right.text = _field(self.title)
        self.ws.oddFooter.left.text = _("Sample") if self.book.sample else None
        self.ws.oddFooter.center.text = _("Page {page} of {pages}").format(page="&P", pages="&N")
        self.ws.oddFooter.right.text = _("Printed {day}").format(day="&D &T")

    def add(self, cells: Iterable[Styled] = (), height: float | None = None, least: float = 0) -> int:
        """A row; its number. Without a height it is as high as its texts need, and at least so high."""
        self.row += 1
        row = list(cells)
        wrapped = ((cell.value, width) for cell, width in zip(row, self._widths, strict=False) if LOOKS[cell.look].wrap)
        self._rise(wrapped, height, least)
        self._append([self._cell(cell) for cell in row])
        return self.row

    def _append(self, cells: list[Prepared | None]) -> None:
        self.ws.append(cells)
        if self.sum is not None:
            self.sum.add(cell.value if cell is not None and cell.data_type != "f" else None for cell in cells)

    def _rise(self, wrapped: Iterable[tuple[Plain, float]], height: float | None = None, least: float = 0) -> None:
        """Not every program makes a row as high as its texts when it opens a workbook."""
        lines = max((_lines(value, width) for value, width in wrapped), default=1)
        if height is not None or lines > 1 or least:
            self.ws.row_dimensions[self.row].height = height or max(min(lines * LINE + 3, HIGHEST), least)

    def _cell(self, styled: Styled) -> Prepared:
        quoted = not styled.formula and isinstance(styled.value, str) and styled.value.startswith(FORMULA)
        look = LOOKS[styled.look]
        look = look._replace(bold=True, ground=TOTAL) if styled.strong else look
        cell = _prepared()(self.ws, self.book.style(self.ws, look, quoted))
        cell.put(styled.value, styled.formula)
        return cell

    def columns(self, looks: Sequence[str]) -> None:
        """How the columns of the rows that `stream` writes look."""
        make = _prepared()
        self._wrapped = [(place, self._widths[place]) for place, look in enumerate(looks) if LOOKS[look].wrap]
        for look in looks:
            kinds = (look, False), (look, True), ("day", False)
            styles = (self.book.style(self.ws, LOOKS[one]._replace(lined=False, down="top"), prefix) for one, prefix in kinds)
            plain, quoted, day = (make(self.ws, style) for style in styles)
            self._columns.append((plain, quoted, day))

    def stream(self, values: Sequence[Plain]) -> None:
        """A row of many: the cells of a column are one object, written out before it takes the next value."""
        self.row += 1
        cells: list[Prepared | None] = []
        for value, (plain, quoted, day) in zip(values, self._columns, strict=True):
            if value is None or value == "":
                cells.append(None)
                continue
            cell = quoted if isinstance(value, str) and value.startswith(FORMULA) else plain
            if type(value) is date:  # among times, too
                cell = day
            cell.put(value)
            cells.append(cell)
        self._rise((values[place], width) for place, width in self._wrapped)
        self._append(cells)

    def freeze(self, row: int, columns: int = 0) -> None:
        """Keep the first rows and columns in sight, and print the last of these rows on each page. Before any row is written."""
        self.ws.freeze_panes = f"{letter(columns + 1)}{row + 1}"
        self.ws.print_title_rows = f"{row}:{row}"

    def rule(self, first: int, last: int, columns: int) -> None:
        """Lines below rows that were streamed: as a format of the whole area, for empty cells are not written at all."""
        from openpyxl.formatting.rule import FormulaRule  # heavy: start-up must not pay for it
        from openpyxl.styles import Border, Side

        line = Side(style="thin", color="DDE2E7")
        rule = FormulaRule(formula=["TRUE"], border=Border(left=line, right=line, bottom=line))  # type: ignore[no-untyped-call]
        self.ws.conditional_formatting.add(f"A{first}:{letter(columns)}{max(first, last)}", rule)

    def one_page(self) -> None:
        """Print it all on one page."""
        self.ws.page_setup.fitToHeight = 1

    def span(self, first: int, last: int) -> str:
        """An absolute address of whole columns cut to rows, to be filled with a letter: `'x'!${c}$5:${c}$9`."""
        quoted = self.title.replace("'", "''")
        return f"'{quoted}'!${{c}}${first}:${{c}}${last}"


def _lines(value: Plain, width: float) -> int:
    """About how many lines a text takes in a column; a Chinese character is two wide."""
    if not isinstance(value, str) or (len(value) * 2 < width and "\n" not in value):
        return 1
    room = width - 2
    lines = 0
    for paragraph in value[:MOST_SEEN].split("\n"):
        wide = len(paragraph) * 0.9 + sum(character > "\u2e7f" for character in paragraph) * 0.95
        lines += max(int(-(-wide // room)), 1)
    return lines


def _field(text: str) -> str:
    """Text in headers and footers, where & begins a code."""
    return safe(text)[:100].replace("&", "&&")


@cache
def letter(column: int) -> str:
    """A for 1, AA for 27."""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found
