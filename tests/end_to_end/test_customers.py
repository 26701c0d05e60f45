"""The customers' file from the command line: steps, log, lists, merging and taking it back."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.end_to_end.program import Commands, Program

TODAY = datetime.now().astimezone().date()


@pytest.fixture
def program(tmp_path: Path) -> Program:
    made = Commands(tmp_path / "data").init()
    born = (TODAY + timedelta(days=3)).replace(year=1988) if (TODAY + timedelta(days=3)).strftime("%m%d") != "0229" else TODAY
    contacts = [{"name": "周建国", "phone": "13800001234", "birthday": born.isoformat(), "main": True}]
    made.put(["add", "customer"], {"name": "鑫瑞达商行", "phone": "138 0000 1234", "tier": "ordinary", "contacts": contacts})
    return made


def numbers(program: Program, *asked: str) -> list[str]:
    return [str(row["number"]) for row in program.run("list", "customers", "--json", "--sort", "number", *asked).json]


def test_the_steps_of_a_customer(program: Program) -> None:
    offered = {one["step"]: one["possible"] for one in program.run("step", "KH-0001", "--json").json}
    assert offered == {"log": True, "grade": True, "lose": True, "end": True, "return": False, "void": True}
    refused = program.put(["edit", "KH-0001"], {"tier": "key"}, expect=1)
    assert "step “grade”" in refused.err
    program.put(["step", "KH-0001", "grade"], {"tier": "key", "reason": "销量进入前 10 %"})
    program.put(["step", "KH-0001", "log"], {"kind": "visit", "text": "看了陈列"})
    program.put(["step", "KH-0001", "log"], {"kind": "market", "brand": "青峦", "company_told": "市场科"})
    program.put(["add", "complaint"], {"customer": "KH-0001", "received_at": f"{TODAY} 00:00", "description": "短少两条"})
    assert (
        program.put(["step", "KH-0001", "lose"], {"lost_reason": "改从别处进货", "lost_on": f"{TODAY}"}).out == "KH-0001\tlost\n"
    )
    shown = program.run("show", "KH-0001", "--json").json
    assert [(one["field"], one["old"], one["new"], one["reason"]) for one in shown["grades"]] == [
        ("tier", "ordinary", "key", "销量进入前 10 %")
    ]
    assert [(one["kind"], one["text"], one["brand"]) for one in shown["log"]] == [
        ("visit", "看了陈列", None),
        ("market", None, "青峦"),
    ]
    assert shown["contacts"][0]["name"] == "周建国"
    assert shown["lost_after"].startswith("TS-")
    told = program.run("show", "KH-0001").out
    for words in ("Ordinary → Key customer", "销量进入前 10 %", "看了陈列", shown["lost_after"], "周建国"):
        assert words in told


def test_the_lists_of_customers(program: Program) -> None:
    program.put(["add", "customer"], {"name": "老王百货", "phone": "13911112222"})
    assert numbers(program, "--where", "anniversary=yes") == ["KH-0001"]
    program.put(["add", "complaint"], {"customer": "KH-0002", "received_at": f"{TODAY} 00:00", "description": "短少两条"})
    program.put(["step", "KH-0002", "lose"], {"lost_reason": "x"})
    assert numbers(program, "--where", "status=lost") == ["KH-0002"]
    assert numbers(program, "--where", "complained_then_lost=yes") == ["KH-0002"]
    assert numbers(program, "--where", "complained_then_lost=no") == ["KH-0001"]


def test_duplicates_are_warned_of_found_merged_and_kept_apart(program: Program) -> None:
    added = program.put(["add", "customer"], {"name": "鑫瑞达超市", "phone": "13800001234", "licence": "XK-1"})
    assert "KH-0001 鑫瑞达商行 may be the same customer: the same phone, the same name." in added.err
    (pair,) = program.run("merge-customers", "--find", "--json").json
    assert (pair["keep"], pair["other"], pair["why"]) == ("KH-0001", "KH-0002", "the same phone, the same name")
    assert "KH-0002\t鑫瑞达超市" in program.run("merge-customers", "--find").out
    assert program.run("merge-customers", "KH-0001", "KH-0002", "--take", "name").out == "KH-0001\tactive\n"
    shown = program.run("show", "KH-0001", "--json").json
    assert (shown["name"], shown["licence"], shown["merged"]) == ("鑫瑞达超市", "XK-1", ["KH-0002"])
    other = program.run("show", "KH-0002", "--json").json
    assert (other["status"], other["merged_into"]) == ("merged", "KH-0001")
    assert numbers(program) == numbers(program, "--search", "KH-0002") == ["KH-0001"]
    assert numbers(program, "--where", "status=merged") == ["KH-0002"]
    assert program.run("merge-customers", "--undo", "KH-0002", "--json").json["status"] == "active"
    assert program.run("show", "KH-0001", "--json").json["name"] == "鑫瑞达商行"
    program.run("merge-customers", "KH-0001", "KH-0002", "--not-same")
    assert program.run("merge-customers", "--find", "--json").json == []


@pytest.mark.parametrize(
    "asked",
    [["KH-0001"], [], ["KH-0001", "KH-0002", "--find"], ["KH-0001", "--undo", "KH-0002"], ["--find", "--take", "name"]],
)
def test_what_cannot_be_meant_is_wrong_usage(program: Program, asked: list[str]) -> None:
    assert "Name two customers" in program.run("merge-customers", *asked, expect=2).err


def test_a_customer_that_is_not_there_is_refused(program: Program) -> None:
    assert "KH-0099" in program.run("merge-customers", "KH-0001", "KH-0099", expect=1).err
    assert "not merged" in program.run("merge-customers", "--undo", "KH-0001", expect=1).err
