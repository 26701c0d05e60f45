"""Commands that put things on paper: documents as PDF, and the figures of a period as a table, JSON or workbook."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

from app.commands import lists, scheduled
from app.commands.closing import say_closed
from app.commands.common import TerminalProgress, certificate_password, condition, open_session, print_json, say, within
from app.commands.figures_table import aligned, tables
from app.core import times
from app.core.database import transaction
from app.core.errors import WrongUsage
from app.core.files import whole_file, write_whole
from app.core.language import _
from app.core.session import Session
from app.models import cards, certificates, numbering
from app.models.certificates import CertificatePasswordNeeded
from app.models.listing import LISTINGS
from app.models.record import find_any
from app.reports import papers, papers_handbook, papers_list, papers_many, papers_month, papers_period
from app.services import cases, figure_words, figures_by, periods, restated, visits
from app.services.figures_rows import Chosen
from app.services.periods import Period

MOST_BLANKS = 200


def declare(name: str, parser: argparse.ArgumentParser) -> None:
    """The arguments of each command."""
    if name == "document":
        documents = (*papers.TITLES, papers_list.REGISTER, papers_period.MONTH, papers_handbook.HANDBOOK)
        parser.add_argument("document", choices=documents, metavar=_("DOCUMENT"), help=" ".join(documents))
        parser.add_argument("numbers", nargs="*", metavar=_("NUMBER"), help=_("several make one file; of a register: which list"))
        parser.add_argument("--out", type=Path, required=True, metavar=_("FILE.pdf"))
        parser.add_argument("--route", metavar=_("ROUTE"), help=_("a visit sheet for each customer of a route"))
        parser.add_argument("--edition", type=int, metavar=_("N"), help=_("of the agreement, if not the present one"))
        parser.add_argument("--blank", action="store_true", help=_("a form for handwriting, with a number of its own"))
        parser.add_argument("--count", type=int, metavar=_("N"), help=_("how many blank forms"))
        lists.declare_query(parser)
    else:
        scheduled.declare(parser)
    if name in ("document", "statistics"):
        parser.add_argument("--month", metavar=_("YYYY-MM|last"), help=_("also 2026-Q4, 2026, this; without any period: last"))
        parser.add_argument("--from", dest="first", metavar=_("DAY"))
        parser.add_argument("--to", dest="last", metavar=_("DAY"))
        parser.add_argument(
            "--by", action="append", default=[], metavar=_("FIELD=VALUE"), help=" ".join(("branch", *figures_by.FIELDS))
        )
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def run(asked: argparse.Namespace) -> int:
    """Do the command."""
    if asked.command == "document":
        _check_numbers(asked)
        if asked.document == papers_handbook.HANDBOOK:
            _handbook(asked)
        else:
            _document(asked, open_session(asked))
    else:
        scheduled.check(asked)
        session = scheduled.opened(asked) or open_session(asked)
        if not scheduled.registers(asked, session):
            _statistics(asked, session)
    return 0


def _check_numbers(asked: argparse.Namespace) -> None:
    if asked.blank and (asked.document != papers.FORM or asked.numbers):
        raise WrongUsage(_("--blank makes new registration forms: write “document form --blank” without a number."))
    if asked.route and (asked.document != papers.VISIT or asked.numbers):
        raise WrongUsage(_("--route names customers to visit: write “document visit --route ROUTE” without a number."))
    _check_month(asked)
    none_needed = asked.document in (papers.CARDS, papers_period.MONTH, papers_handbook.HANDBOOK)
    if not asked.blank and not asked.numbers and not asked.route and not none_needed:
        raise WrongUsage(_("A number is missing: write which record it is about."))
    _check_register(asked)
    if asked.count is not None and not asked.blank:
        raise WrongUsage(_("--count belongs to --blank."))
    if asked.edition is not None and asked.document != papers.AGREEMENT:
        raise WrongUsage(_("--edition belongs to an agreement."))
    if asked.count is not None:
        within("count", asked.count, 1, MOST_BLANKS)


def _handbook(asked: argparse.Namespace) -> None:
    """It is of no branch, so none is opened."""
    write_whole(asked.out, papers_handbook.render(datetime.now().astimezone(), TerminalProgress()))
    if asked.json:
        print_json({"file": str(asked.out)})
    else:
        say(str(asked.out))


def _check_month(asked: argparse.Namespace) -> None:
    month = asked.document == papers_period.MONTH
    if asked.document == papers_handbook.HANDBOOK and asked.numbers:
        raise WrongUsage(_("The handbook is of no record: write “document handbook --out FILE.pdf”."))
    if month and asked.numbers:
        raise WrongUsage(_("A report on a month is of no record: write “document month --month YYYY-MM”."))
    if not month and (asked.month or asked.first or asked.last or asked.by):
        raise WrongUsage(_("--month, --from, --to and --by belong to “document month”."))


def _check_register(asked: argparse.Namespace) -> None:
    register = asked.document == papers_list.REGISTER
    if register and (len(asked.numbers) != 1 or asked.numbers[0] not in LISTINGS):
        raise WrongUsage(_("Write which list the register is of: {lists}.").format(lists=", ".join(LISTINGS)))
    if not register and (asked.where or asked.search or asked.sort or asked.view):
        raise WrongUsage(_("--where, --search, --sort and --view belong to “document register”."))


def _document(asked: argparse.Namespace, session: Session) -> None:
    if asked.document == papers_list.REGISTER:
        _register(asked, session)
        return
    if asked.document == papers_period.MONTH:
        _month(asked, session)
        return
    if asked.blank:
        numbers, draft = write_blanks(session, asked.out, asked.count or 1), False
    else:
        made = _made(asked, session)
        # An agreement may be named by its own number and by that of its case.
        issued = list({one.record.uid: one for one in made}.values())
        try:
            papers_many.write_together(session, asked.out, issued)
        except CertificatePasswordNeeded:
            certificates.unlock(session, certificate_password())
            papers_many.write_together(session, asked.out, issued)
        numbers, draft = [number for one in issued for number in one.numbers], any(one.draft for one in issued)
    if asked.json:
        print_json({"file": str(asked.out), "numbers": numbers, "draft": draft})
    else:
        say(f"{asked.out}\t{' '.join(numbers)}")


def _register(asked: argparse.Namespace, session: Session) -> None:
    listing = LISTINGS[asked.numbers[0]]
    query, shown = lists.query_of(asked, session, listing)
    content = papers_list.register(session, listing, query, shown, TerminalProgress())
    with transaction(), whole_file(asked.out, content):
        papers_list.keep_record(session, listing, content)
    if asked.json:
        print_json({"file": str(asked.out), "list": asked.numbers[0]})
    else:
        say(str(asked.out))


def _month(asked: argparse.Namespace, session: Session) -> None:
    period, chosen = _period(asked, session), _chosen(asked, session)
    made = papers_period.render(session, period, chosen, progress=TerminalProgress())
    papers_period.write(session, asked.out, made)
    if asked.json:
        print_json({"file": str(asked.out), "period": {"from": period.start.isoformat(), "to": period.last_day.isoformat()}})
    else:
        say(str(asked.out))


def _made(asked: argparse.Namespace, session: Session) -> list[papers.Issued]:
    """A document of each record named; cards share their pages, and none named are all that are published."""
    numbers = asked.numbers
    if asked.document == papers.CARDS:
        named = {number: find_any(session, number) for number in numbers}
        return [papers.pocket_cards(session, list(named.values()) or cards.published(session))]
    if asked.route:
        numbers = [customer.number for customer in visits.on_route(session, asked.route)]
    told = TerminalProgress()
    return [papers.paper(session, asked.document, cases.load(session, number), asked.edition, told) for number in numbers]


def write_blanks(session: Session, path: Path, count: int = 1) -> list[str]:
    """Reserve numbers and print a form with each; numbers of forms that could not be written are void."""
    with numbering.reserving(session, "complaint", count) as numbers:
        write_whole(path, papers.together([papers.blank_form(session, number) for number in numbers]))
    return numbers


def _statistics(asked: argparse.Namespace, session: Session) -> None:
    period = _period(asked, session)
    chosen = _chosen(asked, session)
    path = scheduled.place(asked, session, period)
    if scheduled.nothing_to_do(asked, session, path):
        return
    made = restated.report(session, period, chosen)
    counted, kept = made.content.figures, made.closed
    if path:
        papers_month.write(session, path, made.content, TerminalProgress(), made.restated)
    if asked.json:
        print_json(restated.as_json(session, made))
    elif path:
        say(str(path))
    else:
        say(_("{branch} · {period}").format(branch=counted.branch_name, period=counted.scope))
        if kept:
            say_closed(session, kept, made.restated)
        if counted.signed:
            say(figure_words.of_signed(counted))
        for table in tables(counted):
            say(f"\n{aligned(table)}")


def _chosen(asked: argparse.Namespace, session: Session) -> Chosen:
    return figures_by.chosen(session, [condition(one) for one in asked.by])


def _period(asked: argparse.Namespace, session: Session) -> Period:
    today = session.now().date()
    if not asked.first and not asked.last:
        return periods.read(asked.month or "last", today)
    if asked.month or not asked.first:
        raise WrongUsage(_("Write either --month, or --from with --to."))
    last = times.parse_day(asked.last, today) if asked.last else today
    return periods.days(times.parse_day(asked.first, today), last)
