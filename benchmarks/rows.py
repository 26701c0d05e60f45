"""How rows are written straight into the tables of a made store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.core import database as core
from app.core.database import database
from app.core.session import Session
from app.models.record import new_uid

DAY = 86_400_000
COMMON = "id uid branch_id number status created_by changed_by created_at changed_at version"
"""The columns that every record has, as `common` gives them."""


def insert(table: str, columns: str, rows: Iterable[Sequence[object]]) -> None:
    """Rows with the columns that stand in a line."""
    names = ", ".join(f'"{name}"' for name in columns.split())
    places = ", ".join("?" for _name in columns.split())
    database.cursor().executemany(f'INSERT INTO "{table}" ({names}) VALUES ({places})', rows)


def common(session: Session, number: int, name: str, status: str, at: int) -> tuple[object, ...]:
    """What every record has."""
    return (number, new_uid(core.instant(at)), session.branch.id, name, status, "王敏", "王敏", at, at, 1)
