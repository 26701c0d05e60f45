"""Backups in the window: the page, and putting back."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QStorageInfo
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core.session import Session
from app.models.customers import Customer
from app.services import backups, workplace
from app.services.backup_places import home, listed
from app.services.restore_rights import Right
from app.views import restore
from app.views.messages import MessageBar
from app.views.pieces.basics import Button
from app.views.settings_backup import BackupPart
from app.views.volumes import elsewhere
from app.views.window import Window
from tests.conftest import Clock
from tests.make import Make
from tests.views.stage import Key as Keys
from tests.views.stage import Told, choose_file, finish, focus_name, key, press, settle, words_of


@pytest.fixture
def part(window: Window, make: Make, qtbot: QtBot) -> BackupPart:
    make.customer()
    window.open_page("settings")
    window.page.show_part("backup")  # type: ignore[attr-defined]
    settle(qtbot)
    found: BackupPart = window.page.part()  # type: ignore[attr-defined]
    return found


def said(part: BackupPart) -> str:
    return " ".join(bar.words.text() for bar in part.findChildren(MessageBar) if bar.isVisible())


def test_a_backup_is_made_by_keyboard_and_listed(part: BackupPart, session: Session, qtbot: QtBot) -> None:
    assert "There is no backup yet." in words_of(part)
    assert not part.trial.isEnabled()
    part.setFocus()
    assert focus_name() == "back_up"
    key(Keys.Key_Return)
    finish(qtbot)
    (backup,) = listed(home(session.folder)).backups
    assert "Backed up and checked: Customers 1" in said(part)
    assert "Last backup: today 14:32, by hand" in words_of(part)
    (act,) = (one for one in part.findChildren(Button) if one.objectName() == f"restore_{backup.path.stem}")
    assert act.accessibleName() == "Restore the backup of 2026-11-23 14:32"


def test_the_monthly_trial_is_one_press(part: BackupPart, session: Session, qtbot: QtBot, clock: Clock) -> None:
    backups.make(session.folder, "hand", session.clock())
    clock.advance(days=40)
    part.refresh()
    settle(qtbot)
    assert "Once a month" in words_of(part)
    press(part, "drill")
    finish(qtbot)
    assert "was restored for a trial and is whole: Customers 1" in said(part)
    assert "Once a month" not in words_of(part)


def test_what_goes_wrong_is_said_in_the_page(part: BackupPart, session: Session, qtbot: QtBot) -> None:
    path = backups.make(session.folder, "hand", session.clock()).backup.path
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    part.refresh()
    press(part, "drill")
    finish(qtbot)
    assert "is damaged or no backup" in said(part)
    assert part.make.isEnabled()


def test_the_second_place_is_looked_for_on_another_disk(
    part: BackupPart, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getExistingDirectory", lambda *given: asked.append(given[2]) or "")
    press(part, "choose_second")
    here = QStorageInfo(str(session.folder))
    others = [Path(one.rootPath()) for one in QStorageInfo.mountedVolumes() if one.device() != here.device()]
    assert asked == [""] or (Path(asked[0]) in others and os.access(asked[0], os.W_OK))


def test_no_place_in_the_memory_is_another_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    in_memory = [one for one in QStorageInfo.mountedVolumes() if one.fileSystemType().endsWith(b"tmpfs")]
    monkeypatch.setattr(QStorageInfo, "mountedVolumes", lambda: in_memory)
    assert elsewhere(tmp_path) is None


def test_the_second_place_is_chosen_and_gets_the_newest(
    part: BackupPart, session: Session, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usb = tmp_path / "usb"
    usb.mkdir()
    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getExistingDirectory", lambda *_asked: str(usb))
    press(part, "choose_second")
    finish(qtbot)
    assert len(listed(usb / "kesu-CD").backups) == 1
    assert "in the second place too" in said(part)
    shutil.rmtree(usb)
    press(part, "copy_second")
    finish(qtbot)
    assert "is not reachable" in said(part)
    part.refresh()
    finish(qtbot)
    assert "It is not reachable now." in words_of(part)
    press(part, "forget_second")
    assert backups.second_place(session.folder) is None
    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getExistingDirectory", lambda *_asked: str(session.folder))
    press(part, "choose_second")
    assert "in the data folder itself" in said(part)


def test_a_long_list_shows_the_newest_first_and_all_when_asked(part: BackupPart, session: Session, clock: Clock) -> None:
    for _turn in range(10):
        backups.make(session.folder, "daily", session.clock())
        clock.advance(days=1)
    (home(session.folder) / "odd.kesu").write_bytes(b"x")
    part.refresh()
    QApplication.processEvents()
    assert sum(one.objectName().startswith("restore_CD") for one in part.findChildren(Button) if one.isVisible()) == 8
    assert "odd.kesu is damaged or no backup." in words_of(part)
    press(part, "show_all")
    QApplication.processEvents()
    assert sum(one.objectName().startswith("restore_CD") for one in part.findChildren(Button) if one.isVisible()) == 10


def test_both_sides_are_shown_before_anything_is_put_back(
    part: BackupPart, session: Session, make: Make, qtbot: QtBot, told: Told, monkeypatch: pytest.MonkeyPatch, window: Window
) -> None:
    path = backups.make(session.folder, "hand", session.clock()).backup.path
    make.customer(name="后来的")
    asked: list[Any] = []
    window.desk.wanted_end.disconnect()
    window.desk.wanted_end.connect(asked.append)
    choose_file(monkeypatch, path)
    for answer in ("", "restore"):
        told.answer(answer)
        press(part, "restore_file")
        finish(qtbot)
    assert "Restore the backup of 2026-11-23 14:32?" in told.dialogs[0]
    lines = told.dialogs[0].splitlines()
    place = lines.index("Customers")
    assert lines[place : place + 3] == ["Customers", "2", "1"]
    assert len(asked) == 1


def test_putting_back_closes_the_window_does_it_and_says_where_the_old_data_lies(
    session: Session, make: Make, told: Told, qtbot: QtBot
) -> None:
    make.customer()
    path = backups.make(session.folder, "hand", session.clock()).backup.path
    make.customer(name="后来的")
    told.answers.append(lambda _dialog: finish(qtbot))
    told.answer("go_on")
    assert restore.put_back(session.folder, path, Right(session.user))
    assert "What was there before lies in" in told.dialogs[-1]
    workplace.open_folder(session.folder)
    assert Customer.select().count() == 1
    path.write_bytes(b"x")
    told.answers.append(lambda _dialog: finish(qtbot))
    told.answer("close")
    assert not restore.put_back(session.folder, path, Right(session.user))
    assert "is damaged or no backup" in told.dialogs[-1]
