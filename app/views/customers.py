"""The page of a customer, everything on one time line, and the form."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.core import text
from app.core.language import N_, _
from app.models import customer_queries
from app.models.customers import Contact, Customer
from app.models.record import Record, add, find, parts_of
from app.services import timeline
from app.views import style
from app.views.attaching import Taking
from app.views.attachments import files_of
from app.views.customer_facts import grade_pills, last_year
from app.views.desk import Desk
from app.views.event_entries import entries
from app.views.form_page import FormPage
from app.views.form_side import Heed
from app.views.forms import Lines, Section, Shape
from app.views.page import Page
from app.views.pieces.area import Area
from app.views.pieces.basics import button, clear, label, row
from app.views.pieces.cards import Card
from app.views.pieces.choosers import Segments
from app.views.pieces.heads import NARROW, Elided, Head
from app.views.pieces.side import Side
from app.views.pieces.time_line import TimeLine
from app.views.preview import fact_pairs
from app.views.search_box import SearchBox

_FACTS = ("licence", "type", "route", "customer_manager", "phone", "credit_code", "customer_since", "address")
_GROUPS = (
    ("all", N_("All")),
    ("complaint", N_("Complaints")),
    ("objection", N_("Objections")),
    ("agreement", N_("Agreements")),
    ("customer", N_("Customer file")),
)


_COLUMNS = 4


class CustomerPage(Page):
    """Facts, contacts, and the one time line."""

    nav = "customers"
    topics = ("customer", "complaint", "objection", "agreement")

    def __init__(self, desk: Desk, number: str) -> None:
        super().__init__(desk)
        self.number = number
        self.customer = find(self.session, Customer, number)
        self._group = "all"
        self.taking = Taking(self, lambda: self.customer, self.refresh)
        self._head = Head(desk.back.emit)
        self._facts = QVBoxLayout()
        self._side = Side(302)
        self.events = TimeLine()
        self.events.opened.connect(desk.open)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addLayout(self._facts)
        left.addWidget(self._event_card())
        left.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(16)
        columns.addLayout(left, 1)
        columns.addWidget(self._side)
        self.build(self._head, Area(columns))
        self.refresh()

    def name(self) -> str:
        """For the title of the window."""
        return str(self.customer.name)

    def _event_card(self) -> Card:
        card = Card(_("Dealings"))
        groups = Segments([(code, _(word)) for code, word in _GROUPS], "all", name="dealings")
        groups.setAccessibleName(_("Dealings"))
        groups.chosen.connect(self._choose)
        self.search = SearchBox(_("Find in the dealings"), self._show_events)
        self.search.setMaximumWidth(style.px(220))
        card.body.addLayout(row(groups, None, self.search))
        card.body.addWidget(self.events)
        return card

    def go_to_search(self) -> None:
        """Ctrl+F."""
        self.search.setFocus()

    def print_page(self) -> None:
        """What to know before visiting the customer."""
        self.desk.paper("visit", self.number)

    def refresh(self) -> None:
        """Read again."""
        self.customer = find(self.session, Customer, self.number)
        self._fill_head()
        self._fill_facts()
        self._side.show_cards([self._year_card(), self._contacts_card(), self._files_card()])
        self._events = timeline.of_customer(self.session, self.customer)
        self._show_events()

    def _fill_head(self) -> None:
        asked = partial(self.desk.new, "customer", {"_edit": self.number})
        edit = button(_("Edit"), icon="pencil", key="F2", name="edit", on_click=asked)
        visit = button(_("Prepare visit"), icon="printer", name="visit", on_click=self.print_page)
        marks = [label(self.number, "secondary", selectable=True), *grade_pills(self.customer)]
        self._head.show_title(
            str(self.customer.name), marks, [visit, edit, *self.new_cases(self.number)], [self._side.opener()], selectable=True
        )

    def _fill_facts(self) -> None:
        clear(self._facts)
        card = Card()
        grid = QGridLayout()
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(4)
        for place, (word, value) in enumerate(fact_pairs(self.session, self.customer, _FACTS)):
            line, column = divmod(place, _COLUMNS)
            grid.addWidget(label(word, "small"), 2 * line, column)
            grid.addWidget(label(value, wrap=True, selectable=True), 2 * line + 1, column, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(column, 1)
        card.body.addLayout(grid)
        if self.customer.background:
            card.body.addWidget(label(str(self.customer.background), "secondary", wrap=True, selectable=True))
        self._facts.addWidget(card)

    def _year_card(self) -> Card:
        complaints, objections = last_year(self.session, self.customer)
        year = Card(_("Last year"))
        year.body.addLayout(row(*_figure(_("Complaints"), complaints), None, *_figure(_("Objections"), objections), None))
        return year

    def _contacts_card(self) -> Card:
        contacts = Card(_("Contacts"))
        found = parts_of(self.customer, "contacts")
        for one in found:
            until = _("until {day}").format(day=one["until"]) if one["until"] else ""
            detail = "  ".join(part for part in (one["role"], until) if part)
            phone = label(str(one["phone"] or ""), "secondary", selectable=True)
            contacts.body.addLayout(row(Elided(str(one["name"])), None, phone))
            if detail:
                contacts.body.addWidget(label(detail, "hint", wrap=True))
        if not found:
            contacts.body.addWidget(label(_("Nobody is known yet."), "secondary"))
        return contacts

    def _files_card(self) -> Card:
        files = Card(_("Files"))
        files.body.addWidget(files_of(self.desk, self.customer, self.taking))
        return files

    def _choose(self, code: str) -> None:
        self._group = code
        self._show_events()

    def _show_events(self) -> None:
        wanted = text.key(self.search.text())
        chosen = [
            event
            for event in self._events
            if self._group in ("all", event.kind)
            and (not wanted or wanted in text.key(f"{event.title} {event.number} {event.text} {event.who}"))
        ]
        self.events.show_entries(entries(self.session, chosen, with_numbers=True))

    def narrow(self, width: int) -> None:
        """On narrow pages the side stands behind ⓘ."""
        self._side.fold(width < style.px(NARROW))


def _figure(word: str, count: int) -> tuple[QWidget, QWidget]:
    return label(word, "small"), label(str(count), "number")


class CustomerForm(FormPage):
    """A new customer, or one that is corrected."""

    kind = Customer
    nav = "customers"
    new_kind = "customer"
    title_new, title_edit = N_("Add customer"), N_("Edit customer")

    def shape(self) -> Shape:
        """Three groups and the contacts."""
        sections = (
            Section(N_("Customer"), ("name", "short_name", "type", "phone", "address", "route"), wide=("address",)),
            Section(N_("Contacts"), lines="contacts"),
            Section(N_("Business"), ("tier", "integrity", "licence", "credit_code", "customer_manager", "customer_since")),
            Section(N_("Background"), ("referred_by", "tags", "background"), wide=("background",)),
        )
        codes = {code for section in sections for code in section.codes}
        return Shape(
            tuple(field for field in Customer.FIELDS if field.code in codes),
            sections,
            {"contacts": Lines(Contact.FIELDS, ("name", "role", "phone", "birthday", "main"), N_("Name of a contact"))},
        )

    def title_of(self, values: dict[str, Any]) -> str:
        """The name."""
        return _("Customer: {name}").format(name=values.get("name") or "")

    def write(self, raw: dict[str, Any]) -> Record:
        """A new customer."""
        return add(self.session, Customer, raw)

    def heeds(self, values: dict[str, Any]) -> list[Heed]:
        """Customers who are here already and may be the one that is typed, each with a link."""
        own = str(self._record.number) if self._record is not None else ""
        may_be = _("{number} {name} may be the same customer: {why}.")
        return [Heed(may_be.format(**one._asdict()), one.number) for one in customer_queries.known(self.session, values, own)]
