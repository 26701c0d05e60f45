"""The main window: sidebar, one page at a time with a way back, messages, progress, toasts. Pages know what they show."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.core import log
from app.core.language import N_, _
from app.core.session import Session
from app.models.listing import Query
from app.models.record import find_any
from app.views import icons, style
from app.views.desk import Desk
from app.views.messages import Messages, WorkBar, show_error
from app.views.page import Page
from app.views.pieces.basics import column, row
from app.views.sidebar import RAIL, WIDE, PageEntry, Sidebar
from app.views.tab_order import ReadWindow
from app.views.toast import Toast

if TYPE_CHECKING:
    from app.views.reminders import Reminders

PAGES = (
    PageEntry("workbench", N_("Workbench"), "layout-dashboard", 0),
    PageEntry("customers", N_("Customers"), "users", 1),
    PageEntry("objections", N_("Objections"), "message-exclamation", 1),
    PageEntry("complaints", N_("Complaints"), "message-report", 1),
    PageEntry("agreements", N_("Agreements"), "file-certificate", 1),
    PageEntry("promises", N_("Promises"), "calendar-due", 1),
    PageEntry("dispatches", N_("Orders"), "truck", 1),
    PageEntry("actions", N_("Actions"), "clipboard-check", 1),
    PageEntry("statistics", N_("Statistics"), "chart-bar", 2),
    PageEntry("cards", N_("Cards"), "cards", 2),
    PageEntry("import", N_("Import"), "database-import", 3),
    PageEntry("history", N_("History"), "history", 3),
    PageEntry("settings", N_("Settings"), "settings", 3),
    PageEntry("help", N_("Help"), "help", 3),
)
# Page → module and class; imported when it is first opened: the first painted list must not wait for the others.
FACTORIES = {
    "workbench": ("workbench", "WorkbenchPage"),
    "customers": ("lists", "CustomersPage"),
    "objections": ("lists", "ObjectionsPage"),
    "complaints": ("lists", "ComplaintsPage"),
    "agreements": ("lists", "AgreementsPage"),
    "promises": ("promises", "PromisesPage"),
    "promise_list": ("promises", "PromiseListPage"),
    "dispatches": ("dispatches", "DispatchesPage"),
    "actions": ("actions", "ActionsPage"),
    "cards": ("cards", "CardsPage"),
    "evidence": ("evidence", "EvidenceListPage"),
    "self_test": ("self_test", "SelfTestPage"),
    "statistics": ("statistics", "StatisticsPage"),
    "import": ("imports", "ImportPage"),
    "history": ("history", "HistoryPage"),
    "settings": ("settings", "SettingsPage"),
    "help": ("help", "HelpPage"),
    "products": ("products", "ProductsPage"),
}
RECORDS = {
    "customer": ("customers", "CustomerPage"),
    "objection": ("objection_case", "ObjectionPage"),
    "complaint": ("complaint_case", "ComplaintPage"),
    "agreement": ("agreements", "AgreementPage"),
    "dispatch": ("dispatches", "DispatchPage"),
    "action": ("actions", "ActionPage"),
    "card": ("cards", "CardPage"),
    "evidence": ("evidence", "EvidencePage"),
    "product": ("products", "ProductForm"),
}
FORMS = {
    "customer": ("customer_form", "CustomerForm"),
    "duplicates": ("duplicates", "DuplicatesPage"),
    "merge": ("merge", "MergePage"),
    "objection": ("objections", "ObjectionForm"),
    "complaint": ("complaints", "ComplaintForm"),
    "action": ("actions", "ActionForm"),
    "card": ("cards", "CardForm"),
    "evidence": ("evidence", "EvidenceForm"),
    "product": ("products", "ProductForm"),
    "agreement": ("agreement_form", "AgreementForm"),
}
KINDS = (
    ("complaint", N_("Register complaint"), "message-report", "F8"),
    ("objection", N_("Write down objection"), "message-exclamation", "F7"),
    ("customer", N_("Add customer"), "users", ""),
    ("product", N_("Add product"), "package", ""),
    ("card", N_("Write a card"), "cards", ""),
)
_NARROW = 1100
"""Pixels of a window that has no room to spare."""


def _verb(kind: str, *, edits: bool) -> str:
    """What a form is for, in the words of the table of permissions."""
    if kind in ("duplicates", "merge"):
        return "customer.merge"
    return f"{kind}.edit" if edits else f"{kind}.add"


def _made(place: tuple[str, str], desk: Desk, *arguments: object) -> Page:
    with log.timed(".".join(place)):
        page: Page = getattr(import_module(f"app.views.{place[0]}"), place[1])(desk, *arguments)
    return page


class Window(ReadWindow):
    """The one window of a desk."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.setObjectName("window")
        self._pages: dict[str, Page] = {}
        self._trail: list[Page] = []
        self.may_close: Callable[[], bool] = lambda: True
        """Asked last; where it says no, it closes the window itself later on."""
        self.held = False
        """Nothing can be done in it now: it closes as soon as something beside it is done."""
        self.afterwards: Callable[[], object] | None = None
        """What is to be done without the window before it opens anew."""
        self._lay_out()
        self._listen()
        self._bind_keys()
        self._restore()
        self.open_page(self.desk.last_page())

    @property
    def session(self) -> Session:
        """Who works, where, when."""
        return self.desk.session

    @cached_property
    def standing(self) -> Messages:
        """Above all else, what stays until its cause is gone; most windows never need it."""
        made = Messages()
        self.crown(made)
        return made

    @cached_property
    def reminders(self) -> Reminders:
        """What names promises that fall due."""
        from app.views.reminders import Reminders  # heavy: the first page must not wait for it

        notify = partial(self.desk.preferences.get, "notify", True)
        return Reminders(self.session, self.messages.show_message, self.open_record, notify, self)

    def crown(self, widget: QWidget) -> None:
        """Show something above every page."""
        self._body.insertWidget(0, widget)

    @property
    def page(self) -> Page:
        """The page that is seen."""
        seen = self._stack.currentWidget()
        assert isinstance(seen, Page)
        return seen

    def resting(self) -> QWidget | None:
        """Where the focus is best off on the page that is seen."""
        return self.page.resting() if self._stack.count() else None

    def _lay_out(self) -> None:
        self.sidebar = Sidebar(self.session, PAGES, KINDS)
        self.messages = Messages()
        self.work_bar = WorkBar()
        self._stack = QStackedWidget()
        self._body = column(self.messages, self._stack, self.work_bar, gap=0)
        self._body.setStretchFactor(self._stack, 1)
        layout = row(self.sidebar, gap=0)
        layout.addLayout(self._body, 1)
        self.setLayout(layout)
        self.toast = Toast(self)

    def _listen(self) -> None:
        desk = self.desk
        self.sidebar.chosen.connect(self.open_page)
        self.sidebar.asked.connect(partial(self.open_form, values=None))
        self.sidebar.search_asked.connect(self.open_find)
        desk.wanted_page.connect(self.open_page)
        desk.wanted_record.connect(self.open_record)
        desk.wanted_form.connect(self.open_form)
        desk.wanted_paper.connect(self.open_paper)
        desk.wanted_view.connect(self.open_view)
        desk.back.connect(self.go_back)
        desk.wanted_end.connect(self.close_for)
        desk.told.connect(self.toast.tell)
        desk.failed.connect(partial(show_error, self, self.messages))
        desk.found.connect(self.messages.show_message)
        desk.busy.connect(self.work_bar.follow)
        desk.changed.connect(self._changed)

    def _bind_keys(self) -> None:
        keys: dict[str, Callable[[], object]] = {
            "Ctrl+N": lambda: self.open_form(self.page.new_kind),
            "F7": lambda: self.open_form("objection"),
            "F8": lambda: self.open_form("complaint"),
            "Ctrl+F": lambda: self.page.go_to_search(),
            "Ctrl+S": lambda: self.page.save(),
            "Ctrl+P": lambda: self.page.print_page(),
            "Ctrl+K": self.open_find,
            "F1": self.open_help,
            "F5": lambda: self.page.refresh(),
            "Alt+Left": self.step_back,
            "Ctrl+Z": self.toast.undo,
            "Ctrl+Shift+L": self.desk.wanted_lock.emit,
        }
        keys |= {f"Ctrl+{place}": partial(self.open_page, entry.code) for place, entry in enumerate(PAGES[:9], 1)}
        for key, act in keys.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(act)
            shortcut.activatedAmbiguously.connect(act)

    def open_page(self, code: str, query: Query | None = None) -> None:
        """A page of the sidebar; of `settings.backup` that part."""
        if not self._may_leave():
            self.sidebar.mark_page(self.page.nav)
            return
        code, _dot, part = code.partition(".")
        code = code if code in FACTORIES else "workbench"
        if (page := self._pages.get(code)) is None:
            page = self._pages[code] = _made(FACTORIES[code], self.desk)
            self._stack.addWidget(page)
        self._forget_trail()
        if query is not None:
            page.show_query(query)
        page.show_part(part)
        self._show(page)
        if code in {entry.code for entry in PAGES}:
            self.desk.keep_page(code)

    def open_record(self, number: str, step: str = "") -> None:
        """The page of a record, perhaps with a step that was being typed, with a way back to where one is."""
        record = self.desk.attempt(lambda: find_any(self.session, number))
        if record is not None and self._may_leave():
            if record.KIND == "promise":  # seen in the case that it was given in
                self.open_record(record["case"])
                return
            self._push(_made(RECORDS[record.KIND], self.desk, number))
            self.page.show_part(step)

    def open_form(self, kind: str, values: dict[str, Any] | None = None) -> None:
        """The form of a kind, with a way back."""
        if self.desk.permitted(_verb(kind, edits="_edit" in (values or {}))) and self._may_leave():
            self._push(_made(FORMS[kind], self.desk, dict(values or {})))

    def open_paper(self, document: str, number: str) -> None:
        """The preview of a document; a registration form without a number is one for handwriting."""
        if self._may_leave():
            kind = "BlankPage" if document == "form" and not number else "PaperPage"
            page = self.desk.attempt(lambda: _made(("papers", kind), self.desk, document, number))
            if page is not None:
                self._push(page)

    def open_view(self, page: Page) -> None:
        """A page that was made already; where the one that is seen stays, it is thrown away."""
        if self._may_leave():
            self._push(page)
        else:
            page.deleteLater()

    def open_help(self) -> None:
        """The handbook at what is seen. What is being typed waits behind it, so nothing is asked."""
        from app.views.help_places import chapter_for  # heavy: the first page must not wait for it

        chapter = chapter_for(self.page)
        if (show := getattr(self.page, "show_chapter", None)) is not None:
            show(chapter)
        else:
            self._push(_made(FACTORIES["help"], self.desk, chapter), over=True)

    def _push(self, page: Page, *, over: bool = False) -> None:
        """`over`: the page that is seen waits for the way back, whatever it is."""
        if self._stack.count():
            self._trail.append(self.page)
            while not over and self._trail and getattr(self._trail[-1], "transient", False):
                self._drop(self._trail.pop())
        self._stack.addWidget(page)
        self._show(page)

    def step_back(self) -> None:
        """Within the page where it has somewhere to go back to, else to where one came from."""
        if not self.page.step_back():
            self.go_back()

    def go_back(self) -> None:
        """To where one came from."""
        if not self._trail or not self.page.may_leave():
            return
        left = self.page
        self._show(self._trail.pop())
        self._drop(left)

    def _drop(self, page: Page) -> None:
        if page not in self._pages.values():
            self._stack.removeWidget(page)
            page.deleteLater()

    def _forget_trail(self) -> None:
        for page in [*self._trail, *([self.page] if self._stack.count() else [])]:
            self._drop(page)
        self._trail.clear()

    def _may_leave(self) -> bool:
        """Also of what waits behind the handbook."""
        return not self._stack.count() or all(page.may_leave() for page in (self.page, *reversed(self._trail)))

    def _show(self, page: Page) -> None:
        self._stack.setCurrentWidget(page)
        self._read_again()
        page.narrow(self._stack.width())
        self.messages.clear()
        self.sidebar.mark_page(page.nav)
        title = _("{page} - Kesu Desk ({branch})").format(page=page.name(), branch=self.session.branch.shown)
        self.setWindowTitle(title.replace("[*]", "[*][*]"))  # once, it is Qt's place for the mark of what is not saved
        QTimer.singleShot(0, page, page.setFocus)

    def open_find(self) -> None:
        """Search across everything."""
        from app.views.find import FindPopup  # heavy: the first page must not wait for it

        FindPopup(self.desk, self).open_below(self.sidebar)

    def _changed(self, topics: frozenset[str]) -> None:
        """Pages that show these kinds read again: the seen one now, the others when they are seen."""
        for page in {*self._pages.values(), *self._trail, *([self.page] if self._stack.count() else [])}:
            page.stale = page.stale or not topics.isdisjoint(page.topics)
        self._read_again()
        if topics & {"branch", "settings", "staff"}:
            self.sidebar.refresh()
        QTimer.singleShot(0, self, self.refresh_badge)

    def _read_again(self) -> None:
        if self._stack.count() and self.page.stale:
            self.page.stale = False
            self.page.refresh()

    def refresh_badge(self) -> None:
        """How many promised replies are overdue or due today."""
        from app.services import promise_board  # heavy: the first page must not wait for it

        counted = promise_board.count(self.session)
        for page in ("workbench", "promises"):
            self.sidebar.items[page].set_badge(counted.overdue + counted.today, late=bool(counted.overdue))

    def restyle(self) -> None:
        """The colours or sizes have changed."""
        icons.forget()
        self.sidebar.refresh_pictures()
        for widget in self.findChildren(QWidget):
            widget.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Under 1100 the sidebar becomes a rail."""
        super().resizeEvent(event)
        rail = self.width() < style.px(_NARROW)
        self.sidebar.set_rail(rail, style.px(184 if self.width() <= style.px(1366) else WIDE))
        if self._stack.count():
            self.page.narrow(self.width() - (style.px(RAIL) if rail else self.sidebar.width()))
        self.toast.place()

    def _restore(self) -> None:
        self.setMinimumSize(720, 440)
        kept = self.desk.preferences.get("geometry")
        if not (isinstance(kept, str) and self.restoreGeometry(QByteArray.fromBase64(kept.encode()))):
            room = self.screen().availableGeometry()
            self.resize(min(1440, room.width()), min(900, room.height() - 40))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about what is unsaved, once: while the window is held that is settled. Remember the window."""
        if not self.held and not self._may_leave():
            event.ignore()
            return
        self.desk.preferences.put("geometry", bytes(self.saveGeometry().toBase64().data()).decode())
        event.setAccepted(self.may_close())

    def close_for(self, work: Callable[[], object]) -> None:
        """Close, unless something unsaved keeps the person here, and open anew when the work is done."""
        self.afterwards = work
        if not self.close() and not self.held:
            self.afterwards = None

    def hold(self, *, on: bool) -> None:
        """Nothing can be done in the window but what its messages and its progress offer."""
        self.held = on
        for part in (self.sidebar, self._stack):
            part.setEnabled(not on)
        if not on:  # the person stays
            self.afterwards = None

    def keyPressEvent(self, event: Any) -> None:  # noqa: ANN401 - Qt's key event
        """Esc goes back where nothing else wanted it."""
        if event.key() == Qt.Key.Key_Escape and self._trail:
            self.go_back()
        else:
            super().keyPressEvent(event)
