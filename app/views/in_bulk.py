"""What can be done with the rows that are marked in a list: classify, assign, print, void; on the worker thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from app.core.errors import UserError
from app.core.fields import Choice
from app.core.language import N_, _
from app.core.progress import Progress
from app.models.listing import Listing, Query
from app.models.steps import REASON
from app.services import in_bulk
from app.services.in_bulk import Summary
from app.views.bulk_summary import BulkSummary
from app.views.list_output import ListOutput
from app.views.page import Page
from app.views.table import ListView

if TYPE_CHECKING:
    from app.reports.papers_many import Papers

ACTS = (
    ("classify", N_("Classify …"), "list-check"),
    ("assign", N_("Assign …"), "user-check"),
    ("print", N_("Print …"), "printer"),
    ("void", N_("Void …"), "ban"),
)
_REGISTER = "register"
Work = Callable[[Progress], Any]


class Acts:
    """What can be done with the marked rows of one list; made when it is first wanted."""

    def __init__(self, page: Page, listing: Listing, table: ListView, output: ListOutput, summary: BulkSummary) -> None:
        self._page, self._desk, self._listing, self._table = page, page.desk, listing, table
        self._output, self._summary = output, summary
        self._busy = False
        possible = in_bulk.acts(listing.kind)
        self.offered = [(code, word, icon) for code, word, icon in ACTS if code == "print" or code in possible]
        """Code, word and icon of each."""

    def start(self, code: str) -> None:
        """Ask what is needed, then do it to the rows that are marked now."""
        count = self._table.count_marked()
        if self._busy:
            self._desk.fail(UserError(_("Something is being done in bulk already. Wait until it is over, or cancel it.")))
        elif count > in_bulk.MOST:
            sentence = _("{count} rows are marked, {most} can be done at once. Mark fewer.")
            self._desk.fail(UserError(sentence.format(count=f"{count:,}", most=f"{in_bulk.MOST:,}")))
        elif count:
            acts = {"classify": self._classify, "assign": self._assign, "print": self._print, "void": self._void}
            acts[code](self._table.selected_ids())

    def _classify(self, ids: list[int]) -> None:
        from app.views.bulk_dialogs import ClassifyDialog  # heavy: forms, which a list does not need

        question = _("Classify {count} records").format(count=f"{len(ids):,}")
        dialog = ClassifyDialog(question, in_bulk.classified_by(self._listing.kind), self._page)
        if dialog.ask() == "do":
            self._run(partial(in_bulk.classify, *self._of(ids), dialog.code, dialog.value), self._over(_("Classify in bulk")))

    def _assign(self, ids: list[int]) -> None:
        from app.views.bulk_dialogs import FieldsDialog  # heavy: forms, which a list does not need

        asked = in_bulk.asked_to_assign(self._listing.kind)
        question = _("Assign {count} records").format(count=f"{len(ids):,}")
        dialog = FieldsDialog(question, "", asked, (_("Assign all"), "primary"), self._desk.session.now, self._page)
        dialog.setProperty("help", "ClassifyDialog")
        person = next(one.code for one in asked if one.code in ("handler", "customer_manager"))
        dialog.suggest(person, self._listing.known(self._desk.session, person))
        if dialog.ask() == "do":
            self._run(partial(in_bulk.assign, *self._of(ids), dialog.values), self._over(_("Assign in bulk")))

    def _void(self, ids: list[int]) -> None:
        from app.views.bulk_dialogs import FieldsDialog  # heavy: forms, which a list does not need

        question = _("Void {count} records?").format(count=f"{len(ids):,}")
        text = _("They stay, with their numbers and this reason. It cannot be undone.")
        act = (_("Void all"), "danger")
        dialog = FieldsDialog(question, text, (REASON,), act, self._desk.session.now, self._page)
        dialog.setProperty("help", "ClassifyDialog")
        if dialog.ask() == "do":
            self._run(partial(in_bulk.void, *self._of(ids), str(dialog.values["reason"])), self._over(_("Void in bulk")))

    def _of(self, ids: Sequence[int]) -> tuple[Any, Any, Sequence[int]]:
        return self._desk.session, self._listing.kind, ids

    def _run(self, work: Work, done: Callable[[Any], None]) -> None:
        """On the worker thread; the list reads again once it is over, however it ended."""
        self._busy = True
        self._summary.forget()
        self._desk.run(work, partial(self._ended, done), self._page, self._failed)

    def _ended(self, done: Callable[[Any], None], result: object) -> None:
        self._busy = False
        done(result)

    def _failed(self, error: Exception) -> None:
        self._busy = False
        self._page.refresh()
        self._desk.fail(error)

    def _over(self, title: str) -> Callable[[Summary], None]:
        return lambda summary: self._summary.tell(title, summary)

    def _print(self, ids: list[int]) -> None:
        from app.reports import papers, papers_many  # heavy: all documents
        from app.views.bulk_dialogs import PrintDialog  # heavy: forms, which a list does not need

        documents = [Choice(code, papers.TITLES[code]) for code in papers_many.DOCUMENTS.get(self._listing.code, ())]
        if not documents:
            self._output.register(Query(ids=tuple(ids), sort=self._listing.sort))
            return
        question = _("Print {count} records").format(count=f"{len(ids):,}")
        offered = [*documents, Choice(_REGISTER, N_("Register of these"))]
        dialog = PrintDialog(question, offered, frozenset((_REGISTER,)), self._page)
        how, document = dialog.ask(), str(dialog.document.value())
        if how == "one" and document == _REGISTER:
            self._output.register(Query(ids=tuple(ids), sort=self._listing.sort))
        elif how == "one":
            self._run(partial(_together, self._desk.session, document, self._listing.kind, ids), self._show)
        elif how == "each":
            folder = QFileDialog.getExistingDirectory(self._page, _("Folder for the files"))
            if folder:
                work = partial(_each, self._desk.session, document, self._listing.kind, ids, Path(folder))
                self._run(work, partial(self._written, Path(folder)))

    def _show(self, made: tuple[Papers, bytes]) -> None:
        """At once where all could be made, else after the summary was read."""
        papers, content = made
        if papers.issued and not papers.summary.refused and not papers.summary.left:
            self._open(papers, content)
        else:
            act = (_("Show the documents"), partial(self._open, papers, content))
            self._summary.tell(_("Print in bulk"), papers.summary, [act] if papers.issued else [])

    def _open(self, made: Papers, content: bytes) -> None:
        from app.reports import papers, papers_many  # heavy: all documents
        from app.views.papers import PdfPage, Sheet  # heavy: printing and all documents

        document = made.issued[0].document
        title = _(papers.TITLES[document])
        beside = _("{count} documents").format(count=len(made.issued))
        name = papers.safe_name(f"{title} {self._desk.session.now():%Y-%m-%d}.pdf")
        mark = _("Draft watermark") if any(one.draft for one in made.issued) else ""

        def printed(copies: int) -> None:
            papers_many.keep_records(self._desk.session, made.issued, content, copies=copies)

        self._desk.show(PdfPage(self._desk, Sheet(content, title, beside, name, mark, printed, document), self._page.nav))

    def _written(self, folder: Path, summary: Summary) -> None:
        open_folder = partial(QDesktopServices.openUrl, QUrl.fromLocalFile(str(folder)))
        self._summary.tell(_("Print in bulk"), summary, [(_("Open folder"), open_folder)] if summary.done else [])


def _together(session: Any, document: str, kind: Any, ids: Sequence[int], progress: Progress) -> tuple[Papers, bytes]:  # noqa: ANN401
    from app.reports import papers, papers_many  # heavy: all documents

    made = papers_many.make(session, document, kind, ids, progress)
    made = made._replace(issued=tuple(papers.signed(session, one) for one in made.issued))
    return made, papers.together([one.content for one in made.issued]) if made.issued else b""


def _each(session: Any, document: str, kind: Any, ids: Sequence[int], folder: Path, progress: Progress) -> Summary:  # noqa: ANN401
    from app.reports import papers_many  # heavy: all documents

    made = papers_many.make(session, document, kind, ids, progress)
    papers_many.write_each(session, folder, made.issued)
    return made.summary
