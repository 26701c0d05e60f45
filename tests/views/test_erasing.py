"""Erasing a customer in the window: shown first, asked for the reason, refused while a case is open."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.models.customers import Customer
from app.views.bulk_dialogs import FieldsDialog
from app.views.customers import CustomerPage
from app.views.messages import Dialog
from app.views.pieces.basics import Button
from app.views.window import Window
from tests.make import Make
from tests.views.stage import Told, press, settle, words_of


def choose(window: Window, customer: Customer) -> None:
    """The act in the menu of the customer's page."""
    window.open_record(str(customer.number))
    assert isinstance(window.page, CustomerPage)
    QApplication.processEvents()
    opener = window.page.findChild(Button, "file_menu")
    assert opener is not None
    menu = opener.menu()
    assert menu is not None
    found = menu.findChild(QAction, "act_erase")
    assert found is not None
    found.trigger()


def test_what_goes_is_shown_and_the_reason_asked(window: Window, make: Make, told: Told, qtbot: QtBot) -> None:
    customer = make.customer(name="新瑞达超市", contacts=[{"name": "周雨"}])

    def answer(dialog: Dialog) -> None:
        assert isinstance(dialog, FieldsDialog)
        assert "1 contacts" in words_of(dialog)
        press(dialog, "dialog_do")
        assert not dialog.result()
        dialog.form.editor("reason").set_value("书面申请")
        press(dialog, "dialog_do")

    told.answers.append(answer)
    choose(window, customer)
    settle(qtbot)
    assert told.toasts[-1] == f"{customer.number}: personal data erased"
    assert make.again(customer).name == f"Erased customer {customer.number}"
    assert f"Erased customer {customer.number}" in words_of(window.page)
    assert "周雨" not in words_of(window.page)


def test_an_open_case_refuses_before_anything_is_asked(window: Window, make: Make, told: Told, qtbot: QtBot) -> None:
    case = make.complaint()
    choose(window, case.customer)
    settle(qtbot)
    assert make.again(case.customer).name == case.customer.name
    told.expect("has open cases", case.number)
