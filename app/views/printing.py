"""Sending a PDF to a printer that the person chooses."""

from __future__ import annotations

from PySide6.QtCore import QMarginsF, QRect
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QWidget

from app.core.errors import UserError
from app.core.language import _
from app.views.paper import Pages

DPI = 300
"""Finer than any office printer shows text; more would only cost time."""


def ask(parent: QWidget, title: str, copies: int = 1) -> QPrinter | None:
    """Ask for a printer, copies and pages; None where the person thought better of it."""
    if not QPrinterInfo.availablePrinters():
        raise UserError(_("There is no printer on this computer. Save the paper as PDF and print it elsewhere."))
    printer = printer_for(title, copies)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(title)
    return printer if dialog.exec() == QDialog.DialogCode.Accepted else None


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
    if not painter.begin(printer):
        raise UserError(_("The printer does not answer. Check that it is switched on, or save the paper as PDF."))
    for place in range(first - 1, last):
        if place >= first:
            printer.newPage()
        width, height = pages.size(place)
        resolution = printer.resolution()
        target = QRect(0, 0, round(width * resolution / 72), round(height * resolution / 72))
        painter.drawImage(target, pages.image(place, min(DPI, resolution) / 72))
    painter.end()
    pages.close()
