"""The dialog 诊断: how this computer, its screens and its data are, and the report that can be copied, saved or read."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QWidget

from app.core import log
from app.core.files import write_whole
from app.core.language import _
from app.services import diagnosis
from app.services.diagnosis import ACT, HEED, OK, Finding, worst
from app.views import style
from app.views.desk import Desk
from app.views.messages import Dialog, to_read
from app.views.pieces.basics import Button, label

_LEAST_WIDTH, _LEAST_HEIGHT = 960, 508


def show_diagnosis(desk: Desk, asked: Button) -> None:
    """Look on the worker thread, for a disk may take its time, then show it; the button that asked waits."""

    def show(findings: list[Finding]) -> None:
        asked.lock("")
        if DiagnosisDialog(desk, [*findings, *_window()], asked.window()).ask() == "check":
            desk.go("history")

    def fail(error: Exception) -> None:
        asked.lock("")
        desk.fail(error)

    asked.lock(_("Wait until what is under way is done."))
    desk.run(partial(diagnosis.look, desk.session), show, asked, fail, shown=False)


class DiagnosisDialog(Dialog):
    """The judgement first, then all of it as text; “check” ends it where the data are to be checked."""

    kept_as = "diagnosis"

    def __init__(self, desk: Desk, findings: list[Finding], parent: QWidget | None = None) -> None:
        told = _("Versions, sizes, counts, judgements and the last lines of the log. No names, no phones, no texts of cases.")
        super().__init__(_("Diagnosis"), told, parent, width=860)
        self._desk = desk
        words = {OK: _("Everything is good."), HEED: _("Something is to be heeded."), ACT: _("Something has to be done.")}
        self.body.addWidget(label(words[worst(findings)], "strong"))
        self.text = QPlainTextEdit(diagnosis.report(findings))
        self.text.setObjectName("report")
        self.text.setAccessibleName(_("Report"))
        self.text.setReadOnly(True)
        self.text.setMinimumHeight(to_read(380, parent))
        self.body.addWidget(self.text, 1)
        self._layout.setStretchFactor(self.body, 1)
        for code, word, act in (
            ("folder", _("Open log folder"), self.open_folder),
            ("save", _("Save as file"), self.save),
            ("copy", _("Copy report"), self.copy),
        ):
            self.offer(code, word, closes=False).clicked.connect(lambda _checked=False, act=act: act())
        self.offer("check", _("Check data"))
        self.offer("close", _("Dismiss"), default=True)

    def copy(self) -> None:
        """Onto the clipboard."""
        QGuiApplication.clipboard().setText(self.text.toPlainText())

    def save(self) -> None:
        """As plain text."""
        path, _kind = QFileDialog.getSaveFileName(self, _("Save as file"), "kesu-diagnosis.txt")
        if path:
            self._desk.attempt(lambda: write_whole(Path(path), self.text.toPlainText().encode()))

    def open_folder(self) -> None:
        """Where the log lies."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(log.folder())))


def _window() -> list[Finding]:
    """What only Qt knows; printers are counted, for their names may be those of people."""
    from PySide6.QtPrintSupport import QPrinterInfo

    asked = os.environ.get("KESU_IM_ASKED", "")
    method = os.environ.get("QT_IM_MODULE") or _("the system's")
    instead = (
        _("{asked} is asked for, but this Qt has no plugin for it; ibus is used instead.").format(asked=asked) if asked else ""
    )
    found = [
        Finding("Qt", str(qVersion())),
        Finding(_("Font"), style.look().family),
        Finding(_("Input method"), method, HEED if asked else OK, instead),
        Finding(_("Printers"), str(len(QPrinterInfo.availablePrinterNames()))),
    ]
    for screen in QGuiApplication.screens():
        size = screen.availableGeometry()
        small = size.width() < _LEAST_WIDTH or size.height() < _LEAST_HEIGHT
        do = _("Set a smaller scale in the settings of the system.") if small else ""
        value = f"{size.width()}×{size.height()}   {screen.devicePixelRatio() * 100:.0f} %"
        found.append(Finding(_("Screen"), value, HEED if small else OK, do))
    return found
