"""What screen readers are told of what happens, though the focus is elsewhere."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def announce(widget: QWidget, sentence: str, *, urgent: bool = False) -> None:
    """Have a sentence read out though the focus is elsewhere; an urgent one at once."""
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent  # heavy: its constants take 10 ms to make

    if QAccessible.isActive():
        event = QAccessibleAnnouncementEvent(widget, sentence)
        polite = QAccessible.AnnouncementPoliteness
        event.setPoliteness(polite.Assertive if urgent else polite.Polite)
        QAccessible.updateAccessibility(event)
