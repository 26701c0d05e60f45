"""The command that closes a month and opens it again, and what `statistics` says of one that is closed."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from app.commands.common import TerminalProgress, open_session, print_json, say
from app.commands.figures_table import Table, aligned
from app.core import formats
from app.core.language import _
from app.core.session import Session
from app.models.frozen_months import Freeze
from app.services import closing, figure_words
from app.services import restated as differences
from app.services.closing import Closed
from app.services.restated import Restated


def declare(_name: str, parser: argparse.ArgumentParser) -> None:
    """The arguments."""
    parser.add_argument("month", metavar="YYYY-MM", help=_("a month that is over; also last"))
    parser.add_argument("--reopen", metavar=_("REASON"), help=_("open a closed month again; what was kept stays on record"))
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def run(asked: argparse.Namespace) -> int:
    """Do the command."""
    session = open_session(asked)
    period = closing.month(session, asked.month)
    if asked.reopen is None:
        _told(asked, session, closing.close(session, period, TerminalProgress()))
    else:
        _told(asked, session, closing.open_again(session, period, asked.reopen))
    return 0


def _told(asked: argparse.Namespace, session: Session, freeze: Freeze) -> None:
    zone = session.branch.zone
    if asked.json:
        said = {"month": freeze.month, "at": formats.as_json(freeze.at, zone), "by": freeze.who, "sha256": freeze.sha256}
        opened = {"at": formats.as_json(freeze.opened_at, zone), "by": freeze.opened_by, "reason": freeze.open_reason}
        print_json(said | {"opened": opened if freeze.opened_at else None})
    elif freeze.opened_at:
        say(_("{month} is open again: its figures are counted from the records.").format(month=freeze.month))
    else:
        say(_("{month} is closed. Check code: {hash}").format(month=freeze.month, hash=freeze.sha256))


def say_closed(session: Session, kept: Closed, restated: Sequence[Restated]) -> None:
    """When and by whom the month was closed, what was not kept then, and what is different today."""
    at = formats.moment(kept.freeze.at, session.branch.zone)
    words = _("Closed by {person} on {time}. Check code: {hash}")
    say(words.format(person=kept.freeze.who, time=at, hash=kept.freeze.sha256))
    if kept.missing:
        say(_("Not kept when it was closed: {names}").format(names=figure_words.named(kept.missing)))
    if not restated:
        say(_("Nothing of it would be counted differently today."))
        return
    heads = (_("Restatements"), _("Number"), _("Item"), _("When closed"), _("Today"), _("Who"), _("Reason"))
    say(f"\n{aligned(Table(heads, [_row(one) for one in restated]))}")


def _row(one: Restated) -> tuple[str, ...]:
    number = "" if one.what == "figure" else one.number
    return (differences.what_of(one), number, one.label, *differences.sides(one), one.who, one.why or one.act)
