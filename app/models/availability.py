"""Of which records nothing new is written down: a kind says so by `unavailable`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.core.errors import ValidationError
from app.core.fields import Field, Kind, Value
from app.core.session import Session
from app.models.tables import KINDS


def demand_available(session: Session, declared: Iterable[Field], values: Mapping[str, Value]) -> None:
    """ValidationError, at its field, where a record is named by number that stands for nobody any more."""
    errors = {}
    for one in declared:
        number = values.get(one.code)
        kind = KINDS[one.refers] if one.kind is Kind.RECORD and isinstance(number, str) else None
        if kind is None or not hasattr(kind, "unavailable"):
            continue
        found = kind.fetch("t.branch_id = ? AND t.number = ? LIMIT 1", session.branch.id, number)
        if found and (why := found[0].unavailable()):
            errors[one.code] = why
    if errors:
        raise ValidationError(errors)
