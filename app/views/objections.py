"""The objection form 异议登记: customer, the five elements, classification, handling method, the five steps, and how it went."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from PySide6.QtWidgets import QWidget

from app.core.errors import UserError
from app.core.language import N_, _
from app.core.times import Moment
from app.models import objection_steps
from app.models.cards import Card
from app.models.customers import Customer
from app.models.objections import STEP_NAMES, Objection
from app.models.record import Record, add, find
from app.views import style
from app.views.card_suggestions import CardSuggestions
from app.views.customer_facts import customer_card
from app.views.editors import TextEditor
from app.views.form_page import FormPage
from app.views.forms import Section, Shape
from app.views.pieces.basics import button, label
from app.views.pieces.cards import Card as Surface
from app.views.pieces.choosers import Segments
from app.views.pieces.heads import NARROW

_STEPS = tuple(code for name, _word in STEP_NAMES for code in (f"step_{name}", f"step_{name}_note"))
_SECTIONS = (
    Section(N_("Customer and source"), ("customer", "channel")),
    Section(
        N_("The five elements"), ("occurred_at", "where", "who", "what", "wish"), N_("what and wish in the customer's own words")
    ),
    Section(
        N_("Classification"),
        ("expression", "nature", "hidden_demand", "content", "family", "cause", "product"),
        N_("can be completed later; counted as unclassified until then"),
    ),
    Section(N_("Handling method"), ("method", "handler", "card", "method_reason"), wide=("card", "method_reason")),
    Section(N_("The five steps"), _STEPS),
)
_OUTCOMES = (("", N_("Open")), ("close", N_("Solved at once")), ("promise", N_("Promise a reply")))


class ObjectionForm(FormPage):
    """A new objection with its outcome on the spot, or one that is corrected."""

    kind = Objection
    nav = "objections"
    new_kind = "objection"
    title_new, title_edit = N_("Write down objection"), N_("Edit objection")

    def _lay_out(self) -> None:
        super()._lay_out()
        self.suggestions = CardSuggestions(self.desk)
        self.suggestions.chosen.connect(self._use_card)
        self._side.column.above.addWidget(self.suggestions)

    def refresh_side(self) -> None:
        """With the cards that fit."""
        super().refresh_side()
        self.suggestions.show_for(self.raw())

    def narrow(self, width: int) -> None:
        """The cards that fit stand beside the words, or below them."""
        super().narrow(width)
        below = width < style.px(NARROW)
        (self.form.cards[1].body if below else self._side.column.above).addWidget(self.suggestions)

    def _use_card(self, number: str) -> None:
        """The card is named, and its method taken where none was chosen."""
        method = find(self.session, Card, number).method
        chosen = {"card": number} | ({"method": method} if method and not self.raw()["method"] else {})
        self.form.set_values(chosen)
        self.form.changed.emit("card")

    def shape(self) -> Shape:
        """Five cards."""
        codes = {code for section in _SECTIONS for code in section.codes}
        fields = tuple(field for field in Objection.FIELDS if field.code in codes)
        return Shape(fields, _SECTIONS, checks=frozenset(code for code in _STEPS if not code.endswith("_note")))

    def first_values(self) -> dict[str, Any]:
        """Now, by phone, handled by the person who writes."""
        return {"occurred_at": self.session.clock(), "channel": "phone", "handler": self.session.user}

    def first_field(self) -> str:
        """The customer."""
        return "customer"

    def title_of(self, values: dict[str, Any]) -> str:
        """Who and what."""
        customer = self.form.rows["customer"].editor.text()  # type: ignore[attr-defined]
        what = str(values.get("what") or "").replace("\n", " ")[:20]
        return _("Objection: {who} {what}").format(who=customer, what=what).strip()

    def acts(self) -> list[QWidget]:
        """The outcome and one save."""
        cancel = button(_("Cancel"), name="cancel", on_click=self.desk.back.emit)
        save = button(_("Save"), "primary", "check", "Ctrl+Return", name="save", on_click=self.save)
        if self._record is not None:
            return [cancel, save]
        self.outcome = Segments([(code, _(word)) for code, word in _OUTCOMES], "", name="outcome")
        self.outcome.setAccessibleName(_("Outcome"))
        self.promised = TextEditor(Objection.field("promised_at"), self.session.now)
        self.promised.setAccessibleName(_("Promised reply"))
        self.promised.setFixedWidth(150)
        self.promised.hide()
        self.outcome.chosen.connect(self._outcome_chosen)
        return [label(_("Outcome"), "secondary"), self.outcome, self.promised, cancel, save]

    def _outcome_chosen(self, code: str) -> None:
        self.promised.setVisible(code == "promise")
        if code == "promise":
            if self.promised.value() is None:
                self.promised.set_value(_end_of_day(self))
            self.promised.setFocus()

    def write(self, raw: dict[str, Any]) -> Record:
        """The objection and how it went, as one action."""
        step = self.outcome.value() or None
        asked: dict[str, Any] = {}
        if step == "promise":
            asked["promised_at"] = self.promised.value()
        elif step == "close":
            asked["solved_on_spot"] = True
        if step is None:
            return add(self.session, Objection, raw)
        return objection_steps.register(self.session, raw, step, asked)

    def side_cards(self, values: dict[str, Any]) -> list[QWidget]:
        """The customer, and what to heed about the method."""
        made: list[QWidget] = []
        number = values.get("customer")
        if isinstance(number, str):
            with suppress(UserError):  # a name that is still being typed is no number
                made.append(customer_card(self.session, find(self.session, Customer, number)))
        method = Objection.field("method").choice(str(values.get("method")))
        if method is not None and method.hint:
            guard = Surface(_(method.label))
            guard.body.addWidget(label(_(method.hint), "secondary", wrap=True))
            made.append(guard)
        return made


def _end_of_day(form: ObjectionForm) -> Moment:
    now = form.session.now()
    return now.replace(hour=17, minute=30, second=0, microsecond=0) if now.hour < 17 else now
