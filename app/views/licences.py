"""What the program is made of, and the licence of each part: a list beside the text that is chosen."""

from __future__ import annotations

from PySide6.QtWidgets import QListWidget, QPlainTextEdit, QWidget

from app.core import licences
from app.core.language import _
from app.views import style
from app.views.messages import Dialog, to_read
from app.views.pieces.basics import row

_HIGH, _NAMES = 420, 290


class LicencesDialog(Dialog):
    """All of it can be read without a network and copied."""

    kept_as = "licences"

    def __init__(self, parent: QWidget | None = None) -> None:
        told = _("Kesu Desk is made of these parts; choose one to read its licence.")
        super().__init__(_("Parts and licences"), told, parent, width=860)
        self._found = licences.all_of_them()
        self.names = QListWidget()
        self.names.setObjectName("parts")
        self.names.setAccessibleName(_("Part"))
        self.names.setFixedWidth(style.px(_NAMES))
        self.names.addItems([" ".join(filter(None, (one.name, one.version))) for one in self._found])
        self.text = QPlainTextEdit()
        self.text.setObjectName("text")
        self.text.setAccessibleName(_("Parts and licences"))
        self.text.setReadOnly(True)
        for widget in (self.names, self.text):
            widget.setMinimumHeight(to_read(_HIGH, parent))
        self.body.addLayout(row(self.names, self.text), 1)
        self._layout.setStretchFactor(self.body, 1)
        self.offer("close", _("Dismiss"), default=True)
        self.names.currentRowChanged.connect(self.show_part)
        self.names.setCurrentRow(0)

    def show_part(self, place: int) -> None:
        """The terms of a part, and below them its text."""
        one = self._found[place]
        self.text.setPlainText("\n\n".join(filter(None, (one.terms, one.text or _("No licence text came with it.")))))
