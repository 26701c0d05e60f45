"""The command that lists records, and how commands ask a list: conditions, search, order, saved views."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import replace

from app.commands.common import open_session, print_json, print_table
from app.core import formats
from app.core.errors import UserError
from app.core.fields import Kind
from app.core.language import _
from app.core.session import Session
from app.core.text import quoted
from app.models import saved_views
from app.models.listing import LISTINGS, Listing, Query
from app.models.saved_views import View


def declare(name: str, parser: argparse.ArgumentParser) -> None:
    """The arguments of `list`."""
    parser.add_argument("kind", choices=tuple(LISTINGS), metavar=_("KIND"))
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
    query = replace(query, text=asked.search or query.text, where={**query.where, **_where(asked, listing)})
    if asked.sort:
        query = replace(query, sort=asked.sort.removeprefix("-"), descending=asked.sort.startswith("-"))
    return query, saved_views.columns_of(listing, view)


def _where(asked: argparse.Namespace, listing: Listing) -> Mapping[str, tuple[str, ...]]:
    where: dict[str, tuple[str, ...]] = {}
    for condition in asked.where:
        code, sign, value = condition.partition("=")
        if not sign:
            raise UserError(_("“{text}” is no condition. Write FIELD=VALUE.").format(text=quoted(condition)))
        where[code] = (*where.get(code, ()), _code(listing, code, value))
    return where


def _code(listing: Listing, code: str, value: str) -> str:
    """A choice may be named by its code or its label."""
    declared = next((one for one in listing.askable() if one.code == code), None)
    if declared is None:
        raise UserError(_("There is no field “{code}”.").format(code=quoted(code)))
    if declared.kind is Kind.CHOICE:
        named = [one.code for one in declared.choices if value in (one.code, one.label, _(one.label))]
        return named[0] if named else value
    return value
