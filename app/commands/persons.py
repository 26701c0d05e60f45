"""The command that gives out what is kept about a customer."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.commands.common import TerminalProgress, open_session, print_json, say
from app.core.database import transaction
from app.core.errors import WrongUsage
from app.core.files import whole_file
from app.core.language import _
from app.models.customers import Customer
from app.models.record import find
from app.services import person_data


def declare(_name: str, parser: argparse.ArgumentParser) -> None:
    """The arguments."""
    parser.add_argument("number", metavar=_("CUSTOMER"), help=_("number of the customer"))
    parser.add_argument("--out", type=Path, required=True, metavar=_("FILE"), help=_(".pdf to read, .json for a machine"))
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def run(asked: argparse.Namespace) -> int:
    """Do the command."""
    if asked.out.suffix.lower() not in (".pdf", ".json"):
        raise WrongUsage(_("--out names a file that ends in .pdf or .json."))
    session = open_session(asked)
    customer = find(session, Customer, asked.number)
    from app.reports import papers_person  # heavy: the PDF library

    content = papers_person.content(session, customer, asked.out.suffix.lower(), TerminalProgress())
    with transaction(), whole_file(asked.out, content):
        person_data.keep_record(session, customer, asked.out.suffix.lower())
    if asked.json:
        print_json({"file": str(asked.out), "number": customer.number})
    else:
        say(f"{asked.out}\t{customer.number}")
    return 0
