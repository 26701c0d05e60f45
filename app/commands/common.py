"""What the commands share: opening the branch, reading JSON, printing, showing progress."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from app.core import paths
from app.core.errors import UserError
from app.core.language import _
from app.core.progress import Progress
from app.core.session import Session
from app.services import workplace


def open_session(asked: argparse.Namespace) -> Session:
    """The branch that `--data` names."""
    return workplace.open_folder(paths.data_folder(getattr(asked, "data", None)), user=getattr(asked, "user", ""))


def read_json(path: str) -> Mapping[str, object]:
    """The object in a JSON file (`-`: standard input). UserError says where it is wrong."""
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8-sig")
        content = json.loads(text, parse_float=Decimal)
    except (OSError, UnicodeError) as error:
        raise UserError(
            _("{path} cannot be read: {reason}.").format(path=path, reason=getattr(error, "strerror", None) or error)
        ) from None
    except json.JSONDecodeError as error:
        raise UserError(
            _("{path} is no JSON: line {line}, column {column}. Mend it and try again.").format(
                path=path, line=error.lineno, column=error.colno
            )
        ) from None
    if not isinstance(content, dict):
        raise UserError(_("{path} must hold one JSON object with field codes as keys.").format(path=path))
    return content


def print_json(content: object) -> None:
    """JSON on standard output."""
    say(json.dumps(content, ensure_ascii=False, indent=2))


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table for people: tab between columns, one line per row."""
    out = ["\t".join(head), *("\t".join(cell.replace("\n", " ").replace("\t", " ") for cell in row) for row in rows)]
    say("\n".join(out))


def say(sentence: str) -> None:
    """A sentence on standard output, in UTF-8 whatever the terminal thinks; names of files may hold half characters."""
    sys.stdout.buffer.write(f"{sentence}\n".encode(errors="backslashreplace"))
    sys.stdout.flush()


class TerminalProgress(Progress):
    """One line on a terminal that is written over; nothing where the output goes elsewhere."""

    every = 500

    def report(self, done: int, total: int | None, sentence: str) -> None:
        """Show how far it is."""
        if sys.stderr.isatty():
            of_all = f"{done:,} / {total:,}" if total else f"{done:,}"
            print(f"\r{sentence} {of_all}\033[K", end="\n" if total and done >= total else "", file=sys.stderr, flush=True)
