"""The published cards that fit what is being typed, beside the words: the first one in full, the others by their words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core import formats
from app.core.language import _
from app.models.cards import Card as ObjectionCard
from app.services.card_suggestions import Suggestion, suggest
from app.views.desk import Desk
from app.views.pieces.basics import box, button, clear, label, row
from app.views.pieces.cards import Card

_WAIT_MS = 150
_SHOWN = 3


class CardSuggestions(Card):
    """Asks 150 ms after the last change. `chosen`: the number of the card that is used; hidden while none fits."""

    chosen = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Cards that fit"))
        self.setObjectName("card_suggestions")
        self.desk = desk
        self.found: list[Suggestion] = []
        self._asked: tuple[Any, ...] = ()
        self._open = ""
        self._timer = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self._timer.timeout.connect(self._look)
        self.hide()

    def show_for(self, values: Mapping[str, Any]) -> None:
        """What stands in the form now; the same again asks nothing."""
        asked = (str(values.get("what") or ""), values.get("content"), values.get("cause"), values.get("card"))
        if asked != self._asked:
            self._asked = asked
            self._timer.start()

    def _look(self) -> None:
        what, content, cause, _card = self._asked
        self.found = suggest(self.desk.session, what, content, cause, _SHOWN)
        if self._open not in [one.card.number for one in self.found]:
            self._open = self.found[0].card.number if self.found else ""
        self._fill()
        self.setVisible(bool(self.found))

    def _fill(self) -> None:
        clear(self.body)
        for one in self.found:
            self.body.addWidget(self._one(one))

    def _one(self, one: Suggestion) -> QWidget:
        card, used = one.card, one.card.number == self._asked[3]
        made = box("block")
        layout = QVBoxLayout(made)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(6)
        layout.addWidget(label(_("“{words}”").format(words=card.words), "strong", wrap=True))
        if card.number == self._open:
            layout.addWidget(label(card.answer or "", "secondary", wrap=True, selectable=True))
            layout.addWidget(label(_usage(one), "hint", wrap=True))
            for sentence in one.faults:
                layout.addWidget(label(sentence, "warning", wrap=True))
            use = button(_("Used") if used else _("Use it"), "link", "check" if used else "cards", name=f"use_{card.number}")
            use.clicked.connect(partial(self._choose, card.number))
            use.setEnabled(not used)
            layout.addLayout(row(None, use))
        else:
            look = button(_("Look"), "link", name=f"look_{card.number}", on_click=partial(self._turn_to, card.number))
            layout.addLayout(row(label(_usage(one), "hint"), None, look))
        return made

    def _turn_to(self, number: str) -> None:
        self._open = number
        self._fill()

    def _choose(self, number: str, _checked: bool = False) -> None:
        self.chosen.emit(number)


def _usage(one: Suggestion) -> str:
    """Method, and how often it was used and helped."""
    method = formats.label(ObjectionCard.field("method"), one.card.method) if one.card.method else ""
    told = _("used {used} times, helped {helped} times").format(used=one.usage.used, helped=one.usage.helped)
    return " · ".join(part for part in (method, told) if part)
