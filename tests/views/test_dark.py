"""The system turns dark while the program runs: every page that is open looks as if it had been opened in the dark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.views import style
from app.views.tokens import DARK, LIGHT
from app.views.window import FACTORIES, Window
from app.views.work import pool
from tests.make import Make
from tests.views.full_branch import Branch
from tests.views.stage import Told, open_window, settle, throw_away

MOST = 0.0005
"""Share of points that may differ: a cursor that blinks."""


@pytest.fixture
def system(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the system asks for; the last one holds."""
    asked = [LIGHT]
    monkeypatch.setattr(style, "system_theme", lambda: asked[-1])
    style.apply(qapp, style.SYSTEM)
    yield asked
    style.apply(qapp, LIGHT)


def turn_dark(qapp: QApplication, system: list[str]) -> None:
    system.append(DARK)
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)


def pictures(window: Window, branch: Branch, qtbot: QtBot) -> dict[str, QImage]:
    """Of each page, as it is seen."""
    found: dict[str, QImage] = {}
    for place in (*FACTORIES, branch.customer, branch.proposed, branch.objection, branch.agreement):
        window.open_page(place) if place in FACTORIES else window.open_record(place)
        window.setFocus()
        pool().waitForDone()
        qtbot.waitUntil(lambda: not getattr(window.page, "counting", False))
        for _round in range(3):  # what was counted finds its place
            settle(qtbot, 20)
        found[place] = window.grab().toImage()
    return found


def differing(one: QImage, other: QImage) -> float:
    """The share of their points that are not the same."""
    assert one.size() == other.size()
    pairs = zip(one.constBits()[::4], other.constBits()[::4], strict=True)
    return sum(a != b for a, b in pairs) / (one.width() * one.height())


def test_a_desk_that_chose_light_stays_light(qapp: QApplication, system: list[str]) -> None:
    style.apply(qapp, LIGHT)
    style.follow_system(qapp)
    turn_dark(qapp, system)
    qapp.styleHints().colorSchemeChanged.disconnect()
    assert style.look().theme == LIGHT


def test_every_page_follows_the_system_into_the_dark(
    qtbot: QtBot, qapp: QApplication, make: Make, told: Told, tmp_path: Path, system: list[str]
) -> None:
    branch = Branch(make, tmp_path)
    window = open_window(qtbot, branch.session)
    style.follow_system(qapp, window.restyle)
    pictures(window, branch, qtbot)
    turn_dark(qapp, system)
    settle(qtbot)
    assert style.look().theme == DARK
    turned = pictures(window, branch, qtbot)
    qapp.styleHints().colorSchemeChanged.disconnect()
    throw_away(window)
    fresh = open_window(qtbot, branch.session)
    fresh_pictures = pictures(fresh, branch, qtbot)
    told.messages.clear()
    throw_away(fresh)
    assert {place: share for place in turned if (share := differing(turned[place], fresh_pictures[place])) > MOST} == {}
