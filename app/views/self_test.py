"""The self-test: the customer's words, think, Space, the answer, a digit. Which card comes when is the schedule's matter."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.core import formats
from app.core.language import N_, _
from app.models import cards, evidence, practice
from app.models.cards import Card
from app.views import style
from app.views.bench_lines import since
from app.views.desk import Desk
from app.views.page import Page
from app.views.pieces.area import Area
from app.views.pieces.basics import IconMark, box, button, clear, column, hairline, label, row
from app.views.pieces.heads import Elided, Head
from app.views.pieces.pills import Pill, face

_WIDEST = 720
_RATINGS = (N_("Forgotten"), N_("With trouble"), N_("Known"), N_("Easily"))
_SHOW = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class SelfTestPage(Page):
    """One card after the other, worked by Space and 1 to 4."""

    nav = "cards"
    topics = ("card", "evidence")
    new_kind = "card"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(self.name())
        self.card: Card | None = None
        self.shown = False
        self._left = label("", "secondary")
        self._face = box("card")
        self._face.setMaximumWidth(style.px(_WIDEST))
        self._body = QVBoxLayout(self._face)
        self._body.setContentsMargins(28, 24, 28, 24)
        self._body.setSpacing(14)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addLayout(column(self._face, None), 100)
        across.addStretch(1)
        self._area = Area(across, 8)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head = Head(lambda: desk.go("cards"))
        head.show_title(self.name(), [self._left])
        self.build(head, self._area)
        self.refresh()

    def name(self) -> str:
        """For the title of the window."""
        return _("Self-test")

    def refresh(self) -> None:
        """The first card that is due; one that was just answered waits behind the others."""
        today = practice.today(self.session)
        others = [card for card in today.cards if self.card is None or card.id != self.card.id or not self.shown]
        self._left.setText(_("{left} left today, {done} answered").format(left=len(today.cards), done=today.answered))
        self.card, self.shown = next(iter([*others, *today.cards]), None), False
        self._show_front()

    def _show_front(self) -> None:
        clear(self._body)
        if self.card is None:
            self._show_end()
            return
        self._say_front(self.card)
        hint = label(_("Answer aloud, as you would to the customer."), "hint")
        show = button(_("Show the answer  Space"), "primary", "eye", name="show", on_click=self.show_answer)
        self._body.addLayout(row(hint, None, show))
        self._area.verticalScrollBar().setValue(0)

    def _say_front(self, card: Card) -> None:
        content = (
            [Pill(formats.label(Card.field("content"), card.content), face("content", card.content))] if card.content else []
        )
        edition = _("{number}, edition {edition}").format(number=card.number, edition=card.edition)
        self._body.addLayout(row(*content, label(edition, "hint"), None))
        words = label(_("“{words}”").format(words=card.words), "title", wrap=True, selectable=True)
        self._body.addWidget(words)

    def show_answer(self) -> None:
        """Turn the card over."""
        card = self.card
        if card is None or self.shown:
            return
        self.shown = True
        clear(self._body)
        self._say_front(card)
        self._body.addWidget(hairline())
        self._body.addWidget(label(card.answer or "", wrap=True, selectable=True))
        self._say_method(card)
        for proof in cards.proofs_of(card):
            self._say_proof(proof)
        self._body.addWidget(hairline())
        self._body.addLayout(self._ratings(card))
        self.setFocus()

    def _say_method(self, card: Card) -> None:
        method = Card.field("method").choice(card.method or "")
        if method is not None:
            told = _("{caption}: {value}").format(caption=_("Handling method"), value=_(method.label))
            self._body.addWidget(label(told, "strong"))
            self._body.addWidget(label(_(method.hint), "secondary", wrap=True))

    def _say_proof(self, proof: evidence.Evidence) -> None:
        fault = evidence.fault(self.session, proof)
        mark = IconMark("alert-triangle" if fault else "shield-check", "warn" if fault else "text2", 16)
        source = label(fault or proof.source or "", "warning" if fault else "hint", wrap=True)
        self._body.addLayout(row(mark, Elided(str(proof.title), "strong"), source, None))
        self._body.addWidget(label(str(proof.text), "secondary", wrap=True, selectable=True))

    def _ratings(self, card: Card) -> QHBoxLayout:
        """Four buttons, each with its digit and when the card comes again."""
        spans = practice.outlook(self.session, card)
        line = row(gap=10)
        for rating, word, span in zip(practice.RATINGS, _RATINGS, spans, strict=True):
            told = f"{rating}  {_(word)}"
            act = button(told, "outline", name=f"rate_{rating}", on_click=partial(self.rate, rating))
            again = label(_again(span), "hint")
            again.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            one = QVBoxLayout()
            one.setSpacing(2)
            one.addWidget(act)
            one.addWidget(again)
            line.addLayout(one, 1)
        return line

    def rate(self, rating: int) -> None:
        """Keep how it went, and on to the next card."""
        if self.card is not None and self.shown:
            card = self.card
            self.desk.attempt(lambda: practice.rate(self.session, card, rating))
            self.refresh()
            self.setFocus()

    def _show_end(self) -> None:
        following = practice.next_day(self.session)
        when = _("The next cards come on {day}.").format(day=formats.near(following, self.session.now())) if following else ""
        nothing = when or _("Cards that are published can be learnt here.")
        for widget in (IconMark("circle-check", "ok", 40), label(_("Nothing is due today"), "card"), label(nothing, "secondary")):
            self._body.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        to_list = button(_("To the cards"), "outline", "cards", name="to_cards", on_click=lambda: self.desk.go("cards"))
        self._body.addLayout(row(None, to_list, None))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space or Enter turns the card over, a digit rates it."""
        digit = event.key() - Qt.Key.Key_0
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.key() in _SHOW and not self.shown:
            self.show_answer()
        elif plain and digit in practice.RATINGS and self.shown:
            self.rate(digit)
        else:
            super().keyPressEvent(event)


def _again(span: timedelta) -> str:
    return _("again in {span}").format(span=since(span))
