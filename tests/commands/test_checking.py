"""`kesu check`: what it says, its exit codes, and what a repair leaves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.core import chain
from app.core.database import driver
from tests.commands.desk import Desk
from tests.commands.desk import desk as desk
from tests.commands.desk import template as template

Tamper = Callable[..., None]


@pytest.fixture
def tamper(desk: Desk) -> Tamper:
    """Change the database with another program."""

    def change(*statements: str) -> None:
        connection = driver.connect(str(desk.folder / "kesu.db"))
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()

    return change


def test_a_sound_branch_is_said_to_be_so(desk: Desk) -> None:
    told = desk.run("check")
    assert (told.code, told.out) == (0, "Everything is as it should be.\n")
    assert desk.run("check", "--json").json == {"ok": True, "faults": []}


def test_a_fault_says_what_where_and_what_to_do(desk: Desk, tamper: Tamper) -> None:
    tamper("DROP TRIGGER history_same", "UPDATE history SET who = '别人' WHERE id = 2", chain.TRIGGERS["history_same"])
    told = desk.run("check", "--json")
    assert told.code == 4
    assert not told.json["ok"]
    (fault,) = told.json["faults"]
    assert set(fault) == {"what", "where", "do"}
    assert "别人" in fault["where"]
    assert desk.run("check").out.count("\n") == 2


def test_a_repair_exits_with_what_is_left(desk: Desk, tamper: Tamper) -> None:
    tamper("UPDATE search_customer_key SET key = 'x'")
    assert desk.run("check").code == 4
    told = desk.run("check", "--repair", "--json")
    assert (told.code, told.json["ok"], len(told.json["repaired"])) == (0, True, 1)
    assert Path(told.json["copy"]).exists()
    assert "nothing" not in desk.run("check", "--repair").out
    tamper("UPDATE customer SET pinyin = 'x'", "DELETE FROM product")
    told = desk.run("check", "--repair")
    assert told.code == 4
    assert "Put right: Columns that the program works out" in told.out
    assert "Numbers are missing" in told.out


def test_an_anchor_that_is_brought_finds_a_history_that_was_cut(desk: Desk, tamper: Tamper, tmp_path: Path) -> None:
    connection = driver.connect(str(desk.folder / "kesu.db"))
    number, digest = connection.execute("SELECT id, hash FROM history ORDER BY id DESC").fetchone()
    connection.close()
    (tmp_path / "kesu-history-CD-2026-11-23.txt").write_text(f"x\r\n{number}:{digest.hex()}\r\n")
    anchor = f"{number}:{digest.hex()[:32]}"
    assert desk.run("check", "--anchor", anchor, "--anchors", tmp_path).code == 0
    tamper("DROP TRIGGER history_stays", f"DELETE FROM history WHERE id = {number}", chain.TRIGGERS["history_stays"])
    assert desk.run("check").code == 0
    assert "has lost its end" in desk.run("check", "--anchor", anchor).out
    assert "kesu-history-CD-2026-11-23.txt" in desk.run("check", "--anchors", tmp_path).out


def test_what_is_no_anchor_and_no_folder_is_refused(desk: Desk, tmp_path: Path) -> None:
    assert "is no anchor" in desk.refused("check", "--anchor", "abc")
    assert "nowhere" in desk.refused("check", "--anchors", tmp_path / "nowhere")
