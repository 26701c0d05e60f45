"""The handling methods as chips: those that fit first, the others marked, and the guard of the chosen one below."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QIcon, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.fields import Field
from app.core.language import _
from app.models import methods
from app.views import style
from app.views.editors import plain_enter
from app.views.pieces.basics import Button, IconMark, box, label, row
from app.views.pieces.flow import Flow
from app.views.spoken import describe

_EDGE = 3


class MethodEditor(QWidget):
    """One method or none: ←→ and digits choose, Delete or a second click chooses none."""

    edited = Signal()
    left = Signal()

    def __init__(self, declared: Field) -> None:
        super().__init__()
        self.setObjectName(declared.code)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._words = {choice.code: _(choice.label) for choice in declared.choices}
        self._value = ""
        self._offered: tuple[str, ...] = tuple(self._words)
        self._told: Mapping[str, Any] = {}
        self._chips = {code: self._chip(code) for code in self._words}
        chips = QWidget()
        self._flow = Flow(chips)
        self._unfit = label("", "hint", wrap=True)
        self._guard = box("info")
        self._mark = IconMark("info-circle", "accent", 18)
        self._guard_words = label("", wrap=True)
        inner = row(self._mark, self._guard_words, margins=(12, 8, 12, 8), gap=10)
        inner.setAlignment(self._mark, Qt.AlignmentFlag.AlignTop)
        inner.setStretch(1, 1)
        self._guard.setLayout(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_EDGE, _EDGE, _EDGE, _EDGE)
        layout.setSpacing(8)
        for part in (chips, self._unfit, self._guard):
            layout.addWidget(part)
        self.offer({})

    def _chip(self, code: str) -> Button:
        made = Button(self._words[code], "chip", name=f"method_{code}")
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.clicked.connect(partial(self._clicked, code))
        return made

    def value(self) -> object:
        """The code; None where none is chosen."""
        return self._value or None

    def set_value(self, value: object) -> None:
        """Choose without telling; a code that is no longer declared is kept, and seen at no chip."""
        self._value = str(value or "")
        self._show()

    def offer(self, values: Mapping[str, Any]) -> None:
        """What is known of the objection: methods that fit come first, best first."""
        self._told = {code: values.get(code) for code in ("nature", "cause")}
        fitting = methods.admissible(self._told)
        offered = (*fitting, *(code for code in self._words if code not in fitting))
        if offered != self._offered or not self._flow.count():
            self._offered = offered
            while self._flow.takeAt(0) is not None:
                pass
            for code in offered:
                self._flow.addWidget(self._chips[code])
        unfit = [self._words[code] for code in offered if code not in fitting]
        words = _("Against the guard here: {methods}. Choosing one asks for a reason.").format(methods=_(", ").join(unfit))
        self._unfit.setText(words if unfit else "")
        self._show()

    def _show(self) -> None:
        best = methods.recommended(self._told)
        for code, chip in self._chips.items():
            on, unfit = code == self._value, not methods.fits(code, self._told)
            style.polish(chip, on="1" if on else "0")
            mark = ("check", "accent") if on else ("bulb", "ok") if code in best else ("alert-triangle", "warn") if unfit else ()
            chip.show_icon(*mark) if mark else chip.setIcon(QIcon())
        fits = methods.fits(self._value, self._told)
        guard = methods.guard(self._value)
        sentence = _("{field}: {sentence}").format(field=self._words.get(self._value, ""), sentence=guard)
        self._guard_words.setText(sentence if guard else "")
        self._guard.setVisible(bool(guard))
        self._unfit.setVisible(not guard and bool(self._unfit.text()))
        self._mark.change(*("info-circle", "accent") if fits else ("alert-triangle", "warn"))
        style.polish(self._guard, ground="info" if fits else "warn")
        describe(self, sentence if guard else self._unfit.text())

    def _clicked(self, code: str, _checked: bool = False) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._choose("" if code == self._value else code)

    def spoken_value(self) -> str:
        """The method chosen."""
        return self._words.get(self._value, "")

    def _choose(self, code: str) -> None:
        if code != self._value:
            self.set_value(code)
            self.edited.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """←→, digits in the order that is seen, Delete; Enter goes on."""
        place = self._offered.index(self._value) if self._value in self._offered else -1
        digit, last = event.key() - Qt.Key.Key_1, len(self._offered) - 1
        if plain_enter(event):
            self.focusNextChild()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if event.key() == Qt.Key.Key_Right else -1
            self._choose(self._offered[min(last, max(0, place + step))])
        elif 0 <= digit <= last and not event.modifiers():
            self._choose(self._offered[digit])
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._choose("")
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving."""
        super().focusOutEvent(event)
        self.update()
        self.left.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The focus as a border around all chips."""
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(style.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
            painter.end()
