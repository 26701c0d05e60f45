"""The part of a page that scrolls, between its header and its foot."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QWidget

BAR = 12
"""Width of a scroll bar in the sheet."""
EDGE = 24
"""From the edge of the page to what stands on it."""


class Area(QScrollArea):
    """Scrolls its content up and down. The place of the bar stays free where none is needed: nothing moves when it comes."""

    def __init__(self, content: QLayout, top: int = 4, bottom: int = 24) -> None:
        super().__init__()
        holder = QWidget()
        holder.setProperty("ground", "scroll")
        content.setContentsMargins(EDGE, top, EDGE - BAR, bottom)
        holder.setLayout(content)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setWidget(holder)
        self.setViewportMargins(0, 0, BAR, 0)
        self.verticalScrollBar().rangeChanged.connect(self._keep_place)

    def _keep_place(self, least: int, most: int) -> None:
        self.setViewportMargins(0, 0, 0 if most > least else BAR, 0)
