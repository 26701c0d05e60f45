"""One editor per kind of field. What they hold is what a person typed: reading and checking it is `core.fields`' work.

Every editor has `value`, `set_value`, and the signals `edited` (by a person) and `left` (done with it for now).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from time import monotonic
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QTextOption, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from app.core import fields, formats
from app.core.errors import UserError
from app.core.fields import Choice, Field, Kind
from app.core.language import _
from app.core.pinyin import pinyin_of
from app.core.text import key
from app.views import style
from app.views.pieces.area import into_sight
from app.views.pieces.choosers import Segments, pairs_of
from app.views.pieces.flow import ToggleRow

Clock = Callable[[], datetime]
"""Now, in the branch's zone."""
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
PAUSE_S = 1.0
SHORT = 6
"""Characters of a choice that still fits segments."""
_SEEN, _AROUND = {Kind.DATE: "2026-12-28", Kind.MOMENT: "2026-12-28 23:59"}, 24
"""What must fit into a field of a kind, and what stands around it."""
_RIGHT = (Kind.MONEY, Kind.QUANTITY, Kind.INTEGER)


def plain_enter(event: QKeyEvent) -> bool:
    """Enter alone."""
    return event.key() in ENTER and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier


class TextEditor(QLineEdit):
    """One line: texts, numbers, amounts, days, moments. What can be read is shown in full on leaving; ↑↓ step."""

    edited = Signal()
    left = Signal()

    def __init__(self, declared: Field, now: Clock) -> None:
        super().__init__()
        self._declared, self._now = declared, now
        self._kept: Any = None
        self._kept_text = ""
        self.setObjectName(declared.code)
        self.setMaxLength(32_767)
        if declared.kind in _RIGHT:
            self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if declared.kind in _SEEN:
            self.setMinimumWidth(style.metrics().horizontalAdvance(_SEEN[declared.kind]) + _AROUND)
        if declared.hint and declared.kind in fields.TEXTS:
            self.setPlaceholderText(_(declared.hint))
            self.setToolTip(_(declared.hint))
        self.textEdited.connect(lambda _text: self.edited.emit())

    def value(self) -> object:
        """What stands here; what was set and not touched comes back as it was."""
        if self.text() == self._kept_text:
            return self._kept
        return self.text() or None

    def set_value(self, value: object) -> None:
        """Show a value, or a text as typed."""
        self._kept = value
        self.setText(value if isinstance(value, str) else formats.show(self._declared, value, self._now()))
        self.setCursorPosition(0)
        self._kept_text = self.text()

    def settle(self) -> None:
        """Show in full what can be read, also of a text that was set as it was typed earlier."""
        if self._declared.kind in fields.TEXTS or (self.text() == self._kept_text and not isinstance(self._kept, str)):
            return
        try:
            value = fields.read(self._declared, self.text(), self._now())
        except UserError:
            return
        self.set_value(value)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving settles."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.settle()
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on, ↑↓ step."""
        if plain_enter(event):
            self.focusNextChild()
        elif (
            event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not event.modifiers() and self._step(event.key() == Qt.Key.Key_Up)
        ):
            self.edited.emit()
        else:
            super().keyPressEvent(event)

    def _step(self, up: bool) -> bool:
        if self.isReadOnly():
            return False
        try:
            value = fields.read(self._declared.but(happened=False), self.text(), self._now())
        except UserError:
            return False
        stepped = _stepped(self._declared.kind, value, up, self._now())
        if stepped is None:
            return False
        self.setText(formats.show(self._declared, stepped, self._now()))
        return True


def _stepped(kind: Kind, value: Any, up: bool, now: datetime) -> Any:  # noqa: ANN401 - of the kind; None: cannot step
    by = 1 if up else -1
    if kind in (Kind.INTEGER, Kind.QUANTITY):
        return max(Decimal(0), Decimal(value if value is not None else 0) + by)
    if kind is Kind.DATE:
        return now.date() if value is None else value + timedelta(days=by)
    if kind is Kind.MOMENT:
        return now if value is None else value + timedelta(days=by)
    return None


class MemoEditor(QPlainTextEdit):
    """Several lines: Tab goes on, Enter breaks the line. Grows with its text from two to ten lines."""

    edited = Signal()
    left = Signal()

    def __init__(self, declared: Field, lines: int = 2) -> None:
        super().__init__()
        self._least = lines
        self._kept: Any = None
        self._kept_raw = ""
        self._setting = False
        self.setObjectName(declared.code)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if declared.hint:
            self.setPlaceholderText(_(declared.hint))
        self.textChanged.connect(self._changed)
        self.document().documentLayout().documentSizeChanged.connect(lambda _size: self._grow())
        self._grow()

    def _raw(self) -> str:
        # toPlainText() would turn hard blanks and line separators into others.
        return self.document().toRawText().replace("\u2029", "\n")

    def value(self) -> object:
        """The text; untouched, exactly what was set."""
        raw = self._raw()
        return self._kept if raw == self._kept_raw else (raw or None)

    def set_value(self, value: object) -> None:
        """Show a text."""
        self._setting = True
        self.setPlainText("" if value is None else str(value))
        self._setting = False
        self._kept, self._kept_raw = value, self._raw()
        self._grow()

    def _changed(self) -> None:
        if not self._setting:
            self.edited.emit()

    def _grow(self) -> None:
        lines = min(10, max(self._least, round(self.document().size().height())))
        before, height = self.height(), lines * self.fontMetrics().lineSpacing() + 18
        self.setFixedHeight(height)
        if height > before and self.hasFocus():  # else one would type below the edge of the page
            QTimer.singleShot(0, self, partial(into_sight, self))

    def resizeEvent(self, event: Any) -> None:  # noqa: ANN401 - QResizeEvent
        """Another width, other lines."""
        super().resizeEvent(event)
        self._grow()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving."""
        super().focusOutEvent(event)
        self.left.emit()


class ComboEditor(QComboBox):
    """One of many choices, empty first. Typing jumps to what contains it; the wheel scrolls the page instead."""

    edited = Signal()
    left = Signal()

    def __init__(self, declared: Field, choices: Sequence[Choice] | None = None) -> None:
        super().__init__()
        self._choices = tuple(declared.choices if choices is None else choices)
        self._typed, self._typed_at = "", 0.0
        self.setObjectName(declared.code)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        self.setMaxVisibleItems(16)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.addItem("", "")
        for code, word in pairs_of(self._choices):
            self.addItem(word, code)
        self.activated.connect(lambda _place: self.edited.emit())
        self.view().installEventFilter(self)

    def value(self) -> object:
        """The code, None for the empty row."""
        return self.currentData() or None

    def set_value(self, value: object) -> None:
        """Choose a code; one that is no longer declared is shown as itself."""
        place = self.findData(value or "")
        if place < 0:
            self.addItem(str(value), value)
            place = self.count() - 1
        self.setCurrentIndex(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on, letters jump, Delete empties."""
        if plain_enter(event):
            self.focusNextChild()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.currentIndex() > 0:
            self.setCurrentIndex(0)
            self.edited.emit()
        else:
            before = self.currentIndex()
            if not self._jump(event.text() if event.text().isprintable() and not event.text().isspace() else ""):
                super().keyPressEvent(event)
            if self.currentIndex() != before:
                self.edited.emit()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Words that an input method brings jump as letters do."""
        before = self.currentIndex()
        self._jump(event.commitString())
        if self.currentIndex() != before:
            self.edited.emit()
        event.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Typing in the open list goes to what contains it, too; what is chosen there is chosen by Enter or a click."""
        typed = event.text() if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress else ""
        if watched is not self.view() or not typed.isprintable() or not typed.strip():
            return super().eventFilter(watched, event)
        if (found := self._sought(typed, self.view().currentIndex().row())) is not None:
            self.view().setCurrentIndex(self.model().index(found, 0))
        return True

    def _jump(self, typed: str) -> bool:
        if typed and (found := self._sought(typed, self.currentIndex())) is not None:
            self.setCurrentIndex(found)
        return bool(typed)

    def _sought(self, typed: str, here: int) -> int | None:
        """The next choice that contains what was typed within a second, its pinyin or the initials of that."""
        self._typed = typed if monotonic() - self._typed_at > PAUSE_S else self._typed + typed
        self._typed_at = monotonic()
        wanted = key(self._typed)
        start = here + (0 if len(self._typed) > len(typed) else 1)
        words = {place: self.itemText(place) for place in (*range(start, self.count()), *range(start))}
        found = next((place for place, word in words.items() if wanted in key(word)), None)
        if found is None and wanted.isascii():
            found = next((place for place, word in words.items() if any(wanted in said for said in pinyin_of(word))), None)
        return found

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Not ours."""
        event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()


class SegmentsEditor(Segments):
    """Two to four short choices, or yes and no; can be left open."""

    edited = Signal()

    def __init__(self, declared: Field) -> None:
        choices = fields.YES_NO if declared.kind is Kind.BOOLEAN else declared.choices
        super().__init__(pairs_of(choices), clearable=True, wraps=True, name=declared.code)
        self._boolean = declared.kind is Kind.BOOLEAN
        self.chosen.connect(lambda _code: self.edited.emit())

    def value(self) -> Any:  # noqa: ANN401 - code or truth; the bare code is the piece's
        """The code; of yes and no the truth; None while open."""
        code = super().value()
        return {"true": True, "false": False}.get(code) if self._boolean else (code or None)

    def set_value(self, code: object) -> None:
        """Choose without telling."""
        if isinstance(code, bool):
            code = "true" if code else "false"
        super().set_value(str(code or ""))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on."""
        if plain_enter(event):
            self.focusNextChild()
        else:
            super().keyPressEvent(event)


class CheckEditor(QCheckBox):
    """Yes where ticked, else no."""

    edited = Signal()
    left = Signal()

    def __init__(self, declared: Field) -> None:
        super().__init__()
        self.setObjectName(declared.code)
        self.clicked.connect(lambda _on: self.edited.emit())

    def value(self) -> object:
        """Truth."""
        return self.isChecked()

    def set_value(self, value: object) -> None:
        """None is no."""
        self.setChecked(bool(value))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on."""
        if plain_enter(event):
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving."""
        super().focusOutEvent(event)
        self.left.emit()


class TagsEditor(ToggleRow):
    """Any of some choices, as toggles in a row that wraps."""

    edited = Signal()
    left = Signal()

    def __init__(self, declared: Field) -> None:
        super().__init__(pairs_of(declared.choices))
        self.setObjectName(declared.code)
        self.toggled.connect(self.edited)
        self.toggled.connect(self.left)

    def value(self) -> object:
        """Codes, None for none."""
        return self.chosen() or None

    def set_value(self, value: object) -> None:
        """Choose codes without telling."""
        self.choose(tuple(value) if isinstance(value, (tuple, list)) else ())


def editor_for(declared: Field, now: Clock, *, check: bool = False) -> QWidget:
    """The editor that suits a field; `check`: yes or no as a box to tick. RECORD fields have their own, with a picker."""
    kind = declared.kind
    if kind is Kind.MEMO:
        return MemoEditor(declared)
    if kind is Kind.BOOLEAN:
        return CheckEditor(declared) if check else SegmentsEditor(declared)
    if kind is Kind.CHOICE:
        return SegmentsEditor(declared) if suits_segments(declared.choices) else ComboEditor(declared)
    if kind is Kind.TAGS and declared.choices:
        return TagsEditor(declared)
    return TextEditor(declared, now)


def suits_segments(choices: Sequence[Choice]) -> bool:
    """Two to four choices whose words are short in the language in use."""
    room = SHORT if any(ord(character) > 0x2E7F for choice in choices for character in _(choice.label)) else 2 * SHORT
    short = all(len(_(choice.label)) <= room and not choice.group for choice in choices)
    return 2 <= len(choices) <= 4 and short


def unreadable(declared: Field, value: object, now: datetime) -> str:
    """Why a value cannot be read; empty where it can, or where there is none."""
    if value is None or declared.kind is Kind.RECORD:
        return ""
    try:
        fields.read(declared, value, now)
    except UserError as error:
        return str(error)
    return ""
