"""The first start: begin a branch, bring one from another computer, or try the sample branch. One screen, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QVBoxLayout

from app.core import database, fields, formats, passwords, paths
from app.core.errors import Cancelled, UserError, ValidationError
from app.core.language import _
from app.core.progress import Progress
from app.core.session import Branch, Session, system_clock
from app.models import branches
from app.services import first_day, sample_folder, staffing, workplace
from app.views import icons, style
from app.views.field_grid import FieldGrid
from app.views.forms import Form, Section, Shape
from app.views.messages import MessageBar, bind_help
from app.views.pieces.area import BAR, Area
from app.views.pieces.basics import box, breakable, button, clear, column, label, row
from app.views.pieces.cards import Card
from app.views.pieces.choosers import Segments
from app.views.recovery import RecoverySheet
from app.views.secrets import Secret, Secrets, new_secrets
from app.views.tab_order import ReadDialog
from app.views.work import Job
from app.views.work import start as start_job

_CODES = ("name", "code", "address")
_ZONE = Branch(0, "", "").zone
"""That a new branch gets."""
_FRAME = 40
"""Height of a window's title."""


class Welcome(ReadDialog):
    """`opened` is the folder to go on with, None where the person thought better of it.

    `session`: of the administrator, where a branch with passwords was begun. `course`: which first steps follow, of
    `first_day.COURSES`; empty for a sample.
    """

    sizes: Mapping[str, int] = MappingProxyType({})
    """Of the sample, where they are not the usual ones: `customers`, `complaints` …"""

    def __init__(self, folder: Path, user: str) -> None:
        super().__init__()
        self.opened: Path | None = None
        self.session: Session | None = None
        self.course = ""
        self._folder, self._user = folder, user
        self._job: Job | None = None
        self.setWindowTitle(_("Kesu Desk"))
        self.setWindowIcon(icons.mark(64))
        self.setMinimumWidth(style.px(860))
        self._lay_out()
        bind_help(self)
        QTimer.singleShot(0, self, lambda: self.form.focus_field("name"))

    def _lay_out(self) -> None:
        self._said = column(margins=(BAR, 0, BAR, 0))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(28 - BAR, 20, 28 - BAR, 20)
        layout.setSpacing(12)
        layout.addLayout(self._head())
        layout.addLayout(self._said)
        self._cards = cards = row(gap=16)
        cards.addWidget(self._branch_card(), 100)
        beside = column(gap=16)
        for card in (self._moving_card(), self._sample_card()):
            beside.addWidget(card, 1)
        cards.addLayout(beside, 62)
        self._area = Area(cards, 0, 0, edge=0)
        layout.addWidget(self._area, 1)
        self.resize(self.minimumWidth(), self._whole_height())

    def _whole_height(self) -> int:
        """Of all that is there; what a small screen has no room for can be scrolled to."""
        around = self.sizeHint().height() - self._area.sizeHint().height()
        wrapped = self._cards.totalHeightForWidth(self.minimumWidth() - 56)
        inside = max(wrapped, self._cards.totalMinimumSize().height())
        return min(around + inside, self.room())

    def room(self) -> int:
        """Height that the screen has for it."""
        return self.screen().availableGeometry().height() - _FRAME

    def _grow(self) -> None:
        """More is said: more height, where the screen has it."""
        self.resize(self.width(), max(self.height(), self._whole_height()))

    def _head(self) -> Any:  # noqa: ANN401 - a layout
        mark = QLabel()
        mark.setAccessibleName(_("Kesu Desk"))
        mark.setPixmap(icons.mark(style.px(44), self.devicePixelRatioF()))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(_("Welcome to Kesu Desk"), "title"))
        words.addWidget(label(_("Objections and complaints from the first word to the end."), "secondary"))
        head = row(mark, gap=14, margins=(BAR, 0, BAR, 0))
        head.addLayout(words, 1)
        return head

    def _branch_card(self) -> Card:
        card = Card(_("Start a branch"), _("everything can be changed later in the settings"))
        fields = tuple(field.but(group="") for field in branches.FIELDS if field.code in _CODES)
        shape = Shape(fields, (Section("", _CODES, wide=_CODES),), numbered=False)
        self.form = Form(shape, lambda: system_clock().astimezone(_ZONE))
        self.form.editor("name").left.connect(self._offer_code)
        self.start = button(
            _("Start the branch"), "primary", "building-store", "Ctrl+Return", name="start", on_click=self.start_branch
        )
        ways = [("open", _("Without passwords")), ("staff", _("With passwords"))]
        self.way = Segments(ways, "open", name="passwords")
        self.way.setAccessibleName(_("Passwords"))
        self.way.chosen.connect(self._show_way)
        self.secrets = Secrets((Secret("admin", _("Administrator"), hidden=False), *new_secrets()))
        self.secrets.editors["admin"].setText(self._user or workplace.user_name())
        self.secrets.line_up(self.form.findChildren(FieldGrid)[0])
        warning = box("block")
        self._told = label("", "small", wrap=True)
        warning.setLayout(row(self._told, margins=(12, 8, 12, 8)))
        card.body.addWidget(self.form)
        card.body.addWidget(label(_("Does anybody else come near this computer?"), "strong", wrap=True))
        card.body.addLayout(row(self.way, None))
        card.body.addWidget(self.secrets)
        card.body.addWidget(warning)
        self._show_way("open")
        card.body.addStretch(1)
        card.body.addLayout(row(None, self.start))
        return card

    def _offer_code(self) -> None:
        """From the name, where none is written yet."""
        name, code = self.form.editor("name").value(), self.form.editor("code")
        if name and not code.value():
            code.set_value(branches.suggested_code(str(name)))

    def _show_way(self, way: str) -> None:
        """What each way gives and gives up."""
        words = {
            "open": _(
                "There is no password yet: whoever sits at this computer can use the program in every role, and the data is not "
                "encrypted. It lies in {folder}."
            ),
            "staff": _(
                "Everybody signs in and does what their role allows; the data in {folder} is encrypted. Who loses all passwords "
                "and the recovery sheet loses the data."
            ),
        }
        self._told.setText(words[way].format(folder=breakable(self._folder)))
        self.secrets.setVisible(way == "staff")
        QTimer.singleShot(0, self, self._grow)

    def _moving_card(self) -> Card:
        card = Card(_("A new computer"))
        text = _(
            "The data of the old one come over by a backup (.kesu) or an archive (.zip). What is in it is shown before it is "
            "put in place."
        )
        self.move_in = button(
            _("Choose backup or archive"), icon="folder-open", key="Ctrl+O", name="move_in", on_click=self.take_file
        )
        card.body.addWidget(label(text, "secondary", wrap=True))
        card.body.addStretch(1)
        card.body.addLayout(row(None, self.move_in))
        return card

    def _sample_card(self) -> Card:
        card = Card(_("Or try the sample branch"))
        text = _(
            "13 months of invented cases to look around in and to practise on. "
            "They lie in a folder of their own, apart from real data."
        )
        self.try_sample = button(_("Open the sample branch"), icon="eye", name="sample", on_click=self.open_sample)
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setFixedHeight(6)
        self._step = label("", "hint", wrap=True)
        self._stop = button(_("Cancel"), "link", name="cancel", on_click=self.cancel)
        for widget in (self._progress, self._stop):
            widget.hide()
        card.body.addWidget(label(text, "secondary", wrap=True))
        card.body.addStretch(1)
        card.body.addWidget(self._step)
        card.body.addWidget(self._progress)
        card.body.addLayout(row(self._stop, None, self.try_sample))
        return card

    def start_branch(self) -> None:
        """Begin with what is typed; mistakes stand at their fields."""
        clear(self._said)
        raw = formats.as_json(self.form.values(), _ZONE)
        assert isinstance(raw, dict)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            code = self._begin(raw)
        except ValidationError as error:
            self.secrets.set_errors(error.errors)
            self.form.set_errors({field: sentence for field, sentence in error.errors.items() if field in _CODES})
            QTimer.singleShot(0, self, self._grow)
        except UserError as error:
            self._say(str(error))
        except OSError as error:
            self._say(_("{path} cannot be written: {reason}.").format(path=self._folder, reason=error.strerror))
        else:
            if self.session is not None:
                RecoverySheet(self.session, code, self).ask()
            self._go_on(self._folder, first_day.NEW)

    def _begin(self, raw: dict[str, Any]) -> str:
        """The recovery code, empty for an open branch."""
        if self.way.value() == "open":
            workplace.init(self._folder, raw, user=self._user)
            return ""
        typed = self.secrets.values()
        self._check(
            partial(passwords.check, typed[passwords.FIELD], typed["admin"]),
            self.secrets.demand,
            partial(fields.clean, branches.FIELDS, raw, system_clock().astimezone(_ZONE)),
        )
        self.session, code = staffing.start(self._folder, raw, typed["admin"], typed[passwords.FIELD])
        return code

    @staticmethod
    def _check(*checks: Callable[[], object]) -> None:
        """All that is wrong at once; of a field that several complain of, what the last says."""
        wrong: dict[str, str] = {}
        for check in checks:
            try:
                check()
            except ValidationError as error:
                wrong |= error.errors
        if wrong:
            raise ValidationError(wrong)

    def take_file(self) -> None:
        """The branch comes from another computer, or its data are lost."""
        from app.views import incoming  # heavy: few begin with it

        clear(self._said)
        try:
            path = incoming.choose(self)
            if path is not None and incoming.take(self._folder, path, self):
                self._go_on(self._folder, first_day.MOVED)
        except UserError as error:
            self._say(str(error))

    def _go_on(self, folder: Path, course: str = "") -> None:
        self.course = course
        if self.session is None:
            database.close()
        self.opened = folder
        self.accept()

    def _say(self, sentence: str) -> None:
        clear(self._said)
        self._said.addWidget(MessageBar("bad", sentence))
        QTimer.singleShot(0, self, self._grow)

    def open_sample(self) -> None:
        """Open the sample branch; where there is none yet, make it first."""
        folder = paths.sample_folder()
        clear(self._said)
        if database.exists(folder):
            self._go_on(folder)
            return
        try:
            session = sample_folder.start(folder, self._user)
        except UserError as error:
            self._say(str(error))
        except OSError as error:
            self._say(_("{path} cannot be written: {reason}.").format(path=folder, reason=error.strerror))
        else:
            self._make(session)

    def _make(self, session: Session) -> None:
        def work(progress: Progress) -> Path:
            from app.services import sample  # heavy: its texts are needed here only

            sample.fill(session, progress=progress, **self.sizes)
            return session.folder

        self._working(on=True)
        self._job = Job(work, self._made, self._failed, self)
        self._job.reported.connect(self._report)
        start_job(self._job)

    def _working(self, *, on: bool) -> None:
        for widget in (self._progress, self._stop):
            widget.setVisible(on)
        for other in (self.start, self.try_sample, self.move_in, self.form, self.way, self.secrets):
            other.setEnabled(not on)
        self._step.setText(_("Making the sample branch") if on else "")
        if on:
            self._stop.setFocus()

    def _report(self, done: int, total: int, sentence: str) -> None:
        self._progress.setRange(0, total)
        self._progress.setValue(done)
        self._step.setText(f"{sentence}  {done:,} / {total:,}" if total else sentence)

    def _made(self, folder: object) -> None:
        self._job = None
        assert isinstance(folder, Path)
        self._go_on(folder)

    def _failed(self, error: Exception) -> None:
        """Nothing half made stays behind."""
        self._job = None
        self._working(on=False)
        sample_folder.remove(paths.sample_folder())
        self.try_sample.setFocus()
        if isinstance(error, Cancelled):
            self._step.setText(_("Stopped. Nothing was changed."))
        elif isinstance(error, UserError):
            self._say(str(error))
        else:
            raise error

    def cancel(self) -> None:
        """Stop making the sample."""
        if self._job is not None:
            self._job.cancel()

    def reject(self) -> None:
        """Esc stops the work first, then closes."""
        if self._job is not None:
            self.cancel()
        else:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Not in the middle of the work."""
        if self._job is not None:
            self.cancel()
            event.ignore()
        else:
            super().closeEvent(event)
