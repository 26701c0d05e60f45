"""Objection cards: the list, the page with its four stages and what became of it, and the form."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core import formats
from app.core.language import N_, _
from app.models import card_use, cards, evidence, practice
from app.models.listing import CARDS, OBJECTIONS
from app.models.record import Record, Values, add
from app.reports import papers
from app.views import style
from app.views.bench_lines import since
from app.views.case_page import CasePage, Tab
from app.views.facts import counted, fact_grid
from app.views.form_page import FormPage
from app.views.forms import Lines, Section, Shape
from app.views.lists import ListPage
from app.views.messages import MessageBar
from app.views.pieces.basics import Button, IconMark, button, column, label, row
from app.views.pieces.pills import Pill, face
from app.views.pieces.stations import DONE, NOW, TODO, Station, StationLine
from app.views.preview import fact_pairs

_STAGES = (
    ("collected", N_("Collect"), ("add",), "card", "pencil"),
    ("discussed", N_("Discuss together"), ("discuss",), "minutes", "messages"),
    ("rehearsed", N_("Rehearse the scene"), ("rehearse",), "rehearsals", "users"),
    ("published", N_("Make the card"), ("publish",), "card", "cards"),
)
"""Status, the station's word, the step that passes it, the tab that tells of it, icon."""
_TITLE, _EVIDENCE_FROM = 280, 1000


class CardsPage(ListPage):
    """All cards, with the ways to evidence, self-test and paper."""

    listing, title, nav = CARDS, N_("Objection cards"), "cards"
    topics = ("card", "objection")
    hint = N_("Number, the customer's words, answer")
    new_kind, new_label, empty_icon = "card", N_("Write a card"), "cards"
    empty_words = N_("Write down how an objection that comes again and again is best answered.")
    stretch = "words"

    def extra_acts(self) -> list[Button]:
        """The self-test, the evidence, and all cards on paper."""
        self._test = button("", icon="repeat", name="self_test", on_click=partial(self.desk.go, "self_test"))
        evidence = partial(self.desk.go, "evidence")
        printed = partial(self.desk.paper, papers.CARDS, "")
        return [
            self._test,
            button(_("Evidence"), icon="shield-check", name="evidence", on_click=evidence),
            button(_("Print all published cards"), icon="printer", name="print_cards", on_click=printed),
        ]

    def refresh(self) -> None:
        """With the number of cards that are due."""
        super().refresh()
        due = len(practice.today(self.session).cards)
        self._test.say(_("Self-test ({count})").format(count=due) if due else _("Self-test"))


class CardPage(CasePage):
    """A card: stages, whose turn, what it says, minutes, rehearsals, and where it was used."""

    nav = "cards"
    topics = ("card", "evidence", "objection")

    def title(self) -> str:
        """The beginning of the customer's words."""
        words = str(self.case.record["words"]).replace("\n", " ")
        measures = style.metrics(style.TITLE, bold=True)
        return _("“{words}”").format(words=measures.elidedText(words, Qt.TextElideMode.ElideRight, style.px(_TITLE)))

    def stations(self) -> QWidget:
        """The four stages, a fifth where the card is retired, and what is wrong with its evidence."""
        record = self.case.record
        codes = [stage[0] for stage in _STAGES]
        reached = codes.index(record.status) if record.status in codes else len(_STAGES) - 1
        passed = {entry.action: (formats.near(entry.at, self.session.now()), entry.who) for entry in self.case.history}
        found = [self._station(place, reached, passed) for place in range(len(_STAGES))]
        if record.status == "retired":
            when, who = passed["retire"]
            found.append(Station("retired", _("Retired"), NOW, when, who, "ban", "mute"))
        line = StationLine(found, _("Edition {n}").format(n=record.edition) if record.edition > 1 else "")
        line.activated.connect(self._asked)
        faults = cards.faults(self.session, record) if record.status == "published" else ()
        made = QWidget()
        made.setLayout(column(line, *(MessageBar("warn", sentence) for sentence in faults), gap=8))
        return made

    def _station(self, place: int, reached: int, passed: dict[str, tuple[str, str]]) -> Station:
        code, word, steps, _tab, icon = _STAGES[place]
        alive = self.case.record.status != "voided"
        state = DONE if alive and place <= reached else NOW if alive and place == reached + 1 else TODO
        when, who = next((passed[step] for step in steps if step in passed), ("", ""))
        if state == NOW:
            when, who = self._waiting(), ""
        return Station(code, _(word), state, when if state != TODO else "", who if state == DONE else "", icon, "accent")

    def _waiting(self) -> str:
        last = [entry.at for entry in self.case.history if entry.action in ("add", "discuss", "rehearse")]
        return since(self.session.clock() - last[-1]) if last else ""

    def _asked(self, code: str) -> None:
        self.open_tab(next((stage[3] for stage in _STAGES if stage[0] == code), "card"))

    def tabs(self) -> list[Tab]:
        """With counts where there is something to count."""
        values = self.case.values
        return [
            ("card", _("Card")),
            ("minutes", counted(_("Minutes"), len(values["minutes"]))),
            ("rehearsals", counted(_("Rehearsals"), len(values["rehearsals"]))),
            ("uses", counted(_("Used"), self._usage().used)),
            ("attachments", counted(_("Files"), len(self.case.files))),
        ]

    def tab(self, code: str) -> QWidget:
        """What stands in a tab."""
        if code == "card":
            return self._card()
        if code in ("minutes", "rehearsals"):
            return self._notes(self.case.values[code], *(("present", "text") if code == "minutes" else ("players", "note")))
        return self._uses() if code == "uses" else self.files()

    def _notes(self, lines: list[Values], who: str, told: str) -> QWidget:
        """What was noted, newest first, in full."""
        made = QWidget()
        layout = QVBoxLayout(made)
        layout.setContentsMargins(0, 0, 0, 0)
        for line in reversed(lines):
            held = formats.day(line["held_on"]) if line["held_on"] else ""
            layout.addLayout(row(label(held, "strong"), label(line[who] or "", "hint", wrap=True), None))
            layout.addWidget(label(line[told], wrap=True, selectable=True))
        if not lines:
            layout.addWidget(label(_("Nothing is noted yet."), "secondary"))
        return made

    def _usage(self) -> card_use.Usage:
        return card_use.usage([self.case.record])[self.case.record.id]

    def _card(self) -> QWidget:
        record = self.case.record
        codes = ("words", "answer", "method", "content", "cause", "published_at", "retired_reason")
        made = QWidget()
        layout = QVBoxLayout(made)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(fact_grid(fact_pairs(self.session, record, codes)))
        for proof in cards.proofs_of(record):
            layout.addLayout(self._proof(proof))
        if record["from_objection"]:
            origin = button(record["from_objection"], "link", on_click=partial(self.desk.open, record["from_objection"]))
            layout.addLayout(row(label(_("From objection"), "small"), origin, None))
        return made

    def _proof(self, proof: evidence.Evidence) -> QHBoxLayout:
        words = button(f"{proof.number}  {proof.title}", "link", "shield-check", on_click=partial(self.desk.open, proof.number))
        fault = evidence.fault(self.session, proof)
        pill = [Pill(_("no longer holds"), face("evidence", "expired"))] if fault else []
        return row(label(_("Supporting evidence"), "small"), words, *pill, label(proof.source or "", "hint"), None)

    def _uses(self) -> QWidget:
        made = QWidget()
        layout = QVBoxLayout(made)
        layout.setContentsMargins(0, 0, 0, 0)
        usage, now = self._usage(), self.session.now()
        told = _("used {used} times, helped {helped} times").format(used=usage.used, helped=usage.helped)
        layout.addWidget(label(told, "strong"))
        for use in card_use.uses(self.session, self.case.record):
            mark = IconMark("circle-check" if use.helped else "circle-dashed", "ok" if use.helped else "text3", 16)
            link = button(use.number, "link", on_click=partial(self.desk.open, use.number))
            status = Pill(formats.label(OBJECTIONS.field("status"), use.status), face("status", use.status))
            told = f"{use.customer}   {formats.near(use.occurred_at, now)}"
            layout.addLayout(row(mark, link, status, label(told, "hint"), None))
            layout.addWidget(label(use.what, "secondary", wrap=True))
        return made


class CardForm(FormPage):
    """A card written by hand, or one that is changed: published, it becomes its next edition."""

    kind = cards.Card
    nav = "cards"
    new_kind = "card"
    title_new, title_edit = N_("Write a card"), N_("Edit card")

    def shape(self) -> Shape:
        """What the customer says, what is answered, and what that rests on."""
        sections = (
            Section(N_("The objection"), ("words", "content", "cause")),
            Section(N_("The answer"), ("answer", "method"), N_("can be completed after the discussion")),
            Section(N_("Supporting evidence"), lines="evidence_lines"),
        )
        codes = {code for section in sections for code in section.codes}
        fields = tuple(field for field in cards.Card.FIELDS if field.code in codes)
        return Shape(fields, sections, {"evidence_lines": Lines(cards.EvidenceLine.FIELDS, (), N_("Find evidence"))})

    def first_field(self) -> str:
        """The customer's words."""
        return "words"

    def title_of(self, values: dict[str, Any]) -> str:
        """The beginning of the words."""
        return _("Card: {words}").format(words=str(values.get("words") or "").replace("\n", " ")[:20])

    def write(self, raw: dict[str, Any]) -> Record:
        """A new card."""
        return add(self.session, cards.Card, raw)

    def side_cards(self, values: dict[str, Any]) -> list[QWidget]:
        """That saving makes a new edition."""
        record = self._record
        if not isinstance(record, cards.Card) or record.status != "published":
            return []
        told = _("Published. What is saved now is edition {n}.").format(n=record.edition + 1)
        return [MessageBar("info", told)]
