"""Texts that break programs go into every field and out of whatever shows it, as they came or refused by their field.

The published list of them goes the same ways, and through the window, by `python -m tests.naughty`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.commands import records
from app.commands.common import say
from app.core import language, search_index, text
from app.core.session import Session
from app.models.record import KINDS, typed_fields
from app.models.steps import steps_of
from app.reports import grid, sheets, typesetting
from tests.naughty.check import check
from tests.naughty.pen import Pen, is_text
from tests.naughty.strings import CHOSEN
from tests.naughty.walk import walk

PARTS = 2
"""For as many processes at once."""


@pytest.fixture(autouse=True)
def _chinese(_english: None) -> None:
    language.choose("zh_CN")


@pytest.mark.parametrize("part", range(PARTS))
def test_every_text_comes_out_as_it_went_in_or_is_refused_by_its_field(tmp_path: Path, part: int) -> None:
    texts = list(CHOSEN.values())[part::PARTS]
    report = check(texts, tmp_path)
    assert list(map(str, report.faults)) == []
    assert report.tried > 350 * len(texts)


def test_no_field_of_text_is_left_out(session: Session) -> None:
    pen = Pen(session, None)
    walk(pen, session.folder)
    assert text_fields() - pen.places == set()


def text_fields() -> set[str]:
    """All that a person can write into: fields and lines of every kind, and of every step."""
    found: set[str] = set()
    for name, kind in KINDS.items():
        parts = {code: part.FIELDS for code, part in kind.PARTS.items() if not part.APPENDED}
        forms = {"": (typed_fields(kind), parts)} | {f".{one.code}": (one.fields, one.parts) for one in steps_of(name)}
        for form, (declared, lines) in forms.items():
            found |= {f"{name}{form}.{one.code}" for one in declared if is_text(one)}
            found |= {f"{name}{form}.{part}.{one.code}" for part, of_line in lines.items() for one in of_line if is_text(one)}
    return found


def without_tags(typed: str, *how: object) -> list[typesetting.Line]:
    return typesetting.lines(re.sub("<[^>]*>", "", typed), *how)  # type: ignore[arg-type]


def guessed(cell: object, value: object, formula: bool = False) -> None:
    cell.value = value  # type: ignore[attr-defined]


def torn(head: list[str], rows: list[list[str]]) -> None:
    say("\n".join("\t".join(row) for row in (head, *rows)))


def test_the_check_finds_what_is_not_escaped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a check that finds nothing where nothing is escaped would prove nothing."""
    monkeypatch.setattr(grid, "lines", without_tags)
    monkeypatch.setattr(sheets._prepared(), "put", guessed)
    monkeypatch.setattr(records, "print_table", torn)
    monkeypatch.setattr(search_index, "tokens", str.upper)
    monkeypatch.setattr(text, "_FORBIDDEN", re.compile("(?!)"))
    report = check([CHOSEN[name] for name in ("formula", "markup", "lines", "turned round")], tmp_path)
    found = {fault.where for fault in report.faults}
    assert {"form of complaint", "objection of objection"} <= found
    assert {"workbook of customers", "workbook of products", "monthly workbook"} <= found
    assert "kesu list complaints" in found
    assert {"search of customer", "search of complaint", "offered customers"} <= found
    assert {"customer.name", "complaint.description", "agreement.facts", "clauses.clauses"} <= found
