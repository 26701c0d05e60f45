"""Erasing on the command line: nothing goes without a word, what goes is told before and after."""

from __future__ import annotations

import json
from pathlib import Path

from pypdfium2 import PdfDocument as PdfReader

from tests.commands.desk import Desk
from tests.commands.desk import desk as desk
from tests.commands.desk import template as template


def test_what_would_go_is_told_and_nothing_is_changed(desk: Desk) -> None:
    number = desk.run("list", "customers", "--json").json[0]["number"]
    before = desk.folder.joinpath("kesu.db").read_bytes()
    told = desk.run("erase", number, "--dry-run", "--json").json
    assert (told["number"], told["erased"], told["complaints"], len(told["open"])) == (number, False, 1, 1)
    assert "dry run" in desk.run("erase", number, "--dry-run").out
    assert desk.run("erase", "--due", "--json").json == []
    assert desk.folder.joinpath("kesu.db").read_bytes() == before


def test_refusals_say_what_to_do(desk: Desk) -> None:
    number = desk.run("list", "customers", "--json").json[0]["number"]
    assert "--yes" in desk.refused("erase", number, "--reason", "x", code=2)
    assert "open cases: TS-" in desk.refused("erase", number, "--reason", "x", "--yes")
    assert "--due" in desk.refused("erase", code=2)
    assert "KH-9999" in desk.refused("erase", "KH-9999", "--yes")


def test_a_customer_is_erased(desk: Desk) -> None:
    number = desk.run("list", "customers", "--json").json[0]["number"]
    name = desk.run("show", number, "--json").json["name"]
    case = desk.run("list", "complaints", "--json").json[0]["number"]
    desk.run("step", case, "void", given={"reason": "重复"})
    assert "Reason is missing" in desk.refused("erase", number, "--yes")
    told = desk.run("erase", number, "--yes", "--reason", "申请", "--json")
    assert (told.code, told.json["erased"]) == (0, True)
    assert name not in desk.run("show", number).out
    assert desk.run("show", number, "--json").json["name"] == f"Erased customer {number}"
    assert desk.run("check").code == 0


def test_everything_kept_about_a_person_comes_out_and_is_written_down(desk: Desk, tmp_path: Path) -> None:
    customer = desk.run("list", "customers", "--json").json[0]["number"]
    case = desk.run("list", "complaints", "--json").json[0]["number"]
    (tmp_path / "门面照.jpg").write_bytes(b"x")
    desk.run("attach", case, tmp_path / "门面照.jpg")
    known = desk.run("show", customer, "--json").json
    out = tmp_path / "person.json"
    assert desk.run("person", customer, "--out", out).code == 0
    told = json.loads(out.read_text("utf-8"))
    assert {told["customer"][code] == known[code] for code in ("name", "phone", "address", "contacts", "log")} == {True}
    (record,) = [one for one in told["records"] if one["number"] == case]
    assert record["description"] == desk.run("show", case, "--json").json["description"]
    assert [file["name"] for file in record["attachments"]] == ["门面照.jpg"]
    assert "history" not in told["customer"]
    assert desk.run("person", customer, "--out", tmp_path / "person.pdf").code == 0
    text = PdfReader(tmp_path / "person.pdf")
    pages = "".join(page.get_textpage().get_text_range() for page in text)
    assert known["name"] in pages
    assert "门面照.jpg" in pages
    assert [one["action"] for one in desk.run("show", customer, "--json").json["history"]][-2:] == ["person", "person"]
    assert ".pdf" in desk.refused("person", customer, "--out", tmp_path / "person.txt", code=2)
