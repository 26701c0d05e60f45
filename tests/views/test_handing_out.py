"""A PDF in another hand: dragged out, or attached to a mail; recorded as if it was saved."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAction, QDrag, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core import mapi
from app.core.session import Session
from app.models import prints
from app.models.record import Record
from app.views.handing_out import DragHandle, DragMenu, mail_command
from app.views.papers import PaperPage
from app.views.pieces.basics import Button
from app.views.window import Window
from tests.make import Make
from tests.models.stands import agreement_in
from tests.reports.reading import text_of
from tests.views.stage import Told, press, settle


@pytest.fixture
def agreement(make: Make) -> Record:
    return agreement_in(make, "released")


@pytest.fixture
def page(window: Window, agreement: Record) -> PaperPage:
    window.open_paper("agreement", agreement.number)
    assert isinstance(window.page, PaperPage)
    return window.page


def drop(monkeypatch: pytest.MonkeyPatch, action: Qt.DropAction) -> list[Path]:
    """The system answers each drag so; the files that it was given."""
    found: list[Path] = []

    def answer(self: QDrag, _actions: object) -> Qt.DropAction:
        found.append(Path(self.mimeData().urls()[0].toLocalFile()))
        return action

    monkeypatch.setattr(QDrag, "exec", answer)
    return found


def pull(page: PaperPage) -> None:
    """Press the handle and move away from it."""
    handle = page.findChild(DragHandle)
    assert isinstance(handle, DragHandle)
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    for far in (6, 40):
        QTest.mouseMove(handle, QPoint(5 + far, 5))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=QPoint(45, 5))


def test_a_paper_that_is_dragged_out_is_the_one_that_is_seen_and_recorded(
    page: PaperPage, agreement: Record, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, seen = drop(monkeypatch, Qt.DropAction.CopyAction), page.view.content
    pull(page)
    assert [file.name for file in files] == [f"Processing agreement {agreement.number}.pdf"]
    assert files[0].read_bytes() == seen
    assert len(prints.of(agreement)) == 1
    pull(page)
    assert "print2" in text_of(files[1].read_bytes())
    assert len(prints.of(agreement)) == 2


def test_what_is_dropped_nowhere_is_one_issue_however_often_it_is_tried(
    page: PaperPage, agreement: Record, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = drop(monkeypatch, Qt.DropAction.IgnoreAction)
    pull(page)
    pull(page)
    assert files[0] == files[1]
    assert len(prints.of(agreement)) == 1


@pytest.fixture
def menu(window: Window, agreement: Record) -> DragMenu:
    """The papers that the page of the complaint offers, open."""
    window.open_record(agreement["complaint"].number)
    found = window.page.findChild(Button, "print").menu()
    assert isinstance(found, DragMenu)
    found.popup(QPoint(100, 100))
    QApplication.processEvents()
    return found


def pull_row(menu: DragMenu, name: str, far: int) -> None:
    """Press a row, and let go of it so far away."""
    place = menu.actionGeometry(menu.findChild(QAction, name)).center()
    QTest.mousePress(menu, Qt.MouseButton.LeftButton, pos=place)
    move = QMouseEvent(
        QEvent.Type.MouseMove, place + QPoint(far, 0), menu.mapToGlobal(place + QPoint(far, 0)),
        Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(menu, move)
    if menu.isVisible():
        QTest.mouseRelease(menu, Qt.MouseButton.LeftButton, pos=place + QPoint(far, 0))


def test_a_paper_of_a_case_is_dragged_out_of_its_menu_and_recorded(
    menu: DragMenu, agreement: Record, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = drop(monkeypatch, Qt.DropAction.CopyAction)
    pull_row(menu, "paper_agreement", 60)
    assert [file.name for file in files] == [f"Processing agreement {agreement.number}.pdf"]
    assert len(prints.of(agreement)) == 1
    assert not menu.isVisible()


def test_a_click_on_a_row_opens_the_paper(
    menu: DragMenu, window: Window, agreement: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = drop(monkeypatch, Qt.DropAction.CopyAction)
    pull_row(menu, "paper_agreement", 2)
    assert isinstance(window.page, PaperPage)
    assert (files, prints.of(agreement)) == ([], [])


def test_who_may_not_print_drags_nothing_out_of_the_menu(
    menu: DragMenu, session: Session, agreement: Record, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = drop(monkeypatch, Qt.DropAction.CopyAction)
    session.roles = frozenset({"warehouse"})
    pull_row(menu, "paper_agreement", 60)
    told.expect("role")
    assert (files, prints.of(agreement)) == ([], [])


def test_a_narrow_page_keeps_the_handle_out_of_its_menu(page: PaperPage) -> None:
    page.window().resize(960, 508)
    QApplication.processEvents()
    assert page.findChildren(Button, "save_pdf")[0].isHidden()
    assert not page.findChildren(Button, "drag_out")[0].isHidden()


def test_a_click_on_the_handle_drags_nothing(page: PaperPage, agreement: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    files = drop(monkeypatch, Qt.DropAction.CopyAction)
    press(page, "drag_out")
    assert files == []
    assert prints.of(agreement) == []


def test_who_may_no_longer_print_drags_nothing_out(
    page: PaperPage, session: Session, agreement: Record, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = drop(monkeypatch, Qt.DropAction.CopyAction)
    session.roles = frozenset({"warehouse"})
    pull(page)
    told.expect("role")
    assert files == []


def mailer(folder: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> Path:
    """An xdg-email that writes down what it was asked and ends with a code."""
    asked = folder / "asked"
    made = folder / "bin" / "xdg-email"
    made.parent.mkdir()
    made.write_text(f'#!/bin/sh\nfor one in "$@"; do printf "%s\\n" "$one" >> {asked}; done\nexit {code}\n')
    made.chmod(0o755)
    monkeypatch.setenv("PATH", f"{made.parent}{os.pathsep}{os.environ['PATH']}")
    return asked


def test_a_mail_has_the_paper_and_its_title(
    page: PaperPage, agreement: Record, told: Told, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked, seen = mailer(tmp_path, monkeypatch, 0), page.view.content
    press(page, "mail_pdf")
    qtbot.waitUntil(lambda: asked.exists() and len(asked.read_text().splitlines()) == 5)
    _utf8, _subject, subject, _attach, path = asked.read_text().splitlines()
    assert subject == f"Processing agreement {agreement.number}"
    assert Path(path).read_bytes() == seen
    assert len(prints.of(agreement)) == 1


def test_a_paper_of_a_case_goes_from_its_page_into_a_mail(
    menu: DragMenu, agreement: Record, told: Told, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = mailer(tmp_path, monkeypatch, 0)
    menu.findChild(QAction, "mail_agreement").trigger()
    qtbot.waitUntil(lambda: asked.exists() and len(asked.read_text().splitlines()) == 5)
    _utf8, _subject, subject, _attach, path = asked.read_text().splitlines()
    assert subject == f"Processing agreement {agreement.number}"
    assert Path(path).read_bytes().startswith(b"%PDF")
    assert len(prints.of(agreement)) == 1


def test_a_mail_program_that_fails_is_said_with_a_way_to_the_file(
    page: PaperPage, told: Told, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    mailer(tmp_path, monkeypatch, 3)
    press(page, "mail_pdf")
    qtbot.waitUntil(lambda: bool(told.messages))
    told.expect("No mail program took the PDF")


def test_without_a_mail_program_nothing_is_issued(
    page: PaperPage, agreement: Record, told: Told, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    press(page, "mail_pdf")
    settle(qtbot)
    told.expect("No mail program is set up")
    assert prints.of(agreement) == []


def test_on_windows_a_process_of_its_own_asks_for_the_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    command = mail_command(Path("C:/x/表.pdf"), "表")
    assert command[-2:] == [str(Path("C:/x/表.pdf")), "表"]
    assert any("app.core.mapi" in part for part in command)
    asked = mapi.message("C:\\x\\表.pdf", "表")
    assert (asked.subject, asked.file_count, asked.files[0].path) == ("表", 1, "C:\\x\\表.pdf")
