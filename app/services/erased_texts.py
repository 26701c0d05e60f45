"""What tells of a customer is taken out of rows: texts blotted, names cut out of those that stay; `personal` says which."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from app.core.database import database
from app.core.language import _
from app.models.personal import OURS, going, kept, name_of
from app.models.tables import Row


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
    redact(name, kept(table, OURS), ids, names)


def ids(table: str, column: str, owners: Iterable[object]) -> list[int]:
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


def clear_forms(numbers: list[str], names: Iterable[str]) -> None:
    """What somebody began to type about the customer, and views that look for it."""
    wanted = set(numbers)
    forms = database.execute_sql("SELECT id, number, title, content FROM unfinished").fetchall()
    for row, number, title, content in forms:
        if number in wanted or holds([title, json.loads(content)], {*wanted, *names}):
            database.execute_sql("DELETE FROM unfinished WHERE id = ?", (row,))
    for row, title, content in database.execute_sql("SELECT id, name, content FROM saved_view").fetchall():
        if holds([title, json.loads(content)], names):
            database.execute_sql("DELETE FROM saved_view WHERE id = ?", (row,))
