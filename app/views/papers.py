"""A document in the window: its pages, printing, saving. What stands on it is the reports' matter."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtWidgets import QFileDialog, QVBoxLayout

from app.core.database import explained
from app.core.language import _
from app.core.session import Session
from app.models import cards, numbering
from app.reports import papers
from app.services import cases
from app.views import printing
from app.views.desk import Desk
from app.views.page import Page
from app.views.paper import PaperView
from app.views.pieces.basics import button, label, row
from app.views.pieces.pills import Pill, face

_NAV = {papers.CARDS: "cards", papers.VISIT: "customers", papers.OBJECTION: "objections", papers.AGREEMENT: "agreements"}


class Sheet(NamedTuple):
    """A PDF to be shown: its title and what stands beside it, the file's name, a word on its watermark.

    `printed` is told how many copies went out.
    """

    content: bytes
    title: str
    beside: str
    file_name: str
    mark: str = ""
    printed: Callable[[int], object] | None = None


class PdfPage(Page):
    """Any PDF, to be looked at, printed and saved."""

    def __init__(self, desk: Desk, sheet: Sheet, nav: str) -> None:
        super().__init__(desk)
        self.sheet, self.nav = sheet, nav
        self.content = sheet.content
        self.view = PaperView()
        self.view.show_pdf(sheet.content)
        head = row(
            button(_("Back"), "icon", "arrow-left", name="back", on_click=desk.back.emit),
            label(sheet.title, "title"),
            label(sheet.beside, "secondary"),
            gap=10,
            margins=(16, 12, 24, 8),
        )
        if sheet.mark:
            head.addWidget(Pill(sheet.mark, face("status", "draft")))
        head.addStretch(1)
        head.addWidget(button(_("Save as"), icon="download", name="save_pdf", on_click=self.save))
        head.addWidget(button(_("Print  Ctrl+P"), "primary", "printer", name="print", on_click=self.print_page))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.view, 1)
        self.setFocusProxy(self.view)

    def name(self) -> str:
        """For the title of the window."""
        return self.sheet.title

    def print_page(self) -> None:
        """Through the system's dialog; counted."""
        copies = self.desk.attempt(lambda: printing.print_pdf(self, self.content, self.name()))
        if copies:
            self._count(copies)
            self.desk.tell(_("{paper} sent to the printer.").format(paper=self.name()))

    def save(self) -> None:
        """Save the PDF where the person wants it; counted as one copy."""
        path, _kind = QFileDialog.getSaveFileName(self, _("Save as"), self.sheet.file_name, "PDF (*.pdf)")
        if path:
            self.save_to(Path(path))

    def save_to(self, path: Path) -> None:
        """Write the file."""

        def write() -> Path:
            with explained(path):
                path.write_bytes(self.content)
            return path

        if self.desk.attempt(write) is not None:
            self._count(1)
            self.desk.tell(_("Saved to {file}.").format(file=path.name))

    def _count(self, copies: int) -> None:
        if self.sheet.printed is not None:
            self.desk.attempt(partial(self.sheet.printed, copies))


class PaperPage(PdfPage):
    """One document of one record; `blank`: a numbered form for handwriting."""

    def __init__(self, desk: Desk, document: str, number: str) -> None:
        made = _blank(desk.session) if document == "blank" else _paper(desk.session, document, number)
        super().__init__(desk, made, _NAV.get(document, "complaints"))
        self.document, self.number = document, made.beside


def _blank(session: Session) -> Sheet:
    """A blank form takes its number here."""
    number = numbering.reserve(session, "complaint")[0]
    return Sheet(papers.blank_form(session, number), _(papers.TITLES[papers.FORM]), number, papers.file_name(papers.FORM, number))


def _paper(session: Session, document: str, number: str) -> Sheet:
    """Of a record; cards without a number are all that are published."""
    if document == papers.CARDS and not number:
        made = papers.pocket_cards(session, cards.published(session))
    else:
        made = papers.paper(session, document, cases.load(session, number))
    return Sheet(
        made.content,
        _(papers.TITLES[document]),
        number,
        made.name,
        _("Draft watermark") if made.draft else "",
        lambda copies: papers.keep_record(session, made, copies=copies),
    )
