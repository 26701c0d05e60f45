"""The page of a form: typing is kept every few seconds, mistakes stand at their fields, leaving asks, saving is one action."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.core.errors import Conflict, UserError, ValidationError
from app.core.language import _
from app.models import sight, unfinished
from app.models.record import Record, edit, find, values_of
from app.views import style
from app.views.along import raw_values, show_raw
from app.views.desk import Desk
from app.views.form_side import WIDTH, FormSide, Heed
from app.views.forms import WIDEST, Form, Shape
from app.views.kept_note import EVERY_MS, KeptNote
from app.views.messages import MessageBar, ask_unsaved
from app.views.page import Page
from app.views.pickers import pickers
from app.views.pieces.area import EDGE, Area
from app.views.pieces.basics import Button, button, clear, column, label
from app.views.pieces.heads import NARROW, Foot, Head
from app.views.pieces.pills import Pill, face
from app.views.veil import eye

BLANK = "_blank"
"""Among the values of a new form: the number under which it was written by hand."""


class FormPage(Page):
    """Subclasses say which kind, how the form is made, what stands beside it and what saving means."""

    kind: type[Record]
    title_new = ""
    title_edit = ""
    side_width = WIDTH
    says_complete = True
    """Whether the side says so where nothing is missing."""
    transient = True
    """It is left behind when another page opens: nobody goes back to a form that was saved."""

    def __init__(self, desk: Desk, values: dict[str, Any]) -> None:
        super().__init__(desk)
        self._entry: int | None = values.pop("_entry", None)
        self._record: Record | None = None
        self._version = 0
        self._dirty = False
        number = str(values.pop("_edit", ""))
        kept = next((one for one in unfinished.of(self.session) if one.id == self._entry), None)
        self.blank = str((values if kept is None else kept.content).pop(BLANK, ""))
        """The number of the form for handwriting that is being entered."""
        if kept is not None:
            number = kept.number
        if number:
            self._record = find(self.session, self.kind, number)
            self._version = kept.version if kept is not None else self._record.version
        self._lay_out()
        self._fill(values, kept)
        self.form.changed.connect(self._edited)
        self.form.undoable.connect(desk.tell)
        self._keep = QTimer(self, singleShot=True, interval=EVERY_MS)
        self._keep.timeout.connect(self.keep)
        self.refresh_side()

    def shape(self) -> Shape:
        """What the form is made of."""
        raise NotImplementedError  # pragma: no cover - every form says it

    def first_values(self) -> dict[str, Any]:
        """What a new form starts with."""
        return {}

    def first_field(self) -> str:
        """Where the cursor stands at first."""
        return next(iter(self.form.rows))

    def title_of(self, values: dict[str, Any]) -> str:
        """What the entry is called among the unfinished ones."""
        return _(self.title_new)

    def acts(self) -> list[QWidget]:
        """The buttons at the foot, the harmless first, the one filled last."""
        return [
            button(_("Cancel"), name="cancel", on_click=self.desk.back.emit),
            button(_("Save"), "primary", "device-floppy", "Ctrl+Return", name="save", on_click=self.save),
        ]

    def head_acts(self) -> list[Button]:
        """Buttons in the header."""
        return []

    def heeds(self, values: dict[str, Any]) -> list[Heed]:
        """What to heed before saving."""
        return []

    def side_cards(self, values: dict[str, Any]) -> list[QWidget]:
        """What stands beside the form."""
        return []

    def saved(self, record: Record) -> None:
        """Where to go after saving."""
        self.desk.open(record.number)

    def write(self, raw: dict[str, Any]) -> Record:
        """Save a new record."""
        raise NotImplementedError  # pragma: no cover - every form says it

    def name(self) -> str:
        """For the title of the window."""
        return _(self.title_edit if self._record is not None else self.title_new)

    def _lay_out(self) -> None:
        self.form = Form(self.shape(), self.session.now, pickers(self.desk))
        self.form.setMaximumWidth(style.px(WIDEST))
        self._side = FormSide(self.form, self.desk.open, self.side_width, says_complete=self.says_complete)
        columns = QHBoxLayout()
        columns.setSpacing(16)
        columns.addLayout(column(self.form, None), 1)
        columns.addWidget(self._side.column)
        columns.addStretch(0)
        self._said = column(margins=(EDGE, 0, EDGE, 8))
        self._said_place = QWidget()
        self._said_place.setLayout(self._said)
        self._said_place.hide()
        self.build(self._head(), column(self._said_place, Area(columns), gap=0), self._foot())
        self.setFocusProxy(self.form)

    def _head(self) -> Head:
        known = self._record
        number = known.number if known else self.blank
        mark = label(number, "secondary") if number else Pill(_("not saved yet"), face("status", "draft"))
        head = Head(self.desk.back.emit)
        head.show_title(self.name(), [mark], self.head_acts(), self._side.short)
        return head

    def _foot(self) -> Foot:
        self._kept = KeptNote()
        return Foot([*self._kept.widgets, label(_("Enter or Tab: next field"), "hint")], self.acts())

    def _fill(self, values: dict[str, Any], kept: unfinished.Entry | None) -> None:
        known = self._known()
        if kept is not None:
            show_raw(self.session, self.form, kept.content)
            hidden = self._veil({code: value for code, value in known.items() if code not in kept.content})
            self.form.set_values({code: known[code] for code in hidden})
            self._dirty = True
            self._kept.tell(self.session)
        elif self._record is not None:
            self.form.set_values({**known, **values})
            self._veil(known)
        else:
            self.form.set_values({**self.first_values(), **values})
        QTimer.singleShot(0, self, self._go_first)

    def _known(self) -> dict[str, Any]:
        """What is kept, as the person reads it."""
        if self._record is None:
            return {}
        return sight.shown_values(self.session, self.kind, values_of(self.session, self._record))

    def _veil(self, known: dict[str, Any]) -> list[str]:
        """Hide what the person does not read; which fields these are."""
        fields = (one for _place, one in sight.guarded(self.session, self.kind.FIELDS))
        codes = [one.code for one in fields if one.code in self.form.rows and known.get(one.code)]
        for code in codes:
            assert self._record is not None
            clear = self._record[code]
            self.form.veil(code, eye(self.session, self._record, code, partial(self.form.unveil, code, clear)))
        self._veil_lines()
        return codes

    def _veil_lines(self) -> None:
        """An eye at each table in whose lines something is hidden."""
        for code, part in sight.parts_of(self.kind).items():
            if self._record is None or code not in self.form.tables or not sight.guarded(self.session, part.FIELDS):
                continue
            if self.form.tables[code].value() != self._clear_lines(code):
                self.form.put_in_head(code, eye(self.session, self._record, code, partial(self._unveil_lines, code)))

    def _clear_lines(self, code: str) -> list[dict[str, Any]]:
        assert self._record is not None
        known = values_of(self.session, self._record)[code]
        return sight.clear_lines(self.session, self.kind, code, known, self.form.tables[code].value())

    def _unveil_lines(self, code: str) -> None:
        self.form.set_values({code: self._clear_lines(code)})

    def _go_first(self) -> None:
        self.form.focus_field(self.first_field())

    def setFocus(self, *arguments: Any) -> None:  # noqa: ANN401 - Qt's reasons
        """The page's focus is its first field."""
        self._go_first()

    def raw(self) -> dict[str, Any]:
        """What stands in the form, as text and plain values."""
        return raw_values(self.session, self.form)

    def _edited(self, code: str) -> None:
        self._dirty = True
        self._keep.start()
        self.field_changed(code)
        self.refresh_side()

    def field_changed(self, code: str) -> None:
        """A person changed a field."""

    def keep(self) -> bool:
        """Save what is typed among the unfinished entries; whether that could be done."""
        if not self._dirty:
            return True
        content = self.raw() | ({BLANK: self.blank} if self.blank else {})
        number = self._record.number if self._record is not None else ""
        kept = self.desk.attempt(
            lambda: unfinished.keep(
                self.session,
                self.kind.KIND,
                self.title_of(content),
                content,
                entry=self._entry,
                number=number,
                version=self._version,
            )
        )
        if kept is not None:
            self._entry = kept
            self._kept.tell(self.session)
        return kept is not None

    def refresh_side(self) -> None:
        """What stands beside the form follows what is typed."""
        values = self.raw()
        self._side.says_complete = self.says_complete and not self._said.count()
        self._side.show(self.heeds(values), self.side_cards(values))

    def save(self) -> None:
        """Ctrl+S: save, and go to the record."""
        self.attempt_save(lambda raw: self._written(raw))

    def _written(self, raw: dict[str, Any]) -> Record:
        if self._record is None:
            return self.write(raw)
        return edit(self.session, self._record, raw, self._version)

    def attempt_save(self, write: Callable[[dict[str, Any]], Record]) -> None:
        """Write; mistakes go to their fields, a conflict is shown side by side."""
        self._say("")
        try:
            record = write(self.raw())
        except ValidationError as error:
            self._say(" ".join(self.form.set_errors(error.errors)))
        except Conflict as error:
            self._settle(error)
        except UserError as error:
            self._say(str(error))
        else:
            self._done()
            self.saved(record)

    def _say(self, sentence: str) -> None:
        """What is wrong with the whole, above the form, where it stays in sight."""
        clear(self._said)
        self._said_place.setVisible(bool(sentence))
        if sentence:
            self._said.addWidget(MessageBar("bad", sentence))
        self.refresh_side()

    def _done(self) -> None:
        self._keep.stop()
        self._dirty = False
        unfinished.drop(self.session, self._entry)
        self._entry = None

    def _settle(self, error: Conflict) -> None:
        from app.views.conflict import ask_conflict  # heavy: rarely asked

        answer = ask_conflict(self, error)
        assert self._record is not None
        if answer:
            self._record = find(self.session, self.kind, self._record.number)
            self._version = self._record.version
        if answer == "mine":
            self.save()
        elif answer == "theirs":
            self.form.set_values(self._known())
            self._dirty = False

    def may_leave(self) -> bool:
        """Asks about what is typed and not saved."""
        if not self._dirty:
            return True
        answer = ask_unsaved(self)
        if answer == "keep":
            self._dirty = not self.keep()
        elif answer == "discard":
            self._done()
        return not self._dirty

    def narrow(self, width: int) -> None:
        """On narrow pages nothing stands beside the form."""
        self._side.fold(width < style.px(NARROW))

    def shortcut(self, key: str, act: Callable[[], object]) -> None:
        """A key of this page."""
        QShortcut(QKeySequence(key), self).activated.connect(act)
