"""The steps of an objection: solved on the spot, or promised, replied and closed; or it becomes a complaint."""

from __future__ import annotations

from collections.abc import Mapping

from app.core import formats
from app.core.database import transaction
from app.core.errors import RuleBroken, ValidationError
from app.core.fields import Field, Kind
from app.core.language import N_, _
from app.core.session import Session
from app.models import attachments, promises
from app.models.cards import Card
from app.models.complaints import Complaint, demand_order
from app.models.objections import Objection, undiscovered
from app.models.record import Record, Values, add, change, insert, moment_of, row_values
from app.models.steps import REASON, STEPS, Missing, Step, step_of, take

_DESK = ("clerk", "handler")
_OPEN = ("open", "promised", "replied")
_DISSATISFIED = 2


def _promise(session: Session, record: Record, values: Values) -> Record:
    demand_order(session, record, values, "promised_at")
    promises.give(session, record, "reply", values["promised_at"])
    status = "promised" if record.status == "open" else record.status
    return change(session, record, {"promised_at": values["promised_at"]}, action="promise", status=status)


def _reply(session: Session, record: Record, values: Values) -> Record:
    changes: Values = {"replied_at": values["replied_at"] or session.clock()}
    promises.keep(session, record, "reply", changes["replied_at"])
    if values["result"]:
        changes["result"] = values["result"]
    return change(session, record, changes, action="reply", status="replied")


def _close(session: Session, record: Record, values: Values) -> Record:
    on_spot = bool(values["solved_on_spot"])
    if record.status == "open" and not on_spot:
        raise RuleBroken(
            8,
            _("{number} is not solved on the spot: promise a time and reply first, or say that it was solved.").format(
                number=record.number
            ),
            "solved_on_spot",
        )
    promises.keep(session, record, "reply", session.clock())
    given = {code: values[code] for code in ("result", "satisfaction", "card") if values[code] is not None}
    given |= {"closed_at": session.clock(), "solved_on_spot": on_spot or bool(record.solved_on_spot)}
    if record.status == "open" and record.replied_at is None:
        given["replied_at"] = session.clock()
    return change(session, record, given, action="close", status="closed")


def _demand_unknown(session: Session, record: Record) -> list[Missing]:
    """Who closes a hidden objection knows what was behind it; a register is not asked."""
    sentence = "" if record.imported else undiscovered(row_values(session, record))
    return [Missing("hidden_demand", sentence)] if sentence else []


def _feed_back(session: Session, record: Record, values: Values) -> Record:
    given = {"fed_back_to": values["fed_back_to"], "fed_back_at": values["fed_back_at"] or session.clock()}
    demand_order(session, record, given, "fed_back_at")
    return change(session, record, given, action="feed-back", note=values["fed_back_to"])


def _as_it_went(session: Session, record: Record) -> Values:
    return {"solved_on_spot": record.status == "open", "card": record.card.number if record.card is not None else None}


def _named(session: Session, record: Record) -> list[Missing]:
    """An imported objection may lack what a complaint needs."""
    codes = [code for code in ("customer", "what") if not record[code]]
    return [Missing(code, _("{field} is missing.").format(field=_(record.field(code).label))) for code in codes]


def _escalate(session: Session, record: Record, values: Values) -> Record:
    complaint = insert(session, Complaint, carried_over(session, record, values), note=_told_before(session, record))
    promises.hand_on(session, record, complaint)
    attachments.hand_on(session, record, complaint)
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
        "promised_at": moment_of(session, record, "promised_at"),
        "class": values.get("class"),
        "description": record.what,
        "wish": record.wish,
        "cause": record.cause,
        "phone": record.customer.phone,
        "address": record.customer.address,
        "product_lines": lines,
    }


_TOLD = ("occurred_at", "where", "who", "expression", "hidden_demand", "method", "method_reason", "result", "handler")


def _told_before(session: Session, record: Record) -> str:
    """What the objection tells and a complaint has no field for, in words."""
    values = row_values(session, record)
    told = (
        _("{field}: {sentence}").format(field=_(field.label), sentence=formats.show(field, values[field.code], session.now()))
        for field in map(record.field, _TOLD)
        if values[field.code] is not None
    )
    return "\n".join([_("From objection {number}").format(number=record.number), *told])


def _void(session: Session, record: Record, values: Values) -> Record:
    promises.end(session, record, "voided")
    return change(session, record, {}, action="void", note=values["reason"], status="voided", void_reason=values["reason"])


def _worth_a_card(session: Session, record: Record) -> list[Missing]:
    """What helped, and is on no card yet."""
    missing = [Missing("what", _("{field} is missing.").format(field=_(record.field("what").label)))] if not record.what else []
    if record.satisfaction is not None and record.satisfaction <= _DISSATISFIED:
        missing.append(Missing("satisfaction", _("The customer was dissatisfied: this answer helps nobody.")))
    made = "t.branch_id = ? AND t.from_objection = ? AND t.status <> 'voided'"
    for card in Card.fetch(f"{made} LIMIT 1", session.branch.id, record.number):
        return [*missing, Missing("number", _("{number} was made of it already.").format(number=card.number))]
    return missing


def _make_card(session: Session, record: Record, values: Values) -> Record:
    """A card is collected, with the words, the classification and what helped."""
    start = _card_from(session, record)
    content = start | {code: value for code, value in values.items() if value is not None}
    card = insert(session, Card, content, note=_("From objection {number}").format(number=record.number))
    change(session, record, {}, action="make-card", note=card.number)
    return card


def _card_from(session: Session, record: Record) -> Values:
    codes = {"words": "what", "content": "content", "cause": "cause", "method": "method", "answer": "result"}
    return {code: record[source] for code, source in codes.items()} | {"from_objection": record.number}


OBJECTION_STEPS: tuple[Step, ...] = (
    Step(
        "promise",
        N_("Promise"),
        _DESK,
        _OPEN,
        _promise,
        (Objection.field("promised_at").but(required=True),),
        lock=N_("Possible while the objection is open."),
        rule=8,
        defaults=lambda session, record: {"promised_at": moment_of(session, record, "promised_at")},
    ),
    Step(
        "reply",
        N_("Reply"),
        _DESK,
        ("promised",),
        _reply,
        (Field("replied_at", N_("Replied at"), Kind.MOMENT, happened=True), Objection.field("result")),
        lock=N_("Possible after a promised time."),
        rule=8,
        defaults=lambda session, record: {"replied_at": session.clock()},
    ),
    Step(
        "close",
        N_("Close"),
        _DESK,
        ("open", "replied"),
        _close,
        tuple(Objection.field(code) for code in ("solved_on_spot", "result", "satisfaction", "card")),
        lock=N_("Possible when it was solved on the spot, or after the reply."),
        rule=8,
        missing=_demand_unknown,
        defaults=_as_it_went,
    ),
    Step(
        "feed-back",
        N_("Feed back to the company"),
        _DESK,
        (*_OPEN, "closed", "escalated"),
        _feed_back,
        (
            Objection.field("fed_back_to").but(required=True, by_step=False),
            Objection.field("fed_back_at").but(by_step=False),
        ),
        lock=N_("A void objection is told to nobody."),
        defaults=lambda session, record: {"fed_back_at": session.clock()},
    ),
    Step(
        "escalate",
        N_("Make a complaint"),
        _DESK,
        _OPEN,
        _escalate,
        (Complaint.field("class"),),
        lock=N_("Ended already."),
        missing=_named,
    ),
    Step(
        "make-card",
        N_("Make a card"),
        (*_DESK, "manager", "head"),
        ("closed",),
        _make_card,
        (Card.field("words").but(required=False), Card.field("answer")),
        lock=N_("Possible once the objection is solved."),
        missing=_worth_a_card,
        defaults=_card_from,
    ),
    Step(
        "void",
        N_("Void"),
        _DESK,
        _OPEN,
        _void,
        (REASON,),
        lock=N_("An ended case stays as it is."),
        danger=True,
    ),
)

STEPS["objection"] = OBJECTION_STEPS


def register(session: Session, values: Mapping[str, object], step: str | None, asked: Mapping[str, object]) -> Objection:
    """Write an objection down together with how it went on the spot, as one action."""
    with session.changed.after(), transaction():
        record = add(session, Objection, values)
        if step is None:
            return record
        asks = step_of(record, step).missing
        if asks is not None and (missing := asks(session, record)):
            raise ValidationError({one.field: one.sentence for one in missing})
        return take(session, record, step, asked)
