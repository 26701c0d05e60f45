"""What stands at the foot of what is typed: that it is kept, and since when."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.core.language import _
from app.core.session import Session
from app.views.pieces.basics import IconMark, label

EVERY_MS = 3000
"""After the last key what is typed is kept."""


class KeptNote:
    """An icon and words, not seen before something was kept; `widgets` are laid out by who shows them."""

    def __init__(self) -> None:
        self._words = label("", "hint")
        self.widgets: list[QWidget] = [IconMark("device-floppy", "text3", 16), self._words]
        for widget in self.widgets:
            widget.hide()

    def tell(self, session: Session) -> None:
        """It was kept now."""
        self._words.setText(_("Kept automatically {time}").format(time=f"{session.now():%H:%M:%S}"))
        for widget in self.widgets:
            widget.show()
