"""Putting another database in the place of the one in a folder, so that a kill at any moment leaves the old or the new one.

What comes is made in a folder of its own. From the moment on that its plan is written it will take the place: whoever opens the
folder next goes on where it was broken off. What was there is set aside, never overwritten.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from app.core.database import FILE_NAME, explained, put_at_rest
from app.core.errors import UserError
from app.core.files import sync
from app.core.language import N_, _
from app.core.lock import Lock, Taken

ASIDE = "aside"
ERASED = "erased.json"
"""Who was erased; it stays, for older data that come back hold them again."""
ERASING = "erasing.json"
"""Lies there while something of an erased person may still be, and names the files that have to go."""
KEYS = "keys*.json*"
"""The key files of an encrypted database: they belong to it."""
_COMING, _NEW, _PLAN, _PLACING = ".coming", "new", "plan.json", "placing"
_BESIDE = ("-wal", "-shm", "-journal")
_TAKEN = N_("The database in {folder} is being replaced just now. Wait a moment, then do it again.")


@contextmanager
def place_for_new(folder: Path) -> Iterator[Path]:
    """An empty folder for the database that will come; it is gone when the block ends, whatever was not `put_in_place`.

    UserError where another program is at it.
    """
    with Lock(folder, "replacing.lock", _(_TAKEN)):
        _settle(folder)
        coming = folder / _COMING
        with explained(folder):
            shutil.rmtree(coming, ignore_errors=True)
            (coming / _NEW).mkdir(parents=True)
        try:
            yield coming / _NEW
        finally:
            if not (coming / _PLAN).exists():
                shutil.rmtree(coming, ignore_errors=True)


def aside_for(folder: Path, now: datetime) -> Path:
    """Where what is there would be set aside now."""
    name = f"{now:%Y%m%d-%H%M%S}"
    while (folder / ASIDE / name).exists():
        name += "+"
    return folder / ASIDE / name


def put_in_place(folder: Path, now: datetime) -> Path | None:
    """What is complete takes the place of what is there; where that was set aside, None where nothing was there.

    Inside the block of `place_for_new`. UserError where another program has the database open; nothing is changed then.
    """
    there = (folder / FILE_NAME).exists()
    if there:
        put_at_rest(folder / FILE_NAME)
    coming = folder / _COMING
    with explained(folder):
        aside = aside_for(folder, now)
        for path in (*(coming / _NEW).iterdir(), coming / _NEW, coming):
            sync(path)
        _write(coming / _PLAN, json.dumps({ASIDE: aside.name}))
        _settle(folder)
    return aside if there else None


def finish(folder: Path) -> None:
    """Go on with what was broken off, before anything in the folder is opened. UserError where it is under way."""
    coming = folder / _COMING
    if not coming.exists():
        return
    try:
        with Lock(folder, "replacing.lock", _(_TAKEN)):
            _settle(folder)
            shutil.rmtree(coming, ignore_errors=True)
    except Taken:
        if (coming / _PLAN).exists():
            raise
        # else what comes is still being made, and what is here counts


def _settle(folder: Path) -> None:
    """Carry out a plan, from whichever of its steps it was broken off at."""
    coming = folder / _COMING
    if not (coming / _PLAN).exists():
        return
    with explained(folder):
        if not (coming / _PLACING).exists():
            _set_aside(folder, _aside(coming))
            _write(coming / _PLACING, "")
        for path in sorted((coming / _NEW).iterdir(), key=lambda one: one.name == FILE_NAME):
            path.replace(folder / path.name)
        look_for_erased(folder)
        sync(folder)
        (coming / _PLAN).unlink()
        shutil.rmtree(coming, ignore_errors=True)


def look_for_erased(folder: Path) -> None:
    """Have it done again at the next opening where somebody was erased: the data may be from before, or of an older version."""
    if (folder / ERASED).exists() and not (folder / ERASING).exists():
        _write(folder / ERASING, "[]")


def _aside(coming: Path) -> str:
    try:
        return str(json.loads((coming / _PLAN).read_text(encoding="utf-8"))[ASIDE])
    except (ValueError, KeyError, TypeError):
        raise UserError(_("{path} is damaged. Nothing was changed.").format(path=coming / _PLAN)) from None


def _set_aside(folder: Path, name: str) -> None:
    """The database with all that belongs to it; while the plan is in this step nothing new is in its place yet."""
    names = [FILE_NAME, *(f"{FILE_NAME}{ending}" for ending in _BESIDE), *(path.name for path in folder.glob(KEYS))]
    aside = folder / ASIDE / name
    for path in (folder / one for one in names):
        if path.exists():
            aside.mkdir(parents=True, exist_ok=True)
            path.replace(aside / path.name)
    if aside.exists():
        sync(aside)


def _write(path: Path, content: str) -> None:
    waiting = path.with_suffix(".part")
    waiting.write_text(content, encoding="utf-8")
    sync(waiting)
    waiting.replace(path)
    sync(path.parent)
