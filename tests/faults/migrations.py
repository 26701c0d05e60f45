"""A migration that is killed at every statement: the older tables whole, or the new ones."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import peewee

from app.core import database as store
from app.core import store_file
from app.core.database import FILE_NAME, database
from app.services import backups, workplace
from tests.branch import STARTED
from tests.faults.trial import Trial, Tried, killed_at

_SHAPE = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"


def _older(folder: Path, version: int) -> Path:
    """A branch as the program of that version left it, with a branch in it."""
    place = folder / f"version-{version}"
    store.make_file(place)
    store.open_database(place)
    with database.atomic("EXCLUSIVE"):
        workplace.make_tables(version)
        columns = [row[1] for row in database.execute_sql("PRAGMA table_info(branch)").fetchall() if row[3] and not row[5]]
        known = {"code": "CD", "name": "城东分公司", "time_zone": "Asia/Shanghai"}
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        database.execute_sql(f"INSERT INTO branch ({names}) VALUES ({marks})", [known.get(one, 0) for one in columns])
    store.close()
    return place


def _state(place: Path) -> tuple[Any, ...]:
    """Version, tables and rows, as SQLite finds them after a kill; what was migrated when differs each time."""
    connection = store_file.raw(place / FILE_NAME, None)
    try:
        shape = connection.execute(_SHAPE).fetchall()
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        names = [name for kind, name, _sql in shape if kind == "table" and not name.startswith(("search", "sqlite"))]
        counts = [(name, connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()) for name in names]
        return connection.execute("PRAGMA user_version").fetchone()[0], shape, counts
    finally:
        connection.close()


def _migrate(place: Path, spoil: Callable[[], object], before: Callable[[], None]) -> None:
    """Killed before a statement of the transaction; the backup before it is a matter of its own."""
    spoil()
    store.open_database(place, newest=workplace.LATEST)
    make = backups.make

    def backed_up(*given: Any, **named: Any) -> Any:
        made = make(*given, **named)
        database.obj.connection().set_trace_callback(lambda _statement: before())
        return made

    backups.make = backed_up
    workplace.migrate(place, STARTED)
    before()  # as often as there are statements, and once more after the last
    database.obj.connection().set_trace_callback(None)


def killed(folder: Path, times: int, spoil: Callable[[], object] = list) -> Tried:
    """From each older version; at each n-th statement where not so many are wanted."""
    wrong, done = [], 0
    versions = range(1, workplace.LATEST) if times > 100 else (1, workplace.LATEST - 1)
    stride = max(1, 900 // times)
    for version in versions:
        source = _older(folder, version)
        old, place = _state(source), folder / "tried"
        step, going_on = 0, True
        ends: list[tuple[int, tuple[Any, ...]]] = []
        while going_on:
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(source, place)
            going_on = killed_at(step, partial(_migrate, place, spoil))
            done += going_on
            ends.append((step, _state(place)))
            step += stride
        whole = ends[-1][1]
        if whole[0] != workplace.LATEST:
            wrong.append(f"version {version} was not brought up to date")
        wrong += [f"version {version}, statement {at}: half" for at, found in ends if found not in (old, whole)]
    return Tried(done, tuple(wrong), f"from {len(list(versions))} older versions")


def without_transaction(folder: Path, times: int) -> Tried:
    """The control: each statement for itself."""

    def spoil() -> None:
        peewee.DatabaseProxy.atomic = lambda *_how: nullcontext()
        peewee.Database.atomic = lambda *_how: nullcontext()

    return killed(folder, times, spoil)


TRIALS = (
    Trial(
        "migration-killed",
        "an update of the tables from each older version, killed before each of its statements: the older tables whole or the "
        "new ones",
        killed, 900, 20,
        "the update without its transaction", without_transaction, 30,
    ),
)  # fmt: skip
