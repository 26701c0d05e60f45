"""The steps of a dispatch order: accepted by the department, delivered in part or whole, chased, void."""

from __future__ import annotations

from decimal import Decimal

from app.core.errors import RuleBroken, ValidationError
from app.core.fields import Field, Kind
from app.core.formats import label
from app.core.language import N_, _
from app.core.session import Session
from app.core.times import Moment, before
from app.models import dispatches, gaps, promises
from app.models.case_moves import ANY, OWNERS, TOLD, Added, planned, told
from app.models.complaints import Complaint
from app.models.dispatches import Delivery, Dispatch, DispatchLine
from app.models.record import Record, Values, change, moment_of
from app.models.steps import REASON, STEPS, Step

_UNDER_WAY = ("issued", "accepted")
_LINE = (
    Delivery.field("line"),
    DispatchLine.field("description"),
    Delivery.field("quantity").but(required=False),
    DispatchLine.field("unit"),
)
"""What is typed of a delivery; content and unit are shown, and read from the order."""


def _accept(session: Session, record: Record, values: Values) -> Record:
    given = {"accepted_by": values["accepted_by"] or session.user, "accepted_at": session.clock()}
    return change(session, record, given, action="accept", status="accepted")


def _deliver(session: Session, record: Record, values: Values) -> Record:
    """What is named, or everything that is left; with the last of it the case goes on to the follow-up."""
    assert isinstance(record, Dispatch)
    lines = dispatches.lines_of(record)
    at = values["at"] or session.clock()
    delivered = _delivered(lines, values["lines"])
    if not delivered:
        raise ValidationError({"lines": _("Nothing is left to deliver of {number}.").format(number=record.number)})
    for line, quantity in delivered:
        DispatchLine.rewrite(line.id, delivered=(line.delivered or Decimal(0)) + quantity)
    proof = {"at": at, "who": session.user, "received_by": values["received_by"], "proof": values["proof"]}
    entries = [proof | {"line": line.position + 1, "quantity": quantity} for line, quantity in delivered]
    whole = all((line.delivered or 0) >= line.quantity for line in dispatches.lines_of(record))
    note = _("Delivered in whole") if whole else _("Delivered in part")
    more = {"done_at": at} if whole else {}
    added = {"deliveries": entries}
    complaint: Complaint = Complaint.get_by_id(record.complaint_id)
    _demand_order(session, complaint, at)
    saved = change(session, record, more, action="deliver", note=note, added=added, status="done" if whole else "accepted")
    _bring_on(session, complaint, saved, "deliver", at, told(session, complaint, "deliver", values))
    return saved


def _demand_order(session: Session, complaint: Complaint, at: Moment) -> None:
    received = moment_of(session, complaint, "received_at")
    if received is not None and before(at, received, session.branch.zone):
        sentence = _("{later} cannot lie before {earlier}.").format(later=_("Delivered at"), earlier=_("Received at"))
        raise ValidationError({"at": sentence})


def _delivered(lines: list[DispatchLine], given: list[Values]) -> list[tuple[DispatchLine, Decimal]]:
    """Lines and quantities: those named, else all that is left. RuleBroken where it would be more than was ordered."""
    if not given:
        left = [(line, line.quantity - (line.delivered or 0)) for line in lines]
        return [(line, quantity) for line, quantity in left if quantity > 0]
    found: list[tuple[DispatchLine, Decimal]] = []
    for place, one in enumerate(given):
        if not 1 <= one["line"] <= len(lines):
            raise ValidationError({f"lines[{place}].line": _("The order has {count} lines.").format(count=len(lines))})
        line = lines[one["line"] - 1]
        left = line.quantity - (line.delivered or 0) - sum(q for earlier, q in found if earlier is line)
        quantity = left if one.get("quantity") is None else one["quantity"]
        if quantity > left:
            raise RuleBroken(
                6,
                _("Line {line}: {given} would be delivered, {left} are still owed.").format(
                    line=one["line"], given=quantity, left=left
                ),
                f"lines[{place}].quantity",
            )
        if quantity > 0:
            found.append((line, quantity))
    return found


def _bring_on(session: Session, complaint: Complaint, order: Dispatch, action: str, at: Moment, added: Added) -> None:
    """Tell the case what became of an order; when it was the last one, plan the follow-up.

    The promised delivery is kept by when the customer had everything; a report to an authority is none of it.
    """
    under_way = complaint.status == "executing"
    received = dispatches.received_at(session, complaint) if under_way else None
    if received is not None:
        promises.keep(session, complaint, "delivery", received)
    if not under_way or gaps.undelivered(session, complaint):
        change(session, complaint, {}, action=action, note=order.number, added=added)
        return
    plan = planned(session, complaint, at)
    change(session, complaint, plan, action=action, note=order.number, added=added, status="following_up")


def _chase(session: Session, record: Record, values: Values) -> Record:
    return change(session, record, {"chased_at": session.clock()}, action="chase", note=values["note"] or "")


def _void(session: Session, record: Record, values: Values) -> Record:
    assert isinstance(record, Dispatch)
    if any(line.delivered for line in dispatches.lines_of(record)):
        raise RuleBroken(6, _("Something of {number} was delivered already. Deliver the rest.").format(number=record.number))
    saved = change(session, record, {}, action="void", note=values["reason"], status="voided", void_reason=values["reason"])
    _bring_on(session, Complaint.get_by_id(record.complaint_id), saved, "dispatch-void", session.clock(), {})
    return saved


def _deliver_defaults(session: Session, record: Record) -> Values:
    assert isinstance(record, Dispatch)
    left = _delivered(dispatches.lines_of(record), [])
    lines = [
        {
            "line": line.position + 1,
            "description": line.description or label(line.field("remedy"), line.remedy or ""),
            "quantity": quantity,
            "unit": line.unit,
        }
        for line, quantity in left
    ]
    return {"at": session.clock(), "lines": lines}


STEPS["dispatch"] = (
    Step(
        "accept",
        N_("Accept"),
        ANY,
        ("issued",),
        _accept,
        (Field("accepted_by", N_("Accepted by"), max_length=100),),
        lock=N_("Accepted already, or void."),
        rule=10,
        defaults=lambda session, record: {"accepted_by": session.user},
    ),
    Step(
        "deliver",
        N_("Record delivery"),
        ANY,
        ("accepted",),
        _deliver,
        (
            Delivery.field("at").but(required=False),
            Delivery.field("received_by"),
            Delivery.field("proof"),
            *TOLD,
        ),
        {"lines": _LINE},
        lock=N_("Possible once the department has accepted the order."),
        rule=10,
        defaults=_deliver_defaults,
    ),
    Step(
        "chase",
        N_("Chase"),
        ANY,
        _UNDER_WAY,
        _chase,
        (Field("note", N_("Note"), Kind.MEMO),),
        lock=N_("Possible while the order is under way."),
    ),
    Step(
        "void",
        N_("Void"),
        OWNERS,
        _UNDER_WAY,
        _void,
        (REASON,),
        lock=N_("What was delivered stays as it is."),
        rule=6,
        danger=True,
    ),
)
