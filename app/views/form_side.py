"""What stands beside a form: warnings, facts, what is still missing. On narrow pages it moves into the header, short."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from PySide6.QtWidgets import QMenu, QWidget

from app.core.language import _
from app.views import style
from app.views.forms import Form
from app.views.messages import MessageBar
from app.views.pieces.basics import action, button, label, menu_button
from app.views.pieces.cards import Card
from app.views.pieces.side import Side

WIDTH = 268
_MOST = 8


class Heed(NamedTuple):
    """A warning that does not forbid saving; `number` is the record that it speaks of, if it can be opened."""

    sentence: str
    number: str = ""


class FormSide:
    """The column, and the three widgets that stand for it in the header of a narrow page."""

    def __init__(self, form: Form, opened: Callable[[str], object], width: int = WIDTH, *, says_complete: bool = True) -> None:
        self._form, self._open = form, opened
        self._narrow, self.says_complete = False, says_complete
        self._heeds: Sequence[Heed] = ()
        self.column = Side(width)
        self._menu = QMenu(form)
        self._missing = menu_button("", self._menu, name="missing")
        self._warning = button("", "link", "alert-triangle", name="heed", on_click=self._show_warned)
        self._warning.show_icon("alert-triangle", "warn")
        style.polish(self._warning, tone="warn")
        self._missing.hide()
        self._warning.hide()
        self.short: list[QWidget] = [self._warning, self._missing, self.column.opener()]

    def show(self, heeds: Sequence[Heed], cards: Sequence[QWidget]) -> None:
        """What is known now."""
        self._heeds = heeds
        missing = self._form.missing()
        words = _("{count} still missing").format(count=len(missing)) if missing else _("Nothing is missing")
        lack = [self._card(words, missing)] if missing or self.says_complete else []
        self.column.show_cards([*map(self._bar, heeds), *cards, *lack])
        self._warning.say(heeds[0].sentence if heeds else "")
        self._missing.say(words)
        self._menu.clear()
        for code, sentence in missing:
            action(self._menu, sentence, partial(self._form.focus_field, code), "circle-dashed")
        self.fold(self._narrow)

    def fold(self, on: bool) -> None:
        """Into the header, or beside the form again."""
        self._narrow = on
        self.column.fold(on)
        self._missing.setVisible(on and not self._menu.isEmpty())
        self._warning.setVisible(on and bool(self._heeds))

    def _bar(self, heed: Heed) -> MessageBar:
        return MessageBar("warn", heed.sentence, ((heed.number, partial(self._open, heed.number)),) if heed.number else ())

    def _card(self, title: str, missing: Sequence[tuple[str, str]]) -> Card:
        card = Card(title)
        for code, words in missing[:_MOST]:
            card.body.addWidget(button(words, "link", "circle-dashed", on_click=partial(self._form.focus_field, code)))
        if not missing:
            card.body.addWidget(label(_("It can be saved."), "secondary"))
        return card

    def _show_warned(self) -> None:
        if self._heeds and self._heeds[0].number:
            self._open(self._heeds[0].number)
        else:
            self.column.open()
