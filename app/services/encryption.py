"""Passwords for a branch that has none, a new key when somebody leaves, and a plain store again: key file and store together."""

from __future__ import annotations

import shutil
from pathlib import Path

from app.core import database as store
from app.core import keyring, sealed_files
from app.core.rewriting import rewrite, rewrite_file
from app.core.sealed_files import INCOMING
from app.core.session import Session, system_clock
from app.core.store_file import GONE, is_plain, wipe
from app.services import backup_places, backups

BACKUPS, ATTACHMENTS = "backups", "attachments"


def turn_on(session: Session, name: str, password: str) -> str:
    """Encrypt the open store and the files beside it; they open by a password then. The recovery code, to be printed now."""
    with keyring.making(session.folder, name, password) as made:
        rewrite(made.key)
    finish(session.folder)
    return made.code


def turn_off(session: Session, name: str, password: str) -> None:
    """Make the open store and its files plain, without passwords. SignInRefused for a wrong password."""
    folder, key = session.folder, keyring.unlock(session.folder, name, password).key
    keyring.say_unfinished(folder, key, True)
    try:
        _go_through_files(folder, seal=False)
        with keyring.leaving(folder, key):
            rewrite(None)
    except BaseException:
        finish(folder)
        raise
    _renew_backups(folder)


def rekey(session: Session, without: str = "") -> None:
    """Write the open store anew with a new key, and new files with a new one.

    Who left can use neither password nor a copy of the old keys; files that they could read then stay as they are.
    """
    key = store.present_key()
    if key is not None:
        with keyring.rekeying(session.folder, key, without) as coming:
            rewrite(coming)


def finish(folder: Path) -> None:
    """Encrypt what still lies in plain beside an encrypted store that is open; where that was cut off, at the next opening."""
    key = store.present_key()
    if key is None or not keyring.is_unfinished(folder):
        return
    _go_through_files(folder, seal=True)
    for path in sorted((folder / BACKUPS).glob("*.db")):
        if is_plain(path):
            store.keep_key_file(path)
            rewrite_file(path, None, key)
    _renew_backups(folder)
    keyring.say_unfinished(folder, key, False)


def _renew_backups(folder: Path) -> None:
    """One backup of the store as it is now, in place of those from before: they would be readable, or need keys that are gone.

    Their attachments were other names of files that have been overwritten. What lies in the second place stays.
    """
    home = backup_places.home(folder)
    old = backup_places.listed(home).backups
    if not old:
        return
    shutil.rmtree(home / ATTACHMENTS, ignore_errors=True)
    made = backups.make(folder, "hand", system_clock())
    for backup in old:
        if backup.path != made.backup.path:
            wipe(backup.path, made.backup.path)


def _go_through_files(folder: Path, *, seal: bool) -> None:
    keys = keyring.file_keys(folder)
    for path in sorted((folder / ATTACHMENTS).glob("*/*")):
        if path.name.startswith(INCOMING) or path.suffix == GONE:  # left by what was cut off
            wipe(path, path.with_name(path.name.removeprefix(INCOMING).removesuffix(GONE)))
        else:
            sealed_files.rewrite(path, keys, seal=seal)
