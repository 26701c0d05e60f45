"""What goes out of a list: a workbook, or a register on paper, of the rows asked for with the columns that are shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from app.core.language import _
from app.core.progress import Progress
from app.models.listing import Listing, Query
from app.views.desk import Desk
from app.views.page import Page
from app.views.pieces.basics import Button, action, menu_button

if TYPE_CHECKING:
    from app.views.papers import Sheet

Asked = tuple[Query, list[str]]
"""What is shown now, and the codes of its columns in order."""


class ListOutput:
    """The export menu of a list page and what it does, on the worker thread."""

    def __init__(self, page: Page, listing: Listing, title: str, asked: Callable[[], Asked]) -> None:
        self._page, self._desk, self._listing, self._title, self._asked = page, page.desk, listing, title, asked

    def menu_button(self) -> Button:
        """Excel and the register. Ctrl+P is the window's own."""
        menu = QMenu(self._page)
        action(menu, _("Excel workbook"), self.export, "table-export", "Ctrl+E").setObjectName("export_excel")
        action(menu, _("Register as PDF") + "\tCtrl+P", self.register, "printer").setObjectName("export_register")
        return menu_button(_("Export"), menu, name="export")

    def export(self) -> None:
        """What is shown, with the columns that are shown, as a workbook."""
        if not self._desk.permitted("list.export"):
            return
        from PySide6.QtWidgets import QFileDialog  # heavy: it has more constants than a whole list

        suggested = f"{self._title}-{self._desk.session.now():%Y%m%d}.xlsx"
        path, _kind = QFileDialog.getSaveFileName(self._page, _("Export Excel"), suggested, _("Excel workbook (*.xlsx)"))
        if path:
            self.export_to(Path(path))

    def export_to(self, path: Path) -> None:
        """Write the workbook beside the window; said when it is done."""
        session, listing, title = self._desk.session, self._listing, self._title
        query, codes = self._asked()

        def work(progress: Progress) -> Path:
            from app.reports import table_workbook  # heavy: the Excel library

            table_workbook.export(session, path, title, listing, query, codes, progress)
            return path

        self._desk.run(work, self._exported, self._page)

    def _exported(self, path: Path) -> None:
        self._desk.tell(_("Exported to {file}.").format(file=path.name))

    def register(self, query: Query | None = None) -> None:
        """Show the register of what is shown, or of another query, ready to be printed or saved."""
        if not self._desk.permitted("register.print"):
            return
        shown, codes = self._asked()
        work = partial(_register, self._desk, self._listing, query or shown, codes)
        self._desk.run(work, self._show, self._page)

    def _show(self, sheet: Sheet) -> None:
        from app.views.papers import PdfPage  # heavy: printing and all documents

        self._desk.show(PdfPage(self._desk, sheet, self._page.nav))


def _register(desk: Desk, listing: Listing, query: Query, codes: list[str], progress: Progress) -> Sheet:
    from app.models.prints import REGISTER  # heavy: agreements and their clauses
    from app.reports import papers_list  # heavy: all documents
    from app.views.papers import Sheet  # heavy: printing and all documents

    content = papers_list.register(desk.session, listing, query, codes, progress)
    kept = partial(papers_list.keep_record, desk.session, listing, content)
    return Sheet(
        content, papers_list.title_of(listing), "", papers_list.file_name(desk.session, listing), printed=kept, document=REGISTER
    )
