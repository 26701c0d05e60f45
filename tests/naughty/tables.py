"""What tells of many records at once: lists, their workbooks, the monthly workbook, figures, and the tables of the terminal."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any
from xml.etree import ElementTree

import openpyxl

from app.core.session import Session
from app.models.listing import LISTINGS, Listing, Query
from app.reports import table_workbook, workbook
from app.services import figures, figures_content, figures_json, periods
from app.services.periods import Period
from tests.naughty.outputs import Output, kept
from tests.naughty.terminal import run

Rows = Mapping[Any, Any]
"""A row by its number; the cells of a column by (sheet, place)."""
_MONTH = "2026-11"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_HEX = re.compile("_x([0-9A-F]{4})_")
_UID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def tables(session: Session) -> Iterator[tuple[str, Callable[[], Output]]]:
    """By name, each to be asked for. The command line comes last, for it closes the file."""
    for kind, listing in LISTINGS.items():
        for numbers in (False, True):
            yield f"list of {kind}", partial(_list, session, listing, numbers=numbers)
        yield f"workbook of {kind}", partial(_list_sheet, session, listing)
    yield "figures", partial(_figures, session)
    yield "monthly workbook", partial(_month, session)
    for kind in LISTINGS:
        yield f"kesu list {kind}", partial(_printed, session, kind)
        yield f"kesu list {kind} --json", partial(_as_json, session, kind)


def _list(session: Session, listing: Listing, *, numbers: bool) -> Output:
    rows = listing.all(session, Query(), numbers=numbers)
    return Output(_by_number(dict(zip(listing.columns, row[1:], strict=True)) for row in rows))


def _figures(session: Session) -> Output:
    counted = figures.compute(session, period_of(session))
    shares = figures_json.as_json(counted)
    return Output({("figures", axis): {("s", row["label"]) for row in shares[axis]} for axis in counted.shares})


def period_of(session: Session) -> Period:
    return periods.read(_MONTH, session.now().date())


def _printed(session: Session, kind: str) -> Output:
    lines = (line.split("\t") for line in said(session, "list", kind).split("\n"))
    return Output({line[0]: line for line in lines}, in_a_table)


def _as_json(session: Session, kind: str) -> Output:
    return Output(_by_number(kept(json.loads(said(session, "list", kind, "--json")))))


def _by_number(rows: Iterable[dict[str, Any]]) -> Rows:
    return {row["number"]: row for row in rows}


def _list_sheet(session: Session, listing: Listing) -> Output:
    rows = [row[1:] for row in listing.all(session, Query(), numbers=True)]
    book = openpyxl.load_workbook(io.BytesIO(table_workbook.render("x", listing.fields(), rows, session.branch.zone)))
    found = [[_cell(cell) for cell in row] for row in book.active.iter_rows(min_row=2)]
    assert len(found) == len(rows)
    return Output({row[0][1]: row for row in found})


def _month(session: Session) -> Output:
    return Output(month_sheets(workbook.render(figures_content.gather(session, period_of(session)))))


def month_sheets(content: bytes) -> Rows:
    """Rows of the details by number, but for identifiers; of the other sheets what stands in each column.

    What programs read is hidden, and its own tests read it back.
    """
    found: dict[Any, Any] = {}
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        if sheet.sheet_state != "visible":
            continue
        for row in sheet.iter_rows():
            cells = [("s", "uid", "") if cell.data_type == "s" and _UID.fullmatch(cell.value) else _cell(cell) for cell in row]
            if len(cells) > 20 and cells[1][1]:
                found[cells[1][1]] = cells
            for cell, one in zip(row, cells, strict=True):
                found.setdefault((sheet.title, cell.column), set()).add(one)
    return found


def sheets_of(content: bytes) -> Mapping[str, Any]:
    """All cells by sheet and place."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: {cell.coordinate: _cell(cell) for row in sheet.iter_rows() for cell in row} for sheet in book}


def heads_of(content: bytes) -> list[dict[str, str]]:
    """What stands above the pages of each sheet: left, in the middle and right."""
    found = []
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        for name in sorted(one for one in book.namelist() if one.startswith("xl/worksheets/sheet")):
            coded = "".join(one.text or "" for one in ElementTree.fromstring(book.read(name)).iter(f"{_MAIN}oddHeader"))
            parts = re.split("&([LCR])", coded.replace("&&", "\0"))
            found.append(dict(zip(parts[1::2], (_spelt(part.replace("\0", "&")) for part in parts[2::2]), strict=True)))
    return found


def _spelt(text: str) -> str:
    return _HEX.sub(lambda found: chr(int(found[1], 16)), text)


def _cell(cell: Any) -> tuple[Any, ...]:
    """Type and content; whether a text that begins with a sign is marked as text."""
    if cell.data_type != "s":
        return (cell.data_type, cell.value, "")
    content = _spelt(cell.value)
    return ("s", content, "taken for a formula" if content.startswith(_SIGNS) and not cell.quotePrefix else "")


def said(session: Session, *arguments: str) -> str:
    """What a command prints on standard output."""
    ran = run(*arguments, f"--data={session.folder}")
    assert ran.code == 0, ran
    return ran.out


def in_a_table(_word: str, content: str) -> str:
    """A record is one line, a tab divides its values."""
    return content.replace("\n", " ").replace("\t", " ")
