"""Who may put a backup back, and by which keys it opens: found out before anything takes the place of what is there.

Where the present data have passwords, an administrator must ask for it, by the key file of the present folder. Where they are
missing or cannot be opened any more, an administrator of the backup. And a backup with keys of its own must be opened first.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.core import database as store
from app.core import key_file, keyring, text
from app.core.database import FILE_NAME
from app.core.errors import NotPermitted, UserError
from app.core.keyring import Unlocked
from app.core.language import _
from app.core.session import Session
from app.core.store_file import opens_with
from app.models import permissions, staff
from app.services import backup_file


class Given(NamedTuple):
    """What somebody typed: their name, and their password; `by_code`: the recovery code in its place."""

    name: str
    secret: str
    by_code: bool = False


class Question(NamedTuple):
    """What is asked for, in words. `of_backup`: keys of the backup, not of the present data."""

    title: str
    text: str
    of_backup: bool


Ask = Callable[[Question, Callable[[Given], None]], None]
"""How a door asks: it hands what was typed to the function until that raises nothing. Cancelled where the person gives up."""


class Right(NamedTuple):
    """By whom a backup is put back. `here` opens the present data, `key` the backup; None for a plain one.

    `asked`: the present data say that this person may; else the backup's own list of staff must. `kept`: the key files that are
    here open the backup as well, and stay: nobody has to remember an older password.
    """

    user: str
    here: bytes | None = None
    key: bytes | None = None
    asked: bool = True
    kept: bool = False


def of_session(session: Session, path: Path, ask: Ask) -> Right:
    """The right of who sits at the window. NotPermitted for others than administrators; PasswordNeeded."""
    permissions.require(session, "backup.restore")
    here = store.present_key()
    return _of_backup(session.folder, path, Right(session.user, here), None, ask)


def of_folder(folder: Path, path: Path, user: str, now: datetime, ask: Ask) -> Right:
    """The right to put a backup into a closed folder; `user` is the name that is believed where there are no passwords."""
    right, given = Right(user), None
    if _has_passwords(folder):
        right, given = _of_present(folder, now, ask)
    elif not opens_with(folder, None):  # missing, damaged, or encrypted by a key that nobody has any more
        right = Right(user, asked=False)
    return _of_backup(folder, path, right, given, ask)


def _has_passwords(folder: Path) -> bool:
    """Whether there are passwords that can still be asked for."""
    if not keyring.exists(folder):
        return False
    with suppress(UserError):
        key_file.read(folder)
        return True
    return False


def _of_present(folder: Path, now: datetime, ask: Ask) -> tuple[Right, Given]:
    found: list[tuple[Right, Given]] = []

    def attempt(given: Given) -> None:
        unlocked = _unlocked(folder, given)
        name = given.name if given.by_code else unlocked.name
        may = is_administrator(folder, unlocked.key, name, now)
        if may is False:
            raise NotPermitted(_refused(name))
        found.append((Right(name, unlocked.key, asked=may is not None), given))

    question = Question(
        _("Who restores the backup?"),
        _("The data here are protected by passwords. An administrator can put a backup in their place."),
        of_backup=False,
    )
    ask(question, attempt)
    return found[-1]


def _unlocked(folder: Path, given: Given) -> Unlocked:
    if given.by_code:
        return keyring.unlock_by_code(folder, given.secret)
    return keyring.unlock(folder, given.name, given.secret)


def _refused(name: str) -> str:
    return _("{name} is no administrator and may not restore a backup. Ask an administrator.").format(name=text.quoted(name))


def is_administrator(folder: Path, key: bytes | None, name: str, now: datetime) -> bool | None:
    """Whether somebody looks after the data in a folder; None where these cannot be opened any more to be asked."""
    try:
        store.open_database(folder, key=key)
    except UserError:
        return None
    try:
        with store.explained(folder / FILE_NAME):
            return staff.administers(name, now)
    except UserError:
        return None
    finally:
        store.close()


def _of_backup(folder: Path, path: Path, right: Right, given: Given | None, ask: Ask) -> Right:
    """The same with the key of the backup. UserError where nobody could open it."""
    with tempfile.TemporaryDirectory() as place:
        keys = Path(place)
        if not backup_file.take_keys(path, keys):
            return right._replace(asked=True)  # it has no staff that could be asked
        if right.here is not None and keyring.belongs(keys, right.here):
            return right._replace(key=right.here, kept=_has_passwords(folder))
        found: list[Right] = []

        def attempt(typed: Given) -> None:
            unlocked = _unlocked(keys, typed)
            name = right.user if right.asked and right.here is not None else (typed.name if typed.by_code else unlocked.name)
            found.append(right._replace(user=name, key=unlocked.key))

        if given is not None:
            with suppress(UserError):
                attempt(given)
        if not found:
            ask(_of_older_keys(asked=right.asked and right.here is not None), attempt)
        return found[-1]


def _of_older_keys(*, asked: bool) -> Question:
    if asked:
        words = _(
            "This backup has other keys than the data here, as one from before somebody left. Give a name and password from "
            "that time, or its recovery code: else nobody could open it afterwards."
        )
    else:
        words = _("The backup is protected by passwords. Give the name and password of an administrator in it.")
    return Question(_("Open the backup"), words, of_backup=True)


def demand(folder: Path, right: Right, zone: str, now: datetime) -> None:
    """Of the unpacked backup: NotPermitted where its own list must say that the person may, and does not."""
    if not right.asked and is_administrator(folder, right.key, right.user, now.astimezone(ZoneInfo(zone))) is False:
        raise NotPermitted(_refused(right.user))
