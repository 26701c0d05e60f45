"""What a step asks, in the page itself: its fields below the button that was pressed, then the act or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QVBoxLayout, QWidget

from app.core.errors import RuleBroken, UserError, ValidationError
from app.core.fields import TEXTS, Kind
from app.core.language import N_, _
from app.models import sight, unfinished
from app.models.record import Record, Values
from app.models.steps import Step, step_of, step_values, take
from app.services import coach
from app.views import style
from app.views.along import Along, raw_values, show_raw
from app.views.desk import Desk
from app.views.file_editor import FileEditor
from app.views.forms import Form, Lines, Section, Shape
from app.views.kept_note import EVERY_MS, KeptNote
from app.views.messages import Dialog, MessageBar, ask_unsaved
from app.views.pickers import pickers
from app.views.pieces.basics import button, clear, label
from app.views.pieces.heads import Foot


def may_leave(page: QWidget) -> bool:
    """Whether a page can be left; asks where a step is being typed."""
    return all(one.may_go() for one in page.findChildren(StepPanel) if one.isVisibleTo(page) and one.unsaved())


def tell_lost(desk: Desk, record: Record, code: str, parent: QWidget) -> None:
    """A step that was being typed is not possible any more: show what stood in it, and offer to throw that away."""
    step, kept = step_of(record, code), unfinished.of_step(desk.session, record, code)
    if kept is None:
        return
    typed = [str(kept.content[one.code]) for one in step.fields if one.kind in TEXTS and kept.content.get(one.code)]
    question = _("“{step}” is not possible here any more").format(step=_(step.label))
    dialog = Dialog(question, _("The case went on meanwhile. This was typed for it:"), parent, width=560)
    text = QPlainTextEdit("\n\n".join(typed))
    text.setAccessibleName(_(step.label))
    text.setReadOnly(True)
    text.setFixedHeight(style.px(150))
    dialog.body.addWidget(text)
    dialog.offer("", _("Keep for later"), default=True)
    dialog.offer("discard", _("Throw away"), "danger")
    if dialog.ask() == "discard":
        unfinished.drop(desk.session, kept.id)


class StepPanel(QFrame):
    """The fields of one step. `done` carries the record after it; `gone`: the person thought better of it."""

    done = Signal(object)
    gone = Signal()

    def __init__(self, desk: Desk, record: Record, step: Step) -> None:
        super().__init__()
        self.setProperty("ground", "block")
        self.setObjectName(f"step_{step.code}")
        self.setProperty("help", f"{record.KIND}.{step.code}")
        self.desk, self._record, self._step = desk, record, step
        self.form = Form(self._shape(), desk.session.now, pickers(desk))
        if step.defaults is not None:
            self._start_from(step.defaults(desk.session, record))
        if step.follower is not None:
            self._along = Along(desk.session, self.form, self._read, step.follower(desk.session, record))
        self._start = self._settled = self.raw()
        self._entry: int | None = None
        self._keep = QTimer(self, singleShot=True, interval=EVERY_MS)
        self._keep.timeout.connect(self.keep)
        self._note = KeptNote()
        self._said = QVBoxLayout()
        self._act = button(
            _(step.label), "danger" if step.danger else "primary", "", "Ctrl+Return", name=f"do_{step.code}", on_click=self.take
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(10)
        layout.addWidget(label(_(step.label), "card"))
        if advice := coach.of_step(record.KIND, step.code):
            layout.addWidget(label("\n".join(f"·  {sentence}" for sentence in advice), "hint", wrap=True))
        layout.addLayout(self._said)
        layout.addWidget(self.form)
        cancel = button(_("Cancel"), name="step_cancel", on_click=self.cancel)
        layout.addWidget(Foot(self._note.widgets, [cancel, self._act], bare=True))
        if (kept := unfinished.of_step(desk.session, record, step.code)) is not None:
            self._entry = kept.id
            self._take_up(kept.content)
            self._settled = self.raw()
            self._note.tell(desk.session)
        self._listen()
        QTimer.singleShot(0, self, self._go_first)

    def _start_from(self, known: Values) -> None:
        """What the person does not read goes in as it is known, without being shown."""
        hidden = [one for _place, one in sight.guarded(self.desk.session, self._step.fields) if known.get(one.code)]
        shown = {one.code: sight.shown(self.desk.session, one, known[one.code]) for one in hidden}
        self.form.set_values(known | shown)
        for code in shown:
            self.form.veil(code)

    def _shape(self) -> Shape:
        codes = tuple(field.code for field in self._step.fields)
        sections = [Section("", codes)] if codes else []
        sections += [Section("", lines=code) for code in self._step.parts]
        lines = {code: Lines(fields, prompt=N_("Add a line")) for code, fields in self._step.parts.items()}
        chosen = {field.code: FileEditor for field in self._step.fields if field.kind is Kind.FILE}
        declared = tuple(field.but(by_step=False) for field in self._step.fields)
        return Shape(declared, tuple(sections), lines, numbered=False, editors=chosen)

    def _read(self, raw: Mapping[str, object]) -> Values:
        return step_values(self.desk.session, self._step, raw)

    def _go_first(self) -> None:
        if self._step.fields:
            self.form.focus_field(self._step.fields[0].code)
        else:
            self._act.setFocus()

    @property
    def number(self) -> str:
        """Of the record whose step it is."""
        return str(self._record.number)

    def raw(self) -> dict[str, Any]:
        """What was typed, as plain values."""
        return raw_values(self.desk.session, self.form)

    def _listen(self) -> None:
        self.form.changed.connect(lambda _code: self._keep.start())

    def _take_up(self, content: Mapping[str, Any]) -> None:
        """Go on with what was typed earlier."""
        show_raw(self.desk.session, self.form, content)

    def touched(self) -> bool:
        """Whether a person typed something."""
        return self.raw() != self._start

    def unsaved(self) -> bool:
        """Whether a person typed something since it was taken up, or kept for later."""
        return self.raw() != self._settled

    def keep(self) -> bool:
        """Save what is typed among the unfinished entries, if anything is; whether that could be done."""
        if not self.touched():
            self._forget()
            return True
        kept = self.desk.attempt(self._keep_now)
        if kept is not None:
            self._entry = kept
            self._note.tell(self.desk.session)
        return kept is not None

    def _keep_now(self) -> int:
        who = getattr(self._record, "customer_name", None) or getattr(self._record, "name", None) or ""
        title = _("{step}: {what}").format(step=_(self._step.label), what=f"{who} {self.number}".strip())
        kind, version = unfinished.step_kind(self._record, self._step.code), self._record.version
        return unfinished.keep(self.desk.session, kind, title, self.raw(), entry=self._entry, number=self.number, version=version)

    def _forget(self) -> None:
        self._keep.stop()
        unfinished.drop(self.desk.session, self._entry)
        self._entry = None

    def may_go(self) -> bool:
        """Asks what shall become of what is typed."""
        answer = ask_unsaved(self.window())
        if answer == "discard":
            self._forget()
        if not answer or (answer == "keep" and not self.keep()):
            return False
        self._settled = self.raw()
        return True

    def cancel(self) -> None:
        """The person thought better of it; what was typed or taken up is asked about."""
        if (self._entry is None and not self.unsaved()) or self.may_go():
            self._keep.stop()
            self.gone.emit()

    def goes_on(self, record: Record) -> bool:
        """Whether it can stay open, with what was typed, over a record that was read again."""
        same = (record.KIND, record.number, record.status) == (self._record.KIND, self._record.number, self._record.status)
        return same and (self.touched() or self._entry is not None)

    def take(self) -> None:
        """Do the step; what is wrong is said at its field."""
        clear(self._said)
        try:
            record = take(self.desk.session, self._record, self._step.code, self.raw())
        except UserError as error:
            self._refuse(error)
        else:
            self._start = self._settled = self.raw()  # it is done: where this leads, nothing of it would be lost
            self._forget()
            told = _("{number}: {step}, recorded").format(number=record.number, step=_(self._step.label))
            self.desk.tell(told)
            self.done.emit(record)

    def _refuse(self, error: UserError) -> None:
        named = error.errors if isinstance(error, ValidationError) else {}
        if isinstance(error, RuleBroken) and error.field:
            named = {error.field: str(error)}
        rest = self.form.set_errors(named) if named else [str(error)]
        if rest:
            self._said.addWidget(MessageBar("bad", " ".join(rest)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves it."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
        else:
            super().keyPressEvent(event)
