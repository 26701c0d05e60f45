"""The figures of a month beside one scan of the table, and the workbook beside the same cells written with openpyxl alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from io import BytesIO
from typing import Any

from app.reports import workbook
from app.services import figures, figures_content
from app.services.periods import Period, days, month_of
from benchmarks import raw
from benchmarks.store import NOW, QUIET, QUIET_MONTH, Store
from benchmarks.timing import Result, milliseconds, race

_SCAN = "SELECT status, count(*), count(satisfaction) FROM complaint NOT INDEXED GROUP BY status"
_MILLION = 1_000_000
_LONG = 100_000


def measure(store: Store) -> Iterator[Result]:
    """A month of the same size in every store, and one that holds its share of the store."""
    goal = 1.0 if store.size >= _MILLION else None
    with raw.connection(store) as floor:
        for name, day in (
            (f"month of {min(QUIET, store.size // 2)} complaints", QUIET_MONTH.date()),
            ("an ordinary month", date(2026, 5, 1)),
        ):
            period = month_of(day)
            ours = partial(figures.compute, store.session, period)
            count = ours().complaints
            both = race(ours, lambda: floor.execute(_SCAN).fetchall(), 5)
            yield Result("figures", name, store.size, *both, goal, note=f"{count} complaints")
    yield _workbook(store, month_of(QUIET_MONTH.date()), "month", 1.3, 3)
    if store.size == _LONG:
        yield _workbook(store, days(date(2025, 1, 1), NOW.date()), "two years", 1.15, 0)


def _workbook(store: Store, period: Period, name: str, goal: float, rounds: int) -> Result:
    """With no rounds, each is written once: that takes a minute."""
    content = _content(store, period)
    made = content()
    cells = _Cells(made)
    both = race(content, cells.write, rounds) if rounds else (milliseconds(content), milliseconds(cells.write))
    return Result("workbook", f"{name}: {cells.rows:,} rows, {len(made) / 1024:,.0f} kB", store.size, *both, goal)


def _content(store: Store, period: Period) -> Callable[[], bytes]:
    """What writes the workbook from figures and rows that are at hand."""
    content = figures_content.gather(store.session, period)
    objections, complaints = list(content.objections.rows), list(content.complaints.rows)

    def write() -> bytes:
        rows = content.objections._replace(rows=iter(objections)), content.complaints._replace(rows=iter(complaints))
        return workbook.render(replace(content, objections=rows[0], complaints=rows[1]))

    return write


class _Cells:
    """The cells of a workbook with their looks, to be written again."""

    def __init__(self, made: bytes) -> None:
        from openpyxl import load_workbook

        book = load_workbook(BytesIO(made))
        self._sheets = [(sheet.title, [[_cell(cell) for cell in row] for row in sheet.iter_rows()]) for sheet in book]
        self.rows = sum(len(rows) for _title, rows in self._sheets)

    def write(self) -> bytes:
        """The values and looks, row by row, nothing kept: the fastest way that openpyxl has."""
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell

        book, styles, buffer = Workbook(write_only=True), dict[int, Any](), BytesIO()
        for title, rows in self._sheets:
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append([_styled(WriteOnlyCell(sheet, value), style, look, styles) for value, style, look in row])
        book.save(buffer)
        return buffer.getvalue()


def _styled(cell: Any, style: int, look: tuple[object, ...] | None, styles: dict[int, Any]) -> Any:  # noqa: ANN401 - openpyxl's cell
    """The cell in a look; what openpyxl made of a look the first time is used again, which only its own attribute allows."""
    if style in styles:
        cell._style = styles[style]  # noqa: SLF001
    elif look is not None:
        cell.font, cell.fill, cell.border, cell.alignment, cell.number_format = look
        styles[style] = cell._style  # noqa: SLF001
    return cell


def _cell(cell: Any) -> tuple[object, int, tuple[object, ...] | None]:  # noqa: ANN401 - a cell of openpyxl
    from copy import copy

    if not cell.has_style:
        return cell.value, 0, None
    look = (*(copy(part) for part in (cell.font, cell.fill, cell.border, cell.alignment)), cell.number_format)
    return cell.value, cell.style_id, look
