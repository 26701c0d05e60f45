"""Tables whose columns come from declared fields. What the kinds of records have in common stands in record.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import peewee

from app.core import database as store
from app.core.database import database
from app.core.fields import Field, Kind, Value

KINDS: dict[str, Any] = {}
"""Every kind of record by its code, filled by the declarations themselves."""


def _column(declared: Field) -> dict[str, peewee.Field]:
    """The column or columns of a declared field; a moment has a second one that marks a day without a time."""
    simple: dict[Kind, type[peewee.Field]] = {
        Kind.INTEGER: peewee.IntegerField,
        Kind.QUANTITY: store.QuantityColumn,
        Kind.MONEY: store.MoneyColumn,
        Kind.DATE: store.DayColumn,
        Kind.BOOLEAN: peewee.BooleanField,
        Kind.TAGS: store.TagsColumn,
    }
    code = declared.code
    if declared.kind is Kind.MOMENT:
        return {code: store.InstantColumn(null=True), f"{code}_day": peewee.BooleanField(default=False)}
    if declared.kind is Kind.RECORD:
        return {code: peewee.ForeignKeyField(KINDS[declared.refers], null=True, column_name=f"{code}_id", index=False)}
    return {code: simple.get(declared.kind, peewee.TextField)(null=True)}


class _Declared(peewee.ModelBase):
    """Gives a table one column per declared field, so that a field is declared once."""

    if TYPE_CHECKING:  # columns are made while the program runs

        def __getattr__(cls, name: str) -> Any: ...  # noqa: ANN401

    def __new__(cls, name: str, bases: tuple[type, ...], attributes: dict[str, Any]) -> Any:  # noqa: ANN401 - a table class
        for declared in attributes.get("FIELDS", ()):
            attributes.update(_column(declared))
        made = super().__new__(cls, name, bases, attributes)
        if kind := attributes.get("KIND"):
            KINDS[kind] = made
        return made


class Row(peewee.Model, metaclass=_Declared):
    """A table with declared fields."""

    if TYPE_CHECKING:  # columns are made while the program runs

        def __getattr__(self, name: str) -> Any: ...  # noqa: ANN401

    FIELDS: ClassVar[tuple[Field, ...]] = ()

    class Meta:
        database = database
        legacy_table_names = False

    @classmethod
    def field(cls, code: str) -> Field:
        """The declaration of a field."""
        return next(declared for declared in cls.FIELDS if declared.code == code)

    def __getitem__(self, code: str) -> Value:
        """The column of a declared field, also of one whose code is a word of Python."""
        return getattr(self, code)


class Part(Row):
    """A line that belongs to a record and is saved with it."""

    LABEL: ClassVar[str] = ""
    position = peewee.IntegerField()
