"""The list pages: search and filters, saved views, the table, a preview, and what can be done with what is shown."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.core.fields import Field
from app.core.language import N_, _
from app.models import permissions, saved_views
from app.models.listing import AGREEMENTS, COMPLAINTS, CUSTOMERS, OBJECTIONS, Listing, Query
from app.models.saved_views import View
from app.models.spans import together
from app.views import style
from app.views.bulk_bar import BulkBar
from app.views.bulk_summary import BulkSummary
from app.views.desk import Desk
from app.views.list_filters import Filters
from app.views.list_output import ListOutput
from app.views.list_source import ListSource
from app.views.page import Page
from app.views.pieces.basics import Button, button, label
from app.views.pieces.heads import Foot, Head
from app.views.pieces.nothing import nothing
from app.views.preview import Preview
from app.views.saved_views import Views
from app.views.table import ListView
from app.views.table_model import Column, column_of

_PREVIEW_FROM, _PREVIEW_WIDTH = 1200, 324


REGISTER = ("import", N_("Take in an old register"), "database-import")
CASES = ("complaints", N_("To the complaints"), "message-report")


class ListPage(Page):
    """A page with one list. Subclasses say which."""

    listing: Listing
    title = ""
    hint = N_("Number, customer, pinyin, phone, text")
    new_label = ""
    new_icon = "plus"
    empty_icon = "message-report"
    empty_words = ""
    """What belongs into the empty list, and where it comes from."""
    empty_way: tuple[str, str, str] | None = None
    """Another page to begin from: its code, word and icon of the button."""
    stretch = ""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._query = self._kept_sort(Query())
        self._asked: Query | None = None
        self._source: ListSource | None = None
        self._preview_wanted = bool(desk.preferences.get("preview", True))
        self._lay_out()
        if not self.views.open_first():
            self.refresh()

    def name(self) -> str:
        """For the title of the window."""
        return _(self.title)

    def _lay_out(self) -> None:
        self.filters = Filters(self.session, self.listing, _(self.hint))
        self.filters.asked.connect(self.ask)
        self.filters.cleared.connect(self.clear_filters)
        self.search, self.chips = self.filters.search, self.filters.chips
        self.views = Views(self.desk, self.listing, self.view, self.show_view, self)
        self.table = self.search.below = self._table()
        self.output = ListOutput(self, self.listing, _(self.title), self._shown)
        self.summary = BulkSummary(lambda ids: self.show_query(Query(ids=ids, sort=self.listing.sort)))
        self.bulk = BulkBar(self, self.listing, self.table, self.output, self.summary)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._empty = QWidget()
        self._stack.addWidget(self._empty)
        self.preview = Preview(self.desk, self.listing)
        self._count = label("", "small")
        keys = label(_("↑↓ choose   Shift+↑↓ mark more   Enter opens   Ctrl+C copies as a table"), "hint")
        foot = Foot([self._count, keys], [self.bulk], height=6)
        left = QVBoxLayout()
        left.setSpacing(0)
        for widget, stretch in ((self.filters, 0), (self.summary, 0), (self._stack, 1), (foot, 0)):
            left.addWidget(widget, stretch)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addLayout(left, 1)
        middle.addWidget(self.preview)
        self.build(self._head(), middle)
        self.setFocusProxy(self.table)

    def _head(self) -> Head:
        columns = button(_("Columns"), "icon", "columns", name="columns")
        columns.clicked.connect(lambda _checked=False: self._choose_columns(columns))
        acts: list[Button] = [columns, self.views.button, self.output.menu_button(), *self.extra_acts()]
        if self.new_label:
            asked = partial(self.desk.new, self.new_kind)
            acts.append(button(_(self.new_label), "primary", self.new_icon, name="new", on_click=asked))
        head = Head()
        head.show_title(self.name(), acts=acts)
        return head

    def extra_acts(self) -> list[Button]:
        """What else can be done on this list."""
        return []

    def _choose_columns(self, asked: QWidget) -> None:
        below = asked if asked.isVisible() else self.table.horizontalHeader()
        self.table.choose_columns(below.mapToGlobal(below.rect().bottomLeft()))

    def _table(self) -> ListView:
        shown = self.listing.shown
        columns = [self._column(declared, declared.code in shown) for declared in self.listing.fields()]
        table = ListView(
            columns,
            self.session.now,
            state=self.desk.preferences.get(self._key(), {}),
            remember=self._remember,
        )
        table.setAccessibleName(self.name())
        table.opened.connect(self._open)
        table.rested.connect(self._settled)
        table.sort_asked.connect(self._sort)
        table.copied.connect(lambda count: self.desk.tell(_("{count} rows copied.").format(count=count)))
        return table

    def _key(self) -> str:
        return f"list_{self.listing.code}"

    def _kept_sort(self, query: Query) -> Query:
        """Sorted as the person left the list, else newest first."""
        kept = self.desk.preferences.get(f"{self._key()}_sort")
        known = isinstance(kept, list) and len(kept) == 2 and kept[0] in self.listing.columns
        return query._replace(sort=kept[0], descending=bool(kept[1])) if known else query._replace(sort=self.listing.sort)

    def _remember(self, state: dict[str, Any]) -> None:
        if not self.views.name:
            self.desk.preferences.put(self._key(), state)
        self.views.tell()

    def _column(self, declared: Field, shown: bool) -> Column:
        special: dict[str, Any] = (
            {"stretch": declared.code == self.stretch, "face": "strong"} if declared.code in ("customer_name", "name") else {}
        )
        if declared.code == self.stretch:
            special["stretch"] = True
        return column_of(declared, shown=shown, **special)

    def query(self) -> Query:
        """What the search box, the chips and the head ask for."""
        asked = self._asked or Query()
        since, until = together(self.filters.days(), self.session.now().date())
        return Query(
            text=self.search.text(),
            where={**asked.where, **self.filters.where()},
            since=since or asked.since,
            until=until or asked.until,
            sort=self._query.sort,
            descending=self._query.descending,
            ids=asked.ids,
        )

    def view(self) -> View | None:
        """What is shown, as it can be saved: days that are counted from today stay so. None for rows that were picked out."""
        query, days = self.query(), self.filters.days()
        if query.ids is not None:
            return None
        return View(
            text=query.text,
            where=query.where,
            spans=days,
            since=None if days else query.since,
            until=None if days else query.until,
            sort=query.sort,
            descending=query.descending,
            columns=self.table.arrangement(),
        )

    def show_view(self, view: View | None) -> None:
        """Show what a view asks for, with its columns; None: everything, with those of last time."""
        kept: dict[str, Any] = self.desk.preferences.get(self._key(), {})
        asked = View(columns=kept) if view is None else view
        query = saved_views.query_of(self.session, self.listing, asked)
        self.table.restore(asked.columns)
        self._query = self._kept_sort(query) if view is None else query._replace(sort=query.sort or self.listing.sort)
        rest = self.filters.show_asked(query.text, query.where, asked.spans)
        self._asked = Query(where=rest, since=asked.since, until=asked.until)
        self.ask()

    def _shown(self) -> tuple[Query, list[str]]:
        arranged = self.table.arrangement()
        return self._query, [code for code in arranged["order"] if code in arranged["shown"]]

    def ask(self) -> None:
        """Show what is asked for now, from the first row on."""
        self._show(self.query(), keep=False)
        self.views.tell()

    def _show(self, query: Query, *, keep: bool) -> None:
        self._query = query
        self._source = ListSource(self.session, self.listing, query)
        self.table.rows.sort_shown(query.sort or self.listing.sort, descending=query.descending)
        self.table.show_source(self._source, keep=keep)
        self._tell(query)

    def _tell(self, query: Query) -> None:
        """The count, and in an empty list why it is empty."""
        assert self._source is not None
        counted = self._source.counted
        asked = self._filtered(query)
        self.filters.set_clearable(asked)
        shown = f"{counted.rows:,}{'+' if counted.capped else ''}"
        total = self.listing.total(self.session) if asked or counted.capped else counted.rows
        words = (
            _("{shown} of {total}").format(shown=shown, total=f"{total:,}") if asked else _("{total} in all").format(total=shown)
        )
        if counted.capped and query.text.strip():
            words += "   " + _("the newest first; write more to narrow it down")
        self._count.setText(words)
        if counted.rows:
            self._stack.setCurrentWidget(self.table)
        else:
            self._show_empty(asked)
        self.preview.show_number(None) if not counted.rows else None

    def _filtered(self, query: Query) -> bool:
        return bool(query.text.strip() or query.where or query.since or query.until or query.ids is not None)

    def _show_empty(self, asked: bool) -> None:
        if asked:
            made = nothing(
                self.empty_icon,
                _("Nothing fits"),
                _("What is on: search or filters."),
                button(_("Clear filters"), on_click=self.clear_filters),
            )
        else:
            made = nothing(self.empty_icon, _("Nothing here yet"), _(self.empty_words), *self._beginnings())
        self._stack.removeWidget(self._empty)
        self._empty.deleteLater()
        self._empty = made
        self._stack.addWidget(made)
        self._stack.setCurrentWidget(made)

    def _beginnings(self) -> list[Button]:
        """How the list gets its first rows."""
        acts = []
        if self.new_label:
            acts.append(button(_(self.new_label), "outline", self.new_icon, on_click=partial(self.desk.new, self.new_kind)))
        if self.empty_way:
            page, word, icon = self.empty_way
            acts.append(button(_(word), "outline", icon, name=f"to_{page}", on_click=partial(self.desk.go, page)))
        return acts

    def show_query(self, query: Query | None) -> None:
        """Asked for by another page: the cases behind a figure, or a station."""
        asked = query or Query()
        rest = self.filters.show_asked(asked.text, asked.where, ())
        self._asked = asked._replace(where=rest) if query else None
        self.ask()

    def clear_filters(self) -> None:
        """Everything again."""
        self.show_query(None)
        self.table.setFocus()

    def refresh(self) -> None:
        """Read again, staying on the row; people who are new appear in their filter."""
        self.filters.offer_known()
        self._show(self.query() if self._source else self._query, keep=self._source is not None)

    def go_to_search(self) -> None:
        """Ctrl+F."""
        self.search.setFocus()
        self.search.selectAll()

    def _sort(self, code: str, descending: bool) -> None:
        self._query = self._query._replace(sort=code, descending=descending)
        if not self.views.name:
            self.desk.preferences.put(f"{self._key()}_sort", [code, descending])
        self.ask()

    def _number_of(self, record_id: int) -> str | None:
        place = self.listing.columns.index("number") + 1
        for row_number in self.table.rows.at_hand():
            found = self.table.rows.row(row_number)
            if found is not None and found[0] == record_id:
                return str(found[place])
        return None

    def _open(self, record_id: int) -> None:
        number = self._number_of(record_id)
        if number is not None:
            self.desk.open(number)

    def _settled(self, record_id: int) -> None:
        self.bulk.follow()
        if self.preview.isVisible():
            self.preview.show_number(self._number_of(record_id) if record_id >= 0 else None)

    def narrow(self, width: int) -> None:
        """The preview and the keys need room, and the chips get what is left."""
        room = width - style.px(_PREVIEW_WIDTH)
        preview = self._preview_wanted and width + style.px(190) >= style.px(_PREVIEW_FROM) and self.table.fits(room)
        self.preview.setVisible(preview)
        self.preview.setFixedWidth(style.px(_PREVIEW_WIDTH if width < style.px(1500) else 388))
        if preview:
            self._settled(self.table.current_id())

    def toggle_preview(self) -> None:
        """Ctrl+Shift+P."""
        self._preview_wanted = not self._preview_wanted
        self.desk.preferences.put("preview", self._preview_wanted)
        self.narrow(self.width())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Shift+P hides the preview."""
        both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        if event.key() == Qt.Key.Key_P and event.modifiers() & both == both:
            self.toggle_preview()
        else:
            super().keyPressEvent(event)

    def export_to(self, path: Path) -> None:
        """What is shown as a workbook."""
        self.output.export_to(path)

    def print_page(self) -> None:
        """What is shown as a register."""
        self.output.register()


class ComplaintsPage(ListPage):
    """All complaints."""

    listing, title, nav = COMPLAINTS, N_("Complaints"), "complaints"
    topics = ("complaint", "customer")
    new_kind, new_label, new_icon = "complaint", N_("Register complaint"), "plus"
    empty_words, empty_way = N_("Register the first complaint, or take in the old register."), REGISTER
    stretch = "description"


class ObjectionsPage(ListPage):
    """All objections."""

    listing, title, nav = OBJECTIONS, N_("Objections"), "objections"
    topics = ("objection", "customer")
    new_kind, new_label, empty_icon = "objection", N_("Write down objection"), "message-exclamation"
    empty_words, empty_way = N_("Write down what a customer asks or doubts, or take in the old register."), REGISTER
    stretch = "what"


class CustomersPage(ListPage):
    """All customers."""

    listing, title, nav = CUSTOMERS, N_("Customers"), "customers"
    topics = ("customer",)
    hint = N_("Number, name, pinyin, phone, licence, address")
    new_kind, new_label, empty_icon = "customer", N_("Add customer"), "users"
    empty_words, empty_way = N_("Add a customer, or take in the old register."), REGISTER
    stretch = "address"

    def extra_acts(self) -> list[Button]:
        """Who may be here twice, and whose time is over."""
        asked = partial(self.desk.new, "duplicates")
        found = [button(_("Find duplicates"), icon="users", name="find_duplicates", on_click=asked)]
        if not permissions.refusal(self.session, "customer.erase"):
            found.insert(0, button(_("Retention"), icon="clock", name="retention", on_click=self.show_retention))
        return found

    def show_retention(self) -> None:
        """With whom the retention of personal data is over."""
        from app.views.retention import RetentionPage  # heavy: what is erased, and from where

        self.desk.show(RetentionPage(self.desk))


class AgreementsPage(ListPage):
    """All agreements, every edition."""

    listing, title, nav = AGREEMENTS, N_("Agreements"), "agreements"
    topics = ("agreement", "complaint")
    empty_icon = "file-certificate"
    empty_words, empty_way = N_("An agreement is drawn up in a complaint, by its step Draw up agreement."), CASES
    stretch = "customer_name"

    def extra_acts(self) -> list[Button]:
        """A file that somebody brings."""
        from app.views.verifying import verify_button  # heavy: all documents

        return [verify_button(self)]
