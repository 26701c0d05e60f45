"""Runs commands in this process, which is a hundred times quicker than one for each."""

from __future__ import annotations

import gettext
import io
import json
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from typing import Any, NamedTuple
from unittest.mock import patch

from app import cli
from app.core import language


class Ran(NamedTuple):
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it said as JSON."""
        return json.loads(self.out)


def run(*arguments: object, given: str = "") -> Ran:
    """A command, in the language that is chosen, with a standard input; the database is closed behind it."""
    streams = [io.TextIOWrapper(io.BytesIO(content), encoding="utf-8") for content in (given.encode(), b"")]
    err = io.StringIO()
    with patch.dict(os.environ), patch.object(sys, "stdin", streams[0]), redirect_stdout(streams[1]), redirect_stderr(err):
        code = cli.run([f"--lang={language.chosen()}", *map(str, arguments)])
    gettext.textdomain("messages")
    streams[1].flush()
    return Ran(code, streams[1].buffer.getvalue().decode(), err.getvalue())  # type: ignore[attr-defined]
