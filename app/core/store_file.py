"""The database file as a file: what can be told before it is opened, plain connections to it, and how it is overwritten."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as driver

from app.core import key_file, text
from app.core.errors import SignInNeeded, UserError
from app.core.files import sync_folder
from app.core.language import _
from app.core.likeness import phones

FILE_NAME = "kesu.db"
APPLICATION = 0x4B455355  # "KESU", so that the file can be told from other SQLite files
COMING, GONE = ".coming", ".gone"
"""Endings of a database file while it is written anew with another key, and of the old one until it is overwritten."""
_HEADER = 100
MAGIC = b"SQLite format 3\0"
"""How a file begins that is not encrypted."""
_PAGE = 4096
_LEAST_CHANCE = 50
"""Different bytes in the first hundred of an encrypted file: they are as good as drawn, so about 83."""
_BLOCK = 1024 * 1024


class Unusable(UserError):
    """The database is missing, cut or unreadable: a backup may help."""


def be_the_only_one() -> None:
    """Whoever asks Python for SQLite from now on gets this one: peewee would load the system's beside it."""
    sys.modules.setdefault("sqlite3", driver)


def is_encrypted(folder: Path) -> bool:
    """Whether the folder holds a database that needs the key file beside it."""
    path = folder / FILE_NAME
    return path.is_file() and not is_plain(path) and key_file.present(folder)


def is_plain(path: Path) -> bool:
    """Whether a file begins as SQLite's do without a key."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def opens_with(folder: Path, key: bytes | None) -> bool:
    """Whether this is the key of the database in the folder."""
    path = folder / FILE_NAME
    if not path.is_file() or not path.stat().st_size:
        return False
    connection = raw(path, key)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except driver.Error:
        return False
    finally:
        connection.close()
    return True


def check_file(path: Path, newest: int | None) -> bool:
    """Look at the file before SQLite does: opening would already write to it. Whether it is a plain one."""
    if not path.exists():
        raise Unusable(
            _("There is no database in {folder}. Check the folder or start a branch in it.").format(folder=path.parent)
        )
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        raise UserError(unwritable(path))
    with path.open("rb") as file:
        header = file.read(_HEADER)
    if not header.startswith(MAGIC):
        _check_encrypted(path, header)
        return False
    if len(header) < _HEADER or _cut(path, header):
        raise Unusable(damaged().format(path=path))
    if int.from_bytes(header[68:72], "big") != APPLICATION:
        raise UserError(foreign().format(path=path))
    if newest is not None and int.from_bytes(header[60:64], "big") > newest:
        raise newer(path.parent)
    return True


def _check_encrypted(path: Path, header: bytes) -> None:
    """What can be said without the key: a file that is cut, or overwritten with something that is not as good as drawn."""
    if path.stat().st_size % _PAGE or len(set(header)) < _LEAST_CHANCE:
        raise Unusable(damaged().format(path=path))


def locked(path: Path) -> UserError:
    """What is said of an encrypted file without its key."""
    if key_file.present(path.parent):
        return SignInNeeded(_("The data in {folder} are protected by passwords. Sign in.").format(folder=path.parent))
    return Unusable(
        _(
            "{path} is damaged, or it is encrypted and its key file {name} is missing. Nothing was changed. "
            "Put back both from a backup, or choose another data folder."
        ).format(path=path, name=key_file.FILE_NAMES[0])
    )


def _cut(path: Path, header: bytes) -> bool:
    """Whether the file is shorter than its header says; the header of a database in use may be behind its write-ahead log."""
    waiting = path.with_name(f"{path.name}-wal")
    if waiting.exists() and waiting.stat().st_size:
        return False
    size = int.from_bytes(header[16:18], "big")
    return path.stat().st_size < int.from_bytes(header[28:32], "big") * (65536 if size == 1 else size)


def newer(folder: Path) -> UserError:
    """What is said of a database that a newer program has changed."""
    return UserError(
        _(
            "The database in {folder} was written by a newer program. Nothing was changed. Install the newer program here too."
        ).format(folder=folder)
    )


def raw(path: Path, key: bytes | None, query: str = "") -> Any:  # noqa: ANN401 - the driver's connection
    """A connection to any database file, with its key and our functions, and nothing else set. Who asks for it closes it.

    `query`: how SQLite opens it, as the end of its address.
    """
    connection = driver.connect(path.absolute().as_uri() + query, uri=True, isolation_level=None)
    connection.execute("PRAGMA cipher_log_level = NONE")
    if key is not None:
        connection.execute(f"PRAGMA key = {key_words(key)}")
    connection.create_function("text_key", 1, lambda value: text.key(value or ""), deterministic=True)
    connection.create_function("phone_keys", 1, lambda value: " ".join(sorted(phones(value))), deterministic=True)
    return connection


def key_words(key: bytes | None) -> str:
    """A raw key as SQL: 32 bytes that are used as they are, or no key."""
    return "''" if key is None else f"\"x'{key.hex()}'\""


def faults(path: Path, key: bytes | None) -> list[str]:
    """What is wrong with a file, in SQLite's words: of an encrypted one the check sum of each page is looked at first."""
    connection = raw(path, key)
    try:
        if key is not None and (found := [str(row[0]) for row in connection.execute("PRAGMA cipher_integrity_check")]):
            return found
        return [str(row[0]) for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
    except driver.DatabaseError as error:
        return [str(error)]
    finally:
        connection.close()


def clear_up(path: Path) -> None:
    """Overwrite what a change of the key left that was cut off."""
    for ending in (COMING, GONE):
        wipe(path.with_name(f"{path.name}{ending}"), path)


def swap(path: Path, coming: Path) -> None:
    """Give a new file the name of the old one, and overwrite the old one."""
    gone = path.with_name(f"{path.name}{GONE}")
    wipe(gone, path)
    with suppress(OSError):  # some disks know no second name for a file: then the old one is deleted, not overwritten
        os.link(path, gone)
    coming.replace(path)
    sync_folder(path.parent)
    wipe(gone, path)


def wipe(path: Path, store: Path) -> None:
    """Overwrite a file before it is deleted; where it is another name of the store itself, only the name goes."""
    if not path.exists():
        return
    if not store.exists() or not path.samefile(store):
        with path.open("r+b") as file:
            for _block in range(0, path.stat().st_size, _BLOCK):
                file.write(bytes(_BLOCK))
            file.flush()
            os.fsync(file.fileno())
    path.unlink()


def unwritable(path: Path | str) -> str:
    """What is said of a file that cannot be written: the disk is not the account's fault."""
    if _is_read_only(Path(path)):
        return _("{path} lies on a disk that can only be read. Copy the data folder to another disk.").format(path=path)
    return _("{path} cannot be written. Give this account the right to write there, or choose another data folder.").format(
        path=path
    )


def _is_read_only(path: Path) -> bool:
    """Whether the disk is; Windows does not tell it apart."""
    try:
        return os.name != "nt" and bool(os.statvfs(path if path.exists() else path.parent).f_flag & os.ST_RDONLY)
    except OSError:
        return False


def foreign() -> str:
    return _("{path} belongs to another program. Nothing was changed. Choose another data folder.")


def damaged() -> str:
    return _("{path} is damaged. Nothing was changed. Put back a backup, or choose another data folder.")
