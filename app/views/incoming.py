"""A backup or an archive that the program was opened with, by a double click on its file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.core.errors import UserError
from app.core.language import _
from app.core.progress import Progress
from app.core.session import system_clock
from app.services import restoring, unarchiving, workplace
from app.services.backup_file import ENDING
from app.views import restore
from app.views.backup_words import both_sides
from app.views.messages import Dialog, stop_dialog
from app.views.settings import SettingsPage

if TYPE_CHECKING:
    from app.views.window import Window


def begin(folder: Path, file: Path) -> bool:
    """Where there is no branch yet: offer to go on with what the file holds; whether it is in place."""
    try:
        dialog = Dialog(_("Go on with what is in this file?"), _("It is put into {folder}.").format(folder=folder), width=560)
        if _is_backup(file):
            dialog.body.addWidget(both_sides(restoring.look(file, workplace.LATEST), None))
        dialog.offer("", _("Cancel"))
        dialog.offer("begin", _("Put it in place"), "primary", default=True)
        return dialog.ask() == "begin" and _put(folder, file)
    except UserError as error:
        stop_dialog(str(error))
        return False


def _put(folder: Path, file: Path) -> bool:
    if _is_backup(file):
        return restore.bring(folder, file)

    def work(progress: Progress) -> object:
        return unarchiving.take_in(file, folder, system_clock(), progress)

    return restore.carried_out(_("Taking in the archive"), file, work) is not None


def offer(window: Window, file: Path) -> None:
    """Where there is a branch: a backup is looked at and asked about on its page; an archive needs a folder of its own."""
    if not _is_backup(file):
        words = _("{file} is an archive: it begins a branch in an empty folder, and here is one already.")
        window.messages.show_message("info", words.format(file=file.name))
        return
    window.open_page("settings")
    if isinstance(window.page, SettingsPage):
        window.page.show_part("backup")
        window.page.part().ask_restore(file)


def _is_backup(file: Path) -> bool:
    return file.suffix.lower() == ENDING
