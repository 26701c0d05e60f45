"""The papers of the way, and what is said of files that come back, by the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.test_papers import Desk
from tests.reports.reading import pages_of, text_of

PROPOSED = [{"remedy": "replace", "description": "同品牌", "quantity": "6", "unit": "条", "unit_price": "30"}]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    made = Desk(tmp_path_factory.mktemp("papers"))
    made.done("add", "customer", "--json-file", "-", given={"name": "鑫瑞达商行", "phone": "13805712217"})
    made.done("add", "product", "--json-file", "-", given={"name": "云岭（硬）", "unit": "条"})
    return made


@pytest.fixture(scope="module")
def complaint(desk: Desk) -> str:
    """A complaint whose agreement is signed, with its scan, and whose order is under way."""
    line = {"product": "CP-0001", "batch": "B07", "produced_on": "2024-02-01", "defective_quantity": "6"}
    told = {"customer": "KH-0001", "received_at": "2024-03-05 09:00", "description": "烟支发霉", "class": "product"}
    number = str(desk.done("add", "complaint", "--json-file", "-", given=told | {"product_lines": [line]})["number"])
    desk.step(number, "sign")
    desk.step(number, "accept", answered=True)
    desk.step(number, "investigate", at="2024-03-05 10:00", findings="属实")
    desk.step(number, "propose", text="更换", lines=PROPOSED)
    desk.step(number, "agreement")
    desk.step(number, "reply", reply_text="明天换")
    desk.step(number, "release")
    printed = desk.folder / "signed.pdf"
    desk.done("document", "agreement", number, "--out", str(printed))
    desk.step(number, "sign-agreement", signed_by="周建国", scan=str(printed))
    desk.step(number, "dispatch", due="2024-03-08", told_by="phone")
    desk.step(number, "action", root_cause="入库漏检", lasting="逐批抽检", department="warehouse")
    return number


def paper(desk: Desk, document: str, *numbers: str) -> bytes:
    out = desk.folder / f"{document}.pdf"
    desk.done("document", document, *numbers, "--out", str(out))
    return out.read_bytes()


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("receipt", "Receiptforacomplaint"),
        ("dispatch", "Part3:customer"),
        ("reminder", "6条—6条"),
        ("follow-up", "Howsatisfiedareyouwiththeresult?"),
        ("notice", "入库漏检"),
        ("letter", "batchB07"),
        ("case-file", "Courseofevents"),
    ],
)
def test_each_paper_of_the_way_is_printed_by_the_number_of_its_case(
    desk: Desk, complaint: str, document: str, words: str
) -> None:
    assert words in text_of(paper(desk, document, complaint))


def test_orders_and_actions_are_named_by_their_own_numbers_too(desk: Desk, complaint: str) -> None:
    shown = desk.done("show", complaint)
    order, action = shown["dispatches"][0]["number"], shown["actions"][0]["number"]
    assert len(pages_of(paper(desk, "dispatch", order))) == 3
    assert action in text_of(paper(desk, "notice", action))


def test_a_printed_reminder_is_remembered(desk: Desk, complaint: str) -> None:
    before = [entry["action"] for entry in desk.done("show", order_of(desk, complaint))["history"]].count("chase")
    paper(desk, "reminder", complaint)
    after = [entry["action"] for entry in desk.done("show", order_of(desk, complaint))["history"]].count("chase")
    assert after == before + 1


def order_of(desk: Desk, complaint: str) -> str:
    return str(desk.done("show", complaint)["dispatches"][0]["number"])


def test_the_scan_lies_with_the_agreement_and_in_the_case_file(desk: Desk, complaint: str) -> None:
    agreement = desk.done("show", complaint)["agreement"]["number"]
    (kept,) = desk.done("show", agreement)["attachments"]
    assert kept["shows"] == "agreement_scan"
    text = text_of(paper(desk, "case-file", complaint))
    assert kept["sha256"] in text
    assert "signed.pdf" in text


def test_what_was_issued_is_told_from_what_was_not(desk: Desk, complaint: str) -> None:
    issued = desk.folder / "signed.pdf"
    found = desk.done("verify", str(issued))
    assert (found["verdict"], found["edition"], found["issued"][0]["copies"]) == ("issued", 1, 2)
    assert found["number"] == desk.done("show", complaint)["agreement"]["number"]
    same = desk.folder / "same.pdf"
    same.write_bytes(issued.read_bytes() + b"\n% kept by another program\n")
    assert desk.done("verify", str(same))["verdict"] == "same"


def test_a_fault_exits_with_four_and_what_cannot_be_read_with_one(desk: Desk, complaint: str) -> None:
    draft = desk.folder / "other.pdf"
    draft.write_bytes(paper(desk, "receipt", complaint) + b"\n% changed\n")
    run = desk.run("verify", str(draft), "--json")
    assert run.code == 4
    assert run.json["verdict"] == "unknown"
    assert "Unknown" in desk.run("verify", str(draft)).out
    (desk.folder / "text.pdf").write_text("no PDF")
    assert "text.pdf" in desk.refused("verify", str(desk.folder / "text.pdf"))
    assert "nowhere.pdf" in desk.refused("verify", str(desk.folder / "nowhere.pdf"))
    desk.refused("verify", code=2)


def test_the_workbook_of_a_period_is_known_again(desk: Desk, complaint: str) -> None:
    out = desk.folder / "month.xlsx"
    desk.done("statistics", "--month", "2024-03", "--out", str(out))
    found = desk.done("verify", str(out))
    assert (found["verdict"], found["issued"][0]["document"]) == ("issued", "month")
    out.write_bytes(Path(out).read_bytes() + b"x")
    assert desk.run("verify", str(out)).code in (1, 4)


def test_what_a_case_has_not_is_said(desk: Desk) -> None:
    told = {"complainant": "路人", "received_at": "2024-03-05 09:00", "description": "送货太晚"}
    number = str(desk.done("add", "complaint", "--json-file", "-", given=told)["number"])
    out = ("--out", str(desk.folder / "never.pdf"))
    assert "nothing to put on paper" in desk.refused("document", "dispatch", number, *out)
    assert "rule" not in desk.refused("document", "case-file", "KH-0001", *out)
    assert "batch and production date" in desk.refused("document", "letter", number, *out)
    assert not (desk.folder / "never.pdf").exists()
