"""The workbook that a task of the system writes each month where there are passwords: registered once by the branch head.

The task knows nobody's password. It has a secret of its own in a file that only the account of the system can read, and an entry
in the key file. Both open the data, so they serve for nothing but this export into one folder, and can be withdrawn.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import platformdirs

from app.core import database as store
from app.core import keyring
from app.core.database import database, explained, instant, transaction
from app.core.errors import NotPermitted, SignInNeeded, UserError
from app.core.language import _
from app.core.session import Session, system_clock
from app.core.tries import SignInRefused
from app.models import history, permissions
from app.services import workplace

NAME = f"kesu {'export ' * 8}task"
"""Of the entry in the key file; no person's name can be so long."""
BEGUN, ENDED = "schedule", "schedule-end"
_ROLE = "head"


class Registered(NamedTuple):
    """Who registered the export, when, and into which folder it goes."""

    who: str
    at: datetime
    folder: Path


def registered() -> Registered | None:
    """What stands in the history of the open branch; None where nothing was registered, or it was withdrawn."""
    row = database.execute_sql(
        "SELECT who, at, note, action FROM history WHERE kind = 'branch' AND action IN (?, ?) ORDER BY id DESC LIMIT 1",
        (BEGUN, ENDED),
    ).fetchone()
    return None if row is None or row[3] == ENDED else Registered(row[0], instant(row[1]), Path(row[2]))


def secret_file(folder: Path) -> Path:
    """Where this account of the system keeps the secret for a folder of data."""
    code = hashlib.sha256(str(folder.absolute()).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return Path(platformdirs.user_config_dir("kesu", appauthor=False)) / f"export-{code}.json"


def register(session: Session, out: Path) -> Path:
    """Let this account of the system write the workbooks into a folder without a password; where its secret lies.

    What was registered before, also for another account, holds no longer.
    """
    permissions.require(session, "export.schedule")
    if session.open:
        raise UserError(_("This branch has no passwords: the task needs no registration."))
    secret, path = secrets.token_urlsafe(32), secret_file(session.folder)
    key = store.present_key()
    assert key is not None
    known = NAME in keyring.people(session.folder)
    (keyring.reset_person if known else keyring.add_person)(session.folder, key, NAME, secret)
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump({"by": session.user, "secret": secret}, file, ensure_ascii=False)
    with transaction():
        history.write(session, "branch", session.branch.id, BEGUN, note=str(out.absolute()))
    return path


def withdraw(session: Session) -> None:
    """From now on the task opens nothing any more. UserError where nothing is registered."""
    permissions.require(session, "export.end")
    if registered() is None:
        raise UserError(_("No export is registered."))
    end(session)


def end(session: Session) -> None:
    """The same by what was permitted already: who registered it leaves."""
    key = store.present_key()
    if key is not None and NAME in keyring.people(session.folder):
        keyring.remove_person(session.folder, key, NAME)
    with explained(secret_file(session.folder)):
        secret_file(session.folder).unlink(missing_ok=True)
    with transaction():
        history.write(session, "branch", session.branch.id, ENDED)


def open_for(folder: Path, out: Path, *, clock: Callable[[], datetime] = system_clock) -> Session:
    """The session of the task, for its export into that folder alone.

    SignInNeeded where nothing is registered for this account and folder; NotPermitted where who registered it may no longer.
    """
    by, secret = _kept(folder)
    if not secret:
        raise SignInNeeded(_not_registered(folder, out))
    try:
        unlocked = keyring.unlock(folder, NAME, secret)
    except SignInRefused:
        raise SignInNeeded(_not_registered(folder, out)) from None
    session = workplace.open_folder(folder, user=by, key=unlocked.key, clock=clock)
    found = registered()
    if found is None or (found.who, found.folder) != (by, out.absolute()):
        store.close()
        raise SignInNeeded(_not_registered(folder, out))
    if _ROLE not in session.roles:
        store.close()
        raise NotPermitted(
            _("{name}, who registered this export, is no branch head any more. Register it again.").format(name=by)
        )
    session.roles, session.heed = frozenset({_ROLE}), lambda _session: None
    session.user = _("{name} (task)").format(name=by)
    session.prove()
    return session


def _kept(folder: Path) -> tuple[str, str]:
    path = secret_file(folder)
    try:
        if os.name != "nt" and path.stat().st_mode & 0o077:
            raise UserError(_("{path} can be read by others. Withdraw the export, and register it again.").format(path=path))
        kept = json.loads(path.read_text(encoding="utf-8"))
        return str(kept["by"]), str(kept["secret"])
    except (OSError, ValueError, KeyError, TypeError):
        return "", ""


def _not_registered(folder: Path, out: Path) -> str:
    return _(
        "The data in {folder} are protected by passwords, and no export into {out} is registered for this account of the system. "
        "The branch head registers it once: the same command with --register and --user NAME."
    ).format(folder=folder, out=out)
