"""What the sheets of the monthly workbook share: the head of a sheet, a table, and rows of both kinds of cases put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.core import formats
from app.core.language import _
from app.reports.recount import Detail, Labels, agrees, differs
from app.reports.sheets import Book, Sheet, Styled, letter
from app.services.figures_details import AgreedRow
from app.services.figures_listed import Listed
from app.services.figures_values import UNCLASSIFIED, Figures, Share


@dataclass(frozen=True)
class Month:
    """What every sheet is made of."""

    book: Book
    figures: Figures
    objections: Detail
    complaints: Detail
    agreed: tuple[AgreedRow, ...]
    listed: Listed
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """Where a table stands: the row of its heads, its first and its last row of data."""

    heads: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Together:
    """A code with its objections and complaints."""

    code: str
    label: str
    objections: int
    complaints: int

    @property
    def total(self) -> int:
        """Both."""
        return self.objections + self.complaints


Cells = list[Styled]
ROW = 17
"""Height of a row of a table in points."""


def begin(month: Month, sheet: Sheet, title: str) -> None:
    """Title, branch, period and as of when."""
    figures = month.figures
    said = _("{branch} · {period} · as of {now}").format(
        branch=figures.branch_name, period=figures.scope, now=formats.moment(figures.now, figures.zone)
    )
    sheet.add([Styled(title, "title")], 28)
    sheet.add([Styled(said, "note")])
    told = _("With closed months, as the records are today: see the sheet “Definitions”.")
    sheet.add([Styled(told, "note")] if figures.signed else ())


def heads(sheet: Sheet, labels: Sequence[str]) -> int:
    """The row of heads."""
    return sheet.add([Styled(label, "head") for label in labels], least=20)


def caption(sheet: Sheet, text: str) -> None:
    """The name of a table, with room above it."""
    if sheet.row > 3:
        sheet.add()
    sheet.add([Styled(text, "caption")], 20)


class Block:
    """The list that the tables of a sheet are counted from, by its columns."""

    def __init__(self, sheet: Sheet, area: Area) -> None:
        self._span = sheet.span(area.first, area.last)

    def __getitem__(self, column: str) -> str:
        return self._span.format(c=column)

    def count(self, **said: str) -> str:
        """How many rows hold in each of the columns what a cell, or a word in quotes, says; upper and lower case differ."""
        return f"SUMPRODUCT({self.rows(**said)}*1)"

    def rows(self, **said: str) -> str:
        """1 for each such row and 0 for the others."""
        return "*".join(f"EXACT({self[column]},{one})" for column, one in said.items())


ROOM = 13
"""Empty rows between tables and their list, in which charts stand."""


def leave_room(sheet: Sheet) -> int:
    """Leave it; the row at which charts begin."""
    for _row in range(ROOM):
        sheet.add()
    return sheet.row - ROOM + 2


def below(sheet: Sheet, tables: Sequence[int], rows: int, room: int = 0) -> Area:
    """Where a list will stand, under tables of so many rows that each have a caption, heads and a total, and so much room."""
    first = sheet.row + sum(tables) + 4 * len(tables) + 3 + room
    return Area(first - 1, first, first + max(rows, 1) - 1)


def rate(value: float | None, look: str = "percent", strong: bool = False) -> Styled:
    """A rate, or a dash where nothing was to be divided by."""
    return Styled("—", "none", strong) if value is None else Styled(value, look, strong)


def check(sheet: Sheet, conditions: Sequence[str], strong: bool = False) -> Styled:
    """The check of the row that is being written; empty where there is nothing to count again."""
    return Styled(agrees(conditions), "check", strong, True) if conditions else Styled(None, "check", strong)


def together(objections: Sequence[Share], complaints: Sequence[Share]) -> list[Together]:
    """Both classifications in one: most first, then by code, unclassified last."""
    labels = {row.code: row.label for row in (*objections, *complaints)}
    of_objections = {row.code: row.count for row in objections}
    of_complaints = {row.code: row.count for row in complaints}
    rows = [Together(code, label, of_objections.get(code, 0), of_complaints.get(code, 0)) for code, label in labels.items()]
    return sorted(rows, key=lambda row: (row.code == UNCLASSIFIED, -row.total, row.code))


def one_kind(sheet: Sheet, detail: Detail, rows: Sequence[Share], column: str, name: str) -> Area:
    """A classification of one kind of case: label, count, share, check."""
    head = heads(sheet, [name, _("Cases"), _("Share"), _("Check")])
    labels = Labels([row.label for row in rows], detail)
    for row in rows:
        at = sheet.row + 1
        counted = labels.count(detail, column, f"$A{at}", None if row.code == UNCLASSIFIED else row.label)
        cells: Cells = [Styled(row.label), Styled(row.count, "number"), rate(row.share), check(sheet, [f"{counted}=B{at}"])]
        sheet.add(cells, ROW)
    area = Area(head, head + 1, sheet.row)
    total = sum(row.count for row in rows)
    ends: Cells = [Styled(_("Total"), "text", True), Styled(total, "number", True), Styled(None, "text", True)]
    sheet.add([*ends, sum_check(sheet, area, "B")], ROW)
    return area


def sum_check(sheet: Sheet, area: Area, *columns: str, more: Sequence[str] = ()) -> Styled:
    """The check of a total: the rows above add up to it, and what `more` says holds."""
    if area.last < area.first:
        return check(sheet, [f"{column}{sheet.row + 1}=0" for column in columns], True)
    at = sheet.row + 1
    return check(sheet, [*(f"SUM({column}{area.first}:{column}{area.last})={column}{at}" for column in columns), *more], True)


def both_kinds(
    month: Month, sheet: Sheet, rows: Sequence[Together], column: str, names: Sequence[str], *, summed: bool = False
) -> Area:
    """A classification of both kinds: label(s), objections, complaints, both, share, running sum if `summed`, check.

    With two `names`, the number is what cases are matched by and the name stands beside it.
    """
    wide = len(names)
    running = [_("Cumulative")] if summed else []
    head = heads(sheet, [*names, _("Objections"), _("Complaints"), _("Together"), _("Share"), *running, _("Check")])
    keys = [row.code if wide > 1 else row.label for row in rows]
    labels = Labels(keys, month.objections, month.complaints)
    total, so_far = sum(row.total for row in rows), 0
    o, c, t = (letter(wide + place) for place in (1, 2, 3))
    for row, key in zip(rows, keys, strict=True):
        at, unknown = sheet.row + 1, row.code == UNCLASSIFIED
        so_far += 0 if unknown else row.total
        texts = [row.label] if wide == 1 else ["" if unknown else row.code, row.label]
        cells: Cells = [Styled(text) for text in texts]
        cells += [Styled(row.objections, "number"), Styled(row.complaints, "number"), Styled(row.total, "number")]
        cells.append(rate(row.total / total if total else None))
        if summed:
            cells.append(rate(None if unknown else so_far / total))
        recounts = [
            labels.count(detail, column, f"$A{at}", None if unknown else key) for detail in (month.objections, month.complaints)
        ]
        cells.append(check(sheet, [f"{recounts[0]}={o}{at}", f"{recounts[1]}={c}{at}", f"{o}{at}+{c}{at}={t}{at}"]))
        sheet.add(cells, ROW)
    area = Area(head, head + 1, sheet.row)
    _total_of_both(sheet, rows, area, wide, summed)
    return area


def _total_of_both(sheet: Sheet, rows: Sequence[Together], area: Area, wide: int, summed: bool) -> None:
    cells: Cells = [Styled(_("Total"), "text", True)] + [Styled(None, "text", True)] * (wide - 1)
    counts = (sum(row.objections for row in rows), sum(row.complaints for row in rows), sum(row.total for row in rows))
    cells += [Styled(count, "number", True) for count in counts]
    cells += [Styled(None, "text", True)] * (1 + summed)
    cells.append(sum_check(sheet, area, *(letter(wide + place) for place in (1, 2, 3))))
    sheet.add(cells, ROW)


def mark_differences(sheet: Sheet) -> None:
    """What differs stands out in red, wherever its check stands."""
    from openpyxl.formatting.rule import CellIsRule  # heavy: start-up must not pay for it
    from openpyxl.styles import Font, PatternFill

    rule = CellIsRule(  # type: ignore[no-untyped-call]
        operator="equal", formula=[f'"{differs()}"'], font=Font(color="B4281F", bold=True), fill=PatternFill(bgColor="FCEAE8")
    )
    sheet.ws.conditional_formatting.add(f"A1:L{sheet.row}", rule)
