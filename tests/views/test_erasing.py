"""What the law gives to a customer's people, in the window: told, erased after it was shown, and who is due for it."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.models import history
from app.models.customers import Customer
from app.services import erased_traces, erasures
from app.views.bulk_dialogs import FieldsDialog
from app.views.customers import CustomerPage
from app.views.messages import Dialog
from app.views.pieces.basics import Button
from app.views.window import Window
from app.views.work import pool
from tests.conftest import Clock
from tests.make import Make
from tests.views.stage import Told, buttons, choose_file, finish, press, settle, words_of


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
    finish(qtbot)
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


def chosen(window: Window, name: str) -> None:
    """Press that entry of the page's menu."""
    found = next(one for one in window.page.findChildren(QAction) if one.objectName() == name)
    found.trigger()


def test_an_erased_customer_says_so_and_begins_nothing(window: Window, make: Make, told: Told) -> None:
    customer = make.customer()
    erasures.erase(make.session, customer, "书面申请")
    window.open_record(customer.number)
    QApplication.processEvents()
    words = words_of(window.page)
    assert "Erased" in words
    assert "enter the customer anew" in words
    assert not {"new_complaint", "new_objection", "edit"} & buttons(window.page)


def test_everything_kept_is_given_out_and_written_down(
    window: Window, make: Make, told: Told, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    customer = make.complaint().customer
    window.open_record(customer.number)
    choose_file(monkeypatch, tmp_path / "给客户")
    chosen(window, "act_tell")
    pool().waitForDone()
    qtbot.waitUntil(lambda: bool(told.toasts))
    assert (tmp_path / "给客户.pdf").read_bytes().startswith(b"%PDF")
    choose_file(monkeypatch, tmp_path / "给客户.json")
    chosen(window, "act_tell")
    pool().waitForDone()
    qtbot.waitUntil(lambda: len(told.toasts) == 2)
    assert json.loads((tmp_path / "给客户.json").read_text("utf-8"))["customer"]["number"] == customer.number
    assert [one.note for one in history.of("customer", customer.id) if one.action == "person"] == [".pdf", ".json"]


def ended(make: Make, name: str) -> Customer:
    """A customer whose only case is closed today."""
    case = make.objection(customer=make.customer(name=name).number)
    make.steps(case, ("close", {"solved_on_spot": True}))
    return case.customer


def test_retention_lists_who_is_over_and_soon_and_erases_only_when_asked(
    window: Window, make: Make, clock: Clock, told: Told, qtbot: QtBot
) -> None:
    over = ended(make, "先到期商行")
    clock.advance(days=60)
    soon = ended(make, "后到期商行")
    years = make.session.settings["retention_years"]
    clock.advance(days=365 * years + years // 4 - 30)
    window.open_page("customers")
    press(window.page, "retention")
    settle(qtbot)
    words = words_of(window.page)
    assert "1 over, 1 within 90 days" in words
    assert make.again(over).name == "先到期商行"

    def answer(dialog: Dialog) -> None:
        assert "1 customers" in words_of(dialog)
        press(dialog, "dialog_do")

    told.answers.append(answer)
    press(window.page, "erase_all")
    finish(qtbot)
    assert told.toasts == ["Personal data of 1 customers erased"]
    assert make.again(over).name == f"Erased customer {over.number}"
    assert make.again(soon).name == "后到期商行"
    assert "0 over, 1 within" in words_of(window.page)


def test_one_of_those_whose_time_is_over_is_erased_alone(
    window: Window, make: Make, clock: Clock, told: Told, qtbot: QtBot
) -> None:
    one, other = ended(make, "先到期商行"), ended(make, "同日到期商行")
    years = make.session.settings["retention_years"]
    clock.advance(days=365 * years + years // 4 + 1)
    window.open_page("customers")
    press(window.page, "retention")
    settle(qtbot)

    def answer(dialog: Dialog) -> None:
        assert isinstance(dialog, FieldsDialog)
        dialog.form.editor("reason").set_value("保管期满")
        press(dialog, "dialog_do")

    told.answers.append(answer)
    press(window.page, f"erase_{one.number}")
    finish(qtbot)
    assert told.toasts == [f"{one.number}: personal data erased"]
    assert make.again(one).name == f"Erased customer {one.number}"
    assert make.again(other).name == "同日到期商行"
    assert "1 over" in words_of(window.page)
    assert f"erase_{one.number}" not in buttons(window.page)


@pytest.mark.parametrize("clean", [True, False])
def test_traces_are_swept_beside_the_window_wherever_one_is_by_then(
    window: Window, make: Make, told: Told, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, clean: bool
) -> None:
    customer, go_on = make.customer(name="新瑞达超市"), Event()
    monkeypatch.setattr(erased_traces, "sweep", lambda _progress: go_on.wait(10) and clean)

    def answer(dialog: Dialog) -> None:
        assert isinstance(dialog, FieldsDialog)
        dialog.form.editor("reason").set_value("书面申请")
        press(dialog, "dialog_do")

    told.answers.append(answer)
    choose(window, customer)
    assert told.toasts == [f"{customer.number}: personal data erased"]
    assert make.again(customer).name == f"Erased customer {customer.number}"
    settle(qtbot)
    assert "Erased" in words_of(window.page)
    window.open_page("complaints")
    settle(qtbot)
    go_on.set()
    finish(qtbot)
    if not clean:
        told.expect(customer.number, "traces stay until the program is started again")


def test_only_the_head_sees_what_the_law_gives(window: Window, make: Make, told: Told) -> None:
    number = make.customer().number
    make.session.open, make.session.roles = False, frozenset({"clerk", "manager"})
    window.open_page("customers")
    assert "retention" not in buttons(window.page)
    window.open_record(number)
    QApplication.processEvents()
    assert not {"act_tell", "act_erase"} & {one.objectName() for one in window.page.findChildren(QAction)}
