"""The page 操作记录: who did what when with which record; what is shown can be exported, and all that is kept can be checked."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QPlainTextEdit, QStackedWidget, QWidget

from app.core import formats
from app.core.fields import Field
from app.core.language import _
from app.models.listing import Query
from app.models.record import KINDS
from app.models.spans import together
from app.services import checking
from app.services.checking import Repaired
from app.services.faults import Fault
from app.services.trail import TRAIL
from app.views import style
from app.views.desk import Desk
from app.views.list_filters import DATES, Filters
from app.views.list_output import Asked, ListOutput
from app.views.list_source import ListSource
from app.views.lists import CASES
from app.views.messages import Dialog
from app.views.page import Page
from app.views.pieces.basics import button, column, label
from app.views.pieces.choosers import Chip
from app.views.pieces.heads import Foot, Head
from app.views.pieces.nothing import nothing
from app.views.table import ListView
from app.views.table_model import column_of


class _Filters(Filters):
    """Only what occurs is offered, by its words."""

    def _chip(self, declared: Field) -> Chip:
        return Chip(declared.code, _(declared.label), self._pairs(declared))

    def _pairs(self, declared: Field) -> list[tuple[str, str]]:
        known = TRAIL.known(self._session, declared.code)
        return sorted(((code, formats.label(declared, code)) for code in known), key=lambda pair: pair[1])

    def offer_known(self) -> None:
        """What occurred since."""
        for chip in self.chips:
            if chip.code != DATES:
                chip.offer(self._pairs(TRAIL.field(chip.code)))


class HistoryPage(Page):
    """The rows, newest first. Enter opens the record that a row is of."""

    topics = (*KINDS, "branch", "month", "settings", "calendar", "deputy", "history")
    nav = "history"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._query = Query(sort=TRAIL.sort)
        self.filters = _Filters(self.session, TRAIL, _("Number of a record"))
        self.filters.asked.connect(self.ask)
        self.filters.cleared.connect(self.clear_filters)
        self.table = self.filters.search.below = self._table()
        self.output = ListOutput(self, TRAIL, self.name(), self._shown)
        self._count = label("", "small")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        for empty in self._nothing():
            self._stack.addWidget(empty)
        keys = label(_("↑↓ choose   Enter opens   Ctrl+C copies as a table"), "hint")
        body = column(self.filters, self._stack, Foot([self._count, keys], [], height=6), gap=0)
        body.setStretch(1, 1)
        self.build(self._head(), body)
        self.setFocusProxy(self.table)
        self.refresh()

    def name(self) -> str:
        """For the title of the window."""
        return _("History")

    def _head(self) -> Head:
        self.check_button = button(_("Check data"), icon="shield-check", name="check_data", on_click=self.check)
        head = Head()
        head.show_title(self.name(), acts=[self.check_button, self.output.menu_button()])
        return head

    def _table(self) -> ListView:
        columns = [column_of(declared, stretch=declared.code == "detail") for declared in TRAIL.fields()]
        preferences = self.desk.preferences
        table = ListView(
            columns,
            self.session.now,
            state=preferences.get("list_history", {}),
            remember=partial(preferences.put, "list_history"),
        )
        table.setAccessibleName(self.name())
        table.opened.connect(self._open)
        table.copied.connect(lambda count: self.desk.tell(_("{count} rows copied.").format(count=count)))
        return table

    def _nothing(self) -> tuple[QWidget, QWidget]:
        """Where nothing fits, and where nothing was ever done."""
        clear = button(_("Clear filters"), on_click=self.clear_filters)
        page, word, icon = CASES
        begin = button(_(word), icon=icon, name=f"to_{page}", on_click=partial(self.desk.go, page))
        why = _("Whatever is entered, changed or let out is written down here by itself.")
        return (
            nothing("history", _("Nothing fits"), _("What is on: search or filters."), clear),
            nothing("history", _("Nothing here yet"), why, begin),
        )

    def _shown(self) -> Asked:
        arranged = self.table.arrangement()
        return self._query, [code for code in arranged["order"] if code in arranged["shown"]]

    def ask(self) -> None:
        """Show what is asked for, from the newest row on."""
        since, until = together(self.filters.days(), self.session.now().date())
        self._query = self._query._replace(text=self.filters.search.text(), where=self.filters.where(), since=since, until=until)
        self._show(keep=False)

    def _show(self, *, keep: bool) -> None:
        source = ListSource(self.session, TRAIL, self._query)
        self.table.show_source(source, keep=keep)
        asked = bool(self._query.text.strip() or self._query.where or self._query.since)
        self.filters.set_clearable(asked)
        shown = f"{source.counted.rows:,}{'+' if source.counted.capped else ''}"
        total = f"{TRAIL.total(self.session):,}"
        told = (
            _("{shown} of {total} rows").format(shown=shown, total=total)
            if asked
            else _("{total} rows in all").format(total=total)
        )
        self._count.setText(told)
        self._stack.setCurrentIndex(0 if source.counted.rows else 1 if asked else 2)

    def clear_filters(self) -> None:
        """Everything again."""
        self.show_query(None)
        self.table.setFocus()

    def show_query(self, query: Query | None) -> None:
        """Asked for by another page."""
        asked = query or Query()
        self.filters.show_asked(asked.text, asked.where, ())
        self.ask()

    def refresh(self) -> None:
        """Read again, staying on the row."""
        self.filters.offer_known()
        self._show(keep=True)

    def go_to_search(self) -> None:
        """Ctrl+F."""
        self.filters.search.setFocus()
        self.filters.search.selectAll()

    def print_page(self) -> None:
        """What is shown on paper."""
        self.output.register()

    def export_to(self, path: Path) -> None:
        """What is shown as a workbook."""
        self.output.export_to(path)

    def _open(self, row_id: int) -> None:
        shown = filter(None, (self.table.rows.row(number) for number in self.table.rows.at_hand()))
        found = next((dict(zip(TRAIL.columns, row[1:], strict=True)) for row in shown if row[0] == row_id), {})
        if found.get("kind") in KINDS:
            self.desk.open(found["number"])

    def check(self) -> None:
        """Check everything that is kept, beside the window."""
        self.check_button.setEnabled(False)
        self.desk.run(partial(checking.check, self.session), self._checked, self, self._not_checked)

    def _not_checked(self, error: Exception) -> None:
        self.check_button.setEnabled(True)
        self.desk.fail(error)

    def _checked(self, faults: list[Fault]) -> None:
        self.check_button.setEnabled(True)
        if not faults:
            rows = f"{TRAIL.total(self.session):,}"
            told = _("Everything is as it should be: {rows} rows of history, the database, search, attachments and numbers.")
            self.desk.say("ok", told.format(rows=rows))
        elif FaultsDialog(faults, self).ask() == "repair":
            self.repair()

    def repair(self) -> None:
        """Put right what needs no guessing."""
        self.desk.run(partial(checking.repair, self.session), self._repaired, self)

    def _repaired(self, result: Repaired) -> None:
        told = _("{count} faults put right; a copy from before lies in {file}.")
        if result.copy is not None:
            self.desk.say("ok", told.format(count=len(result.done), file=result.copy.name))
        self.refresh()
        if result.left:
            FaultsDialog(result.left, self).ask()


class FaultsDialog(Dialog):
    """What a check found; “repair” ends it where something can be put right."""

    kept_as = "faults"

    def __init__(self, faults: list[Fault], parent: QWidget) -> None:
        mendable = any(fault.mend is not None for fault in faults)
        why = _("Repairing puts right what needs no guessing, after a copy of the database.") if mendable else ""
        super().__init__(_("{count} faults were found").format(count=len(faults)), why, parent, width=640)
        report = "\n\n".join(f"{fault.what}\n{fault.where}\n→ {fault.do}" for fault in faults)
        self.report = QPlainTextEdit(report)
        self.report.setReadOnly(True)
        self.report.setAccessibleName(_("Faults"))
        self.report.setMinimumHeight(style.px(240))
        self.body.addWidget(self.report, 1)
        self._layout.setStretchFactor(self.body, 1)
        self.offer("copy", _("Copy report"), closes=False).clicked.connect(self.copy)
        if mendable:
            self.offer("repair", _("Repair"))
        self.offer("", _("Dismiss"), default=True)

    def copy(self) -> None:
        """For whoever looks after the program."""
        self.report.selectAll()
        self.report.copy()


def told_lately(desk: Desk, open_page: Any) -> None:  # noqa: ANN401 - a function of the window
    """Say on opening what is wrong with the newest rows of the history; all of it would take too long."""
    faults = desk.attempt(partial(checking.quick, desk.session))
    if faults:
        told = _("The history is not as it was written: {fault} Check the data.").format(fault=faults[0].what)
        desk.say("bad", told, [(_("History"), partial(open_page, "history"))])
