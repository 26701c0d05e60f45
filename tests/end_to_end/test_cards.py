"""Objection cards and evidence by the command line: written down, ripened, used, printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.program import Commands, Program
from tests.reports.reading import pages_of, text_of

PROOF = {"title": "货源投放办法", "type": "policy", "text": "按近三月动销排序", "source": "城东〔2026〕12号"}
CARD = {"words": "为什么别人有货，我没有？", "content": "need", "method": "indirect", "answer": "我把明细带来了。"}


@pytest.fixture
def program(tmp_path: Path) -> Program:
    made = Commands(tmp_path / "data").init()
    made.put(["add", "customer"], {"name": "鑫瑞达商行", "route": "城东 1 线", "tier": "key"})
    made.put(["add", "evidence"], PROOF)
    made.put(["add", "card"], CARD | {"evidence_lines": [{"evidence": "YJ-0001"}]})
    return made


def step(program: Program, number: str, code: str, **values: Any) -> str:
    return program.put(["step", number, code], values).out


def show(program: Program, number: str) -> Any:
    return program.run("show", number, "--json").json


def test_a_card_goes_its_way_and_says_what_it_lacks(program: Program) -> None:
    assert step(program, "YK-0001", "discuss", text="先认同") == "YK-0001\tdiscussed\n"
    refused = program.run("step", "YK-0001", "publish", expect=1)
    assert "Possible once the card was rehearsed" in refused.err
    step(program, "YK-0001", "rehearse", note="说得太快")
    program.put(["edit", "YK-0001"], {"answer": None})
    assert "Answer is missing" in program.run("step", "YK-0001", "publish", expect=1).err
    program.put(["edit", "YK-0001"], {"answer": "咱们一行一行对。"})
    assert step(program, "YK-0001", "publish") == "YK-0001\tpublished\n"
    program.put(["edit", "YK-0001"], {"answer": "下周期能到四条。"})
    shown = show(program, "YK-0001")
    assert (shown["status"], shown["edition"], shown["answer"]) == ("published", 2, "下周期能到四条。")
    assert [line["text"] for line in shown["minutes"]] == ["先认同"]
    assert shown["evidence_lines"] == [{"evidence": "YJ-0001"}]
    assert show(program, "YJ-0001")["cards"] == ["YK-0001"]


def test_evidence_that_expired_is_named_and_heeded(program: Program) -> None:
    program.put(["edit", "YJ-0001"], {"valid_to": "2020-12-31"})
    assert show(program, "YJ-0001")["holds"] is False
    step(program, "YK-0001", "discuss", text="先认同")
    step(program, "YK-0001", "rehearse", note="行")
    assert "YJ-0001 “货源投放办法” expired on 2020-12-31" in program.run("step", "YK-0001", "publish", expect=1).err
    added = program.put(["add", "card"], CARD | {"evidence_lines": [{"evidence": "YJ-0001"}]})
    assert "expired on 2020-12-31" in added.err


def published(program: Program) -> None:
    for code, values in (("discuss", {"text": "先认同"}), ("rehearse", {"note": "行"}), ("publish", {})):
        step(program, "YK-0001", code, **values)


def test_a_card_is_made_from_a_solved_objection_and_used_with_the_next(program: Program) -> None:
    said = {"customer": "KH-0001", "occurred_at": "2024-11-20 09:30", "what": "订十条只给两条", "content": "need"}
    program.put(["add", "objection"], said)
    step(program, "YY-202411-0001", "close", solved_on_spot=True, result="看了明细，释然")
    assert step(program, "YY-202411-0001", "make-card") == "YK-0002\tcollected\n"
    made = show(program, "YK-0002")
    assert (made["words"], made["answer"], made["from_objection"]) == ("订十条只给两条", "看了明细，释然", "YY-202411-0001")
    published(program)
    program.put(["add", "objection"], said | {"card": "YK-0001"})
    step(program, "YY-202411-0002", "close", solved_on_spot=True, satisfaction=5)
    shown = show(program, "YK-0001")
    assert (shown["times_used"], shown["times_helped"], shown["used_in"]) == (1, 1, ["YY-202411-0002"])
    listed = program.run("list", "cards", "--where", "status=published", "--sort", "-times_used", "--json").json
    assert [(row["number"], row["times_used"], row["times_helped"]) for row in listed] == [("YK-0001", 1, 1)]
    assert [row["number"] for row in program.run("list", "objections", "--where", "card=YK-0001", "--json").json] == [
        "YY-202411-0002"
    ]
    assert program.run("list", "evidence", "--json").json[0]["cards"] == 1


def test_pocket_cards_are_printed_all_or_those_named(program: Program, tmp_path: Path) -> None:
    out = tmp_path / "cards.pdf"
    assert "No card is published yet" in program.run("document", "cards", "--out", out, expect=1).err
    draft = program.run("document", "cards", "YK-0001", "--out", out, "--json").json
    assert (draft["numbers"], draft["draft"]) == (["YK-0001"], True)
    assert "Not published yet" in text_of(out.read_bytes()).replace("Notpublishedyet", "Not published yet")
    published(program)
    assert program.run("document", "cards", "--out", out, "--json").json["draft"] is False
    assert len(pages_of(out.read_bytes())) == 1
    assert [entry["action"] for entry in show(program, "YK-0001")["history"]].count("print") == 2
    assert "is no objection card" in program.run("document", "cards", "KH-0001", "--out", out, expect=1).err


def test_visits_are_prepared_for_customers_or_a_route(program: Program, tmp_path: Path) -> None:
    program.put(["add", "customer"], {"name": "老王百货", "route": "城东 1 线"})
    program.put(["add", "customer"], {"name": "福来便利店", "route": "城东 2 线"})
    out = tmp_path / "visit.pdf"
    assert program.run("document", "visit", "KH-0003", "--out", out, "--json").json["numbers"] == ["KH-0003"]
    route = program.run("document", "visit", "--route", "城东 1 线", "--out", out, "--json").json
    assert route["numbers"] == ["KH-0001", "KH-0002"]
    text = text_of(out.read_bytes())
    assert "鑫瑞达商行" in text
    assert "老王百货" in text
    assert "Known routes: 城东 1 线, 城东 2 线" in program.run("document", "visit", "--route", "城西", "--out", out, expect=1).err


@pytest.mark.parametrize(
    "wrong", [("document", "visit", "--out", "x.pdf"), ("document", "form", "--route", "R", "--out", "x.pdf"),
              ("document", "visit", "KH-0001", "--route", "R", "--out", "x.pdf")]
)  # fmt: skip
def test_what_does_not_go_together_is_wrong_usage(program: Program, wrong: tuple[str, ...]) -> None:
    program.run(*wrong, expect=2)


def test_fields_of_cards_and_evidence_are_told(program: Program) -> None:
    card = {one["code"]: one for one in program.run("fields", "card", "--json").json}
    assert card["words"]["required"]
    assert card["evidence_lines"]["fields"][0]["refers"] == "evidence"
    assert "valid_to" in {one["code"] for one in program.run("fields", "evidence", "--json").json}
