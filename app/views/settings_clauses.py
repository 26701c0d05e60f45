"""The clauses of agreements, edited: text, conditions, order. Saving makes a new version; agreements keep the one they used."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.errors import UserError, ValidationError
from app.core.fields import Kind
from app.core.language import _
from app.models import clauses
from app.models.clauses import Clause
from app.views import style
from app.views.desk import Desk
from app.views.editors import MemoEditor
from app.views.messages import MessageBar
from app.views.pieces.basics import Button, button, clear, hairline, label, row
from app.views.pieces.cards import Card
from app.views.pieces.choosers import Chip

_TEXT = clauses.TEXT.but(kind=Kind.MEMO)


class ClauseRow(QWidget):
    """One clause: number, text, when it is taken, and buttons to move or remove it."""

    edited = Signal()
    moved = Signal(int)
    removed = Signal()

    def __init__(self, clause: Clause) -> None:
        super().__init__()
        self.number = label("", "secondary")
        self.number.setFixedSize(style.px(28), style.px(34))
        self.text = MemoEditor(_TEXT, 1)
        self.text.set_value(clause.text)
        self.text.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text.edited.connect(self.edited)
        self.when = Chip("conditions", _("Condition"), [(code, _(word)) for code, word in clauses.CONDITIONS.items()])
        self.when.set_value(clause.conditions)
        self.when.changed.connect(self._when_changed)
        self._always = label(_("always"), "hint")
        self._error = label("", "error", wrap=True)
        self._error.hide()
        self.up = button(_("Move up"), "icon", "arrow-up", on_click=lambda: self.moved.emit(-1))
        self.down = button(_("Move down"), "icon", "arrow-down", on_click=lambda: self.moved.emit(1))
        remove = button(_("Remove"), "icon", "trash", on_click=self.removed.emit)
        inside = QVBoxLayout()
        inside.setSpacing(4)
        inside.addWidget(self.text)
        inside.addWidget(self._error)
        inside.addLayout(row(self.when, self._always, None, self.up, self.down, remove, gap=6))
        layout = row(gap=8)
        layout.addWidget(self.number, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(inside, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 4, 0, 0)
        outer.setSpacing(8)
        outer.addLayout(layout)
        outer.addWidget(hairline())
        self._when_changed(told=False)

    def _when_changed(self, *, told: bool = True) -> None:
        self._always.setVisible(not self.when.value())
        if told:
            self.edited.emit()

    def place(self, place: int, count: int) -> None:
        """It is number `place` (from 0) of so many now."""
        self.number.setText(f"{place + 1}.")
        self.text.setAccessibleName(_("Clause {number}").format(number=place + 1))
        self.up.setEnabled(place > 0)
        self.down.setEnabled(place < count - 1)

    def say(self, sentence: str) -> None:
        """What is wrong with it; empty where nothing is."""
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))
        style.polish(self.text, error="1" if sentence else "0")

    def value(self) -> Clause:
        """As it stands; line breaks are blanks."""
        return Clause(self.when.value(), " ".join(str(self.text.value() or "").split("\n")).strip())


class ClausesPart(QWidget):
    """All clauses in their order."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.dirty = False
        self.rows: list[ClauseRow] = []
        self._card = Card(_("Clauses of agreements"))
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        self._card.body.addLayout(self._list)
        self.more = button(_("Add a clause"), icon="plus", name="add_clause", on_click=self.add)
        self._shipped = button(_("Take the shipped clauses"), "link", name="shipped_clauses", on_click=self.take_shipped)
        self._card.body.addLayout(row(self.more, None, self._shipped))
        self.save_button: Button = button(_("Save  Ctrl+S"), "primary", "device-floppy", name="save_clauses", on_click=self.save)
        self._said = QVBoxLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(self._said)
        layout.addWidget(self._card)
        layout.addWidget(self._placeholders())
        after = label(_("An agreement that exists keeps the clauses it was drawn up with."), "hint")
        layout.addLayout(row(self.save_button, after, None, gap=12))
        layout.addStretch(1)
        self.refresh()

    def _placeholders(self) -> Card:
        card = Card(_("What is filled in"), _("write it with its braces"))
        for name, meaning in clauses.PLACEHOLDERS.items():
            braces = label(f"{{{name}}}", "strong", selectable=True)
            braces.setMinimumWidth(style.px(160))
            card.body.addLayout(row(braces, label(_(meaning), "secondary"), None))
        card.body.setSpacing(4)
        return card

    def refresh(self) -> None:
        """Show the clauses in force, unless they are being changed."""
        if self.dirty:
            return
        version = clauses.version(self._desk.session)
        words = _("your own, version {version}").format(version=version) if version else _("as they come with the program")
        self._card.hint.say(words)
        self._fill(clauses.in_use(self._desk.session))

    def _fill(self, shown: list[Clause]) -> None:
        clear(self._list)
        self.rows = []
        for clause in shown:
            self._append(clause)
        self._number()

    def _append(self, clause: Clause) -> ClauseRow:
        made = ClauseRow(clause)
        made.edited.connect(self._edited)
        made.moved.connect(partial(self._move, made))
        made.removed.connect(partial(self._remove, made))
        self.rows.append(made)
        self._list.addWidget(made)
        return made

    def _number(self) -> None:
        for place, one in enumerate(self.rows):
            one.place(place, len(self.rows))

    def _edited(self) -> None:
        self.dirty = True

    def add(self) -> None:
        """An empty clause at the end."""
        made = self._append(Clause((), ""))
        self._edited()
        self._number()
        made.text.setFocus()

    def _move(self, one: ClauseRow, by: int) -> None:
        place = self.rows.index(one)
        self._put(one, place + by)
        button_used = one.up if by < 0 else one.down
        (button_used if button_used.isEnabled() else one.text).setFocus()

    def _put(self, one: ClauseRow, place: int) -> None:
        self.rows.remove(one)
        self.rows.insert(place, one)
        self._list.removeWidget(one)
        self._list.insertWidget(place, one)
        self._edited()
        self._number()

    def _remove(self, one: ClauseRow) -> None:
        place = self.rows.index(one)
        kept = one.value()
        self.rows.remove(one)
        self._list.removeWidget(one)
        one.hide()
        one.deleteLater()
        self._edited()
        self._number()
        (self.rows[min(place, len(self.rows) - 1)].text if self.rows else self.more).setFocus()
        self._desk.tell(_("Clause {number} removed.").format(number=place + 1), lambda: self._put(self._append(kept), place))

    def take_shipped(self) -> None:
        """Fill in the clauses that come with the program; saving makes them a version."""
        self._fill(clauses.shipped())
        self._edited()

    def save(self) -> None:
        """Keep them as a new version."""
        clear(self._said)
        for one in self.rows:
            one.say("")
        try:
            clauses.keep(self._desk.session, [one.value() for one in self.rows])
        except ValidationError as error:
            self._show_errors(error)
        except UserError as error:
            self._said.addWidget(MessageBar("bad", str(error)))
        else:
            self.dirty = False
            self.refresh()
            self._desk.tell(_("Clauses saved. New agreements use them."))

    def _show_errors(self, error: ValidationError) -> None:
        wrong = [place for place in range(len(self.rows)) if f"clauses[{place}]" in error.errors]
        for place in wrong:
            self.rows[place].say(error.errors[f"clauses[{place}]"])
        if wrong:
            self.rows[wrong[0]].text.setFocus()
        else:
            self._said.addWidget(MessageBar("bad", str(error)))
