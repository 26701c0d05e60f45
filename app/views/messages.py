"""How people are told things: message bars, toasts, progress at the foot, and dialogs for decisions that stop the work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from app.core import log
from app.core.errors import UserError, ValidationError
from app.core.language import _
from app.views import kept_size, style
from app.views.pieces.basics import Button, IconMark, button, label, lying, row
from app.views.spoken import announce
from app.views.tab_order import FIRST, ReadDialog
from app.views.work import Job

_AROUND_TEXT = 270
"""Title, question, what is told, buttons."""
Act = tuple[str, Callable[[], object]]
_ICONS = {"info": "info-circle", "ok": "circle-check", "warn": "alert-triangle", "bad": "alert-circle"}
_TOKENS = {"info": "accent", "ok": "ok", "warn": "warn", "bad": "bad"}


class MessageBar(QFrame):
    """One sentence on a soft ground, with acts at the right; stays until its cause is gone."""

    def __init__(self, tone: str, sentence: str, acts: Sequence[Act] = (), *, closable: bool = False) -> None:
        super().__init__()
        self.setProperty("ground", tone)
        self.setObjectName(f"message_{tone}")
        self.words = label(sentence, wrap=True, selectable=True)
        self.setAccessibleName(sentence)
        self.urgent = tone == "bad"
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.setSpacing(10)
        layout.addWidget(IconMark(_ICONS[tone], _TOKENS[tone], 18), 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.words, 1)
        for word, act in acts:
            layout.addWidget(button(word, "link", on_click=act))
        if closable:
            layout.addWidget(button(_("Dismiss"), "icon", "x", on_click=self.deleteLater))


class Messages(QWidget):
    """Where the window tells what went wrong: above the page, at most two."""

    def __init__(self) -> None:
        super().__init__()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(24, 10, 24, 2)
        self._layout.setSpacing(6)
        self.hide()

    def show_message(self, tone: str, sentence: str, acts: Sequence[Act] = ()) -> None:
        """Say something until it is closed or another page is opened."""
        while self._layout.count() > 1:
            self._take(0)
        self._add(MessageBar(tone, sentence, acts, closable=True))

    def stand(self, tone: str, sentence: str, acts: Sequence[Act] = ()) -> None:
        """Say one thing until it is cleared; it cannot be dismissed."""
        if self.sentences() != [sentence]:
            self.clear()
            self._add(MessageBar(tone, sentence, acts))

    def _add(self, made: MessageBar) -> None:
        made.destroyed.connect(self._settle)
        self._layout.addWidget(made)
        self.show()
        announce(made, made.words.text(), urgent=made.urgent)

    def _settle(self) -> None:
        self.setVisible(self._layout.count() > 0)

    def _take(self, place: int) -> None:
        item = self._layout.takeAt(place)
        if item is not None and (widget := item.widget()) is not None:
            widget.destroyed.disconnect(self._settle)
            widget.hide()
            widget.deleteLater()

    def clear(self) -> None:
        """Another page: what was said before is over."""
        while self._layout.count():
            self._take(0)
        self.hide()

    def sentences(self) -> list[str]:
        """What is said now."""
        return [bar.words.text() for bar in lying(self._layout) if isinstance(bar, MessageBar)]


class WorkBar(QFrame):
    """Progress of long work at the foot of the window; the page stays usable."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("ground", "foot")
        self._job: Job | None = None
        self._began = 0.0
        self._words = label("")
        self._left = label("", "hint")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(6)
        stop = button(_("Cancel"), "link", name="work_cancel", on_click=self.cancel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 8, 24, 10)
        layout.setSpacing(6)
        layout.addLayout(row(self._words, None, self._left, stop, gap=16))
        layout.addWidget(self._bar)
        self.hide()

    def follow(self, job: object) -> None:
        """Show a job from its first report until it ends; others wait for the one that works, and are shown when they do."""
        assert isinstance(job, Job)
        job.reported.connect(self._report)
        job.ended.connect(self._over)

    def cancel(self) -> None:
        """Stop the work."""
        if self._job is not None:
            self._job.cancel()

    def _report(self, done: int, total: int, sentence: str) -> None:
        job = self.sender()
        if isinstance(job, Job) and job is not self._job:
            self._job, self._began = job, monotonic()
        numbers = f"{done:,} / {total:,}" if total else f"{done:,}"
        self._words.setText(f"{sentence}  {numbers}")
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        spent = monotonic() - self._began
        left = spent / done * (total - done) if done and total else 0
        self._left.setText(_("about {seconds} s").format(seconds=round(left)) if spent > 5 and left else "")
        self.show()

    def _over(self) -> None:
        if self.sender() is self._job:
            self._job = None
            self.hide()


def bind_help(dialog: QDialog) -> None:
    """F1 opens the handbook in front of it."""

    def opened() -> None:
        from app.views.help_places import open_over  # heavy: few dialogs are asked about

        open_over(dialog)

    QShortcut(QKeySequence("F1"), dialog).activated.connect(opened)


class Dialog(ReadDialog):
    """A decision that stops the work. Its title is the question, its buttons are verbs; the harmless one is default and Esc."""

    kept_as = ""
    """Under this name its size is kept on this desk: for what is read in it. Others are as large as their words."""

    def __init__(self, question: str, text: str = "", parent: QWidget | None = None, *, width: int = 460) -> None:
        super().__init__(parent)
        self.setWindowTitle(question)
        self.setMinimumWidth(style.px(width))
        self.chosen = ""
        self.body = QVBoxLayout()
        self.body.setSpacing(10)
        self._buttons = QHBoxLayout()
        self._buttons.addStretch(1)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(20, 18, 20, 16)
        self._layout.setSpacing(12)
        self._layout.addWidget(label(question, "card", wrap=True))
        if text:
            self._layout.addWidget(label(text, wrap=True, selectable=True))
        self._layout.addLayout(self.body)
        self._layout.addLayout(self._buttons)
        bind_help(self)

    def offer(
        self, code: str, word: str, kind: str = "outline", key: str = "", *, default: bool = False, closes: bool = True
    ) -> Button:
        """A button; pressing it ends the dialog with its code in `chosen`. The default one is the first that Tab comes to."""
        made = Button(word, kind, key=key, name=f"dialog_{code}")
        made.setProperty(FIRST, default)
        if closes:
            made.clicked.connect(lambda _checked=False: self.end(code))
        made.setAutoDefault(True)
        made.setDefault(default)
        self._buttons.addWidget(made)
        if default:
            made.setFocus()
        return made

    def showEvent(self, event: QShowEvent) -> None:
        """As high as its sentences are at its width; Qt guesses more."""
        super().showEvent(event)
        self.fit()
        if self.kept_as:
            kept_size.restore(self, self.kept_as)

    def done(self, result: int) -> None:
        """Keep the size that it was given."""
        if self.kept_as:
            kept_size.keep(self, self.kept_as)
        super().done(result)

    def fit(self) -> None:
        """After more or less is said, too."""
        self._layout.activate()
        self.resize(self.width(), self._layout.totalHeightForWidth(self.width()))

    def end(self, code: str) -> None:
        """Close with a choice."""
        self.chosen = code
        self.accept()

    def ask(self) -> str:
        """Wait for the person; empty where the dialog was closed."""
        self.exec()
        return self.chosen


def to_read(wanted: int, parent: QWidget | None) -> int:
    """How high a text in a dialog is: as wanted, unless the window that it stands before is low."""
    return min(style.px(wanted), parent.window().height() - _AROUND_TEXT) if parent is not None else style.px(wanted)


def confirm(parent: QWidget | None, question: str, text: str, act: str, harmless: str, *, danger: bool = True) -> bool:
    """Whether the person wants the act; the harmless answer is the default."""
    dialog = Dialog(question, text, parent)
    dialog.offer("no", harmless, default=True)
    dialog.offer("yes", act, "danger" if danger else "outline")
    return dialog.ask() == "yes"


def ask_unsaved(parent: QWidget) -> str:
    """What shall become of what is typed: save, discard, or empty (stay)."""
    dialog = Dialog(
        _("Leave without saving?"),
        _("What was typed is not saved. It stays among the unfinished entries unless thrown away."),
        parent,
    )
    dialog.offer("", _("Stay"), default=True)
    dialog.offer("keep", _("Keep for later"))
    dialog.offer("discard", _("Throw away"), "danger")
    return dialog.ask()


def show_error(parent: QWidget, messages: Messages, error: Exception) -> None:
    """Tell a failure: what the person can mend as a message, anything else as our fault."""
    if isinstance(error, UserError):
        log.refused(error)
    if isinstance(error, ValidationError):
        messages.show_message("bad", " ".join(error.errors.values()))
    elif isinstance(error, UserError):
        messages.show_message("bad", str(error))
    else:
        raise error


def stop_dialog(sentence: str) -> None:
    """The program cannot start: why, and what to do."""
    _say(_("Kesu Desk cannot start"), sentence)


def not_placed_dialog(sentence: str) -> None:
    """A backup or an archive was refused: why, and what to do."""
    _say(_("Nothing was put in place"), sentence)


def _say(title: str, sentence: str) -> None:
    dialog = Dialog(title, sentence)
    dialog.offer("close", _("Dismiss"), default=True)
    dialog.ask()


def fault_dialog(report: str, when: str) -> None:
    """A fault of the program that was logged at that time, with a report that can be copied."""
    parent = QApplication.activeWindow()
    dialog = Dialog(
        _("Something in the program broke"),
        _(
            "Nothing was saved half. It stands in the log at {time}. Go on working; if it happens again, copy the report for "
            "whoever looks after the program. It holds places in the program, no names and no data."
        ).format(time=when),
        parent,
        width=560,
    )
    text = QPlainTextEdit(report)
    text.setAccessibleName(_("Report"))
    text.setReadOnly(True)
    text.setFixedHeight(style.px(150))
    dialog.body.addWidget(text)
    dialog.offer("copy", _("Copy report"), closes=False).clicked.connect(
        lambda _checked=False: QGuiApplication.clipboard().setText(report)
    )
    dialog.offer("close", _("Dismiss"), default=True)
    dialog.ask()
