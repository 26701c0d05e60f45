"""派发单 and 催办单: what a department is to deliver to a customer, and the reminder where it has not.

A dispatch order goes out in parts, as the carbon sets did: one stays with who issued it, one with the department, one with the
customer, who signs for what came.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from app.core.language import N_, _
from app.core.times import Moment
from app.reports.documents.parts import PARAGRAPH, blank_day, counted, day, moment, part, short_day
from app.reports.grid import SMALL, Grid, Row, form_row, memo_row, table
from app.reports.layout import Block, Entry, Signatures, Text
from app.reports.pdf import Paper, Sheaf
from app.reports.typesetting import Align

ISSUER, DEPARTMENT, CUSTOMER = N_("Part 1: issuer"), N_("Part 2: department"), N_("Part 3: customer")
_PROOFS = 5  # rows of the table of deliveries, at least two of them empty while something is owed
_HANDWRITING = 25
_CENTRE, _RIGHT = SMALL._replace(align=Align.CENTRE), SMALL._replace(align=Align.RIGHT)


class OrderLine(NamedTuple):
    """One thing to deliver: `way` is the label of the remedy, empty for a report to an authority."""

    way: str
    content: str
    quantity: Decimal
    unit: str = ""
    delivered: Decimal = Decimal(0)


class Delivered(NamedTuple):
    """What reached the customer: of the line of that number."""

    at: Moment | None
    line: int
    quantity: Decimal
    received_by: str = ""
    proof: str = ""
    who: str = ""


@dataclass(frozen=True)
class DispatchOrder:
    """An order to a department. `products`: the goods complained of, one to a line. Instants are in the branch's zone."""

    paper: Paper
    department: str
    complaint_number: str
    agreement_number: str = ""
    issued_by: str = ""
    issued_at: Moment | None = None
    due: date | None = None
    customer: str = ""
    customer_number: str = ""
    contact: str = ""
    phone: str = ""
    address: str = ""
    products: tuple[str, ...] = ()
    lines: tuple[OrderLine, ...] = ()
    note: str = ""
    accepted_by: str = ""
    accepted_at: Moment | None = None
    deliveries: tuple[Delivered, ...] = ()
    done: bool = False
    to_customer: bool = True


def dispatch_parts(data: DispatchOrder) -> list[Sheaf]:
    """All parts of the set; a report to an authority has none for the customer."""
    return [dispatch_sheaf(data, one) for one in (ISSUER, DEPARTMENT, *((CUSTOMER,) if data.to_customer else ()))]


def dispatch_sheaf(data: DispatchOrder, which: str = "") -> Sheaf:
    """One part of the set, or the order as it lies in the case file. What the customer gets has no internal note."""
    shown = replace(data, note="") if which == CUSTOMER else data
    blocks = [
        Grid(_head(shown)),
        *part(_("To deliver"), _lines(shown.lines)),
        *([Grid([memo_row(_("Note"), shown.note, least=22)])] if shown.note else []),
        *part(_("Taken over"), Grid([_accepted(shown)])),
        *part(_("Deliveries"), _deliveries(shown)),
        _signatures(shown),
    ]
    return Sheaf(replace(data.paper, copy=_(which) if which else ""), _("Dispatch order"), blocks)


def _head(data: DispatchOrder) -> list[Row]:
    name = " ".join(filter(None, (data.customer, data.customer_number)))
    rows = [
        form_row((_("Department"), data.department, 0.5), (_("Due"), day(data.due), 0.5)),
        form_row((_("Complaint"), data.complaint_number, 0.5), (_("Agreement"), data.agreement_number, 0.5)),
        form_row((_("Issued by"), data.issued_by, 0.5), (_("Issued at"), moment(data.issued_at), 0.5)),
        form_row((_("Customer"), name, 1)),
        form_row((_("Contact person"), data.contact, 0.5), (_("Phone"), data.phone, 0.5)),
        form_row((_("Address"), data.address, 1)),
    ]
    return rows + ([memo_row(_("Products"), "\n".join(data.products), least=22)] if data.products else [])


def _lines(lines: Sequence[OrderLine], *, by_hand: bool = True) -> Grid:
    """What is to be delivered; where nothing was, there is room to write it, unless it is not filled in by hand."""
    captions = (_("#"), _("Remedy"), _("Content"), _("Quantity"), _("Delivered"), _("Owed"))
    rows = [(str(number), *_line(line, by_hand)) for number, line in enumerate(lines, 1)]
    styles = (_CENTRE, SMALL, SMALL, _RIGHT, _RIGHT, _RIGHT)
    return table(captions, (0.06, 0.16, 0.39, 0.13, 0.13, 0.13), rows, styles, 22)


def _line(line: OrderLine, by_hand: bool) -> tuple[str, ...]:
    owed = line.quantity - line.delivered
    amounts = (line.delivered, owed) if line.delivered or not by_hand else ()
    told = [counted(amount, line.unit) if amount else "—" for amount in amounts] or ["", ""]
    return (line.way or "—", line.content, counted(line.quantity, line.unit), *told)


def _accepted(data: DispatchOrder) -> Row:
    return form_row(
        (_("Accepted by"), data.accepted_by, 0.5), (_("Accepted at"), moment(data.accepted_at), 0.5), least=_HANDWRITING
    )


def _deliveries(data: DispatchOrder) -> Grid:
    """What is recorded, and room to write down by hand what comes."""
    captions = (_("Time"), _("Line"), _("Quantity"), _("Received by (signature)"), _("Proof"), _("Handed over by"))
    units = [line.unit for line in data.lines]
    rows = [
        (
            moment(one.at),
            str(one.line),
            counted(one.quantity, units[one.line - 1] if one.line <= len(units) else ""),
            one.received_by,
            one.proof,
            one.who,
        )
        for one in data.deliveries
    ]
    empty = 0 if data.done else max(2, _PROOFS - len(rows))
    styles = (SMALL, _CENTRE, _RIGHT, SMALL, SMALL, SMALL)
    return table(captions, (0.2, 0.07, 0.13, 0.22, 0.23, 0.15), [*rows, *[("",) * 6] * empty], styles, _HANDWRITING)


def _signatures(data: DispatchOrder) -> Signatures:
    last = data.deliveries[-1] if data.done and data.deliveries else None
    columns = [
        (_("Issued by:"), data.issued_by, data.issued_at),
        (_("Department:"), data.accepted_by, data.accepted_at),
        (_("Customer:"), last.received_by if last else "", last.at if last else None),
    ]
    return Signatures(
        [
            [Entry(caption, name), Entry(_("Date:"), short_day(on) or blank_day(), line=False)]
            for caption, name, on in columns[: 3 if data.to_customer else 2]
        ]
    )


@dataclass(frozen=True)
class Reminder:
    """What is asked of a department whose order is under way. `stand` says how late it is, `chased` when that was said before."""

    order: DispatchOrder
    stand: str
    chased: tuple[Moment, ...] = ()
    by: str = ""


def reminder_sheaf(data: Reminder) -> Sheaf:
    """催办单: what is still owed, to be answered by the department."""
    order = data.order
    words = _("Dispatch order {number} was to be carried out by {day}; {stand}. The following has not reached the customer:")
    when = day(order.due) or "—"
    owed = _lines([line for line in order.lines if line.delivered < line.quantity], by_hand=False)
    owed.before = 4
    blocks: list[Block] = [
        Text(_("To: {department}").format(department=order.department), PARAGRAPH._replace(bold=True)),
        Text(words.format(number=order.paper.number, day=when, stand=data.stand), PARAGRAPH, before=4),
        owed,
        Grid(_head(replace(order, products=())), before=8),
        Text(_chased(data.chased), PARAGRAPH, before=8),
        *part(_("Answer of the department"), Grid(_answer())),
        Signatures(
            [
                [Entry(_("Chased by:"), data.by), Entry(_("Date:"), short_day(order.paper.printed_at), line=False)],
                [Entry(_("Head of the department:")), Entry(_("Date:"), blank_day(), line=False)],
            ]
        ),
    ]
    return Sheaf(order.paper, _("Reminder of a dispatch order"), blocks)


def _chased(times: Sequence[Moment]) -> str:
    asked = _("It was promised to the customer. Deliver it, or write below when it comes and what stands in the way.")
    if not times:
        return asked
    before = _("Chased {count} times before, last on {day}.").format(count=len(times), day=moment(times[-1]))
    return f"{before} {asked}"


def _answer() -> list[Row]:
    return [
        form_row((_("Delivery on"), "", 0.5), (_("By whom"), "", 0.5), least=_HANDWRITING),
        memo_row(_("What stands in the way"), "", least=76, ruled=True, joined=True),
    ]
