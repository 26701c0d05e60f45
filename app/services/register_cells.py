"""Runs in a process of its own: prints the filled rows of a workbook as JSON lines. Imports nothing of the program.

Lines: {"sheets": [names]}, then for each sheet {"sheet": name} and [row, [cells]] with physical 1-based rows,
at last {"end": true} or {"error": code}.
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

MOST_MEMORY = 900 << 20
MOST_SECONDS = 60
MOST_CELLS = 8_000_000
"""Rows × columns of one sheet: it is held as a full rectangle, some 32 bytes a cell."""
MOST_OUTPUT = 1 << 30
_CELL = re.compile(rb'<(?:\w+:)?c\s(?:[^>]*?\s)?r="([A-Z]{1,3})(\d{1,7})"(?:[^>]*[^/>])?>')
ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"}


def main() -> None:
    """Arguments: the workbook and, if only one is wanted, the sheet."""
    path, sheet = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""
    _limit()
    with open(sys.stdout.fileno(), "w", encoding="utf-8", errors="surrogatepass", newline="\n", closefd=False) as out:
        try:
            _print_sheets(path, sheet, out)
            _line(out, {"end": True})
        except Exception as error:  # whatever a damaged workbook does, the parent gets one line
            _line(out, {"error": _code(error), "detail": str(error)[:200]})


def _limit() -> None:
    try:
        import resource  # not on Windows, where only the time limit holds
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_OUTPUT, MOST_OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _code(error: Exception) -> str:
    name = type(error).__name__
    known = {"PasswordError": "password", "WorksheetNotFound": "sheet", "_TooWide": "size", "MemoryError": "size"}
    return known.get(name, "damaged")


class _TooWide(Exception):
    pass


def _print_sheets(path: str, wanted: str, out: IO[str]) -> None:
    from python_calamine import WorksheetNotFound, load_workbook

    _check_extent(path)
    book = load_workbook(path)
    names = list(book.sheet_names)
    _line(out, {"sheets": names})
    if wanted:
        names = [name for name in names if name == wanted] or [name for name in names if _same(name, wanted)]
        if not names:
            raise WorksheetNotFound(wanted)
    for name in names:
        sheet = book.get_sheet_by_name(name)
        _line(out, {"sheet": name})
        if sheet.end is not None and (sheet.end[0] + 1) * (sheet.end[1] + 1) > MOST_CELLS:
            raise _TooWide(name)
        for number, cells in _rows(sheet):
            _line(out, [number, cells])


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _line(out: IO[str], value: object) -> None:
    out.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    out.write("\n")


def _rows(sheet: CalamineSheet) -> Iterator[tuple[int, list[Any]]]:
    """The rows with a cell of their own; a cell merged downwards stands in each of them."""
    merged: dict[int, list[tuple[tuple[int, int], tuple[int, int]]]] = {}
    for start, end in sheet.merged_cell_ranges or ():
        if end[0] > start[0]:
            merged.setdefault(start[0], []).append((start, end))
    hanging: dict[int, tuple[int, Any]] = {}
    for number, raw in enumerate(sheet.iter_rows()):
        cells = [_plain(cell) for cell in raw]
        while cells and cells[-1] is None:
            cells.pop()
        if any(cell is not None for cell in cells):
            _fill_down(cells, number, hanging)
            yield number + 1, cells
        for start, end in merged.get(number, ()):
            if start[1] < len(cells) and cells[start[1]] is not None:
                hanging[start[1]] = (end[0], cells[start[1]])


def _fill_down(cells: list[Any], number: int, hanging: dict[int, tuple[int, Any]]) -> None:
    for column, (last, value) in list(hanging.items()):
        if number > last:
            del hanging[column]
        elif column >= len(cells):
            cells.extend([None] * (column + 1 - len(cells)))
            cells[column] = value
        elif cells[column] is None:
            cells[column] = value


def _plain(cell: Any) -> Any:  # noqa: ANN401 - whatever a cell holds
    if cell is None or cell == "" or (isinstance(cell, str) and cell in ERRORS):
        return None
    if isinstance(cell, str | bool | int):
        return cell
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < 1e15 else cell
    if isinstance(cell, datetime):
        return {"m": cell.isoformat()}
    if isinstance(cell, date):
        return {"d": cell.isoformat()}
    if isinstance(cell, time):
        return {"t": cell.isoformat()}
    return str(cell)


def _check_extent(path: str) -> None:
    """Refuse a sheet whose filled cells span too large a rectangle, before it is built in memory."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        sheets = (name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml"))
        for member in sheets:
            with archive.open(member) as stream:
                _check_sheet(stream, member)


def _check_sheet(stream: IO[bytes], member: str) -> None:
    rows = columns = 0
    rest = b""
    while chunk := stream.read(1 << 20):
        chunk = rest + chunk
        for letters, digits in _CELL.findall(chunk):
            rows = max(rows, int(digits))
            columns = max(columns, _column(letters))
        rest = chunk[chunk.rfind(b"<") :][:4096]
    if rows * columns > MOST_CELLS:
        raise _TooWide(member)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
