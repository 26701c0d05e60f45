"""What screen readers hear besides names: what stands in a widget that paints itself, what is said of it, what happens.

It all goes through the description, which Qt keeps with the widget itself.
"""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

_SAID = "said"


def describe(widget: QWidget, sentence: str | None = None) -> None:
    """What stands in it (`spoken_value`, where it has one), then what is said of it; None leaves that as it was."""
    if sentence is not None:
        widget.setProperty(_SAID, sentence)
    value = getattr(widget, "spoken_value", None)
    words = (str(value()) if value is not None else "", widget.property(_SAID))
    widget.setAccessibleDescription("\n".join(one for one in words if one))


def announce(widget: QWidget, sentence: str, *, urgent: bool = False) -> None:
    """Have a sentence read out though the focus is elsewhere; an urgent one at once."""
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent  # heavy: its constants take 10 ms to make

    if QAccessible.isActive():
        event = QAccessibleAnnouncementEvent(widget, sentence)
        polite = QAccessible.AnnouncementPoliteness
        event.setPoliteness(polite.Assertive if urgent else polite.Polite)
        QAccessible.updateAccessibility(event)
