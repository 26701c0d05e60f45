"""Search across everything: a popup that finds cases, customers and agreements by number, name, pinyin, phone or text."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.core.language import _
from app.core.session import Session
from app.models.listing import LISTINGS, Query
from app.views import icons, style
from app.views.composed import ComposedEdit
from app.views.desk import Desk
from app.views.pieces.basics import label

_KINDS = (
    ("complaints", "message-report", ("customer_name", "description")),
    ("objections", "message-exclamation", ("customer_name", "what")),
    ("customers", "users", ("name", "phone")),
    ("agreements", "file-certificate", ("customer_name",)),
    ("cards", "cards", ("words",)),
    ("evidence", "shield-check", ("title",)),
)
_EACH = 5
_WAIT = 150
_TOP = 60


class Hit(NamedTuple):
    """A record that was found."""

    number: str
    icon: str
    words: str


def hits(session: Session, typed: str) -> list[Hit]:
    """The newest few of each kind."""
    found: list[Hit] = []
    for kind, icon, codes in _KINDS:
        listing = LISTINGS[kind]
        places = [listing.columns.index(code) + 1 for code in ("number", *codes)]
        for row in listing.page(session, Query(text=typed), 0, _EACH):
            words = [str(row[place] or "").replace("\n", " ")[:40] for place in places]
            found.append(Hit(words[0], icon, "   ".join(word for word in words if word)))
    return found


class FindPopup(QFrame):
    """Type, ↑↓ choose, Enter opens, Esc closes."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.desk = desk
        self.setProperty("ground", "popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.edit = ComposedEdit()
        self.edit.setObjectName("find_text")
        self.edit.setPlaceholderText(_("Number, name, pinyin, phone, text"))
        self.edit.setAccessibleName(_("Find"))
        self.list = QListWidget()
        self.list.setObjectName("find_hits")
        self.list.setAccessibleName(_("Found"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setIconSize(QSize(style.px(16), style.px(16)))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self._hint = label(_("↑↓ choose   Enter opens   Esc closes"), "hint")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 10)
        for widget in (self.edit, self.list, self._hint):
            layout.addWidget(widget)
        self._timer = QTimer(self, singleShot=True, interval=_WAIT)
        self._timer.timeout.connect(self.look)
        self.edit.textChanged.connect(lambda _text: self._timer.start())
        self.edit.ended.connect(self._timer.start)
        self.list.itemClicked.connect(lambda _item: self.open_chosen())
        self.resize(style.px(520), min(style.px(420), parent.height() - 2 * _TOP))

    def open_below(self, widget: QWidget) -> None:
        """Open beside the sidebar."""
        self.move(widget.mapToGlobal(QPoint(widget.width() + 12, _TOP)))
        self.show()
        self.edit.setFocus()

    def look(self) -> None:
        """Ask for what is typed now."""
        if self.edit.composing:
            return
        self.list.clear()
        found = hits(self.desk.session, self.edit.text()) if self.edit.text().strip() else []
        for hit in found:
            item = QListWidgetItem(icons.icon(hit.icon), hit.words)
            item.setToolTip(hit.words)
            item.setData(Qt.ItemDataRole.UserRole, hit.number)
            self.list.addItem(item)
        self.list.setCurrentRow(0 if found else -1)
        nothing = _("Nothing found. Try fewer characters, or the initials of the name.")
        self._hint.setText(nothing if self.edit.text().strip() and not found else _("↑↓ choose   Enter opens   Esc closes"))

    def open_chosen(self) -> None:
        """To the record that is marked."""
        item = self.list.currentItem()
        if item is not None:
            number = str(item.data(Qt.ItemDataRole.UserRole))
            self.close()
            self.desk.open(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The line edit keeps the focus; the arrows move the list."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + step)))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._timer.isActive():
                self.look()
            self.open_chosen()
        else:
            super().keyPressEvent(event)
