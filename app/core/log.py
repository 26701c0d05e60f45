"""The log of this computer: what started, ended, took long, was refused or broke. Only declared facts get in, never texts.

Messages of errors, values of variables and numbers of records can name people, so none of them is written: of an error its
class and the lines of code it came through.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from time import monotonic

FILE_NAME = "kesu.log"
LARGEST, FILES = 1_000_000, 5
"""Bytes of one file, and how many files are kept, the one that is written counted."""
SLOW = 1.0
"""Seconds from which an action is worth a line."""
EVENTS = {
    "start": ("version", "python", "qt", "store", "system"),
    "end": ("code", "seconds"),
    "command": ("name", "code", "ms"),
    "slow": ("what", "ms"),
    "update": ("outcome",),
    "refused": ("kind", "rule", "at"),
    "fault": ("kind", "at"),
}
"""What is written, each with its facts: names in our code, versions, numbers that are counted or measured."""
_PLAIN = re.compile(r"(?!.*\d{6})[A-Za-z0-9_.:+<>~, -]{1,160}")
"""A word of code or a version; six digits in a row may be a phone or a number of a record."""
_FAULTS = re.compile(r"^(\S+) \S+ fault ", re.MULTILINE)
_FIRST_FRAMES, _LAST_FRAMES, _CAUSES = 15, 40, 5

_log = logging.getLogger("kesu")


def folder() -> Path:
    """Where it lies: in this account's folder for such files, not with the data."""
    import platformdirs  # most starts write nothing until the window stands

    return Path(platformdirs.user_log_dir("kesu-desk", appauthor=False))


def note(event: str, **facts: int | str) -> None:
    """Write a declared event."""
    _opened().info(event, extra={"facts": facts})


def refused(error: Exception) -> None:
    """The program said no: of what kind the refusal is, and where in the code it stands."""
    _opened().info("refused", exc_info=error)


def fault(error: BaseException) -> datetime:
    """Something broke that should not; the moment under which it is found in the log."""
    _opened().error("fault", exc_info=error)
    return now()


def now() -> datetime:
    """As the lines begin, to the second."""
    return datetime.now().astimezone().replace(microsecond=0)


@contextmanager
def timed(work: Callable[..., object] | str) -> Iterator[None]:
    """What takes long inside is noted under the name of the work."""
    began = monotonic()
    try:
        yield
    finally:
        spent = monotonic() - began
        if spent >= SLOW:
            note("slow", what=work if isinstance(work, str) else _name(work), ms=round(spent * 1000))


def _name(work: Callable[..., object]) -> str:
    while isinstance(work, partial):
        work = work.func
    return f"{getattr(work, '__module__', '')}.{getattr(work, '__qualname__', type(work).__name__)}"


def lines_of(error: BaseException) -> list[str]:
    """Class and frames of an error and of what caused it, the cause first, without a message or a value."""
    found: list[str] = []
    one: BaseException | None = error
    for _turn in range(_CAUSES):
        if one is None:
            break
        frames = [_frame(*place) for place in traceback.walk_tb(one.__traceback__)]
        if len(frames) > _FIRST_FRAMES + _LAST_FRAMES:
            frames[_FIRST_FRAMES:-_LAST_FRAMES] = ["..."]
        found = [*frames, _kind(one), *found]
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return found


def _frame(frame: object, line: int) -> str:
    """Module, line and function; a path would name the account of whoever sits here."""
    module, code = getattr(frame, "f_globals")["__name__"], getattr(frame, "f_code")  # noqa: B009 - walk_tb tells no type
    return f"{module}:{line} {code.co_qualname}"


def _kind(error: BaseException) -> str:
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def content() -> str:
    """The file that is written now; empty where there is none."""
    try:
        return (folder() / FILE_NAME).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def faults_since(text: str, moment: datetime) -> int:
    """How many faults a log tells of since a moment."""
    return sum(1 for stamp in _FAULTS.findall(text) if _moment(stamp) >= moment)


def _moment(stamp: str) -> datetime:
    try:
        return datetime.fromisoformat(stamp)
    except ValueError:
        return datetime.min.replace(tzinfo=now().tzinfo)


class Clean(logging.Formatter):
    """The last gate before the file: declared events with declared facts pass; of anything else only where it was said."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, and for a fault a line per frame below it."""
        event, facts = record.msg, dict(getattr(record, "facts", {}))
        error = record.exc_info[1] if record.exc_info else None
        if event not in EVENTS:
            event, facts = "other", {}
        if error is not None:
            facts |= {"kind": _kind(error), "rule": getattr(error, "rule", None), "at": _at(error)}
        allowed = EVENTS.get(event, ())
        words = [f"{name}={_plain(value)}" for name, value in facts.items() if name in allowed and value not in (None, "")]
        head = " ".join((now().isoformat(), str(record.process), event, *words))
        below = [f"  {_plain(line)}" for line in lines_of(error)] if error is not None and event == "fault" else []
        return "\n".join((head, *below))


def _plain(value: object) -> str:
    """A fact as it may stand there, `?` for one that may not."""
    text = str(value)
    return text if isinstance(value, int) or _PLAIN.fullmatch(text) else "?"


def _at(error: BaseException) -> str:
    """Where in our own code it was raised."""
    ours = [place for place in traceback.walk_tb(error.__traceback__) if place[0].f_globals["__name__"].startswith("app.")]
    return _frame(*ours[-1]).split(" ")[0] if ours else ""


class Rotating(logging.Handler):
    """Opens the file for each line alone, so that window and commands write to the same one and any of them may turn it."""

    def emit(self, record: logging.LogRecord) -> None:
        """A disk that refuses costs the line, never the work."""
        line = (self.format(record) + "\n").encode("utf-8", "backslashreplace")
        path = folder() / FILE_NAME
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists() and path.stat().st_size + len(line) > LARGEST:
                _turn(path)
            with path.open("ab") as file:
                file.write(line)


def _turn(path: Path) -> None:
    """Each file takes the name of the one before it; the oldest goes."""
    names = [path, *(path.with_name(f"{path.name}.{place}") for place in range(1, FILES))]
    for older, newer in zip(names[:0:-1], names[-2::-1], strict=True):
        if newer.exists():
            newer.replace(older)


@cache
def _opened() -> logging.Logger:
    """The first line opens it, so no start waits for it."""
    handler = Rotating()
    handler.setFormatter(Clean())
    _log.addHandler(handler)
    _log.setLevel(logging.INFO)
    _log.propagate = False
    return _log
