"""The steps of an objection: solved on the spot, or promised, replied and closed; or it becomes a complaint."""

from __future__ import annotations

from collections.abc import Mapping

from app.core.database import transaction
from app.core.errors import RuleBroken
from app.core.fields import Field, Kind
from app.core.language import N_, _
from app.core.session import Session
from app.models.complaints import Complaint
from app.models.objections import Objection
from app.models.record import Record, Values, add, change, insert, moment_of
from app.models.steps import STEPS, Step, take

_DESK = ("clerk", "handler")
_OPEN = ("open", "promised", "replied")


def _promise(session: Session, record: Record, values: Values) -> Record:
    status = "promised" if record.status == "open" else record.status
    return change(session, record, {"promised_at": values["promised_at"]}, action="promise", status=status)


def _reply(session: Session, record: Record, values: Values) -> Record:
    changes: Values = {"replied_at": values["replied_at"] or session.clock()}
    if values["result"]:
        changes["result"] = values["result"]
    return change(session, record, changes, action="reply", status="replied")


def _close(session: Session, record: Record, values: Values) -> Record:
    on_spot = bool(values["solved_on_spot"])
    if record.status != "replied" and not on_spot:
        raise RuleBroken(
            8, _("{number} is not solved on the spot: promise a time and reply first, or say that it was solved.").format(number=record.number)
        )
    given = {code: values[code] for code in ("result", "satisfaction") if values[code] is not None}
    if record.status == "open":
        given["replied_at"] = session.clock()
    return change(
        session, record, given | {"closed_at": session.clock(), "solved_on_spot": on_spot}, action="close", status="closed"
    )


def _escalate(session: Session, record: Record, values: Values) -> Record:
    complaint = insert(session, Complaint, carried_over(session, record, values), note=_("From objection {number}").format(number=record.number))
    return change(
        session,
        record,
        {"closed_at": session.clock(), "complaint": complaint.number},
        action="escalate",
        note=complaint.number,
        status="escalated",
    )


def carried_over(session: Session, record: Record, values: Values) -> Values:
    """What a complaint takes over from the objection that it was."""
    lines = [{"product": record.product.number, "symptom": None}] if record.product is not None else []
    return {
        "customer": record.customer.number,
        "received_at": session.clock(),
        "channel": record.channel,
        "class": values.get("class"),
        "description": record.what,
        "wish": record.wish,
        "cause": record.cause,
        "phone": record.customer.phone,
        "address": record.customer.address,
        "product_lines": lines,
    }


def _void(session: Session, record: Record, values: Values) -> Record:
    return change(session, record, {}, action="void", note=values["reason"], status="voided", void_reason=values["reason"])


OBJECTION_STEPS: tuple[Step, ...] = (
    Step(
        "promise", N_("Promise"), _DESK, _OPEN, _promise, (Objection.field("promised_at").but(required=True),),
        lock=N_("Possible while the objection is open."), rule=8,
        defaults=lambda session, record: {"promised_at": moment_of(session, record, "promised_at")},
    ),
    Step(
        "reply", N_("Reply"), _DESK, ("promised",), _reply,
        (Field("replied_at", N_("Replied at"), Kind.MOMENT, happened=True), Objection.field("result")),
        lock=N_("Possible after a promised time."), rule=8, defaults=lambda session, record: {"replied_at": session.clock()},
    ),
    Step(
        "close", N_("Close"), _DESK, _OPEN, _close,
        (Objection.field("solved_on_spot"), Objection.field("result"), Objection.field("satisfaction")),
        lock=N_("Ended already."), rule=8, defaults=lambda session, record: {"solved_on_spot": record.status == "open"},
    ),
    Step("escalate", N_("Make a complaint"), _DESK, _OPEN, _escalate, (Complaint.field("class"),), lock=N_("Ended already.")),
    Step("void", N_("Void"), _DESK, _OPEN, _void, (Field("reason", N_("Reason"), Kind.MEMO, required=True),), lock=N_("An ended case stays as it is."), danger=True),
)  # fmt: skip

STEPS["objection"] = OBJECTION_STEPS


def register(session: Session, values: Mapping[str, object], step: str | None, asked: Mapping[str, object]) -> Objection:
    """Write an objection down together with how it went on the spot, as one action."""
    with transaction():
        record = add(session, Objection, values)
        if step is not None:
            record = take(session, record, step, asked)
    session.changed(Objection.KIND, record.number)
    return record
