"""Files beside an encrypted store, encrypted too: piece by piece, so that a cut, swapped or altered piece is noticed."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

from app.core.store_file import swap
from app.core.wrapping import derived

MAGIC = b"KESUFIL1"
INCOMING = "incoming-"
"""How the names of files begin that are not whole yet."""
_SALT, _TAG, PIECE = 16, 16, 1024 * 1024
_HEAD = len(MAGIC) + 1 + _SALT


class Damaged(Exception):
    """The file is not as it was written, or its key is not there."""


def sealed(pieces: Iterable[bytes], keys: Sequence[bytes]) -> Iterator[bytes]:
    """What is to be written for a content that comes in pieces, as `pieces_of` gives them; the last key is used."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # heavy: only where files are encrypted

    salt = secrets.token_bytes(_SALT)
    yield MAGIC + bytes([len(keys) - 1]) + salt
    cipher = AESGCM(_own_key(keys[-1], salt))
    for place, piece in enumerate(pieces):
        yield cipher.encrypt(place.to_bytes(12, "big"), piece, _is_last(piece))


def pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    """The content of a file in pieces; the last is shorter than the others, so that it is known as the last."""
    while True:
        piece = file.read(PIECE)
        yield piece
        if len(piece) < PIECE:
            return


def unsealed(file: IO[bytes], keys: Sequence[bytes]) -> Iterator[bytes]:
    """The content in pieces. Damaged where it is not what was written."""
    from cryptography.exceptions import InvalidTag  # heavy: only where files are encrypted
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    head = file.read(_HEAD)
    if len(head) < _HEAD or head[len(MAGIC)] >= len(keys):
        raise Damaged
    cipher = AESGCM(_own_key(keys[head[len(MAGIC)]], head[-_SALT:]))
    place, last = 0, False
    while not last:
        written = file.read(PIECE + _TAG)
        last = len(written) < PIECE + _TAG
        try:
            yield cipher.decrypt(place.to_bytes(12, "big"), written, b"last" if last else b"")
        except (InvalidTag, ValueError):
            raise Damaged from None
        place += 1


def _is_last(piece: bytes) -> bytes:
    return b"last" if len(piece) < PIECE else b""


def _own_key(key: bytes, salt: bytes) -> bytes:
    """Each file has a key of its own: its pieces are numbered from 0."""
    return derived(key, b"file", salt)


def content(path: Path, keys: Sequence[bytes], most: int | None = None) -> bytes:
    """What a file says, sealed or not; `most`: no more than so many bytes. Damaged where it is not what was written."""
    found = pieces(path, keys)
    return b"".join(found) if most is None else next(found)[:most]


def pieces(path: Path, keys: Sequence[bytes]) -> Iterator[bytes]:
    """The same piece by piece, at least one."""
    with path.open("rb") as file:
        start = file.read(len(MAGIC))
        file.seek(0)
        plain = not keys or start != MAGIC  # in an encrypted branch one that is not gone through yet
        yield from pieces_of(file) if plain else unsealed(file, keys)


def rewrite(path: Path, keys: Sequence[bytes], *, seal: bool) -> None:
    """Encrypt a file that lies in plain, or the other way round; killed at any moment it is one of both."""
    with path.open("rb") as file:
        start = file.read(len(MAGIC))
        file.seek(0)
        if (start == MAGIC) == seal:
            return
        waiting = path.with_name(f"{INCOMING}{path.name}")
        with waiting.open("wb") as writer:
            for block in sealed(pieces_of(file), keys) if seal else unsealed(file, keys):
                writer.write(block)
            writer.flush()
            os.fsync(writer.fileno())
    swap(path, waiting)
