"""The published registers come in, each row once, in numbers that an independent count confirms."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from app.core.session import Session
from app.models.complaints import Complaint
from app.services.importing import Result, open_for_import, take_in
from app.services.register_files import open_register
from app.services.register_headers import recognise
from app.services.register_targets import targets
from tests.data_checks.registers import DATA, MAPPINGS, SMALL, WORKBOOKS, Case, by_month, needs_data
from tests.services.workbooks import rows_or_sentence

pytestmark = needs_data


def bring_in(session: Session, kind: str, path: Path, toml: Path) -> Result:
    with open_for_import(session, kind, path, mapping=toml) as opened:
        return take_in(opened)


@pytest.mark.parametrize("case", SMALL, ids=lambda case: case.file)
def test_a_register_comes_in_once_and_completely(session: Session, case: Case) -> None:
    expected = case.count(case.path)
    first = bring_in(session, case.kind, case.path, case.toml)
    assert (first.read, first.created, len(first.rejected)) == expected
    assert first.updated == 0
    again = bring_in(session, case.kind, case.path, case.toml)
    assert (again.created, again.updated, len(again.rejected)) == (0, 0, expected.rejected)
    assert again.read == again.unchanged + len(again.rejected)


def test_months_of_the_register_count_as_the_file_does(session: Session) -> None:
    case = SMALL[3]
    bring_in(session, case.kind, case.path, case.toml)
    zone = session.branch.zone
    months = Counter(f"{moment.astimezone(zone):%Y-%m}" for (moment,) in Complaint.select(Complaint.received_at).tuples())
    assert months == by_month(case.path, "Date received", "%Y/%m/%d")


@pytest.mark.parametrize(("file", "kind", "mapping"), WORKBOOKS)
def test_a_raw_workbook_comes_in_by_a_mapping(session: Session, file: str, kind: str, mapping: str) -> None:
    result = bring_in(session, kind, DATA / file, MAPPINGS / f"{mapping}.toml")
    assert result.read == result.created == {"complaints": 9781, "products": 407}[kind]
    assert not result.rejected


ODD = sorted(path for path in DATA.rglob("robustness/*/**/*") if path.is_file())


@pytest.mark.parametrize("path", ODD, ids=lambda path: path.name)
def test_every_odd_file_gives_rows_or_a_sentence(path: Path) -> None:
    found = rows_or_sentence(path)
    assert path.name in found if isinstance(found, str) else path.stat().st_size


@pytest.mark.parametrize("name", ["areas.csv", "areas.gbk.csv", "areas.utf16.csv"])
def test_the_same_text_is_read_from_any_encoding(name: str) -> None:
    with open_register(DATA / "addresses" / name) as register, open_register(DATA / "addresses" / "areas.csv") as plain:
        assert list(register.sheets[0].rows()) == list(plain.sheets[0].rows())


def test_usual_headers_of_published_registers_are_recognised() -> None:
    fields = {code: target.field for code, target in targets("complaints").items()}
    with open_register(SMALL[2].path) as register:
        header = recognise(register.sheets[0].rows(), "complaints", fields)
    assert header is not None
    assert {"number", "received_at", "description", "product", "channel", "result"} <= header.columns.keys()
