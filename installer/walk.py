"""Runs in a bundle that is being tried: goes through every page, record, form and paper of the sample branch, in the real window.

What a bundle left out by mistake fails here, with a traceback that names it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from app.core.language import choose
from app.core.preferences import Preferences
from app.models.listing import LISTINGS, Query
from app.services import duplicates, workplace
from app.services.register_files import open_register
from app.views import application, printing, qt
from app.views.window import FACTORIES, FORMS, RECORDS, Window
from app.views.work import pool

WIDTH, HEIGHT = 1366, 768


def main() -> None:
    """Arguments: the branch's folder, the folder of its papers, and where the pictures go."""
    folder, papers, out = map(Path, sys.argv[1:4])
    faults: list[str] = []
    qt.load()
    choose("zh_CN")
    app = application.prepare()
    application.speak(app, "zh_CN")
    session = workplace.open_folder(folder)
    application.put_on(app, Preferences(folder))
    sys.excepthook = lambda kind, error, _trace: faults.append(f"{kind.__name__}: {error}")
    window = application.make_window(app, session)
    window.resize(WIDTH, HEIGHT)
    window.show()
    out.mkdir(parents=True, exist_ok=True)
    window.desk.failed.connect(lambda error: faults.append(f"{type(error).__name__}: {error}"))
    for name, go in _places(window):
        go()
        settle(app)
        window.grab().save(str(out / f"{name}.png"))
    _print(papers, out)
    for workbook in papers.glob("*.xlsx"):
        with open_register(workbook) as register:
            assert register.sheets, workbook
    duplicates.check(session)
    print(f"{len(list(out.glob('*.png')))} pictures; faults: {faults or 'none'}")
    sys.exit(bool(faults))


def _places(window: Window) -> list[tuple[str, Callable[[], object]]]:
    session = window.session
    places: list[tuple[str, Callable[[], object]]] = [(f"page-{code}", partial(window.open_page, code)) for code in FACTORIES]
    for kind in RECORDS:
        listing = next((one for one in LISTINGS.values() if kind == one.kind.KIND), None)
        if listing is not None:
            number = str(next(iter(listing.all(session, Query(), 1, numbers=True)))[1 + listing.columns.index("number")])
            places.append((f"record-{kind}", partial(window.open_record, number)))
    places += [(f"form-{kind}", partial(window.open_form, kind, {})) for kind in FORMS if kind not in ("merge", "agreement")]
    return places


def _print(papers: Path, out: Path) -> None:
    for paper in papers.glob("*.pdf"):
        printer = printing.printer_for(paper.stem)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(out / f"printed-{paper.name}"))
        printing.send(printer, paper.read_bytes())


def settle(app: QApplication, seconds: float = 0.4) -> None:
    """Let the window paint and its worker finish."""
    until = time.monotonic() + seconds
    while time.monotonic() < until or pool().activeThreadCount():
        app.processEvents()
        time.sleep(0.01)
