"""Tool tips are plain text: Qt would read markup in them, and load the pictures that it names."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip, QWidget

LONGEST = 800
"""Characters; nobody reads more of them in a tip."""


def tip(text: str) -> str:
    """The text as a tool tip shows it: as it is, with its blanks and lines."""
    from html import escape  # heavy: no tip is shown while the window opens

    short = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return f'<p style="white-space:pre-wrap">{escape(short)}</p>'


def show_tip(watched: QObject, event: QEvent) -> bool:
    """Show the tool tip of a widget that is asked for it; False where it has none of its own."""
    if not isinstance(watched, QWidget) or not isinstance(event, QHelpEvent) or not watched.toolTip():
        return False
    QToolTip.showText(event.globalPos(), tip(watched.toolTip()), watched)
    return True


class Tips(QObject):
    """Shows tool tips as the plain text that they are. Sees all events of the application."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """None but those that ask for a tool tip matter."""
        return event.type() == QEvent.Type.ToolTip and show_tip(watched, event)
