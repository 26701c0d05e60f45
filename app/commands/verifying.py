"""The command that says whether a file is what this database issued."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.commands.common import open_session, print_json, say
from app.core import formats
from app.core.language import _
from app.core.session import Session
from app.reports import verifying
from app.reports.verdicts import WORDS, Verdict

FAULT = 4


def declare(name: str, parser: argparse.ArgumentParser) -> None:
    """The arguments of `verify`."""
    parser.add_argument("file", metavar=_("FILE"), help=_("an agreement as PDF, or a workbook"))
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def run(asked: argparse.Namespace) -> int:
    """The verdict; a file that cannot be relied on is a fault."""
    session = open_session(asked)
    verdict = verifying.verify(session, Path(asked.file))
    if asked.json:
        print_json(_plain(session, asked.file, verdict))
    else:
        say(f"{_(WORDS[verdict.code])}\t{verdict.sentence}")
    return 0 if verdict.genuine else FAULT


def _plain(session: Session, file: str, verdict: Verdict) -> dict[str, object]:
    issued = [{code: getattr(one, code) for code in ("document", "at", "who", "copies", "draft")} for one in verdict.issued]
    told: dict[str, object] = {
        "file": file,
        "verdict": verdict.code,
        "sentence": verdict.sentence,
        "number": verdict.number or None,
        "edition": verdict.edition or None,
        "sha256": verdict.sha256,
        "certificate": verdict.by or None,
        "issued": formats.as_json(issued, session.branch.zone),
    }
    return told
