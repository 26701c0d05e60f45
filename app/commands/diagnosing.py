"""The command that tells how this computer and its data are."""

from __future__ import annotations

import argparse

from app.commands.common import open_session, print_json, say
from app.core.language import _
from app.services import diagnosis

_TO_DO = 4


def declare(name: str, parser: argparse.ArgumentParser) -> None:
    """The arguments of `diagnose`."""
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def run(asked: argparse.Namespace) -> int:
    """The report that the window shows too."""
    findings = diagnosis.look(open_session(asked))
    if asked.json:
        print_json({"findings": [one._asdict() for one in findings], "log": diagnosis.last_lines()})
    else:
        say(diagnosis.report(findings))
    return _TO_DO if diagnosis.worst(findings) == diagnosis.ACT else 0
