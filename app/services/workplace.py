"""Opening a folder of data: bring its tables up to date, find its branch, and build the session everything works with."""

from __future__ import annotations

import getpass
import os
import shutil
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from app.core import database as store
from app.core.database import APPLICATION, FILE_NAME, database, explained
from app.core.errors import UserError
from app.core.language import _
from app.core.session import Branch, Session, system_clock
from app.models import branches

# Importing these declares the tables and steps of every kind.
from app.models import complaint_steps as complaint_steps
from app.models import listing as listing
from app.models import objection_steps as objection_steps

MIGRATIONS = Path(__file__).resolve().parents[1] / "models" / "migrations"
LATEST = len(list(MIGRATIONS.glob("[0-9]*.py")))


def user_name() -> str:
    """The name that the system knows the person by."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return os.environ.get("USERNAME") or "user"


def open_folder(folder: Path, *, user: str = "", clock: Callable[[], datetime] = system_clock) -> Session:
    """The session of a branch that exists. UserError where the folder holds none."""
    store.open_database(folder)
    migrate(folder)
    branch = branches.only()
    if branch is None:
        raise UserError(_("The database in {folder} holds no branch. Start a branch in another folder.").format(folder=folder))
    return _session(branch, folder, user, clock)


def init(folder: Path, values: Mapping[str, object], *, user: str = "", clock: Callable[[], datetime] = system_clock, sample: bool = False) -> Session:
    """Start a branch in a folder that holds none yet. A failure leaves no database behind."""
    if store.exists(folder):
        raise UserError(_("{folder} already holds a branch. Choose another data folder.").format(folder=folder))
    waiting = _session(Branch(0, "", ""), folder, user, clock)
    try:
        store.open_database(folder, create=True)
        migrate(folder)
        branch = branches.create(values, waiting, sample=sample)
    except BaseException:
        _remove(folder)
        raise
    return _session(branch, folder, user, clock)


def _remove(folder: Path) -> None:
    store.close()
    for ending in ("", "-wal", "-shm"):
        (folder / f"{FILE_NAME}{ending}").unlink(missing_ok=True)


def _session(branch: Branch, folder: Path, user: str, clock: Callable[[], datetime]) -> Session:
    settings = branches.load_settings(branch.id) if branch.id else branches.Settings()
    return Session(branch=branch, user=user or user_name(), folder=folder, settings=settings, clock=clock)


def migrate(folder: Path) -> None:
    """Bring the tables to this program's version: one transaction, after a copy of what was there. A newer database is left alone."""
    version = database.execute_sql("PRAGMA user_version").fetchone()[0]
    if version == LATEST:
        return
    if version > LATEST:
        store.close()
        raise UserError(
            _("The database in {folder} was written by a newer program. Nothing was changed. Install the newer program here too.").format(folder=folder)
        )
    from playhouse.migrations import Runner  # heavy: needed once per new version

    with explained(folder):
        if version:
            _copy(folder, version)
        with database.atomic("EXCLUSIVE"):
            Runner(database.obj, str(MIGRATIONS)).up()
            database.execute_sql(f"PRAGMA application_id = {APPLICATION}")
            database.execute_sql(f"PRAGMA user_version = {LATEST}")


def _copy(folder: Path, version: int) -> None:
    """A verified copy of the database before its tables change."""
    backups = folder / "backups"
    backups.mkdir(exist_ok=True)
    target = backups / f"before-migration-{version}.db"
    waiting = target.with_suffix(".part")
    waiting.unlink(missing_ok=True)
    database.execute_sql("VACUUM INTO ?", (str(waiting),))
    shutil.move(waiting, target)
