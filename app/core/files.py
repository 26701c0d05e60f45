"""Files that are written for people: there whole under their name, or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.core.errors import UserError
from app.core.language import _


@contextmanager
def whole_file(path: Path, content: bytes) -> Iterator[None]:
    """Write beside `path`; it gets its name when the block ends well, else nothing is left. UserError where that cannot be.

    Inside a transaction, what the block writes to the database and the file come to be together.
    """
    waiting = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        _explained(path, lambda: waiting.write_bytes(content))
        yield
        _explained(path, lambda: waiting.replace(path))
    finally:
        with suppress(OSError):
            waiting.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that replaces an older one only when it is complete."""
    with whole_file(path, content):
        pass


def _explained(path: Path, work: Callable[[], object]) -> None:
    try:
        work()
    except OSError as error:
        raise UserError(
            _("{path} cannot be written: {reason}. Choose another place, or close the file where it is open.").format(
                path=path, reason=error.strerror or error
            )
        ) from error
