"""Tab goes through pages, forms and dialogs as one reads: none left out, none twice, nothing before what stands above it."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLayout, QLayoutItem, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken, isValid

from app.core import language
from app.views import tab_order
from app.views.find import FindPopup
from app.views.messages import Dialog
from app.views.pieces.basics import button, column
from app.views.tab_order import FIRST, ReadWindow
from app.views.toast import Toast
from app.views.work import pool
from tests.make import Make
from tests.views.full_branch import Branch
from tests.views.stage import Key, Told, bury, key, open_window, throw_away
from tests.views.walk import Walk

MOST = 300
"""Presses of Tab that must do, through the cells of tables and the links of texts, too."""


def round_trip(window: QWidget) -> list[QWidget]:
    """Where Tab stops, from the beginning of the window until it is there again."""
    window.activateWindow()
    QApplication.processEvents()
    if (here := QApplication.focusWidget()) is not None:
        here.clearFocus()
    stops: list[QWidget] = []
    for _time in range(MOST):
        key(Key.Key_Tab)
        stop = stop_of(QApplication.focusWidget())
        if len(stops) > 1 and stop is stops[0]:
            return stops
        if stop is not None and stop not in stops[-1:]:  # within a table, or a text with links
            stops.append(stop)
    return stops


def stop_of(widget: QWidget | None) -> QWidget | None:
    """The table whose cell is being filled in, or what has the focus."""
    view = within(widget, QAbstractItemView)
    return view or widget


def within(widget: QWidget | None, kind: type[QWidget]) -> QWidget | None:
    """What of that kind it stands in."""
    while widget is not None:
        widget = widget.parentWidget()
        if isinstance(widget, kind):
            return widget
    return None


def reachable(window: QWidget) -> set[QWidget]:
    """All that a person can use by keys."""
    return {one for one in window.findChildren(QWidget) if one.window() is window and _usable(one)}


def _usable(one: QWidget) -> bool:
    tab = bool(one.focusPolicy() & Qt.FocusPolicy.TabFocus) and one.focusProxy() is None
    return tab and one.isVisible() and one.isEnabled() and within(one, QAbstractItemView) is None


def place_of(one: QWidget, other: QWidget) -> QRect:
    """Where it stands in the window; what scrolls without the other stands where its area is seen."""
    area = within(one, QScrollArea)
    seen = area if area is not None and not area.isAncestorOf(other) else one
    return QRect(seen.mapTo(seen.window(), seen.rect().topLeft()), seen.size())


def before(one: QRect, other: QRect) -> bool:
    """Whether who reads meets it first: it is wholly to the left in the same line, or stands above over the other."""
    common = min(one.bottom(), other.bottom()) - max(one.top(), other.top())
    if common > min(one.height(), other.height()) / 2:
        return one.right() < other.left()
    over = one.left() <= other.right() and other.left() <= one.right()
    return over and one.center().y() < other.top() and one.bottom() < other.center().y()


def otherwise(window: QWidget) -> list[str]:
    """What Tab does otherwise than one reads."""
    stops = [one for one in round_trip(window) if isValid(one) and one.isVisible()]  # not what folded up behind the focus
    found = [f"left out: {_name(one)}" for one in reachable(window) - set(stops)]
    found += [f"twice: {_name(one)}" for one in set(stops) if stops.count(one) > 1]
    placed = [one for one in stops if not isinstance(one, QScrollArea) and within(one, Toast) is None]
    for one, later in combinations(placed, 2):
        if not one.property(FIRST) and before(place_of(later, one), place_of(one, later)):
            found.append(f"{_name(later)} comes after {_name(one)}")
    return found


def settled(window: QWidget) -> list[str]:
    """What Tab does otherwise once all that was asked for is there, and what it replaces is gone."""
    for _round in range(3):
        bury()
        pool().waitForDone()
        QApplication.processEvents()
    return otherwise(window)


def _name(one: QWidget) -> str:
    return f"{type(one).__name__} {one.objectName()!r} {one.accessibleName()[:30]!r}"


class TabWalk(Walk):
    """Goes round by Tab in each place."""

    def at(self, place: str, seen: QWidget | None = None) -> None:
        """Go round once; not in what closes when the focus leaves its one field."""
        if isinstance(seen, FindPopup):
            return
        window = seen or self.window
        wrong = settled(window) and settled(window)  # going round may ask for something, which comes meanwhile
        self.found = dict.fromkeys(wrong, place) | self.found
        self.places += 1


def test_tab_goes_as_one_reads(qtbot: QtBot, make: Make, told: Told, tmp_path: Path) -> None:
    language.choose("zh_CN")
    branch = Branch(make, tmp_path)
    window = open_window(qtbot, branch.session)
    walk = TabWalk(window, branch, told, (1366, 696, "zh_CN"))
    walk.pages()
    walk.records()
    walk.forms()
    walk.others()
    walk.register(qtbot)
    walk.dialogs()
    walk.asked()
    walk.secrets()
    told.messages.clear()
    throw_away(window)
    assert not walk.found, "\n".join(f"{place}: {what}" for what, place in walk.found.items())
    assert walk.places > 80


def test_what_comes_later_has_its_place(qtbot: QtBot) -> None:
    board = ReadWindow()
    qtbot.addWidget(board)
    last, first = button("Last", name="last"), button("First", name="first")
    layout = column(first, last)
    board.setLayout(layout)
    board.show()
    layout.insertWidget(1, button("Between", name="between"))
    QApplication.processEvents()
    assert [one.objectName() for one in round_trip(board)] == ["first", "between", "last"]


def layout_items() -> int:
    """How many Python holds: Qt lets go of them with their widgets and tells nobody."""
    held = Shiboken.getAllValidWrappers()
    return sum(isinstance(one, QLayoutItem) and not isinstance(one, QLayout) for one in held)


def test_nothing_is_held_of_the_layouts_that_tab_went_through(qtbot: QtBot) -> None:
    before = layout_items()
    board = ReadWindow()
    qtbot.addWidget(board)
    board.setLayout(column(button("First", name="first"), button("Second", name="second")))
    board.show()
    QApplication.processEvents()
    assert len(round_trip(board)) == 2
    assert layout_items() == before


def test_in_a_dialog_what_is_filled_in_comes_before_its_buttons(qtbot: QtBot) -> None:
    dialog = Dialog("Void?")
    qtbot.addWidget(dialog)
    dialog.offer("no", "Leave it", default=True)
    dialog.body.addWidget(button("Reason", name="reason"))
    dialog.show()
    QApplication.processEvents()
    assert [one.objectName() for one in round_trip(dialog)] == ["reason", "dialog_no"]


def test_behind_what_is_filled_in_comes_what_it_is_for_and_then_the_way_out(qtbot: QtBot) -> None:
    dialog = Dialog("Add product")
    qtbot.addWidget(dialog)
    dialog.body.addWidget(button("Name", name="name"))
    dialog.offer("", "Cancel")
    dialog.offer("add", "Add", default=True)
    dialog.show()
    QApplication.processEvents()
    assert [one.objectName() for one in round_trip(dialog)] == ["name", "dialog_add", "dialog_"]


def test_what_tab_does_otherwise_is_found(qtbot: QtBot) -> None:
    board = QWidget()
    qtbot.addWidget(board)
    below, above = button("Below", name="below"), button("Above", name="above")
    for one, y in ((below, 60), (above, 0)):
        one.setParent(board)
        one.move(0, y)
    board.show()
    QApplication.processEvents()
    assert any("'above'" in one and "comes after Button 'below'" in one for one in otherwise(board))


def test_what_is_hidden_or_goes_while_it_has_the_focus_is_not_read(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(tab_order, "go", lambda _window, *, forward: not asked.append(forward))
    window = ReadWindow()
    qtbot.addWidget(window)
    first, second, third = (QPushButton(word) for word in ("First", "Second", "Third"))
    window.setLayout(column(first, second, third))
    window.show()
    window.activateWindow()
    QApplication.processEvents()
    first.setFocus()
    assert first.hasFocus()
    first.hide()
    second.setFocus()
    second.deleteLater()
    bury()
    assert asked == []
    third.setFocus()
    QTest.keyClick(third, Qt.Key.Key_Tab)
    assert asked == [True]
