"""The list pages: one search box, filters, dates, the table, a preview, and what can be done with what is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from app.core import formats
from app.core.fields import Field, Kind
from app.core.language import N_, _
from app.core.progress import Progress
from app.models import spans
from app.models.listing import AGREEMENTS, COMPLAINTS, CUSTOMERS, OBJECTIONS, OPEN, UNCLASSIFIED, Listing, Query
from app.views import style
from app.views.desk import Desk
from app.views.list_source import ListSource
from app.views.page import Page
from app.views.pieces.area import EDGE
from app.views.pieces.basics import IconMark, button, label, menu_button, row
from app.views.pieces.choosers import Chip
from app.views.pieces.heads import Fitting, Foot, Head
from app.views.preview import Preview
from app.views.search_box import SearchBox
from app.views.table import ListView
from app.views.table_model import Column, column_of

_PREVIEW_FROM, _PREVIEW_WIDTH = 1200, 324


class ListPage(Page):
    """A page with one list. Subclasses say which."""

    listing: Listing
    title = ""
    hint = N_("Number, customer, pinyin, phone, text")
    new_label = ""
    new_icon = "plus"
    empty_icon = "message-report"
    stretch = ""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._query = Query(sort=self.listing.sort)
        self._asked: Query | None = None
        self._source: ListSource | None = None
        self._preview_wanted = bool(desk.preferences.get("preview", True))
        self._lay_out()
        self.refresh()

    def name(self) -> str:
        """For the title of the window."""
        return _(self.title)

    def _lay_out(self) -> None:
        self.search = SearchBox(_(self.hint), self.ask)
        self.chips = [self._chip(self.listing.field(code)) for code in self.listing.filters]
        if self.listing.dated:
            dated = Chip(
                "dates", _(self.listing.field(self.listing.dated).label), [(code, _(word)) for code, word in spans.SPANS]
            )
            dated.changed.connect(self.ask)
            self.chips.append(dated)
        self._clear = button(_("Clear"), "link", name="clear_filters", on_click=self.clear_filters)
        self.table = self.search.below = self._table()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._empty = QWidget()
        self._stack.addWidget(self._empty)
        self.preview = Preview(self.desk, self.listing)
        self._count = label("", "small")
        keys = label(_("↑↓ choose   Enter opens   Ctrl+C copies as a table"), "hint")
        foot = Foot([self._count], [keys], height=6)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self._filters())
        left.addWidget(self._stack, 1)
        left.addWidget(foot)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addLayout(left, 1)
        middle.addWidget(self.preview)
        self.build(self._head(), middle)
        self.setFocusProxy(self.table)

    def _head(self) -> Head:
        columns = button(_("Columns"), "icon", "columns", name="columns")
        columns.clicked.connect(lambda _checked=False: self._choose_columns(columns))
        export = button(_("Export Excel"), icon="table-export", key="Ctrl+E", name="export", on_click=self.export)
        acts = [columns, export]
        if self.new_label:
            asked = partial(self.desk.new, self.new_kind)
            acts.append(button(_(self.new_label), "primary", self.new_icon, name="new", on_click=asked))
        head = Head()
        head.show_title(self.name(), acts=acts)
        return head

    def _choose_columns(self, asked: QWidget) -> None:
        below = asked if asked.isVisible() else self.table.horizontalHeader()
        self.table.choose_columns(below.mapToGlobal(below.rect().bottomLeft()))

    def _filters(self) -> Fitting:
        """Chips that find no room go into “more filters”; those that are on stay."""
        made = Fitting((EDGE, 4, 16, 10))
        self.search.setMinimumWidth(style.px(200))
        self._more_menu = QMenu(self)
        self._more = menu_button(_("More filters"), self._more_menu, kind="chip", name="more_filters")
        self._more.hide()
        for widget in (self.search, *self.chips, self._more, self._clear):
            made.line.addWidget(widget)
        made.line.setStretch(0, 1)
        made.ways = [partial(self._fold_chip, chip) for chip in reversed(self.chips)]
        return made

    def _fold_chip(self, chip: Chip, on: bool) -> None:
        menu = chip.menu_of_choices()
        if on and not chip.value():
            self._more_menu.insertMenu(next(iter(self._more_menu.actions()), None), menu)  # type: ignore[arg-type]
        elif not on:
            self._more_menu.removeAction(menu.menuAction())
        chip.setHidden(on and not chip.value())
        self._more.setHidden(self._more_menu.isEmpty())

    def _chip(self, declared: Field) -> Chip:
        pairs = [(choice.code, formats.label(declared, choice.code)) for choice in declared.choices]
        if declared.kind is Kind.TEXT:
            pairs = [(name, name) for name in self.listing.known(self.session, declared.code)]
        if declared.code == "status" and self.listing in (COMPLAINTS, OBJECTIONS):
            pairs.insert(0, (OPEN, _("Not ended")))
        elif declared.kind is Kind.CHOICE and declared.code != "status":
            pairs.append((UNCLASSIFIED, _("Not classified")))
        chip = Chip(declared.code, _(declared.label), pairs)
        chip.changed.connect(self.ask)
        return chip

    def _table(self) -> ListView:
        shown = self.listing.shown
        columns = [self._column(declared, declared.code in shown) for declared in self.listing.fields()]
        key = f"list_{self.listing.kind.KIND}"
        table = ListView(
            columns,
            self.session.now,
            state=self.desk.preferences.get(key, {}),
            remember=lambda state: self.desk.preferences.put(key, state),
        )
        table.setAccessibleName(self.name())
        table.opened.connect(self._open)
        table.rested.connect(self._settled)
        table.sort_asked.connect(self._sort)
        table.copied.connect(lambda count: self.desk.tell(_("{count} rows copied.").format(count=count)))
        return table

    def _column(self, declared: Field, shown: bool) -> Column:
        special: dict[str, Any] = (
            {"stretch": declared.code == self.stretch, "face": "strong"} if declared.code in ("customer_name", "name") else {}
        )
        if declared.code == self.stretch:
            special["stretch"] = True
        return column_of(declared, shown=shown, **special)

    def query(self) -> Query:
        """What the search box, the chips and the head ask for."""
        where = {chip.code: chip.value() for chip in self.chips if chip.value() and chip.code != "dates"}
        asked = self._asked or Query()
        since, until = self._span()
        return Query(
            text=self.search.text(),
            where={**asked.where, **where},
            since=since or asked.since,
            until=until or asked.until,
            sort=self._query.sort,
            descending=self._query.descending,
            ids=asked.ids,
        )

    def _span(self) -> tuple[date | None, date | None]:
        dates = next((chip for chip in self.chips if chip.code == "dates"), None)
        return spans.together(dates.value() if dates is not None else (), self.session.now().date())

    def ask(self) -> None:
        """Show what is asked for now, from the first row on."""
        self._show(self.query(), keep=False)

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
        self._clear.setVisible(asked)
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
        made = QWidget()
        layout = QVBoxLayout(made)
        layout.addStretch(2)
        mark = IconMark(self.empty_icon, "text3", 40)
        words = _("Nothing fits") if asked else _("Nothing here yet")
        why = _("What is on: search or filters.") if asked else _("What is written down or imported appears here.")
        acts = [button(_("Clear filters"), on_click=self.clear_filters)] if asked else []
        if self.new_label and not asked:
            acts.append(button(_(self.new_label), "outline", self.new_icon, on_click=partial(self.desk.new, self.new_kind)))
        for widget in (mark, label(words, "empty"), label(why, "secondary")):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addLayout(row(None, *acts, None, margins=(0, 8, 0, 0)))
        layout.addStretch(3)
        self._stack.removeWidget(self._empty)
        self._empty.deleteLater()
        self._empty = made
        self._stack.addWidget(made)
        self._stack.setCurrentWidget(made)

    def show_query(self, query: Query | None) -> None:
        """Asked for by another page: the cases behind a figure, or a station."""
        self._asked = None
        for chip in self.chips:
            chip.set_value(query.where.get(chip.code, ()) if query else ())
        self.search.blockSignals(True)
        self.search.setText(query.text if query else "")
        self.search.blockSignals(False)
        if query is not None:
            held = {chip.code for chip in self.chips}
            rest = {
                code: values
                for code, values in query.where.items()
                if code not in held or not set(values) <= _offered(self.chips, code)
            }
            self._asked = replace(query, where=rest)
        self.ask()

    def clear_filters(self) -> None:
        """Everything again."""
        self.show_query(None)
        self.table.setFocus()

    def refresh(self) -> None:
        """Read again, staying on the row; people who are new appear in their filter."""
        for chip in self.chips:
            if chip.code != "dates" and self.listing.field(chip.code).kind is Kind.TEXT:
                chip.offer([(name, name) for name in self.listing.known(self.session, chip.code)])
        self._show(self.query() if self._source else replace(self._query, descending=True), keep=self._source is not None)

    def go_to_search(self) -> None:
        """Ctrl+F."""
        self.search.setFocus()
        self.search.selectAll()

    def _sort(self, code: str, descending: bool) -> None:
        self._query = replace(self._query, sort=code, descending=descending)
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
        if self.preview.isVisible():
            self.preview.show_number(self._number_of(record_id) if record_id >= 0 else None)

    def narrow(self, width: int) -> None:
        """The preview needs room."""
        preview = self._preview_wanted and width + style.px(190) >= style.px(_PREVIEW_FROM)
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

    def export(self) -> None:
        """What is shown, with the columns that are shown, as a workbook."""
        suggested = f"{_(self.title)}-{self.session.now():%Y%m%d}.xlsx"
        path, _kind = QFileDialog.getSaveFileName(self, _("Export Excel"), suggested, _("Excel workbook (*.xlsx)"))
        if path:
            self.export_to(Path(path))

    def export_to(self, path: Path) -> None:
        """Write the workbook beside the window; said when it is done."""
        arranged = self.table.arrangement()
        codes = [code for code in arranged["order"] if code in arranged["shown"]]
        session, listing, query, title = self.session, self.listing, self._query, _(self.title)

        def work(progress: Progress) -> Path:
            from app.reports import table_workbook  # heavy: the Excel library

            total = listing.count(session, query).rows
            rows = progress.over(replace(listing, columns=tuple(codes)).all(session, query), total, _("Exporting"))
            fields = [listing.field(code) for code in codes]
            table_workbook.write_list(path, title, fields, (line[1:] for line in rows), session.branch.zone)
            return path

        self.desk.run(work, self._exported, self)

    def _exported(self, path: Path) -> None:
        self.desk.tell(_("Exported to {file}.").format(file=path.name))


def _offered(chips: list[Chip], code: str) -> set[str]:
    return {value for chip in chips if chip.code == code for value in chip.offered()}


class ComplaintsPage(ListPage):
    """All complaints."""

    listing, title, nav = COMPLAINTS, N_("Complaints"), "complaints"
    topics = ("complaint", "customer")
    new_kind, new_label, new_icon = "complaint", N_("Register complaint"), "plus"
    stretch = "description"


class ObjectionsPage(ListPage):
    """All objections."""

    listing, title, nav = OBJECTIONS, N_("Objections"), "objections"
    topics = ("objection", "customer")
    new_kind, new_label, empty_icon = "objection", N_("Write down objection"), "message-exclamation"
    stretch = "what"


class CustomersPage(ListPage):
    """All customers."""

    listing, title, nav = CUSTOMERS, N_("Customers"), "customers"
    topics = ("customer",)
    hint = N_("Number, name, pinyin, phone, licence, address")
    new_kind, new_label, empty_icon = "customer", N_("Add customer"), "users"
    stretch = "address"


class AgreementsPage(ListPage):
    """All agreements, every edition."""

    listing, title, nav = AGREEMENTS, N_("Agreements"), "agreements"
    topics = ("agreement", "complaint")
    empty_icon = "file-certificate"
    stretch = "customer_name"
