"""Merging at the command line: one file, what is wrong on standard error, and an exit code that says whether all is in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest

from app.core import language
from app.services import merging
from tests.commands.desk import Desk
from tests.commands.desk import desk as desk
from tests.commands.desk import template as template
from tests.services.branches import Sent, send


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> list[Sent]:
    folder = tmp_path_factory.mktemp("sent")
    language.choose("zh_CN")
    return [send(folder, code, size=15) for code in ("CD", "XC")]


@pytest.fixture
def given(sent: list[Sent], tmp_path: Path) -> Path:
    folder = tmp_path / "given"
    folder.mkdir()
    for one in sent:
        shutil.copy(one.path, folder)
    return folder


def test_a_folder_is_merged_and_a_second_time_the_result_in_it_is_no_input(desk: Desk, given: Path, sent: list[Sent]) -> None:
    out = given / "all.xlsx"
    for _time in range(2):
        told = desk.run("merge", given, "--out", out, "--json")
        assert (told.code, told.err) == (0, "")
        assert told.json["objections"] == sum(one.figures.objections for one in sent)
        assert [one["branch"] for one in told.json["merged"]] == ["CD", "XC"]
        assert told.json["complete"] is True
    assert openpyxl.load_workbook(out)["Overview"]["A2"].value.startswith("2 branches")


def test_what_is_left_out_is_named_and_the_exit_code_says_in_part(desk: Desk, given: Path) -> None:
    (given / "bad.xlsx").write_bytes(b"PK\x03\x04 nothing")
    listed = given / "who.txt"
    listed.write_text("CD\nHH\n", encoding="utf-8")
    told = desk.run("merge", given, "--expect", listed, "--out", given.parent / "all.xlsx")
    assert told.code == 3
    lines = told.err.splitlines()
    assert [line.split(":")[0] for line in lines] == ["bad.xlsx", "HH", "XC.xlsx"]
    assert told.out.startswith(f"{given.parent / 'all.xlsx'}\t2 branches")


def test_nothing_is_written_where_nothing_can_be_merged(desk: Desk, given: Path) -> None:
    out = given.parent / "all.xlsx"
    assert "No file could be merged" in desk.refused("merge", given, "--month", "2025-01", "--out", out)
    assert "no .xlsx" in desk.refused("merge", given.parent, "--out", out)
    assert "no file" in desk.refused("merge", given / "nowhere.xlsx", "--out", out)
    assert "folder" in desk.refused("merge", given, "--out", given, code=2)
    assert desk.run("merge", given).code == 2
    assert not out.exists()


def test_a_stop_half_way_leaves_no_file(desk: Desk, given: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_given: object, **_named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(merging, "Merging", stop)
    out = given.parent / "all.xlsx"
    told = desk.run("merge", given, "--out", out)
    assert (told.code, told.err) == (1, "Stopped. Nothing was left half done.\n")
    assert sorted(path.name for path in given.parent.iterdir()) == ["data", "given"]
