"""What the database means to do with the statements that a piece of work sends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.core.database import database


def plans(monkeypatch: pytest.MonkeyPatch, work: Callable[[], object]) -> dict[str, list[str]]:
    """Every statement that reads, with the steps of its plan."""
    found: dict[str, list[str]] = {}
    plain = database.execute_sql

    def watched(sql: str, params: Any = (), *rest: Any) -> Any:
        if sql.lstrip().startswith("SELECT"):
            found[sql] = [row[3] for row in plain(f"EXPLAIN QUERY PLAN {sql}", params).fetchall()]
        return plain(sql, params, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(database.obj, "execute_sql", watched)
        work()
    assert found
    return found
