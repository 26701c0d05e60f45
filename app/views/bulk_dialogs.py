"""What is asked before something is done to many records: fields, a classification with its value, a document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QLineEdit, QVBoxLayout, QWidget

from app.core import fields, formats
from app.core.errors import ValidationError
from app.core.fields import Choice, Field, Kind
from app.core.language import N_, _
from app.views.editors import Clock, ComboEditor
from app.views.forms import Form, Section, Shape
from app.views.messages import Dialog
from app.views.pieces.basics import clear, label
from app.views.pieces.choosers import Pair, Segments

_BY = Field("by", N_("Which classification"), Kind.CHOICE)


class FieldsDialog(Dialog):
    """Asks for the values of a few fields; `values` holds them once it was agreed to."""

    def __init__(
        self, question: str, text: str, declared: Sequence[Field], act: tuple[str, str], now: Clock, parent: QWidget | None
    ) -> None:
        """`act`: the word of the button and its kind."""
        super().__init__(question, text, parent, width=520)
        self.values: dict[str, object] = {}
        self._declared, self._now = tuple(declared), now
        plain = tuple(one.but(by_step=False) for one in self._declared)
        codes = tuple(one.code for one in plain)
        self.form = Form(Shape(plain, (Section("", codes, wide=codes),), numbered=False), now)
        self.body.addWidget(self.form)
        self.offer("", _("Cancel"))
        self.offer("do", act[0], act[1], closes=False).clicked.connect(lambda _checked=False: self._agree())
        self.form.focus_field(codes[0])

    def suggest(self, code: str, words: Sequence[str]) -> None:
        """Offer words while a field is typed."""
        editor = self.form.editor(code)
        assert isinstance(editor, QLineEdit)
        completer = QCompleter(list(words), editor)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        editor.setCompleter(completer)

    def _agree(self) -> None:
        now: datetime = self._now()
        raw = formats.as_json(self.form.values(), now.tzinfo) if now.tzinfo else {}
        assert isinstance(raw, dict)
        try:
            fields.clean(self._declared, raw, now)
        except ValidationError as error:
            self.form.set_errors(error.errors)
        else:
            self.values = raw
            self.end("do")


class ClassifyDialog(Dialog):
    """Asks for one classification and its value: `code` and `value` once it was agreed to."""

    def __init__(self, question: str, declared: Sequence[Field], parent: QWidget | None) -> None:
        super().__init__(question, "", parent)
        self._declared = {one.code: one for one in declared}
        self.code, self.value = "", ""
        self.by = ComboEditor(_BY, [Choice(one.code, one.label) for one in declared])
        self.by.setAccessibleName(_("Which classification"))
        self.by.edited.connect(self._offer)
        self._place = QVBoxLayout()
        self._said = label("", "error", wrap=True)
        for widget in (label(_("Which classification"), "small"), self.by):
            self.body.addWidget(widget)
        self.body.addLayout(self._place)
        self.body.addWidget(self._said)
        self.offer("", _("Cancel"))
        self.offer("do", _("Classify all"), "primary", default=True, closes=False).clicked.connect(
            lambda _checked=False: self._agree()
        )
        self.choose(declared[0].code)
        self.by.setFocus()

    def choose(self, code: str) -> None:
        """Take a classification, without a value yet."""
        self.by.set_value(code)
        self._offer()

    def _offer(self) -> None:
        clear(self._place)
        self.to: ComboEditor | None = None
        found = self._declared.get(str(self.by.value()))
        if found is not None:
            self.to = ComboEditor(found)
            self.to.setAccessibleName(_(found.label))
            self._place.addWidget(label(_("New value"), "small"))
            self._place.addWidget(self.to)

    def _agree(self) -> None:
        value: Any = self.to.value() if self.to is not None else None
        if value is None:
            self._said.setText(_("Choose the value that all of them get."))
            return
        self.code, self.value = str(self.by.value()), str(value)
        self.end("do")


class PrintDialog(Dialog):
    """Asks for the document, and whether all go into one file (`chosen` is `one`) or each gets its own (`each`)."""

    def __init__(self, question: str, documents: Sequence[Pair], whole: frozenset[str], parent: QWidget | None) -> None:
        """`whole`: documents that are always one file."""
        super().__init__(question, "", parent, width=560)
        self._whole = whole
        self.document = Segments(documents, documents[0][0], wraps=True, name="document")
        self.document.setAccessibleName(_("Document"))
        self.document.chosen.connect(lambda _code: self._heed())
        self.body.addWidget(self.document)
        self.offer("", _("Cancel"))
        self._each = self.offer("each", _("A file each …"))
        self.offer("one", _("One PDF"), "primary", default=True)
        self._heed()

    def _heed(self) -> None:
        self._each.lock(_("This is one document of all rows.") if self.document.value() in self._whole else "")
