"""Figures of some cases only: those that have a certain value in one of the classifications by which figures are counted."""

from __future__ import annotations

from collections.abc import Sequence

from app.core import formats, text
from app.core.errors import UserError
from app.core.fields import Field, Kind, read
from app.core.language import _
from app.core.session import Session
from app.models.complaints import Complaint
from app.models.customers import Customer
from app.models.objections import Objection
from app.models.products import Product
from app.models.record import find
from app.services.figures import AXES, Axis
from app.services.figures_rows import KINDS, Chosen
from app.services.figures_values import UNCLASSIFIED, Both, Only

_RECORDS: dict[str, type[Customer | Product]] = {"customer": Customer, "product": Product}
FIELDS = tuple(dict.fromkeys(axis.column.removesuffix("_id") for axes in AXES for axis in axes))
"""What figures can be narrowed by."""


def chosen(session: Session, conditions: Sequence[tuple[str, str]]) -> Chosen:
    """The cases that have, of each field that is named, one of the values; both as typed.

    UserError for a condition that can never hold.
    """
    only = tuple(_read(session, field, value) for field, value in conditions if not _whole(session, field, value))
    narrowed = (_all(session, axes, only) for axes in AXES)
    return Chosen(Both(*(kind._replace(only=sql) for kind, sql in zip(KINDS, narrowed, strict=True))), only)


def _whole(session: Session, field: str, value: str) -> bool:
    """Whether it asks for the branch, whose cases are all that there are. UserError for another branch."""
    branch = session.branch
    if field != "branch":
        return False
    if text.key(value) not in (text.key(branch.code), text.key(branch.name)):
        told = _("This folder holds the cases of {code} {name} alone. Figures of several branches come from “kesu merge”.")
        raise UserError(told.format(code=branch.code, name=branch.name))
    return True


def _all(session: Session, axes: tuple[Axis, ...], only: tuple[Only, ...]) -> str:
    by_field: dict[str, list[str]] = {}
    for one in only:
        by_field.setdefault(one.field, []).append(_sql(session, axes, one))
    return " AND ".join(f"({' OR '.join(either)})" for either in by_field.values())


def _read(session: Session, field: str, value: str) -> Only:
    if field not in FIELDS:
        raise UserError(
            _("Figures cannot be narrowed by “{field}”. Possible: {known}.").format(
                field=text.quoted(field), known=", ".join(("branch", *FIELDS))
            )
        )
    declared = _declared(field)
    label = _(declared.label)
    if not value.strip() or value == UNCLASSIFIED:
        return Only(field, UNCLASSIFIED, label, _("Unclassified"))
    if field in _RECORDS:
        record = find(session, _RECORDS[field], value)
        return Only(field, record.number, label, f"{record.number} {record.name}")
    code = str(read(declared, value, session.now()))
    return Only(field, code, label, formats.label(declared, code) if declared.kind is Kind.CHOICE else code)


def _declared(field: str) -> Field:
    kinds = (Objection, Complaint, Customer)
    return next(declared for kind in kinds for declared in kind.FIELDS if declared.code == field)


def _sql(session: Session, axes: tuple[Axis, ...], one: Only) -> str:
    """A condition on the row `c`; one that no case meets where this kind of case has no such field."""
    axis = next((axis for axis in axes if axis.column.removesuffix("_id") == one.field), None)
    if axis is None:
        return "0"
    if one.field == "tier":
        return _of_tier(one.code)
    column = f'c."{axis.column}"'
    if one.code == UNCLASSIFIED:
        return f"({column} IS NULL OR {column} = '')"
    if one.field in _RECORDS:
        return f"{column} = {find(session, _RECORDS[one.field], one.code).id}"
    return f"{column} = {_literal(one.code)}"


def _of_tier(code: str) -> str:
    """The present tier of the customer; without a customer there is none."""
    if code == UNCLASSIFIED:
        return "(c.customer_id IS NULL OR c.customer_id IN (SELECT id FROM customer WHERE tier IS NULL))"
    return f"c.customer_id IN (SELECT id FROM customer WHERE tier = {_literal(code)})"


def _literal(value: str) -> str:
    """A text as SQL writes it: conditions go into statements whose parameters are those of the period."""
    doubled = value.replace("'", "''")
    return f"'{doubled}'"
