"""How files come to a record: chosen, dropped on its page, or pasted; copied on the worker thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFileDialog, QLabel
from shiboken6 import isValid

from app.core.errors import UserError
from app.core.language import _
from app.models import attachments
from app.models.attachments import Taken
from app.models.record import Record
from app.views.page import Page
from app.views.pieces.basics import label

_DRAGGED = (QEvent.Type.DragEnter, QEvent.Type.DragMove)


class Taking(QObject):
    """Lets a page take files for the record it shows. `done` is called once they are kept."""

    def __init__(self, page: Page, record: Callable[[], Record], done: Callable[[], object]) -> None:
        super().__init__(page)
        self._page, self._desk, self._record, self._done = page, page.desk, record, done
        self._sign: QLabel | None = None
        page.setAcceptDrops(True)
        page.installEventFilter(self)

    def choose(self, shows: str = "") -> None:
        """By the system's dialog; `shows` what they show."""
        paths, _kind = QFileDialog.getOpenFileNames(self._page, _("Attach files"))
        self.take([Path(path) for path in paths], shows)

    def take(self, paths: Sequence[Path], shows: str = "") -> None:
        """Keep copies of these files."""
        if paths:
            session, record = self._desk.session, self._record()
            work = partial(attachments.attach_all, session, record, list(paths), shows)
            # The window outlives the page, which may be left while large files are copied.
            self._desk.run(work, partial(self._taken, record), self._page.window())

    def _taken(self, record: Record, taken: Taken) -> None:
        if taken.refused:
            self._desk.fail(UserError(" ".join(f"{name}: {sentence}" for name, sentence in taken.refused)))
        if taken.files:
            words = _("{name} attached.") if len(taken.files) == 1 else _("{count} files attached.")
            told = words.format(name=taken.files[0].name, count=len(taken.files))
            self._desk.tell(told, partial(self._undo, record, taken))
            if isValid(self._page):
                self._done()

    def _undo(self, record: Record, taken: Taken) -> None:
        for file in taken.files:
            reason = _("Attached by mistake")
            self._desk.attempt(partial(attachments.void, self._desk.session, record, file.id, reason))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Drags over the page, and Ctrl+V where nothing inside wanted it."""
        if event.type() in _DRAGGED and isinstance(event, QDropEvent) and _holds_files(event.mimeData()):
            event.acceptProposedAction()
            self._show_sign()
            return True
        if event.type() == QEvent.Type.DragLeave:
            self._hide_sign()
        if event.type() == QEvent.Type.Drop and isinstance(event, QDropEvent) and _holds_files(event.mimeData()):
            self._hide_sign()
            event.acceptProposedAction()
            self.take_from(event.mimeData())
            return True
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Paste)
        ):
            self.paste()
            return True
        return super().eventFilter(watched, event)

    def paste(self) -> None:
        """Files or a picture from the clipboard."""
        held = QGuiApplication.clipboard().mimeData()
        if _holds_files(held):
            self.take_from(held)
        else:
            self._desk.tell(_("The clipboard holds neither files nor a picture."))

    def take_from(self, held: QMimeData) -> None:
        """Files, else the picture."""
        self.take(_files(held) or [self._saved(held.imageData())])

    def _saved(self, image: QImage) -> Path:
        """A picture without a name gets one by the time."""
        now = self._desk.session.now()
        path = self._desk.scratch() / _("Picture {time}.png").format(time=f"{now:%Y-%m-%d %H.%M.%S}")
        image.save(str(path), "PNG")  # type: ignore[call-overload]
        return path

    def _show_sign(self) -> None:
        if self._sign is None:
            words = _("Let go: attach to {number}").format(number=self._record().number)
            self._sign = label(words, "drop")
            self._sign.setParent(self._page)
            self._sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self._sign.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self._sign.setGeometry(self._page.rect().adjusted(12, 12, -12, -12))
            self._sign.show()

    def _hide_sign(self) -> None:
        if self._sign is not None:
            self._sign.deleteLater()
            self._sign = None


def _files(held: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in held.urls() if url.isLocalFile()]


def _holds_files(held: QMimeData) -> bool:
    return bool(_files(held)) or held.hasImage()
