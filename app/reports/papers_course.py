"""What goes out on the way of a complaint: receipt, dispatch orders and their reminders, follow-up sheets, from what was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from app.core import formats
from app.core.errors import UserError
from app.core.language import _
from app.core.session import Session
from app.core.times import Moment
from app.models import history
from app.models.case_entries import FollowUp
from app.models.complaints import Complaint
from app.models.dispatches import Dispatch, DispatchLine, Promised
from app.models.gaps import SATISFIED
from app.models.record import Record, Values
from app.reports.documents.dispatch import (
    Delivered,
    DispatchOrder,
    OrderLine,
    Reminder,
    dispatch_parts,
    dispatch_sheaf,
    reminder_sheaf,
)
from app.reports.documents.follow_up import Agreed, Call, FollowUpSheet, follow_up_sheaf
from app.reports.documents.parts import counted
from app.reports.documents.receipt import Receipt, receipt_sheaf
from app.reports.papers_case import Words, demand, frame_of, local, products_of
from app.reports.pdf import DRAFT, Sheaf
from app.services import case_course, cases
from app.services.cases import Case

_OVER = ("closed", "rejected", "voided")


def reached(case: Case) -> tuple[str, str, str]:
    """Who is spoken to, by which phone, at which address: as the complaint says, else as the customer is known."""
    customer = case.customer
    main: Values = next((one for one in customer.get("contacts") or () if one["main"]), {})
    phone = case.values.get("phone") or customer.get("phone") or main.get("phone")
    return (
        case.values.get("complainant") or main.get("name") or "",
        phone or "",
        case.values.get("address") or customer.get("address") or "",
    )


def receipt(session: Session, case: Case) -> Sheaf:
    """The receipt of a complaint; a draft until its recorder has signed."""
    demand(case, Complaint, _("{number} is no complaint, so there is no receipt for it."))
    words, values = Words(session, Complaint, case.values), case.values
    contact, phone, _address = reached(case)
    paper = frame_of(session, case)
    return receipt_sheaf(
        Receipt(
            paper=paper if case.record.status != "draft" else replace(paper, mark=DRAFT),
            addressee=contact or words.text("customer_name"),
            number=case.record.number,
            received_at=words.moment("received_at"),
            customer=words.text("customer_name"),
            complainant=contact,
            phone=phone,
            channel=words.label("channel"),
            description=words.text("description"),
            wish=words.text("wish"),
            products=products_of(case),
            handler=words.text("handler"),
            promised_at=words.moment("promised_at"),
            replied_at=local(values["replied_at"], words.zone),
            recorder=words.text("recorder"),
            recorded_at=words.moment("signed_at"),
            branch_phone=session.branch.phone,
            branch_address=session.branch.address,
            reject_reason=words.text("reject_reason"),
            turn_to=words.text("turn_to"),
        )
    )


def _order(session: Session, case: Case) -> DispatchOrder:
    """An order with what its complaint says; `case` is the order's own."""
    order = case.record
    assert isinstance(order, Dispatch)
    origin = cases.case_of(session, order.complaint)
    words = Words(session, Dispatch, case.values)
    contact, phone, address = reached(origin)
    lines = case.values["lines"]
    return DispatchOrder(
        paper=frame_of(session, case),
        department=words.label("department"),
        complaint_number=origin.record.number,
        agreement_number=words.text("agreement"),
        issued_by=order.created_by,
        issued_at=local(order.created_at, words.zone),
        due=case.values["due"],
        customer=words.text("customer_name"),
        customer_number=origin.customer.get("number") or "",
        contact=contact,
        phone=phone,
        address=address,
        products=products_of(origin),
        lines=tuple(_order_line(line) for line in lines),
        note=words.text("note"),
        accepted_by=words.text("accepted_by"),
        accepted_at=words.moment("accepted_at"),
        deliveries=tuple(_delivered(session, one) for one in case.values["deliveries"]),
        done=order.status == "done",
        to_customer=any(line["remedy"] for line in lines),
    )


def _order_line(line: Values) -> OrderLine:
    way = formats.label(DispatchLine.field("remedy"), line["remedy"]) if line["remedy"] else ""
    content = line["description"] or ""
    return OrderLine(
        way, "" if content == way else content, line["quantity"], line["unit"] or "", line["delivered"] or Decimal(0)
    )


def _delivered(session: Session, one: Values) -> Delivered:
    at = local(one["at"], session.branch.zone)
    return Delivered(at, one["line"], one["quantity"], one["received_by"] or "", one["proof"] or "", one["who"] or "")


def dispatch_set(session: Session, case: Case) -> list[Sheaf]:
    """The parts of an order."""
    return dispatch_parts(_order(session, case))


def dispatch_order(session: Session, case: Case) -> Sheaf:
    """An order as it lies in the case file."""
    return dispatch_sheaf(_order(session, case))


def chases(order: Record) -> list[history.Entry]:
    """When a department was reminded of an order."""
    return [entry for entry in history.of(order.KIND, order.id) if entry.action == "chase"]


def reminder(session: Session, case: Case) -> Sheaf:
    """The reminder of an order. UserError where there is nothing to remind of."""
    order = case.record
    if order.status not in ("issued", "accepted"):
        raise UserError(_("{number} is not under way, so there is nothing to remind of.").format(number=order.number))
    if order.due is None:
        raise UserError(_("{number} has no day on which it is due. Enter it first.").format(number=order.number))
    zone = session.branch.zone
    return reminder_sheaf(
        Reminder(
            order=_order(session, case),
            stand=case_course.lateness(session, order.due),
            chased=tuple(entry.at.astimezone(zone) for entry in chases(order)),
            by=session.user,
        )
    )


def follow_up(session: Session, case: Case) -> Sheaf:
    """The follow-up sheet: the calls that were made, and the questions of the next one while there is one to make."""
    demand(case, Complaint, _("{number} is no complaint, so it has no follow-up sheet."))
    words, values = Words(session, Complaint, case.values), case.values
    contact, phone, address = reached(case)
    calls = values["follow_ups"]
    return follow_up_sheaf(
        FollowUpSheet(
            paper=frame_of(session, case),
            complaint_number=case.record.number,
            customer=words.text("customer_name"),
            contact=contact,
            phone=phone,
            address=address,
            handler=words.text("handler"),
            round=getattr(case.record, "round", 1),
            agreement_number=case.edition.number if case.edition else "",
            planned_for=values["follow_up_at"],
            planned_by=words.text("follow_up_by"),
            agreed=tuple(_agreed(one) for one in case.course.promised),
            calls=tuple(_call(session, one) for one in calls),
            waiting=_waiting(case, calls),
        )
    )


def _waiting(case: Case, calls: Sequence[Values]) -> bool:
    """Whether there is a call to make; of a case that nobody called back yet the sheet is blank in any case."""
    if not calls:
        return True
    last = calls[-1]
    satisfied = last["round"] == getattr(case.record, "round", 1) and (last["result_score"] or 0) >= SATISFIED
    return case.record.status not in _OVER and not satisfied


def _agreed(one: Promised) -> Agreed:
    way = formats.label(DispatchLine.field("remedy"), one.remedy)
    amounts = (one.quantity, one.delivered, one.owed)
    return Agreed(way, one.description, *(counted(amount, one.unit) if amount else "—" for amount in amounts))


def _call(session: Session, one: Values) -> Call:
    at: Moment | None = local(one["at"], session.branch.zone)
    way = formats.label(FollowUp.field("way"), one["way"]) if one["way"] else ""
    return Call(
        at,
        one["who"] or "",
        way,
        one["reached"],
        one["result_score"],
        one["process_score"],
        one["dissatisfied_about"] or "",
        one["change_solution"],
        one["text"] or "",
        one["round"] or 1,
    )
