"""Opening a folder of data: bring its tables up to date, find its branch, and build the session everything works with."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.core import database as store
from app.core import formats, places, replacing
from app.core.database import APPLICATION, FILE_NAME, Unusable, database, explained, transaction
from app.core.errors import UserError
from app.core.language import _
from app.core.sealed_files import INCOMING
from app.core.session import Branch, Session, named, system_clock
from app.core.settings import Settings
from app.core.store_file import newer
from app.models import branches, deadlines, history, staff, workdays

MIGRATIONS = Path(__file__).resolve().parents[1] / "models" / "migrations"
LATEST = len(list(MIGRATIONS.glob("[0-9]*.py")))


def user_name() -> str:
    """The name that the system knows the person by."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return os.environ.get("USERNAME") or "user"


def open_folder(
    folder: Path, *, user: str = "", key: bytes | None = None, clock: Callable[[], datetime] = system_clock
) -> Session:
    """The session of a branch that exists; `key` opens an encrypted one. UserError where the folder holds none.

    Where there is staff, `user` is one of them: NotPermitted for somebody who does not work here now.
    """
    places.check(folder)
    replacing.finish(folder)
    try:
        store.open_database(folder, key=key, newest=LATEST)
        with explained(folder / FILE_NAME):
            migrate(folder, clock())
            branch = branches.only()
            if branch is None:
                raise UserError(
                    _("The database in {folder} holds no branch. Start a branch in another folder.").format(folder=folder)
                )
            session = _session(branch, folder, user, clock)
            if store.present_key() is not None and staff.any_here(session):
                staff.act_as(session, session.user)
            if not session.calendar.marks:
                _first_calendar(session)
            if key is not None:
                _finish_encryption(folder)
            session.notices += of_the_clock(session)
            _erase_again(session)
            _sweep(session)
            return session
    except Unusable as error:
        store.close()
        raise Unusable(" ".join((str(error), *_helps(folder)))) from error
    except BaseException:
        store.close()
        raise


def _erase_again(session: Session) -> None:
    if (session.folder / replacing.ERASING).exists():
        from app.services import erasures  # heavy: only older data that came back, and what was broken off, pay for it

        erasures.apply_again(session)


def _sweep(session: Session) -> None:
    if any((session.folder / "attachments").glob(f"{INCOMING}*")):
        from app.models import attachments  # heavy: only what an attaching left that was broken off pays for it

        attachments.sweep(session)


def _finish_encryption(folder: Path) -> None:
    from app.services import encryption  # heavy: only an encrypted branch pays for it

    encryption.finish(folder)


def _helps(folder: Path) -> list[str]:
    """The newest good backup of a database that cannot be used."""
    from app.services import backup_places  # heavy: only trouble pays for it

    backup = backup_places.newest_good(backup_places.home(folder))
    if backup is None:
        return []
    words = _("The newest good backup is of {when}: kesu restore {path}")
    return [words.format(when=formats.moment(backup.local, backup.local.tzinfo or UTC), path=backup.path)]


def is_expected(folder: Path) -> bool:
    """Whether a branch was here: its database is there, on its way, or missing though there are backups of it."""
    replacing.finish(folder)
    if store.exists(folder):
        return True
    from app.services import backup_places  # heavy: only a folder without a database pays for it

    return bool(backup_places.listed(backup_places.home(folder)).backups)


def init(
    folder: Path,
    values: Mapping[str, object],
    *,
    user: str = "",
    key: bytes | None = None,
    clock: Callable[[], datetime] = system_clock,
    sample: bool = False,
) -> Session:
    """Start a branch in a folder that holds none yet. A failure leaves no database behind.

    With a `key` it is encrypted, and the user its first administrator.
    """
    waiting = _session(Branch(0, "", ""), folder, user, clock)
    places.check(folder)
    if not sample and is_expected(folder) and not store.exists(folder):
        missing = _("The database of the branch in {folder} is missing. Put a backup back, or choose another folder.")
        raise Unusable(" ".join((missing.format(folder=folder), *_helps(folder))))
    store.make_file(folder, key)
    try:
        store.open_database(folder, key=key)
        migrate(folder, clock())
        branch = branches.create(values, waiting, sample=sample)
        workdays.seed(range(workdays.FIRST_YEAR, waiting.now().year + 2))
        session = _session(branch, folder, user, clock)
        if key is not None:
            staff.enter_first(session, session.user)
            staff.act_as(session, session.user)
    except BaseException:
        _remove(folder)
        raise
    return session


_LEEWAY = timedelta(minutes=2)
"""By which two clocks that are right may differ."""


def of_the_clock(session: Session) -> tuple[str, ...]:
    """What is said once where the last entry is later than now; numbers come from counters and stay unique."""
    last = history.last_at()
    if last is None or last <= session.clock() + _LEEWAY:
        return ()
    sentence = _(
        "The clock of this computer is behind: the last entry was made on {last}, and it is {now} here now. "
        "Set the clock right, else new entries and deadlines get wrong dates."
    )
    moments = (formats.moment(moment, session.branch.zone) for moment in (last, session.clock()))
    return (sentence.format(last=next(moments), now=next(moments)),)


def _first_calendar(session: Session) -> None:
    """A branch from before there was a calendar: fill it, and work the deadlines of its cases out."""
    with transaction():
        workdays.seed(range(workdays.FIRST_YEAR, session.now().year + 2))
        session.calendar = workdays.load()
        deadlines.work_out(session, all_cases=True)


def _remove(folder: Path) -> None:
    store.close()
    for ending in ("", "-wal", "-shm"):
        with suppress(OSError):
            (folder / f"{FILE_NAME}{ending}").unlink(missing_ok=True)


def _session(branch: Branch, folder: Path, user: str, clock: Callable[[], datetime]) -> Session:
    settings = branches.load_settings(branch.id) if branch.id else Settings()
    made = Session(branch=branch, user=named(user or user_name()), folder=folder, settings=settings, clock=clock)
    if branch.id:
        made.calendar = workdays.load()
    return made


def migrate(folder: Path, now: datetime) -> None:
    """Bring the tables to this program's version: one transaction, after a backup of what was there.

    UserError for a newer database, which is left alone.
    """
    version = _version()
    if version == LATEST:
        return
    if version > LATEST:
        raise newer(folder)
    if version:
        from app.services import backups  # heavy: needed once per new version

        backups.make(folder, "migration", now)
    with explained(folder):
        replacing.look_for_erased(folder)
        _bring_up_to_date()


def _bring_up_to_date() -> None:
    with database.atomic("EXCLUSIVE"):
        if _version() < LATEST:  # else another process was first
            make_tables(LATEST)
            database.execute_sql(f"PRAGMA application_id = {APPLICATION}")


@contextmanager
def apart(folder: Path, key: bytes | None, user: str, now: datetime) -> Iterator[Session]:
    """A database that comes from a backup, with this program's tables, for what has to be written into it by that person.

    It is closed afterwards. UserError where it holds no branch or cannot be brought up to date.
    """
    store.open_database(folder, key=key, newest=LATEST)
    try:
        with explained(folder / FILE_NAME):
            _bring_up_to_date()
            branch = branches.only()
            if branch is None:
                raise Unusable(_("The backup holds no branch. Nothing was changed. Choose another backup."))
            yield _session(branch, folder, user, lambda: now)
    finally:
        store.close()


def make_tables(version: int) -> None:
    """Bring the tables of the open database to a version of the program, this one's or an older one."""
    from playhouse.migrations import Runner  # heavy: needed once per new version

    last = sorted(path.stem for path in MIGRATIONS.glob("[0-9]*.py"))[version - 1]
    Runner(database.obj, str(MIGRATIONS)).up(last)
    database.execute_sql(f"PRAGMA user_version = {version}")


def _version() -> int:
    return int(database.execute_sql("PRAGMA user_version").fetchone()[0])
