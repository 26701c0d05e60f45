"""Erasing on the command line: nothing goes without a word, what goes is told before and after."""

from __future__ import annotations

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
