"""Documents and figures by the command line, on a folder of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.naughty import terminal
from tests.naughty.terminal import Ran
from tests.reports.reading import pages_of, text_of


class Desk:
    """The command line on one data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.done("init", "--branch-code", "CD", "--branch-name", "城东分公司")

    def run(self, *arguments: str, given: object = None) -> Ran:
        return terminal.run(*arguments, "--data", self.folder / "data", given="" if given is None else json.dumps(given))

    def done(self, *arguments: str, given: object = None) -> Any:
        """What a command that must go well prints as JSON."""
        run = self.run(*arguments, "--json", given=given)
        assert run.code == 0, run.err
        return run.json

    def refused(self, *arguments: str, code: int = 1) -> str:
        run = self.run(*arguments)
        assert run.code == code, run
        assert "fault of the program" not in run.err
        return run.err

    def step(self, number: str, step: str, **values: object) -> Any:
        return self.done("step", number, step, "--json-file", "-", given=values)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    made = Desk(tmp_path_factory.mktemp("desk"))
    made.done("add", "customer", "--json-file", "-", given={"name": "鑫瑞达商行"})
    return made


@pytest.fixture(scope="module")
def complaint(desk: Desk) -> str:
    """A complaint with a released agreement."""
    told = {"customer": "KH-0001", "received_at": "2024-03-05 09:00", "description": "烟支发霉", "complainant": "周建国"}
    number = str(desk.done("add", "complaint", "--json-file", "-", given=told)["number"])
    desk.step(number, "sign")
    desk.step(number, "accept", answered=True)
    desk.step(number, "investigate", at="2024-03-05 10:00", findings="属实")
    desk.step(number, "propose", text="补偿", valid=True, lines=[{"remedy": "money", "amount": "150.00"}])
    desk.step(number, "agreement")
    return number


def test_a_draft_becomes_valid_and_its_prints_are_counted(desk: Desk, complaint: str) -> None:
    out = desk.folder / "agreement.pdf"
    assert desk.done("document", "agreement", complaint, "--out", str(out))["draft"] is True
    assert "Draft" in text_of(out.read_bytes())
    agreement = desk.done("show", complaint)["agreement"]["number"]
    desk.step(agreement, "release")
    printed = desk.done("document", "agreement", agreement, complaint, "--out", str(out))
    assert printed == {"file": str(out), "numbers": [agreement], "draft": False}
    assert "Draft" not in text_of(out.read_bytes())
    shown = desk.done("show", agreement)
    assert shown["print_count"] == 1
    assert shown["content_hash"][:4] in text_of(out.read_bytes())


def test_several_numbers_make_one_file_with_their_own_page_numbers(desk: Desk, complaint: str) -> None:
    told = {"complainant": "路人", "received_at": "2024-03-05 09:00", "description": "送货太晚"}
    other = desk.done("add", "complaint", "--json-file", "-", given=told)["number"]
    out = desk.folder / "forms.pdf"
    desk.done("document", "form", complaint, other, "--out", str(out))
    pages = pages_of(out.read_bytes())
    assert "送货太晚" in text_of(out.read_bytes())
    assert sum("Page 1 of" in page for page in pages) == 2


def test_blank_forms_take_numbers_that_no_case_gets(desk: Desk) -> None:
    out = desk.folder / "blank.pdf"
    numbers = desk.done("document", "form", "--blank", "--count", "2", "--out", str(out))["numbers"]
    text = text_of(out.read_bytes())
    assert len(set(numbers)) == 2
    assert all(number in text for number in numbers)
    told = {"complainant": "路人", "received_at": "2024-03-05 09:00", "description": "缺货"}
    assert desk.done("add", "complaint", "--json-file", "-", given=told)["number"] not in numbers


def test_what_cannot_be_printed_is_said_in_a_sentence(desk: Desk, complaint: str) -> None:
    out = ("--out", str(desk.folder / "never.pdf"))
    told = {"customer": "KH-0001", "occurred_at": "2024-03-05 09:00", "what": "价格高"}
    objection = desk.done("add", "objection", "--json-file", "-", given=told)["number"]
    assert "nothing to approve" in desk.refused("document", "approval", objection, *out)
    assert "TS-1" in desk.refused("document", "form", "TS-1", *out)
    desk.refused("document", "form", *out, code=2)
    desk.refused("document", "agreement", "--blank", *out, code=2)
    desk.refused("document", "form", "--blank", "--count", "0", *out, code=2)
    assert not (desk.folder / "never.pdf").exists()


def test_a_file_that_cannot_be_written_leaves_no_trace(desk: Desk, complaint: str) -> None:
    nowhere = desk.folder / "nowhere" / "a.pdf"
    before = desk.done("show", complaint)["history"]
    assert "cannot be written" in desk.refused("document", "form", complaint, "--out", str(nowhere))
    assert desk.done("show", complaint)["history"] == before
    assert "cannot be written" in desk.refused("document", "form", "--blank", "--out", str(nowhere))


def test_figures_come_as_table_json_and_workbook(desk: Desk, complaint: str) -> None:
    out = desk.folder / "month.xlsx"
    counted = desk.done("statistics", "--month", "2024-03", "--out", str(out))
    assert counted["complaints"] >= 1
    assert out.read_bytes().startswith(b"PK")
    table = desk.run("statistics", "--month", "2024-03").out
    both = (counted["objections"], counted["complaints"])
    assert ["This", "period", *map(str, (*both, sum(both)))] in [line.split() for line in table.splitlines()]
    assert "future" in desk.refused("statistics", "--month", "2199-01")
    desk.refused("statistics", "--to", "2026-01-01", code=2)


def test_clauses_of_a_draft_follow_an_edit_and_what_is_odd_is_said(desk: Desk, complaint: str) -> None:
    desk.step(complaint, "agreement")
    agreement = desk.done("show", complaint)["agreement"]["number"]
    desk.done("edit", agreement, "--json-file", "-", given={"deadline": "2024-04-15"})
    text = desk.done("show", agreement)["clauses"]
    assert "by 15 April 2024" in text
    by_hand = {"clauses": text.replace("tells Party B so", "calls Party B")}
    assert desk.run("edit", agreement, "--json-file", "-", given=by_hand).err == ""
    edited = desk.run("edit", agreement, "--json-file", "-", given={"deadline": "2024-05-01"})
    assert "names 15 April 2024, but the deadline is 1 May 2024" in edited.err
