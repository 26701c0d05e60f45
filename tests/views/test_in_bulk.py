"""Several rows of a list at once: marked by keyboard, classified, assigned, printed, voided, with one summary."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.models import prints
from app.models.complaints import Complaint
from app.models.prints import Print
from app.services import in_bulk
from app.views.bulk_dialogs import ClassifyDialog, FieldsDialog, PrintDialog
from app.views.lists import ListPage
from app.views.messages import Dialog, MessageBar
from app.views.papers import PdfPage
from app.views.window import Window
from tests.make import Make
from tests.reports.reading import text_of
from tests.views.stage import CONTROL, SHIFT, Key, Told, buttons, fill, focus_name, key, press, settle, soon, words_of


@pytest.fixture
def page(make: Make, window: Window) -> ListPage:
    """Three complaints; the oldest is a draft, the others are signed."""
    make.complaint(description="少送两条")
    for words in ("六条霉变", "漏气"):
        make.steps(make.complaint(description=words), "sign")
    window.open_page("complaints")
    assert isinstance(window.page, ListPage)
    window.page.table.setFocus()
    return window.page


def mark_all(page: ListPage, qtbot: QtBot) -> None:
    key(Key.Key_A, CONTROL)
    qtbot.waitUntil(page.bulk.isVisible)


def over(page: ListPage, qtbot: QtBot) -> str:
    """Wait for the summary and read it."""
    qtbot.waitUntil(page.summary.isVisible, timeout=15_000)
    settle(qtbot, 50)
    return words_of(page.summary)


def cases() -> list[Complaint]:
    return list(Complaint.select().order_by(Complaint.id))


def test_rows_are_marked_with_shift_and_all_with_control_a(page: ListPage, qtbot: QtBot) -> None:
    assert not page.bulk.isVisible()
    key(Key.Key_Home)
    key(Key.Key_Down, SHIFT)
    qtbot.waitUntil(page.bulk.isVisible)
    assert "2 marked" in words_of(page.bulk)
    assert buttons(page.bulk) == {"bulk_classify", "bulk_assign", "bulk_print", "bulk_void"}
    key(Key.Key_A, CONTROL)
    qtbot.waitUntil(lambda: "3 marked" in words_of(page.bulk))
    key(Key.Key_Home)
    qtbot.waitUntil(lambda: not page.bulk.isVisible())


def test_tab_goes_from_the_marked_rows_to_what_can_be_done_with_them(page: ListPage, qtbot: QtBot) -> None:
    mark_all(page, qtbot)
    reached = []
    for _time in range(4):
        key(Key.Key_Tab)
        reached.append(focus_name())
    assert reached == ["bulk_classify", "bulk_assign", "bulk_print", "bulk_void"]


def test_a_classification_is_set_on_all(page: ListPage, told: Told, qtbot: QtBot) -> None:
    def answer(dialog: Dialog) -> None:
        assert isinstance(dialog, ClassifyDialog)
        press(dialog, "dialog_do")
        assert "Choose the value" in words_of(dialog)
        dialog.choose("severity")
        assert dialog.to is not None
        dialog.to.set_value("major")
        press(dialog, "dialog_do")

    mark_all(page, qtbot)
    told.answers.append(answer)
    press(page.bulk, "bulk_classify")
    assert over(page, qtbot) == "Classify in bulk: 3 done."
    assert {case["severity"] for case in cases()} == {"major"}
    press(page.summary, "Dismiss")
    assert not page.summary.isVisible()


def test_refusals_are_named_can_be_copied_and_shown_alone(page: ListPage, told: Told, qtbot: QtBot) -> None:
    def answer(dialog: Dialog) -> None:
        assert isinstance(dialog, FieldsDialog)
        press(dialog, "dialog_do")
        assert dialog.form.rows["handed_to"].error()
        fill(dialog.form, handed_to="warehouse", handler="刘洋")
        press(dialog, "dialog_do")

    mark_all(page, qtbot)
    told.answers.append(answer)
    press(page.bulk, "bulk_assign")
    assert over(page, qtbot) == "Assign in bulk: 2 done, 1 refused."
    refused = page.summary.findChild(QPlainTextEdit, "refused")
    assert isinstance(refused, QPlainTextEdit)
    draft = cases()[0].number
    assert refused.toPlainText().startswith(f"{draft}   Hand over is not possible.")
    press(page.summary, "Copy")
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "Assign in bulk: 2 done, 1 refused."
    assert lines[1].startswith(f"{draft}\t")
    press(page.summary, "Show these only")
    assert page.table.rows.rowCount() == 1
    assert page.summary.isVisible()


def test_all_are_voided_with_one_reason(page: ListPage, told: Told, qtbot: QtBot) -> None:
    def answer(dialog: Dialog) -> None:
        assert isinstance(dialog, FieldsDialog)
        fill(dialog.form, reason="试填")
        press(dialog, "dialog_do")

    mark_all(page, qtbot)
    told.answers.append(answer)
    press(page.bulk, "bulk_void")
    assert over(page, qtbot) == "Void in bulk: 3 done."
    assert {(case.status, case.void_reason) for case in cases()} == {("voided", "试填")}


def test_whoever_thinks_better_of_it_changes_nothing(page: ListPage, told: Told, qtbot: QtBot) -> None:
    mark_all(page, qtbot)
    for code in ("classify", "assign", "print", "void"):
        told.answer("")
        press(page.bulk, f"bulk_{code}")
    assert {case.status for case in cases()} == {"draft", "registered"}
    assert not page.summary.isVisible()


def printed(document: str, how: str) -> Any:
    def answer(dialog: Dialog) -> None:
        assert isinstance(dialog, PrintDialog)
        dialog.choose(document)
        press(dialog, f"dialog_{how}")

    return answer


def test_one_pdf_of_all_is_shown_and_each_print_counted(
    page: ListPage, window: Window, told: Told, qtbot: QtBot, tmp_path: Path
) -> None:
    mark_all(page, qtbot)
    told.answers.append(printed("form", "one"))
    press(page.bulk, "bulk_print")
    qtbot.waitUntil(lambda: isinstance(window.page, PdfPage), timeout=15_000)
    assert isinstance(window.page, PdfPage)
    assert all(case.number in text_of(window.page.sheet.content) for case in cases())
    window.page.save_to(tmp_path / "表.pdf")
    assert [len(prints.of(case)) for case in cases()] == [1, 1, 1]
    press(window.page, "back")
    assert window.page is page


def test_what_has_no_such_document_is_named_before_the_others_are_shown(
    page: ListPage, window: Window, make: Make, told: Told, qtbot: QtBot
) -> None:
    make.proposed()
    settle(qtbot)
    mark_all(page, qtbot)
    told.answers.append(printed("approval", "one"))
    press(page.bulk, "bulk_print")
    assert over(page, qtbot) == "Print in bulk: 1 done, 3 refused."
    press(page.summary, "Show the documents")
    assert isinstance(window.page, PdfPage)


def test_each_gets_a_file_of_its_own(
    page: ListPage, told: Told, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_asked: str(tmp_path))
    mark_all(page, qtbot)
    told.answers.append(printed("form", "each"))
    press(page.bulk, "bulk_print")
    assert over(page, qtbot) == "Print in bulk: 3 done."
    names = {path.name for path in tmp_path.glob("*.pdf")}
    assert names == {f"Complaint registration form {case.number}.pdf" for case in cases()}
    assert Print.select().count() == 3


def test_the_marked_rows_alone_make_a_register(page: ListPage, window: Window, told: Told, qtbot: QtBot) -> None:
    key(Key.Key_Home)
    key(Key.Key_Down, SHIFT)
    qtbot.waitUntil(page.bulk.isVisible)
    told.answers.append(printed("register", "one"))
    press(page.bulk, "bulk_print")
    qtbot.waitUntil(lambda: isinstance(window.page, PdfPage), timeout=15_000)
    assert isinstance(window.page, PdfPage)
    text = text_of(window.page.sheet.content)
    assert ("漏气" in text, "六条霉变" in text, "少送两条" in text) == (True, True, False)


def test_control_p_shows_the_register_of_what_is_shown(page: ListPage, window: Window, qtbot: QtBot) -> None:
    page.search.setText("霉变")
    soon(qtbot, 250)
    key(Key.Key_P, CONTROL)
    qtbot.waitUntil(lambda: isinstance(window.page, PdfPage), timeout=15_000)
    assert isinstance(window.page, PdfPage)
    text = text_of(window.page.sheet.content)
    assert "Search:霉变" in text
    assert "漏气" not in text


def test_products_have_no_documents_but_a_register(window: Window, make: Make, qtbot: QtBot) -> None:
    for code in ("YL01", "YL02"):
        make.product(code=code)
    window.open_page("products")
    assert isinstance(window.page, ListPage)
    window.page.table.setFocus()
    mark_all(window.page, qtbot)
    press(window.page.bulk, "bulk_print")
    qtbot.waitUntil(lambda: isinstance(window.page, PdfPage), timeout=15_000)


def test_stopped_it_says_what_was_done(page: ListPage, window: Window, told: Told, qtbot: QtBot) -> None:
    def answer(dialog: Dialog) -> None:
        assert isinstance(dialog, ClassifyDialog)
        dialog.choose("class")
        assert dialog.to is not None
        dialog.to.set_value("product")
        press(dialog, "dialog_do")
        window.work_bar.cancel()

    window.desk.busy.connect(lambda job: job.cancel())
    mark_all(page, qtbot)
    told.answers.append(answer)
    press(page.bulk, "bulk_classify")
    assert over(page, qtbot) == "Classify in bulk: 0 done. Stopped: 3 not tried."
    assert {case["class"] for case in cases()} == {None}


def test_more_than_can_be_done_at_once_is_refused(
    page: ListPage, told: Told, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_bulk, "MOST", 2)
    mark_all(page, qtbot)
    press(page.bulk, "bulk_void")
    told.expect("3 rows are marked, 2 can be done at once")


def test_the_menu_of_a_row_has_the_acts_too(page: ListPage, told: Told, qtbot: QtBot) -> None:
    menu = QMenu()
    page.table.more_actions(menu)
    assert [one.objectName() for one in menu.actions() if one.objectName()] == [
        "menu_classify", "menu_assign", "menu_print", "menu_void",
    ]  # fmt: skip
    told.answer("")
    menu.actions()[-1].trigger()
    assert "Void 1 records?" in told.dialogs[0]
    QApplication.processEvents()


def test_what_cannot_be_done_with_a_kind_is_not_offered(window: Window, make: Make) -> None:
    make.product()
    window.open_page("products")
    assert isinstance(window.page, ListPage)
    assert {one.objectName() for one in window.page.bulk._buttons} == {"bulk_print", "bulk_void"}


def test_the_summary_is_a_message_that_can_be_read_aloud(page: ListPage, qtbot: QtBot) -> None:
    page.summary.tell("Void in bulk", in_bulk.Summary(("TS-1",), (), 0))
    (bar,) = page.summary.findChildren(MessageBar)
    assert bar.accessibleName() == "Void in bulk: 1 done."
