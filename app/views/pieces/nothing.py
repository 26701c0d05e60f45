"""What stands where a list would be, while there is nothing to list: what belongs there, and how it begins."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.views.pieces.basics import Button, IconMark, column, label, row


def nothing(icon: str, words: str, why: str, *acts: Button) -> QWidget:
    """In the middle of its place: a drawing, what is so, what to do, and the buttons for it."""
    said = (IconMark(icon, "text3", 40), label(words, "empty"), label(why, "secondary"))
    layout = column()
    layout.addStretch(2)
    for widget in said:
        layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
    if acts:
        layout.addLayout(row(None, *acts, None, margins=(0, 8, 0, 0)))
    layout.addStretch(3)
    made = QWidget()
    made.setObjectName("nothing")
    made.setLayout(layout)
    return made
