"""Forms built from declared fields: group cards, labels, editors, sentences below them. Saving is the page's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.core.fields import Field, Kind
from app.core.language import _
from app.views.autocomplete import Picker, RecordEditor
from app.views.editors import Clock, editor_for, unreadable
from app.views.field_grid import FieldGrid, FieldRow
from app.views.lines import LinesEditor
from app.views.pieces.area import into_sight
from app.views.pieces.cards import Card

WIDEST = 1100
_WIDE_KINDS = (Kind.MEMO, Kind.TAGS)


@dataclass(frozen=True)
class Section:
    """A group card: `title` and `hint` are English. `lines`: the part whose table stands here. `wide`: over both columns."""

    title: str
    codes: tuple[str, ...] = ()
    hint: str = ""
    lines: str = ""
    wide: tuple[str, ...] | None = None
    above: bool = False
    """Labels above: for boxes of equal weight."""
    one_of: tuple[str, ...] = ()
    """Fields of which one must be filled in."""
    columns: int = 2
    arrange: Callable[[Sequence[FieldRow]], QWidget] | None = None
    """What stands in the card instead of the grid of its fields."""


@dataclass(frozen=True)
class Lines:
    """A table of lines in a form: the part's fields, which of them are shown, and the words for a line that may be added."""

    declared: Sequence[Field]
    columns: tuple[str, ...] = ()
    prompt: str = ""


@dataclass(frozen=True)
class Shape:
    """What a form is made of. Without sections the declared groups are the cards. `checks`: yes/no fields as boxes to tick.

    `editors`: what makes the editor of a field that has its own.
    """

    declared: Sequence[Field]
    sections: Sequence[Section] = ()
    lines: Mapping[str, Lines] = field(default_factory=dict)
    checks: frozenset[str] = frozenset()
    numbered: bool = True
    editors: Mapping[str, Callable[[Field], QWidget]] = field(default_factory=dict)

    def cards(self) -> tuple[Section, ...]:
        """The sections, or one per declared group."""
        if self.sections:
            return tuple(self.sections)
        groups: dict[str, list[str]] = {}
        for one in self.declared:
            groups.setdefault(one.group, []).append(one.code)
        return tuple(Section(title, tuple(codes)) for title, codes in groups.items())


class Form(QWidget):
    """Cards of fields. `values` gives what was typed, `set_errors` takes the model's sentences."""

    changed = Signal(str)
    """The code of the field that a person changed."""
    undoable = Signal(str, object)
    """A sentence and a function that undoes: a line was removed."""

    def __init__(self, shape: Shape, now: Clock, pickers: Mapping[str, Picker] | None = None) -> None:
        """`pickers` by the kind of record that a field refers to."""
        super().__init__()
        self.shape, self._now, self._pickers = shape, now, dict(pickers or {})
        self._fields = {one.code: one for one in shape.declared}
        self.rows: dict[str, FieldRow] = {}
        self.tables: dict[str, LinesEditor] = {}
        self._veiled: set[str] = set()
        self.cards: list[Card] = []
        self._sections = shape.cards()
        self._of_card: list[tuple[str, ...]] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        for number, section in enumerate(self._sections, 1):
            layout.addWidget(self._card(section, number))
        grids = [grid for grid in self.findChildren(FieldGrid) if not grid.above]
        for grid in grids:  # those of as many columns line up
            grid.align_labels(max(one.label_width() for one in grids if one.most == grid.most))
        self._ticks = QTimer(self)
        self._ticks.setSingleShot(True)
        self._ticks.setInterval(0)
        self._ticks.timeout.connect(self._show_ticks)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)
        self._ticks.start()

    def _card(self, section: Section, number: int) -> Card:
        key = f"Alt+{number}" if self.shape.numbered and section.title else ""
        card = Card(_(section.title), _(section.hint), number=number if self.shape.numbered else 0, key=key)
        if not section.title:
            card.strip()
        rows = [self._row(code) for code in section.codes]
        wide = (
            section.wide if section.wide is not None else tuple(c for c in section.codes if self._fields[c].kind in _WIDE_KINDS)
        )
        if section.arrange is not None:
            card.body.addWidget(section.arrange(rows))
        elif rows:
            card.body.addWidget(FieldGrid(rows, frozenset(wide), above=section.above, most=section.columns))
        codes = list(section.codes)
        if section.lines:
            table = self._table(section.lines)
            table.view.setAccessibleName(_(section.title) or _(self.shape.lines[section.lines].prompt))
            card.body.addWidget(table)
            codes.append(section.lines)
        if key:
            jump = QShortcut(QKeySequence(key), self)
            jump.activated.connect(partial(self._jump, number - 1))
        self.cards.append(card)
        self._of_card.append(tuple(codes))
        return card

    def _row(self, code: str) -> FieldRow:
        declared = self._fields[code]
        picker = self._pickers.get(declared.refers)
        editor: Any
        if code in self.shape.editors:
            editor = self.shape.editors[code](declared)
        elif declared.kind is Kind.RECORD and picker is not None:
            editor = RecordEditor(declared, picker)
        else:
            editor = editor_for(declared, self._now, check=code in self.shape.checks)
        made = self.rows[code] = FieldRow(declared, editor)
        editor.edited.connect(partial(self._edited, code))
        editor.left.connect(partial(self._left, code))
        return made

    def _table(self, code: str) -> LinesEditor:
        lines = self.shape.lines[code]
        table = self.tables[code] = LinesEditor(code, lines.declared, self._now, self._pickers, lines.columns, _(lines.prompt))
        table.edited.connect(partial(self._edited, code))
        table.undoable.connect(self.undoable)
        return table

    def _editor(self, code: str) -> QWidget:
        return self.tables[code].view if code in self.tables else self.rows[code].editor

    def editor(self, code: str) -> Any:  # noqa: ANN401 - one of the editors
        """The editor of a field, or the table of a part."""
        return self.tables[code] if code in self.tables else self.rows[code].editor

    def values(self) -> dict[str, Any]:
        """Field → what stands there; part → its lines. What was set and not touched comes back as it was."""
        plain = {code: self._value(code) for code in self.rows if code not in self._veiled}
        return plain | {code: table.value() for code, table in self.tables.items()}

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show values; fields that are not named stay."""
        for code, value in values.items():
            if code in self.rows:
                self.rows[code].editor.set_value(value)  # type: ignore[attr-defined]
                self.rows[code].say(self._odd(code), error=False)
            elif code in self.tables:
                self.tables[code].set_value(value or [])
        self._ticks.start()

    def veil(self, code: str, beside: QWidget | None = None) -> None:
        """Show a field that is hidden from the person: it cannot be typed into, and is none of the values."""
        self._veiled.add(code)
        self._editable(code, on=False)
        self.rows[code].say("", error=False)
        if beside is not None:
            self.rows[code].put_beside(beside)

    def put_in_head(self, part: str, beside: QWidget) -> None:
        """What belongs to the table of a part, in the head of its card."""
        next(card for card, codes in zip(self.cards, self._of_card, strict=True) if part in codes).add_act(beside)

    def unveil(self, code: str, value: Any) -> None:  # noqa: ANN401 - of the field's kind
        """The person looked at it, and may type from now on."""
        self._veiled.discard(code)
        self._editable(code, on=True)
        self.set_values({code: value})

    def _editable(self, code: str, *, on: bool) -> None:
        self.rows[code].editor.setReadOnly(not on)  # type: ignore[attr-defined]  # what is guarded is text

    def set_errors(self, errors: Mapping[str, str]) -> list[str]:
        """Show sentences at their fields and go to the first; those without a field here, or of a whole table, come back."""
        for code, one in self.rows.items():
            sentence = errors.get(code, "") or unreadable(one.declared, self._value(code), self._now())
            said = self._without_name(code, sentence)
            if said or one.error():  # a warning stays, or comes again
                one.say(said or self._odd(code), error=bool(said))
        lines = {code for code in errors if self._part(code) in self.tables and code not in self.tables}
        rest = [sentence for code, sentence in errors.items() if code not in self.rows and code not in lines]
        for code, table in self.tables.items():
            table.set_errors({key: sentence for key, sentence in errors.items() if self._part(key) == code})
        first = next((code for codes in self._of_card for code in codes if code in errors or self._has(code, errors)), "")
        if first:
            self.focus_field(first)
        self._ticks.start()
        return rest

    @staticmethod
    def _part(code: str) -> str:
        return code.partition("[")[0]

    def _has(self, code: str, errors: Mapping[str, str]) -> bool:
        return code in self.tables and any(self._part(key) == code for key in errors)

    def _without_name(self, code: str, sentence: str) -> str:
        """At its own field the sentence need not name it."""
        name = _("{field}: {sentence}").format(field=_(self._fields[code].label), sentence="")
        return sentence.removeprefix(name)

    def set_warning(self, code: str, sentence: str) -> None:
        """Show an amber sentence; saving stays possible."""
        if not self.rows[code].error():
            self.rows[code].say(sentence, error=False)

    def missing(self) -> list[tuple[str, str]]:
        """What still has to be filled in or put right: code and words, in reading order."""
        found: list[tuple[str, str]] = []
        for section, codes in zip(self._sections, self._of_card, strict=True):
            if self._lacks_one(section):
                names = _(" or ").join(_(self._fields[code].label) for code in section.one_of)
                found.append((section.one_of[0], _("Fill in “{field}”").format(field=names)))
            found += [one for code in codes if code in self.rows for one in self._lacking(code)]
            if section.lines in self.tables and self.tables[section.lines].faulty():
                found.append((section.lines, _("Correct “{field}”").format(field=_(section.title))))
        return found

    def _lacking(self, code: str) -> list[tuple[str, str]]:
        declared, one = self._fields[code], self.rows[code]
        if one.error() or (code not in self._veiled and unreadable(declared, self._value(code), self._now())):
            return [(code, _("Correct “{field}”").format(field=_(declared.label)))]
        unchosen = isinstance(one.editor, RecordEditor) and one.editor.unchosen()
        if unchosen or (declared.required and self._value(code) is None):
            return [(code, _("Fill in “{field}”").format(field=_(declared.label)))]
        return []

    def _lacks_one(self, section: Section) -> bool:
        return bool(section.one_of) and all(self._value(code) is None for code in section.one_of)

    def _value(self, code: str) -> Any:  # noqa: ANN401 - of the field's kind
        return self.rows[code].editor.value()  # type: ignore[attr-defined]

    def focus_field(self, code: str) -> None:
        """Go to a field; the page scrolls there, once what has changed on it has found its place."""
        editor = self._editor(self._part(code))
        for card, codes in zip(self.cards, self._of_card, strict=True):
            if self._part(code) in codes:
                card.fold(False)
        editor.setFocus(Qt.FocusReason.ShortcutFocusReason)
        QTimer.singleShot(0, editor, partial(into_sight, editor))

    def show_row(self, code: str, on: bool) -> None:
        """Show a field that is asked for under circumstances only, or do without it; one that is filled in or wrong stays."""
        one = self.rows[code]
        on = on or self._value(code) is not None or bool(one.error())
        for widget in (one.name, one):
            widget.setVisible(on)

    def set_read_only(self, reason: str = "") -> None:
        """Show only: editors keep their text selectable where they can, the others are disabled with the reason."""
        for one in self.rows.values():
            if hasattr(one.editor, "setReadOnly"):
                one.editor.setReadOnly(True)
            else:
                one.editor.setEnabled(False)
            one.editor.setToolTip(reason)
        for table in self.tables.values():
            table.set_read_only()

    def _edited(self, code: str) -> None:
        if code in self.rows and self.rows[code].error():
            self.rows[code].say("", error=False)
        self._ticks.start()
        self.changed.emit(code)

    def _left(self, code: str) -> None:
        one = self.rows[code]
        value = self._value(code)
        sentence = unreadable(one.declared, value, self._now())
        if not sentence and isinstance(one.editor, RecordEditor):
            sentence = one.editor.unchosen()
        if sentence:
            one.say(sentence, error=True)
        elif value is not None and (one.error() or one.declared.warn is not None):
            one.say(self._odd(code), error=False)
        self._ticks.start()

    def _odd(self, code: str) -> str:
        """What is odd in a value, but allowed; empty where nothing is."""
        warn, value = self._fields[code].warn, self._value(code)
        told = warn(value) if warn is not None and isinstance(value, str) and code not in self._veiled else None
        return told or ""

    def _jump(self, place: int) -> None:
        codes = self._of_card[place]
        if codes:
            self.focus_field(codes[0])

    def _focus_moved(self, _old: QWidget | None, _new: QWidget | None) -> None:
        if self.isVisible():
            self._ticks.start()

    def _show_ticks(self) -> None:
        here = QApplication.focusWidget()
        for card, section, codes in zip(self.cards, self._sections, self._of_card, strict=True):
            if card.mark is not None:
                card.mark.show_state(done=self._complete(section, codes), active=here is not None and card.isAncestorOf(here))

    def _complete(self, section: Section, codes: Sequence[str]) -> bool:
        """Something is there, nothing required is missing, nothing is wrong."""
        plain = [code for code in codes if code in self.rows]
        tables = [self.tables[code] for code in codes if code in self.tables]
        filled = any(self._value(code) not in (None, False) for code in plain) or any(table.value() for table in tables)
        lacking = self._lacks_one(section) or any(self._lacking(code) for code in plain)
        return filled and not lacking and not any(table.faulty() for table in tables)

    def changeEvent(self, event: QEvent) -> None:
        """Another theme: the stars follow."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            for one in self.rows.values():
                one.repaint_caption()
