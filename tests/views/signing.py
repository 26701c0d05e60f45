"""Passwords typed into the dialogs that ask for them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from app.views.messages import Dialog


def fill(dialog: Dialog, **words: str) -> None:
    """Type into fields by name."""
    for name, text in words.items():
        editor = dialog.findChild(QLineEdit, name)
        assert isinstance(editor, QLineEdit)
        editor.setFocus()
        editor.clear()
        QTest.keyClicks(editor, text) if text.isascii() else editor.setText(text)


def enter(dialog: Dialog) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_Return)
