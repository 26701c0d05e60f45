"""The evidence library 依据: the list, the page of a piece of evidence with the cards that rest on it, and the form."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.fields import Field
from app.core.language import N_, _
from app.models import card_use, evidence
from app.models.cards import Card
from app.models.evidence import Evidence
from app.models.listing import CARDS, EVIDENCE
from app.models.record import Record, add
from app.views.case_page import CasePage, Tab
from app.views.facts import counted, fact_grid
from app.views.form_page import FormPage
from app.views.forms import Section, Shape
from app.views.lists import ListPage
from app.views.messages import MessageBar
from app.views.pieces.basics import button, label, row
from app.views.pieces.pills import Pill, face
from app.views.preview import fact_pairs
from app.views.table_model import Column, column_of

_CODES = ("title", "type", "source", "valid_from", "valid_to", "text")


class EvidenceListPage(ListPage):
    """All evidence; what has expired is marked."""

    listing, title, nav = EVIDENCE, N_("Supporting evidence"), "cards"
    topics = ("evidence", "card")
    hint = N_("Number, title, text, source")
    new_kind, new_label, empty_icon = "evidence", N_("Add evidence"), "shield-check"
    empty_words = N_("Add what proves an answer: a report, a certificate, a rule, with the day until which it holds.")
    stretch = "title"

    def _column(self, declared: Field, shown: bool) -> Column:
        if declared.code == "valid_to":
            return column_of(declared, shown=shown, face="until")
        return super()._column(declared, shown)


class EvidencePage(CasePage):
    """A piece of evidence: what it says, from when until when, and which cards rest on it."""

    nav = "cards"
    topics = ("evidence", "card")

    def title(self) -> str:
        """Its title."""
        return str(self.case.record["title"])

    def stations(self) -> QWidget | None:
        """That it does not hold today."""
        assert isinstance(self.case.record, Evidence)
        fault = evidence.fault(self.session, self.case.record)
        return MessageBar("warn", fault) if fault else None

    def tabs(self) -> list[Tab]:
        """Three tabs."""
        return [
            ("text", _("What it says")),
            ("cards", counted(_("Cards"), len(self._cards()))),
            ("attachments", counted(_("Files"), len(self.case.files))),
        ]

    def _cards(self) -> list[Card]:
        assert isinstance(self.case.record, Evidence)
        return card_use.resting_on(self.case.record)

    def tab(self, code: str) -> QWidget:
        """What stands in a tab."""
        if code == "text":
            return fact_grid(fact_pairs(self.session, self.case.record, _CODES[1:]))
        return self._resting() if code == "cards" else self.files()

    def _resting(self) -> QWidget:
        made = QWidget()
        layout = QVBoxLayout(made)
        layout.setContentsMargins(0, 0, 0, 0)
        for card in self._cards():
            link = button(f"{card.number}  {card.words}", "link", "cards", on_click=partial(self.desk.open, card.number))
            status = next(_(choice.label) for choice in CARDS.statuses if choice.code == card.status)
            layout.addLayout(row(link, Pill(status, face("status", card.status)), None))
        if not self._cards():
            layout.addWidget(label(_("No card rests on it."), "secondary"))
        return made


class EvidenceForm(FormPage):
    """A new piece of evidence, or one that is corrected."""

    kind = Evidence
    nav = "cards"
    new_kind = "evidence"
    title_new, title_edit = N_("Add evidence"), N_("Edit evidence")

    def shape(self) -> Shape:
        """One card."""
        fields = tuple(Evidence.field(code) for code in _CODES)
        return Shape(fields, (Section(N_("Supporting evidence"), _CODES, wide=("title", "text")),), numbered=False)

    def title_of(self, values: dict[str, Any]) -> str:
        """Its title."""
        return _("Evidence: {title}").format(title=values.get("title") or "")

    def write(self, raw: dict[str, Any]) -> Record:
        """New evidence."""
        return add(self.session, Evidence, raw)
