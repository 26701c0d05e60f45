"""The part of a page that scrolls, between its header and its foot."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QWidget

from app.core.language import _
from app.views import style

BAR = 12
"""Width of a scroll bar in the sheet."""
EDGE = 24
"""From the edge of the page to what stands on it."""
_ABOUT = 44
"""What stays in sight above and below what the page scrolls to."""


class Steady(QScrollArea):
    """The place of the upright bar stays free where none is needed: nothing moves when it comes."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setViewportMargins(0, 0, BAR, 0)
        self.verticalScrollBar().rangeChanged.connect(self._keep_place)

    def _keep_place(self, least: int, most: int) -> None:
        self.setViewportMargins(0, 0, 0 if most > least else BAR, 0)


class Area(Steady):
    """Scrolls its content up and down."""

    def __init__(self, content: QLayout, top: int = 4, bottom: int = 24, *, edge: int = EDGE - BAR) -> None:
        """`edge`: free at both sides, besides the place of the bar at its own and as much at the other."""
        super().__init__()
        self.setAccessibleName(_("Content"))
        holder = QWidget()
        holder.setProperty("ground", "scroll")
        content.setContentsMargins(edge + BAR, top, edge, bottom)
        holder.setLayout(content)
        self.setWidgetResizable(True)
        self.setWidget(holder)


def into_sight(widget: QWidget) -> None:
    """Scroll the page until all of a widget is seen, or its top where it is higher. Qt sees to the line of the caret only."""
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            _scroll(above, widget)
        above = above.parentWidget()


def _scroll(area: QScrollArea, widget: QWidget) -> None:
    bar, room = area.verticalScrollBar(), area.viewport().height()
    top = bar.value() + widget.mapTo(area.viewport(), QPoint(0, 0)).y()
    least, most = top + widget.height() + style.px(_ABOUT) - room, top - style.px(_ABOUT)
    bar.setValue(min(max(bar.value(), least), most))
