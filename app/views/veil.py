"""A guarded value on a page, as the person reads it, with an eye to look at it: that stands in the history."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.core.language import _
from app.core.session import Session
from app.models import sight
from app.models.record import Record
from app.views.pieces.basics import Button, button, label, row


def eye(session: Session, record: Record, code: str, look: Callable[[], object]) -> Button:
    """The button that reveals a field, or the lines of a part, to whoever may; to others it is a lock that says why not."""
    withheld = sight.is_withheld(record)
    why = sight.refusal(session, sight.guard_of(type(record), code, withheld=withheld))
    made = button(_("Look at it (is recorded)"), "icon", "lock" if why else "eye", name=f"reveal_{code}")
    made.setProperty("low", "1")  # no line gets higher by it
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    made.lock(why)

    def act() -> None:
        sight.reveal(session, type(record), record.id, code, withheld=withheld)
        made.hide()
        look()

    made.clicked.connect(lambda _checked=False: act())
    return made


class Veiled(QWidget):
    """What is shown of a value, and the eye beside it."""

    def __init__(self, session: Session, record: Record, code: str, shown: str, clear: str, role: str = "") -> None:
        super().__init__()
        self.words = _words(record, code, shown, role)
        self._clear = clear
        self._line = row(self.words, eye(session, record, code, self._look), None, gap=2)
        self._line.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setLayout(self._line)

    def _look(self) -> None:
        self.words.setText(self._clear)
        if self.words.wordWrap():
            self._line.setStretch(0, 1)


def value_label(session: Session, record: Record, code: str, shown: str, clear: str, role: str = "") -> QWidget:
    """A value to read: a plain label where nothing of it is hidden."""
    return _words(record, code, shown, role) if shown == clear else Veiled(session, record, code, shown, clear, role)


def _words(record: Record, code: str, shown: str, role: str) -> QLabel:
    """A note may need several lines; a number stays on one."""
    guard = sight.guard_of(type(record), code, withheld=sight.is_withheld(record))
    return label(shown, role, wrap=guard != "masked", selectable=True)
