"""The tables that migrations make are those that the program declares."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import peewee
import pytest

from app import models
from app.core.database import database
from app.core.session import Session
from app.models import (
    attachments,
    branches,
    certificates,
    clauses,
    deputies,
    frozen_months,
    history,
    numbering,
    practice,
    prints,
    saved_views,
    staff,
    tables,
    unfinished,
    workdays,
)
from app.models.record import Record
from app.services import workplace

PLAIN = (
    attachments.Attachment, branches.BranchRow, branches.SettingRow, clauses.ClauseVersion, history.History, numbering.Counter,
    numbering.Reserved, practice.Practice, prints.Print, saved_views.SavedView, unfinished.Unfinished, deputies.DeputyRow,
    workdays.DayMark, staff.StaffRow, frozen_months.FrozenMonth, frozen_months.FrozenPart,
    certificates.Certificate, certificates.CertificateKey, certificates.SignedEdition,
)  # fmt: skip


def declared(row: Any) -> Iterator[Any]:
    """All tables below a class that have columns of their own, those of tests left out."""
    for below in row.__subclasses__():
        if below.__name__ not in ("Part", "Record") and below.__module__.startswith("app."):
            yield below
        yield from declared(below)


def all_tables() -> list[Any]:
    for module in iter_modules(models.__path__, "app.models."):
        if not module.ispkg:
            import_module(module.name)
    return [*PLAIN, *declared(tables.Row)]


def columns(names: str) -> dict[str, dict[str, tuple[Any, ...]]]:
    """Table → column → kind, not null, key."""
    found = {}
    for table in names.split():
        rows = database.execute_sql(f'PRAGMA table_info("{table}")').fetchall()
        found[table] = {name: (kind, bool(required), bool(key)) for _place, name, kind, required, _default, key in rows}
    return found


def foreign_keys(names: str) -> dict[str, set[tuple[str, str]]]:
    return {
        table: {(row[3], row[2]) for row in database.execute_sql(f'PRAGMA foreign_key_list("{table}")').fetchall()}
        for table in names.split()
    }


# SQLite stores text alike whether a length was declared or not.
SAME = {"VARCHAR(255)": "TEXT", "VARCHAR(36)": "TEXT", "SMALLINT": "INTEGER"}


def alike(found: dict[str, dict[str, tuple[Any, ...]]]) -> dict[str, dict[str, tuple[Any, ...]]]:
    return {table: {name: (SAME.get(one[0], one[0]), *one[1:]) for name, one in of_it.items()} for table, of_it in found.items()}


def test_migrations_make_the_tables_that_the_program_declares(session: Session) -> None:
    live = all_tables()
    names = " ".join(table._meta.table_name for table in live)
    made, keys = alike(columns(names)), foreign_keys(names)
    with database.atomic() as transaction:
        for table in live:
            database.execute_sql(f'ALTER TABLE "{table._meta.table_name}" RENAME TO "old_{table._meta.table_name}"')
        for table in live:
            table._schema.create_table(safe=False)
        assert alike(columns(names)) == made
        assert foreign_keys(names) == keys
        transaction.rollback()


def test_every_table_of_the_database_is_declared(session: Session) -> None:
    known = {table._meta.table_name for table in all_tables()}
    found = {name for (name,) in database.execute_sql("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()}
    counted = {"tally"}  # kept by triggers alone
    others = {name for name in found if not name.startswith(("search_", "sqlite_"))} - known - counted
    assert len(others) == 1, others  # what peewee's runner remembers of the migrations


def test_every_kind_of_record_is_found_by_its_code() -> None:
    records = [table for table in all_tables() if issubclass(table, Record) and table.KIND]
    assert {table.KIND: table for table in records} == dict(tables.KINDS.items())


def test_every_kind_has_its_search_and_its_setting(session: Session) -> None:
    for kind, table in tables.KINDS.items():
        assert not table.COUNTED or session.settings[f"pattern_{kind}"]
        assert database.execute_sql(f"SELECT count(*) FROM search_{kind}_key").fetchone() == (0,)


def test_every_sortable_column_has_an_index(session: Session) -> None:
    for kind, table in tables.KINDS.items():
        first = set()
        for index in database.execute_sql(f'PRAGMA index_list("{kind}")').fetchall():
            first.add(tuple(row[2] for row in database.execute_sql(f'PRAGMA index_info("{index[1]}")').fetchall())[:2])
        for field in table.FIELDS:
            assert not field.indexed or ("branch_id", field.code) in first, (kind, field.code)


def test_foreign_keys_are_kept(session: Session) -> None:
    with pytest.raises(peewee.IntegrityError):
        database.execute_sql("INSERT INTO loss_line (position, parent_id) VALUES (0, 77)")


def test_migrations_use_no_live_tables() -> None:
    for migration in workplace.MIGRATIONS.glob("[0-9]*.py"):
        assert "app.models" not in Path(migration).read_text(encoding="utf-8")
