"""Taking an attached file out of the program: opened by the system where its type is harmless, else saved as a copy."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from app.core.files import plain_name, write_whole
from app.core.language import _
from app.models.attachments import File
from app.views.desk import Desk

HARMLESS = frozenset((
    ".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".heic", ".pdf", ".txt", ".mp3", ".wav", ".m4a",
    ".amr", ".aac", ".mp4", ".mov", ".avi",
))  # fmt: skip
"""Endings of what is looked at or listened to. Programs, scripts, office files with macros and archives are not among them."""


def harmless(file: File) -> bool:
    """Whether the system may be asked to open it; it goes by the ending of the name, blanks and dots behind it not counted."""
    return _ending(file) in HARMLESS


def _ending(file: File) -> str:
    return Path(_plain(file)).suffix.lower()


def _plain(file: File) -> str:
    """The name as Windows would read it."""
    return file.name.rstrip(". ")


def open_file(desk: Desk, file: File, parent: QWidget) -> None:
    """Open a copy in the system's program for it, or where that could do harm save one."""
    if not harmless(file):
        save_copy(desk, file, parent)
        return
    name = Path(_plain(file)).stem[:80]
    stem = "".join(sign if sign.isalnum() or sign in " -_.()（）" else "_" for sign in name).strip(". ")
    copy = desk.scratch() / plain_name(f"{stem or file.id}{_ending(file)}")
    if desk.attempt(partial(_copy, file, copy)) is not None:
        copy.chmod(0o400)  # what would be changed in it would be lost
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(copy)))


def save_copy(desk: Desk, file: File, parent: QWidget) -> None:
    """Save a copy where the person wants it."""
    path, _kind = QFileDialog.getSaveFileName(parent, _("Save a copy"), plain_name(file.name))
    if path and desk.attempt(partial(_copy, file, Path(path))) is not None:
        desk.tell(_("Saved to {file}.").format(file=Path(path).name))


def _copy(file: File, path: Path) -> Path:
    write_whole(path, file.content())
    return path
