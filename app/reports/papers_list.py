"""A list put on paper as it is shown: 台账."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.core import formats
from app.core.errors import UserError
from app.core.fields import Kind
from app.core.language import _
from app.core.progress import Progress
from app.core.session import Session
from app.models import permissions, prints
from app.models.listing import Listing, Query
from app.reports.documents.register import Column, Register, register_sheaf
from app.reports.papers import safe_name
from app.reports.papers_case import frame
from app.reports.pdf import bind
from app.services import list_words

REGISTER = prints.REGISTER
MOST = 10_000
"""Rows of a register: some 500 pages."""
_RIGHT = (Kind.MONEY, Kind.QUANTITY, Kind.INTEGER)
_WHOLE = (*_RIGHT, Kind.CODE, Kind.PHONE, Kind.MOMENT, Kind.DATE, Kind.BOOLEAN)


def title_of(listing: Listing) -> str:
    """What the register of a list is called."""
    words = _("{kind} register").format(kind=_(listing.kind.LABEL))
    return words[:1].upper() + words[1:]


def file_name(session: Session, listing: Listing) -> str:
    """What its file is called."""
    return safe_name(f"{title_of(listing)} {session.now():%Y-%m-%d}.pdf")


def keep_record(session: Session, listing: Listing, content: bytes, copies: int = 1) -> None:
    """Remember that a register was printed or saved."""
    prints.keep_file(session, prints.REGISTER, content, title_of(listing), copies)


def register(session: Session, listing: Listing, query: Query, codes: Sequence[str], progress: Progress | None = None) -> bytes:
    """The rows of a query with these columns as PDF. UserError where they are too many; a fault of the query is said as ever."""
    permissions.require(session, "register.print")
    told = progress or Progress()
    shown = replace(listing, columns=tuple(codes))
    fields, now = shown.fields(), session.now()
    counted = listing.count(session, query)
    rows: list[list[str]] = []
    for row in told.over(shown.all(session, query), None if counted.capped else counted.rows, _("Reading")):
        if len(rows) == MOST:
            raise UserError(_("A register holds {most} rows at most. Narrow the list by its filters.").format(most=f"{MOST:,}"))
        rows.append([formats.show(field, value, now) for field, value in zip(fields, row[1:], strict=True)])
    asked = [_("{count} rows").format(count=f"{len(rows):,}"), *list_words.conditions(listing, query)]
    columns = [Column(_(field.label), field.kind in _RIGHT, field.kind in _WHOLE) for field in fields]
    shown_list = Register(frame(session, ""), title_of(listing), _("; ").join(asked), columns, rows)
    return bind(register_sheaf(shown_list, told), progress=told)
