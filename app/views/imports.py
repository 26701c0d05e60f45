"""The page 导入: a register is chosen, its columns are looked at and mapped, tried without writing, then taken in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout

from app.core.errors import Cancelled, UserError
from app.core.fields import Choice, Field
from app.core.files import write_whole
from app.core.language import N_, _
from app.core.progress import Progress
from app.services import importing
from app.services.importing import Opened, Result
from app.services.register_mapping import write_mapping
from app.views import style
from app.views.desk import Desk
from app.views.editors import ComboEditor
from app.views.import_columns import ColumnsChoice, PreviewTable
from app.views.import_result import ResultCard
from app.views.messages import MessageBar
from app.views.page import Page
from app.views.pieces.area import Area
from app.views.pieces.basics import button, clear, label, row
from app.views.pieces.cards import Card
from app.views.pieces.choosers import Segments
from app.views.pieces.heads import Elided, Foot, Head

KINDS = (
    ("customers", N_("Customers")),
    ("products", N_("Products")),
    ("objections", N_("Objections")),
    ("complaints", N_("Complaints")),
)
ENCODINGS = (Choice("utf-8", "UTF-8"), Choice("gb18030", "GB18030 (GBK)"), Choice("utf-16", "UTF-16"), Choice("big5", "Big5"))
_CHECK_MS = 250
_COURSE = (
    N_("Choose the kind of records and the file. Titles above the table, empty rows and repeated headers do no harm."),
    N_("Look at the columns: those that are recognised have their field already, for the others choose one or leave them out."),
    N_("Try it without writing: you see how many rows are new, changed or cannot come in, and why."),
    N_("Take it in. All rows come in or, if you stop it, none. The same file taken in again makes nothing twice."),
)


class ImportPage(Page):
    """Choose, map, try, take in."""

    nav = "import"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._path: Path | None = None
        self._mapping: Path | None = None
        self._opened: Opened | None = None
        self._tried = self._taken = False
        self._busy = False
        self.setAcceptDrops(True)
        self._lay_out()
        self._soon = QTimer(self, singleShot=True, interval=_CHECK_MS)
        self._soon.timeout.connect(self._columns_chosen)
        self._told.addWidget(_course_card())
        self._show_state()

    def name(self) -> str:
        """For the title of the window."""
        return _("Import")

    def _lay_out(self) -> None:
        self._said, self._found, self._told = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        for layout in (self._said, self._found, self._told):
            layout.setSpacing(12)
        inside = QVBoxLayout()
        inside.setSpacing(12)
        inside.addWidget(self._file_card())
        for layout in (self._said, self._told, self._found):
            inside.addLayout(layout)
        inside.addStretch(1)
        head, self._area = Head(), Area(inside)
        head.show_title(self.name())
        self.build(head, self._area, self._foot())
        self.setFocusProxy(self._choose)

    def _file_card(self) -> Card:
        card = Card(_("Register file"), _(".xlsx, .xls or .csv; it can also be dropped here"))
        self.kind = Segments([(code, _(word)) for code, word in KINDS], "complaints", name="kind")
        self.kind.setAccessibleName(_("Kind of records"))
        self.kind.chosen.connect(lambda _code: self.reopen(fresh=True))
        self._file = QLineEdit()
        self._file.setObjectName("file")
        self._file.setReadOnly(True)
        self._file.setPlaceholderText(_("No file is chosen."))
        self._file.setAccessibleName(_("File"))
        self._choose = button(_("Choose file"), icon="folder-open", key="Ctrl+O", name="choose", on_click=self.choose_file)
        self._mapping_words = label("", "hint")
        self._load = button(_("Open mapping"), "link", "file-import", name="load_mapping", on_click=self.choose_mapping)
        self._keep = button(_("Save mapping"), "link", "device-floppy", name="save_mapping", on_click=self.save_mapping)
        self.sheet = ComboEditor(Field("sheet", N_("Sheet")), ())
        self.encoding = ComboEditor(Field("encoding", N_("Encoding")), ENCODINGS)
        self.encoding.setItemText(0, _("Find out"))
        for combo in (self.sheet, self.encoding):
            combo.edited.connect(self.reopen)
        card.body.addLayout(row(label(_("Kind"), "secondary"), self.kind, None, gap=12))
        card.body.addLayout(row(self._file, self._choose))
        card.body.addLayout(self._choices())
        return card

    def _choices(self) -> QHBoxLayout:
        self._sheet_words, self._encoding_words = label(_("Sheet"), "secondary"), label(_("Encoding"), "secondary")
        line = row(
            self._sheet_words,
            self.sheet,
            self._encoding_words,
            self.encoding,
            self._mapping_words,
            None,
            self._load,
            self._keep,
            gap=10,
        )
        for combo in (self.sheet, self.encoding):
            combo.setMinimumWidth(style.px(150))
        return line

    def _foot(self) -> Foot:
        self._hint = Elided("", "hint")
        self._try = button(
            _("Try without writing"), "primary", "list-check", "Ctrl+T", name="try", on_click=partial(self.take, True)
        )
        self._take = button(
            _("Take in"), "primary", "database-import", "Ctrl+Return", name="take", on_click=partial(self.take, False)
        )
        return Foot([self._hint], [self._try, self._take])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """One file can be dropped."""
        if not self._busy and event.mimeData().hasUrls() and event.mimeData().urls()[0].isLocalFile():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """As if it had been chosen."""
        self.open_file(Path(event.mimeData().urls()[0].toLocalFile()))

    def choose_file(self) -> None:
        """Ask for the file."""
        kinds = _("Registers (*.xlsx *.xls *.csv *.txt *.tsv *.gz);;All files (*)")
        if not self.desk.permitted("register.import"):
            return
        path, _kind = QFileDialog.getOpenFileName(
            self, _("Choose file"), str(self._path.parent if self._path else Path.home()), kinds
        )
        if path:
            self.open_file(Path(path))

    def choose_mapping(self) -> None:
        """Ask for a mapping."""
        path, _kind = QFileDialog.getOpenFileName(self, _("Open mapping"), "", _("Mappings (*.toml)"))
        if path:
            self._mapping = Path(path)
            self.reopen()

    def save_mapping(self) -> None:
        """Keep the columns as they are chosen, for the next register of this form."""
        assert self._opened is not None
        name = f"{self.kind.value()}.toml"
        path, _kind = QFileDialog.getSaveFileName(self, _("Save mapping"), str(Path.home() / name), _("Mappings (*.toml)"))
        if path:
            self.write_mapping_to(Path(path))

    def write_mapping_to(self, path: Path) -> None:
        """Write the mapping."""
        assert self._opened is not None
        try:
            write_whole(path, write_mapping(self._opened.mapping).encode())
        except UserError as error:
            self.desk.fail(error)
        else:
            self.desk.tell(_("Mapping saved as {file}.").format(file=path.name))

    def open_file(self, path: Path) -> None:
        """Open a register and show its columns."""
        self._path, self._mapping = path, None
        self.sheet.set_value(None)
        self.encoding.set_value(None)
        self._file.setText(str(path))
        self.reopen(fresh=True)

    def reopen(self, *, fresh: bool = False) -> None:
        """Read the file again: another kind, sheet, encoding or mapping. `fresh`: the sheet is the program's choice."""
        if self._path is None or self._busy:
            return
        self._forget()
        kind, path, mapping = self.kind.value(), self._path, self._mapping
        sheet = None if fresh else str(self.sheet.value() or "") or None
        encoding = str(self.encoding.value() or "") or None
        session = self.session

        def work(progress: Progress) -> Opened:
            return importing.open_for_import(
                session, kind, path, mapping=mapping, sheet=sheet, encoding=encoding, by_hand=True, progress=progress
            )

        self._set_busy(_("Reading {file}").format(file=path.name))
        self.desk.run(work, self._show_opened, self, self._failed)

    def _forget(self) -> None:
        if self._opened is not None:
            self._opened.close()
        self._opened, self._tried, self._taken = None, False, False
        for layout in (self._said, self._found, self._told):
            clear(layout)

    def _set_busy(self, words: str) -> None:
        self._busy = True
        self._show_state(words)

    def _show_opened(self, opened: object) -> None:
        assert isinstance(opened, Opened)
        self._busy, self._opened = False, opened
        names = opened.register.names
        self.sheet.clear()
        self.sheet.addItem("", "")
        for name in names:
            self.sheet.addItem(name, name)
        self.sheet.set_value(opened.sheet.name)
        self._columns = ColumnsChoice(opened)
        self._columns.changed.connect(self._soon.start)
        self._preview = PreviewTable(opened)
        for card in (self._preview, self._columns):
            self._found.addWidget(card)
        self._columns_chosen()

    def _columns_chosen(self) -> None:
        """The columns are other ones: what was tried before counts no more."""
        assert self._opened is not None
        clear(self._said)
        clear(self._told)
        self._tried = False
        try:
            self._opened = self._opened.with_columns(self._columns.chosen())
        except UserError as error:
            self._said.addWidget(MessageBar("bad", str(error)))
            self._show_state(str(error))
            return
        for sentence in self._opened.warnings:
            self._said.addWidget(MessageBar("warn", sentence))
        self._preview.show_rows(self._opened)
        self._preview.setVisible(bool(self._opened.header.columns))
        self._show_state()

    def _missing(self) -> str:
        """Why nothing can be taken in yet; empty where it can."""
        if self._opened is None:
            return _("Choose a file first.")
        columns, targets = self._opened.header.columns, self._opened.targets
        if not columns:
            return _("No column is mapped yet. Choose the field of at least one column.")
        needed = [code for code, one in targets.items() if one.field.required and not one.part and not one.only]
        lacking = [
            _(targets[code].field.label) for code in needed if code not in columns and code not in self._opened.mapping.defaults
        ]
        return _("Not mapped yet, though usual: {fields}").format(fields=_(", ").join(lacking)) if lacking else ""

    def _advice(self) -> str:
        if self._tried:
            return ""
        return self._missing() or _("Trying counts what would happen and writes nothing.")

    def _show_state(self, words: str = "") -> None:
        """Which buttons can be pressed, and why others cannot."""
        ready = self._opened is not None and not self._busy and bool(self._opened.header.columns) and not words
        advice = words or self._advice()
        self._hint.say(advice)
        self._take.setVisible(self._tried)
        self._try.setVisible(not self._tried and not self._taken)
        self._try.lock("" if ready else advice)
        self._take.lock("" if ready else advice)
        for widget in (self._choose, self.kind, self._load, self.sheet, self.encoding):
            widget.setEnabled(not self._busy)
        self._load.setEnabled(self._path is not None and not self._busy)
        self._keep.setEnabled(ready)
        self._show_choices()

    def _show_choices(self) -> None:
        """Sheets of a workbook, the encoding of a text; where the file could not be read, another one may help."""
        names = self._opened.register.names if self._opened else ()
        text = self._path is not None and not names
        for shown, widgets in ((len(names) > 1, (self._sheet_words, self.sheet)), (text, (self._encoding_words, self.encoding))):
            for widget in widgets:
                widget.setVisible(shown)
        found = self._opened.register.encoding if text and self._opened and not self.encoding.value() else ""
        said = [_("found: {encoding}").format(encoding=found)] if found else []
        said += [_("mapping: {file}").format(file=self._mapping.name)] if self._mapping else []
        self._mapping_words.setText("   ".join(said))

    def take(self, dry_run: bool) -> None:
        """Count what would happen, or write it."""
        opened = self._opened
        if opened is None or self._busy:
            return
        clear(self._said)
        clear(self._told)
        self._set_busy(_("Trying …") if dry_run else _("Taking in …"))
        done: Callable[[object], None] = partial(self._show_result, dry_run)
        self.desk.run(lambda progress: importing.take_in(opened, dry_run=dry_run, progress=progress), done, self, self._failed)

    def _show_result(self, dry_run: bool, result: object) -> None:
        assert isinstance(result, Result)
        assert self._path is not None
        self._busy, self._taken = False, not dry_run
        self._tried = dry_run and bool(result.created or result.updated)
        card = ResultCard(self.desk, self.kind.value(), self._path, result, dry_run=dry_run)
        card.again.connect(self._start_again)
        self._told.addWidget(card)
        self._found_visible(dry_run)
        self._take.say(
            _("Take in {count} rows").format(count=f"{result.created + result.updated:,}") if self._tried else _("Take in")
        )
        self._show_state("" if dry_run else _("Taken in."))
        self._area.verticalScrollBar().setValue(0)
        QTimer.singleShot(0, self, self._take.setFocus if self._tried else card.setFocus)

    def _found_visible(self, seen: bool) -> None:
        for card in (self._columns, self._preview):
            card.setVisible(seen)

    def _start_again(self) -> None:
        self._forget()
        self._path = self._mapping = None
        self._file.clear()
        self._told.addWidget(_course_card())
        self._show_state()
        self._choose.setFocus()

    def _failed(self, error: Exception) -> None:
        self._busy = False
        if isinstance(error, Cancelled):
            self._said.addWidget(MessageBar("info", _("Stopped. Nothing was changed.")))
        elif isinstance(error, UserError):
            self._said.addWidget(MessageBar("bad", str(error)))
        self._show_state()
        if not isinstance(error, UserError | Cancelled):
            self.desk.fail(error)


def _course_card() -> Card:
    card = Card(_("How it goes"))
    for number, words in enumerate(_COURSE, 1):
        line = row(label(f"{number}", "strong"), label(_(words), "secondary", wrap=True), gap=12)
        line.setStretch(1, 1)
        card.body.addLayout(line)
    return card
