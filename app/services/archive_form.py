"""The form of the open archive, by which it is written and read: tables, kinds of columns, and how a value stands in JSON.

A value goes through its column's type; where that would not give back exactly what is stored, it stands as `{"raw": …}`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, NamedTuple

import peewee

from app import models
from app.core.database import DayColumn, InstantColumn, MoneyColumn, QuantityColumn, TagsColumn, instant, milliseconds
from app.core.errors import UserError
from app.core.fields import Kind
from app.core.language import _
from app.models.tables import Row

FORMAT = "kesu-archive"
EDITION = 1
MANIFEST, README = "manifest.json", "README.txt"
LEFT_OUT = ("schema_migration", "tally", "certificate_key")
"""Which steps the program took to make the tables says nothing about the branch, and what is tallied follows from the records.
The key of the branch's certificate goes into no open file.
"""


class Column(NamedTuple):
    """A column of a table; `kind` is a key of `KINDS`, `label` the words of its declared field in English, if it has one."""

    name: str
    kind: str
    label: str


class Way(NamedTuple):
    """How a kind of value is written in JSON and taken back from it."""

    out: Callable[[Any], Any]
    back: Callable[[Any], Any]


def _as_it_is(value: Any) -> Any:  # noqa: ANN401 - JSON
    return value


def _instant_back(value: Any) -> Any:  # noqa: ANN401 - JSON
    return milliseconds(datetime.fromisoformat(value))


_MONEY, _QUANTITY, _TAGS = MoneyColumn(), QuantityColumn(), TagsColumn()
KINDS: Mapping[str, Way] = {
    "instant": Way(lambda value: instant(value).isoformat(timespec="milliseconds"), _instant_back),
    "day": Way(lambda value: date.fromisoformat(value).isoformat(), _as_it_is),
    "money": Way(lambda value: f"{_MONEY.python_value(value):.2f}", lambda value: _MONEY.db_value(Decimal(value))),
    "quantity": Way(lambda value: f"{_QUANTITY.python_value(value):f}", lambda value: _QUANTITY.db_value(Decimal(value))),
    "tags": Way(lambda value: list(_TAGS.python_value(value) or ()), lambda value: _TAGS.db_value(tuple(value))),
    "boolean": Way(bool, int),
    "number": Way(_as_it_is, _as_it_is),
    "text": Way(_as_it_is, _as_it_is),
}
"""instant: ISO 8601 in UTC · day: YYYY-MM-DD · money: yuan as text with two decimals · quantity: text · tags: array of codes."""
_TYPES: tuple[tuple[type[peewee.Field], str], ...] = (
    (InstantColumn, "instant"),
    (DayColumn, "day"),
    (MoneyColumn, "money"),
    (QuantityColumn, "quantity"),
    (TagsColumn, "tags"),
    (peewee.BooleanField, "boolean"),
)


def _declared() -> Iterator[type[peewee.Model]]:
    """All tables of this program, whatever was needed of them until now; not those of migrations."""
    for module in iter_modules(models.__path__, f"{models.__name__}."):
        if not module.ispkg:
            import_module(module.name)
    return (one for one in _below(peewee.Model) if one.__module__.startswith(f"{models.__name__}."))


def _below(base: type[peewee.Model]) -> Iterator[type[peewee.Model]]:
    for one in base.__subclasses__():
        yield one
        yield from _below(one)


def columns_of(connection: Any) -> dict[str, list[Column]]:  # noqa: ANN401 - the driver's connection
    """The tables of a database with their columns; of the index of searches only the keys, from which it is made anew."""
    declared = {one._meta.table_name: one for one in _declared()}  # noqa: SLF001 - peewee's way
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*' "
        "AND (name NOT GLOB 'search_*' OR name GLOB 'search_*_key') ORDER BY name"
    ).fetchall()
    return {name: _columns(connection, name, declared.get(name)) for (name,) in tables if name not in LEFT_OUT}


def _columns(connection: Any, table: str, model: type[peewee.Model] | None) -> list[Column]:  # noqa: ANN401
    known = {} if model is None else {one.column_name: one for one in model._meta.sorted_fields}  # noqa: SLF001
    fields = {one.code: one for one in getattr(model, "FIELDS", ())} if model and issubclass(model, Row) else {}
    found = []
    for _place, name, plain, *_rest in connection.execute(f'PRAGMA table_info("{table}")').fetchall():
        kind = next((kind for made, kind in _TYPES if isinstance(known.get(name), made)), None)
        field = fields.get(name) or fields.get(name.removesuffix("_id"))
        label = field.label if field and (field.code == name or field.kind is Kind.RECORD) else ""
        found.append(Column(name, kind or ("number" if "INT" in plain.upper() else "text"), label))
    return found


def to_json(kind: str, value: Any) -> Any:  # noqa: ANN401 - a stored value
    """A stored value as JSON."""
    if value is None:
        return None
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    way = KINDS[kind]
    try:
        out = way.out(value)
        back = way.back(out)
    except (ValueError, TypeError, ArithmeticError, AttributeError, OverflowError):
        return {"raw": value}
    return out if back == value and type(back) is type(value) else {"raw": value}


def to_stored(kind: str, value: Any) -> Any:  # noqa: ANN401 - JSON
    """A value of the archive as it is stored. ValueError where it is none of its kind."""
    if value is None:
        return None
    try:
        if isinstance(value, dict):
            ((way, inner),) = value.items()
            stored = base64.b64decode(inner, validate=True) if way == "base64" else inner if way == "raw" else value
        else:
            stored = KINDS[kind].back(value)
    except (ValueError, TypeError, ArithmeticError, AttributeError, OverflowError, KeyError) as error:
        raise ValueError(str(error)) from None
    if not isinstance(stored, str | int | float | bytes):
        raise ValueError(str(value)[:60])
    return stored


def line_of(columns: list[Column], row: tuple[Any, ...]) -> bytes:
    """A row as a line of JSON."""
    values = {column.name: to_json(column.kind, value) for column, value in zip(columns, row, strict=True)}
    return json.dumps(values, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def row_of(columns: list[Column], line: bytes, where: str) -> list[Any]:
    """The stored values of a line. UserError, which names the place, where it is no row of this table."""
    try:
        values = json.loads(line.decode("utf-8", "surrogatepass"))
        if not isinstance(values, dict) or set(values) != {column.name for column in columns}:
            raise ValueError(_("other columns"))
        return [to_stored(column.kind, values[column.name]) for column in columns]
    except (ValueError, RecursionError) as error:
        words = _("The archive cannot be read: {where}: {error}. Nothing was changed.")
        raise UserError(words.format(where=where, error=str(error)[:200])) from None
