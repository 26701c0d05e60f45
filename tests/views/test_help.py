"""The help page: every key it lists is written so that the system knows it."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QKeySequence
from pytestqt.qtbot import QtBot

from app.core.preferences import Preferences
from app.core.session import Session
from app.views.desk import Desk
from app.views.help import KEYS, HelpPage
from app.views.pieces.basics import KeyMark
from app.views.window import PAGES, Window
from tests.views.stage import Key, key

ARROWS = {"↑", "↓", "Alt+←", "Alt+↓", "…"}


def test_help_shows_all_keys_in_groups(session: Session, qtbot: QtBot) -> None:
    page = HelpPage(Desk(session, Preferences(session.folder)))
    qtbot.addWidget(page)
    shown = sum(key != "…" for _title, entries in KEYS for keys, _words in entries for key in keys)
    assert len(page.findChildren(KeyMark)) == shown
    page.narrow(800)
    page.narrow(1400)
    assert page.name() == "Keys and help"


@pytest.mark.parametrize("key", [key for _t, entries in KEYS for keys, _w in entries for key in keys if key not in ARROWS])
def test_keys_are_known_to_the_system(key: str) -> None:
    assert not QKeySequence(key).isEmpty()


def test_help_has_a_place_of_its_own_in_the_sidebar(window: Window) -> None:
    key(Key.Key_F1)
    assert isinstance(window.page, HelpPage)
    assert [code for code, item in window.sidebar.items.items() if item.isChecked()] == ["help"]
    assert ("Ctrl+1", "…", f"Ctrl+{min(9, len(PAGES))}") in [keys for _title, entries in KEYS for keys, _words in entries]
