"""Passwords and the key of the database: who can open it, and how that is changed without writing the database anew.

Each person has a pair of keys; its private half lies in the key file wrapped by their password, and the database's key is
sealed to the public half. So the key can be changed when somebody leaves, and nobody else is asked for a password.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from app.core import key_file, passwords, text, tries
from app.core.database import explained
from app.core.errors import UserError, ValidationError
from app.core.language import _
from app.core.lock import held
from app.core.store_file import is_encrypted, opens_with
from app.core.tries import SignInRefused

KEY_SIZE = 32
COST = (3, 64 * 1024, 4)
"""Of argon2id: rounds, KiB of memory, lanes. An entry keeps those it was made with."""
_MOST = (20, 1024 * 1024, 16)
_SALT, _NONCE = 16, 12
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
        key, code = secrets.token_bytes(KEY_SIZE), passwords.new_code()
        entry, recovery = _entry(name, password, key), _entry("", passwords.read_code(code), key)
        body = {"version": key_file.VERSION, "serial": 0, "people": {text.key(name): entry}, "recovery": recovery}
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

    Meanwhile both keys are kept; afterwards, or at the next sign-in after a crash, the one that the store has.
    """
    coming = secrets.token_bytes(KEY_SIZE)
    with _writing(folder):
        body = _body(folder, key)
        if without:
            _take_out(body, without)
        for entry in _entries(body):
            entry["sealed"] = [_seal(entry, key), _seal(entry, coming)]
        _write(folder, body, key, coming)
        try:
            yield coming
        finally:
            _settle(folder, key_file.read(folder).body, (key, coming))


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
    _authentic(folder, body, keys[0])
    tries.forget(folder, name)
    key = _settle(folder, body, keys) if len(keys) > 1 else keys[0]
    return Unlocked(key, entry["name"], notes)


def _wrong(name: str) -> str:
    if name == _RECOVERY:
        return _("This is not the recovery code of these data.")
    return _("Name or password is wrong.")


def _open(entry: Mapping[str, Any] | None, secret: str) -> list[bytes] | None:
    """The keys that are sealed to an entry, None for a wrong secret; of no entry it takes as long to say so."""
    from cryptography.exceptions import InvalidTag  # heavy: only where there are passwords
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if entry is None:
        _stretch(secret, secrets.token_bytes(_SALT), COST)
        return None
    wrapping = _stretch(secret, _bytes(entry["salt"]), entry["cost"])
    wrapped = _bytes(entry["private"])
    try:
        private = AESGCM(wrapping).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], _bytes(entry["public"]))
    except InvalidTag:
        return None
    return [_unseal(private, sealed) for sealed in entry["sealed"]]


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
        entry["sealed"] = [_seal(entry, key)]
    _write(folder, body, key)
    return key


def _entries(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [*body["people"].values(), body["recovery"]]


def _known(body: Mapping[str, Any], name: str) -> None:
    if text.key(name) not in body["people"]:
        raise UserError(_("{name} has no password here.").format(name=text.quoted(name)))


def _take_out(body: Mapping[str, Any], name: str) -> None:
    _known(body, name)
    if len(body["people"]) == 1:
        raise UserError(_("{name} is the last person with a password. Give another one a password first.").format(name=name))
    del body["people"][text.key(name)]


def _remove(folder: Path) -> None:
    key_file.remove(folder)
    (folder / tries.FILE_NAME).unlink(missing_ok=True)


def _entry(name: str, secret: str, key: bytes) -> dict[str, Any]:
    """A new pair of keys, its private half wrapped by the secret, and the database's key sealed to it."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey  # heavy: only where there are passwords
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    pair, salt, nonce = X25519PrivateKey.generate(), secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    public = pair.public_key().public_bytes_raw()
    wrapped = AESGCM(_stretch(secret, salt, COST)).encrypt(nonce, pair.private_bytes_raw(), public)
    made = {"name": name, "cost": list(COST), "salt": _text(salt), "public": _text(public), "private": _text(nonce + wrapped)}
    return made | {"sealed": [_seal(made, key)]}


def _seal(entry: Mapping[str, Any], key: bytes) -> str:
    """A key that only the private half of the entry's pair can read."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import (  # heavy: only where there are passwords
        X25519PrivateKey,
        X25519PublicKey,
    )
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    once, nonce = X25519PrivateKey.generate(), secrets.token_bytes(_NONCE)
    public = once.public_key().public_bytes_raw()
    shared = once.exchange(X25519PublicKey.from_public_bytes(_bytes(entry["public"])))
    return _text(public + nonce + AESGCM(_derived(shared, b"seal" + public)).encrypt(nonce, key, None))


def _unseal(private: bytes, sealed: str) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.x25519 import (  # heavy: only where there are passwords
        X25519PrivateKey,
        X25519PublicKey,
    )
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    box = _bytes(sealed)
    public, nonce, content = box[:32], box[32 : 32 + _NONCE], box[32 + _NONCE :]
    shared = X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(public))
    return AESGCM(_derived(shared, b"seal" + public)).decrypt(nonce, content, None)


def _stretch(secret: str, salt: bytes, cost: list[int] | tuple[int, ...]) -> bytes:
    from argon2.low_level import Type, hash_secret_raw  # heavy: only where there are passwords

    rounds, memory, lanes = (min(asked, most) for asked, most in zip(cost, _MOST, strict=True))
    typed = passwords.normal(secret).encode("utf-8", "surrogatepass")
    return hash_secret_raw(typed, salt, rounds, memory, lanes, KEY_SIZE, Type.ID)


def _derived(secret: bytes, purpose: bytes) -> bytes:
    """A key for one purpose, from another key (HKDF-SHA256)."""
    from cryptography.hazmat.primitives.hashes import SHA256  # heavy: only where there are passwords
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), KEY_SIZE, None, b"kesu " + purpose).derive(secret)


def _body(folder: Path, key: bytes) -> dict[str, Any]:
    """The key file of this key, to be changed. UserError where it is another's or was changed by somebody without it."""
    body = key_file.read(folder).body
    _authentic(folder, body, key)
    if len(body["macs"]) > 1:
        raise UserError(_("Changing the key of the data was cut off. Sign in again, then go on."))
    return body


def _authentic(folder: Path, body: Mapping[str, Any], key: bytes) -> None:
    if not any(hmac.compare_digest(_mac(body, key), str(one)) for one in body["macs"]):
        raise UserError(
            _("The key file in {folder} was changed by another program. Put back {name} from a backup.").format(
                folder=folder, name=key_file.FILE_NAMES[0]
            )
        )


def _write(folder: Path, body: dict[str, Any], *keys: bytes) -> None:
    body["serial"] += 1
    body["macs"] = [_mac(body, key) for key in keys]
    key_file.write(folder, body)


def _mac(body: Mapping[str, Any], key: bytes) -> str:
    rest = {part: value for part, value in body.items() if part != "macs"}
    return hmac.digest(_derived(key, b"key file"), key_file.encode(rest), "sha256").hex()


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes(content: str) -> bytes:
    return base64.b64decode(content)
