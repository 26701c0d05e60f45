"""The dialog that shows what somebody else saved meanwhile beside what was typed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

from app.core.errors import Conflict, Difference
from app.core.language import _
from app.views import style
from app.views.messages import Dialog
from app.views.pieces.basics import box, label


def ask_conflict(parent: QWidget, error: Conflict) -> str:
    """Both versions side by side; `mine` overwrites, `theirs` takes what is there, empty stays in the form."""
    dialog = Dialog(_("Somebody saved this meanwhile"), str(error), parent, width=640)
    dialog.body.addWidget(_at_most(_differences(error.differences), style.px(600), parent.window().height() // 2))
    dialog.offer("", _("Back to the form"), default=True)
    dialog.offer("theirs", _("Take theirs"))
    dialog.offer("mine", _("Save mine"), "danger")
    return dialog.ask()


def _at_most(widget: QWidget, width: int, height: int) -> QWidget:
    """The widget, or where it is higher a place to scroll it in."""
    if widget.heightForWidth(width) <= height:
        return widget
    area = QScrollArea()
    area.setAccessibleName(_("Content"))
    area.setWidgetResizable(True)
    area.setWidget(widget)
    area.setFixedHeight(height)
    return area


def _differences(differences: Sequence[Difference]) -> QWidget:
    holder = box("block")
    grid = QGridLayout(holder)
    grid.setContentsMargins(12, 10, 12, 10)
    grid.setHorizontalSpacing(18)
    for place, head in enumerate((_("Field"), _("Mine"), _("Theirs"))):
        grid.addWidget(label(head, "small"), 0, place)
    for line, one in enumerate(differences, 1):
        for place, text in enumerate((one.label, one.mine or "—", one.theirs or "—")):
            words = label(text, "strong" if place == 0 else "", wrap=True, selectable=True)
            grid.addWidget(words, line, place, Qt.AlignmentFlag.AlignTop)
    grid.setColumnStretch(1, 1)
    grid.setColumnStretch(2, 1)
    return holder
