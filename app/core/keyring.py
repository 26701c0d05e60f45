"""Passwords and the key of the database: who can open it, and how that is changed without writing the database anew.

Each person has a pair of keys; its private half lies in the key file wrapped by their password, and the database's key is
sealed to the public half. So the key can be changed when somebody leaves, and nobody else is asked for a password.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from app.core import key_file, passwords, text, tries, wrapping
from app.core.database import explained, present_key
from app.core.errors import UserError, ValidationError
from app.core.language import _
from app.core.lock import held
from app.core.store_file import is_encrypted, opens_with
from app.core.tries import SignInRefused
from app.core.wrapping import as_bytes, as_text

COST = (3, 64 * 1024, 4)
"""Of argon2id: rounds, KiB of memory, lanes. An entry keeps those it was made with."""
_RECOVERY = "\x00recovery"
"""Stands for the recovery code among the names that are tried; no person's name can have this character."""


class Made(NamedTuple):
    """A new key of a database, and the recovery code, to be printed now: it is kept nowhere."""

    key: bytes
    code: str


class Unlocked(NamedTuple):
    """The key of the database, the person's name as written, and sentences about what was mended on the way."""

    key: bytes
    name: str
    notes: tuple[str, ...] = ()


def exists(folder: Path) -> bool:
    """Whether a password is needed here: a key file beside a plain store, left by what was cut off, counts for nothing."""
    return is_encrypted(folder)


def people(folder: Path) -> tuple[str, ...]:
    """The names that have a password, as written."""
    return tuple(entry["name"] for entry in key_file.read(folder).body["people"].values())


@contextmanager
def making(folder: Path, name: str, password: str) -> Iterator[Made]:
    """A key file with its first person, for the store that is made or encrypted with its key inside the block.

    Where that does not happen, there is no key file afterwards. ValidationError for a weak password; UserError where there are
    passwords already.
    """
    passwords.check(password, name)
    folder.mkdir(parents=True, exist_ok=True)
    with _writing(folder):
        if exists(folder):
            raise UserError(_("{folder} has passwords already. Sign in.").format(folder=folder))
        key, code = secrets.token_bytes(wrapping.KEY_SIZE), passwords.new_code()
        entry, recovery = _entry(name, password, key), _entry("", passwords.read_code(code), key)
        body = {
            **{"version": key_file.VERSION, "serial": 0, "people": {text.key(name): entry}, "recovery": recovery},
            **{"files": [_locked(key, secrets.token_bytes(wrapping.KEY_SIZE))], "unfinished": True},
        }
        _write(folder, body, key)
        try:
            yield Made(key, code)
        finally:
            if not exists(folder):
                _remove(folder)


@contextmanager
def leaving(folder: Path, key: bytes) -> Iterator[None]:
    """Take all passwords away once the store was made plain inside the block."""
    with _writing(folder):
        _body(folder, key)
        try:
            yield
        finally:
            if not exists(folder):
                _remove(folder)


@contextmanager
def rekeying(folder: Path, key: bytes, without: str = "") -> Iterator[bytes]:
    """A new key of the database for all who have a password but one, for the store that is written anew with it inside the block.

    Meanwhile both keys are kept, and the keys of files for each of them; afterwards, or at the next sign-in after a crash, those
    of the one that the store has. Where it stays the old one, nobody is left out. A name without a password changes nothing: so a
    change that was cut off can be done again.
    """
    coming = secrets.token_bytes(wrapping.KEY_SIZE)
    with _writing(folder):
        body = _body(folder, key)
        gone = _take_out(body, without) if text.key(without) in body["people"] else {}
        for entry in _entries(body):
            entry["sealed"] = [_sealed(entry, key), _sealed(entry, coming)]
        files = _file_keys(body, key)
        body["files"] += [_locked(coming, one) for one in (*files, secrets.token_bytes(wrapping.KEY_SIZE))]
        _write(folder, body, key, coming)
        try:
            yield coming
        finally:
            left = key_file.read(folder).body
            if not opens_with(folder, coming):
                left["people"] |= gone
            _settle(folder, left, (key, coming))


def unlock(folder: Path, name: str, password: str) -> Unlocked:
    """Sign in. SignInRefused, the same for a wrong password and an unknown name, also while the name must wait."""
    with _writing(folder):
        return _unlock(folder, text.key(name), password)


def unlock_by_code(folder: Path, code: str) -> Unlocked:
    """Open with the recovery code. ValidationError where it is mistyped: that is no try; SignInRefused where it is wrong."""
    letters = passwords.read_code(code)
    with _writing(folder):
        return _unlock(folder, _RECOVERY, letters)


def check(folder: Path, name: str, password: str) -> None:
    """Ask for a password again, before what is grave. SignInRefused as by `unlock`."""
    unlock(folder, name, password)


def set_password(folder: Path, name: str, old: str, new: str) -> None:
    """A person changes their own password; the database is not written."""
    passwords.check(new, name)
    with _writing(folder):
        key = _unlock(folder, text.key(name), old).key
        _put(folder, key, name, new)


def add_person(folder: Path, key: bytes, name: str, password: str) -> None:
    """Give somebody a password. UserError where the name has one."""
    passwords.check(password, name)
    with _writing(folder):
        if text.key(name) in _body(folder, key)["people"]:
            raise ValidationError({"name": _("{name} has a password already.").format(name=name)})
        _put(folder, key, name, password)


def reset_person(folder: Path, key: bytes, name: str, password: str) -> None:
    """Set somebody's password without the old one; their wrong tries are forgotten. UserError where nobody has the name."""
    passwords.check(password, name)
    with _writing(folder):
        _known(_body(folder, key), name)
        _put(folder, key, name, password)
        tries.forget(folder, text.key(name))


def remove_person(folder: Path, key: bytes, name: str) -> None:
    """Take somebody's password away. Who has a copy of the key itself keeps it: see `rekeying`."""
    with _writing(folder):
        body = _body(folder, key)
        _take_out(body, name)
        _write(folder, body, key)


def new_code(folder: Path, key: bytes) -> str:
    """A new recovery code; the old one opens nothing any more."""
    code = passwords.new_code()
    with _writing(folder):
        body = _body(folder, key)
        body["recovery"] = _entry("", passwords.read_code(code), key)
        _write(folder, body, key)
        tries.forget(folder, _RECOVERY)
    return code


def file_keys(folder: Path) -> list[bytes]:
    """The keys of the files beside the open store, the one for new files last; none where it is a plain one.

    UserError where an encrypted one has none: without, a new file would lie there in plain.
    """
    found = file_keys_by(folder, present_key())
    if not found and present_key() is not None:
        raise UserError(_tampered())
    return found


def file_keys_by(folder: Path, key: bytes | None) -> list[bytes]:
    """The same beside a store that is not open, by its key."""
    return [] if key is None else _file_keys(key_file.read(folder).body, key)


def belongs(folder: Path, key: bytes) -> bool:
    """Whether the key file in a folder is of this key, so that whoever has the key needs no password of it."""
    return _is_of(key_file.read(folder).body, key)


def is_unfinished(folder: Path) -> bool:
    """Whether files in the folder may still be plain that should be encrypted."""
    return bool(key_file.read(folder).body["unfinished"])


def say_unfinished(folder: Path, key: bytes, unfinished: bool) -> None:
    """Note that, before the files are gone through, and after."""
    with _writing(folder):
        body = _body(folder, key)
        body["unfinished"] = unfinished
        _write(folder, body, key)


def wait(folder: Path, name: str) -> int:
    """Seconds that a name must still wait, 0 for none."""
    return tries.left(folder, text.key(name))


# What is behind it. All below runs while the lock of the key file is held.


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """One at a time: two who write would undo each other, and two who guess would get two tries for one."""
    with explained(folder), held(folder / key_file.LOCK_NAME):
        key_file.clear_up(folder)
        yield


def _unlock(folder: Path, name: str, secret: str) -> Unlocked:
    body, notes = key_file.read(folder)
    tries.begin(folder, name)
    entry = body["recovery"] if name == _RECOVERY else body["people"].get(name)
    keys = _open(entry, secret)
    if keys is None:
        wait = tries.left(folder, name)
        raise SignInRefused(_wrong(name) + (f" {tries.waiting(wait)}" if wait else ""), wait)
    _authentic(body, keys[0])
    tries.forget(folder, name)
    key = _settle(folder, body, keys) if len(keys) > 1 else keys[0]
    return Unlocked(key, entry["name"], notes)


def _wrong(name: str) -> str:
    if name == _RECOVERY:
        return _("This is not the recovery code of these data.")
    return _("Name or password is wrong.")


def _open(entry: Mapping[str, Any] | None, secret: str) -> list[bytes] | None:
    """The keys that are sealed to an entry, None for a wrong secret; of no entry it takes as long to say so."""
    if entry is None:
        wrapping.stretched(secret, bytes(wrapping.SALT), COST)
        return None
    key = wrapping.stretched(secret, as_bytes(entry["salt"]), entry["cost"])
    try:
        private = wrapping.unwrap(key, as_bytes(entry["private"]), as_bytes(entry["public"]))
    except wrapping.Wrong:
        return None
    try:
        return [wrapping.unseal(private, as_bytes(one)) for one in entry["sealed"]]
    except wrapping.Wrong:
        raise UserError(_tampered()) from None


def _put(folder: Path, key: bytes, name: str, password: str) -> None:
    body = _body(folder, key)
    before = body["people"].get(text.key(name))
    body["people"][text.key(name)] = _entry(before["name"] if before else name, password, key)
    _write(folder, body, key)


def _settle(folder: Path, body: dict[str, Any], keys: Sequence[bytes]) -> bytes:
    """Which of two keys the store has; the other one is forgotten. Where it opens with neither, both are kept."""
    key = next((one for one in keys if opens_with(folder, one)), None)
    if key is None:
        return keys[0]
    for entry in _entries(body):
        entry["sealed"] = [_sealed(entry, key)]
    body["files"] = [_locked(key, one) for one in _file_keys(body, key, *keys)]
    _write(folder, body, key)
    return key


def _entries(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [*body["people"].values(), body["recovery"]]


def _known(body: Mapping[str, Any], name: str) -> None:
    if text.key(name) not in body["people"]:
        raise UserError(_("{name} has no password here.").format(name=text.quoted(name)))


def _take_out(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Without the person; what was taken out."""
    _known(body, name)
    if len(body["people"]) == 1:
        raise UserError(_("{name} is the last person with a password. Give another one a password first.").format(name=name))
    return {text.key(name): body["people"].pop(text.key(name))}


def _remove(folder: Path) -> None:
    key_file.remove(folder)
    (folder / tries.FILE_NAME).unlink(missing_ok=True)


def _entry(name: str, secret: str, key: bytes) -> dict[str, Any]:
    """A new pair of keys, its private half wrapped by the secret, and the database's key sealed to it."""
    (private, public), salt = wrapping.pair(), secrets.token_bytes(wrapping.SALT)
    wrapped = wrapping.wrap(wrapping.stretched(secret, salt, COST), private, public)
    made = {"name": name, "cost": list(COST), "salt": as_text(salt), "public": as_text(public), "private": as_text(wrapped)}
    return made | {"sealed": [_sealed(made, key)]}


def _sealed(entry: Mapping[str, Any], key: bytes) -> str:
    return as_text(wrapping.seal(as_bytes(entry["public"]), key))


def _locked(key: bytes, secret: bytes) -> str:
    """A key of files as only the database's key can read it."""
    return as_text(wrapping.wrap(wrapping.derived(key, b"files"), secret))


def _file_keys(body: Mapping[str, Any], *keys: bytes) -> list[bytes]:
    """The keys of files that one of these keys of the database can read, the first that can read any."""
    for key in keys:
        found = []
        for one in body["files"]:
            with suppress(wrapping.Wrong):
                found.append(wrapping.unwrap(wrapping.derived(key, b"files"), as_bytes(one)))
        if found:
            return found
    return []


def _body(folder: Path, key: bytes) -> dict[str, Any]:
    """The key file of this key, to be changed. UserError where it is another's or was changed by somebody without it."""
    body = key_file.read(folder).body
    _authentic(body, key)
    if len(body["macs"]) > 1:
        raise UserError(_("Changing the key of the data was cut off. Sign in again, then go on."))
    return body


def _authentic(body: Mapping[str, Any], key: bytes) -> None:
    if not _is_of(body, key):
        raise UserError(_tampered())


def _is_of(body: Mapping[str, Any], key: bytes) -> bool:
    return any(hmac.compare_digest(_mac(body, key), str(one)) for one in body["macs"])


def _tampered() -> str:
    return _("The key file was changed by another program. Put back {name} from a backup.").format(name=key_file.FILE_NAMES[0])


def _write(folder: Path, body: dict[str, Any], *keys: bytes) -> None:
    body["serial"] += 1
    body["macs"] = [_mac(body, key) for key in keys]
    key_file.write(folder, body)


def _mac(body: Mapping[str, Any], key: bytes) -> str:
    rest = {part: value for part, value in body.items() if part != "macs"}
    return hmac.digest(wrapping.derived(key, b"key file"), key_file.encode(rest), "sha256").hex()
