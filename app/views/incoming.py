"""A file from another computer: a backup or an archive that begins a branch here, or that somebody clicked on twice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QWidget

from app.core.errors import UserError
from app.core.language import _
from app.core.progress import Progress
from app.core.session import system_clock
from app.services import arriving, unarchiving
from app.services.arriving import Held, is_backup
from app.services.first_day import MOVED as MOVED
from app.views import restore
from app.views.backup_words import held_card
from app.views.messages import Dialog, not_placed_dialog
from app.views.pieces.basics import label
from app.views.settings import SettingsPage

if TYPE_CHECKING:
    from app.views.window import Window


class ArrivingDialog(Dialog):
    """What is in the file, before it is taken in."""

    def __init__(self, held: Held, folder: Path, parent: QWidget | None = None) -> None:
        text = _("It is put into {folder}.").format(folder=folder)
        super().__init__(_("Go on with what is in this file?"), text, parent, width=560)
        self.body.addWidget(held_card(held))
        if held.locked:
            words = _("It is protected by passwords: the name and password of an administrator in it are asked for next.")
            self.body.addWidget(label(words, "secondary", wrap=True))
        self.offer("", _("Cancel"))
        self.offer("begin", _("Put it in place"), "primary", default=True)


def choose(parent: QWidget) -> Path | None:
    """Ask for the file of a backup or an archive."""
    words = _("Backups and archives (*.kesu *.zip)")
    path, _kind = QFileDialog.getOpenFileName(parent, _("Choose a backup or an archive"), "", words)
    return Path(path) if path else None


def take(folder: Path, file: Path, parent: QWidget | None = None) -> bool:
    """Show what a file holds and take it in; whether it is in place. UserError where it is refused."""
    if ArrivingDialog(arriving.look(file), folder, parent).ask() != "begin":
        return False
    if is_backup(file):
        return restore.bring(folder, file, parent)

    def work(progress: Progress) -> object:
        return unarchiving.take_in(file, folder, system_clock(), progress)

    return restore.carried_out(_("Taking in the archive"), file, work) is not None


def begin(folder: Path, file: Path) -> bool:
    """Where there is no branch yet: offer to go on with what the file holds; whether it is in place."""
    try:
        return take(folder, file)
    except UserError as error:
        not_placed_dialog(str(error))
        return False


def offer(window: Window, file: Path) -> None:
    """Where there is a branch: a backup is looked at and asked about on its page; an archive needs a folder of its own."""
    if not is_backup(file):
        words = _("{file} is an archive: it begins a branch in an empty folder, and here is one already.")
        window.messages.show_message("info", words.format(file=file.name))
        return
    window.open_page("settings")
    if isinstance(window.page, SettingsPage):
        window.page.show_part("backup")
        window.page.part().ask_restore(file)
