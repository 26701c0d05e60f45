"""What parts of the settings are made of: a form with its own button to save, or what is read again after each act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from app.core import formats
from app.core.errors import UserError, ValidationError
from app.core.language import _
from app.models import permissions
from app.views.desk import Desk
from app.views.forms import Form, Shape
from app.views.messages import MessageBar
from app.views.pieces.basics import button, clear, row


class ReadPart(QWidget):
    """A part that is read again after each of its acts: nothing that was typed waits to be saved."""

    dirty = False

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(12)


class FormPart(QWidget):
    """A form of declared fields with its own button to save."""

    def __init__(
        self, desk: Desk, shape: Shape, values: Callable[[], Mapping[str, Any]], write: Callable[[dict[str, Any]], object]
    ) -> None:
        super().__init__()
        self._desk, self._values, self._write = desk, values, write
        self.dirty = False
        self.form = Form(shape, desk.session.now)
        self.form.changed.connect(self._edited)
        self._said = QVBoxLayout()
        self.button = button(_("Save  Ctrl+S"), "primary", "device-floppy", name="save_settings", on_click=self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(self._said)
        layout.addWidget(self.form)
        layout.addLayout(row(self.button, None))
        layout.addStretch(1)
        self._lock()
        self.setFocusProxy(self.form.editor(next(iter(self.form.rows))))
        self.refresh()

    def _lock(self) -> None:
        """Who may not change it sees it, and why."""
        why = permissions.refusal(self._desk.session, "settings.edit")
        self.button.setEnabled(not why)
        self.button.setToolTip(why)
        if why:
            self.form.set_read_only(why)
            self._said.addWidget(MessageBar("info", why))

    def _edited(self, _code: str) -> None:
        self.dirty = True

    def refresh(self) -> None:
        """Show what is in force, unless something is being typed."""
        if not self.dirty:
            self.form.set_values(self._values())

    def save(self) -> None:
        """Write; mistakes stand at their fields."""
        if written(self._desk, self.form, self._said, self._write):
            self.dirty = False
            self.refresh()
            self._desk.tell(_("Settings saved."))


def written(desk: Desk, form: Form, said: QBoxLayout, write: Callable[[dict[str, Any]], object]) -> bool:
    """Write what stands in a form; mistakes stand at their fields, what belongs to none in `said`."""
    clear(said)
    raw = formats.as_json(form.values(), desk.session.branch.zone)
    assert isinstance(raw, dict)
    try:
        desk.asking(lambda: write(raw))
    except ValidationError as error:
        if rest := form.set_errors(error.errors):
            said.addWidget(MessageBar("bad", " ".join(rest)))
        return False
    except UserError as error:
        said.addWidget(MessageBar("bad", str(error)))
        return False
    form.set_errors({})
    return True
