"""A document in the window: its pages, printing, saving. What stands on it is the reports' matter."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QVBoxLayout

from app.core.database import explained
from app.core.language import _
from app.models import numbering
from app.reports import papers
from app.services import cases
from app.views import printing
from app.views.desk import Desk
from app.views.page import Page
from app.views.paper import PaperView
from app.views.pieces.basics import button, label, row
from app.views.pieces.pills import Pill, face


class PaperPage(Page):
    """One document of one record; `blank`: a numbered form for handwriting."""

    nav = "complaints"

    def __init__(self, desk: Desk, document: str, number: str) -> None:
        super().__init__(desk)
        self.document, self.number = document, number
        self._made: papers.Issued | None = None
        content, name, self._draft = self._make()
        self.content, self.file_name = content, name
        self.view = PaperView()
        self.view.show_pdf(self.content)
        head = row(
            button(_("Back"), "icon", "arrow-left", name="back", on_click=desk.back.emit),
            label(self.name(), "title"),
            label(self.number, "secondary"),
            gap=10,
            margins=(16, 12, 24, 8),
        )
        if self._draft:
            head.addWidget(Pill(_("Draft watermark"), face("status", "draft")))
        head.addStretch(1)
        head.addWidget(button(_("Save as"), icon="download", name="save_pdf", on_click=self.save))
        head.addWidget(button(_("Print  Ctrl+P"), "primary", "printer", name="print", on_click=self.print_page))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.view, 1)
        self.setFocusProxy(self.view)

    def _make(self) -> tuple[bytes, str, bool]:
        """Content, file name, and whether it carries a watermark. A blank form takes its number here."""
        if self.document == "blank":
            self.number = numbering.reserve(self.session, "complaint")[0]
            return papers.blank_form(self.session, self.number), papers.file_name("form", self.number), False
        self._made = papers.paper(self.session, self.document, cases.load(self.session, self.number))
        return self._made.content, self._made.name, self._made.draft

    def name(self) -> str:
        """For the title of the window."""
        return _(papers.TITLES.get(self.document, papers.TITLES["form"]))

    def print_page(self) -> None:
        """Through the system's dialog; counted."""
        copies = self.desk.attempt(lambda: printing.print_pdf(self, self.content, self.name()))
        if copies:
            self._count(copies)
            self.desk.tell(_("{paper} sent to the printer.").format(paper=self.name()))

    def save(self) -> None:
        """Save the PDF where the person wants it; counted as one copy."""
        path, _kind = QFileDialog.getSaveFileName(self, _("Save as"), self.file_name, "PDF (*.pdf)")
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
        made = self._made
        if made is not None:
            self.desk.attempt(lambda: papers.keep_record(self.session, made, copies=copies))
