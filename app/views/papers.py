"""A document in the window: its pages, printing, saving. What stands on it is the reports' matter."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFileDialog, QWidget

from app.core.files import write_whole
from app.core.language import _
from app.models import numbering
from app.reports import papers
from app.services import cases
from app.views import printing
from app.views.desk import Desk
from app.views.page import Page
from app.views.paper import PaperView
from app.views.pieces.basics import button, label
from app.views.pieces.heads import Head
from app.views.pieces.pills import Pill, face


class PaperPage(Page):
    """One document of one record."""

    nav = "complaints"

    def __init__(self, desk: Desk, document: str, number: str) -> None:
        super().__init__(desk)
        self.document, self.number = document, number
        self.view = PaperView()
        self.load()
        marks: list[QWidget] = [label(self.number, "secondary")]
        if self.draft:
            marks.append(Pill(_("Draft watermark"), face("status", "draft")))
        save = button(_("Save as"), icon="download", name="save_pdf", on_click=self.save)
        send = button(_("Print  Ctrl+P"), "primary", "printer", name="print", on_click=self.print_page)
        head = Head(desk.back.emit)
        head.show_title(self.name(), marks, [save, send])
        self.build(head, self.view)
        self.setFocusProxy(self.view)

    def load(self) -> None:
        """Make the document as it is issued next: a valid one says which print it is."""
        self._made = papers.paper(self.session, self.document, cases.load(self.session, self.number))
        self.file_name, self.draft = self._made.name, self._made.draft
        self.view.show_pdf(self._made.content)

    def name(self) -> str:
        """For the title of the window."""
        return _(papers.TITLES[self.document])

    def print_page(self) -> None:
        """Through the system's dialog; counted."""
        printer = self.desk.attempt(lambda: printing.ask(self, self.name()))
        if printer is not None and (told := self.desk.attempt(lambda: self.print_on(printer))):
            self.desk.tell(told)

    def print_on(self, printer: QPrinter) -> str:
        """Send it to a printer; a sentence that says so."""
        printing.send(printer, self._made.content)
        self._count(printing.copies_of(printer))
        return _("{paper} sent to the printer.").format(paper=self.name())

    def save(self) -> None:
        """Save the PDF where the person wants it; counted as one copy."""
        path, _kind = QFileDialog.getSaveFileName(self, _("Save as"), self.file_name, "PDF (*.pdf)")
        if path:
            self.save_to(Path(path))

    def save_to(self, path: Path) -> None:
        """Write the file."""
        if told := self.desk.attempt(lambda: self.write_to(path)):
            self.desk.tell(told)

    def write_to(self, path: Path) -> str:
        """Write the file; a sentence that says so."""
        write_whole(path, self._made.content)
        self._count(1)
        return _("Saved to {file}.").format(file=path.name)

    def _count(self, copies: int) -> None:
        papers.keep_record(self.session, self._made, copies=copies)
        self.load()


class BlankPage(PaperPage):
    """A registration form for handwriting. Looking at it takes no number; each form that is printed or saved gets its own."""

    def load(self) -> None:
        """The form with the place of its number."""
        self.number, self.draft = _("gets its number when it is printed or saved"), False
        self.file_name = papers.safe_name(_("Blank registration form.pdf"))
        self.view.show_pdf(papers.blank_form(self.session, numbering.outline(self.session, "complaint")))

    def print_on(self, printer: QPrinter) -> str:
        """Each copy is a form of its own."""
        copies = printing.copies_of(printer)
        printer.setCopyCount(1)
        numbers = []
        for _copy in range(copies):
            with numbering.reserving(self.session, "complaint") as (number,):
                printing.send(printer, papers.blank_form(self.session, number))
            numbers.append(number)
        return _("{paper} sent to the printer.").format(paper=_(", ").join(numbers))

    def write_to(self, path: Path) -> str:
        """One form."""
        with numbering.reserving(self.session, "complaint") as (number,):
            write_whole(path, papers.blank_form(self.session, number))
        return _("{number} saved to {file}.").format(number=number, file=path.name)
