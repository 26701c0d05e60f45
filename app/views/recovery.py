"""The recovery code on the screen: shown once, to be printed or saved."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFileDialog, QWidget

from app.core.errors import UserError
from app.core.files import write_whole
from app.core.language import _
from app.core.session import Session
from app.views import printing
from app.views.messages import Dialog, MessageBar
from app.views.pieces.basics import button, clear, column, label, row


class RecoverySheet(Dialog):
    """Shows the recovery code, once. It is left when the person says that it is kept."""

    def __init__(self, session: Session, code: str, parent: QWidget | None = None) -> None:
        text = _(
            "It opens the data when nobody knows a password any more. It is shown this once and kept nowhere: print it, or write "
            "it down, and lock it away."
        )
        super().__init__(_("The recovery code"), text, parent, width=520)
        self._session, self._code = session, code
        self.said = column()
        shown = label(code, "figure", selectable=True)
        shown.setObjectName("recovery_code")
        shown.setAccessibleName(_("Recovery code"))
        shown.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.kept = QCheckBox(_("The sheet is printed, or the code written down"))
        self.kept.setObjectName("kept")
        send = button(_("Print"), icon="printer", name="print_sheet", on_click=self._print)
        save = button(_("Save as"), icon="download", name="save_sheet", on_click=self._save)
        self.body.addWidget(shown)
        self.body.addLayout(row(None, send, save, None))
        self.body.addLayout(self.said)
        self.body.addWidget(self.kept)
        self.done_button = self.offer("done", _("Go on"), "primary")
        self.done_button.setEnabled(False)
        self.kept.toggled.connect(self.done_button.setEnabled)
        send.setFocus()

    def content(self) -> bytes:
        """The sheet as PDF."""
        from app.reports import papers_recovery  # heavy: all documents

        return papers_recovery.render(self._session, self._code)

    def _print(self) -> None:
        self._attempt(self._send)

    def _send(self) -> str:
        printer = printing.ask(self, _("Recovery sheet"))
        if printer is None:
            return ""
        printing.send(printer, self.content())
        return _("{paper} sent to the printer.").format(paper=_("Recovery sheet"))

    def _save(self) -> None:
        from app.reports import papers_recovery  # heavy: all documents

        path, _kind = QFileDialog.getSaveFileName(self, _("Save as"), papers_recovery.file_name(self._session), "PDF (*.pdf)")
        if path:
            self._attempt(partial(self.save_to, Path(path)))

    def save_to(self, path: Path) -> str:
        """Write the sheet; a sentence that says so."""
        write_whole(path, self.content())
        return _("Saved to {file}.").format(file=path.name)

    def _attempt(self, work: Callable[[], str]) -> None:
        clear(self.said)
        try:
            told, tone = work(), "ok"
        except UserError as error:
            told, tone = str(error), "bad"
        if told:
            self.said.addWidget(MessageBar(tone, told))
            self.fit()

    def reject(self) -> None:
        """Esc does not throw the code away."""
        if self.kept.isChecked():
            super().reject()
