"""The command that erases a customer, or lists whose time is over."""

from __future__ import annotations

import argparse
import sys

from app.commands.common import open_session, print_json, print_table, say
from app.core.errors import Cancelled, WrongUsage
from app.core.language import _
from app.core.session import Session
from app.models.customers import Customer
from app.models.record import find
from app.services import erasures, retention
from app.services.erasure_words import lines
from app.services.erasures import Plan

NOT_CLEAN = 3


def declare(_name: str, parser: argparse.ArgumentParser) -> None:
    """The arguments."""
    parser.add_argument("number", nargs="?", metavar=_("CUSTOMER"), help=_("number of the customer"))
    parser.add_argument("--reason", metavar=_("TEXT"), default="", help=_("why, such as the request of a day"))
    parser.add_argument("--dry-run", action="store_true", help=_("say what would go and what would stay; change nothing"))
    parser.add_argument("--yes", action="store_true", help=_("do not ask"))
    parser.add_argument("--due", action="store_true", help=_("list customers whose retention is over; nobody is erased"))
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def run(asked: argparse.Namespace) -> int:
    """Do the command."""
    if asked.due == bool(asked.number):
        raise WrongUsage(_("Name one customer, or --due."))
    session = open_session(asked)
    if asked.due:
        return _list_due(asked, session)
    customer = find(session, Customer, asked.number)
    if asked.dry_run:
        return _told(asked, erasures.plan(session, customer), done=False)
    _ask(asked, session, customer)
    done = erasures.erase(session, customer, asked.reason)
    _told(asked, done.plan, done=True)
    if not done.clean:
        print(
            _("Another program or the disk hinders it. Traces stay until all are closed and one is started again."),
            file=sys.stderr,
        )
    return 0 if done.clean else NOT_CLEAN


def _ask(asked: argparse.Namespace, session: Session, customer: Customer) -> None:
    if asked.yes:
        return
    if not sys.stdin or not sys.stdin.isatty():
        raise WrongUsage(_("Erasing cannot be taken back. Give --yes where nobody can be asked."))
    for line in lines(erasures.plan(session, customer)):
        print(line, file=sys.stderr)
    print(_("This cannot be taken back. Type {number} to erase: ").format(number=customer.number), end="", file=sys.stderr)
    sys.stderr.flush()
    if sys.stdin.readline().strip() != customer.number:
        raise Cancelled


def _told(asked: argparse.Namespace, plan: Plan, *, done: bool) -> int:
    if asked.json:
        print_json(_plain(plan) | {"erased": done})
    else:
        state = _("erased") if done else _("dry run, nothing was changed")
        say("\n".join((f"{plan.number}\t{state}", *lines(plan))))
    return 0


def _plain(plan: Plan) -> dict[str, object]:
    kept = [{"number": one.number, "until": one.until.isoformat()} for one in plan.kept]
    return {**plan._asdict(), "open": list(plan.open), "kept": kept}


def _list_due(asked: argparse.Namespace, session: Session) -> int:
    found = [(erasures.plan(session, Customer.get_by_id(one.id)), one.last) for one in retention.due(session)]
    if asked.json:
        print_json([_plain(plan) | {"last": day.isoformat()} for plan, day in found])
        return 0
    head = [_("Number"), _("Name"), _("Last case"), _("Complaints"), _("Objections"), _("Files"), _("Stays")]
    print_table(
        head,
        [
            [
                p.number,
                p.name,
                day.isoformat(),
                str(p.complaints),
                str(p.objections),
                str(p.files),
                " ".join(k.number for k in p.kept),
            ]
            for p, day in found
        ],
    )
    return 0
