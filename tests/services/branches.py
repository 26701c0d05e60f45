"""Branches with random cases, each in a database of its own, and their workbooks of a month."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import openpyxl

from app.core import database as store
from app.core.session import Session
from app.models.complaints import Complaint
from app.reports import workbook
from app.services import figures, figures_content, workplace
from app.services.figures_values import Figures
from app.services.periods import Period, month_of
from tests.services.figures_cases import NOW, Cases
from tests.services.test_figures import agreement

NOVEMBER, OCTOBER = month_of(date(2026, 11, 1)), month_of(date(2026, 10, 1))
NAMES = {"CD": "城东分公司", "XC": "西城分公司", "001": "南郊*分公司"}


class Sent(NamedTuple):
    """What a branch sent: the file, and its figures as its own program counts them."""

    path: Path
    figures: Figures


def send(folder: Path, code: str, *, name: str = "", size: int = 40, period: Period = OCTOBER, more: object = None) -> Sent:
    """The workbook of a new branch; `more(session)` does something with it before."""
    session = workplace.init(
        folder / f"data-{code}-{len(list(folder.iterdir()))}",
        {"code": code, "name": name or NAMES.get(code, code)},
        user="王敏",
        clock=lambda: NOW,
    )
    try:
        Cases(session, int(hashlib.md5(code.encode()).hexdigest()[:6], 16), size=size, since=120)
        agreement(session, Complaint.select().first(), 1, date(2026, 10, 20), "300.50", status="signed")
        if callable(more):
            more(session)
        return written(session, folder / f"{code}.xlsx", period)
    finally:
        store.close()


def written(session: Session, path: Path, period: Period = OCTOBER) -> Sent:
    """The workbook of the open branch."""
    counted = figures.compute(session, period)
    path.write_bytes(workbook.render(figures_content.gather(session, period, counted)))
    return Sent(path, counted)


def edited(source: Path, target: Path, change: Callable[[openpyxl.Workbook], None]) -> Path:
    """A copy in which somebody changed something by hand."""
    book = openpyxl.load_workbook(source)
    change(book)
    book.save(target)
    return target
