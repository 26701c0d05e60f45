"""The handbook as a page of the window, and as a paper."""

from __future__ import annotations

from functools import partial

from app.core.language import _
from app.core.progress import Progress
from app.core.session import Session
from app.reports import papers_handbook
from app.services import handbook
from app.views.desk import Desk
from app.views.help_view import HelpView
from app.views.page import Page
from app.views.papers import PdfPage, Sheet
from app.views.pieces.basics import button
from app.views.pieces.heads import Head


class HelpPage(Page):
    """The handbook as a page; with a chapter it was opened by F1 and leads back to where that was pressed."""

    nav = "help"

    def __init__(self, desk: Desk, chapter: str = "") -> None:
        super().__init__(desk)
        self.transient = bool(chapter)
        self.view = HelpView()
        send = button(_("Print the handbook"), icon="printer", name="print_handbook", on_click=self.print_page)
        self.diagnose = button(_("Diagnosis"), icon="shield-check", name="diagnosis", on_click=self.show_diagnosis)
        head = Head(desk.back.emit if chapter else None)
        head.show_title(self.name(), acts=[self.diagnose, send])
        self.build(head, self.view)
        self.setFocusProxy(self.view)
        self.show_chapter(chapter or handbook.FIRST)

    def name(self) -> str:
        """For the title of the window."""
        return _("Handbook")

    def show_chapter(self, name: str) -> None:
        """Read another one."""
        self.view.show_chapter(name)

    def go_to_search(self) -> None:
        """Ctrl+F."""
        self.view.search.setFocus()

    def step_back(self) -> bool:
        """To the chapter that was read before."""
        return self.view.step_back()

    def refresh(self) -> None:
        """In the present look."""
        self.view.look()
        self.view.text.refresh()

    def show_diagnosis(self) -> None:
        """How this computer and its data are."""
        from app.views.diagnosis import show_diagnosis  # heavy: few ask

        show_diagnosis(self.desk, self.diagnose)

    def print_page(self) -> None:
        """All of it as one paper, to be looked at, printed and saved."""
        self.desk.run(
            partial(_sheet, self.session), lambda sheet: self.desk.show(PdfPage(self.desk, sheet, self.nav)), self.window()
        )


def _sheet(session: Session, progress: Progress) -> Sheet:
    made = papers_handbook.render(session.now(), progress)
    return Sheet(made, _("Handbook"), "", papers_handbook.file_name(), document="handbook")
