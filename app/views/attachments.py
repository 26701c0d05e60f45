"""The files of a record: each with its picture, what it shows and who kept it; what evidence is missing; and what is void."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QMenu, QVBoxLayout, QWidget

from app.core import formats
from app.core.errors import UserError
from app.core.fields import Field
from app.core.language import N_, _
from app.models import attachments, sight
from app.models.attachments import SHOWS, File
from app.models.record import Record
from app.models.steps import REASON
from app.services import evidence
from app.services.evidence import Lack
from app.views import icons, opening, pictures, style
from app.views.attaching import Taking
from app.views.bulk_dialogs import FieldsDialog
from app.views.desk import Desk
from app.views.pictures import Look
from app.views.pieces.basics import IconMark, action, button, column, hairline, label, menu_button, row
from app.views.pieces.flow import Flow

_THUMB = 44
_WORDS = Field("shows", N_("What it shows"), max_length=200, required=True)


class Thumb(QLabel):
    """A small picture of a file, or the sign of its kind; read when its turn comes."""

    def __init__(self, file: File) -> None:
        super().__init__()
        self._file = file
        self.setAccessibleName(file.name)
        self.setFixedSize(style.px(_THUMB), style.px(_THUMB))
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sign("file")

    def _sign(self, name: str) -> None:
        self.setPixmap(icons.pixmap(name, style.look().hexes["text3"], style.px(24), self.devicePixelRatioF()))

    def load(self) -> None:
        """Look at the file."""
        ratio = self.devicePixelRatioF()
        if self._file.withheld:
            self._sign("lock")
            return
        try:
            found = pictures.look_of(self._file.content(pictures.START))
            if found is Look.PICTURE:
                image = pictures.picture(self._file.content(), QSize(self.width(), self.height()) * ratio)
                shown = QPixmap.fromImage(image)
                shown.setDevicePixelRatio(ratio)
                self.setPixmap(shown)
            elif found is Look.PDF:
                self._sign("file-text")
        except UserError:
            self._sign("alert-circle")


class FilesPanel(QWidget):
    """What stands in the tab of files."""

    def __init__(self, desk: Desk, record: Record, files: Sequence[File], taking: Taking) -> None:
        super().__init__()
        self._desk, self._record, self._taking = desk, record, taking
        self._files = attachments.counting(files)
        self._waiting: list[Thumb] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        lacks = evidence.missing_evidence(desk.session, record)
        if lacks:
            layout.addWidget(self._missing(lacks))
        for file in self._files:
            layout.addWidget(self._row(file))
        if not self._files:
            layout.addWidget(label(_("No files yet. Photos, invoices and scans are kept here."), "secondary", wrap=True))
        if not sight.is_withheld(record):
            add = button(_("Attach"), "text", "plus", name="attach_more", on_click=taking.choose)
            layout.addLayout(row(add, label(_("or drag files here, or paste with Ctrl+V"), "hint", wrap=True), None))
        void = [file for file in files if file.voided_at is not None]
        if void:
            layout.addWidget(self._void_ones(void))
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._load_next)
        self._timer.start()

    def _load_next(self) -> None:
        if self._waiting:
            self._waiting.pop(0).load()
        else:
            self._timer.stop()

    def _missing(self, lacks: Sequence[Lack]) -> QWidget:
        made = QWidget()
        made.setObjectName("missing_evidence")
        links = [
            button(lack.words, "link", "circle-dashed", name=f"lack_{lack.shows[0]}", on_click=partial(self._fill, lack))
            for lack in lacks
        ]
        made.setLayout(column(label(_("Evidence that is missing"), "small"), *links, gap=2))
        return made

    def _fill(self, lack: Lack) -> None:
        self._taking.choose(lack.shows[0])

    def _row(self, file: File) -> QWidget:
        made = QWidget()
        made.setObjectName(f"file_{file.id}")
        thumb = Thumb(file)
        self._waiting.append(thumb)
        name = button(file.name, "link", name=f"look_{file.id}", on_click=partial(self.look, file))
        menu = QMenu(made)
        way = _("Open") if opening.harmless(file) else _("Save a copy")
        action(menu, way, partial(self._take_out, opening.open_file, file), "external-link").setObjectName("open_file")
        if opening.harmless(file):
            action(menu, _("Save a copy"), partial(self._take_out, opening.save_copy, file), "download")
        if not file.withheld:
            action(menu, _("Void …"), partial(self._void, file), "ban").setObjectName("void_file")
        more = menu_button(_("More"), menu, icon="dots", kind="icon", name=f"more_{file.id}")
        words = Flow(gap=10, between=2)
        for part in (self._shows(file), label(self._facts(file), "hint")):
            words.addWidget(part)
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addLayout(row(name, None))
        lines.addLayout(words)
        whole = row(thumb, gap=12)
        whole.addLayout(lines, 1)
        whole.addWidget(more)
        made.setLayout(whole)
        return made

    def _facts(self, file: File) -> str:
        return "   ".join((formats.file_size(file.size), file.who, formats.near(file.at, self._desk.session.now())))

    def _shows(self, file: File) -> QWidget:
        if file.withheld:
            return label(attachments.shown(file.shows), "small")
        menu = QMenu(self)
        for choice in SHOWS:
            one = action(menu, _(choice.label), partial(self._say, file, choice.code))
            one.setObjectName(choice.code)
            one.setCheckable(True)
            one.setChecked(choice.code == file.shows)
        menu.addSeparator()
        action(menu, _("In other words …"), partial(self._ask_words, file)).setObjectName("other_words")
        words = attachments.shown(file.shows)
        made = menu_button(words or _("Say what it shows"), menu, kind="chip", name=f"shows_{file.id}")
        made.setAccessibleDescription(_("What it shows"))
        style.polish(made, on="1" if words else "0")
        return made

    def _say(self, file: File, shows: str) -> None:
        window = self.window()
        self._desk.attempt(partial(attachments.say, self._desk.session, self._record, file.id, shows))
        # The page shows the files anew: whoever works by keyboard stays where one was.
        QTimer.singleShot(0, window, partial(_go_to, window, f"shows_{file.id}"))

    def _ask_words(self, file: File) -> None:
        now = self._desk.session.now
        dialog = FieldsDialog(_("What does the file show?"), file.name, (_WORDS,), (_("Save"), "primary"), now, self)
        dialog.form.set_values({"shows": attachments.shown(file.shows)})
        if dialog.ask() == "do":
            self._say(file, str(dialog.values["shows"]))

    def _void(self, file: File) -> None:
        text = _("{name} stays with this reason, but no longer counts.").format(name=file.name)
        act = (_("Void"), "danger")
        dialog = FieldsDialog(_("Void the file?"), text, (REASON,), act, self._desk.session.now, self)
        if dialog.ask() == "do":
            reason = str(dialog.values["reason"])
            self._desk.attempt(partial(attachments.void, self._desk.session, self._record, file.id, reason))

    def look(self, file: File) -> None:
        """A page of its own, with the other files before and behind it."""
        from app.views.file_page import FilePage  # heavy: printing and PDF

        if (opened := self._opened(file)) is not None:
            files = [opened if one is file else one for one in self._files]
            self._desk.show(FilePage(self._desk, files, self._files.index(file)))

    def _opened(self, file: File) -> File | None:
        """The file; of one that is kept of an erased customer that is a look, which not everybody may."""
        opened: File | None = self._desk.attempt(partial(attachments.looked_at, self._desk.session, self._record, file))
        return opened

    def _take_out(self, way: Callable[[Desk, File, QWidget], None], file: File) -> None:
        if (opened := self._opened(file)) is not None:
            way(self._desk, opened, self)

    def _void_ones(self, files: Sequence[File]) -> QWidget:
        made = QWidget()
        made.setObjectName("void_files")
        layout = column(hairline(), label(_("Void files"), "small"), gap=6)
        for file in files:
            when = formats.near(file.voided_at, self._desk.session.now()) if file.voided_at else ""
            told = _("{reason}   {person}   {time}").format(reason=file.void_reason, person=file.voided_by, time=when)
            look = button(file.name, "link", name=f"look_{file.id}", on_click=partial(self._look_void, file))
            layout.addLayout(row(IconMark("ban", "mute", 16), look, label(told, "hint", wrap=True), None))
        made.setLayout(layout)
        return made

    def _look_void(self, file: File) -> None:
        from app.views.file_page import FilePage  # heavy: printing and PDF

        self._desk.show(FilePage(self._desk, [file], 0))


def files_of(desk: Desk, record: Record, taking: Taking) -> FilesPanel:
    """The panel for a record whose files nobody has read yet."""
    return FilesPanel(desk, record, attachments.of(desk.session, record), taking)


def _go_to(window: QWidget, name: str) -> None:
    for found in window.findChildren(QWidget, name):
        if found.isVisible():
            found.setFocus()
