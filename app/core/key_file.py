"""The file of a branch's wrapped keys: written whole in two copies, of which either is enough. No secret is read here."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from app.core import wrapping
from app.core.errors import UserError
from app.core.files import write_durable
from app.core.language import _

FILE_NAMES = ("keys.json", "keys-copy.json")
LOCK_NAME = "keys.lock"
VERSION = 1

_PARTS = {"version": int, "serial": int, "people": dict, "recovery": dict, "macs": list, "files": list, "unfinished": bool}
_SIZES = {"salt": wrapping.SALT, "public": wrapping.KEY_SIZE, "private": wrapping.WRAPPED}
_MAC = 64
"""Hexadecimal digits."""


class Read(NamedTuple):
    """The body of the newest whole copy; `notes` say in the user's words which copy was damaged and has been mended."""

    body: dict[str, Any]
    notes: tuple[str, ...]


def present(folder: Path) -> bool:
    """Whether the folder holds a key file, whole or not."""
    return any((folder / name).exists() for name in FILE_NAMES)


def read(folder: Path) -> Read:
    """The newest whole copy; the other one is mended from it. UserError where there is none."""
    found = [_load(folder / name) for name in FILE_NAMES]
    whole = [body for body in found if body is not None]
    if not whole:
        raise UserError(_gone(folder))
    newest = max(whole, key=lambda body: int(body["serial"]))
    if newest["version"] > VERSION:
        raise UserError(
            _("The passwords in {folder} were written by a newer program. Install the newer program here too.").format(
                folder=folder
            )
        )
    notes = []
    for name, body in zip(FILE_NAMES, found, strict=True):
        if body == newest:
            continue
        with suppress(OSError):
            write_durable(folder / name, encode(newest))
            if body is None:  # else a write of both was cut off between them
                notes.append(
                    _("The key file {name} was damaged or missing and was mended from its second copy.").format(name=name)
                )
    return Read(newest, tuple(notes))


def write(folder: Path, body: dict[str, Any]) -> None:
    """Both copies, one after the other: whenever that is cut off, one of them is whole."""
    content = encode(body)
    for name in FILE_NAMES:
        write_durable(folder / name, content)


def remove(folder: Path) -> None:
    """Take the key file away: for a store that needs none."""
    for name in FILE_NAMES:
        (folder / name).unlink(missing_ok=True)


def clear_up(folder: Path) -> None:
    """Delete what a write that was cut off left, while nobody else can write."""
    for path in folder.glob("*.json.*.part"):
        path.unlink(missing_ok=True)


def encode(body: dict[str, Any]) -> bytes:
    """The bytes of a copy: any other bytes are damage."""
    inner = json.dumps(body, ensure_ascii=False, sort_keys=True, indent=1)
    return f"{hashlib.sha256(inner.encode()).hexdigest()}\n{inner}\n".encode()


def _load(path: Path) -> dict[str, Any] | None:
    """What a copy says; None where it is missing or damaged."""
    try:
        content = path.read_bytes()
        body = json.loads(content.partition(b"\n")[2])
        whole = all(isinstance(body[part], kind) for part, kind in _PARTS.items()) and encode(body) == content
        return body if whole and (body["version"] > VERSION or _fits(body)) else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _fits(body: dict[str, Any]) -> bool:
    """Whether its parts are what this program writes: the sum at the top can be made by anybody."""
    return (
        all(_is_entry(entry) for entry in (*body["people"].values(), body["recovery"]))
        and all(_is_secret(one, wrapping.WRAPPED) for one in body["files"])
        and bool(body["macs"])
        and all(isinstance(one, str) and len(one) == _MAC and one.isascii() for one in body["macs"])
    )


def _is_entry(entry: Any) -> bool:  # noqa: ANN401 - JSON of any shape
    rounds, memory, lanes = entry["cost"]
    return (
        isinstance(entry["name"], str)
        and all(type(one) is int for one in (rounds, memory, lanes))
        and rounds >= 1
        and memory >= 8 * lanes >= 8  # less argon2 doesn't take
        and all(_is_secret(entry[part], size) for part, size in _SIZES.items())
        and bool(entry["sealed"])
        and all(_is_secret(one, wrapping.SEALED) for one in entry["sealed"])
    )


def _is_secret(content: object, size: int) -> bool:
    return isinstance(content, str) and len(wrapping.as_bytes(content)) == size


def _gone(folder: Path) -> str:
    return _(
        "Both copies of the key file in {folder} are missing or damaged, so no password can open the data. "
        "Put back {name} from a backup; nothing was changed."
    ).format(folder=folder, name=FILE_NAMES[0])
