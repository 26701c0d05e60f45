"""What of the rows that tell of a customer goes when the customer is erased, what stays, and what stays without its names.

A text goes unless it is named here: a field that comes later is erased until somebody decides otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from app.core.database import database
from app.core.fields import TEXTS, Kind
from app.core.language import _
from app.models.tables import Row

STAFF = (
    *("responsible_person", "recorder", "handed_person", "handler", "follow_up_by", "who", "given_by", "taken_over_by"),
    *("accepted_by", "person", "published_by", "customer_manager", "fed_back_to"),
)
"""People of the office: figures and duties hang on them."""
CODES = ("case", "agreement", "from_objection", "route")
"""Numbers of records, and what is too coarse to tell who somebody is."""
OURS = (
    *("specification", "unit", "batch", "symptom", "earlier_brand", "brand", "description"),
    *("root_cause", "immediate", "lasting", "done_note", "check_note", "lesson"),
)
"""Words about goods, causes and measures: the office goes on learning from them, without the customer's names in them."""
_THEIRS = {"complaint": ("description",), "objection": ("who",)}
"""By table: fields of the customer's that are called like others which stay."""


def _kept(table: type[Row], codes: Iterable[str]) -> tuple[str, ...]:
    theirs = _THEIRS.get(name_of(table), ())
    return tuple(one.code for one in table.FIELDS if one.code in codes and one.code not in theirs)


def name_of(table: type[Row]) -> str:
    """The name of a table."""
    return str(table._meta.table_name)  # noqa: SLF001 - peewee's own way to it


def going(table: type[Row]) -> tuple[str, ...]:
    """The fields of a table whose texts go."""
    kept = _kept(table, (*STAFF, *CODES, *OURS))
    free = (one for one in table.FIELDS if one.kind in TEXTS or (one.kind is Kind.TAGS and not one.choices))
    return tuple(one.code for one in free if one.code not in kept)


def redacted(text: str, names: Iterable[str]) -> str:
    """The text without names, the longest taken out first."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, _("[erased]"))
    return text


def blot(table: str, columns: Iterable[str], ids: Sequence[int]) -> None:
    """Put a mark over the texts of rows, where there is one: what is missing is still counted as before."""
    for column in columns:
        sql = f'UPDATE "{table}" SET "{column}" = ? WHERE id = ? AND COALESCE("{column}", \'\') <> \'\''
        database.cursor().executemany(sql, [(_("[erased]"), row) for row in ids])


def redact(table: str, columns: Iterable[str], ids: Sequence[int], names: Iterable[str]) -> list[int]:
    """Take names out of the texts of rows; the rows that held one."""
    changed: list[int] = []
    for column in columns:
        for row in ids:
            ((text,),) = database.execute_sql(f'SELECT "{column}" FROM "{table}" WHERE id = ?', (row,)).fetchall()
            if text and (without := redacted(text, names)) != text:
                database.execute_sql(f'UPDATE "{table}" SET "{column}" = ? WHERE id = ?', (without, row))
                changed.append(row)
    return changed


def clear_rows(table: type[Row], ids: Sequence[int], names: Iterable[str]) -> None:
    """Erase what tells of the customer from rows with declared fields."""
    name = name_of(table)
    blot(name, going(table), ids)
    redact(name, _kept(table, OURS), ids, names)


def ids(table: str, column: str, owners: Iterable[int]) -> list[int]:
    """The rows of a table that belong to others."""
    found: list[int] = []
    for owner in owners:
        rows = database.execute_sql(f'SELECT id FROM "{table}" WHERE "{column}" = ? ORDER BY id', (owner,)).fetchall()
        found += [row for (row,) in rows]
    return found


def values(table: str, columns: Sequence[str], rows: Iterable[int]) -> set[str]:
    """The texts that stand in columns of rows."""
    chosen = ", ".join(f'"{column}"' for column in columns)
    found = (database.execute_sql(f'SELECT {chosen} FROM "{table}" WHERE id = ?', (row,)).fetchone() for row in rows)
    return {text for row in found for text in row if text}


def holds(content: object, names: Iterable[str]) -> bool:
    """Whether one of the names stands anywhere in what JSON held."""
    if isinstance(content, Mapping):
        return any(holds(one, names) for one in content.values())
    if isinstance(content, list | tuple):
        return any(holds(one, names) for one in content)
    return isinstance(content, str) and any(name in content for name in names)
