"""The column at the right of a page. Narrow pages have none: there ⓘ in the header shows the same."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.core.language import _
from app.views import style
from app.views.pieces.basics import Button, box, button, clear, column

_APART = 6


class Side(QWidget):
    """Cards below each other, as wide as was said."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self._cards = column(gap=12)
        self._holder = QWidget()
        self._holder.setProperty("ground", "scroll")
        self._holder.setLayout(self._cards)
        self._opener: Button | None = None
        self._folded = False
        self._width = width
        self.setFixedWidth(style.px(width))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self.above = column(gap=12)
        """For what stays when the cards are others; it is not behind ⓘ."""
        self._column.addLayout(self.above)
        self._column.addWidget(self._holder)
        self._popup = box("popup")
        self._popup.setParent(self)
        self._popup.setWindowFlag(Qt.WindowType.Popup)
        self._area = QScrollArea()
        self._area.setAccessibleName(_("Details"))
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._popup.setLayout(column(self._area, margins=(12, 12, 12, 12)))

    def show_cards(self, cards: Sequence[QWidget]) -> None:
        """Show others."""
        clear(self._cards)
        for card in cards:
            self._cards.addWidget(card)
        self._cards.addStretch(1)

    def opener(self) -> Button:
        """The ⓘ for the header, seen on narrow pages only."""
        self._opener = button(_("Details"), "icon", "info-circle", name="facts", on_click=self.open)
        if not self._folded:
            self._opener.hide()
        return self._opener

    def fold(self, on: bool) -> None:
        """Behind ⓘ, or beside the page again."""
        self.setHidden(on)
        if self._opener is not None:
            self._opener.setVisible(on)
        if on and not self._folded:
            self._area.setWidget(self._holder)
        elif self._folded and not on:
            self._popup.hide()
            self._column.addWidget(self._area.takeWidget())
        self._folded = on

    def open(self) -> None:
        """Show it below ⓘ, as high as the window lets it."""
        assert self._opener is not None
        corner = self._opener.mapTo(self._opener.window(), QPoint(self._opener.width(), self._opener.height() + _APART))
        width = style.px(self._width) + 40
        height = self._holder.heightForWidth(width - 40) if self._holder.hasHeightForWidth() else self._holder.sizeHint().height()
        self._popup.resize(width, min(height + 26, self._opener.window().height() - corner.y() - 12))
        self._popup.move(self._opener.window().mapToGlobal(corner) - QPoint(width, 0))
        self._popup.show()
