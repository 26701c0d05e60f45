"""What became of many records, in the list itself: how many, and each that was refused with its reason, to be copied."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from app.core.language import _
from app.views import style
from app.views.messages import Act, MessageBar
from app.views.pieces.basics import clear

if TYPE_CHECKING:
    from app.services.in_bulk import Summary

_MOST_LINES = 6


class BulkSummary(QWidget):
    """Stays until it is dismissed or something else is done. `wanted`: show the refused records alone."""

    def __init__(self, wanted: Callable[[tuple[int, ...]], object]) -> None:
        super().__init__()
        self._wanted = wanted
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(24, 0, 16, 8)
        self._layout.setSpacing(6)
        self.hide()

    def tell(self, title: str, summary: Summary, acts: Sequence[Act] = ()) -> None:
        """Show a summary; its title says what was done."""
        self.forget()
        sentence = _("{title}: {sentence}").format(title=title, sentence=summary.sentence())
        offered = list(acts)
        if summary.refused:
            ids = tuple(one.id for one in summary.refused)
            offered += [
                (_("Show these only"), lambda: self._wanted(ids)),
                (_("Copy"), lambda: QGuiApplication.clipboard().setText(f"{sentence}\n{summary.table()}")),
            ]
        offered.append((_("Dismiss"), self.forget))
        self._layout.addWidget(MessageBar("warn" if summary.refused or summary.left else "ok", sentence, offered))
        if summary.refused:
            self._layout.addWidget(self._refused(summary))
        self.show()

    def _refused(self, summary: Summary) -> QPlainTextEdit:
        text = QPlainTextEdit(summary.table().replace("\t", "   "))
        text.setObjectName("refused")
        text.setAccessibleName(_("Refused"))
        text.setReadOnly(True)
        lines = min(_MOST_LINES, len(summary.refused))
        text.setFixedHeight(lines * style.metrics().lineSpacing() + 22)
        return text

    def forget(self) -> None:
        """Nothing to tell any more."""
        clear(self._layout)
        self.hide()
