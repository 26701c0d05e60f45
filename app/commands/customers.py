"""The command for customers who are here twice: it finds them, merges two, undoes that, or keeps them apart."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from app.commands.common import TerminalProgress, open_session, print_json, print_table, say
from app.core import formats
from app.core.errors import WrongUsage
from app.core.formats import label
from app.core.language import _
from app.core.session import Session
from app.models import customer_queries, customer_steps, merges
from app.models.customers import Customer
from app.models.record import find
from app.services import duplicates
from app.services.cases import Case


def declare(name: str, parser: argparse.ArgumentParser) -> None:
    """The arguments of `merge-customers`."""
    parser.add_argument("numbers", nargs="*", metavar=_("NUMBER"), help=_("the one that stays, and the other"))
    parser.add_argument("--take", action="append", metavar=_("FIELD"), help=_("a field whose value comes from the other"))
    parser.add_argument("--undo", metavar=_("NUMBER"), help=_("take back the merge of this one"))
    parser.add_argument("--find", action="store_true", help=_("look for customers who are here twice"))
    parser.add_argument("--not-same", action="store_true", help=_("remember that the two are not the same"))
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def run(asked: argparse.Namespace) -> int:
    """Do the command."""
    wants_two = not (asked.undo or asked.find)
    if len(asked.numbers) != (2 if wants_two else 0) or (asked.take and (asked.not_same or not wants_two)):
        raise WrongUsage(_("Name two customers, the one that stays first; or --find, or --undo with one number."))
    session = open_session(asked)
    if asked.find:
        _find(asked, session)
    elif asked.undo:
        _told(asked, merges.undo(session, find(session, Customer, asked.undo)))
    elif asked.not_same:
        duplicates.dismiss(session, *asked.numbers)
        _told(asked, find(session, Customer, asked.numbers[0]))
    else:
        keep, other = asked.numbers
        _told(asked, _merge(session, keep, other, asked.take or ()))
    return 0


def _merge(session: Session, number: str, other_number: str, wanted: Sequence[str]) -> Customer:
    """What the survivor does not know comes from the other in any case."""
    keep, other = find(session, Customer, number), find(session, Customer, other_number)
    proposed = {one.field.code for one in merges.sides(session, keep, other) if one.proposed == "other"}
    return merges.merge(session, keep, other, proposed.union(wanted))


def _find(asked: argparse.Namespace, session: Session) -> None:
    pairs = duplicates.check(session, TerminalProgress())
    if asked.json:
        print_json([{"keep": one.one.number, "other": one.other.number, "score": one.score, "why": one.why} for one in pairs])
        return
    head = [_("Score"), _("Number"), _("Name"), _("Number"), _("Name"), _("Why")]
    rows = [[str(p.score), p.one.number, p.one.name, p.other.number, p.other.name, p.why] for p in pairs]
    print_table(head, rows)


def rows(session: Session, case: Case) -> list[list[str]]:
    """What `show` says of a customer beyond its fields: gradings with reasons, and the complaint after which it was lost."""
    record = case.record
    if not isinstance(record, Customer):
        return []
    found = []
    for one in customer_steps.gradings(record, list(case.history)):
        field = record.field(one.field)
        change = _("{old} → {new}").format(old=label(field, one.old or "—"), new=label(field, one.new or "—"))
        told = (formats.moment(one.at, session.branch.zone), one.who, change, one.reason)
        found.append([_(field.label), " ".join(filter(None, told))])
    if complaint := customer_queries.lost_after(record):
        found.append([_("Complained, then lost"), complaint])
    return found


def _told(asked: argparse.Namespace, record: Customer) -> None:
    if asked.json:
        print_json({"number": record.number, "uid": record.uid, "status": record.status, "version": record.version})
    else:
        say(f"{record.number}\t{record.status}")
