"""Two records of one customer side by side: which value stays is chosen field by field, everything else is kept."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QStyle,
    QStyleOption,
    QVBoxLayout,
    QWidget,
)

from app.core import formats
from app.core.fields import Field, Kind
from app.core.language import N_, _
from app.models import merges, sight
from app.models.customers import Customer
from app.models.merges import Side
from app.models.record import find
from app.services import duplicates
from app.views import style
from app.views.autocomplete import RecordEditor
from app.views.desk import Desk
from app.views.page import Page
from app.views.pickers import customer_picker
from app.views.pieces.area import Area
from app.views.pieces.basics import Button, IconMark, button, clear, label, row
from app.views.pieces.cards import Card
from app.views.pieces.heads import Elided, Head
from app.views.pieces.options import Options

_WORDS = {
    "complaint": N_("{count} complaints"),
    "objection": N_("{count} objections"),
    "promise": N_("{count} promises to it"),
    "contact_entry": N_("{count} contacts in the log"),
    "contact": N_("{count} people"),
    "attachment": N_("{count} files"),
}
_OTHER = Field("other", N_("The other record"), Kind.RECORD, refers="customer")


class Choice(QAbstractButton):
    """One of the two values of a field."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.setProperty("ground", "choice")
        self.setAccessibleName(words)
        self._mark = IconMark("circle-dashed", "text3")
        inner = row(self._mark, label(words, wrap=True), margins=(8, 4, 8, 4))
        inner.setAlignment(self._mark, Qt.AlignmentFlag.AlignTop)
        inner.setStretch(1, 1)
        self.setLayout(inner)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.toggled.connect(self._show)

    def _show(self, chosen: bool) -> None:
        style.polish(self, on="1" if chosen else "0")
        self._mark.change("circle-check" if chosen else "circle-dashed", "accent" if chosen else "text3")

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground that the sheet has for it."""
        option = QStyleOption()
        option.initFrom(self)
        painter = QPainter(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, self)
        painter.end()


class Chooser(Options):
    """Both values of a field: ←→ choose, ↑↓ go to the next field."""

    def __init__(self, side: Side, words: tuple[str, str]) -> None:
        super().__init__(f"choose_{side.field.code}", side.proposed)
        self.code = side.field.code
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        self.setAccessibleName(_(side.field.label))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        for code, value in zip(("keep", "other"), words, strict=True):
            one = Choice(value or "—")
            layout.addWidget(one, 1)
            self.hold(code, one)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """←→ choose, ↑↓ move on."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)


class MergePage(Page):
    """`keep` and `other` are numbers; without the other it is chosen here. `listed`: one came from the list of duplicates."""

    nav = "customers"
    new_kind = "customer"
    transient = True

    def __init__(self, desk: Desk, asked: dict[str, Any]) -> None:
        super().__init__(desk)
        self.keep = find(self.session, Customer, str(asked["keep"]))
        other = str(asked.get("other") or "")
        self.other = find(self.session, Customer, other) if other else None
        self._listed = bool(asked.get("listed"))
        self.choosers: list[Chooser] = []
        self._head = Head(desk.back.emit)
        self._content = QVBoxLayout()
        self._content.setSpacing(12)
        place = QVBoxLayout()
        place.addLayout(self._content)
        place.addStretch(1)
        self.build(self._head, Area(place))
        self._fill()

    def name(self) -> str:
        """For the title of the window."""
        return _("Merge customers")

    def _fill(self) -> None:
        clear(self._content)
        self._head.show_title(self.name(), acts=self._acts())
        self.choosers = []
        if self.other is None:
            self._content.addWidget(self._asking())
            return
        self._content.addWidget(self._comparison(self.other))
        self._content.addWidget(self._belongings(self.other))

    def _acts(self) -> list[Button]:
        if self.other is None:
            return []
        return [
            button(_("Swap"), icon="repeat", name="swap", on_click=self.swap),
            button(_("Not the same"), icon="x", name="not_same", on_click=self.dismiss),
            button(_("Merge"), "primary", "git-branch", "Ctrl+Return", name="merge", on_click=self.merge),
        ]

    def _asking(self) -> Card:
        card = Card(_("Which record is the same customer as {name}?").format(name=self.keep.name))
        card.title.setWordWrap(True)
        self.picker = RecordEditor(_OTHER, customer_picker(self.session))
        self.picker.setAccessibleName(_(_OTHER.label))
        self.picker.chosen.connect(self._picked)
        card.body.addWidget(self.picker)
        return card

    def _picked(self, number: str) -> None:
        self.other = find(self.session, Customer, number)
        self._fill()
        self.setFocus()

    def _comparison(self, other: Customer) -> Card:
        card = Card(_("What stays"), _("←→ choose   ↑↓ next field   Ctrl+Enter merges"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        heads = (_("{number} stays").format(number=self.keep.number), _("{number} goes into it").format(number=other.number))
        holder = QHBoxLayout()
        holder.setSpacing(10)
        for one, head in zip((self.keep, other), heads, strict=True):
            holder.addWidget(Elided(f"{head} {one.name}", "strong"), 1)
        grid.addLayout(holder, 0, 1)
        shown = [one for one in merges.sides(self.session, self.keep, other) if one.keep is not None or one.other is not None]
        for place, side in enumerate(shown, 1):
            caption = label(_(side.field.label), "small")
            caption.setContentsMargins(0, 5, 0, 0)
            grid.addWidget(caption, place, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
            grid.addWidget(self._side(side), place, 1)
        card.body.addLayout(grid)
        return card

    def _side(self, side: Side) -> QWidget:
        read = (sight.shown(self.session, side.field, value) for value in (side.keep, side.other))
        words = tuple(formats.show(side.field, value, self.session.now()) for value in read)
        if not side.differs:
            known = label(words[0] or words[1], "secondary", wrap=True, selectable=True)
            known.setContentsMargins(8, 4, 8, 4)
            return known
        made = Chooser(side, (words[0], words[1]))
        self.choosers.append(made)
        return made

    def _belongings(self, other: Customer) -> Card:
        card = Card(_("What comes along"))
        counted = merges.belongings(other)
        told = [_(words).format(count=counted[table]) for table, words in _WORDS.items() if table in counted]
        tags = _("the tags of both")
        sentence = _(", ").join([*told, tags])
        card.body.addWidget(label(sentence, wrap=True))
        note = _("{number} stays in the file as merged, finds {keep}, and can be taken out again.")
        card.body.addWidget(label(note.format(number=other.number, keep=self.keep.number), "hint", wrap=True))
        return card

    def setFocus(self, *arguments: Any) -> None:  # noqa: ANN401 - Qt's reasons
        """The first field that differs, or the search for the other record."""
        target: QWidget | None = self.picker if self.other is None else next(iter(self.choosers), None)
        if target is not None:
            target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def swap(self) -> None:
        """Let the other record be the one that stays."""
        assert self.other is not None
        self.keep, self.other = self.other, self.keep
        self._fill()
        self.setFocus()

    def merge(self) -> None:
        """Make one of both; the toast takes it back."""
        keep, other = self.keep, self.other
        assert other is not None
        sides = merges.sides(self.session, keep, other)
        chosen = {one.code: one.value() for one in self.choosers}
        take = [one.field.code for one in sides if chosen.get(one.field.code, one.proposed) == "other"]
        versions = (keep.version, other.version)
        done = self.desk.attempt(lambda: merges.merge(self.session, keep, other, take, versions=versions))
        if done is not None:
            self._leave(str(done.number))
            told = _("{other} merged into {number}.").format(other=other.number, number=done.number)
            self.desk.tell(told, partial(undo_merge, self.desk, str(other.number)))

    def _leave(self, number: str) -> None:
        if self._listed:
            self.desk.back.emit()
        else:
            self.desk.open(number)

    def dismiss(self) -> None:
        """Remember that they are two."""
        keep, other = self.keep, self.other
        assert other is not None
        session, desk = self.session, self.desk
        duplicates.dismiss(session, keep.number, other.number)
        self.desk.back.emit()
        told = _("{number} and {other} are kept apart.").format(number=keep.number, other=other.number)
        desk.tell(told, lambda: duplicates.take_back(session, keep.number, other.number))


def undo_merge(desk: Desk, number: str) -> None:
    """Take a merge back, and say so."""
    session = desk.session
    if desk.attempt(lambda: merges.undo(session, find(session, Customer, number))) is not None:
        desk.tell(_("{number} is a customer of its own again.").format(number=number))
