"""Fields of a form that go along with others while a person types, and the warnings that come of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from app.core import formats
from app.core.errors import ValidationError
from app.core.session import Session
from app.models.record import Follow, Values
from app.views.forms import Form


def raw_values(session: Session, form: Form) -> dict[str, Any]:
    """What stands in a form, as text and plain values."""
    plain = formats.as_json(form.values(), session.branch.zone)
    assert isinstance(plain, dict)
    return plain


def show_raw(session: Session, form: Form, plain: Mapping[str, Any]) -> None:
    """Show again what `raw_values` gave: each field as it was typed, or in full where it had been read."""
    now = session.now()
    declared = {one.code: one for one in form.shape.declared}
    values = {code: formats.from_json(declared[code], one, now) for code, one in plain.items() if code in declared}
    for part, lines in form.shape.lines.items():
        of = {one.code: one for one in lines.declared}
        typed = plain.get(part) or []
        values[part] = [{c: formats.from_json(of[c], one, now) if c in of else one for c, one in line.items()} for line in typed]
    form.set_values(values)


class Along:
    """Applies `follow` whenever what stands in the form can be read; `read` makes typed values of it."""

    def __init__(self, session: Session, form: Form, read: Callable[[dict[str, Any]], Values], follow: Follow) -> None:
        self._session, self._form, self._read, self._follow = session, form, read, follow
        self._before: Values | None = None
        form.changed.connect(lambda _code: self.go())
        self.go()

    def go(self) -> None:
        """From what was last read to what stands there now; what cannot be read yet waits."""
        with suppress(ValidationError):
            now = self._read(raw_values(self._session, self._form))
            values, warnings = self._follow(self._before or now, now)
            self._before = now | values
            self._form.set_values({code: value for code, value in values.items() if value != now[code]})
            for code, sentence in warnings.items():
                self._form.set_warning(code, sentence)
