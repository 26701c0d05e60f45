"""The whole product: beside the models' own ways the window, the terminal, and all papers and workbooks that carry the branch."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from app.core import database
from app.core.fields import Field
from app.core.language import _
from app.core.session import Session
from app.models.record import Record
from app.reports import papers, table_workbook, workbook
from app.services import figures_content, periods, workbook_facts
from tests.naughty.check import Ways
from tests.naughty.outputs import OTHER_PAPERS, Output, printed, printed_papers
from tests.naughty.pen import Lines
from tests.naughty.report import Fault
from tests.naughty.tables import heads_of, in_a_table, period_of, said, sheets_of
from tests.naughty.walk import Walked
from tests.naughty.window import Screen
from tests.reports.test_workbook import OFFICE, recalculated, verdicts

_EMPTY = periods.month_of(date(2020, 1, 1))
_SHOWN = ("customer", "product", "objection", "complaint", "agreement")


class Product(Ways):
    """Everything; `total` texts are announced."""

    def __init__(self, total: int, folder: Path) -> None:
        self.total, self.folder = total, folder

    def begin(self, session: Session) -> None:
        """Open the window."""
        self.screen = Screen(session)

    def through(self, name: str, declared: Sequence[Field], lines: Lines, raw: dict[str, Any]) -> dict[str, Any]:
        """Through a form of the window."""
        return self.screen.typed(name, declared, lines, raw)

    def outputs(self, session: Session, walked: Walked) -> Iterator[tuple[str, Callable[[], Output]]]:
        """What the short check leaves out."""
        yield from self.screen.outputs(session, walked)
        yield from printed_papers(session, walked, OTHER_PAPERS)
        yield "blank form", partial(_blank, session)
        yield "workbook of a month without cases", partial(_empty_month, session)
        yield "rejected rows", partial(_rejects, walked)
        for name in _SHOWN:
            yield f"kesu show of {name}", partial(_show, session, walked.records[name])

    def tables(self) -> Iterator[tuple[str, Callable[[], Output]]]:
        """The lists of the window."""
        return self.screen.tables()

    def after(self, session: Session) -> Iterator[Fault]:
        """Close the window; let a spreadsheet count the month again."""
        self.screen.close()
        if OFFICE is None:
            print("LibreOffice is not there: the formulas of the monthly workbook are not calculated.", file=sys.stderr)
            return
        content = workbook.render(figures_content.gather(session, period_of(session)))
        place = self.folder / "office"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        for sheet, words in verdicts(recalculated({"month": content}, place)["month"]).items():
            wrong = sum(word not in ("一致", "agrees") for word in words)
            if wrong:
                yield Fault("", f"monthly workbook, {sheet}", f"{wrong} of {len(words)} checks differ")

    def told(self, done: int) -> None:
        """Say how far it is."""
        print(f"\r{done} / {self.total}", end="\n" if done == self.total else "", file=sys.stderr, flush=True)


def _blank(session: Session) -> Output:
    return printed(lambda: papers.blank_form(session, "TS-1"))


def _empty_month(session: Session) -> Output:
    """Its texts, and what stands above each printed page; its figures and their sums are of all customers."""
    content = workbook.render(figures_content.gather(session, _EMPTY))
    sheets = {name: cells for name, cells in sheets_of(content).items() if name != workbook_facts.SHEET}
    texts = {name: {place: cell for place, cell in cells.items() if cell[0] == "s"} for name, cells in sheets.items()}
    return Output({"cells": texts, "heads": heads_of(content)})


def _rejects(walked: Walked) -> Output:
    text = walked.pen.typed
    cells = "Q000Z" if text is None else walked.pen.kept.get("Q000Z", "Q000Z")
    return Output(sheets_of(table_workbook.rejects([cells], [([cells], cells), ([cells, cells], cells)])))


def _show(session: Session, record: Record) -> Output:
    """But for what depends on all other records: the places of files, and what recurs."""
    try:
        lines = said(session, "show", record.number).split("\n")
    finally:
        database.open_database(session.folder)
    names = {_("Attachment"): r"\t\d+ ", _("Recurrence"): r"\t.*"}
    plain = [re.sub(names.get(line.partition("\t")[0], "(?!)"), "\t", line) for line in lines]
    return Output([line for line in plain if line != f"{_('Recurrence')}\t"], in_a_table)
