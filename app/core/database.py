"""The database handle: opening with its safety settings, transactions, column types, and driver errors put into words.

SQLite comes with the program (sqlcipher3): the one of most systems can corrupt a WAL database.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import peewee
from playhouse.sqlcipher_ext import SqlCipherDatabase
from sqlcipher3 import dbapi2 as driver

from app.core import key_file
from app.core.errors import UserError
from app.core.files import reason, sync, write_durable
from app.core.language import _
from app.core.progress import Progress
from app.core.store_file import APPLICATION as APPLICATION
from app.core.store_file import FILE_NAME as FILE_NAME
from app.core.store_file import Unusable as Unusable
from app.core.store_file import (
    check_file,
    clear_up,
    damaged,
    foreign,
    is_plain,
    locked,
    newer,
    raw,
    unwritable,
)

PRAGMAS: tuple[tuple[str, int | str], ...] = (
    ("journal_mode", "wal"),
    ("synchronous", 2),  # FULL: in simulated power cuts NORMAL lost acknowledged commits
    ("foreign_keys", 1),
    ("busy_timeout", 5000),
    ("secure_delete", 1),
    ("trusted_schema", 0),
    ("cell_size_check", 1),
    ("mmap_size", 0),
)
_WITHOUT_LOG: dict[str, int | str] = {"journal_mode": "delete", "synchronous": 3}
"""For a SQLite whose write-ahead log two connections can corrupt. EXTRA: no deleted journal is back after a power cut."""
CACHE_KIB = 8_000
"""Of pages kept by each connection. More would fill with an index of a million rows as one scrolls, for 20 ms at its end."""
_LEAST_ROOM = 32 * 1024
"""Of the write-ahead log's index, in bytes."""
_PAGES_AT_ONCE = 2_000


database: peewee.DatabaseProxy = peewee.DatabaseProxy()
"""The only global of the program: the open database that all tables are bound to."""


class _Store(SqlCipherDatabase):  # type: ignore[misc, unused-ignore]
    """SQLite with every connection set up, and read back, the same way; `key` is None for a plain file."""

    def __init__(self, path: Path, key: bytes | None) -> None:
        super().__init__(str(path), passphrase="", thread_safe=True)
        self.key = key

    def _connect(self) -> Any:  # noqa: ANN401 - the driver's connection
        connection = raw(Path(self.database), self.key)
        try:
            self._add_conn_hooks(connection)
            _set_up(connection)
        except BaseException:
            connection.close()
            raise
        return connection


def _set_up(connection: Any) -> None:  # noqa: ANN401 - the driver's connection
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    connection.execute("PRAGMA temp_store = MEMORY")
    for name, wanted in _pragmas(driver.sqlite_version_info):
        connection.execute(f"PRAGMA {name} = {wanted}")
        row = connection.execute(f"PRAGMA {name}").fetchone()
        if row is not None and str(row[0]).lower() != str(wanted):
            raise UserError(
                _("The database cannot be opened safely here: {name} stays {value}. Put the data folder on a local disk.").format(
                    name=name, value=row[0]
                )
            )


def _pragmas(version: tuple[int, ...]) -> tuple[tuple[str, int | str], ...]:
    """Those that a version of SQLite needs: the fault of the write-ahead log was mended in 3.51.3, 3.50.7 and 3.44.6."""
    sound = version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
    return PRAGMAS if sound else tuple((name, _WITHOUT_LOG.get(name, wanted)) for name, wanted in PRAGMAS)


def exists(folder: Path) -> bool:
    """Whether the folder holds a database."""
    return (folder / FILE_NAME).exists()


def present_key() -> bytes | None:
    """The key of the open database, None for a plain one."""
    return None if database.obj is None else database.obj.key


def open_database(folder: Path, *, key: bytes | None = None, newest: int | None = None) -> None:
    """Bind all tables to the database in `folder`; `key` is that of an encrypted one, and ignored for a plain one.

    UserError where it is missing, foreign, damaged, not writable, or of a version above `newest`; its file is not touched then.
    SignInNeeded for an encrypted one without its key.
    """
    path = folder / FILE_NAME
    with explained(path):
        plain = check_file(path, newest)
        if not plain and key is None:
            raise locked(path)
        close()
        database.initialize(_Store(path, None if plain else key))
        database.connect()
        try:
            _check_header(path, newest)
            clear_up(path)
        except BaseException:
            close()
            raise


def know(folder: Path, key: bytes | None) -> None:
    """From now on files beside the tables are opened by this key, though no database is open. None: they are plain."""
    close()
    database.initialize(_Store(folder / FILE_NAME, key))


def _check_header(path: Path, newest: int | None) -> None:
    """What could not be read of an encrypted file before."""
    if _number("application_id") != APPLICATION:
        raise UserError(foreign().format(path=path))
    if newest is not None and _number("user_version") > newest:
        raise newer(path.parent)


def _number(pragma: str) -> int:
    return int(database.execute_sql(f"PRAGMA {pragma}").fetchone()[0])


def make_file(folder: Path, key: bytes | None = None) -> None:
    """An empty database with our mark in its header, before any write-ahead log: a crash leaves a file that is known as ours.

    With a key it is encrypted.

    UserError where there is one already, also where another process was first by a moment.
    """
    path = folder / FILE_NAME
    with explained(path):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            path.open("x").close()
        except FileExistsError:
            raise UserError(_("{folder} already holds a branch. Choose another data folder.").format(folder=folder)) from None
        try:
            connection = raw(path, key)
            try:
                connection.execute(f"PRAGMA application_id = {APPLICATION}")
            finally:
                connection.close()
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def is_open() -> bool:
    """Whether this thread has a store to ask. One that was closed would be opened again by whoever asks."""
    return database.obj is not None and not database.is_closed()


def close() -> None:
    """Close this thread's connection, if one is open."""
    if is_open():
        database.close()


@contextmanager
def transaction() -> Iterator[None]:
    """One action of a person, all or nothing; takes the write lock at once (a deferred one fails without waiting)."""
    with explained(None), database.atomic("IMMEDIATE"):
        yield


@contextmanager
def connection() -> Iterator[None]:
    """A connection of its own for a worker thread."""
    with explained(None):
        opened = database.connect(reuse_if_open=True)
        try:
            yield
        finally:
            if opened:  # else it is that of the caller
                database.close()


_DRIVER_ERRORS = (peewee.DatabaseError, driver.Error)
CONSTRAINTS = (driver.IntegrityError, driver.DataError, driver.InterfaceError)
"""What the driver raises for a value that a table cannot take."""


@contextmanager
def explained(path: Path | None) -> Iterator[None]:
    """Turn errors of driver and disk into sentences; what is our own fault stays as it is."""
    try:
        yield
    except _DRIVER_ERRORS as error:
        sentence = next(filter(None, (_sentence(str(one).lower(), path) for one in _with_causes(error))), None)
        if sentence is None:
            raise
        raise (Unusable if sentence == damaged().format(path=_where(path)) else UserError)(sentence) from error
    except PermissionError as error:
        raise UserError(unwritable(error.filename or path or "")) from error
    except OSError as error:
        raise UserError(
            _("{path} cannot be used: {reason}. Check the disk and the rights on the folder.").format(
                path=error.filename or path or _("A file"), reason=reason(error)
            )
        ) from error


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and those in whose wake it came: on a full disk SQLite rolls back by itself, and then the rollback fails too."""
    while isinstance(error, _DRIVER_ERRORS):
        yield error
        error = error.__context__


def _sentence(message: str, path: Path | None) -> str | None:
    where = _where(path)
    if "disk is full" in message or ("disk i/o" in message and _is_full(where)):
        return _("Not saved: the disk is full. Make room, then save again; what was typed is still there.")
    if "readonly" in message or "unable to open" in message:
        return unwritable(where)
    if "malformed" in message or "not a database" in message:
        return damaged().format(path=where)
    if "locked" in message:
        return _("Another program has been writing for more than five seconds. Wait a moment, then do it again.")
    if "disk i/o" in message:
        return _("The disk that holds {path} does not answer. Check the disk, then do it again.").format(path=where)
    return None


def _where(path: Path | None) -> str:
    return str(path or (database.database if database.obj is not None else ""))


def _is_full(path: str) -> bool:
    """Whether nothing more fits on the disk: SQLite calls it an I/O error where it cannot make room for its shared memory."""
    with suppress(OSError):
        return shutil.disk_usage(Path(path).parent).free < _LEAST_ROOM
    return False


def open_file(path: Path, *, fixed: bool = True) -> Any:  # noqa: ANN401 - the driver's connection
    """A connection of its own to a database file, by the key of the open one; whoever asks closes it.

    `fixed`: nobody writes to the file, so it is read without leaving a trace beside it, also from a place that cannot be written.
    """
    return _opened(path, "?mode=ro&immutable=1" if fixed else "?mode=rw")


def _opened(path: Path, query: str) -> Any:  # noqa: ANN401 - the driver's connection
    """The one place where a file beside the tables is opened: a plain one needs no key."""
    plain = path.is_file() and is_plain(path)
    connection = raw(path, None if plain else present_key(), query)
    connection.execute("PRAGMA busy_timeout = 5000")
    return connection


@contextmanager
def snapshot(path: Path) -> Iterator[Any]:
    """The database in use as it is at this moment, whatever is written meanwhile: the driver's connection, to read from."""
    with explained(path):
        connection = open_file(path, fixed=False)
        try:
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on the moment is fixed
            yield connection
        finally:
            connection.close()


def copy_to(target: Path, reading: Any, progress: Progress) -> None:  # noqa: ANN401 - the driver's connection
    """Copy what a `snapshot` sees into a new file, page by page and as encrypted as it is; synced, not checked.

    Cancelled and UserError leave the beginning of a file, which the caller takes away.
    """
    with explained(target):
        connection = _opened(target, "?mode=rwc")
        try:

            def tell(_status: int, left: int, total: int) -> None:
                progress.step((total - left) * 4 // 1024, max(1, total * 4 // 1024), _("Copying the database (MB)"))

            reading.backup(connection, pages=_PAGES_AT_ONCE, progress=tell)
            connection.execute("PRAGMA journal_mode = DELETE")  # one file that can be read from a disk without rights
        finally:
            connection.close()
        sync(target)


def put_at_rest(path: Path) -> None:
    """Bring all of a database into its one file. UserError where another program has it open; a damaged one stays as it is."""
    with suppress(Unusable), explained(path):
        connection = open_file(path, fixed=False)
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
        finally:
            connection.close()


def keep_key_file(target: Path) -> None:
    """Put the key file beside a copy of the database that it opens."""
    body = key_file.read(Path(database.database).parent).body
    write_durable(target.with_suffix(".keys.json"), key_file.encode(body))


class MoneyColumn(peewee.BigIntegerField):  # type: ignore[misc, unused-ignore]
    """Decimal 元 in the program, integer 分 in the database."""

    def db_value(self, value: Decimal | None) -> int | None:
        return None if value is None else int((value * 100).to_integral_exact())

    def python_value(self, value: int | None) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-2)


class QuantityColumn(peewee.BigIntegerField):  # type: ignore[misc, unused-ignore]
    """Decimal units in the program, integer thousandths in the database."""

    def db_value(self, value: Decimal | None) -> int | None:
        return None if value is None else int((value * 1000).to_integral_exact())

    def python_value(self, value: int | None) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-3).normalize() + 0


EPOCH, MILLISECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)


class InstantColumn(peewee.BigIntegerField):  # type: ignore[misc, unused-ignore]
    """An aware UTC datetime in the program, integer milliseconds since 1970 in the database."""

    def db_value(self, value: datetime | int | None) -> int | None:
        return milliseconds(value) if isinstance(value, datetime) else value

    def python_value(self, value: int | None) -> datetime | None:
        return None if value is None else instant(value)


def milliseconds(value: datetime) -> int:
    """An aware datetime as stored."""
    since = value - EPOCH
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000


def instant(value: int) -> datetime:
    """What is stored, as an aware UTC datetime; also before 1970."""
    return EPOCH + value * MILLISECOND


class DayColumn(peewee.CharField):  # type: ignore[misc, unused-ignore]
    """A date in the program, YYYY-MM-DD in the database."""

    def db_value(self, value: date | str | None) -> str | None:
        return value.isoformat() if isinstance(value, date) else value

    def python_value(self, value: str | None) -> date | None:
        return None if value is None else date.fromisoformat(value)


class TagsColumn(peewee.TextField):  # type: ignore[misc, unused-ignore]
    """A tuple of words in the program, one line each in the database."""

    def db_value(self, value: tuple[str, ...] | str | None) -> str | None:
        return "\n".join(value) if isinstance(value, tuple | list) else value

    def python_value(self, value: str | None) -> tuple[str, ...] | None:
        return tuple(value.split("\n")) if value else None


def store_version() -> str:
    """The version of SQLite in use."""
    return str(database.execute_sql("SELECT sqlite_version()").fetchone()[0])
