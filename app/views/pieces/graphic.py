"""What is painted and is a picture to who listens."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel


class Graphic(QLabel):
    """It paints itself. Qt calls a label a graphic where it holds a picture; that one is never seen."""

    def __init__(self) -> None:
        super().__init__()
        held = QPixmap(1, 1)
        held.fill(Qt.GlobalColor.transparent)
        self.setPixmap(held)
