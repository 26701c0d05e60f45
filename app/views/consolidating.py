"""The page that merges the workbooks of branches: files are chosen, what was read and what does not fit is shown, then saved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout

from app.core import formats
from app.core.files import write_whole
from app.core.language import N_, _
from app.core.progress import Progress
from app.services import merging
from app.services.merged_cases import Fault, Merged
from app.views.desk import Desk
from app.views.line_table import LineTable
from app.views.messages import MessageBar
from app.views.page import Page
from app.views.pieces.area import Area
from app.views.pieces.basics import Button, button, clear, label, row
from app.views.pieces.cards import Card
from app.views.pieces.heads import Head

_SHOWN = 300
_COURSE = (
    N_("Each branch exports its month as a workbook and sends it as it is: a cell changed by hand is found."),
    N_("Put the workbooks into one folder and choose it. What does not fit is named, with what to do; nothing is passed over."),
    N_("If all branches should be there, choose a list of their codes: those that are missing are named."),
    N_("Save the merged workbook: branches beside each other, all cases once, every number counted again from them."),
)


def merge_button(page: Page) -> Button:
    """Leads to the page that merges."""

    def opened() -> None:
        page.desk.show(ConsolidatingPage(page.desk))

    return button(_("Merge branches"), "icon", "building-store", name="merge_branches", on_click=opened)


class ConsolidatingPage(Page):
    """Choose, look, save."""

    nav = "statistics"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._paths: tuple[Path, ...] = ()
        self._expected: tuple[str, ...] = ()
        self._kept: list[Merged] = []
        self._busy = False
        self.setAcceptDrops(True)
        self._told = QVBoxLayout()
        self._told.setSpacing(12)
        inside = QVBoxLayout()
        inside.addLayout(self._told)
        inside.addStretch(1)
        word = _("Save merged workbook  Ctrl+S")
        self._save = button(word, "primary", "table-export", name="save_merged", on_click=self.save)
        head = Head(desk.back.emit)
        head.show_title(self.name(), [], [*self._choices(), self._save])
        self.build(head, Area(inside))
        self.setFocusProxy(self._folder)
        self.destroyed.connect(partial(_close, self._kept))
        self._show_course()

    def name(self) -> str:
        """For the title of the window."""
        return _("Merge branches")

    @property
    def merged(self) -> Merged | None:
        """What is shown and can be saved."""
        return self._kept[0] if self._kept else None

    def _choices(self) -> list[Button]:
        word = _("Choose folder")
        self._folder = button(word, icon="folder-open", key="Ctrl+O", name="choose_folder", on_click=self.choose_folder)
        self._files = button(_("Choose files"), icon="file-import", name="choose_files", on_click=self.choose_files)
        self._list = button(_("List of branches"), icon="list-check", name="choose_expected", on_click=self.choose_expected)
        return [self._folder, self._files, self._list]

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and folders can be dropped."""
        if not self._busy and event.mimeData().hasUrls() and all(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """As if they had been chosen."""
        self.read([Path(url.toLocalFile()) for url in event.mimeData().urls()])

    def choose_folder(self) -> None:
        """Ask for the folder with the workbooks."""
        if folder := QFileDialog.getExistingDirectory(self, _("Choose folder")):
            self.read([Path(folder)])

    def choose_files(self) -> None:
        """Ask for the workbooks one by one."""
        paths, _kind = QFileDialog.getOpenFileNames(self, _("Choose files"), "", _("Excel workbook (*.xlsx)"))
        if paths:
            self.read([Path(path) for path in paths])

    def choose_expected(self) -> None:
        """Ask for the list of those who should be there."""
        kinds = _("Lists (*.xlsx *.csv *.txt);;All files (*)")
        path, _kind = QFileDialog.getOpenFileName(self, _("List of branches"), "", kinds)
        if path:
            self.expect(Path(path))

    def expect(self, path: Path) -> None:
        """Name from now on who is missing."""
        found = self.desk.attempt(lambda: merging.expected_in(path))
        if found is not None:
            self._expected = found
            self.desk.tell(_("{count} branches are expected.").format(count=len(found)))
            if self._paths:
                self.read(self._paths)

    def read(self, paths: Sequence[Path]) -> None:
        """Read the workbooks beside the window, and show what became of them."""
        if self._busy:
            return
        self._paths = tuple(paths)
        work = partial(_gathered, self._paths, self._expected)
        self._set_busy(True)
        self.desk.run(work, self._show, self, self._failed)

    def _failed(self, error: Exception) -> None:
        self._set_busy(False)
        self.desk.fail(error)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        for one in (self._folder, self._files, self._list):
            one.setEnabled(not busy)
        self._save.setEnabled(not busy and self.merged is not None)

    def _show_course(self) -> None:
        card = Card(_("How it goes"))
        for number, sentence in enumerate(_COURSE, 1):
            card.body.addWidget(label(f"{number}. {_(sentence)}", wrap=True))
        self._told.addWidget(card)
        self._set_busy(False)

    def _show(self, merged: Merged) -> None:
        _close(self._kept)
        self._kept.append(merged)
        clear(self._told)
        counts = {"branches": len(merged.sources), "objections": merged.whole.objections, "complaints": merged.whole.complaints}
        words = _("{period}: {branches} branches, {objections} objections, {complaints} complaints.")
        sentence = words.format(period=merged.period.label(), **counts)
        if merged.complete:
            self._told.addWidget(MessageBar("ok", sentence))
        else:
            incomplete = _("Not everything is in it: see below.")
            self._told.addWidget(MessageBar("warn", f"{sentence} {incomplete}"))
        if merged.faults:
            self._told.addWidget(self._faults(merged.faults))
        self._told.addWidget(self._sources(merged))
        self._set_busy(False)
        self._save.setFocus()

    def _faults(self, faults: Sequence[Fault]) -> Card:
        card = Card(_("What did not fit"))
        card.setObjectName("faults")
        effects = {True: _("missing here"), False: _("to be known")}
        rows = [[fault.where, effects[fault.lost], fault.sentence] for fault in faults[:_SHOWN]]
        card.body.addWidget(LineTable([_("File or branch"), _("Effect"), _("What is wrong, what to do")], rows, [False] * 3))
        self._say_more(card, len(faults))
        return card

    def _sources(self, merged: Merged) -> Card:
        card = Card(_("Merged workbooks"))
        card.setObjectName("sources")
        zone = merged.whole.zone
        rows = [
            [one.code, one.name, one.file, formats.moment(one.now, zone), f"{one.objections:,}", f"{one.complaints:,}"]
            for one in merged.sources[:_SHOWN]
        ]
        heads = [_("Branch code"), _("Branch name"), _("File"), _("As of"), _("Objections"), _("Complaints")]
        card.body.addWidget(LineTable(heads, rows, [False, False, False, False, True, True]))
        self._say_more(card, len(merged.sources))
        return card

    def _say_more(self, card: Card, count: int) -> None:
        if count > _SHOWN:
            more = _("{count} more stand in the saved workbook.").format(count=count - _SHOWN)
            card.body.addLayout(row(label(more, "hint"), None))

    def save(self) -> None:
        """Ask where the merged workbook goes."""
        if self.merged is None or self._busy:
            return
        suggested = _("Objections and complaints of all branches") + f"-{self.merged.period.label()}.xlsx"
        path, _kind = QFileDialog.getSaveFileName(self, _("Save merged workbook"), suggested, _("Excel workbook (*.xlsx)"))
        if path:
            self.save_to(Path(path))

    def save_to(self, path: Path) -> None:
        """Write it beside the window."""
        assert self.merged is not None
        session = self.session
        work = partial(_written, self.merged, path, session.user, session.now().date())
        self._set_busy(True)
        self.desk.run(work, self._saved, self, self._failed)

    def _saved(self, path: Path) -> None:
        self._set_busy(False)
        self.desk.tell(_("Saved to {file}.").format(file=path.name))


def _gathered(paths: Sequence[Path], expected: Sequence[str], progress: Progress) -> Merged:
    return merging.gather(paths, expected=expected, progress=progress)


def _written(merged: Merged, path: Path, user: str, day: date, progress: Progress) -> Path:
    from app.reports import consolidated  # heavy: the Excel library

    write_whole(path, consolidated.render(merged, user, day, progress))
    return path


def _close(kept: list[Merged]) -> None:
    while kept:
        kept.pop().close()
