"""Putting a backup back without the window: the progress of it, and what is offered when the data cannot be opened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFileDialog, QProgressBar, QWidget

from app.core import database, passwords
from app.core.errors import Cancelled, UserError
from app.core.language import _
from app.core.preferences import Preferences
from app.core.progress import Progress
from app.core.session import system_clock
from app.services import backup_places, restore_rights, restoring, workplace
from app.services.backup_file import ENDING
from app.services.backup_places import Backup
from app.services.restore_rights import Ask, Given, Question, Right
from app.services.restoring import Restored
from app.views.backup_words import both_sides
from app.views.messages import Dialog, MessageBar, not_placed_dialog
from app.views.pieces.basics import label
from app.views.secrets import Secret, SecretDialog
from app.views.work import Job, start


def choose_backup(parent: QWidget | None, folder: Path) -> Path | None:
    """Ask for the file of a backup."""
    words = _("Backups (*{ending})").format(ending=ENDING)
    path, _kind = QFileDialog.getOpenFileName(parent, _("Choose a backup"), str(backup_places.home(folder)), words)
    return Path(path) if path else None


class RestoreDialog(Dialog):
    """Does long work that puts data in place, and shows how far it is; `outcome` is what it came to."""

    def __init__(self, title: str, path: Path, work: Callable[[Progress], object]) -> None:
        super().__init__(title, path.name, width=520)
        self.outcome: object = Cancelled()
        self._step = label("", "hint", wrap=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(6)
        self.body.addWidget(self._step)
        self.body.addWidget(self._bar)
        self.offer("stop", _("Cancel"), closes=False).clicked.connect(lambda _checked=False: self.reject())
        self._running = True
        self._job = Job(work, self._over, self._over, self, connected=False)
        self._job.reported.connect(self._report)
        start(self._job)

    def _report(self, done: int, total: int, sentence: str) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._step.setText(f"{sentence}  {done:,} / {total:,}" if total else sentence)

    def _over(self, outcome: object) -> None:
        self._running = False
        self.outcome = outcome
        self.accept()

    def reject(self) -> None:
        """Esc stops it first."""
        if self._running:
            self._job.cancel()
        else:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Not in the middle of it."""
        if self._running:
            self._job.cancel()
            event.ignore()


class RightDialog(SecretDialog):
    """Asks who restores, or for a password of the backup; the recovery code will do in its place."""

    def __init__(self, question: Question, name: str, attempt: Callable[[Given], None], parent: QWidget | None) -> None:
        fields = (
            Secret("name", _("Full name"), hidden=False),
            Secret(passwords.FIELD, _("Password"), hint=_("or the recovery code from the sheet")),
        )
        super().__init__(
            question.title, question.text, fields, _("Go on"), self._try, parent=parent, harmless=_("Keep the present data")
        )
        self._attempt = attempt
        self.secrets.editors["name"].setText(name)
        self.secrets.editors[passwords.FIELD if name else "name"].setFocus()

    def _try(self, typed: dict[str, str]) -> None:
        secret = typed[passwords.FIELD]
        self._attempt(Given(typed["name"], secret, by_code=passwords.is_code(secret)))


def asking(parent: QWidget | None, name: str = "") -> Ask:
    """Asks on the screen until it is right; Cancelled where the person gives up."""

    def ask(question: Question, attempt: Callable[[Given], None]) -> None:
        if RightDialog(question, name, attempt, parent).ask() != "done":
            raise Cancelled

    return ask


def put_back(folder: Path, path: Path, right: Right) -> bool:
    """Put a backup back while no window is open, and say how it ended; whether it is in place."""

    def work(progress: Progress) -> Restored:
        return restoring.restore(folder, path, workplace.LATEST, system_clock(), progress, right)

    done = carried_out(_("Restoring the backup"), path, work)
    if isinstance(done, Restored):
        _tell(done)
    return done is not None


def carried_out(title: str, path: Path, work: Callable[[Progress], object]) -> object:
    """What the work came to; None where it was stopped or failed, which was said."""
    database.close()
    dialog = RestoreDialog(title, path, work)
    dialog.exec()
    outcome = dialog.outcome
    if isinstance(outcome, UserError):
        not_placed_dialog(str(outcome))
    elif isinstance(outcome, Exception) and not isinstance(outcome, Cancelled):
        raise outcome
    return None if isinstance(outcome, Exception) else outcome


def _tell(done: Restored) -> None:
    told = [_("The backup of {when} is in place.").format(when=f"{done.backup.local:%Y-%m-%d %H:%M}")]
    if done.aside:
        told.append(_("What was there before lies in {folder}.").format(folder=done.aside))
    if done.missing:
        told.append(_("Attachments that are gone or damaged: {count}.").format(count=done.missing))
    told += [done.caution] if done.caution else []
    dialog = Dialog(_("Restore"), "\n".join(told), width=520)
    dialog.offer("go_on", _("Go on"), "primary", default=True)
    dialog.ask()


class RescueDialog(Dialog):
    """The data that should be there cannot be opened: why, and the newest good backup. `path` is the one that was chosen."""

    def __init__(self, folder: Path, sentence: str) -> None:
        super().__init__(_("The data of this branch cannot be opened"), sentence, width=560)
        self._folder = folder
        self.path: Path | None = None
        found = backup_places.newest_good(backup_places.home(folder))
        if found is not None:
            self._show(found)
        self.offer("", _("Close the program"), default=found is None)
        self.offer("file", _("Choose another backup"), closes=False).clicked.connect(lambda _checked=False: self.choose())
        if found is not None:
            self.offer("newest", _("Restore this backup"), "primary", default=True)

    def _show(self, found: Backup) -> None:
        self.path = found.path
        self.body.addWidget(both_sides(found, restoring.present(self._folder)))
        hint = _("Nothing is thrown away: what is in the folder now is set aside.")
        self.body.addWidget(label(hint, "hint", wrap=True))

    def choose(self) -> None:
        """A file from elsewhere, for example from the second place."""
        path = choose_backup(self, self._folder)
        if path is None:
            return
        try:
            restoring.look(path, workplace.LATEST)
        except UserError as error:
            self.body.addWidget(MessageBar("bad", str(error)))
            return
        self.path = path
        self.end("file")


def rescue(folder: Path, sentence: str) -> bool:
    """Offer a backup in place of data that cannot be opened; whether one was put back."""
    dialog = RescueDialog(folder, sentence)
    chosen = dialog.ask()
    if chosen == "" or dialog.path is None:
        return False
    return bring(folder, dialog.path)


def bring(folder: Path, path: Path, parent: QWidget | None = None) -> bool:
    """Put a backup into a folder that is not open, by who may; whether it is in place."""
    name = str(Preferences(folder).get("user") or "")
    try:
        restoring.look(path, workplace.LATEST)
        right = restore_rights.of_folder(folder, path, name or workplace.user_name(), system_clock(), asking(parent, name))
    except Cancelled:
        return False
    except UserError as error:
        not_placed_dialog(str(error))
        return False
    return put_back(folder, path, right)


def may_restore(parent: QWidget, backup: Backup, there: restoring.Present | None) -> bool:
    """Whether the person wants the backup in place of the present data, both seen beside each other."""
    when = f"{backup.local:%Y-%m-%d %H:%M}"
    text = _(
        "What was entered since then is not in it. The present data is backed up and set aside first; nothing is thrown away. "
        "The window closes and opens again."
    )
    dialog = Dialog(_("Restore the backup of {when}?").format(when=when), text, parent, width=560)
    dialog.body.addWidget(both_sides(backup, there))
    dialog.offer("", _("Keep the present data"), default=True)
    dialog.offer("restore", _("Restore"), "danger")
    return dialog.ask() == "restore"
