"""Published registers taken in as branches and merged: as many as an independent count says."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from statistics import fmean

from app.core import database as store
from app.services import importing, merging, workplace
from app.services.periods import days
from tests.data_checks.registers import SMALL, Case, needs_data, rows
from tests.services.branches import written
from tests.services.figures_cases import NOW

pytestmark = needs_data

YEARS = days(date(2000, 1, 1), date(2025, 12, 31))
FILES = {"CFPB": "cfpb_2016-09.csv", "NYC18": "nyc311_2018-06.csv", "NYC25": "nyc311_2025-03.csv"}


def branch(folder: Path, code: str, case: Case) -> None:
    """The workbook of a branch that took the register in."""
    session = workplace.init(folder / f"data-{code}", {"code": code, "name": case.file}, user="王敏", clock=lambda: NOW)
    with importing.open_for_import(session, case.kind, case.path, mapping=case.toml) as opened:
        importing.take_in(opened)
    try:
        written(session, folder / f"{code}.xlsx", YEARS)
    finally:
        store.close()


def test_three_registers_merged_count_as_their_files_do(tmp_path: Path) -> None:
    cases = {code: next(case for case in SMALL if case.file.endswith(file)) for code, file in FILES.items()}
    for code, case in cases.items():
        branch(tmp_path, code, case)
    with merging.gather([tmp_path]) as merged:
        assert merged.faults == ()
        whole = merged.whole
    assert whole.complaints == sum(case.count(case.path).created for case in cases.values())
    assert {one.branch_code: one.complaints for one in merged.branches} == {
        code: case.count(case.path).created for code, case in cases.items()
    }
    agencies = Counter(f"NYC25·{row['Agency']}" for row in rows(cases["NYC25"].path))
    counted = {row.code: row.count for row in whole.shares["complaints_by_handler"] if row.code.startswith("NYC25")}
    assert counted == agencies
    (newest,) = (one for one in merged.branches if one.branch_code == "NYC25")
    assert cases["NYC25"].count(cases["NYC25"].path).rejected == 0
    assert newest.close_rate.complaints == fmean(bool(row["Closed Date"]) for row in rows(cases["NYC25"].path))
