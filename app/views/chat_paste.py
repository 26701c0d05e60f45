"""A chat pasted into a form: its words are kept, what is recognised is filled in and marked until somebody has looked at it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout

from app.core.language import N_, _
from app.services import chat_text
from app.services.chat_text import Chat
from app.views.form_page import FormPage
from app.views.messages import MessageBar
from app.views.pieces.basics import Button, button

_WORDS = {
    "phone": N_("Phone"),
    "moment": N_("Time"),
    "product": N_("Product"),
    "batch": N_("Batch"),
    "customer": N_("Customer"),
    "channel": N_("Channel"),
}
Offer = Callable[[Chat], Mapping[str, Any]]


class ChatPaste:
    """`words`: the field that keeps the text; `offer`: which values of the form come of a chat."""

    def __init__(self, page: FormPage, words: str, offer: Offer, place: QVBoxLayout) -> None:
        self._page, self._field, self._offer, self._place = page, words, offer, place
        self._typed: set[str] = set()
        self._marked: dict[str, str] = {}
        self._before: dict[str, Any] = {}
        self._bar: MessageBar | None = None
        self._filling = False
        page.form.changed.connect(self._changed)

    def paste(self) -> None:
        """Take the text of the clipboard. What a person typed stays."""
        chat = chat_text.read(self._page.session, QGuiApplication.clipboard().text())
        if not chat.words:
            self._page.desk.tell(_("There is no text to paste. Copy the chat first."))
            return
        self.confirm()
        standing = self._page.form.values()
        given = {code: value for code, value in self._offer(chat).items() if code not in self._typed}
        told = str(standing[self._field] or "")
        given[self._field] = f"{told}\n{chat.words}" if told else chat.words
        self._before = {code: standing[code] for code in given}
        self._fill(given)
        self._mark(chat, given)
        self._tell(chat)

    def _mark(self, chat: Chat, given: Mapping[str, Any]) -> None:
        words = {code: found.words for code, found in self._sources(chat).items()}
        for code in given.keys() - {self._field}:
            sentence = _("From the text “{words}”: please confirm.").format(words=words.get(code, ""))
            self._marked[code] = sentence
            if code in self._page.form.rows:
                self._page.form.set_warning(code, sentence)

    @staticmethod
    def _sources(chat: Chat) -> dict[str, chat_text.Found]:
        found = {one.code: one for one in chat.found}
        return found | {code: found["moment"] for code in ("occurred_at", "received_at") if "moment" in found}

    def _tell(self, chat: Chat) -> None:
        names = _(", ").join(_(_WORDS[one.code]) for one in chat.found)
        sentence = _("Recognised in the pasted chat: {names}. Look them over.").format(names=names)
        nothing = _("Nothing was recognised in the pasted chat; its words are kept.")
        acts = [(_("All correct"), self.confirm)] if chat.found else []
        self._bar = MessageBar("info", sentence if chat.found else nothing, [*acts, (_("Undo"), self.undo)])
        self._place.addWidget(self._bar)

    def confirm(self) -> None:
        """Somebody looked: the marks go."""
        for code in list(self._marked):
            self._unmark(code)
        self._before = {}
        if self._bar is not None:
            self._bar.hide()
            self._bar.deleteLater()
            self._bar = None

    def undo(self) -> None:
        """What stood there before comes back."""
        before = dict(self._before)
        self.confirm()
        self._fill(before)

    def unconfirmed(self) -> tuple[str, ...]:
        """Fields whose values came of the text and were not looked at."""
        return tuple(self._marked)

    def _unmark(self, code: str) -> None:
        sentence = self._marked.pop(code)
        row = self._page.form.rows.get(code)
        if row is not None and not row.error() and row.editor.accessibleDescription() == sentence:
            row.say("", error=False)

    def _changed(self, code: str) -> None:
        """What a person changed is theirs."""
        if not self._filling:
            self._typed.add(code)
            if code in self._marked:
                self._unmark(code)

    def _fill(self, values: Mapping[str, Any]) -> None:
        self._page.form.set_values(values)
        self._filling = True
        for code in values:
            self._page.form.changed.emit(code)
        self._filling = False


def paste_button(act: Callable[[], object]) -> Button:
    """In the head of a form."""
    return button(_("Paste chat"), icon="clipboard", key="Ctrl+Shift+V", name="paste_chat", on_click=act)
