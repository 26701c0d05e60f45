"""A field that names another record: suggestions while typing, and a way to add what is not there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QGraphicsDropShadowEffect, QLineEdit, QWidget

from app.core.fields import Field
from app.core.language import _
from app.views import icons, style
from app.views.composed import ComposedEdit
from app.views.editors import plain_enter
from app.views.pieces.basics import native

WAIT_MS = 150
ROW, FOOT = 46, 40


class Suggestion(NamedTuple):
    """A record to choose: its number, its name, a second line, and what of it matched (initials)."""

    number: str
    title: str
    detail: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Picker:
    """How one kind of record is found. `create_label` is English with {text}."""

    suggest: Callable[[str], Sequence[Suggestion]]
    name_of: Callable[[str], str]
    """The name of a number; empty where there is no such record."""
    create: Callable[[str, RecordEditor], None] | None = None
    """Gets what was typed, opens a form and returns; the field is told by `take_added` how that ended."""
    create_label: str = ""

    def unchosen(self, text: str) -> str:
        """The sentence about a text that names no record."""
        if self.create is None:
            return _("“{text}” is not chosen yet. ↓ opens the list, Enter chooses.").format(text=text[:20])
        told = _("“{text}” is not chosen yet. ↓ opens the list, Enter chooses, {key} adds.")
        return told.format(text=text[:20], key=native("Ctrl+I"))


class Popup(QFrame):
    """The suggestions below a field, painted. It never takes the focus."""

    picked = Signal(int)
    """The row; one behind the last suggestion is the row that adds."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("ground", "popup")
        self.setObjectName("suggestions")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.rows: list[Suggestion] = []
        self.foot = ""
        self.current = 0
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(16)
        shadow.setOffset(0, 3)
        shadow.setColor(Qt.GlobalColor.gray)
        self.setGraphicsEffect(shadow)
        self.hide()

    def fill(self, rows: Sequence[Suggestion], foot: str) -> None:
        """Show these, the first one current."""
        self.rows, self.foot, self.current = list(rows), foot, 0
        self.update()

    def height_needed(self) -> int:
        """In logical pixels."""
        return len(self.rows) * style.px(ROW) + (style.px(FOOT) if self.foot else 0) + 8

    def move_current(self, by: int) -> None:
        """Up or down, staying inside."""
        last = len(self.rows) - (0 if self.foot else 1)
        self.current = min(last, max(0, self.current + by))
        self.update()

    def words(self) -> str:
        """The current row for those who listen."""
        if self.current < len(self.rows):
            one = self.rows[self.current]
            return _("{name}, {detail}, {place} of {count}").format(
                name=one.title, detail=one.detail, place=self.current + 1, count=len(self.rows)
            )
        return self.foot

    def _row_at(self, y: float) -> int:
        row = int((y - 4) // style.px(ROW))
        return min(max(0, row), len(self.rows) - (0 if self.foot else 1))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The row under the pointer is the current one."""
        self.current = self._row_at(event.position().y())
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose it."""
        self.picked.emit(self._row_at(event.position().y()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Name (the current one bold), second line, what matched; last the row that adds."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        y = 4
        for place, one in enumerate(self.rows):
            rect = QRect(4, y, self.width() - 8, style.px(ROW))
            self._ground(painter, rect, place)
            self._paint_row(painter, rect.adjusted(10, 4, -10, -4), one, place == self.current)
            y += style.px(ROW)
        if self.foot:
            rect = QRect(4, y, self.width() - 8, style.px(FOOT))
            painter.fillRect(rect.left(), rect.top(), rect.width(), 1, style.colour("line"))
            self._ground(painter, rect.adjusted(0, 2, 0, 0), len(self.rows))
            self._paint_foot(painter, rect.adjusted(10, 2, -10, 0))
        painter.end()

    def _ground(self, painter: QPainter, rect: QRect, place: int) -> None:
        if place == self.current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(style.colour("accent-soft"))
            painter.drawRoundedRect(QRectF(rect), 4, 4)

    def _paint_row(self, painter: QPainter, rect: QRect, one: Suggestion, current: bool) -> None:
        mark = style.metrics().horizontalAdvance(one.mark) + 8 if one.mark else 0
        half = rect.height() // 2
        name = QRect(rect.left(), rect.top(), rect.width() - mark, half)
        painter.setFont(style.font(style.BODY, bold=current))
        painter.setPen(style.colour("text"))
        elide = Qt.TextElideMode.ElideRight
        painter.drawText(
            name, Qt.AlignmentFlag.AlignVCenter, style.metrics(bold=current).elidedText(one.title, elide, name.width())
        )
        painter.setFont(style.font(style.SMALL))
        painter.setPen(style.colour("text3"))
        below = name.translated(0, half)
        painter.drawText(
            below, Qt.AlignmentFlag.AlignVCenter, style.metrics(style.SMALL).elidedText(one.detail, elide, below.width())
        )
        painter.setPen(style.colour("accent"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, one.mark)

    def _paint_foot(self, painter: QPainter, rect: QRect) -> None:
        size = style.px(16)
        icons.paint(painter, "plus", "accent", rect.left(), rect.top() + (rect.height() - size) / 2, size)
        painter.setFont(style.font())
        painter.setPen(style.colour("accent"))
        painter.drawText(rect.adjusted(size + 8, 0, -60, 0), Qt.AlignmentFlag.AlignVCenter, self.foot)
        key = native("Ctrl+I")
        painter.setFont(style.font(style.SMALL))
        wide = style.metrics(style.SMALL).horizontalAdvance(key) + 12
        mark = QRectF(rect.right() - wide, rect.center().y() - style.px(20) / 2, wide, style.px(20))
        painter.setPen(QPen(style.colour("line"), 1))
        painter.setBrush(style.colour("sunken"))
        painter.drawRoundedRect(mark, 3, 3)
        painter.setPen(style.colour("text3"))
        painter.drawText(mark, Qt.AlignmentFlag.AlignCenter, key)


class RecordEditor(ComposedEdit):
    """Names a record: the value is its number, what is seen its name. ↑↓ Enter choose, Esc closes, Ctrl+I adds.

    Never chooses by itself on leaving: a text that names no record stays, is the value, and is told by `unchosen`.
    """

    edited = Signal()
    left = Signal()
    chosen = Signal(str)
    """The number that a person chose."""

    def __init__(self, declared: Field, picker: Picker) -> None:
        super().__init__()
        self._picker = picker
        self._number, self._name = "", ""
        self._popup: Popup | None = None
        self.adding = False
        """A new record is being asked for: the focus goes there and comes back."""
        self._made: Suggestion | None = None
        self.setObjectName(declared.code)
        self.addAction(icons.icon("search", "text3"), QLineEdit.ActionPosition.LeadingPosition).setText(_("Search"))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT_MS)
        self._timer.timeout.connect(self.look_up)
        self.textEdited.connect(self._typed)
        self.began.connect(self.close_popup)
        self.ended.connect(self._composed)

    def value(self) -> object:
        """The number chosen; else what was typed; None where nothing was."""
        if self._number and self.text() == self._name:
            return self._number
        return self.text().strip() or None

    def set_value(self, value: object) -> None:
        """Show the record of a number."""
        text = str(value or "")
        self._name = self._picker.name_of(text) if text else ""
        self._number = text if self._name else ""
        self.setText(self._name or text)
        self.setCursorPosition(0)

    def choose(self, one: Suggestion) -> None:
        """Take a suggestion, or a record that was just added."""
        self._number, self._name = one.number, one.title
        self.setText(one.title)
        self.close_popup()
        self.edited.emit()
        self.chosen.emit(one.number)

    def unchosen(self) -> str:
        """A sentence where the text names no record yet."""
        if not self.text().strip() or (self._number and self.text() == self._name):
            return ""
        return self._picker.unchosen(self.text().strip())

    def _typed(self, _text: str) -> None:
        self.edited.emit()
        self._timer.start()

    def _composed(self) -> None:
        if not self.text() or self.unchosen():
            self._timer.start()

    def look_up(self) -> None:
        """Ask for suggestions and show them."""
        typed = self.text().strip()
        if not typed or self.composing or self.isReadOnly():
            self.close_popup()
            return
        rows = self._picker.suggest(typed)
        foot = _(self._picker.create_label).format(text=typed[:20]) if self._picker.create is not None else ""
        if not rows and not foot:
            self.close_popup()
            return
        self._open(rows, foot)

    def _open(self, rows: Sequence[Suggestion], foot: str) -> None:
        if self._popup is None:
            self._popup = Popup(self.window())
            self._popup.picked.connect(self._take)
            self.window().installEventFilter(self)
        self._popup.fill(rows, foot)
        self._place()
        self._popup.show()
        self._popup.raise_()
        self.setAccessibleDescription(self._popup.words())

    def _place(self) -> None:
        assert self._popup is not None
        window = self.window()
        below = self.mapTo(window, QPoint(0, self.height() + 2))
        size = QSize(max(self.width(), style.px(300)), self._popup.height_needed())
        if below.y() + size.height() > window.height() and below.y() > size.height() + self.height():
            below.setY(below.y() - self.height() - 4 - size.height())
        below.setX(max(4, min(below.x(), window.width() - size.width() - 4)))
        self._popup.setGeometry(QRect(below, size))

    def close_popup(self) -> None:
        """Hide the suggestions."""
        self._timer.stop()
        if self._popup is not None:
            self._popup.hide()

    def is_open(self) -> bool:
        """Whether suggestions are shown."""
        return self._popup is not None and self._popup.isVisible()

    def popup(self) -> Popup | None:
        """The suggestions, once there were any."""
        return self._popup

    def _take(self, row: int) -> None:
        assert self._popup is not None
        if row < len(self._popup.rows):
            self._go_on_with(self._popup.rows[row])
        else:
            self.add_new()

    def _go_on_with(self, one: Suggestion) -> None:
        self.choose(one)
        if self.property("cell") != "1":
            self.focusNextChild()

    def add_new(self) -> None:
        """Ask to add a record of what was typed."""
        self.close_popup()
        if self._picker.create is not None:
            self.adding = True
            self._picker.create(self.text().strip(), self)

    def take_added(self, made: object) -> None:
        """Go on with the record that was added; where none was (None) what was typed stays."""
        self.adding = False
        self._made = made if isinstance(made, Suggestion) else None
        self.setFocus()
        if self.hasFocus():
            self._take_made()

    def _take_made(self) -> None:
        made, self._made = self._made, None
        if made is not None:
            self._go_on_with(made)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys of the suggestions first."""
        if event.matches(QKeySequence.StandardKey.Italic) or _is_control_i(event):
            self.add_new()
        elif self.is_open() and self._popup_key(event):
            event.accept()
        elif event.key() == Qt.Key.Key_Down and self.text().strip():
            self.look_up()
        elif plain_enter(event):
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def _popup_key(self, event: QKeyEvent) -> bool:
        assert self._popup is not None
        moves = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
        if event.key() in moves:
            self._popup.move_current(moves[Qt.Key(event.key())])
            self.setAccessibleDescription(self._popup.words())
        elif plain_enter(event):
            self._take(self._popup.current)
        elif event.key() == Qt.Key.Key_Escape:
            self.close_popup()
        else:
            return False
        return True

    def event(self, event: QEvent) -> bool:
        """Esc closes the suggestions before it means anything to the window; so does Ctrl+I mean adding here."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._is_ours(event):
            event.accept()
            return True
        return super().event(event)

    def _is_ours(self, event: QKeyEvent) -> bool:
        return _is_control_i(event) or (event.key() == Qt.Key.Key_Escape and self.is_open())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """What was added is taken once the window is before the others again: from where it has the focus one goes on."""
        super().focusInEvent(event)
        if self._made is not None:
            QTimer.singleShot(0, self, self._take_made)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving closes, and takes nothing by itself."""
        super().focusOutEvent(event)
        self.close_popup()
        if not self.adding:
            self.left.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window changed its size: the suggestions follow."""
        if event.type() == QEvent.Type.Resize:
            self.close_popup()
        return super().eventFilter(watched, event)


def _is_control_i(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_I and event.modifiers() == Qt.KeyboardModifier.ControlModifier
