"""What every page is given: the session, the way to other pages, and the places where people are told things."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTemporaryDir, Signal
from PySide6.QtWidgets import QWidget

from app.core import log
from app.core.errors import Cancelled, PasswordNeeded, UserError
from app.core.preferences import Preferences
from app.core.progress import Progress
from app.core.session import Session
from app.models import permissions
from app.models.listing import Query
from app.views.work import Job, start

if TYPE_CHECKING:
    from app.models.unfinished import Entry


class Desk(QObject):
    """The hub of the window. Pages emit through it and know nothing of each other."""

    wanted_page = Signal(str, object)
    """Go to a page of the sidebar, with a Query or None."""
    wanted_record = Signal(str, str)
    """Open the record of that number, and with it a step that was being typed, or none."""
    wanted_form = Signal(str, object)
    """Open the form of a kind, for a new record with these values; `_entry`: an unfinished one, `_edit`: a number."""
    wanted_paper = Signal(str, str)
    """Show a document (`form`, `objection`, `approval`, `agreement`) of a number; of none, the blank `form`."""
    wanted_view = Signal(object)
    """Show a page that was made already, with a way back."""
    wanted_step = Signal(str)
    """Go through the first steps of the branch, from that one on."""
    wanted_lock = Signal()
    """Lock the desk until the person gives the password."""
    back = Signal()
    told = Signal(str, object)
    """A toast: the sentence and what undoes it, or None."""
    failed = Signal(object)
    """An exception to be told in the window."""
    found = Signal(str, str, object)
    """What is to be read at leisure: tone, sentence, acts."""
    changed = Signal(object)
    """The topics of what was saved together."""
    wanted_end = Signal(object)
    """Close the window, do this without it, and open it anew."""
    busy = Signal(object)
    """A Job whose progress the window shows."""

    def __init__(self, session: Session, preferences: Preferences, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.preferences = preferences
        self._scratch: QTemporaryDir | None = None
        session.changed.connect_once(self.changed.emit)

    def go(self, page: str, query: Query | None = None) -> None:
        """To a page of the sidebar, its list asked for `query`."""
        self.wanted_page.emit(page, query)

    def last_page(self) -> str:
        """Where who works here was last; who is new begins at the workbench."""
        return str(self._pages().get(self.session.user, "workbench"))

    def keep_page(self, code: str) -> None:
        """Begin with that page the next time."""
        self.preferences.put("page", self._pages() | {self.session.user: code})

    def _pages(self) -> dict[str, str]:
        kept = self.preferences.get("page", {})
        return kept if isinstance(kept, dict) else {self.session.user: kept}  # as 0.2 kept it: one for everybody

    def open(self, number: str) -> None:
        """To the page of a record."""
        self.wanted_record.emit(number, "")

    def go_on(self, entry: Entry) -> None:
        """To the form or the step that was being typed."""
        kind, _dot, step = entry.kind.partition(".")
        if step:
            self.wanted_record.emit(entry.number, step)
        else:
            self.new(kind, {"_entry": entry.id})

    def new(self, kind: str, values: Mapping[str, Any] | None = None) -> None:
        """To the form for a new record of a kind."""
        self.wanted_form.emit(kind, dict(values or {}))

    def paper(self, document: str, number: str) -> None:
        """To the preview of a document."""
        self.wanted_paper.emit(document, number)

    def show(self, page: QWidget) -> None:
        """To a page that was made already."""
        self.wanted_view.emit(page)

    def scratch(self) -> Path:
        """A new folder for files that are needed until the window is closed."""
        self._scratch = self._scratch or QTemporaryDir()
        return Path(tempfile.mkdtemp(dir=self._scratch.path()))

    def tell(self, sentence: str, undo: Callable[[], object] | None = None) -> None:
        """Say what was done, in passing."""
        self.told.emit(sentence, undo)

    def fail(self, error: Exception) -> None:
        """Say what could not be done; `Cancelled` is silent."""
        if not isinstance(error, Cancelled):
            self.failed.emit(error)

    def say(self, tone: str, sentence: str, acts: Sequence[tuple[str, Callable[[], object]]] = ()) -> None:
        """Say what was found, above the page, until it is dismissed or another page is opened."""
        self.found.emit(tone, sentence, acts)

    def attempt(self, work: Callable[[], Any]) -> Any:  # noqa: ANN401 - what the work gives, None where it failed
        """Do something at once; what goes wrong is told, and None comes back."""
        try:
            return self.asking(work)
        except UserError as error:
            self.fail(error)
            return None

    def permitted(self, verb: str) -> bool:
        """Whether the person may go on to do something: asked before anything is typed or chosen; why not is told."""

        def asked() -> bool:
            permissions.require(self.session, verb)
            return True

        return self.attempt(asked) is not None

    def asking(self, work: Callable[[], Any]) -> Any:  # noqa: ANN401 - what the work gives
        """Do something at once; where the password has to be given again first, it is asked for. Raises what the work raises."""
        try:
            with log.timed(work):
                return work()
        except PasswordNeeded as needed:
            if not _proved(self.session, needed):
                raise
        with log.timed(work):
            return work()

    def run(
        self,
        function: Callable[[Progress], Any],
        done: Callable[[Any], object],
        owner: QWidget,
        failed: Callable[[Exception], object] | None = None,
        *,
        shown: bool = True,
    ) -> Job:
        """Do something on the worker thread; `owner` must live as long. `shown`: with progress at the foot of the window."""
        told = failed or self.fail

        def refused(error: Exception) -> None:
            if isinstance(error, PasswordNeeded) and _proved(self.session, error):
                self.run(function, done, owner, told, shown=shown)
            else:
                told(error)

        job = Job(function, done, refused, owner)
        if shown:
            self.busy.emit(job)
        return start(job)


def _proved(session: Session, needed: PasswordNeeded) -> bool:
    from app.views.secrets import proved  # heavy: forms, and all that belongs to passwords

    return proved(session, needed)
