"""The page that merges branches' workbooks: chosen, looked at, saved; by keyboard, and nothing passed over."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from app.core import language
from app.views.consolidating import ConsolidatingPage
from app.views.messages import MessageBar
from app.views.window import Window
from tests.services.branches import Sent, send
from tests.views.stage import CONTROL, Told, finish, key, press, settle


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


@pytest.fixture
def page(sent: list[Sent], window: Window, qtbot: QtBot) -> ConsolidatingPage:
    """After the branches were made: they open databases of their own."""
    window.open_page("statistics")
    finish(qtbot)
    press(window.page, "merge_branches")
    assert isinstance(window.page, ConsolidatingPage)
    return window.page


def words(page: ConsolidatingPage) -> str:
    return "\n".join(one.text() for one in page.findChildren(QLabel))


def test_a_folder_is_read_shown_and_saved(
    page: ConsolidatingPage, given: Path, sent: list[Sent], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, told: Told
) -> None:
    assert not page._save.isEnabled()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_given: str(given))
    press(page, "choose_folder")
    finish(qtbot)
    objections = sum(one.figures.objections for one in sent)
    assert f"2 branches, {objections} objections" in page.findChild(MessageBar, "message_ok").words.text()
    assert "CD.xlsx" in words(page)
    out = given.parent / "all.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_given: (str(out), ""))
    for _time in range(2):
        out.unlink(missing_ok=True)
        press(page, "save_merged")
        finish(qtbot)
        assert openpyxl.load_workbook(out)["Overview"]["B6"].value == objections
    assert told.toasts == ["Saved to all.xlsx."] * 2


def test_what_does_not_fit_is_shown_and_who_is_missing(
    page: ConsolidatingPage, given: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    (given / "bad.xlsx").write_bytes(b"nothing")
    listed = given / "who.txt"
    listed.write_text("CD\nXC\nHH\n", encoding="utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_given: (str(listed), ""))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(given))])
    page.dropEvent(
        QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    )
    finish(qtbot)
    assert "bad.xlsx" in words(page)
    assert "HH" not in words(page).split()
    press(page, "choose_expected")
    finish(qtbot)
    assert "HH" in words(page).split()
    assert "Not everything is in it" in page.findChild(MessageBar, "message_warn").words.text()


def test_what_cannot_be_merged_at_all_is_told(page: ConsolidatingPage, tmp_path: Path, qtbot: QtBot, told: Told) -> None:
    page.read([tmp_path])
    finish(qtbot)
    told.expect("There is no .xlsx file in")
    assert page.merged is None
    assert page._folder.isEnabled()
    assert not page._save.isEnabled()


def test_it_is_worked_by_keyboard(page: ConsolidatingPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_given: asked.append("folder") or "")
    key(Qt.Key.Key_O, CONTROL)
    settle(qtbot, 300)  # a key presses a button for a moment
    assert asked == ["folder"]
    assert all(one.accessibleName() for one in (page._folder, page._files, page._list, page._save))
