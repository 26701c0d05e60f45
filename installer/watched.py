"""Runs in a bundle that is being tried: the program as it is, but where the focus goes is written down for who drives it."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app import cli
from app.views import application, qt


def main() -> None:
    """Arguments: the file to write to, then those of the program."""
    log, *arguments = sys.argv[1:]
    qt.load()
    app = application.prepare()

    def note(_old: QWidget | None, new: QWidget | None) -> None:
        with Path(log).open("a", encoding="utf-8") as file:
            file.write(f"{new.objectName() if new is not None else ''}\n")

    app.focusChanged.connect(note)
    sys.exit(cli.run(arguments))
