"""The complaint form 投诉登记: customer and source, products, the customer's words, losses; later the judgement."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from app.core.database import transaction
from app.core.language import N_, _
from app.core.session import Session
from app.models import sight
from app.models.complaints import Complaint, LossLine, ProductLine, open_twins
from app.models.customers import Customer
from app.models.record import Record, add
from app.models.steps import take
from app.services.chat_text import Chat
from app.views.chat_paste import ChatPaste, paste_button
from app.views.customer_facts import customer_card
from app.views.form_page import FormPage
from app.views.form_side import Heed
from app.views.forms import Lines, Section, Shape
from app.views.pieces.basics import Button, button, label
from app.views.pieces.cards import Card

_SOURCE = (
    "customer",
    "received_at",
    "complainant",
    "channel",
    "phone",
    "source_reference",
    "address",
    "end_user",
    "class",
    "severity",
    "external",
    "tags",
)
_WORDS = ("description", "wish", "feeling", "went_wrong", "reason")
_JUDGEMENT = (
    "valid", "cause", "reason_sufficient", "demand_reasonable", "faith", "fault_percent", "responsible_party",
    "responsible_stage", "broken_expectation", "service_failure", "evidence",
)  # fmt: skip
_PRODUCT_COLUMNS = ("product", "unit", "batch", "produced_on", "quantity", "defective_quantity", "symptom", "invoice")
_COACH = (
    N_("Let the customer finish; do not interrupt, do not argue."),
    N_("Repeat the main points and have them confirmed."),
    N_("Not solved at once: agree on a time for the reply."),
)


class ComplaintForm(FormPage):
    """A new complaint, or a registered one that is corrected."""

    kind = Complaint
    nav = "complaints"
    title_new, title_edit = N_("Register complaint"), N_("Edit complaint")

    def shape(self) -> Shape:
        """Four cards; the judgement once the case is under way."""
        sections = [
            Section(N_("Customer and source"), _SOURCE, wide=("address", "tags"), one_of=("customer", "complainant")),
            Section(N_("Products"), lines="product_lines"),
            Section(
                N_("What the customer says"), _WORDS, N_("in the customer's own words, without judging"), wide=("description",)
            ),
            Section(N_("Losses"), hint=N_("empty if there are none"), lines="loss_lines"),
        ]
        if self._record is not None and self._record.status not in ("draft", "registered"):
            sections.append(Section(N_("Judgement"), _JUDGEMENT, wide=("evidence",)))
        codes = {code for section in sections for code in section.codes}
        return Shape(
            tuple(field for field in Complaint.FIELDS if field.code in codes),
            tuple(sections),
            {
                "product_lines": Lines(ProductLine.FIELDS, _PRODUCT_COLUMNS, N_("Code, name or pinyin")),
                "loss_lines": Lines(LossLine.FIELDS, (), N_("Add a loss")),
            },
        )

    def first_values(self) -> dict[str, Any]:
        """Received now, by phone."""
        return {"received_at": self.session.clock(), "channel": "phone"}

    def first_field(self) -> str:
        """The customer."""
        return "customer"

    def title_of(self, values: dict[str, Any]) -> str:
        """Who and what."""
        who = values.get("complainant") or ""
        customer = self.form.rows["customer"].editor.text()  # type: ignore[attr-defined]
        what = str(values.get("description") or "").replace("\n", " ")[:20]
        return _("Complaint: {who} {what}").format(who=customer or who, what=what).strip()

    def _lay_out(self) -> None:
        super()._lay_out()
        self.chat = ChatPaste(self, "description", self._of_chat, self.form.cards[0].body)

    def _of_chat(self, chat: Chat) -> dict[str, Any]:
        """What a chat tells of a complaint; product and batch make the first line where there is none."""
        codes = {"customer": "customer", "channel": "channel", "phone": "phone", "received_at": "moment"}
        found = {field: chat.of(code) for field, code in codes.items()}
        values: dict[str, Any] = {field: one.value for field, one in found.items() if one is not None}
        line = {code: one.value for code in ("product", "batch") if (one := chat.of(code)) is not None}
        if line and not self.form.values()["product_lines"]:
            values["product_lines"] = [line]
        return values

    def head_acts(self) -> list[Button]:
        """A blank form for handwriting, and a chat instead of typing."""
        blank = button(_("Blank form"), "link", "printer", name="blank", on_click=partial(self.desk.paper, "form", ""))
        return [paste_button(lambda: self.chat.paste()), blank] if self._record is None else [blank]

    def acts(self) -> list[QWidget]:
        """Save as a draft, or save and sign at once."""
        made: list[QWidget] = [button(_("Cancel"), name="cancel", on_click=self.desk.back.emit)]
        new = self._record is None or self._record.status == "draft"
        made.append(button(_("Save  Ctrl+S"), "outline" if new else "primary", "device-floppy", name="save", on_click=self.save))
        if new:
            made.append(button(_("Register and sign"), "primary", "signature", "Ctrl+Return", name="sign", on_click=self.sign))
        return made

    def sign(self) -> None:
        """Save and sign as one action: the case is registered."""
        self.attempt_save(self._signed)

    def _signed(self, raw: dict[str, Any]) -> Record:
        with transaction():
            return take(self.session, self._written(raw), "sign", {})

    def write(self, raw: dict[str, Any]) -> Record:
        """A new draft, under the number of the form on which it was written by hand, if it was."""
        return add(self.session, Complaint, raw, number=self.blank or None)

    def field_changed(self, code: str) -> None:
        """A chosen customer brings phone and address where these are empty."""
        if code != "customer":
            return
        customer = _customer(self.session, self.raw().get("customer"))
        if customer is None:
            return
        values = self.form.values()
        known = [field for field in ("phone", "address") if sight.reads(self.session, customer.field(field))]
        empty = {field: customer[field] for field in known if not values.get(field) and customer[field]}
        self.form.set_values(empty)

    def heeds(self, values: dict[str, Any]) -> list[Heed]:
        """Open cases of the same batch."""
        own = self._record.id if self._record is not None else None
        words = _("{batch}: an open case of the same customer and product")
        return [Heed(words.format(batch=batch), number) for number, batch in open_twins(self.session, values, own)]

    def side_cards(self, values: dict[str, Any]) -> list[QWidget]:
        """The customer, and how to listen."""
        made: list[QWidget] = []
        customer = _customer(self.session, values.get("customer"))
        if customer is not None:
            made.append(customer_card(self.session, customer))
        coach = Card(_("Listening"))
        for words in _COACH:
            coach.body.addWidget(label(f"·  {_(words)}", "secondary", wrap=True))
        return [*made, coach]


def _customer(session: Session, number: object) -> Customer | None:
    if not isinstance(number, str) or not number:
        return None
    return Customer.get_or_none(Customer.branch_id == session.branch.id, Customer.number == number)  # type: ignore[no-any-return]
