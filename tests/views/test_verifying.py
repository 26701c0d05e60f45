"""A file that somebody brings, looked at from the window; case files made beside it; the scan that a step takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from app.models import attachments, prints
from app.models.agreements import Agreement
from app.models.record import find
from app.reports import papers
from app.services import cases
from app.views.file_editor import FileEditor
from app.views.papers import PaperPage, PdfPage
from app.views.step_panel import StepPanel
from app.views.window import Window
from tests.make import Make
from tests.models.stands import agreement_in, complaint_in, dispatch_in
from tests.reports.reading import text_of
from tests.views.stage import Told, choose_file, fill, finish, press, settle, words_of


def bring(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_arguments, **_named: (str(path), ""))


@pytest.fixture
def issued(make: Make, tmp_path: Path) -> tuple[Any, Path]:
    record = agreement_in(make, "released")
    made = papers.paper(make.session, papers.AGREEMENT, cases.load(make.session, record.number))
    papers.keep_record(make.session, made)
    path = tmp_path / "brought.pdf"
    path.write_bytes(made.content)
    return record, path


def test_a_genuine_agreement_is_said_to_be_one_and_can_be_opened(
    window: Window, told: Told, issued: tuple[Any, Path], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    record, path = issued
    window.open_page("agreements")
    bring(monkeypatch, path)
    press(window.page, "verify_file")
    finish(qtbot)
    told.expect("brought.pdf: As issued.", record.number)
    assert window.messages.findChild(object, "message_ok") is not None


def test_an_older_edition_is_said_in_amber_and_what_cannot_be_read_by_a_sentence(
    window: Window, told: Told, make: Make, issued: tuple[Any, Path], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    record, path = issued
    make.steps(make.again(record.complaint), ("agreement", {"facts": "改过"}))
    window.open_record(record.number)
    bring(monkeypatch, path)
    press(window.page, "verify_file")
    finish(qtbot)
    told.expect("An older edition", "edition 2 counts")
    assert window.messages.findChild(object, "message_warn") is not None
    path.write_bytes(b"%PDF-1.4 nothing")
    press(window.page, "verify_file")
    finish(qtbot)
    told.expect("brought.pdf is no PDF that can be read")


def test_nothing_happens_where_no_file_was_chosen(window: Window, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    window.open_page("agreements")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_arguments, **_named: ("", ""))
    press(window.page, "verify_file")
    finish(qtbot)


def test_the_print_menu_offers_what_the_case_has_now(window: Window, make: Make) -> None:
    record = complaint_in(make, "executing")
    window.open_record(record.number)
    assert papers_of(window) == ["form", "receipt", "approval", "dispatch", "follow-up", "case-file"]
    window.open_record(dispatch_in(make, "done").number)
    assert papers_of(window) == ["dispatch"]


def papers_of(window: Window) -> list[str]:
    names = (action.objectName() for menu in menus(window) for action in menu.actions())
    return [name.removeprefix("paper_") for name in names if name.startswith("paper_")]


def menus(window: Window) -> list[QMenu]:
    return [menu for menu in window.page.findChildren(QMenu) if menu.parent() is window.page]


def choose_paper(window: Window, document: str) -> None:
    next(action for menu in menus(window) for action in menu.actions() if action.objectName() == f"paper_{document}").trigger()
    QApplication.processEvents()


def test_a_case_file_is_put_together_beside_the_window_and_counted_when_saved(
    window: Window, told: Told, make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    record = complaint_in(make, "executing")
    window.open_record(record.number)
    choose_paper(window, "case-file")
    finish(qtbot)
    assert isinstance(window.page, PdfPage)
    assert "Case file" in words_of(window.page)
    choose_file(monkeypatch, tmp_path / "file.pdf")
    press(window.page, "save_pdf")
    assert record.number in text_of((tmp_path / "file.pdf").read_bytes())
    assert [issue.copies for issue in prints.of(make.again(record))] == [1]
    assert told.toasts


def test_saving_a_reminder_from_the_window_chases_the_department(
    window: Window, make: Make, told: Told, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    order = dispatch_in(make, "accepted")
    window.open_record(order.number)
    choose_paper(window, "reminder")
    assert isinstance(window.page, PaperPage)
    choose_file(monkeypatch, tmp_path / "reminder.pdf")
    press(window.page, "save_pdf")
    assert make.again(order).chased_at is not None
    assert "Chased1timesbefore" in text_of(window.page.view.content)
    assert told.toasts


def test_the_scan_of_a_signed_agreement_is_chosen_in_the_step(
    window: Window, make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    record = agreement_in(make, "released")
    window.open_record(record.number)
    press(window.page, "act_sign-agreement")
    settle(qtbot)
    panel = window.page.findChild(StepPanel)
    assert panel is not None
    path = tmp_path / "scan.pdf"
    path.write_bytes(b"%PDF-1.4 signed")
    bring(monkeypatch, path)
    press(panel, "choose_scan")
    fill(panel.form, signed_by="周建国")
    press(panel, "do_sign-agreement")
    settle(qtbot)
    signed = find(make.session, Agreement, record.number)
    assert signed.status == "signed"
    assert [file.shows for file in attachments.of(make.session, signed)] == ["agreement_scan"]


def test_a_scan_that_is_not_there_is_said_at_its_field(window: Window, make: Make, qtbot: QtBot) -> None:
    record = agreement_in(make, "released")
    window.open_record(record.number)
    press(window.page, "act_sign-agreement")
    settle(qtbot)
    panel = window.page.findChild(StepPanel)
    assert panel is not None
    editor = panel.form.editor("scan")
    assert isinstance(editor, FileEditor)
    fill(panel.form, signed_by="周建国")
    editor.set_value("/nowhere/scan.pdf")
    press(panel, "do_sign-agreement")
    assert "scan.pdf" in editor.accessibleDescription()
    assert make.again(record).status == "released"


def test_a_file_may_be_dropped_on_its_field(qtbot: QtBot, tmp_path: Path) -> None:
    editor = FileEditor(attachments.SCAN)
    qtbot.addWidget(editor)
    editor.setAccessibleName("Scan")
    told: list[str] = []
    editor.edited.connect(lambda: told.append("edited"))
    held = QMimeData()
    held.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.pdf"))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    editor.dropEvent(QDropEvent(QPointF(3, 3), Qt.DropAction.CopyAction, held, buttons, keys))
    assert (editor.value(), told) == (str(tmp_path / "a.pdf"), ["edited"])
    editor.set_value(None)
    assert editor.value() is None
