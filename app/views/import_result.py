"""What became of the rows of a register: counts, what was left unclassified, what could not come in and why."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.core.files import write_whole
from app.core.language import N_, _
from app.core.progress import Progress
from app.services import importing
from app.services.importing import Result
from app.services.register_targets import targets
from app.views import style
from app.views.desk import Desk
from app.views.import_columns import cell, fit, number_right, rows_table
from app.views.messages import MessageBar
from app.views.pieces.basics import button, label, row
from app.views.pieces.cards import Card
from app.views.pieces.flow import Flow

_SHOWN = 200
_SHOWN_VALUES = 12
_COUNTS = (
    ("created", N_("added")),
    ("updated", N_("updated")),
    ("unchanged", N_("unchanged")),
    ("rejected", N_("rejected")),
)


class ResultCard(Card):
    """The result of trying or of taking in."""

    again = Signal()

    def __init__(self, desk: Desk, kind: str, path: Path, result: Result, *, dry_run: bool) -> None:
        super().__init__(_("Tried: nothing is written yet") if dry_run else _("Taken in"), path.name)
        self.setObjectName("result")
        self._desk, self._kind, self._path, self._result = desk, kind, path, result
        self._say_counts(dry_run)
        if not dry_run:
            self._offer_next()
        for sentence in result.warnings:
            self.body.addWidget(MessageBar("warn", sentence))
        self._say_unmapped()
        if result.rejected:
            self._show_rejected()

    def counts(self) -> dict[str, int]:
        """The figures shown, by code."""
        result = self._result
        return {
            "created": result.created,
            "updated": result.updated,
            "unchanged": result.unchanged,
            "rejected": len(result.rejected),
        }

    def _say_counts(self, dry_run: bool) -> None:
        figures = self.counts()
        counts = QWidget()
        line = Flow(counts, 22)
        read = label(_("{count} rows read").format(count=f"{self._result.read:,}"), "secondary")
        read.setMinimumHeight(style.metrics(style.TITLE, bold=True).height())
        line.addWidget(read)
        for code, word in _COUNTS:
            role = "error" if code == "rejected" and figures[code] else "secondary"
            one = QWidget()
            one.setLayout(row(label(f"{figures[code]:,}", "number"), label(_(word), role), gap=6))
            line.addWidget(one)
        self.body.addWidget(counts)
        if dry_run and not self._result.created and not self._result.updated:
            self.body.addWidget(label(_("There is nothing to take in: no row is new or changed."), "secondary", wrap=True))

    def _say_unmapped(self) -> None:
        known = targets(self._kind)
        for code, values in self._result.unmapped.items():
            shown = [
                _("{value} ({count})").format(value=value[:30], count=count)
                for value, count in list(values.items())[:_SHOWN_VALUES]
            ]
            more = _(" and {count} more").format(count=len(values) - _SHOWN_VALUES) if len(values) > _SHOWN_VALUES else ""
            words = _("{field}: no classification is known for {values}. These stay unclassified.")
            name = _(known[code].field.label) if code in known else code
            self.body.addWidget(MessageBar("warn", words.format(field=name, values=_(", ").join(shown) + more)))

    def _show_rejected(self) -> None:
        rejected = self._result.rejected
        title = _("Rejected rows: {count}").format(count=f"{len(rejected):,}")
        if len(rejected) > _SHOWN:
            title += "   " + _("the first {count} are shown").format(count=_SHOWN)
        save = button(_("Save rejected rows"), icon="table-export", name="save_rejects", on_click=self.choose_rejects)
        self.body.addLayout(row(label(title, "strong"), None, save))
        table = rows_table()
        table.setObjectName("rejected")
        table.setAccessibleName(title)
        heads = (_("Line"), _("Column"), _("Value"), _("Reason"))
        table.setColumnCount(len(heads))
        table.setHorizontalHeaderLabels(list(heads))
        number_right(table)
        table.setRowCount(min(len(rejected), _SHOWN))
        for line, one in enumerate(rejected[:_SHOWN]):
            table.setItem(line, 0, cell(str(one.row), right=True, token="text3"))
            for place, text in enumerate((one.column, one.value, one.reason), 1):
                table.setItem(line, place, cell(text[:300]))
        fit(table)
        self.body.addWidget(table)

    def _offer_next(self) -> None:
        look = button(_("Open list"), "primary", name="open_list", on_click=partial(self._desk.go, self._kind))
        more = button(_("Another file"), icon="file-import", name="another", on_click=self.again.emit)
        self.body.addLayout(row(look, more, None))
        self.setFocusProxy(look)

    def choose_rejects(self) -> None:
        """Ask where the workbook goes."""
        suggested = self._path.with_name(_("{name} - rejected.xlsx").format(name=self._path.stem))
        path, _kind = QFileDialog.getSaveFileName(self, _("Save rejected rows"), str(suggested), _("Excel workbook (*.xlsx)"))
        if path:
            self.save_rejects(Path(path))

    def save_rejects(self, path: Path) -> None:
        """The rejected rows as they came, with the reason of each: mended there, they can be taken in again."""
        result = self._result

        def work(progress: Progress) -> Path:
            from app.reports import table_workbook  # heavy: the Excel library

            write_whole(path, table_workbook.rejects(result.headers, importing.rejected_rows(result)))
            return path

        self._desk.run(work, lambda _path: self._desk.tell(_("Rejected rows saved as {file}.").format(file=path.name)), self)
