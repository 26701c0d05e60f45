"""A backup or an archive on which somebody clicked twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app import cli
from app.core import database as store
from app.core.progress import Progress
from app.core.session import Session
from app.models.customers import Customer
from app.services import archiving, backups, workplace
from app.views import application, incoming
from app.views.window import Window
from tests.make import Make
from tests.views.stage import Told, finish


@pytest.fixture
def file(session: Session, make: Make) -> Path:
    make.customer(name="鑫瑞达商行")
    return backups.make(session.folder, "hand", session.clock()).backup.path


@pytest.mark.parametrize("name", ["城东 2026.kesu", "城东.KESU.ZIP"])
def test_a_file_of_ours_opens_the_window(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    monkeypatch.setattr(application, "open_window", lambda *given: bool(opened.append(given)))
    assert cli.run(["--data", str(tmp_path), str(tmp_path / name)]) == 0
    assert opened == [(tmp_path, "", None, tmp_path / name)]
    assert cli.run(["--data", str(tmp_path), str(tmp_path / "register.xlsx")]) == 2


def test_a_backup_begins_where_nothing_is_yet(session: Session, file: Path, told: Told, qtbot: QtBot, tmp_path: Path) -> None:
    there = tmp_path / "new"
    told.answer("")
    assert not incoming.begin(there, file)
    assert not workplace.is_expected(there)
    told.answer("begin")
    told.answers.append(lambda _dialog: finish(qtbot))
    told.answer("go_on")
    assert incoming.begin(there, file)
    assert "Customers\n1" in told.dialogs[0]
    workplace.open_folder(there)
    assert Customer.get().name == "鑫瑞达商行"


def test_an_archive_begins_where_nothing_is_yet(session: Session, make: Make, told: Told, qtbot: QtBot, tmp_path: Path) -> None:
    make.customer(name="鑫瑞达商行")
    file = tmp_path / "城东.kesu.zip"
    archiving.write(session, file, Progress())
    told.answer("begin")
    told.answers.append(lambda _dialog: finish(qtbot))
    assert incoming.begin(tmp_path / "new", file)
    workplace.open_folder(tmp_path / "new")
    assert Customer.get().name == "鑫瑞达商行"


def test_a_damaged_backup_is_said_and_nothing_begins(told: Told, tmp_path: Path) -> None:
    file = tmp_path / "torn.kesu"
    file.write_bytes(b"PK")
    told.answer("close")
    assert not incoming.begin(tmp_path / "new", file)
    assert told.dialogs[0].startswith("Nothing was put in place")
    assert "is damaged or no backup" in told.dialogs[0]
    assert not workplace.is_expected(tmp_path / "new")
    store.close()


def test_where_a_branch_is_a_backup_is_asked_about_beside_it(window: Window, file: Path, told: Told, qtbot: QtBot) -> None:
    told.answer("")
    incoming.offer(window, file)
    finish(qtbot)
    assert told.dialogs[0].startswith("Restore the backup of")


def test_where_a_branch_is_an_archive_is_not_taken_in(window: Window, told: Told) -> None:
    incoming.offer(window, Path("城东.kesu.zip"))
    told.expect("城东.kesu.zip", "empty folder")
