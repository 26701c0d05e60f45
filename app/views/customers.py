"""The page of a customer: everything on one time line, and what can be done with it."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.core import formats, text
from app.core.language import N_, _
from app.models import permissions, steps
from app.models.customers import Customer
from app.models.listing import CUSTOMERS
from app.models.record import Record, find
from app.models.steps import Option
from app.services import timeline
from app.views import customer_cards as cards
from app.views import style
from app.views.attaching import Taking
from app.views.attachments import files_of
from app.views.contact_log import LogPanel
from app.views.customer_facts import grade_pills
from app.views.desk import Desk
from app.views.erasing import erase_customer, tell_person
from app.views.event_entries import entries
from app.views.merge import undo_merge
from app.views.page import Page
from app.views.pieces.area import Area
from app.views.pieces.basics import Button, action, button, clear, label, menu_button
from app.views.pieces.cards import Card
from app.views.pieces.choosers import Segments
from app.views.pieces.flow import Flow
from app.views.pieces.heads import NARROW, Head
from app.views.pieces.pills import Pill, face
from app.views.pieces.side import Side
from app.views.pieces.time_line import TimeLine
from app.views.search_box import SearchBox
from app.views.step_panel import StepPanel, may_leave, tell_lost

_GROUPS = (
    ("all", N_("All")),
    ("complaint", N_("Complaints")),
    ("objection", N_("Objections")),
    ("agreement", N_("Agreements")),
    ("log", N_("Contact")),
    ("customer", N_("Customer file")),
)
_ICONS = {"grade": "star", "lose": "minus", "end": "circle-check", "return": "arrow-back-up", "void": "ban"}


class CustomerPage(Page):
    """Facts, promises, people, grades, and the one time line."""

    nav = "customers"
    new_kind = "customer"
    topics = ("customer", "complaint", "objection", "agreement", "promise")

    def __init__(self, desk: Desk, number: str) -> None:
        super().__init__(desk)
        self.number = number
        self.customer = find(self.session, Customer, number)
        self._group = "all"
        self.taking = Taking(self, lambda: self.customer, self.refresh)
        self._head = Head(desk.back.emit)
        self._acting, self._top = QVBoxLayout(), QVBoxLayout()
        self._top.setSpacing(12)
        self._side = Side(302)
        self.events = TimeLine()
        self.events.opened.connect(desk.open)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addLayout(self._acting)
        left.addLayout(self._top)
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
        line = Flow()  # where both have no room beside each other the page would have to be scrolled sideways
        line.addWidget(groups)
        line.addWidget(self.search)
        card.body.addLayout(line)
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
        self._fill_top()
        self._side.show_cards(self._cards())
        self._events = timeline.of_customer(self.session, self.customer)
        self._show_events()

    def _fill_head(self) -> None:
        status = str(self.customer.status)
        told = [Pill(_("Erased"), face("status", "voided"))] if self.customer.erased() else []
        told += [] if status == "active" else [Pill(formats.label(CUSTOMERS.field("status"), status), face("status", status))]
        marks = [label(self.number, "secondary", selectable=True), *told, *grade_pills(self.customer)]
        acts = self._acts() if self.customer.frozen() is None else self._of_erased() if self.customer.erased() else []
        self._head.show_title(str(self.customer.name), marks, acts, [self._side.opener()], stays=1 + len(told), selectable=True)

    def _acts(self) -> list[Button]:
        asked = partial(self.desk.new, "customer", {"_edit": self.number})
        edit = button(_("Edit"), icon="pencil", key="F2", name="edit", on_click=asked)
        contact = button(_("Contact"), icon="phone-call", key="F6", name="act_log", on_click=partial(self.start, "log"))
        cases = self.new_cases(self.number)
        if self._acting.count():  # then the next act is that of the panel
            style.polish(cases[-1], kind="outline")
            cases[-1].show_icon("message-report")
        return [menu_button(_("Customer file"), self._menu(), name="file_menu"), edit, contact, *cases]

    def _of_erased(self) -> list[Button]:
        """What stayed for a time may go later."""
        menu = QMenu(self)
        self._offer_personal(menu)
        return [menu_button(_("Customer file"), menu, name="file_menu")] if menu.actions() else []

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        for one in steps.options(self.session, self.customer):
            if one.possible and one.step.code in _ICONS:
                made = action(menu, f"{_(one.step.label)}…", partial(self._start, one), _ICONS[one.step.code])
                made.setObjectName(f"act_{one.step.code}")
        menu.addSeparator()
        action(menu, _("Prepare visit") + "\tCtrl+P", self.print_page, "printer")
        action(menu, _("Merge with another…"), partial(self.desk.new, "merge", {"keep": self.number}), "git-branch")
        self._offer_personal(menu)
        return menu

    def _offer_personal(self, menu: QMenu) -> None:
        """What the law gives to the person: a copy of everything, and an end."""
        if not permissions.refusal(self.session, "customer.tell"):
            telling = partial(tell_person, self.desk, self.customer, self)
            action(menu, _("Give out personal data…"), telling, "download").setObjectName("act_tell")
        if not permissions.refusal(self.session, "customer.erase"):
            erasing = partial(erase_customer, self.desk, self.customer, self)
            action(menu, _("Erase personal data…"), erasing, "trash").setObjectName("act_erase")

    def start(self, code: str) -> bool:
        """Ask what a step wants to know; whether it is possible."""
        found = next(one for one in steps.options(self.session, self.customer) if one.step.code == code)
        if found.possible:
            self._start(found)
        return found.possible

    def show_part(self, code: str) -> None:
        """A step that was being typed."""
        if code and not self.start(code):
            tell_lost(self.desk, self.customer, code, self)

    def _start(self, one: Option) -> None:
        panel = LogPanel(self.desk, self.customer) if one.step.code == "log" else StepPanel(self.desk, self.customer, one.step)
        panel.done.connect(self._done)
        panel.gone.connect(self._gone)
        clear(self._acting)
        self._acting.addWidget(panel)
        self._fill_head()

    def _gone(self) -> None:
        clear(self._acting)
        self._fill_head()
        self.setFocus()

    def _done(self, _record: Record) -> None:
        self._gone()
        self.refresh()

    def _fill_top(self) -> None:
        clear(self._top)
        if self.customer.status == "merged":
            self._top.addWidget(cards.merged_bar(self.desk, self.customer, partial(undo_merge, self.desk, self.number)))
        for bar in cards.bars(self.desk, self.customer):
            self._top.addWidget(bar)
        self._top.addWidget(cards.facts_card(self.session, self.customer))

    def _cards(self) -> list[QWidget]:
        one = self.customer
        found = (
            cards.promises_card(self.desk, one),
            cards.year_card(self.session, one) if one.status != "merged" else None,
            cards.contacts_card(self.desk, one, writable=one.frozen() is None),
            cards.grades_card(self.session, one),
            cards.heed_card(self.desk, one),
            self._files_card(),
        )
        return [card for card in found if card is not None]

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

    def may_leave(self) -> bool:
        """Asks about what is being typed."""
        return may_leave(self)

    def narrow(self, width: int) -> None:
        """On narrow pages the side stands behind ⓘ."""
        self._side.fold(width < style.px(NARROW))
