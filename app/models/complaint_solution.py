"""The steps that find and decide the solution of a complaint: assessed, proposed, decided, answered, agreed without paper."""

from __future__ import annotations

from decimal import Decimal

from app.core.errors import NotPermitted, RuleBroken, ValidationError
from app.core.fields import Field, Kind
from app.core.formats import money
from app.core.language import N_, _
from app.core.session import ROLES, Session
from app.models import agreements, deputies, dispatches, promises, proposals
from app.models import classifications as of
from app.models.attachments import SCAN, attach_scan
from app.models.case_entries import QUESTIONS, Assessment, band_of
from app.models.case_moves import DECIDERS, DESK, HANDED, NOTE, OWNERS, entry, pause_over, planned, visited, write
from app.models.complaints import Complaint, demand_order
from app.models.proposals import REMEDY_FIELDS
from app.models.record import Record, Values, change, parts_of
from app.models.steps import REASON, Missing, Step

_JUDGED = (
    "reason_sufficient", "demand_reasonable", "faith", "valid", "cause", "responsible_party", "responsible_person",
    "responsible_stage", "fault_percent",
)  # fmt: skip
_BOUND = ("agreed", "executing", "following_up")
_DECIDED = ("approved", "replied", *_BOUND)
_COMPENSATIONS = frozenset({"money", "goods"})
_INVALID = N_("The complaint is not valid, so no compensation is proposed. Decline, or correct the judgement.")

_UNJUDGED = N_("Compensation needs a judgement first: say whether the complaint is valid.")


def _assess(session: Session, record: Record, values: Values) -> Record:
    answers = {field.code: values[field.code] for field in QUESTIONS}
    suggested = band_of(**answers)
    band = values["band"] or suggested
    if band != suggested and not values["reason"]:
        raise ValidationError({"reason": _("Another band than the suggested one needs a reason.")})
    line = answers | {"suggested": suggested, "band": band, "reason": values["reason"]}
    return write(session, record, "assess", note=values["reason"] or "", added=entry(session, record, "assessments", line))


def _declined(record: Record) -> bool:
    """Whether the last assessment of this round says to decline."""
    found = [line for line in parts_of(record, "assessments") if line["round"] == record.round]
    return bool(found) and found[-1]["band"] == "decline"


def _propose(session: Session, record: Record, values: Values) -> Record:
    assert isinstance(record, Complaint)
    remedies = {line["remedy"] for line in values["lines"]}
    _demand_ground(record, values, remedies)
    proposal = proposals.propose(session, record, values["text"], values["lines"])
    note = _("{cost} yuan").format(cost=money(proposal.cost))
    within = proposal.cost <= session.settings["limit_handler"] and not proposals.of_unknown_cost(values["lines"])
    own = within and "handler" in session.roles
    if own:
        proposals.decide(session, proposal, "approved", "own_limit", "")
    judgement = {code: values[code] for code in _JUDGED}
    return write(session, record, "propose", "approved" if own else "proposed", note, **judgement)


def _demand_ground(record: Record, values: Values, remedies: set[str]) -> None:
    """Rule 11: compensation is for valid complaints; what was assessed as to be declined gets none."""
    valid = record.valid if values["valid"] is None else values["valid"]
    if remedies & _COMPENSATIONS and not valid:
        raise RuleBroken(11, _(_INVALID if valid is False else _UNJUDGED), "valid")
    if _declined(record) and remedies - of.MORAL:
        raise RuleBroken(11, _("The assessment says decline. Assess again with a reason, or propose no material remedy."))


def _ungrounded(session: Session, record: Record) -> list[Missing]:
    """The judgement may have been corrected since the proposal."""
    remedies = {line["remedy"] for line in proposals.lines_of(session, _decided(record))}
    if record.valid or not remedies & _COMPENSATIONS:
        return []
    return [Missing("valid", _(_INVALID if record.valid is False else _UNJUDGED), 11)]


def _right_to_decide(session: Session, cost: Decimal) -> str:
    """Rule 3: above the manager's limit the branch head decides, below it either. In whose place, where as a deputy."""
    within = cost <= session.settings["limit_manager"]
    wanted = DECIDERS if within else ("head",)
    if session.roles.intersection(wanted):
        return ""
    standing_in = deputies.roles(session)
    for role in wanted:
        if role in standing_in:
            return standing_in[role]
    role = ROLES["manager" if within else "head"]
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
    for_whom = "" if on_paper else _right_to_decide(session, proposal.cost)
    if own and not on_paper and not session.open:
        raise RuleBroken(
            3, _("Nobody approves their own proposal. Ask someone else to decide, or record the approval on paper."), "way"
        )
    way = "on_paper" if on_paper else "self_approved" if own else "in_program"
    paper_approver = values["paper_approver"] or ""
    opinion = values["opinion"] or ""
    proposals.decide(session, proposal, "approved", way, opinion, paper_approver=paper_approver, for_whom=for_whom)
    attach_scan(session, record, values["scan"], "approval_scan")
    return write(session, record, "approve", "approved", opinion)


def _return(session: Session, record: Record, values: Values) -> Record:
    proposal = _decided(record)
    for_whom = _right_to_decide(session, proposal.cost)
    way = "self_approved" if proposal.proposed_by == session.user else "in_program"
    proposals.decide(session, proposal, "returned", way, values["reason"], for_whom=for_whom)
    return write(session, record, "return", "investigating", values["reason"])


def _reply(session: Session, record: Record, values: Values) -> Record:
    at = values["replied_at"] or session.clock()
    demand_order(session, record, {"replied_at": at}, "replied_at")
    visited(session, record, values["reply_channel"], at)
    promises.keep(session, record, "reply", at)
    paused = record.paused_at is not None
    moved, added = pause_over(session, record, at, _("The reply ended the pause.")) if paused else ({}, {})
    given = {code: at for code in ("replied_at", "contacted_at") if record[code] is None}
    given |= {"solved_at": at} | {code: values[code] for code in ("reply_channel", "reply_text") if values[code] is not None}
    return change(session, record, given | moved, action="reply", note=values["reply_text"] or "", added=added, status="replied")


def _promise(session: Session, record: Record, values: Values) -> Record:
    demand_order(session, record, values, "promised_at")
    subject, note = values["subject"] or "reply", values["note"] or ""
    if subject == "delivery":
        _demand_to_deliver(session, record)
    promises.give(session, record, subject, values["promised_at"], note)
    promised_at = values["promised_at"] if subject == "reply" else None
    return write(session, record, "promise", note=note, promised_at=promised_at)


def _demand_to_deliver(session: Session, record: Record) -> None:
    """A day of delivery is given for what was approved and is not delivered yet (rule 2)."""
    assert isinstance(record, Complaint)
    if record.status not in _DECIDED:
        raise RuleBroken(2, _("A delivery is promised only once the proposal is approved (rule 2)."))
    if record.status in _BOUND and not any(one.owed > 0 for one in dispatches.promised(session, record)):
        raise ValidationError({"subject": _("Nothing is left to deliver. Promise a reply or a visit instead.")})


def _waive(session: Session, record: Record, values: Values) -> Record:
    assert isinstance(record, Complaint)
    agreement = agreements.current(session, record)
    if agreement is not None:
        change(session, agreement, {}, action="void", note=values["reason"], status="voided", void_reason=values["reason"])
    if values["deadline"] is not None and _to_deliver(session, record):
        promises.give(session, record, "delivery", values["deadline"])
    return bound(session, record, "waive", "waived", values["reason"], {"waived": values["reason"]})


def bound(session: Session, record: Record, step: str, how: str, note: str, values: Values) -> Record:
    """What was proposed binds us from now on. Where that is nothing to deliver, the follow-up is planned at once."""
    assert isinstance(record, Complaint)
    proposals.settle(record, how)
    more = {} if _to_deliver(session, record) else planned(session, record, session.clock())
    return change(session, record, values | more, action=step, note=note, status="agreed")


def _to_deliver(session: Session, record: Complaint) -> bool:
    proposal = proposals.latest(record)
    return proposal is not None and bool(proposals.lines_of(session, proposal))


def _propose_defaults(session: Session, record: Record) -> Values:
    assert isinstance(record, Complaint)
    values: Values = {code: record[code] for code in _JUDGED}
    earlier = proposals.latest(record)
    if earlier is not None and earlier.round == record.round:
        values |= {"text": earlier.text, "lines": proposals.lines_of(session, earlier)}
    return values


def _unanswered(session: Session, record: Record) -> list[Missing]:
    """Nobody proposes before having asked."""
    if record.replied_at is not None or parts_of(record, "enquiries"):
        return []
    return [Missing("@investigate", _("An enquiry is missing."))]


ASSESS = Step(
    "assess",
    N_("Assess"),
    OWNERS,
    ("accepted", "investigating"),
    _assess,
    (*QUESTIONS, Assessment.field("band"), Assessment.field("reason")),
    lock=N_("Possible before the proposal."),
    rule=11,
)
PROPOSE = Step(
    "propose",
    N_("Propose"),
    ("handler",),
    ("investigating",),
    _propose,
    (Field("text", N_("Proposal"), Kind.MEMO, required=True), *(Complaint.field(code) for code in _JUDGED)),
    {"lines": REMEDY_FIELDS},
    lock=N_("Possible after the enquiry."),
    missing=_unanswered,
    defaults=_propose_defaults,
)
APPROVE = Step(
    "approve",
    N_("Approve"),
    DECIDERS,
    ("proposed",),
    _approve,
    (
        Field("opinion", N_("Opinion"), Kind.MEMO),
        Field("way", N_("How"), Kind.CHOICE, choices=proposals.WAYS[2:]),
        Field("paper_approver", N_("Who signed on paper"), max_length=100),
        SCAN,
    ),
    lock=N_("Possible when a proposal waits for approval."),
    rule=3,
    missing=_ungrounded,
    defaults=lambda session, record: {"way": "in_program"},
)
RETURN = Step(
    "return",
    N_("Return"),
    DECIDERS,
    ("proposed",),
    _return,
    (REASON,),
    lock=N_("Possible when a proposal waits for approval."),
    rule=3,
)
REPLY = Step(
    "reply",
    N_("Reply"),
    DESK,
    ("approved",),
    _reply,
    (
        Field("replied_at", N_("Replied at"), Kind.MOMENT, happened=True),
        Complaint.field("reply_channel"),
        Complaint.field("reply_text").but(required=True),
    ),
    lock=N_("Possible after approval."),
    rule=2,
    defaults=lambda session, record: {"replied_at": session.clock(), "reply_channel": record.channel},
)
PROMISE = Step(
    "promise",
    N_("Promise"),
    DESK,
    HANDED,
    _promise,
    (
        Complaint.field("promised_at").but(required=True, label=N_("Promised for")),
        Field("subject", N_("What was promised"), Kind.CHOICE, choices=promises.SUBJECTS),
        NOTE,
    ),
    lock=N_("Possible while the case is open."),
    rule=8,
    defaults=lambda session, record: {"subject": "reply"},
)
WAIVE = Step(
    "waive",
    N_("Waive agreement"),
    OWNERS,
    ("replied",),
    _waive,
    (REASON, Field("deadline", N_("To be performed by"), Kind.DATE)),
    lock=N_("Possible after the reply, while no agreement is signed."),
    rule=5,
)
