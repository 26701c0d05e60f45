"""What was tried and came of it, as a page: a row per fault, those of earlier runs kept until the fault is tried again."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from tests.faults.trial import MOST_SHOWN, Trial, Tried

PAGE = Path(__file__).with_name("REPORT.md")
_INTRODUCTION = """# What was done to the program, and what came of it

Written by `python -m tests.faults`; `--only NAME` tries one fault again and keeps the rows of the others. Each fault is done
to the real program. Each has a control, the same without what guards against it, which must fail: a test that finds nothing there
would prove nothing. Times are of a machine with few cores on which others work.

The simulated power cuts and failing writes put apsw under peewee, which runs another build of SQLite than the program's own
(apsw {apsw}; the program sqlcipher3 {sqlcipher}); what they leave is opened by the program's own. Several desks on PostgreSQL are
not tried: the program has no PostgreSQL yet.
"""
_HEAD = ("fault", "what was done", "times", "result", "control", "day", "machine", "s")


class Row(NamedTuple):
    """A line of the page."""

    name: str
    done: str
    times: str
    result: str
    control: str
    day: str
    machine: str
    seconds: str


def row(trial: Trial, tried: Tried, control: Tried, seconds: float) -> Row:
    """What came of a trial and its control."""
    found = f"**{len(tried.wrong)} WRONG**: {'; '.join(tried.wrong[:MOST_SHOWN])}" if tried.wrong else "0 wrong"
    failed = f"{len(control.wrong)} wrong in {control.times:,}, as it must" if control.wrong else "**FOUND NOTHING**"
    told = (
        trial.name, trial.done, f"{tried.times:,}", "; ".join(filter(None, (found, tried.figures))),
        "; ".join(filter(None, (f"{trial.control}: {failed}", control.figures))),
        f"{datetime.now(UTC).date()}", machine(), f"{seconds:.0f}",
    )  # fmt: skip
    return Row._make(" ".join(one.replace("|", "/").split()) for one in told)


def machine() -> str:
    """Where it was tried."""
    return f"{os.cpu_count()} cores, {platform.system()} {platform.release().split('-')[0]}, CPython {platform.python_version()}"


def is_red(found: Row) -> bool:
    """Whether something went wrong, or the control found nothing."""
    return "**" in found.result or "**" in found.control


def read() -> dict[str, Row]:
    """The rows of the page as it is."""
    if not PAGE.exists():
        return {}
    lines = (line.strip().strip("|").split("|") for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| "))
    cells = ([cell.strip() for cell in line] for line in lines)
    return {line[0]: Row._make(line) for line in cells if len(line) == len(_HEAD) and line[0] != _HEAD[0]}


def write(rows: dict[str, Row], names: list[str]) -> None:
    """The page anew, in the order of the names."""
    import apsw
    from sqlcipher3 import dbapi2

    start = _INTRODUCTION.format(apsw=apsw.sqlite_lib_version(), sqlcipher=dbapi2.sqlite_version)
    known = [rows[name] for name in names if name in rows]
    missing = [name for name in names if name not in rows]
    red = [one.name for one in known if is_red(one)]
    lines = [start, f"| {' | '.join(_HEAD)} |", f"|{'---|' * len(_HEAD)}", *(f"| {' | '.join(one)} |" for one in known), ""]
    lines += [f"Red: {', '.join(red)}." if red else "None is red."]
    lines += [f"Not tried yet: {', '.join(missing)}."] if missing else []
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")
