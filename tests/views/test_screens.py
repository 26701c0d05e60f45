"""A window comes back to where it was left, and always onto a screen that there is."""

from __future__ import annotations

import struct

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.core.preferences import Preferences
from app.core.session import Session
from app.views.window import Window
from tests.views.stage import Told, open_window, throw_away


def left_at(window: Window, x: int, y: int) -> str:
    """What is remembered of a window that stood there, on a screen that is gone by now."""
    kept = bytearray(window.saveGeometry().data())
    for start in (8, 24, len(kept) - 16):  # behind magic and version the frame and the usual place, at the end the present one
        corners = struct.unpack(">4i", kept[start : start + 16])
        kept[start : start + 16] = struct.pack(">4i", *(one + (x, y)[place % 2] for place, one in enumerate(corners)))
    kept[40:44] = struct.pack(">i", 1)  # the second screen
    return bytes(QByteArray(bytes(kept)).toBase64().data()).decode()


def test_a_window_comes_back_to_where_it_was_left(window: Window, session: Session, told: Told, qtbot: QtBot) -> None:
    window.resize(760, 500)
    here, kept = window.pos(), left_at(window, 20, 30)
    window.close()
    Preferences(session.folder).put("geometry", kept)
    again = open_window(qtbot, session)
    assert (again.pos() - here).toTuple() == (20, 30)
    throw_away(again)


@pytest.mark.parametrize(("x", "y"), [(3_000, 200), (-2_500, 0), (0, -1_500), (200, 2_400)])
def test_a_window_that_was_left_on_a_screen_that_is_gone_can_be_reached(
    window: Window, session: Session, told: Told, qtbot: QtBot, x: int, y: int
) -> None:
    window.resize(760, 500)
    kept = left_at(window, x, y)
    window.close()
    Preferences(session.folder).put("geometry", kept)
    again = open_window(qtbot, session)
    screen = QGuiApplication.primaryScreen().availableGeometry()
    seen = again.frameGeometry() & screen
    assert seen.width() > 200, again.frameGeometry()
    assert screen.top() <= again.frameGeometry().top() < screen.bottom() - 50
    throw_away(again)
