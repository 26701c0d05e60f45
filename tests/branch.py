"""A new branch for a test: its tables are made once and its file is copied, for making them takes longer than most tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from app.core import database
from app.core.session import Session
from app.services import workplace

STARTED = datetime(2026, 11, 23, 6, 32, tzinfo=UTC)
"""When the clock of tests stands still: Monday, 23 November 2026, 14:32 in Shanghai."""


@cache
def _made() -> bytes:
    """The file of a branch as `workplace.init` leaves it."""
    with TemporaryDirectory() as place:
        workplace.init(Path(place), {"code": "CD", "name": "城东分公司"}, user="王敏", clock=lambda: STARTED)
        database.close()
        return Path(place, database.FILE_NAME).read_bytes()


def new_branch(folder: Path, clock: Callable[[], datetime] = lambda: STARTED) -> Session:
    """The session of 王敏 in a branch that holds nothing yet."""
    folder.mkdir(parents=True)
    folder.joinpath(database.FILE_NAME).write_bytes(_made())
    return workplace.open_folder(folder, user="王敏", clock=clock)
