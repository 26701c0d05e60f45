"""Tables whose columns come from declared fields. What the kinds of records have in common stands in record.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self

import peewee

from app.core import database as store
from app.core.database import database
from app.core.fields import Field, Kind, Value

_HOMES = {
    "customer": "customers",
    "promise": "promises",
    "product": "products",
    "complaint": "complaints",
    "action": "actions",
    "evidence": "evidence",
    "card": "cards",
    "agreement": "agreements",
    "dispatch": "dispatches",
    "objection": "objections",
}
"""The kinds of records, with the module of each."""


class _Kinds(Mapping[str, Any]):
    """Each kind is imported when it is first asked for: a start shows the list of one, and a table takes two milliseconds."""

    def __init__(self) -> None:
        self._declared: dict[str, Any] = {}

    def __getitem__(self, kind: str) -> Any:  # noqa: ANN401 - a class of records
        if kind not in self._declared:
            import_module(f"app.models.{_HOMES[kind]}")
        return self._declared[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(_HOMES)

    def __len__(self) -> int:
        return len(_HOMES)

    def enter(self, kind: str, table: Any) -> None:  # noqa: ANN401 - a class of records
        """Called by the declaration itself."""
        self._declared[kind] = table


KINDS = _Kinds()
"""Every kind of record by its code."""


class _Referred(peewee.ForeignKeyAccessor):  # type: ignore[misc, unused-ignore]
    """Reads the record that is referred to by a statement put together once."""

    def get_rel_instance(self, instance: peewee.Model) -> Any:  # noqa: ANN401 - a record
        value = instance.__data__.get(self.name)
        if value is not None and self.name not in instance.__rel__:
            instance.__rel__[self.name] = self.rel_model.get_by_id(value)
        return super().get_rel_instance(instance)


class _Reference(peewee.ForeignKeyField):  # type: ignore[misc, unused-ignore]
    accessor_class = _Referred


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
        referred = KINDS.get(declared.refers, "self")  # a kind that is being declared just now
        return {code: _Reference(referred, null=True, column_name=f"{code}_id", index=False)}
    return {code: simple.get(declared.kind, peewee.TextField)(null=True)}


def _meta(table: Any) -> Any:  # noqa: ANN401 - what peewee knows of a table
    return table._meta  # noqa: SLF001 - peewee's own way to it


class _Declared(peewee.ModelBase):
    """Gives a table one column per declared field, so that a field is declared once."""

    if TYPE_CHECKING:  # columns are made while the program runs

        def __getattr__(cls, name: str) -> Any: ...  # noqa: ANN401

    def __new__(cls, name: str, bases: tuple[type, ...], attributes: dict[str, Any]) -> Any:  # noqa: ANN401 - a table class
        for declared in attributes.get("FIELDS", ()):
            attributes.update(_column(declared))
        for base in bases:
            # Peewee makes deep copies of what is inherited: a fifth of the time that the tables take.
            inherited = _meta(base).sorted_fields if base is not peewee.Model else ()
            attributes = {one.name: copy(one) for one in inherited if not one.primary_key} | attributes
        made = super().__new__(cls, name, bases, attributes)
        if kind := attributes.get("KIND"):
            KINDS.enter(kind, made)
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
    def fetch(cls, condition: str, *values: object) -> list[Self]:
        """The rows `t` that fit a condition in SQL, with whatever follows it.

        Peewee writes the statement of a wide table anew each time, which takes ten times as long as SQLite needs to answer.
        """
        reading = _reading(cls)
        found = database.execute_sql(f"{reading.sql} WHERE {condition}", values).fetchall()
        return [cls._made(reading, row) for row in found]

    @classmethod
    def _made(cls, reading: _Statement, row: tuple[Any, ...]) -> Self:
        """As peewee makes it, but for looking up each column again."""
        made = cls(__no_default__=True)
        for (name, turn), value in zip(reading.columns, row, strict=True):
            made.__data__[name] = None if value is None else turn(value)
        made._dirty.clear()
        return made

    @classmethod
    def get_by_id(cls, pk: int) -> Self:
        """The row; peewee's DoesNotExist where there is none."""
        found = cls.fetch("t.id = ?", pk)
        if not found:
            raise cls.DoesNotExist(f"{cls.__name__} {pk}")
        return found[0]

    @classmethod
    def create(cls, **columns: Any) -> Self:  # noqa: ANN401 - values of any column
        """A new row, written at once."""
        row, writing = cls(**columns), _writing(cls)
        values = [convert(row.__data__.get(name)) for name, convert in writing.columns]
        row.id = database.execute_sql(writing.sql, values).fetchall()[0][0]
        row._dirty.clear()
        return row

    @classmethod
    def rewrite(cls, pk: int, **columns: Any) -> None:  # noqa: ANN401 - values of any column
        """Change columns of a row."""
        known = cls._meta.fields
        places = ", ".join(f'"{known[name].column_name}" = ?' for name in columns)
        values = [_plain(known[name].db_value, value) for name, value in columns.items()]
        database.execute_sql(f'UPDATE "{cls._meta.table_name}" SET {places} WHERE id = ?', (*values, pk))

    @classmethod
    def field(cls, code: str) -> Field:
        """The declaration of a field."""
        return fields_of(cls)[code]

    def __getitem__(self, code: str) -> Value:
        """The column of a declared field, also of one whose code is a word of Python."""
        return getattr(self, code)


@cache
def fields_of(table: type[Row]) -> Mapping[str, Field]:
    """The declared fields of a table by code."""
    return {declared.code: declared for declared in table.FIELDS}


def typed_fields(table: type[Row]) -> tuple[Field, ...]:
    """The fields that a person fills in; the others are set by steps or worked out."""
    return tuple(declared for declared in table.FIELDS if not declared.by_step and not declared.derived)


class Part(Row):
    """A line that belongs to a record and is saved with it."""

    LABEL: ClassVar[str] = ""
    APPENDED: ClassVar[bool] = False
    """Lines are only ever added, one at a time and by steps."""
    position = peewee.IntegerField()


class _Statement(NamedTuple):
    """A statement, and by which name and conversion each of its columns is known."""

    sql: str
    columns: tuple[tuple[str, Callable[[Any], Any]], ...]


def _as_it_is(value: Any) -> Any:  # noqa: ANN401 - a value of any column
    return value


def _plain(convert: Callable[[Any], Any], value: Any) -> Any:  # noqa: ANN401 - a value of any column
    return convert(value.id if isinstance(value, Row) else value)


def _simple(column: peewee.Field) -> bool:
    """Whether the program holds the value as the database does."""
    return type(column) in (peewee.TextField, peewee.CharField, peewee.IntegerField, peewee.AutoField, _Reference)


@cache
def _reading(table: type[Row]) -> _Statement:
    meta = _meta(table)
    columns = meta.sorted_fields
    names = ", ".join(f't."{column.column_name}"' for column in columns)
    turns = tuple((column.name, _as_it_is if _simple(column) else column.python_value) for column in columns)
    return _Statement(f'SELECT {names} FROM "{meta.table_name}" AS t', turns)


@cache
def _writing(table: type[Row]) -> _Statement:
    meta = _meta(table)
    columns = [column for column in meta.sorted_fields if column.name != "id"]
    names = ", ".join(f'"{column.column_name}"' for column in columns)
    sql = f'INSERT INTO "{meta.table_name}" ({names}) VALUES ({", ".join("?" * len(columns))}) RETURNING id'
    return _Statement(sql, tuple((column.name, column.db_value) for column in columns))
