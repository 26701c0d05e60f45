"""What is not there yet is added from the field that names it: the form stays, what was added is chosen in it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.models.customers import Customer
from app.models.products import Product
from app.views.autocomplete import RecordEditor
from app.views.form_page import FormPage
from app.views.pickers import QuickAdd
from app.views.window import Window
from tests.views.stage import CONTROL, Key, Told, bury, fill, focus_name, key, press, settle, type_keys
from tests.views.test_forms_pages import form_of


def asked() -> QuickAdd:
    """The dialog that stands before the window."""
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QuickAdd)
    QApplication.processEvents()
    return dialog


def back(window: Window, qtbot: QtBot) -> None:
    """To the window that the dialog stood before: the desktop does that, and here there is none."""
    window.activateWindow()
    settle(qtbot)
    bury()
    settle(qtbot)


def within(widget: QWidget | None, above: QWidget) -> bool:
    return widget is not None and above.isAncestorOf(widget)


def test_a_customer_is_added_without_leaving_the_form(window: Window, told: Told, qtbot: QtBot) -> None:
    page = form_of(window, "complaint")
    fill(page.form, description="已经写下的话")
    editor = page.form.editor("customer")
    editor.setFocus()
    type_keys("吉祥烟酒店")

    key(Key.Key_I, CONTROL)
    dialog = asked()
    assert not page.form.rows["customer"].error()  # nothing is wrong while it is being added
    fill(dialog.form, phone="13900002222")
    press(dialog, "dialog_add")
    made = Customer.get(Customer.name == "吉祥烟酒店")
    assert made.phone == "13900002222"
    back(window, qtbot)
    assert window.page is page
    assert (editor.value(), editor.text()) == (made.number, "吉祥烟酒店")
    assert page.form.editor("description").value() == "已经写下的话"
    assert focus_name() == "received_at"


def in_the_product_cell(page: FormPage, text: str, qtbot: QtBot) -> RecordEditor:
    """Type into the first cell of the products and wait for the list."""
    page.form.focus_field("product_lines")
    key(Key.Key_Return)
    type_keys(text)
    editor = QApplication.focusWidget()
    assert isinstance(editor, RecordEditor)
    qtbot.waitUntil(editor.is_open)
    return editor


@pytest.mark.parametrize("way", ["key", "list", "mouse"])
def test_a_product_is_added_from_its_cell_and_chosen_there(window: Window, qtbot: QtBot, way: str) -> None:
    page = form_of(window, "complaint")
    editor = in_the_product_cell(page, "新酒", qtbot)
    popup = editor.popup()
    assert popup is not None
    if way == "mouse":
        qtbot.mouseClick(popup, Qt.MouseButton.LeftButton, pos=popup.rect().center())
    else:
        key(*((Key.Key_I, CONTROL) if way == "key" else (Key.Key_Return,)))
    dialog = asked()
    bury()  # as the event loop does while the dialog is seen
    assert focus_name() == "name"
    for _field in dialog.form.rows:
        key(Key.Key_Return)
    assert focus_name() == "dialog_add"
    key(Key.Key_Return)
    back(window, qtbot)
    made = Product.get(Product.name == "新酒")
    assert page.form.values()["product_lines"] == [{"product": made.number}]
    table = page.form.editor("product_lines")
    assert table.view.currentIndex().column() == 1
    assert within(QApplication.focusWidget(), table)


def test_a_product_that_is_not_added_after_all_stays_as_it_was_typed(window: Window, qtbot: QtBot) -> None:
    page = form_of(window, "complaint")
    editor = in_the_product_cell(page, "新酒", qtbot)
    key(Key.Key_I, CONTROL)
    asked()
    key(Key.Key_Escape)
    back(window, qtbot)
    assert QApplication.focusWidget() is editor
    assert editor.text() == "新酒"
    assert Product.select().count() == 0


def test_what_is_typed_into_a_quick_form_is_not_thrown_away_unasked(window: Window, told: Told, qtbot: QtBot) -> None:
    page = form_of(window, "complaint")
    in_the_product_cell(page, "新酒", qtbot)
    key(Key.Key_I, CONTROL)
    dialog = asked()
    fill(dialog.form, brand="雪松")
    told.answer("no")
    key(Key.Key_Escape)
    assert dialog.isVisible()
    assert "Leave without adding?" in told.dialogs[-1]
    told.answer("yes")
    press(dialog, "dialog_")
    assert not dialog.isVisible()
    assert Product.select().count() == 0


def test_a_quick_form_is_added_from_any_field_by_the_key_that_saves(window: Window, qtbot: QtBot) -> None:
    page = form_of(window, "complaint")
    in_the_product_cell(page, "新酒", qtbot)
    key(Key.Key_I, CONTROL)
    asked()
    key(Key.Key_Return)
    type_keys("XJ-1")
    key(Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: Product.select().exists())
    assert Product.get().code == "XJ-1"


def test_what_names_no_product_is_told_with_what_can_be_done(window: Window, qtbot: QtBot) -> None:
    page = form_of(window, "complaint")
    in_the_product_cell(page, "新酒", qtbot)
    key(Key.Key_Tab)
    said = page.form.editor("product_lines").model().problem(0, 0)
    assert said == "“新酒” is not chosen yet. ↓ opens the list, Enter chooses, Ctrl+I adds."
    assert page.form.editor("product_lines").faulty()


def test_a_wrong_quick_customer_stays_in_its_dialog(window: Window, told: Told) -> None:
    page = form_of(window, "complaint")
    editor = page.form.editor("customer")
    editor.setFocus()
    type_keys("x")

    key(Key.Key_I, CONTROL)
    dialog = asked()
    fill(dialog.form, name="")
    press(dialog, "dialog_add")
    assert dialog.form.rows["name"].error()
    told.answer("yes")
    press(dialog, "dialog_")
    assert Customer.select().count() == 0
