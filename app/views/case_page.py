"""The page of a case: its head, whose turn it is, what is known in tabs, and what happened."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.core import formats
from app.core.language import _
from app.models.listing import listing_of
from app.models.prints import CASE_FILE, TITLES
from app.models.record import Record
from app.services import case_papers, cases, timeline
from app.services.cases import Case
from app.views import icons, style
from app.views.attaching import Taking
from app.views.attachments import FilesPanel
from app.views.desk import Desk
from app.views.event_entries import entries
from app.views.handing_out import DragMenu
from app.views.page import Page
from app.views.pieces.area import Area
from app.views.pieces.basics import action, button, clear, label, menu_button, row
from app.views.pieces.cards import Card
from app.views.pieces.choosers import Segments, Tabs
from app.views.pieces.heads import NARROW, Head
from app.views.pieces.pills import Pill, face
from app.views.pieces.time_line import TimeLine
from app.views.step_panel import may_leave
from app.views.tab_order import first
from app.views.turn_card import TurnCard

_SIDE = 340
Tab = tuple[str, str]


class CasePage(Page):
    """Subclasses say the kind's station line and tabs."""

    def __init__(self, desk: Desk, number: str) -> None:
        super().__init__(desk)
        self.number = number
        self._group = "all"
        self.case: Case = cases.seen(self.session, cases.load(self.session, number))
        self._listing = listing_of(self.case.record.KIND)
        self.taking = Taking(self, lambda: self.case.record, partial(self.open_tab, "attachments"))
        self._lay_out()
        self.show_case()

    def tabs(self) -> list[Tab]:
        """Code and word of each tab, with counts."""
        return []

    def tab(self, code: str) -> QWidget:
        """What stands in a tab."""
        raise NotImplementedError  # pragma: no cover - every case says it

    def stations(self) -> QWidget | None:
        """The line of stations, where the kind has one."""
        return None

    def title(self) -> str:
        """Whose case it is."""
        return self.case.record["customer_name"] or _("Unknown customer")

    def name(self) -> str:
        """For the title of the window."""
        return f"{self.title()} {self.number}"

    def pills(self) -> list[tuple[str, str]]:
        """Fields shown as pills in the head: code and value."""
        return [("status", str(self.case.record.status))]

    def _lay_out(self) -> None:
        self._head = Head(self.desk.back.emit)
        self._line = QVBoxLayout()
        self.turn = TurnCard(self.desk)
        self.turn.moved.connect(self._moved)
        self.turn.wanted.connect(self.lead_to)
        self._details = Card()
        self.events = TimeLine()
        self.events.opened.connect(self.desk.open)
        self._side = self._event_card()
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(self.turn)
        left.addWidget(self._details)
        left.addStretch(1)
        self._columns = QHBoxLayout()
        self._columns.setSpacing(16)
        self._columns.addLayout(left, 1)
        self._columns.addWidget(self._side)
        inner = QVBoxLayout()
        inner.setSpacing(12)
        inner.addLayout(self._line)
        inner.addLayout(self._columns, 1)
        self.build(self._head, Area(inner))

    def _event_card(self) -> Card:
        card = Card(_("Course of events"))
        groups = Segments(
            [("all", _("All")), ("steps", _("Steps")), ("contacts", _("Contact")), ("papers", _("Papers"))],
            "all",
            name="event_group",
        )
        groups.setAccessibleName(_("Course of events"))
        groups.chosen.connect(self._choose_group)
        card.body.addLayout(row(groups, None))
        card.body.addWidget(self.events)
        card.body.addStretch(1)
        return card

    def show_case(self) -> None:
        """Show the record as it is now."""
        self._fill_head()
        clear(self._line)
        if (stations := self.stations()) is not None:
            self._line.addWidget(stations)
        self.turn.show_case(self.case)
        self._fill_details()
        self._fill_events()

    def refresh(self) -> None:
        """Read again."""
        self.case = cases.seen(self.session, cases.load(self.session, self.number))
        self.show_case()

    def _fill_head(self) -> None:
        marks = [Pill(formats.label(self._listing.field(code), value), face(code, value)) for code, value in self.pills()]
        change = button(_("Edit"), icon="pencil", key="F2", name="edit", on_click=self.edit)
        change.lock(self.case.record.frozen() or "")
        acts = [button(_("Attach"), icon="paperclip", name="attach", on_click=self.attach), change]
        if documents := case_papers.of(self.case):
            acts.insert(0, menu_button(_("Print"), self._papers(documents), name="print"))
        number = label(self.number, "secondary", selectable=True)
        self._head.show_title(self.title(), [number, *marks], acts, selectable=True)

    def _papers(self, documents: list[str]) -> QMenu:
        """A paper to a row, to be opened or dragged out; below them those that go to the mail program."""
        menu = DragMenu(self)
        mail = QMenu(_("Send to mail program"), menu)
        mail.setIcon(icons.icon("message-2"))
        for document in documents:
            made = action(menu, _(TITLES[document]), partial(self.open_paper, document), "printer")
            made.setObjectName(f"paper_{document}")
            if document != CASE_FILE:  # whose files take a while to read
                menu.let_drag(made, partial(self._given, document))
            sent = action(mail, _(TITLES[document]), partial(self.mail_paper, document))
            sent.setObjectName(f"mail_{document}")
        menu.addSeparator()
        menu.addMenu(mail)
        return menu

    def _fill_details(self) -> None:
        clear(self._details.body)
        found = self.tabs()
        bar = Tabs(found)
        self._tab_place = QVBoxLayout()
        bar.chosen.connect(self._show_tab)
        self._details.body.addWidget(bar)
        self._details.body.addLayout(self._tab_place)
        kept = getattr(self, "_open_tab", found[0][0])
        codes = [code for code, _word in found]
        kept = kept if kept in codes else codes[0]
        bar.set_value(kept)
        self._show_tab(kept)

    def _show_tab(self, code: str) -> None:
        self._open_tab = code
        clear(self._tab_place)
        self._tab_place.addWidget(self.tab(code))

    def open_tab(self, code: str) -> None:
        """Show a tab."""
        self._open_tab = code
        self._fill_details()

    def _choose_group(self, code: str) -> None:
        self._group = code
        self._fill_events()

    def _fill_events(self) -> None:
        found = timeline.of_case(self.session, self.case.record)
        chosen = [event for event in found if self._group in ("all", event.group)]
        self.events.show_entries(entries(self.session, chosen, with_numbers=False))

    def show_part(self, code: str) -> None:
        """A step that was being typed."""
        if code:
            self.turn.go_on(code)

    def lead_to(self, place: str) -> None:
        """To what is missing: a field in the form; a step (`@`) was started by the card itself."""
        if not place.startswith("@"):
            self.edit()

    def _moved(self, record: Record) -> None:
        if record.KIND == self.case.record.KIND:
            self.refresh()
        else:
            self.desk.open(record.number)

    def resting(self) -> QWidget | None:
        """The next act, or the first field of the step that is open."""
        return first(self.turn) or super().resting()

    def edit(self) -> None:
        """To the form."""
        if self.case.record.frozen() is None:
            self.desk.new(self.case.record.KIND, {"_edit": self.number})

    def print_page(self) -> None:
        """The first of its papers."""
        if documents := case_papers.of(self.case):
            self.open_paper(documents[0])

    def open_paper(self, document: str) -> None:
        """Show a paper of the case."""
        if document != CASE_FILE:
            self.desk.paper(document, self.number)
            return
        from app.views.papers import show_case_file  # heavy: printing and all documents

        show_case_file(self, self.number)

    def _given(self, document: str) -> Path | None:
        from app.views.papers import given_paper  # heavy: printing and all documents

        return given_paper(self.desk, document, self.number)

    def mail_paper(self, document: str) -> None:
        """Attach a paper of the case to a new message."""
        from app.views.papers import mail_paper  # heavy: printing and all documents

        mail_paper(self, document, self.number)

    def attach(self) -> None:
        """Choose files to keep with the case."""
        self.taking.choose()

    def files(self) -> QWidget:
        """What stands in the tab of files."""
        return FilesPanel(self.desk, self.case.record, self.case.attachments, self.taking)

    def may_leave(self) -> bool:
        """Asks about a step that is being typed."""
        return may_leave(self)

    def narrow(self, width: int) -> None:
        """On narrow pages what happened goes below."""
        narrow = width < style.px(NARROW)
        self._columns.setDirection(QHBoxLayout.Direction.TopToBottom if narrow else QHBoxLayout.Direction.LeftToRight)
        self._side.setMinimumWidth(0 if narrow else style.px(_SIDE))
        self._side.setMaximumWidth(width if narrow else style.px(_SIDE))
