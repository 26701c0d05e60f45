"""The form of an agreement that is still a draft: parties, facts, remedies, clauses. What follows by itself is the model's."""

from __future__ import annotations

from typing import Any

from app.core.language import N_
from app.models import agreements
from app.models.agreements import Agreement, AgreementLine
from app.models.record import clean, typed_fields
from app.views.along import Along
from app.views.desk import Desk
from app.views.form_page import FormPage
from app.views.forms import Lines, Section, Shape

_PARTIES = tuple(field.code for field in typed_fields(Agreement) if field.group)


class AgreementForm(FormPage):
    """A draft that is corrected; what was released gets a new edition instead."""

    kind = Agreement
    nav = "agreements"
    title_edit = N_("Edit draft")

    def __init__(self, desk: Desk, values: dict[str, Any]) -> None:
        super().__init__(desk, values)
        assert isinstance(self._record, Agreement)
        self._along = Along(self.session, self.form, self._read, agreements.follower_of(self.session, self._record))

    def _read(self, raw: dict[str, Any]) -> dict[str, Any]:
        return Agreement.complete(clean(self.session, Agreement, raw, typed_fields(Agreement), complete=False))

    def shape(self) -> Shape:
        """Three cards."""
        sections = (
            Section(N_("Settlement"), ("deadline", "copies", "facts"), lines="lines"),
            Section(N_("Clauses"), ("clauses",), N_("those of the template follow what is changed above"), above=True),
            Section(N_("Parties"), _PARTIES),
        )
        return Shape(typed_fields(Agreement), sections, {"lines": Lines(AgreementLine.FIELDS, (), N_("Add a line"))})

    def title_of(self, values: dict[str, Any]) -> str:
        """Its number."""
        return self.name() if self._record is None else f"{self.name()} {self._record.number}"
