"""The first steps of a complaint, and those beside its way: signed, handed over, accepted or not, enquired, told, sent up."""

from __future__ import annotations

from app.core.errors import RuleBroken, ValidationError
from app.core.fields import Field, Kind
from app.core.language import N_, _
from app.core.session import Session
from app.core.times import before, day_of
from app.models import promises
from app.models.case_entries import Change, Consultation, Escalation, Notice
from app.models.case_moves import (
    ANY,
    DECIDERS,
    DESK,
    HANDED,
    NOTE,
    OWNERS,
    TOLD,
    UNDER_WAY,
    entry,
    first_contact,
    pause_over,
    told,
    visited,
    write,
)
from app.models.complaints import Complaint, Enquiry, ProductLine, demand_order
from app.models.record import Record, Values, change, moment_of, parts_of, values_of
from app.models.steps import REASON, Step


def _sign(session: Session, record: Record, values: Values) -> Record:
    return write(session, record, "sign", "registered", recorder=values["recorder"] or session.user, signed_at=session.clock())


def _hand_over(session: Session, record: Record, values: Values) -> Record:
    """The owner stays responsible until the other side accepts (rule 10)."""
    if values["handed_to"] == "maker" and record["class"] == "product":
        demand_product_facts(record)
    given = {"handed_to": values["handed_to"], "handed_person": values["handler"], "handed_at": session.clock()}
    return change(session, record, given | {"taken_over_at": None}, action="hand-over", note=values["note"] or "")


def demand_product_facts(record: Record) -> None:
    """Rule 16: the maker needs product, batch and production date of every line."""
    lines = parts_of(record, "product_lines")
    complete = all(isinstance(line, ProductLine) and line.product and line.batch and line.produced_on for line in lines)
    if not lines or not complete:
        raise RuleBroken(
            16,
            _("A product complaint goes to the maker only with product, batch and production date. Fill in the product lines."),
        )


def handed_over(record: Record) -> bool:
    """Whether a hand-over waits to be accepted."""
    return record.handed_at is not None and record.taken_over_at is None


def _no_hand_over(session: Session, record: Record) -> str:
    waits = record.status == "registered" or handed_over(record)
    return "" if waits else _("Nothing was handed over that waits to be accepted.")


def _accept(session: Session, record: Record, values: Values) -> Record:
    handler = values["handler"] or record.handed_person
    note = values["note"] or ""
    if record.status != "registered":
        return write(session, record, "accept", note=note, handler=handler or session.user, taken_over_at=session.clock())
    if values["promised_at"] is None and not values["answered"]:
        raise ValidationError({"promised_at": _("Not answered at once: say when the customer gets a reply (rule 8).")})
    demand_order(session, record, values, "promised_at")
    answered = {"replied_at": session.clock()} if values["answered"] else {}
    if answered and values["told_by"] is None:
        values = values | {"told_by": record.channel or "phone"}
    handler = handler or record.handler or session.user
    given = {"handler": handler, "severity": values["severity"], "promised_at": values["promised_at"]}
    spoken = session.clock() if values["answered"] or values["told"] else None
    given |= {"taken_over_at": session.clock(), "contacted_at": spoken} | answered
    saved = write(session, record, "accept", "accepted", note, told(session, record, "accept", values), **given)
    if values["promised_at"] is not None:
        promises.give(session, saved, "reply", values["promised_at"])
    if answered:
        promises.keep(session, saved, "reply", session.clock())
    return saved


def _reject(session: Session, record: Record, values: Values) -> Record:
    """A refusal with its reason is an answer, too."""
    promises.keep(session, record, "reply", session.clock())
    promises.end(session, record, "broken")
    return write(
        session,
        record,
        "reject",
        "rejected",
        values["reason"],
        reject_reason=values["reason"],
        turn_to=values["turn_to"],
        closed_at=session.clock(),
    )


def _investigate(session: Session, record: Record, values: Values) -> Record:
    present = values_of(session, record)
    at = values["at"] or session.clock()
    line = {field.code: values.get(field.code) for field in Enquiry.FIELDS} | {"at": at}
    visited(session, record, values["way"], at)
    lines = [*present["enquiries"], line]
    return write(session, record, "investigate", "investigating", enquiries=lines, contacted_at=first_contact(record, at))


def _consult(session: Session, record: Record, values: Values) -> Record:
    note = _("{who}: {what}").format(who=values["with_whom"], what=values["opinion"])
    return write(session, record, "consult", note=note, added=entry(session, record, "consultations", values))


def _notice(session: Session, record: Record, values: Values) -> Record:
    """A promised answer goes out when it is due, whatever the progress (rule 8); after the reply any notice is one."""
    at = values["at"] or session.clock()
    visited(session, record, values["way"], at)
    promises.keep(session, record, "reply", at, due_only=record.solved_at is None)
    spoken = first_contact(record, at) if values["text"] else None
    added = entry(session, record, "notices", values)
    return write(session, record, "notice", note=values["text"] or "", added=added, contacted_at=spoken)


def _change(session: Session, record: Record, values: Values) -> Record:
    subject = "visit" if values["what"] == "place" else "reply"
    if values["until"] is not None:
        promises.give(session, record, subject, values["until"], values["to"])
    added = entry(session, record, "changes", values)
    promised_at = values["until"] if subject == "reply" else None
    return write(
        session, record, "change", note=values["to"], added=added, handler=values["taken_over_by"], promised_at=promised_at
    )


def _escalate(session: Session, record: Record, values: Values) -> Record:
    """To the manager first, then to the head; a colleague's fault goes to the head and the department at once (rules 12, 19)."""
    earlier = {line["to"] for line in parts_of(record, "escalations")}
    if values["to"] == "head" and not values["department"] and not earlier:
        raise RuleBroken(19, _("The manager comes before the branch head. Report it to the manager first."), "to")
    return write(session, record, "escalate", note=values["note"], added=entry(session, record, "escalations", values))


def _extend(session: Session, record: Record, values: Values) -> Record:
    due = moment_of(session, record, "solution_due")
    if due is not None and not before(due, values["until"], session.branch.zone):
        raise ValidationError({"until": _("The new deadline lies after the present one.")})
    line = {"kind": "extension", "until": values["until"], "reason": values["reason"]}
    added = entry(session, record, "extensions", line)
    return write(session, record, "extend", note=values["reason"], added=added, extended_to=values["until"])


def _pause(session: Session, record: Record, values: Values) -> Record:
    return write(session, record, "pause", note=values["reason"], paused_at=session.clock())


def _resume(session: Session, record: Record, values: Values) -> Record:
    moved, added = pause_over(session, record, session.clock(), values["note"] or _("The pause is over."))
    return change(session, record, moved, action="resume", note=values["note"] or "", added=added)


def _accept_defaults(session: Session, record: Record) -> Values:
    if record.status != "registered":
        return {"handler": record.handed_person or session.user}
    today = day_of(session.clock(), session.branch.zone)
    return {
        "handler": record.handed_person or record.handler or session.user,
        "severity": record.severity or "general",
        "promised_at": moment_of(session, record, "promised_at") or session.calendar.after(today, 1),
        "told_by": record.channel,
    }


SIGN = Step(
    "sign",
    N_("Sign"),
    DESK,
    ("draft",),
    _sign,
    (Field("recorder", N_("Recorder"), max_length=100),),
    lock=N_("Signed already."),
    defaults=lambda session, record: {"recorder": session.user},
)
HAND_OVER = Step(
    "hand-over",
    N_("Hand over"),
    DESK,
    HANDED,
    _hand_over,
    (
        Complaint.field("handed_to").but(required=True, by_step=False),
        Field("handler", N_("To whom"), max_length=100),
        NOTE,
    ),
    lock=N_("Possible once the recorder has signed."),
    rule=1,
)
ACCEPT = Step(
    "accept",
    N_("Accept"),
    ANY,
    HANDED,
    _accept,
    (
        Field("handler", N_("Handler"), max_length=100),
        Complaint.field("severity"),
        Complaint.field("promised_at"),
        Field("answered", N_("Answered at once"), Kind.BOOLEAN),
        *TOLD,
        NOTE,
    ),
    lock=N_("Possible once the recorder has signed."),
    rule=1,
    defaults=_accept_defaults,
    barred=_no_hand_over,
)
REJECT = Step(
    "reject",
    N_("Do not accept"),
    ("handler", *DECIDERS),
    ("registered", "accepted", "investigating"),
    _reject,
    (REASON, Field("turn_to", N_("Where the customer can turn"), Kind.MEMO, required=True)),
    lock=N_("Possible until the case is decided on."),
    danger=True,
    barred=lambda session, record: _("The case was accepted in an earlier round.") if record.round > 1 else "",
)
INVESTIGATE = Step(
    "investigate",
    N_("Investigate"),
    ("handler",),
    ("accepted", "investigating"),
    _investigate,
    tuple(field.but(required=field.code == "findings") for field in Enquiry.FIELDS),
    lock=N_("Possible once somebody has accepted the case, before the proposal."),
    defaults=lambda session, record: {"at": session.clock(), "way": record.channel},
)
_ENTERED = ("at", "who", "round")


def _asked(part: type[Notice | Consultation | Change | Escalation]) -> tuple[Field, ...]:
    """What is typed of an entry: the rest is stamped on it."""
    return tuple(field for field in part.FIELDS if field.code not in _ENTERED)


CONSULT = Step("consult", N_("Consult"), ANY, HANDED, _consult, _asked(Consultation), lock=N_("Possible while the case is open."))
NOTICE = Step(
    "notice",
    N_("Tell customer"),
    DESK,
    HANDED,
    _notice,
    (*_asked(Notice), Notice.field("at").but(required=False)),
    lock=N_("Possible while the case is open."),
    rule=14,
    defaults=lambda session, record: {"way": record.channel, "step": _last_milestone(record)},
)
CHANGE = Step(
    "change",
    N_("Change person, place or time"),
    DESK,
    UNDER_WAY,
    _change,
    _asked(Change),
    lock=N_("Possible while the case is handled."),
)
ESCALATE = Step(
    "escalate",
    N_("Report upwards"),
    ANY,
    HANDED,
    _escalate,
    _asked(Escalation),
    lock=N_("Possible while the case is open."),
    rule=19,
    defaults=lambda session, record: {"to": "head" if parts_of(record, "escalations") else "manager"},
)
EXTEND = Step(
    "extend",
    N_("Extend deadline"),
    DECIDERS,
    HANDED,
    _extend,
    (Field("until", N_("New deadline"), Kind.MOMENT, required=True), REASON),
    lock=N_("Possible while the case is open."),
    rule=9,
)
PAUSE = Step(
    "pause",
    N_("Pause"),
    OWNERS,
    UNDER_WAY,
    _pause,
    (REASON,),
    lock=N_("Possible while the case is handled."),
    rule=9,
    barred=lambda session, record: _("Paused already.") if record.paused_at is not None else "",
)
RESUME = Step(
    "resume",
    N_("Go on"),
    OWNERS,
    UNDER_WAY,
    _resume,
    (NOTE,),
    lock=N_("Possible while the case is handled."),
    rule=9,
    barred=lambda session, record: "" if record.paused_at is not None else _("The case is not paused."),
)


def _last_milestone(record: Record) -> str:
    if record.status in ("executing", "following_up"):
        return "dispatch"
    return "approve" if record.status in ("approved", "replied", "agreed") else "accept"
