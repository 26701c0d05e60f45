"""The objection form 异议登记: customer, the five elements, classification, handling method, the five steps, and how it went."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, time
from functools import partial
from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.core import formats
from app.core.errors import UserError
from app.core.fields import Field, Kind
from app.core.language import N_, _
from app.core.times import Moment
from app.models import methods, objection_steps
from app.models.cards import Card
from app.models.customers import Customer
from app.models.objections import ELEMENTS, STEP_NAMES, Objection, last_of, missing_elements, undiscovered
from app.models.record import Record, add, find, row_values
from app.services.chat_text import Chat
from app.views import style
from app.views.card_suggestions import CardSuggestions
from app.views.chat_paste import ChatPaste, paste_button
from app.views.customer_facts import customer_card
from app.views.editors import MemoEditor, TextEditor
from app.views.five_steps import FiveSteps
from app.views.form_page import FormPage
from app.views.forms import Section, Shape
from app.views.method_editor import MethodEditor
from app.views.pieces.basics import Button, KeyMark, button, label
from app.views.pieces.choosers import Segments
from app.views.pieces.heads import NARROW

_STEPS = tuple(code for name, _word in STEP_NAMES for code in (f"step_{name}", f"step_{name}_note"))
_AXES = ("expression", "nature", "hidden_demand", "content", "family", "cause", "product")
_HANDLING = ("method", "method_reason", "card")
_REPEATED = ("channel", "content", "family", "cause", "product")
_SECTIONS = (
    Section(N_("Customer and source"), ("customer", "channel", "handler"), columns=3),
    Section(N_("The five elements"), ("what", "wish", "occurred_at", "where", "who"), above=True, columns=3),
    Section(N_("Classification"), _AXES, N_("can be completed later; counted as unclassified until then")),
    Section(N_("Handling method"), _HANDLING, N_("those that fit come first"), wide=_HANDLING),
    Section(N_("The five steps"), _STEPS, arrange=FiveSteps),
)
_EDITORS: Mapping[str, Callable[[Field], QWidget]] = {"method": MethodEditor, "wish": partial(MemoEditor, lines=1)}
_ELEMENTS, _CLASSES, _METHOD, _TALK = 1, 2, 3, 4
_TO_OUTCOME = "Alt+6"
_EVENING = time(17, 30)
"""When the reply is promised for, where nobody says otherwise."""
_LOW, _LOWEST = 940, 760
"""Pages that are not so high have the classification folded until it is asked for, the lowest the methods, too."""
_OUTCOMES = (("", N_("Open")), ("close", N_("Solved at once")), ("promise", N_("Promise a reply")))


class ObjectionForm(FormPage):
    """A new objection with its outcome on the spot, or one that is corrected."""

    kind = Objection
    nav = "objections"
    new_kind = "objection"
    side_width = 324
    says_complete = False
    title_new, title_edit = N_("Write down objection"), N_("Edit objection")

    def _lay_out(self) -> None:
        super()._lay_out()
        self.suggestions = CardSuggestions(self.desk)
        self.suggestions.chosen.connect(self._use_card)
        for card in (_CLASSES, _METHOD):
            self.form.cards[card].make_foldable()
        self.chat = ChatPaste(self, "what", _of_chat, self.form.cards[0].body)
        self._low: tuple[bool, bool] | None = None
        self._on_to_next = False

    def head_acts(self) -> list[Button]:
        """What spares typing."""
        if self._record is not None:
            return []
        again = button(_("Repeat last"), icon="repeat", key="Ctrl+D", name="repeat_last", on_click=self.repeat_last)
        return [paste_button(lambda: self.chat.paste()), again]

    def repeat_last(self) -> None:
        """How the last objection of this person was classified and handled; never its words."""
        last = last_of(self.session, self.session.user)
        if last is None:
            self.desk.tell(_("There is no objection of yours yet."))
            return
        before = self.form.values()
        values = row_values(self.session, last)
        taken = {code: values[code] for code in _REPEATED if values[code] is not None}
        if values["method"] and methods.fits(values["method"], before | taken):
            taken["method"] = values["method"]
        self._put(taken)
        undo = partial(self._put, {code: before[code] for code in taken})
        self.desk.tell(_("Taken over from {number}").format(number=last.number), undo)

    def _put(self, values: Mapping[str, Any]) -> None:
        self.form.set_values(values)
        for code in values:
            self.form.changed.emit(code)

    def refresh_side(self) -> None:
        """What follows from what is typed: fields that are asked for, methods that fit, cards that fit."""
        super().refresh_side()
        values = self.raw()
        self.form.show_row("hidden_demand", values.get("nature") == "hidden")
        self.form.show_row("method_reason", not methods.fits(values.get("method") or "", values))
        self.form.set_warning("hidden_demand", undiscovered(values))
        self.form.editor("method").offer(values)
        self.form.show_row("card", self._record is not None)
        for steps in self.form.cards[_TALK].findChildren(FiveSteps):
            steps.show_due()
        self._tell_elements(values)
        self._tell_classes(values)
        self.suggestions.show_for(values)

    def _tell_elements(self, values: Mapping[str, Any]) -> None:
        missing = [_(Objection.field(code).label) for code in missing_elements(values)]
        words = _("{count} of 5 noted; missing: {missing}") if missing else _("all five noted")
        told = words.format(count=len(ELEMENTS) - len(missing), missing=_(", ").join(missing))
        self.form.cards[_ELEMENTS].hint.say(told)

    def _tell_classes(self, values: Mapping[str, Any]) -> None:
        """The codes that were chosen; they are what is seen of a folded card."""
        chosen = [formats.label(field, values[field.code]) for field in map(Objection.field, _AXES) if _coded(field, values)]
        hint = _("can be completed later; counted as unclassified until then")
        self.form.cards[_CLASSES].hint.say(" · ".join(chosen) or hint)
        method = formats.label(Objection.field("method"), values["method"]) if values.get("method") else ""
        self.form.cards[_METHOD].hint.say(method or _("those that fit come first"))

    def _use_card(self, number: str) -> None:
        """The card is named, and its method taken where none was chosen and nothing stands against it."""
        method, values = find(self.session, Card, number).method, self.raw()
        taken = bool(method) and not values["method"] and methods.fits(str(method), values)
        self._put({"card": number} | ({"method": method} if taken else {}))

    def narrow(self, width: int) -> None:
        """The steps and the cards stand beside the words, on narrow pages below them."""
        super().narrow(width)
        talk = self.form.cards[_TALK]
        if width < style.px(NARROW):
            self.form.cards[_ELEMENTS].body.addWidget(self.suggestions)
            self.form.layout().addWidget(talk)  # type: ignore[union-attr]
        else:
            self._side.column.above.addWidget(talk)
            self._side.column.above.addWidget(self.suggestions)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On low pages the classification is one line until it is asked for, on the lowest the methods are."""
        super().resizeEvent(event)
        height = event.size().height()
        low = (height < style.px(_LOW), height < style.px(_LOWEST))
        if low != self._low:
            self._low = low
            for card, folded in zip((_CLASSES, _METHOD), low, strict=True):
                self.form.cards[card].fold(folded)

    def shape(self) -> Shape:
        """Five cards."""
        codes = {code for section in _SECTIONS for code in section.codes}
        fields = tuple(field for field in Objection.FIELDS if field.code in codes)
        ticks = frozenset(code for code in _STEPS if not code.endswith("_note"))
        return Shape(fields, _SECTIONS, checks=ticks, editors=_EDITORS)

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
        self.shortcut(_TO_OUTCOME, self.outcome.setFocus)
        another = button(_("Save, next one"), key="Ctrl+Shift+Return", name="save_next", on_click=self.save_and_next)
        return [label(_("Outcome"), "secondary"), KeyMark(_TO_OUTCOME), self.outcome, self.promised, cancel, another, save]

    def save_and_next(self) -> None:
        """Several calls in a row: save, and have an empty form again."""
        self._on_to_next = True
        try:
            self.save()
        finally:
            self._on_to_next = False

    def saved(self, record: Record) -> None:
        """To the record, or to the next one."""
        if not self._on_to_next:
            super().saved(record)
            return
        self.desk.tell(_("{number} is saved.").format(number=record.number))
        self.desk.new(self.new_kind)

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
        """The customer in short."""
        number = values.get("customer")
        if isinstance(number, str):
            with suppress(UserError):  # a name that is still being typed is no number
                return [customer_card(self.session, find(self.session, Customer, number), brief=True)]
        return []


def _coded(field: Field, values: Mapping[str, Any]) -> bool:
    return field.kind is Kind.CHOICE and bool(values.get(field.code))


def _of_chat(chat: Chat) -> dict[str, Any]:
    """The fields of an objection that a chat tells; phone and batch stay in its words."""
    codes = {"customer": "customer", "channel": "channel", "occurred_at": "moment", "product": "product"}
    found = {field: chat.of(code) for field, code in codes.items()}
    return {field: one.value for field, one in found.items() if one is not None}


def _end_of_day(form: ObjectionForm) -> Moment:
    """Of today where that is still ahead, else of the next working day."""
    now, calendar = form.session.now(), form.session.calendar
    day = calendar.working(now.date()) if now.hour < _EVENING.hour else calendar.after(now.date(), 1)
    return datetime.combine(day, _EVENING, now.tzinfo)
