"""Plain tables as workbooks: a list as it is shown, and the rows that an import refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, tzinfo
from decimal import Decimal
from pathlib import Path

from app.core import formats
from app.core.errors import UserError
from app.core.fields import Field, Kind, Value
from app.core.files import coming_file
from app.core.language import N_, _
from app.core.progress import Progress
from app.core.session import Session
from app.models import permissions, prints
from app.models.listing import Listing, Query
from app.reports.sheets import MOST_ROWS, Book, Plain, Sheet, Styled, letter
from app.services import list_words
from app.services.register_targets import in_all_languages

_LOOKS = {
    Kind.MEMO: "memo",
    Kind.INTEGER: "number",
    Kind.QUANTITY: "quantity",
    Kind.MONEY: "money",
    Kind.DATE: "day",
    Kind.MOMENT: "moment",
    Kind.BOOLEAN: "flag",
}
_PIXELS = 7
"""Of a character of Excel's usual font: widths of columns are counted in it."""


def write_list(
    path: Path, title: str, fields: Sequence[Field], rows: Iterable[Sequence[Value]], zone: tzinfo, *, sample: bool = False
) -> None:
    """The rows of a list, a column per field, with its labels, in one file that is there whole or not at all."""
    with coming_file(path) as write:
        write(render(title, fields, rows, zone, sample=sample))


def export(
    session: Session, path: Path, title: str, listing: Listing, query: Query, codes: Sequence[str], progress: Progress
) -> None:
    """The rows that a list is asked for with these columns, as a workbook; that they went out stands in the history."""
    permissions.require(session, "list.export")
    total = listing.count(session, query).rows
    rows = progress.over(replace(listing, columns=tuple(codes)).all(session, query), total, _("Exporting"))
    fields = [listing.field(code) for code in codes]
    write_list(path, title, fields, (line[1:] for line in rows), session.branch.zone, sample=session.branch.sample)
    prints.keep_export(session, _("; ").join((path.name, *list_words.conditions(listing, query))))


def render(title: str, fields: Sequence[Field], rows: Iterable[Sequence[Value]], zone: tzinfo, *, sample: bool = False) -> bytes:
    """The same as a file's content. Values as lists have them: choices by code, moments as instants or days, money as Decimal."""
    with Book(title, title, sample=sample) as book:
        sheet = book.sheet(title, [max(declared.width / _PIXELS, 8) for declared in fields])
        sheet.freeze(1, 1)
        sheet.add([Styled(_(declared.label), "head") for declared in fields], 24)
        sheet.columns([_LOOKS.get(declared.kind, "text") for declared in fields])
        for row in rows:
            _check_room(sheet)
            sheet.stream([told(declared, value, zone) for declared, value in zip(fields, row, strict=True)])
        sheet.rule(2, sheet.row, len(fields))
        sheet.ws.auto_filter.ref = f"A1:{letter(len(fields))}{max(sheet.row, 2)}"
        return book.bytes()


def told(declared: Field, value: Value, zone: tzinfo) -> Plain:
    """A value as a cell holds it: numbers and dates as such, everything else as text in the user's language."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, datetime):
        return value.astimezone(zone).replace(tzinfo=None)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date | int | float):
        return value
    if declared.kind is Kind.CHOICE:
        return formats.label(declared, str(value))
    if declared.kind is Kind.TAGS:
        return _(", ").join(formats.label(declared, code) for code in value)
    return str(value)


REASON = N_("Reason for rejection")


def rejects(headers: Sequence[str], rows: Iterable[tuple[Sequence[str], str]]) -> bytes:
    """The rows as they came, each with the reason, under their own heads: to be corrected and taken in again.

    The reasons that an earlier such workbook brings along give way to the new ones.
    """
    reasons = in_all_languages(REASON)
    kept = [place for place, head in enumerate(headers) if head not in reasons]
    with Book(_("Rejected rows"), "") as book:
        sheet = book.sheet(_("Rejected rows"), [*(18.0 for _place in kept), 60.0])
        sheet.freeze(1)
        sheet.add([*(Styled(headers[place], "head") for place in kept), Styled(_(REASON), "head")], 24)
        sheet.columns(["text"] * len(kept) + ["memo"])
        for cells, reason in rows:
            _check_room(sheet)
            # A row may be shorter than the heads, or longer: what stands beyond them stays beyond the reason.
            within = [cells[place] if place < len(cells) else "" for place in kept]
            _stream(sheet, [*within, reason], list(cells[len(headers) :]))
        sheet.rule(2, sheet.row, len(kept) + 1)
        sheet.ws.auto_filter.ref = f"A1:{letter(len(kept) + 1)}{max(sheet.row, 2)}"
        return book.bytes()


def _stream(sheet: Sheet, cells: list[str], beyond: list[str]) -> None:
    if not any(beyond):
        sheet.stream(cells)
    else:
        sheet.add([Styled(cell) for cell in (*cells, *beyond)])


def _check_room(sheet: Sheet) -> None:
    if sheet.row >= MOST_ROWS:
        raise UserError(_("A sheet holds {count} rows. Narrow the list with its filters.").format(count=MOST_ROWS))
