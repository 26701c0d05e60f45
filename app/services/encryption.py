"""Passwords for a branch that has none, a new key when somebody leaves, and a plain store again: key file and store together."""

from __future__ import annotations

from pathlib import Path

from app.core import database as store
from app.core import keyring
from app.core.rewriting import rewrite, rewrite_file
from app.core.session import Session
from app.core.store_file import is_plain

BACKUPS = "backups"


def turn_on(session: Session, name: str, password: str) -> str:
    """Encrypt the open store; from now on it opens by a password. The recovery code, to be printed now."""
    with keyring.making(session.folder, name, password) as made:
        rewrite(made.key)
    encrypt_copies(session.folder)
    return made.code


def turn_off(session: Session, name: str, password: str) -> None:
    """Make the open store a plain one without passwords. SignInRefused for a wrong password."""
    key = keyring.unlock(session.folder, name, password).key
    with keyring.leaving(session.folder, key):
        rewrite(None)


def rekey(session: Session, without: str = "") -> None:
    """Write the open store anew with a new key; who left can use neither password nor a copy of the old key."""
    key = store.present_key()
    if key is not None:
        with keyring.rekeying(session.folder, key, without) as coming:
            rewrite(coming)


def encrypt_copies(folder: Path) -> None:
    """Encrypt what lies in plain in the folder of backups of an encrypted store that is open."""
    key = store.present_key()
    for path in sorted((folder / BACKUPS).glob("*.db")) if key is not None else ():
        if is_plain(path):
            store.keep_key_file(path)
            rewrite_file(path, None, key)
