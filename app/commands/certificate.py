"""The command for the certificate by which the branch signs its agreements: what it is, set it, remove it."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.commands.common import certificate_password, open_session, print_json, say
from app.core import formats
from app.core.errors import WrongUsage
from app.core.language import _
from app.core.session import Session
from app.models import certificates

_ACTIONS = ("show", "set", "remove")


def declare(name: str, parser: argparse.ArgumentParser) -> None:
    """The arguments of `certificate`."""
    parser.add_argument("action", nargs="?", default="show", choices=_ACTIONS, metavar=_("ACTION"), help=" ".join(_ACTIONS))
    parser.add_argument("file", nargs="?", type=Path, metavar=_("FILE.p12"), help=_("of “set”: the certificate with its key"))
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def run(asked: argparse.Namespace) -> int:
    """Do the action, then show what is in use."""
    if (asked.action == "set") != (asked.file is not None):
        raise WrongUsage(_("Write “certificate set FILE.p12”, “certificate remove”, or “certificate”."))
    session = open_session(asked)
    if asked.action == "set":
        certificates.choose(session, asked.file, certificate_password())
    elif asked.action == "remove":
        certificates.remove(session)
    _show(session, as_json=asked.json)
    return 0


def _show(session: Session, *, as_json: bool) -> None:
    held = certificates.current(session)
    if as_json:
        told = None if held is None else held.facts._asdict() | {"set_at": held.at, "set_by": held.who}
        print_json(formats.as_json(told, session.branch.zone))
    elif held is None:
        say(_("The branch has no certificate: agreements are issued unsigned."))
    else:
        until = formats.day(held.facts.valid_until.astimezone(session.branch.zone).date())
        say("\t".join((held.facts.subject, held.facts.issuer, until, held.facts.fingerprint)))
        if sentence := certificates.warning(session, held):
            say(sentence)
