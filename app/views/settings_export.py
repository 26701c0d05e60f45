"""The part 每月导出 of the settings: the workbook that a task of the system writes each month, and whom it is given to."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from app.core import formats
from app.core.language import _
from app.models import permissions
from app.services import scheduled_export
from app.services.scheduled_export import Registered
from app.views.desk import Desk
from app.views.messages import confirm
from app.views.pieces.basics import Button, breakable, button, clear, label, row
from app.views.pieces.cards import Card
from app.views.pieces.heads import Elided
from app.views.preview import pair_grid
from app.views.settings_form import ReadPart


class ExportPart(ReadPart):
    """What is registered, and its acts; nothing is typed here."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.refresh()

    def refresh(self) -> None:
        """Read again."""
        clear(self._layout)
        session = self._desk.session
        found = scheduled_export.registered()
        card = Card(_("Monthly export"), _("last month's workbook, on the first working day"))
        if session.open:
            card.body.addWidget(label(_("This branch has no passwords: the task needs no registration."), "secondary", wrap=True))
        elif found is None:
            card.body.addWidget(label(_("No export is registered."), "secondary"))
        else:
            self._show(card, found)
        if why := permissions.refusal(session, "export.schedule"):
            card.body.addWidget(label(why, "secondary", wrap=True))
        acts = [] if session.open else self._acts(found)
        if acts:
            self.setFocusProxy(acts[0])
            card.body.addLayout(row(*acts, None))
        self._layout.addWidget(card)
        self._layout.addStretch(1)

    def _show(self, card: Card, found: Registered) -> None:
        session = self._desk.session
        command = task_command(session.folder, found.folder)
        here = scheduled_export.secret_file(session.folder)
        pairs: list[tuple[str, str | QWidget]] = [
            (_("Folder"), breakable(found.folder)),
            (_("Registered"), f"{formats.moment(found.at, session.branch.zone)}   {found.who}"),
            (_("Secret"), breakable(here) if here.exists() else _("with another account of the system, or on another computer")),
            (_("Command"), Elided(command, selectable=True)),
        ]
        card.body.addLayout(pair_grid(pairs))
        told = _("IT enters this command once as a daily task of the same account. Until then nothing is written.")
        card.body.addWidget(label(told, "hint", wrap=True))
        copy = button(_("Copy command"), "link", "copy", name="copy_command")
        copy.clicked.connect(lambda _checked=False: QGuiApplication.clipboard().setText(command))
        card.body.addLayout(row(copy, None))

    def _acts(self, found: Registered | None) -> list[Button]:
        session, acts = self._desk.session, []
        if not permissions.refusal(session, "export.schedule"):
            words, kind = (_("Register"), "primary") if found is None else (_("Register anew"), "outline")
            acts.append(button(words, kind, "folder-open", name="register_export", on_click=self.register))
        if found is not None and not permissions.refusal(session, "export.end"):
            acts.append(button(_("Withdraw"), "danger", "ban", name="withdraw_export", on_click=self.withdraw))
        return acts

    def register(self) -> None:
        """The folder by the system's dialog; what goes there and who reads it is said before."""
        if not self._desk.permitted("export.schedule"):
            return
        path = QFileDialog.getExistingDirectory(self, _("Choose folder"))
        if path and self._agreed(Path(path)):
            self._desk.attempt(lambda: scheduled_export.register(self._desk.session, Path(path)))
            self.refresh()

    def _agreed(self, folder: Path) -> bool:
        told = _(
            "Each month a workbook goes there without anybody's password: figures, and all cases with the names of customers "
            "and staff, not encrypted. Whoever can open {folder} reads them. Your account of this system keeps a secret for it, "
            "which opens the data: register only with an account that nobody else uses."
        )
        question, words = _("Register the monthly export?"), told.format(folder=folder)
        return confirm(self.window(), question, words, _("Register"), _("Leave it"))

    def withdraw(self) -> None:
        """The task opens nothing any more."""
        question, text = (
            _("Withdraw the monthly export?"),
            _("The task exports nothing any more. What it wrote stays in the folder."),
        )
        if confirm(self.window(), question, text, _("Withdraw"), _("Leave it")):
            self._desk.attempt(lambda: scheduled_export.withdraw(self._desk.session))
            self.refresh()

    def save(self) -> None:
        """Nothing is typed here."""


def task_command(data: Path, out: Path) -> str:
    """What the task of the system runs each day, as a shell of this system takes it."""
    words = ["kesu", "statistics", "--month", "last", "--out", os.path.join(out, ""), "--on-first-working-day"]
    words += ["--data", str(data.absolute())]
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)
