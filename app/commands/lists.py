"""The command that lists records, and how commands ask a list: conditions, search, order, saved views."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import replace

from app.commands.common import condition, open_session, print_json, print_table, within
from app.core import formats
from app.core.errors import UserError
from app.core.fields import Kind, read
from app.core.language import _
from app.core.session import Session
from app.core.text import quoted
from app.models import saved_views
from app.models.listing import LISTINGS, OPEN, UNCLASSIFIED, Listing, Query
from app.models.record import KINDS, find
from app.models.saved_views import View

MOST_ROWS = 1_000_000_000


def declare(name: str, parser: argparse.ArgumentParser) -> None:
    """The arguments of `list`."""
    parser.add_argument("kind", choices=tuple(LISTINGS), metavar=_("KIND"), help=" ".join(LISTINGS))
    declare_query(parser)
    parser.add_argument("--limit", type=int, metavar=_("N"))
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def declare_query(parser: argparse.ArgumentParser) -> None:
    """How a list is asked."""
    parser.add_argument("--where", action="append", default=[], metavar=_("FIELD=VALUE"))
    parser.add_argument("--search", default="", metavar=_("TEXT"))
    parser.add_argument("--sort", default="", metavar=_("[-]FIELD"))
    parser.add_argument("--view", metavar=_("NAME"), help=_("a saved view; what else is written changes it for once"))


def run(asked: argparse.Namespace) -> int:
    """Print the rows of a list."""
    if asked.limit is not None:
        within("limit", asked.limit, 0, MOST_ROWS)
    session = open_session(asked)
    listing = LISTINGS[asked.kind]
    query, shown = query_of(asked, session, listing)
    if asked.json:
        codes = tuple(dict.fromkeys((*listing.columns, *(one.code for one in listing.kind.FIELDS))))
        listing = replace(listing, columns=("uid", "version", *codes))
    rows = listing.all(session, query, asked.limit, numbers=asked.json)
    fields = listing.fields()
    if asked.json:
        zone = session.branch.zone
        print_json([{one.code: formats.as_json(value, zone) for one, value in zip(fields, row[1:], strict=True)} for row in rows])
        return 0
    places = [listing.columns.index(code) for code in shown]
    now = session.now()
    print_table(
        [_(fields[place].label) for place in places],
        [[formats.show(fields[place], row[place + 1], now) for place in places] for row in rows],
    )
    return 0


def query_of(asked: argparse.Namespace, session: Session, listing: Listing) -> tuple[Query, tuple[str, ...]]:
    """What is asked of the list and which columns are shown; what is written goes before what the view says."""
    view = View() if asked.view is None else saved_views.find(session, listing, asked.view)
    query = saved_views.query_of(session, listing, view)
    query = query._replace(text=asked.search or query.text, where={**query.where, **_where(session, asked, listing)})
    if asked.sort:
        query = query._replace(sort=asked.sort.removeprefix("-"), descending=asked.sort.startswith("-"))
    return query, saved_views.columns_of(listing, view)


def _where(session: Session, asked: argparse.Namespace, listing: Listing) -> Mapping[str, tuple[str, ...]]:
    where: dict[str, tuple[str, ...]] = {}
    for code, value in map(condition, asked.where):
        where[code] = (*where.get(code, ()), _sought(session, listing, code, value))
    return where


def _sought(session: Session, listing: Listing, code: str, value: str) -> str:
    """The value as lists are asked for it: choices by code. UserError for one that cannot be: an empty list would hide it."""
    declared = next((one for one in listing.askable() if one.code == code), None)
    if declared is None:
        raise UserError(_("There is no field “{code}”.").format(code=quoted(code)))
    if not value.strip() or value == UNCLASSIFIED:
        return UNCLASSIFIED
    if declared.choices and (code, value) != ("status", OPEN):
        return str(read(declared.but(kind=Kind.CHOICE), value, session.now()))
    return find(session, KINDS[declared.refers], value).number if declared.refers else value
