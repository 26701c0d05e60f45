"""The page of a customer, everything on one time line, and the form."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app.core import text
from app.core.language import N_, _
from app.models import customer_queries
from app.models.customers import Contact, Customer
from app.models.record import Record, add, find, parts_of
from app.services import timeline
from app.views import icons, style
from app.views.attaching import Taking
from app.views.attachments import files_of
from app.views.customer_facts import grade_pills, last_year
from app.views.desk import Desk
from app.views.event_entries import entries
from app.views.form_page import FormPage
from app.views.forms import Lines, Section, Shape
from app.views.messages import MessageBar
from app.views.page import Page
from app.views.pieces.basics import button, clear, label, row
from app.views.pieces.cards import Card
from app.views.pieces.choosers import Segments
from app.views.pieces.time_line import TimeLine
from app.views.preview import fact_pairs

_FACTS = ("licence", "type", "route", "customer_manager", "phone", "credit_code", "customer_since", "address")
_GROUPS = (
    ("all", N_("All")),
    ("complaint", N_("Complaints")),
    ("objection", N_("Objections")),
    ("agreement", N_("Agreements")),
    ("customer", N_("Customer file")),
)


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
        self._head = QHBoxLayout()
        self._head.setContentsMargins(16, 12, 24, 8)
        self._head.setSpacing(10)
        self._facts, self._side = QVBoxLayout(), QVBoxLayout()
        self._side.setSpacing(12)
        self.events = TimeLine()
        self.events.opened.connect(desk.open)
        self._side_holder = QWidget()
        self._side_holder.setLayout(self._side)
        self._side_holder.setFixedWidth(style.px(320))
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addLayout(self._facts)
        left.addWidget(self._event_card())
        left.addStretch(1)
        body = QWidget()
        body.setProperty("ground", "scroll")
        self._columns = QHBoxLayout(body)
        self._columns.setContentsMargins(24, 4, 24, 24)
        self._columns.setSpacing(16)
        self._columns.addLayout(left, 1)
        self._columns.addWidget(self._side_holder)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(body)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._head)
        layout.addWidget(area, 1)
        self.refresh()

    def name(self) -> str:
        """For the title of the window."""
        return str(self.customer.name)

    def _event_card(self) -> Card:
        card = Card(_("Dealings"))
        groups = Segments([(code, _(word)) for code, word in _GROUPS], "all", name="dealings")
        groups.chosen.connect(self._choose)
        self.search = QLineEdit()
        self.search.setObjectName("search")
        self.search.setPlaceholderText(_("Find in the dealings"))
        self.search.setAccessibleName(_("Find in the dealings"))
        self.search.addAction(icons.icon("search", "text3"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setMaximumWidth(style.px(220))
        self.search.textChanged.connect(lambda _text: self._show_events())
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
        self._fill_side()
        self._events = timeline.of_customer(self.session, self.customer)
        self._show_events()

    def _fill_head(self) -> None:
        clear(self._head)
        self._head.addWidget(button(_("Back"), "icon", "arrow-left", name="back", on_click=self.desk.back.emit))
        self._head.addWidget(label(str(self.customer.name), "title", selectable=True))
        self._head.addWidget(label(self.number, "secondary", selectable=True))
        for pill in grade_pills(self.customer):
            self._head.addWidget(pill)
        self._head.addStretch(1)
        given = {"customer": self.number}
        self._head.addWidget(button(_("Prepare visit"), icon="printer", name="visit", on_click=self.print_page))
        self._head.addWidget(
            button(
                _("Edit"),
                icon="pencil",
                key="F2",
                name="edit",
                on_click=partial(self.desk.new, "customer", {"_edit": self.number}),
            )
        )
        self._head.addWidget(
            button(
                _("Write down objection"),
                icon="message-exclamation",
                name="new_objection",
                on_click=partial(self.desk.new, "objection", given),
            )
        )
        self._head.addWidget(
            button(
                _("Register complaint"),
                "primary",
                "message-report",
                name="new_complaint",
                on_click=partial(self.desk.new, "complaint", given),
            )
        )

    def _fill_facts(self) -> None:
        clear(self._facts)
        card = Card()
        grid = QGridLayout()
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(4)
        for place, (word, value) in enumerate(fact_pairs(self.session, self.customer, _FACTS)):
            line, column = divmod(place, 4)
            grid.addWidget(label(word, "small"), 2 * line, column)
            grid.addWidget(label(value, wrap=True, selectable=True), 2 * line + 1, column)
            grid.setColumnStretch(column, 1)
        card.body.addLayout(grid)
        if self.customer.background:
            card.body.addWidget(label(str(self.customer.background), "secondary", wrap=True, selectable=True))
        self._facts.addWidget(card)

    def _fill_side(self) -> None:
        clear(self._side)
        complaints, objections = last_year(self.session, self.customer)
        year = Card(_("Last year"))
        year.body.addLayout(row(*_figure(_("Complaints"), complaints), None, *_figure(_("Objections"), objections), None))
        self._side.addWidget(year)
        contacts = Card(_("Contacts"))
        found = parts_of(self.customer, "contacts")
        for one in found:
            until = _("until {day}").format(day=one["until"]) if one["until"] else ""
            detail = "  ".join(part for part in (one["role"], until) if part)
            contacts.body.addLayout(
                row(
                    label(str(one["name"])),
                    label(detail, "hint"),
                    None,
                    label(str(one["phone"] or ""), "secondary", selectable=True),
                )
            )
        if not found:
            contacts.body.addWidget(label(_("Nobody is known yet."), "secondary"))
        self._side.addWidget(contacts)
        files = Card(_("Files"))
        files.body.addWidget(files_of(self.desk, self.customer, self.taking))
        self._side.addWidget(files)
        self._side.addStretch(1)

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
        """Under 900 the side goes below."""
        narrow = width < style.px(900)
        self._columns.setDirection(QHBoxLayout.Direction.TopToBottom if narrow else QHBoxLayout.Direction.LeftToRight)
        if narrow:
            self._side_holder.setMinimumWidth(0)
            self._side_holder.setMaximumWidth(16_777_215)
        else:
            self._side_holder.setFixedWidth(style.px(320))


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

    def side_cards(self, values: dict[str, Any]) -> list[QWidget]:
        """Customers who are here already and may be the one that is typed, each with a link."""
        own = str(self._record.number) if self._record is not None else ""
        return [
            MessageBar(
                "warn",
                _("{number} {name} may be the same customer: {why}.").format(**one._asdict()),
                [(_("Open"), partial(self.desk.open, one.number))],
            )
            for one in customer_queries.known(self.session, values, own)
        ]
