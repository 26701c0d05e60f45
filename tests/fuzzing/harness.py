"""What a harness is: how it is set up, what it does with one input, and the inputs it begins with."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

Try = Callable[[bytes], object]


class Harness(NamedTuple):
    """`begin` imports what is tried, so that it can be watched, and gives what tries one input; `seeds` are the first inputs."""

    about: str
    begin: Callable[[Path], Try]
    seeds: Callable[[], Iterator[bytes]]


def memory_folder() -> Path:
    """Where files cost no disk: thousands a second are written."""
    shared = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="kesu-fuzz-", dir=shared if os.access(shared, os.W_OK) else None))


def parts(data: bytes, count: int, mark: bytes = b"\n%%\n") -> list[bytes]:
    """An input of several parts; what is missing is empty."""
    found = data.split(mark, count - 1)
    return found + [b""] * (count - len(found))


@contextmanager
def file_of(folder: Path, data: bytes, name: str = "input") -> Iterator[Path]:
    """The input as a file."""
    path = folder / name
    path.write_bytes(data)
    yield path


SHARED = Path(os.environ.get("KESU_TEST_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
"""Real files, tried as first inputs where they are."""


def shared(pattern: str, most_bytes: int, most: int = 40) -> Iterator[bytes]:
    """Small real files of a kind."""
    if SHARED.is_dir():
        small = (path for path in sorted(SHARED.rglob(pattern)) if path.is_file() and path.stat().st_size <= most_bytes)
        yield from (path.read_bytes() for _turn, path in zip(range(most), small, strict=False))
