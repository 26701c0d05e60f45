"""Rows of the tables as plain as they are: put in without a rule, and read as dicts."""

from __future__ import annotations

from typing import Any

from app.core.database import database
from tests.services.figures_from_rows import Row

TABLES = (
    "delivery", "dispatch_line", "dispatch", "agreement_line", "agreement", "follow_up", "promise", "complaint", "objection",
    "product", "customer",
)  # fmt: skip

COLUMNS: dict[str, list[tuple[str, str, bool]]] = {}


def put(table: str, **values: Any) -> None:
    """A row; what is not named and must not be empty gets something."""
    if table not in COLUMNS:
        found = database.execute_sql(f"PRAGMA table_info({table})").fetchall()
        COLUMNS[table] = [(name, kind, bool(needed) and default is None) for _n, name, kind, needed, default, _key in found]
    row = {"branch_id": 1, "uid": f"{table}-{values.get('number')}-{values.get('edition')}"} | values
    names = [(name, kind) for name, kind, needed in COLUMNS[table] if name in row or (needed and name != "id")]
    filled = [row.get(name, "" if "TEXT" in kind.upper() else 0) for name, kind in names]
    quoted = ", ".join(f'"{name}"' for name, _kind in names)
    database.execute_sql(f"INSERT INTO {table} ({quoted}) VALUES ({', '.join('?' * len(filled))})", filled)


def read() -> dict[str, list[Row]]:
    tables = {}
    for table in TABLES:
        cursor = database.execute_sql(f"SELECT * FROM {table}")
        names = [column[0] for column in cursor.description]
        tables[table] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return tables
