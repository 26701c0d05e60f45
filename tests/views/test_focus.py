"""The focus stays where the person works, whatever is built anew under it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.models.agreements import Agreement
from app.views.first_day import guide
from app.views.imports import ImportPage
from app.views.messages import Dialog
from app.views.pieces.basics import Button
from app.views.step_panel import StepPanel
from app.views.window import Window
from tests.make import Make
from tests.views.stage import Key, fill, finish, focus_name, key, press, settle


def stand_at(parent: QWidget, name: str) -> None:
    """Put the focus on a button."""
    found = parent.findChild(Button, name)
    assert found is not None
    found.setFocus()


def take(window: Window, qtbot: QtBot, code: str, **values: object) -> None:
    """Open a step, fill it, go to its act and press Enter there."""
    press(window.page, f"act_{code}")
    settle(qtbot)
    panel = window.page.findChild(StepPanel, f"step_{code}")
    assert isinstance(panel, StepPanel)
    fill(panel.form, **values)
    stand_at(panel, f"do_{code}")
    key(Key.Key_Return)
    settle(qtbot)


def test_after_a_step_enter_goes_on_with_the_next(window: Window, make: Make, qtbot: QtBot) -> None:
    window.open_record(make.complaint().number)
    settle(qtbot)
    take(window, qtbot, "sign")
    assert focus_name() == "act_accept"
    take(window, qtbot, "accept", promised_at="今天 17:00")
    assert focus_name() == "act_investigate"
    key(Key.Key_Return)
    settle(qtbot)
    assert focus_name() == "at"


def test_who_thinks_better_of_a_step_stands_at_the_next_act(window: Window, make: Make, qtbot: QtBot) -> None:
    window.open_record(make.proposed().number)
    press(window.page, "act_approve")
    settle(qtbot)
    key(Key.Key_Escape)
    settle(qtbot)
    assert focus_name() == "act_approve"


def test_a_step_that_asks_nothing_waits_at_its_act(window: Window, make: Make, qtbot: QtBot) -> None:
    make.steps(make.approved(), ("reply", {"reply_text": "同意"}), "agreement")
    window.open_record(Agreement.get().number)
    settle(qtbot)
    press(window.page, "act_release")
    settle(qtbot)
    assert focus_name() == "do_release"
    key(Key.Key_Return)
    settle(qtbot)
    assert focus_name() == "act_sign-agreement"


def test_a_case_that_is_read_again_keeps_the_focus_where_it_was(window: Window, make: Make, qtbot: QtBot) -> None:
    window.open_record(make.proposed().number)
    settle(qtbot)
    stand_at(window.page, "act_return")
    window.page.refresh()
    settle(qtbot)
    assert focus_name() == "act_return"


def test_another_kind_of_register_is_read_with_the_focus_on_the_kind(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    register = tmp_path / "台账.csv"
    register.write_text("客户,投诉内容\n鑫瑞达,霉变\n", encoding="utf-8")
    window.open_page("import")
    page = window.page
    assert isinstance(page, ImportPage)
    page.open_file(register)
    finish(qtbot)
    page.kind.setFocus()
    key(Key.Key_Left)
    finish(qtbot)
    assert page.kind.value() == "objections"
    assert focus_name() == "kind"


def test_what_a_dialog_took_the_focus_from_leaves_it_in_the_page(window: Window, qtbot: QtBot) -> None:
    """Passwords are turned on in a dialog; the button that led there is gone when the window is back."""
    window.open_page("settings.staff")
    settle(qtbot)
    stand_at(window, "protect")
    dialog = Dialog("?", "", window)
    dialog.offer("", "Close", default=True)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    window.page.refresh()
    settle(qtbot)
    dialog.close()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    settle(qtbot)
    assert focus_name() == "protect"


def test_the_step_of_the_first_day_puts_the_focus_on_what_it_asks_for(window: Window, qtbot: QtBot) -> None:
    guide(window, "branch")
    settle(qtbot)
    stand_at(window, "go_people")
    key(Key.Key_Return)
    settle(qtbot)
    assert focus_name() == "protect"
