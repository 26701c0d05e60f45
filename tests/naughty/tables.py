"""What tells of many records at once: lists, their workbooks, the monthly workbook, figures, and the tables of the terminal."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import openpyxl

from app import cli
from app.core import language
from app.core.session import Session
from app.models.listing import LISTINGS, Listing, Query
from app.reports import table_workbook, workbook
from app.services import figures, figures_content, figures_json, periods
from tests.naughty.outputs import Output, parsed

Rows = Mapping[Any, Any]
"""A row by its number; the cells of a column by (sheet, place)."""
_MONTH = "2026-11"
_HEX = re.compile("_x([0-9A-F]{4})_")
_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def tables(session: Session) -> Iterator[tuple[str, Output]]:
    """By name. The command line comes last, for it closes the file."""
    for kind, listing in LISTINGS.items():
        for way in (False, True):
            rows = listing.all(session, Query(), numbers=way)
            yield f"list of {kind}", Output(_by_number(dict(zip(listing.columns, row[1:], strict=True)) for row in rows))
        yield f"workbook of {kind}", Output(_list_sheet(session, listing))
    period = periods.read(_MONTH, session.now().date())
    counted = figures.compute(session, period)
    shares = figures_json.as_json(counted)
    yield "figures", Output({("figures", axis): {("s", row["label"]) for row in shares[axis]} for axis in counted.shares})
    yield "monthly workbook", Output(_month(workbook.render(figures_content.gather(session, period, counted))))
    for kind in LISTINGS:
        lines = (line.split("\t") for line in said(session, "list", kind).split("\n"))
        yield f"kesu list {kind}", Output({line[0]: line for line in lines}, in_a_table)
        yield f"kesu list {kind} --json", Output(_by_number(parsed(json.loads(said(session, "list", kind, "--json")))))


def _by_number(rows: Iterable[dict[str, Any]]) -> Rows:
    return {row["number"]: row for row in rows}


def _list_sheet(session: Session, listing: Listing) -> Rows:
    rows = [row[1:] for row in listing.all(session, Query(), numbers=True)]
    book = openpyxl.load_workbook(io.BytesIO(table_workbook.render("x", listing.fields(), rows, session.branch.zone)))
    found = [[_cell(cell) for cell in row] for row in book.active.iter_rows(min_row=2)]
    assert len(found) == len(rows)
    return {row[0][1]: row for row in found}


def _month(content: bytes) -> Rows:
    """Rows of the details by number; of the other sheets what stands in each column."""
    found: dict[Any, Any] = {}
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows():
            cells = [_cell(cell) for cell in row]
            if len(cells) > 20 and cells[1][1]:
                found[cells[1][1]] = cells
            for cell, one in zip(row, cells, strict=True):
                found.setdefault((sheet.title, cell.column), set()).add(one)
    return found


def _cell(cell: Any) -> tuple[Any, ...]:
    """Type and content; whether a text that begins with a sign is marked as text."""
    if cell.data_type != "s":
        return (cell.data_type, cell.value, "")
    content = _HEX.sub(lambda found: chr(int(found[1], 16)), cell.value)
    return ("s", content, "taken for a formula" if content.startswith(_SIGNS) and not cell.quotePrefix else "")


def said(session: Session, *arguments: str) -> str:
    """What the command prints on standard output."""
    out, before = io.BytesIO(), sys.stdout
    sys.stdout = wrapper = io.TextIOWrapper(out, encoding="utf-8")
    try:
        code = cli.run([*arguments, "--data", str(session.folder), "--lang", language.chosen()])
        sys.stdout.flush()
    finally:
        sys.stdout = before
    wrapper.detach()
    assert code == 0, arguments
    return out.getvalue().decode()


def in_a_table(_word: str, content: str) -> str:
    """A record is one line, a tab divides its values."""
    return content.replace("\n", " ").replace("\t", " ")
