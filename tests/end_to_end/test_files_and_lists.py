"""Files and lists from the command line: what files show, voiding them, saved views."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core import database
from app.models import saved_views
from app.models.listing import COMPLAINTS
from app.models.saved_views import View
from app.services import workplace
from tests.end_to_end.program import Commands, Program
from tests.reports.reading import text_of

COMPLAINT = {"complainant": "老陈", "received_at": "2024-11-23 09:30", "description": "两条受潮", "class": "product"}


@pytest.fixture
def program(tmp_path: Path) -> Program:
    made = Commands(tmp_path / "data").init()
    made.put(["add", "complaint"], COMPLAINT)
    return made


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "批号.jpg"
    path.write_bytes(b"\xff\xd8 photo")
    return path


def number(program: Program) -> str:
    return str(program.run("list", "complaints", "--json").json[0]["number"])


def test_files_are_attached_described_and_voided(program: Program, photo: Path) -> None:
    case = number(program)
    (kept,) = program.run("attach", case, photo, "--shows", "Photo of the batch number", "--json").json
    assert (kept["shows"], kept["void_reason"]) == ("batch_photo", None)
    assert program.run("show", case, "--json").json["missing_evidence"] == [["product_photo"], ["invoice", "order"]]
    program.run("attach", case, "--kept", kept["id"], "--shows", "店门口")
    program.run("attach", case, "--kept", kept["id"], "--void", "别家的照片", "--user", "刘洋")
    shown = program.run("show", case, "--json").json
    (file,) = shown["attachments"]
    assert (file["shows"], file["voided_by"], file["void_reason"]) == ("店门口", "刘洋", "别家的照片")
    assert ["batch_photo"] in shown["missing_evidence"]
    told = program.run("show", case).out
    assert f"{kept['id']} 批号.jpg · 店门口 · void: 别家的照片" in told
    assert "Missing evidence\tInvoice or Order" in told


def test_what_does_not_go_together_is_wrong_usage(program: Program, photo: Path) -> None:
    case = number(program)
    wrong = (
        (),
        (photo, "--void", "x"),
        ("--kept", 1),
        (photo, "--kept", 1, "--shows", "photo"),
        ("--kept", 1, "--shows", "a", "--void", "b"),
    )
    for arguments in wrong:
        program.run("attach", case, *arguments, expect=2)
    assert "has no attachment 7" in program.run("attach", case, "--kept", 7, "--void", "x", expect=1).err


def test_a_list_is_shown_as_a_saved_view_says(program: Program) -> None:
    program.put(["add", "complaint"], COMPLAINT | {"complainant": "老李", "class": "service"})
    session = workplace.open_folder(program.folder, user="王敏")
    shown = {"order": ["complainant", "class", "number"], "shown": ["class", "complainant"]}
    saved_views.keep(session, COMPLAINTS, "产品", View(where={"class": ("product",)}, columns=shown))
    database.close()
    view = ("list", "complaints", "--view", "产品", "--user", "王敏")
    assert program.run(*view).out.splitlines() == ["Complainant\tComplaint class", "老陈\tBecause of product"]
    assert [one["complainant"] for one in program.run(*view, "--where", "class=service", "--json").json] == ["老李"]
    assert program.run(*view, "--search", "不存在的").out.count("\n") == 1
    refused = program.run("list", "complaints", "--view", "产品", "--user", "刘洋", expect=1)
    assert "刘洋 has no view “产品” of this list" in refused.err


def test_a_list_is_printed_as_a_register(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "台账.pdf"
    made = program.run("document", "register", "complaints", "--where", "class=product", "--out", path, "--json").json
    assert made == {"file": str(path), "list": "complaints"}
    text = text_of(path.read_bytes())
    assert "Complaintclass:Becauseofproduct" in text
    assert number(program) in text
    assert "no condition" in program.run("document", "register", "complaints", "--where", "x", "--out", path, expect=1).err
    for wrong in (("register",), ("register", "nonsense"), ("form", number(program), "--search", "x")):
        program.run("document", *wrong, "--out", path, expect=2)
