"""An attached file in the window: a picture or a PDF to be looked at, with the other files of the record before and behind it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.core.errors import UserError
from app.core.language import _
from app.models import attachments
from app.models.attachments import File
from app.views import opening, pictures, printing
from app.views.desk import Desk
from app.views.page import Page
from app.views.paper import PaperView
from app.views.pictures import Look
from app.views.pieces.basics import box, button, clear, label, row
from app.views.pieces.heads import Elided, Head
from app.views.pieces.pills import Pill, face


class PictureView(QFrame):
    """A picture, fitted into the room there is or in its own size."""

    def __init__(self, file: File) -> None:
        super().__init__()
        self._file, self._fitted = file, True
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setAccessibleName(file.name)
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidget(self._picture)
        self._area.setWidgetResizable(True)
        # Both show the desk behind them.
        self._area.viewport().setAutoFillBackground(False)
        self._picture.setAutoFillBackground(False)
        desk = box("desk")
        inner = QVBoxLayout(desk)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self._area)
        self._size = button(_("Actual size"), "text", name="actual_size", on_click=self.toggle)
        bar = box("foot")
        bar.setLayout(row(None, self._size, margins=(16, 5, 16, 5)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(bar)
        layout.addWidget(desk, 1)
        self._picture.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the arrows go on to what it lies in, and move it
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(self._picture)
        self._soon = QTimer(self, singleShot=True, interval=60)
        self._soon.timeout.connect(self.draw)

    def draw(self) -> None:
        """Read it in the size it is shown in, or say why that cannot be."""
        ratio = self.devicePixelRatioF()
        room = (self._area.viewport().size() - QSize(16, 16)).expandedTo(QSize(16, 16)) * ratio
        try:
            image = pictures.picture(self._file.content(), room if self._fitted else None)
        except UserError as error:
            self._picture.setText(str(error))
            return
        shown = QPixmap.fromImage(image)
        shown.setDevicePixelRatio(ratio)
        self._picture.setPixmap(shown)

    def toggle(self) -> None:
        """Between fitted and its own size."""
        self._fitted = not self._fitted
        self._size.say(_("Actual size") if self._fitted else _("Fit"))
        self.draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit again once it rests."""
        super().resizeEvent(event)
        if self._fitted and self._picture.pixmap().width():
            self._soon.start()


class FilePage(Page):
    """One of several files; ← → go to the others."""

    def __init__(self, desk: Desk, files: Sequence[File], place: int) -> None:
        super().__init__(desk)
        self._files, self._place = list(files), place
        self._pdf = b""
        self._head = Head(desk.back.emit)
        self._body = QVBoxLayout()
        self.build(self._head, self._body)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.show_place(place)

    @property
    def file(self) -> File:
        """The file that is seen."""
        return self._files[self._place]

    def name(self) -> str:
        """For the title of the window."""
        return self.file.name

    def show_place(self, place: int) -> None:
        """Show one of the files."""
        self._place = min(max(0, place), len(self._files) - 1)
        self.setAccessibleName(self.name())
        self._fill_head()
        clear(self._body)
        self._pdf = b""
        self._body.addWidget(self._view())
        self.setFocus()

    def _fill_head(self) -> None:
        file, count = self.file, len(self._files)
        marks: list[QWidget] = [Pill(_("Void"), face("status", "voided"))] if file.voided_at is not None else []
        if file.shows:
            marks.append(Elided(attachments.shown(file.shows), "secondary"))
        turns: list[QWidget] = []
        if count > 1:
            turns = [
                self._step("previous_file", _("Previous file"), "chevron-left", -1),
                label(_("{n} of {count}").format(n=self._place + 1, count=count), "small"),
                self._step("next_file", _("Next file"), "chevron-right", 1),
            ]
        save = partial(opening.save_copy, self.desk, file, self)
        acts = [button(_("Save a copy"), icon="download", name="save_copy", on_click=save)]
        if opening.harmless(file):
            act = partial(opening.open_file, self.desk, file, self)
            acts.append(button(_("Open elsewhere"), icon="external-link", name="open_file", on_click=act))
        name = Elided(file.name, "title", give=Qt.TextElideMode.ElideMiddle)
        self._head.show_title(name, marks, acts, turns)

    def _step(self, name: str, words: str, icon: str, by: int) -> QWidget:
        made = button(words, "icon", icon, name=name, on_click=lambda: self.show_place(self._place + by))
        made.setEnabled(0 <= self._place + by < len(self._files))
        return made

    def _view(self) -> QWidget:
        if not self.file.size:
            return self._said(_("This file is empty (0 bytes)."))
        try:
            found = pictures.look_of(self.file.content(pictures.START))
            if found is Look.PDF:
                self._pdf = pictures.pdf(self.file.content())
                paper = PaperView()
                paper.show_pdf(self._pdf)
                return paper
            if found is Look.PICTURE:
                pictures.check(self.file.content())
                shown = PictureView(self.file)
                QTimer.singleShot(0, shown, shown.draw)
                return shown
        except UserError as error:
            return self._said(str(error))
        return self._said(_("Only pictures and PDFs can be shown here. Save a copy to look at the file elsewhere."))

    def _said(self, sentence: str) -> QWidget:
        made = QWidget()
        layout = QVBoxLayout(made)
        layout.setContentsMargins(48, 24, 48, 24)
        words = label(sentence, "secondary", wrap=True)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.addStretch(1)
        layout.addWidget(words)
        layout.addStretch(2)
        return made

    def print_page(self) -> None:
        """A PDF goes to the printer; pictures are printed by the program that opens them."""
        if self._pdf:
            self.desk.attempt(partial(self._print, self._pdf))

    def _print(self, content: bytes) -> None:
        printer = printing.ask(self, self.file.name, self.desk, "file")
        if printer is not None:
            printing.send(printer, content)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """← → to the other files."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and not event.modifiers():
            self.show_place(self._place + (1 if event.key() == Qt.Key.Key_Right else -1))
        else:
            super().keyPressEvent(event)
