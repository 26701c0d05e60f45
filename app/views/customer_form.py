"""The form of a customer: a new one with a warning of who is here already, or one that is corrected."""

from __future__ import annotations

from typing import Any

from app.core.language import N_, _
from app.models import customer_queries
from app.models.customers import GRADED, Contact, Customer
from app.models.record import Record, add
from app.views.desk import Desk
from app.views.form_page import FormPage
from app.views.form_side import Heed
from app.views.forms import Lines, Section, Shape
from app.views.pickers import maybe_same

_PEOPLE = ("name", "role", "phone", "birthday", "main", "since", "until")


class CustomerForm(FormPage):
    """Three groups and the contacts. Tier and integrity grade are typed once; later a step changes them."""

    kind = Customer
    nav = "customers"
    new_kind = "customer"
    title_new, title_edit = N_("Add customer"), N_("Edit customer")

    def __init__(self, desk: Desk, values: dict[str, Any]) -> None:
        first = str(values.pop("_go", ""))
        self._typed: dict[str, Any] = {}
        self._here: list[customer_queries.Known] = []
        super().__init__(desk, values)
        self._first = first
        if self._record is not None:
            for code in GRADED:
                self.form.rows[code].editor.setEnabled(False)

    def shape(self) -> Shape:
        """Three groups and the contacts."""
        graded = N_("“Grade” on the customer's page changes tier and integrity grade, with a reason.") if self._record else ""
        sections = (
            Section(N_("Customer"), ("name", "short_name", "type", "phone", "address", "route"), wide=("address",)),
            Section(N_("Contacts"), lines="contacts", hint=N_("Who leaves stays in the list, with the day in “Until”.")),
            Section(N_("Business"), (*GRADED, "licence", "credit_code", "customer_manager", "customer_since"), hint=graded),
            Section(N_("Background"), ("referred_by", "tags", "background"), wide=("background",)),
        )
        codes = {code for section in sections for code in section.codes}
        return Shape(
            tuple(field for field in Customer.FIELDS if field.code in codes),
            sections,
            {"contacts": Lines(Contact.FIELDS, _PEOPLE, N_("Name of a contact"))},
        )

    def first_field(self) -> str:
        """The name, or what the page asked for."""
        return getattr(self, "_first", "") or "name"

    def title_of(self, values: dict[str, Any]) -> str:
        """The name."""
        return _("Customer: {name}").format(name=values.get("name") or "")

    def write(self, raw: dict[str, Any]) -> Record:
        """A new customer."""
        return add(self.session, Customer, raw)

    def heeds(self, values: dict[str, Any]) -> list[Heed]:
        """Customers who are here already and may be the one that is typed, each with a link; asked when that may change."""
        typed = {code: values.get(code) for code in customer_queries.KNOWN_BY}
        if typed != self._typed:
            own = str(self._record.number) if self._record is not None else ""
            self._typed, self._here = typed, customer_queries.known(self.session, values, own)
        return [Heed(maybe_same(one), one.number) for one in self._here]
