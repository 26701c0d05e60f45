"""How often a name was tried with a wrong password, and how long it must wait: kept beside the key file, whoever the name is."""

from __future__ import annotations

import hashlib
import json
import math
from contextlib import suppress
from pathlib import Path

from app.core import text
from app.core.errors import NotPermitted
from app.core.files import write_durable
from app.core.language import _
from app.core.times import uptime

FILE_NAME = "tries.json"
FREE = 5
"""The wrong password after which a name must wait."""
WAITS = (1, 5, 15, 30, 60)
"""Minutes after the fifth wrong password and each further one; the last stays."""
MOST = 1000
"""Names kept; real ones that wait are not pushed out by invented ones that don't."""
_MOST = 10**12
"""No count and no number of seconds is larger: what is, or is none, was not written by this program."""


class SignInRefused(NotPermitted):
    """Name or password is wrong, or the name must wait; `wait` is the seconds before the next try counts, 0 for none."""

    def __init__(self, sentence: str, wait: int = 0) -> None:
        self.wait = wait
        super().__init__(sentence)


def begin(folder: Path, name: str) -> None:
    """Count a try before it is made, so that ending the program undoes none. SignInRefused while the name must wait."""
    kept, code = _load(folder), _code(name)
    failures, left = _left(kept.get(code))
    if left:
        kept[code] = [failures, left, uptime()]
        _save(folder, kept)
        raise SignInRefused(waiting(left), left)
    kept[code] = [failures + 1, _wait_after(failures + 1), uptime()]
    _save(folder, kept)


def left(folder: Path, name: str) -> int:
    """Seconds that a name must still wait, 0 for none."""
    return _left(_load(folder).get(_code(name)))[1]


def forget(folder: Path, name: str) -> None:
    """The right password was given, or a new one was set: the count begins anew."""
    kept = _load(folder)
    if kept.pop(_code(name), None) is not None:
        _save(folder, kept)


def waiting(seconds: int) -> str:
    """What is said to somebody who must wait."""
    return _("Too many wrong passwords. Wait {minutes} min, then try again.").format(minutes=math.ceil(seconds / 60))


def _wait_after(failures: int) -> int:
    return 0 if failures < FREE else 60 * WAITS[min(failures - FREE, len(WAITS) - 1)]


def _left(entry: list[float] | None) -> tuple[int, int]:
    """(failures, seconds still to wait). After a restart the time since then is the least that can have gone by."""
    if entry is None:
        return 0, 0
    failures, wait, seen = entry
    now = uptime()
    gone = now - seen if now >= seen else now
    return int(failures), max(0, math.ceil(wait - gone))


def _code(name: str) -> str:
    """Names are not kept in the clear: a password is easily typed in their place."""
    return hashlib.sha256(text.key(name).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _load(folder: Path) -> dict[str, list[float]]:
    with suppress(OSError, ValueError, RecursionError):
        kept = json.loads((folder / FILE_NAME).read_bytes())
        if isinstance(kept, dict):
            return {code: entry for code, entry in kept.items() if _is_entry(entry)}
    return {}


def _is_entry(entry: object) -> bool:
    return (
        isinstance(entry, list) and len(entry) == 3 and all(isinstance(part, int | float) and 0 <= part < _MOST for part in entry)
    )


def _save(folder: Path, kept: dict[str, list[float]]) -> None:
    if len(kept) > MOST:
        newest = sorted(kept.items(), key=lambda item: (_left(item[1])[1] > 0, item[1][0], item[1][2]), reverse=True)
        kept = dict(newest[:MOST])
    write_durable(folder / FILE_NAME, json.dumps(kept).encode())
