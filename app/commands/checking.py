"""The command that checks everything that is kept."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from app.commands.common import TerminalProgress, open_session, print_json, say
from app.core.errors import UserError
from app.core.language import _
from app.core.session import Session
from app.services import anchors, checking
from app.services.anchors import Anchor
from app.services.checking import Repaired
from app.services.faults import Fault

FAULT = 4


def declare(name: str, parser: argparse.ArgumentParser) -> None:
    """The arguments of `check`."""
    parser.add_argument("--repair", action="store_true", help=_("put right what needs no guessing, after a copy"))
    parser.add_argument(
        "--anchor",
        action="append",
        default=[],
        metavar=_("ANCHOR"),
        help=_("as it stands on an agreement or a workbook: 123:9f2c…"),
    )
    parser.add_argument(
        "--anchors", metavar=_("FOLDER"), help=_("with the daily files of the history, as the second place of backups")
    )
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def run(asked: argparse.Namespace) -> int:
    """The faults, each with what to do."""
    session = open_session(asked)
    known = list(_anchors(session, asked))
    if asked.repair:
        result = checking.repair(session, TerminalProgress(), known)
    else:
        result = Repaired([], checking.check(session, TerminalProgress(), known), None)
    print_json(_plain(result, repaired=asked.repair)) if asked.json else _tell(result)
    return FAULT if result.left else 0


def _anchors(session: Session, asked: argparse.Namespace) -> Iterator[Anchor]:
    yield from map(anchors.parse, asked.anchor)
    if asked.anchors:
        found = list(anchors.in_place(session.branch.code, Path(asked.anchors)))
        if not found:
            raise UserError(_("{folder} holds no daily file of the history of this branch.").format(folder=asked.anchors))
        yield from found


def _plain(result: Repaired, *, repaired: bool) -> dict[str, object]:
    told: dict[str, object] = {"ok": not result.left, "faults": [fault.as_json() for fault in result.left]}
    if repaired:
        told |= {"repaired": [fault.as_json() for fault in result.done], "copy": str(result.copy) if result.copy else None}
    return told


def _tell(result: Repaired) -> None:
    if result.copy is not None:
        say(_("A copy from before lies in {file}.").format(file=result.copy))
    for fault in result.done:
        say(_("Put right: {fault}").format(fault=_line(fault)))
    for fault in result.left:
        say(f"{_line(fault)}\n  {fault.do}")
    if not result.left:
        say(_("Everything is as it should be."))


def _line(fault: Fault) -> str:
    return _("{what} ({where})").format(what=fault.what, where=fault.where)
