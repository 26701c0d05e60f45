"""`kesu diagnose`: the report, its judgement, and whom it does not name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.desk import Desk
from tests.commands.desk import desk as desk
from tests.commands.desk import template as template


@pytest.fixture(autouse=True)
def _own_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_STATE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))


def test_the_report_counts_and_judges_and_names_neither_people_nor_paths(desk: Desk) -> None:
    told = desk.run("diagnose")
    assert "[good] Records: customer 1" in told.out
    assert "[act] Last backup: none  → Press" in told.out
    assert told.code == 4
    assert str(desk.folder) not in told.out


def test_after_a_backup_nothing_has_to_be_done(desk: Desk) -> None:
    desk.run("backup")
    told = desk.run("diagnose", "--json")
    assert told.code == 0
    assert {one["what"]: one["state"] for one in told.json["findings"]}["Last backup"] == "ok"
    assert " command name=backup code=0 " in told.json["log"][-1]
