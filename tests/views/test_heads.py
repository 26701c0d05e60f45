"""Rows that fit: what gives way, in which order, and that nothing is lost by it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.views.pieces.area import BAR, Area
from app.views.pieces.basics import Button, action, button, column, label, menu_button
from app.views.pieces.heads import NARROW, Elided, Foot, Head

NAME = "云州市城东区福满家连锁超市有限责任公司解放路第二分店"


@pytest.fixture
def holder(qtbot: QtBot) -> QWidget:
    """What rows stand in, as on a page: a window of its own would never get too narrow for its layout."""
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(1500, 80)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


def shown(holder: QWidget, widget: QWidget, width: int) -> None:
    widget.setParent(holder)
    resized(widget, width)
    widget.show()
    QApplication.processEvents()


def resized(widget: QWidget, width: int) -> None:
    widget.resize(width, 52)
    QApplication.processEvents()


@pytest.fixture
def pressed() -> list[str]:
    return []


@pytest.fixture
def head(holder: QWidget, pressed: list[str]) -> Head:
    def act(name: str) -> Callable[[], None]:
        return lambda: pressed.append(name)

    papers = QMenu()
    action(papers, "Form", act("form"))
    locked = button("Attach", name="attach", on_click=act("attach"))
    locked.lock("It is closed.")
    edit = button("Edit", key="F2", name="edit", on_click=act("edit"))
    new = button("Register", "primary", key="Ctrl+Return", name="register", on_click=act("register"))
    made = Head(lambda: None)
    made.show_title(
        NAME, [label("TS-202611-0032"), label("urgent")], [menu_button("Print", papers, name="print"), locked, edit, new]
    )
    made.papers = papers  # type: ignore[attr-defined] # it lives as long as the head
    shown(holder, made, 1400)
    return made


def seen(parent: QWidget) -> set[str]:
    return {one.objectName() for one in parent.findChildren(Button) if one.isVisible()}


def folded(head: Head) -> list[str]:
    return [one.text() for one in head._menu.actions()]


def test_a_wide_head_shows_all(head: Head) -> None:
    assert seen(head) == {"back", "print", "attach", "edit", "register"}
    assert head.title.text() == NAME


def test_a_narrow_head_keeps_the_filled_button_and_puts_the_others_into_a_menu(head: Head, pressed: list[str]) -> None:
    resized(head, NARROW - 1)
    assert seen(head) == {"back", "more_acts", "register"}
    assert folded(head) == ["Print", "Attach", "Edit"]
    head._menu.actions()[2].trigger()
    assert pressed == ["edit"]


def test_what_is_locked_says_why_in_the_menu_too(head: Head) -> None:
    resized(head, NARROW - 1)
    attach = head._menu.actions()[1]
    assert (attach.isEnabled(), attach.toolTip()) == (False, "It is closed.")


def test_a_folded_act_keeps_its_key(head: Head, pressed: list[str], qtbot: QtBot) -> None:
    resized(head, NARROW - 1)
    qtbot.keyClick(head, Qt.Key.Key_F2)
    assert pressed == ["edit"]


def test_everything_comes_back_with_the_room(head: Head) -> None:
    resized(head, 500)
    resized(head, 1400)
    assert seen(head) == {"back", "print", "attach", "edit", "register"}
    assert folded(head) == []
    assert all(one.isVisible() for one in head.findChildren(QLabel))


def test_a_long_name_ends_in_dots_and_stands_in_the_tool_tip(head: Head) -> None:
    resized(head, 600)
    assert head.title.text().endswith("…")
    assert head.title.toolTip() == NAME
    assert head.title.accessibleName() == NAME


def test_what_a_page_hides_itself_stays_hidden(holder: QWidget) -> None:
    said, keys, save = label("kept at 14:32"), label("Tab: next"), button("Save", key="Ctrl+S")
    said.hide()
    foot = Foot([said, keys], [save])
    shown(holder, foot, 120)
    resized(foot, 600)
    assert not said.isVisible()
    assert keys.isVisible()


def test_a_foot_gives_up_hints_first_and_then_the_keys_on_buttons(holder: QWidget) -> None:
    said, keys, save = label("kept at 14:32"), label("Tab: next field"), button("Save", key="Ctrl+S")
    foot = Foot([said, keys], [save])
    shown(holder, foot, 800)
    wide = save.width()
    resized(foot, wide + 48 + said.sizeHint().width() + 16)
    assert (said.isVisible(), keys.isVisible(), save.text()) == (True, False, "Save  Ctrl+S")
    resized(foot, wide + 40)
    assert (said.isVisible(), save.text(), save.toolTip()) == (False, "Save", "Ctrl+S")
    assert save.shortcut() == QKeySequence("Ctrl+S")


def test_words_that_change_are_shortened_anew(holder: QWidget) -> None:
    words = Elided("short")
    shown(holder, words, 100)
    assert words.toolTip() == ""
    words.say(NAME)
    assert words.toolTip() == NAME


def test_the_scroll_bar_moves_nothing_when_it_comes(qtbot: QtBot) -> None:
    card = QWidget()
    area = Area(column(card, None))
    qtbot.addWidget(area)
    area.resize(600, 300)
    area.show()
    widths = []
    for height in (100, 1000, 100):
        card.setFixedHeight(height)
        for _round in range(4):
            QApplication.processEvents()
        widths.append((area.verticalScrollBar().isVisible(), area.widget().width()))
    assert widths == [(False, 600 - BAR), (True, 600 - BAR), (False, 600 - BAR)]
