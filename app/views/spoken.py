"""What painted widgets are to a screen reader, and telling it what happens.

A widget that paints itself is nothing to Qt but a surface with a name. It says in `spoken_as` what it is, by a name of
`QAccessible.Role`, and by `spoken_value`, where it has one, what stands in it: its description belongs to the form.
"""

from __future__ import annotations

import sys
from functools import cache

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleInterface, QAccessibleValueChangeEvent
from PySide6.QtWidgets import QAccessibleWidget, QWidget

_TELLS_NO_VALUES = sys.platform.startswith("linux")
"""Qt hands only numbers on to AT-SPI as values: there the words stand in the description, too."""


class Spoken(QAccessibleWidget):
    """Such a widget as screen readers see it."""

    def text(self, part: QAccessible.Text) -> str:
        """Its value when that is asked for."""
        usual = super().text(part)
        if part == QAccessible.Text.Value:
            return value_of(self.object()) or usual
        if part == QAccessible.Text.Description and _TELLS_NO_VALUES:
            return "\n".join(words for words in (value_of(self.object()), usual) if words)
        return usual


def value_of(widget: QObject) -> str:
    """What stands in a painted widget."""
    found = getattr(widget, "spoken_value", None)
    return str(found()) if found is not None else ""


def _made(_kind: str, widget: QObject) -> QAccessibleInterface | None:
    role = getattr(widget, "spoken_as", "")
    return Spoken(widget, QAccessible.Role[role]) if role and isinstance(widget, QWidget) else None


@cache
def install() -> None:
    """Have Qt ask here first; once."""
    QAccessible.installFactory(_made)


def value_changed(widget: QWidget) -> None:
    """Another value stands in it."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleValueChangeEvent(widget, value_of(widget)))


def announce(widget: QWidget, sentence: str, *, urgent: bool = False) -> None:
    """Have a sentence read out though the focus is elsewhere; an urgent one at once."""
    if QAccessible.isActive():
        event = QAccessibleAnnouncementEvent(widget, sentence)
        polite = QAccessible.AnnouncementPoliteness
        event.setPoliteness(polite.Assertive if urgent else polite.Polite)
        QAccessible.updateAccessibility(event)
