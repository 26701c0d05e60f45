"""The handling methods as chips: those that fit first, the others marked, and the guard of the chosen one below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.fields import Field
from app.core.language import _
from app.models import methods
from app.views import style
from app.views.editors import plain_enter
from app.views.pieces.basics import Button, IconMark, box, label, row
from app.views.pieces.flow import Flow
from app.views.pieces.options import Options


class MethodEditor(Options):
    """One method or none."""

    edited = Signal()

    def __init__(self, declared: Field) -> None:
        super().__init__(declared.code, clearable=True)
        self._words = {choice.code: _(choice.label) for choice in declared.choices}
        self._offered: tuple[str, ...] = ()
        self._told: Mapping[str, Any] = {}
        self._wrong = ""
        self._chips = {code: Button(word, "chip") for code, word in self._words.items()}
        for code, chip in self._chips.items():
            self.hold(code, chip)
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
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for part in (chips, self._unfit, self._guard):
            layout.addWidget(part)
        self.chosen.connect(lambda _code: self.edited.emit())
        self.offer({})

    def value(self) -> Any:  # noqa: ANN401 - None where there is none; the bare code is the group's
        """The code; None where none is chosen."""
        return super().value() or None

    def set_value(self, code: object) -> None:
        """Choose without telling; a code that is no longer declared is kept, and seen at no chip."""
        super().set_value(str(code or ""))
        self._show()

    def offer(self, values: Mapping[str, Any]) -> None:
        """What is known of the objection: methods that fit come first, best first."""
        self._told = {code: values.get(code) for code in ("nature", "cause")}
        fitting = methods.admissible(self._told)
        offered = (*fitting, *(code for code in self._words if code not in fitting))
        if offered != self._offered:
            self._offered = offered
            self.arrange(offered)
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
        self._describe()

    def setAccessibleDescription(self, words: str) -> None:
        """What is wrong with the field is heard after what is to be heeded with the method."""
        super().setAccessibleDescription(words)
        self._wrong = words
        self._describe()

    def _describe(self) -> None:
        for code, chip in self._chips.items():
            unfit = "" if methods.fits(code, self._told) else _("Against the guard here; choosing it asks for a reason.")
            chip.setAccessibleDescription("\n".join(part for part in (methods.guard(code), unfit, self._wrong) if part))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on."""
        if plain_enter(event):
            self.focusNextChild()
        else:
            super().keyPressEvent(event)
