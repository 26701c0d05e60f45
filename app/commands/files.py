"""The command that keeps files with records."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.commands.common import open_session, print_json, print_table
from app.core.errors import WrongUsage
from app.core.language import _
from app.core.session import Session
from app.models import attachments
from app.models.attachments import SHOWS, File
from app.models.record import Record, find_any
from app.services import evidence
from app.services.cases import Case


def declare(name: str, parser: argparse.ArgumentParser) -> None:
    """The arguments of `attach`."""
    codes = " ".join(choice.code for choice in SHOWS)
    parser.add_argument("number", metavar=_("NUMBER"))
    parser.add_argument("files", nargs="*", metavar=_("FILE"))
    parser.add_argument(
        "--shows", metavar=_("WHAT"), help=_("what is to be seen in them: {codes}, or free words").format(codes=codes)
    )
    parser.add_argument(
        "--kept", type=int, metavar=_("ID"), help=_("instead of files: one that is attached already, as `show` names it")
    )
    parser.add_argument("--void", metavar=_("REASON"), help=_("take the one that --kept names out of what counts"))
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def run(asked: argparse.Namespace) -> int:
    """Keep files, or say of one that is kept what it shows or why it is void."""
    _check(asked)
    session = open_session(asked)
    record = find_any(session, asked.number)
    kept = [_change(asked, session, record)] if asked.kept is not None else _attach(asked, session, record)
    if asked.json:
        print_json([_plain(one) for one in kept])
    else:
        head = ["ID", _("File"), _("What it shows"), _("Size"), "SHA-256"]
        print_table(head, [[str(one.id), one.name, attachments.shown(one.shows), str(one.size), one.sha256] for one in kept])
    return 0


def _check(asked: argparse.Namespace) -> None:
    if asked.kept is None and (asked.void is not None or not asked.files):
        raise WrongUsage(_("Name the files to attach; --void goes with --kept ID."))
    if asked.kept is not None and (asked.files or (asked.void is None) == (asked.shows is None)):
        raise WrongUsage(_("With --kept ID write either --shows WHAT or --void REASON, and no file."))


def _attach(asked: argparse.Namespace, session: Session, record: Record) -> list[File]:
    return attachments.attach_together(session, record, [Path(name) for name in asked.files], asked.shows or "")


def _change(asked: argparse.Namespace, session: Session, record: Record) -> File:
    if asked.void is not None:
        return attachments.void(session, record, asked.kept, asked.void)
    return attachments.say(session, record, asked.kept, asked.shows)


def _plain(file: File) -> dict[str, object]:
    return {code: getattr(file, code) for code in ("id", "name", "size", "sha256", "shows", "void_reason")}


def rows(session: Session, case: Case) -> list[list[str]]:
    """What `show` tells of the files of a record: id, name, what each shows, why one is void; then what is missing."""
    told = [[_("Attachment"), " · ".join(filter(None, (f"{one.id} {one.name}", *_facts(one))))] for one in case.attachments]
    lacking = [[_("Missing evidence"), lack.words] for lack in evidence.missing_evidence(session, case.record)]
    return told + lacking


def _facts(file: File) -> tuple[str, str]:
    void = "" if file.voided_at is None else _("void: {reason}").format(reason=file.void_reason)
    return attachments.shown(file.shows), void


def missing(session: Session, record: Record) -> list[list[str]]:
    """The evidence that a record lacks: for each piece the codes of which a file must show one."""
    return [list(lack.shows) for lack in evidence.missing_evidence(session, record)]
