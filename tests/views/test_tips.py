"""Tool tips and titles of windows show what was typed, whatever Qt would make of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent, QTextDocumentFragment
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from app.models import branches
from app.views.pieces.basics import button
from app.views.tips import LONGEST, Tips, tip
from app.views.window import Window
from tests.views.stage import settle

MARKUP = ('<img src="/etc/passwd"/>A<b', "<b>粗</b> &amp; &lt;", "两行\n  带空格", "a & b < c")


def read(text: str) -> str:
    return QTextDocumentFragment.fromHtml(text).toPlainText()


@pytest.mark.parametrize("typed", MARKUP)
def test_a_tool_tip_shows_markup_as_it_was_typed(window: Window, qapp: QApplication, typed: str) -> None:
    qapp.installEventFilter(tips := Tips(window))
    link = button(typed, "link")
    link.setParent(window)
    link.setToolTip(typed)
    QApplication.sendEvent(link, QHelpEvent(QEvent.Type.ToolTip, QPoint(1, 1), link.mapToGlobal(QPoint(1, 1))))
    assert read(QToolTip.text()) == typed
    QToolTip.hideText()
    qapp.removeEventFilter(tips)


def test_a_very_long_tool_tip_ends_in_dots() -> None:
    assert read(tip("长" * (LONGEST + 1))) == "长" * LONGEST + "…"


def test_the_title_shows_what_the_branch_is_called(window: Window, qtbot: QtBot) -> None:
    """Qt takes [*] for the mark of what is not saved, and leaves it out."""
    branches.edit(window.session, {"name": "甲[*]分公司"})
    settle(qtbot)
    window.open_page("help")
    assert "甲[*][*]分公司" in window.windowTitle()
