"""Closing a month on the command line: what is refused, what is printed, and that a closed month comes out the same again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.core import database as store
from app.core.database import database
from app.models import frozen_months
from app.services import closing, workplace
from app.services.periods import month_of
from tests.commands.desk import Desk
from tests.commands.desk import desk as desk
from tests.commands.desk import template as template

MARCH = "2024-03"
NUMBER = "TS-202403-0001"
HISTORY = ("History", "操作记录")


def cells(path: Path, *but: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every sheet but some, cell by cell: values, formulas and formats; without the history's head of when the file was made."""
    book = openpyxl.load_workbook(path)
    return {
        sheet.title: [
            tuple((cell.value, cell.number_format) for cell in row) for row in sheet.iter_rows() if row[0].value not in HISTORY
        ]
        for sheet in book
        if sheet.title not in (*but, "kesu")
    }


def statistics(desk: Desk, *more: object) -> Any:
    return desk.run("statistics", "--month", MARCH, "--json", *more).json


def test_a_closed_month_comes_out_the_same_after_later_edits(desk: Desk, tmp_path: Path) -> None:
    live = statistics(desk)
    told = desk.run("close-month", MARCH, "--json", "--user", "赵经理")
    assert (told.code, told.json["month"], told.json["by"], told.json["opened"]) == (0, MARCH, "赵经理", None)
    before = statistics(desk, "--out", tmp_path / "before.xlsx")
    assert {code: value for code, value in before.items() if code not in ("frozen", "restated")} == live
    assert (before["frozen"]["sha256"], before["restated"]) == (told.json["sha256"], [])
    desk.run("edit", NUMBER, given={"class": "service"})
    desk.run("add", "objection", given={"customer": "KH-0001", "occurred_at": "2024-03-09", "what": "订十条只给两条"})
    after = statistics(desk, "--out", tmp_path / "after.xlsx")
    assert after.pop("restated")[0]["number"] == "YY-202403-0001"
    assert after == {code: value for code, value in before.items() if code != "restated"}
    assert "Restatements" not in cells(tmp_path / "before.xlsx")
    assert cells(tmp_path / "after.xlsx", "Restatements") == cells(tmp_path / "before.xlsx")
    assert cells(tmp_path / "after.xlsx")["Restatements"][4][2][0] == "YY-202403-0001"
    desk.run("statistics", "--month", MARCH, "--by", "class=product", "--out", tmp_path / "some.xlsx")
    assert NUMBER in [row[2][0] for row in cells(tmp_path / "some.xlsx")["Restatements"]]
    desk.run("close-month", MARCH, "--reopen", "补登")
    desk.run("statistics", "--month", MARCH, "--out", tmp_path / "live.xlsx")
    assert cells(tmp_path / "live.xlsx") != cells(tmp_path / "before.xlsx")


def test_a_closed_month_keeps_its_language(desk: Desk, tmp_path: Path) -> None:
    """Words of another language beside kept ones could not be counted again."""
    desk.run("close-month", MARCH)
    desk.run("statistics", "--month", MARCH, "--out", tmp_path / "one.xlsx")
    desk.run("statistics", "--month", MARCH, "--out", tmp_path / "other.xlsx", "--lang", "zh_CN")
    assert cells(tmp_path / "one.xlsx") == cells(tmp_path / "other.xlsx")


def test_people_are_told_what_is_closed_and_what_is_different(desk: Desk) -> None:
    told = desk.run("close-month", MARCH, "--user", "赵经理").out
    digest = told.split()[-1]
    assert told.startswith("2024-03 is closed. Check code: ")
    out = desk.run("statistics", "--month", MARCH).out
    assert "Closed by 赵经理 on " in out
    assert digest in out
    assert "Nothing of it would be counted differently today." in out
    desk.run("edit", NUMBER, "--user", "刘洋", given={"class": "service"})
    out = desk.run("statistics", "--month", MARCH).out
    (line,) = (line for line in out.splitlines() if NUMBER in line)
    assert line.split() == [
        *("Changed", NUMBER, "Complaint", "class"),
        *("Because", "of", "product", "Because", "of", "service", "刘洋", "Changed"),
    ]


def test_opening_again_counts_from_the_records(desk: Desk) -> None:
    desk.run("close-month", MARCH)
    desk.run("edit", NUMBER, given={"class": "service"})
    assert "reason" in desk.refused("close-month", MARCH, "--reopen", "").lower()
    told = desk.run("close-month", MARCH, "--reopen", "分类错了", "--json", "--user", "赵经理").json
    assert (told["opened"]["by"], told["opened"]["reason"]) == ("赵经理", "分类错了")
    said = statistics(desk)
    assert "frozen" not in said
    assert said["complaints_by_class"][0]["code"] == "service"
    assert desk.run("close-month", MARCH).code == 0


@pytest.mark.parametrize(
    ("arguments", "sentence", "code"),
    [
        (["2024-Q1"], "“2024-Q1” is no month", 1),
        (["this"], "is not over yet", 1),
        ([MARCH, "--reopen", "x"], "2024-03 is not closed", 1),
        ([], "required", 2),
    ],
)
def test_what_cannot_be_is_refused(desk: Desk, arguments: list[str], sentence: str, code: int) -> None:
    assert sentence in desk.refused("close-month", *arguments, code=code)


def test_a_month_is_closed_once(desk: Desk) -> None:
    desk.run("close-month", MARCH)
    assert "2024-03 was closed by" in desk.refused("close-month", MARCH)


def test_what_was_damaged_is_said_and_can_be_opened(desk: Desk) -> None:
    desk.run("close-month", MARCH)
    workplace.open_folder(desk.folder)
    database.execute_sql("UPDATE frozen_part SET content = zeroblob(9) WHERE part = 'figures'")
    store.close()
    assert "What was kept of 2024-03 is damaged" in desk.refused("statistics", "--month", MARCH)
    assert desk.run("close-month", MARCH, "--reopen", "坏了").code == 0
    assert statistics(desk)["complaints"] == 1


CHILD = """
import sys
from pathlib import Path
from app.services import closing, workplace
session = workplace.open_folder(Path(sys.argv[1]))
month = closing.month(session, "2024-03")
while True:
    print("close", flush=True)
    closing.close(session, month)
    print("open", flush=True)
    closing.open_again(session, month, "x")
"""


@pytest.mark.parametrize("lines", [1, 2, 3, 10, 25])
def test_a_killed_program_leaves_a_month_closed_or_not(desk: Desk, lines: int) -> None:
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen([sys.executable, "-c", CHILD, str(desk.folder)], cwd=root, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for _line in range(lines):
            child.stdout.readline()
        child.kill()
    session = workplace.open_folder(desk.folder)
    period = closing.month(session, MARCH)
    for freeze in frozen_months.of(session, MARCH):
        assert list(frozen_months.pieces(freeze))
    assert database.execute_sql(
        "SELECT count(*) FROM frozen_part WHERE frozen_id NOT IN (SELECT id FROM frozen_month)"
    ).fetchone() == (0,)
    if closing.standing(session, period):
        assert closing.closed(session, period)
    else:
        closing.close(session, month_of(period.start))
    store.close()
