"""Runs commands in this process, which is a hundred times quicker than one for each."""

from __future__ import annotations

import io
import sys
from typing import NamedTuple

from app import cli
from app.core import language


class Ran(NamedTuple):
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


def run(*arguments: str) -> Ran:
    """A command, in the language that is chosen; the database is closed behind it."""
    out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
    kept = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = out, err
    try:
        code = cli.run([f"--lang={language.chosen()}", *arguments])
        out.flush()
    finally:
        sys.stdout, sys.stderr = kept
    return Ran(code, out.buffer.getvalue().decode(), err.getvalue())  # type: ignore[attr-defined]
