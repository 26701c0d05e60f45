"""A few lines as a table to read: no scrolling, no selection, texts wrap."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout

from app.views import style
from app.views.pieces.basics import hairline, label

_NARROWEST, _WIDEST = 60, 360
"""Columns share the room by what they hold, within these."""


class LineTable(QFrame):
    """Head, hairlines, rows; numbers stand at the right. `notes`: what else is known of each row, in a line below it."""

    def __init__(
        self, head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool], notes: Sequence[str] = ()
    ) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        for place, word in enumerate(head):
            title = label(word, "hint", wrap=not right[place])
            title.setAlignment(_side(right[place]))
            grid.addWidget(title, 0, place, Qt.AlignmentFlag.AlignTop)
            longest = max((style.metrics().horizontalAdvance(cells[place]) for cells in rows), default=0)
            grid.setColumnStretch(place, min(max(longest, style.px(_NARROWEST)), style.px(_WIDEST)))
        for number, cells in enumerate(rows):
            grid.addWidget(hairline(), 3 * number + 1, 0, 1, max(1, len(head)))
            for place, text in enumerate(cells):
                cell = label(text or "—", wrap=not right[place], selectable=True)
                cell.setAlignment(_side(right[place]))
                # Aligned by the layout it would be as wide as it likes, but only as high as its column is wide.
                grid.addWidget(cell, 3 * number + 2, place, Qt.AlignmentFlag.AlignTop)
            if notes and notes[number]:
                below = label(notes[number], "hint", wrap=True, selectable=True)
                grid.addWidget(below, 3 * number + 3, 0, 1, max(1, len(head)))


def _side(right: bool) -> Qt.AlignmentFlag:
    return (Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignTop
