"""Files that are written for people: there whole under their name, or not at all. And what a disk says, in words."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import struct
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from app.core import text
from app.core.errors import UserError
from app.core.language import N_, _

_REASONS = {
    errno.ENOENT: N_("there is no such file or folder"),
    errno.EACCES: N_("this account has no right to it"),
    errno.EPERM: N_("this account has no right to it"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENODEV: N_("it is a device"),
    errno.ENOTDIR: N_("a part of its path is no folder"),
    errno.EEXIST: N_("something else has this name"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EROFS: N_("the disk can only be read"),
    errno.ENAMETOOLONG: N_("its name is too long"),
}

BLOCK = 1024 * 1024
BROKEN_ZIP = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    NotImplementedError,
    EOFError,
    RuntimeError,
    UnicodeDecodeError,
    zlib.error,
)
"""What reading a zip file raises that is damaged, encrypted or made to do harm."""
_NOT_IN_NAMES = r'[<>:"/\\|?*]'
_DEVICES = r"(?i)(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)\s*(?:\.|$)"


def reason(error: OSError) -> str:
    """Why the disk refuses: the usual reasons in the user's language, others as the system says them."""
    known = _REASONS.get(error.errno or 0)
    return _(known) if known else error.strerror or str(error)


def plain_name(name: str) -> str:
    """A file name that every system takes: Windows opens a device under some names, and cuts dots at their ends."""
    plain = re.sub(_NOT_IN_NAMES, "-", text.tame(name)).rstrip(". ")
    return f"_{plain}" if not plain or re.match(_DEVICES, plain) else plain


def opened_zip(source: Path | IO[bytes]) -> zipfile.ZipFile:
    """A zip file whose members are stored or deflated. BROKEN_ZIP where it is none, OSError where it cannot be read."""
    try:
        found = zipfile.ZipFile(source)
    except (ValueError, IndexError, OverflowError, struct.error):  # names and places that cannot be
        raise zipfile.BadZipFile from None
    ways = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    if any(one.compress_type not in ways or one.header_offset < 0 for one in found.infolist()):
        found.close()
        raise zipfile.BadZipFile
    return found


def sync(path: Path) -> None:
    """Have the disk keep what was written to a file; of a folder, the names in it, where the system can do that."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def digest_of(stream: IO[bytes], most: int | None = None, told: Callable[[bytes], object] | None = None) -> tuple[str, int]:
    """SHA-256 and length of what a stream gives, of its first `most` bytes where that is said; each block is `told`."""
    digest, length = hashlib.sha256(), 0
    while block := stream.read(BLOCK if most is None else min(BLOCK, most - length)):
        digest.update(block)
        length += len(block)
        if told is not None:
            told(block)
    return digest.hexdigest(), length


def copy_whole(source: Path, target: Path, told: Callable[[bytes], object] | None = None) -> str:
    """Copy a file: synced, under its name only when it is complete; the SHA-256 of what was read. OSError where it cannot be."""
    waiting = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with source.open("rb") as reader, waiting.open("wb") as writer:

            def write(block: bytes) -> None:
                writer.write(block)
                if told is not None:
                    told(block)

            digest, _length = digest_of(reader, told=write)
            writer.flush()
            os.fsync(writer.fileno())
        waiting.replace(target)
    finally:
        waiting.unlink(missing_ok=True)
    return digest


@contextmanager
def coming_file(path: Path) -> Iterator[Callable[[bytes], None]]:
    """What writes a file beside `path`; it gets its name when the block ends well, else nothing is left.

    UserError where that cannot be; a place that cannot be written to at all is refused before the block begins. Inside a
    transaction, what the block writes to the database and the file come to be together.
    """
    with _explained(path):
        place = Path(os.path.realpath(path))  # of a link, the file behind it is replaced
        if place.exists() and not place.is_file():
            raise OSError(errno.EISDIR if place.is_dir() else errno.ENODEV, "")
        waiting = place.with_name(f".{place.name[:40]}.{os.getpid()}.part")
        stream = waiting.open("wb")

    def write(content: bytes) -> None:
        with _explained(path):
            stream.write(content)
            stream.flush()

    try:
        yield write
        with _explained(path):
            os.fsync(stream.fileno())
            stream.close()
            waiting.replace(place)
    finally:
        with suppress(OSError):
            stream.close()
        with suppress(OSError):
            waiting.unlink(missing_ok=True)


@contextmanager
def whole_file(path: Path, content: bytes) -> Iterator[None]:
    """The same for a content that is at hand."""
    with coming_file(path) as write:
        write(content)
        yield


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that replaces an older one only when it is complete."""
    with whole_file(path, content):
        pass


def write_durable(path: Path, content: bytes) -> None:
    """Write a file of the program's own, whole and on the disk before it gets its name. OSError where that cannot be."""
    waiting = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        with waiting.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        waiting.replace(path)
    except BaseException:
        with suppress(OSError):
            waiting.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Put new names on the disk too, where the system has a way to ask for it (Windows has none)."""
    if os.name == "nt":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UserError(
            _("{path} cannot be written: {reason}. Choose another place, or close the file where it is open.").format(
                path=path, reason=reason(error)
            )
        ) from error
