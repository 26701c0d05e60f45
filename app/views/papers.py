"""A document on the screen, to be printed and saved."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFileDialog, QWidget

from app.core.files import write_whole
from app.core.language import _
from app.core.progress import Progress
from app.core.session import Session
from app.models import cards, numbering
from app.reports import papers
from app.services import cases
from app.views import handing_out, printing
from app.views.desk import Desk
from app.views.handing_out import DragHandle
from app.views.page import Page
from app.views.paper import PaperView
from app.views.pieces.basics import button, label
from app.views.pieces.heads import Head
from app.views.pieces.pills import Pill, face

_NAV = {
    papers.CARDS: "cards",
    papers.VISIT: "customers",
    papers.OBJECTION: "objections",
    papers.AGREEMENT: "agreements",
    papers.DISPATCH: "dispatches",
    papers.REMINDER: "dispatches",
    papers.NOTICE: "actions",
}


class Sheet(NamedTuple):
    """A PDF to be shown: its title and what stands beside it, the file's name, a word on its watermark.

    `printed` is told how many copies went out, `signed` gives what goes out where that is another file. `document`: what kind
    it is; the desk remembers how each is printed.
    """

    content: bytes
    title: str
    beside: str
    file_name: str
    mark: str = ""
    printed: Callable[[int], object] | None = None
    document: str = ""
    signed: Callable[[], Sheet] | None = None


class PdfPage(Page):
    """Any PDF, to be looked at, printed and saved."""

    def __init__(self, desk: Desk, sheet: Sheet, nav: str) -> None:
        super().__init__(desk)
        self.nav = nav
        self.view = PaperView()
        self.show_sheet(sheet)
        marks: list[QWidget] = [label(sheet.beside, "secondary")]
        if sheet.mark:
            marks.append(Pill(sheet.mark, face("status", "draft")))
        drag = DragHandle(self.given_out)
        mail = button(_("Send to mail program"), icon="message-2", name="mail_pdf", on_click=self.mail)
        save = button(_("Save as"), icon="download", name="save_pdf", on_click=self.save)
        send = button(_("Print  Ctrl+P"), "primary", "printer", name="print", on_click=self.print_page)
        head = Head(desk.back.emit)
        head.show_title(self.name(), marks, [mail, save, send], [drag])
        self.build(head, self.view)
        self.setFocusProxy(self.view)

    def show_sheet(self, sheet: Sheet) -> None:
        """This PDF from now on."""
        self.sheet = sheet
        self.view.show_pdf(sheet.content)

    def name(self) -> str:
        """For the title of the window."""
        return self.sheet.title

    def print_page(self) -> None:
        """Through the system's dialog; counted."""
        printer = self.desk.attempt(lambda: printing.ask(self, self.name(), self.desk, self.sheet.document))
        if printer is not None and (told := self.desk.attempt(lambda: self.print_on(printer))):
            self.desk.tell(told)

    def print_on(self, printer: QPrinter) -> str:
        """Send it to a printer; a sentence that says so."""
        self._sign()
        printing.send(printer, self.sheet.content)
        self._count(printing.copies_of(printer))
        return _("{paper} sent to the printer.").format(paper=self.name())

    def save(self) -> None:
        """Save the PDF where the person wants it; counted as one copy."""
        path, _kind = QFileDialog.getSaveFileName(self, _("Save as"), self.sheet.file_name, "PDF (*.pdf)")
        if path:
            self.save_to(Path(path))

    def save_to(self, path: Path) -> None:
        """Write the file."""
        if told := self.desk.attempt(lambda: self.write_to(path)):
            self.desk.tell(told)

    def write_to(self, path: Path) -> str:
        """Write the file; a sentence that says so."""
        self.show_sheet(write_out(self.sheet, path))
        self.renew()
        return _("Saved to {file}.").format(file=path.name)

    def given_out(self) -> Path | None:
        """The file for another program, there until the window is closed, under the name and recorded as if it was saved."""
        path = self.desk.scratch() / self.sheet.file_name
        return path if self.desk.attempt(lambda: self.write_to(path)) else None

    def mail(self) -> None:
        """Attached to a new message of the system's mail program."""
        handing_out.mail_out(self.desk, self.given_out)

    def _sign(self) -> None:
        if self.sheet.signed is not None:
            self.show_sheet(self.sheet.signed())

    def _count(self, copies: int) -> None:
        if self.sheet.printed is not None:
            self.sheet.printed(copies)
        self.renew()

    def renew(self) -> None:
        """Show what is issued next; a PDF that is no record's paper stays what it is."""


def write_out(sheet: Sheet, path: Path) -> Sheet:
    """Write what goes out, signed where that is due, and count it as one copy; it comes back."""
    out = sheet.signed() if sheet.signed is not None else sheet
    write_whole(path, out.content)
    if out.printed is not None:
        out.printed(1)
    return out


def given_out(desk: Desk, sheet: Sheet) -> Path | None:
    """The file for another program, without a page that shows it; None where that was refused."""
    path = desk.scratch() / sheet.file_name
    return path if desk.attempt(lambda: write_out(sheet, path)) else None


def given_paper(desk: Desk, document: str, number: str) -> Path | None:
    """The same of a record's paper, as it is issued next."""
    sheet = desk.attempt(lambda: _paper(desk.session, document, number))
    return given_out(desk, sheet) if sheet is not None else None


def mail_paper(page: Page, document: str, number: str) -> None:
    """Put a record's paper together on the worker thread, for files take a while to read, then attach it to a message."""
    desk, work = page.desk, partial(_paper, page.desk.session, document, number)
    page.desk.run(work, lambda sheet: handing_out.mail_out(desk, partial(given_out, desk, sheet)), page.window())


def show_case_file(page: Page, number: str) -> None:
    """Put the case file together on the worker thread, for files take a while to read, then show it."""
    work = partial(_paper, page.desk.session, papers.CASE_FILE, number)
    page.desk.run(work, partial(_show, page.desk, page.nav), page.window())


def _show(desk: Desk, nav: str, sheet: Sheet) -> None:
    desk.show(PdfPage(desk, sheet, nav))


class PaperPage(PdfPage):
    """One document of one record, as it is issued next: a valid one says which print it is."""

    def __init__(self, desk: Desk, document: str, number: str) -> None:
        self.document, self.number = document, number
        super().__init__(desk, _paper(desk.session, document, number), _NAV.get(document, "complaints"))

    def renew(self) -> None:
        """The next print of it."""
        self.show_sheet(_paper(self.session, self.document, self.number))


def _paper(session: Session, document: str, number: str, progress: Progress | None = None) -> Sheet:
    """Of a record; cards without a number are all that are published."""
    if document == papers.CARDS and not number:
        made = papers.pocket_cards(session, cards.published(session))
    else:
        made = papers.paper(session, document, cases.load(session, number), progress=progress)
    return _sheet(session, document, number, made)


def _sheet(session: Session, document: str, number: str, made: papers.Issued) -> Sheet:
    mark = _("Draft watermark") if made.draft else ""
    counted = partial(_issued, session, made)
    signed = partial(_signed, session, document, number, made) if made.unsigned else None
    return Sheet(made.content, _(papers.TITLES[document]), number, made.name, mark, counted, document, signed)


def _signed(session: Session, document: str, number: str, made: papers.Issued) -> Sheet:
    return _sheet(session, document, number, papers.signed(session, made))


def _issued(session: Session, made: papers.Issued, copies: int) -> None:
    papers.keep_record(session, made, copies=copies)


class BlankPage(PdfPage):
    """A registration form for handwriting. Looking at it takes no number; each form that is printed or saved gets its own."""

    def __init__(self, desk: Desk, document: str, number: str) -> None:
        self.document = document
        content = papers.blank_form(desk.session, numbering.outline(desk.session, "complaint"))
        beside = _("gets its number when it is printed or saved")
        name = papers.safe_name(_("Blank registration form.pdf"))
        super().__init__(desk, Sheet(content, _(papers.TITLES[papers.FORM]), beside, name, document=papers.FORM), "complaints")

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
