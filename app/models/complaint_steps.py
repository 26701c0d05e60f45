"""The steps of a complaint, with the rules of the handling procedure that each of them obeys."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from app.core.errors import NotPermitted, RuleBroken, ValidationError
from app.core.fields import Field, Kind
from app.core.formats import money
from app.core.language import N_, _
from app.core.session import ROLES, Session
from app.core.times import day_of
from app.models import agreement_steps, agreements, proposals
from app.models.complaints import Complaint, Enquiry, ProductLine, demand_order
from app.models.proposals import REMEDY_FIELDS
from app.models.record import Record, Values, change, parts_of, values_of
from app.models.steps import REASON, STEPS, Step

_ANY = ("clerk", "handler", "manager", "head")
_DESK = ("clerk", "handler")
_UNDER_WAY = ("accepted", "investigating", "proposed", "approved", "replied", "agreed")
_HANDED = ("registered", *_UNDER_WAY)


def _write(session: Session, record: Record, step: str, status: str | None = None, note: str = "", **values: object) -> Record:
    """Write values and status of a step; a field that was given as None stays as it is."""
    given = {code: value for code, value in values.items() if value is not None}
    return change(session, record, given, action=step, note=note, **({"status": status} if status else {}))


def _sign(session: Session, record: Record, values: Values) -> Record:
    return _write(session, record, "sign", "registered", recorder=values["recorder"] or session.user, signed_at=session.clock())


def _hand_over(session: Session, record: Record, values: Values) -> Record:
    if values["handed_to"] == "maker" and record["class"] == "product":
        _demand_product_facts(record)
    return _write(
        session,
        record,
        "hand-over",
        note=values["note"] or "",
        handed_to=values["handed_to"],
        handed_at=session.clock(),
        handler=values["handler"],
    )


def _demand_product_facts(record: Record) -> None:
    """Rule 16: the maker needs product, batch and production date of every line."""
    lines = parts_of(record, "product_lines")
    complete = all(isinstance(line, ProductLine) and line.product and line.batch and line.produced_on for line in lines)
    if not lines or not complete:
        raise RuleBroken(
            16,
            _("A product complaint goes to the maker only with product, batch and production date. Fill in the product lines."),
        )


def _accept(session: Session, record: Record, values: Values) -> Record:
    if values["promised_at"] is None and not values["answered"]:
        raise ValidationError({"promised_at": _("Not answered at once: say when the customer gets a reply (rule 8).")})
    demand_order(session, record, values, "promised_at")
    return _write(
        session,
        record,
        "accept",
        "accepted",
        note=values["note"] or "",
        handler=values["handler"] or record.handler or session.user,
        severity=values["severity"],
        promised_at=values["promised_at"],
        replied_at=session.clock() if values["answered"] else None,
    )


def _investigate(session: Session, record: Record, values: Values) -> Record:
    present = values_of(session, record)
    line = {field.code: values.get(field.code) for field in Enquiry.FIELDS} | {"at": values["at"] or session.clock()}
    enquiries = [*present["enquiries"], line] if line["findings"] else None
    return _write(session, record, "investigate", "investigating", enquiries=enquiries)


def _propose(session: Session, record: Record, values: Values) -> Record:
    assert isinstance(record, Complaint)
    judgement = {code: values[code] for code in ("valid", "cause", "responsible_party", "responsible_stage", "fault_percent")}
    proposal = proposals.propose(session, record, values["text"], values["lines"])
    note = _("{cost} yuan").format(cost=money(proposal.cost))
    own = proposal.cost <= session.settings["limit_handler"] and "handler" in session.roles
    if own:
        proposals.decide(session, proposal, "approved", "own_limit", "")
    return _write(session, record, "propose", "approved" if own else "proposed", note, **judgement)


def _demand_right_to_decide(session: Session, cost: Decimal) -> None:
    """Rule 3: above the manager's limit the branch head decides, below it either."""
    within = cost <= session.settings["limit_manager"]
    role = ROLES["manager" if within else "head"]
    if not session.roles.intersection(("manager", "head") if within else ("head",)):
        raise NotPermitted(
            _("{cost} yuan is above your limit. This needs the role {role} (rule 3).").format(cost=money(cost), role=_(role))
        )


def _decided(record: Record) -> proposals.Proposal:
    assert isinstance(record, Complaint)
    proposal = proposals.latest(record)
    assert proposal is not None  # the state says that there is one
    return proposal


def _approve(session: Session, record: Record, values: Values) -> Record:
    proposal = _decided(record)
    on_paper = values["way"] == "on_paper"
    if on_paper and not values["paper_approver"]:
        raise ValidationError({"paper_approver": _("Approved on paper: write who signed.")})
    own = proposal.proposed_by == session.user
    if not on_paper:
        _demand_right_to_decide(session, proposal.cost)
    if own and not on_paper and not session.open:
        raise RuleBroken(3, _("Nobody approves their own proposal. Ask someone else to decide, or record the approval on paper."))
    way = "on_paper" if on_paper else "self_approved" if own else "in_program"
    proposals.decide(session, proposal, "approved", way, values["opinion"] or "", values["paper_approver"] or "")
    return _write(session, record, "approve", "approved", values["opinion"] or "")


def _return(session: Session, record: Record, values: Values) -> Record:
    proposal = _decided(record)
    _demand_right_to_decide(session, proposal.cost)
    way = "self_approved" if proposal.proposed_by == session.user else "in_program"
    proposals.decide(session, proposal, "returned", way, values["reason"])
    return _write(session, record, "return", "investigating", values["reason"])


def _reply(session: Session, record: Record, values: Values) -> Record:
    at = values["replied_at"] or session.clock()
    first = None if record.replied_at is not None else at
    return _write(
        session,
        record,
        "reply",
        "replied",
        values["reply_text"] or "",
        replied_at=first,
        reply_channel=values["reply_channel"],
        reply_text=values["reply_text"],
    )


def _promise(session: Session, record: Record, values: Values) -> Record:
    demand_order(session, record, values, "promised_at")
    return _write(session, record, "promise", note=values["note"] or "", promised_at=values["promised_at"])


def _waive(session: Session, record: Record, values: Values) -> Record:
    assert isinstance(record, Complaint)
    agreement = agreements.current(session, record)
    if agreement is not None:
        change(session, agreement, {}, action="void", note=values["reason"], status="voided", void_reason=values["reason"])
    return _write(session, record, "waive", "agreed", values["reason"], waived=values["reason"])


def _close(session: Session, record: Record, values: Values) -> Record:
    codes = ("result", "satisfaction", "summary", "lesson")
    return _write(session, record, "close", "closed", closed_at=session.clock(), **{code: values[code] for code in codes})


def _void(session: Session, record: Record, values: Values) -> Record:
    assert isinstance(record, Complaint)
    agreement = agreements.current(session, record)
    if agreement is not None and agreement.status == "signed":
        raise RuleBroken(
            4,
            _("{number} is signed by the customer. A case with a signed agreement cannot be void.").format(
                number=agreement.number
            ),
        )
    if agreement is not None:
        change(session, agreement, {}, action="void", note=values["reason"], status="voided", void_reason=values["reason"])
    return change(session, record, {}, action="void", note=values["reason"], status="voided", void_reason=values["reason"])


def _reply_defaults(session: Session, record: Record) -> Values:
    return {"replied_at": session.clock(), "reply_channel": record.channel}


def _propose_defaults(session: Session, record: Record) -> Values:
    assert isinstance(record, Complaint)
    codes = ("valid", "cause", "responsible_party", "responsible_stage", "fault_percent")
    values: Values = {code: record[code] for code in codes}
    earlier = proposals.latest(record)
    if earlier is not None:
        values |= {"text": earlier.text, "lines": proposals.lines_of(session, earlier)}
    return values


def _accept_defaults(session: Session, record: Record) -> Values:
    tomorrow = day_of(session.clock(), session.branch.zone) + timedelta(days=1)
    return {
        "handler": record.handler or session.user,
        "severity": record.severity or "general",
        "promised_at": record.promised_at or tomorrow,
    }


def _judgement() -> tuple[Field, ...]:
    codes = ("valid", "cause", "responsible_party", "responsible_stage", "fault_percent")
    return tuple(Complaint.field(code) for code in codes)


NOTE = Field("note", N_("Note"), Kind.MEMO)

COMPLAINT_STEPS: tuple[Step, ...] = (
    Step(
        "sign",
        N_("Sign"),
        _DESK,
        ("draft",),
        _sign,
        (Field("recorder", N_("Recorder"), max_length=100),),
        lock=N_("Signed already."),
        defaults=lambda session, record: {"recorder": session.user},
    ),
    Step(
        "hand-over",
        N_("Hand over"),
        _DESK,
        _HANDED,
        _hand_over,
        (
            replace(Complaint.field("handed_to"), required=True, by_step=False),
            Field("handler", N_("To whom"), max_length=100),
            NOTE,
        ),
        lock=N_("Possible once the recorder has signed."),
        rule=1,
    ),
    Step(
        "accept",
        N_("Accept"),
        _DESK,
        ("registered",),
        _accept,
        (
            Field("handler", N_("Handler"), max_length=100),
            Complaint.field("severity"),
            Complaint.field("promised_at"),
            Field("answered", N_("Answered at once"), Kind.BOOLEAN),
            NOTE,
        ),
        lock=N_("Possible once the recorder has signed, and only once."),
        rule=1,
        defaults=_accept_defaults,
    ),
    Step(
        "investigate",
        N_("Investigate"),
        ("handler",),
        ("accepted", "investigating"),
        _investigate,
        tuple(field.but(required=field.code == "findings") for field in Enquiry.FIELDS),
        lock=N_("Possible once somebody has accepted the case, before the proposal."),
        defaults=lambda session, record: {"at": session.clock(), "way": record.channel},
    ),
    Step(
        "propose",
        N_("Propose"),
        ("handler",),
        ("investigating",),
        _propose,
        (Field("text", N_("Proposal"), Kind.MEMO, required=True), *_judgement()),
        {"lines": REMEDY_FIELDS},
        lock=N_("Possible after the enquiry."),
        defaults=_propose_defaults,
    ),
    Step(
        "approve",
        N_("Approve"),
        ("manager", "head"),
        ("proposed",),
        _approve,
        (
            Field("opinion", N_("Opinion"), Kind.MEMO),
            Field("way", N_("How"), Kind.CHOICE, choices=proposals.WAYS[2:]),
            Field("paper_approver", N_("Who signed on paper"), max_length=100),
        ),
        lock=N_("Possible when a proposal waits for approval."),
        rule=3,
        defaults=lambda session, record: {"way": "in_program"},
    ),
    Step(
        "return",
        N_("Return"),
        ("manager", "head"),
        ("proposed",),
        _return,
        (REASON,),
        lock=N_("Possible when a proposal waits for approval."),
        rule=3,
    ),
    Step(
        "reply",
        N_("Reply"),
        _DESK,
        ("approved",),
        _reply,
        (
            Field("replied_at", N_("Replied at"), Kind.MOMENT, happened=True),
            Complaint.field("reply_channel"),
            Complaint.field("reply_text").but(required=True),
        ),
        lock=N_("Possible after approval."),
        rule=2,
        defaults=_reply_defaults,
    ),
    Step(
        "promise",
        N_("Promise"),
        _DESK,
        _HANDED,
        _promise,
        (Complaint.field("promised_at").but(required=True), NOTE),
        lock=N_("Possible while the case is open."),
        rule=8,
    ),
    agreement_steps.DRAW_UP,
    Step(
        "waive",
        N_("Waive agreement"),
        ("handler", "manager", "head"),
        ("replied",),
        _waive,
        (REASON,),
        lock=N_("Possible after the reply, while no agreement is signed."),
        rule=5,
    ),
    Step(
        "close",
        N_("Close"),
        ("handler", "manager", "head"),
        ("agreed",),
        _close,
        tuple(Complaint.field(code) for code in ("result", "satisfaction", "summary", "lesson")),
        lock=N_("Possible after the signature of the agreement or the decision that none is needed."),
        rule=6,
    ),
    Step("void", N_("Void"), _DESK, ("draft", *_HANDED), _void, (REASON,), lock=N_("An ended case stays as it is."), danger=True),
)

STEPS["complaint"] = COMPLAINT_STEPS
