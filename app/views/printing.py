"""Sending a PDF to a printer that the person chooses."""

from __future__ import annotations

from PySide6.QtCore import QMarginsF, QRect
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QWidget

from app.core.errors import UserError
from app.core.language import _
from app.views.desk import Desk
from app.views.paper import Pages
from app.views.print_habits import Habits

DPI = 300
"""Finer than any office printer shows text; more would only cost time."""

_PORTRAIT, _LANDSCAPE = QPageLayout.Orientation.Portrait, QPageLayout.Orientation.Landscape


def ask(parent: QWidget, title: str, desk: Desk | None = None, document: str = "") -> QPrinter | None:
    """Ask for a printer, copies and pages; None where the person thought better of it.

    With a `desk` it is asked as the last time for this kind of document; a printer that is gone meanwhile is told of.
    """
    names = QPrinterInfo.availablePrinterNames()
    if not names:
        raise UserError(_("There is no printer on this computer. Save the paper as PDF and print it elsewhere."))
    printer = printer_for(title)
    habits = Habits(desk.preferences, document) if desk is not None else None
    if desk is not None and habits is not None and (gone := habits.put_on(printer, names)):
        desk.say("warn", gone)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(title)
    if dialog.exec() != QDialog.DialogCode.Accepted:
        return None
    if habits is not None:
        habits.keep(printer)
    return printer


def copies_of(printer: QPrinter) -> int:
    """How many copies were asked for."""
    return max(1, printer.copyCount())


def printer_for(title: str, copies: int = 1) -> QPrinter:
    """A printer set to A4 without margins of its own: the paper brings them."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    printer.setCopyCount(copies)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)
    printer.setFullPage(True)
    return printer


def send(printer: QPrinter, content: bytes) -> None:
    """Draw the pages asked for onto the printer. UserError where it does not take them, or there are no such pages."""
    pages = Pages(content)
    first = max(1, printer.fromPage())
    last = min(len(pages), printer.toPage() or len(pages))
    if first > last:
        raise UserError(_("The paper has {count} pages. Choose some of these.").format(count=len(pages)))
    painter = QPainter()
    for place in range(first - 1, last):
        width, height = pages.size(place)
        printer.setPageOrientation(_LANDSCAPE if width > height else _PORTRAIT)
        if not (printer.newPage() if place >= first else painter.begin(printer)):
            raise UserError(_("The printer does not answer. Check that it is switched on, or save the paper as PDF."))
        resolution = printer.resolution()
        target = QRect(0, 0, round(width * resolution / 72), round(height * resolution / 72))
        painter.drawImage(target, pages.image(place, min(DPI, resolution) / 72))
    painter.end()
    pages.close()
