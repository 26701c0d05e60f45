"""Cards: plain ones, and numbered ones of forms whose tick is earned."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from app.core.language import _
from app.views import icons, style
from app.views.pieces.basics import Button, KeyMark, button, label, lying, row
from app.views.pieces.heads import Elided


class NumberMark(QLabel):
    """The number of a group in a ring; a filled tick once the group is complete."""

    def __init__(self, number: int) -> None:
        super().__init__(str(number))
        self._done = self._active = False
        self.setFixedSize(style.px(22), style.px(22))

    def show_state(self, *, done: bool, active: bool) -> None:
        """Whether the group is complete, and whether one works in it."""
        if (done, active) != (self._done, self._active):
            self._done, self._active = done, active
            self.setAccessibleDescription(_("done") if done else "")
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ring or disc."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self._done:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(style.colour("accent"))
            painter.drawEllipse(rect)
            size = style.px(14)
            icons.paint(painter, "check", "on-accent", (self.width() - size) / 2, (self.height() - size) / 2, size)
        else:
            token = "accent" if self._active else "field"
            painter.setPen(QPen(style.colour(token), 2 if self._active else 1.5))
            painter.drawEllipse(rect)
            painter.setFont(style.font(style.SMALL, bold=self._active))
            painter.setPen(style.colour("accent" if self._active else "text3"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()


class Card(QFrame):
    """A surface with a title, a hint beside it, room for acts at the right (`head`) and a body to fill (`body`)."""

    def __init__(self, title: str = "", hint: str = "", *, number: int = 0, key: str = "") -> None:
        super().__init__()
        self.setProperty("ground", "card")
        self.setAccessibleName(title)
        self.mark = NumberMark(number) if number else None
        self.title = label(title, "card")
        self.hint = Elided(hint, "hint")
        self.head = row(*([self.mark] if self.mark else []), self.title, self.hint, None)
        self._keyed = bool(key)
        self._turn: Button | None = None
        if key:
            self.head.addWidget(KeyMark(key))
        self.body = QVBoxLayout()
        self.body.setSpacing(10)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 12, 16, 16)
        outer.setSpacing(12)
        if title:
            outer.addLayout(self.head)
        outer.addLayout(self.body, 1)

    def strip(self) -> None:
        """No border and no margins: it stands within something that has its own."""
        self.setProperty("ground", "scroll")
        self.layout().setContentsMargins(0, 0, 0, 0)  # type: ignore[union-attr]

    def make_foldable(self) -> None:
        """It can be folded to its head; a button there turns it."""
        self._turn = button(_("Fold"), "link", "chevron-up", name="fold", on_click=lambda: self.fold(not self.folded()))
        self.add_act(self._turn)

    def folded(self) -> bool:
        """Whether only its head is seen."""
        return self._turn is not None and self._turn.objectName() == "unfold"

    def fold(self, on: bool) -> None:
        """To its head, or whole again; nothing happens to a card that cannot be folded."""
        if self._turn is None or on == self.folded():
            return
        for one in lying(self.body):
            if isinstance(one, QWidget):
                one.setHidden(on)
        self._turn.setObjectName("unfold" if on else "fold")
        self._turn.say(_("Show") if on else _("Fold"))
        self._turn.show_icon("chevron-down" if on else "chevron-up")

    def add_act(self, widget: QWidget) -> None:
        """An act in the head, before the key."""
        self.head.insertWidget(self.head.count() - (1 if self._keyed else 0), widget)
