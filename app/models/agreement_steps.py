"""The steps of a processing agreement: drawn up from the proposal, released after approval, signed by the customer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from app.core.errors import RuleBroken, ValidationError
from app.core.fields import Field, Kind
from app.core.formats import label, long_day, quantity
from app.core.language import N_, _
from app.core.session import Session
from app.core.times import day_of
from app.models import agreements, clauses, promises, proposals, sight
from app.models.agreements import Agreement
from app.models.attachments import SCAN, attach_scan
from app.models.complaint_solution import bound
from app.models.complaints import Complaint
from app.models.customers import Customer, speaker
from app.models.record import Follow, Part, Record, Values, change, insert, parts_of, typed_fields
from app.models.steps import REASON, STEPS, Missing, Step

_MAKERS = ("handler", "manager", "head")
_AFTER_APPROVAL = ("approved", "replied")
_FIELDS = tuple(field.but(required=False) for field in sorted(typed_fields(Agreement), key=lambda field: bool(field.group)))


def complaint_of(agreement: Record) -> Complaint:
    """The case of an agreement, as it is in the database now."""
    found: Complaint = Complaint.get_by_id(agreement.complaint_id)
    return found


def facts_of(session: Session, complaint: Complaint) -> str:
    """The facts in a few sentences, to be edited: when, what, which products, what was found."""
    received = long_day(day_of(complaint.received_at, session.branch.zone))
    parts = [_("On {day} party B complained: {what}").format(day=received, what=_sentence(complaint.description or ""))]
    parts += [_sentence(_product(line)) for line in parts_of(complaint, "product_lines")]
    if found := _found(complaint):
        parts.append(_sentence(found))
    return "\n".join(parts)


def _sentence(text: str) -> str:
    text = text.strip()
    return text if not text or text[-1] in ".!?。！？…”’」』）)" else _("{sentence}.").format(sentence=text)


def _product(line: Part) -> str:
    """The product with what tells it from others."""
    told = [
        line.product.name,
        _("batch {batch}").format(batch=line.batch) if line.batch else "",
        _("made on {day}").format(day=long_day(line.produced_on)) if line.produced_on else "",
        _defective(line),
        line.symptom or "",
    ]
    return _("Product: {name}").format(name=_joined(told))


def _defective(line: Part) -> str:
    unit = line.unit or line.product.unit or ""
    if unit.isascii():
        unit = f" {unit}".rstrip()
    bad, whole = (None if amount is None else f"{quantity(amount)}{unit}" for amount in (line.defective_quantity, line.quantity))
    if bad is None or whole is None:
        return _("{part} defective").format(part=bad) if bad else whole or ""
    return _("{part} of {whole} defective").format(part=bad, whole=whole)


def _joined(parts: Sequence[str]) -> str:
    """Parts of one sentence."""
    return reduce(lambda one, more: _("{one}, {more}").format(one=one, more=more), filter(None, parts))


def _found(complaint: Complaint) -> str:
    """What the judgement says, where the complaint is valid; nothing that lays it on the customer, who is to sign this."""
    if not complaint.valid:
        return ""
    told = [_("Found: the complaint is valid")]
    for code, words in (("cause", _("the cause is {what}")), ("responsible_stage", _("responsible is {what}"))):
        if complaint[code] and not complaint[code].startswith("customer."):
            what = label(Complaint.field(code), complaint[code])
            told.append(words.format(what=what[0].lower() + what[1:]))
    return _joined(told)


def drawn_up(session: Session, record: Record) -> Values:
    """The values that a new agreement starts from: parties, facts, deadline, clauses and the lines of the proposal."""
    assert isinstance(record, Complaint)
    branch = session.branch
    proposal = proposals.latest(record)
    lines = proposals.lines_of(session, proposal) if proposal is not None else []
    content: Values = {
        "party_a": branch.legal_name or branch.name,
        "party_a_identity": branch.credit_code or None,
        "party_a_address": branch.address or None,
        "party_a_representative": branch.representative or None,
        "party_a_phone": branch.phone or None,
        **_party_b(session, record),
        "facts": facts_of(session, record),
        "deadline": agreements.suggested_deadline(session),
        "copies": session.settings["copies"],
        "lines": lines,
    }
    return content | {"clauses": clauses.text_for(session, agreements.terms(session, content, record.number))}


def _party_b(session: Session, complaint: Complaint) -> Values:
    """The customer as it is known, else as the complaint tells it; its contact, else who complained."""
    customer: Customer | None = complaint.customer
    contact = speaker(session, customer) if customer is not None else None
    name = contact.name if contact is not None else complaint.complainant
    phones = (customer and customer.phone, contact and contact.phone, complaint.phone)
    return {
        "party_b": complaint.customer_name,
        "party_b_identity": customer and (customer.licence or customer.credit_code),
        "party_b_address": (customer and customer.address) or complaint.address,
        "party_b_contact": name if name != complaint.customer_name else None,
        "party_b_phone": next(filter(None, phones), None),
    }


def _follower(session: Session, record: Record) -> Follow:
    return agreements.follower(session, record.number, clauses.version(session), drawn_up(session, record))


def _proposed(session: Session, record: Record) -> list[Missing]:
    assert isinstance(record, Complaint)
    if proposals.latest(record) is None:
        return [Missing("text", _("A proposal is missing."), 2)]
    return []


def _draw_up(session: Session, record: Record, values: Values) -> Record:
    """A new agreement, or a new edition that takes the place of the present one (rule 4)."""
    assert isinstance(record, Complaint)
    given = {code: value for code, value in values.items() if value is not None or not Agreement.field(code).required}
    start = drawn_up(session, record)
    content = start | sight.admitted(session, Agreement, start, given)
    content |= _follower(session, record)(start, content)[0]
    present = agreements.current(session, record)
    if present is not None and present.status == "signed":
        raise RuleBroken(4, _("{number} is signed. What was signed stays as it is.").format(number=present.number))
    if present is not None:
        reason = _("Replaced by edition {edition}").format(edition=present.edition + 1)
        change(session, present, {}, action="void", note=reason, status="voided", void_reason=reason)
    made = insert(
        session,
        Agreement,
        content,
        number=present.number if present is not None else None,
        extra={
            "complaint": record.id,
            "customer_name": record.customer_name,
            "edition": present.edition + 1 if present is not None else 1,
            "template": clauses.version(session),
            "round": record.round,
            "proposal": getattr(proposals.latest(record), "id", 0),
        },
    )
    return change(
        session,
        record,
        {},
        action="agreement",
        note=_("{number}, edition {edition}").format(number=made.number, edition=made.edition),
    )


DRAW_UP = Step(
    "agreement",
    N_("Draw up agreement"),
    _MAKERS,
    ("proposed", *_AFTER_APPROVAL),
    _draw_up,
    _FIELDS,
    lock=N_("Possible once there is a proposal, until the agreement is signed."),
    rule=2,
    missing=_proposed,
    defaults=drawn_up,
    partly=True,
    follower=_follower,
)


def _approved(session: Session, record: Record) -> list[Missing]:
    assert isinstance(record, Agreement)
    complaint = complaint_of(record)
    if complaint.status not in _AFTER_APPROVAL:
        return [Missing("complaint", _("Possible after approval."), 2)]
    missing = []
    proposal = proposals.latest(complaint)
    if proposal is None or _promised(proposals.lines_of(session, proposal)) != _promised(agreements.lines_of(session, record)):
        missing.append(Missing("lines", _("The remedies are not those that were approved. Draw up the agreement again."), 2))
    if not record.party_b:
        missing.append(Missing("party_b", _("Party B is missing.")))
    return missing


def _promised(lines: list[Values]) -> list[tuple[object, ...]]:
    """What is promised, whatever its wording and order."""
    return sorted(((line["remedy"], line["quantity"], line["unit"], line["amount"]) for line in lines), key=repr)


def _replied(session: Session, record: Record) -> list[Missing]:
    if complaint_of(record).status != "replied":
        return [Missing("complaint", _("The reply to the customer comes first."), 4)]
    return []


def _release(session: Session, record: Record, values: Values) -> Record:
    assert isinstance(record, Agreement)
    digest = agreements.content_hash(session, record)
    change(session, complaint_of(record), {}, action="release", note=record.number)
    return change(session, record, {}, action="release", status="released", content_hash=digest)


def _sign(session: Session, record: Record, values: Values) -> Record:
    complaint = complaint_of(record)
    signed_on = values["signed_on"] or day_of(session.clock(), session.branch.zone)
    if signed_on < day_of(complaint.received_at, session.branch.zone):
        raise ValidationError({"signed_on": _("The agreement cannot be signed before the complaint was received.")})
    assert isinstance(record, Agreement)
    if record.deadline is not None and agreements.lines_of(session, record):
        promises.give(session, complaint, "delivery", record.deadline, record.number)
    bound(session, complaint, "sign-agreement", "agreement", record.number, {})
    attach_scan(session, record, values["scan"], "agreement_scan")
    return change(
        session, record, {"signed_on": signed_on, "signed_by": values["signed_by"]}, action="sign-agreement", status="signed"
    )


def _void(session: Session, record: Record, values: Values) -> Record:
    change(session, complaint_of(record), {}, action="agreement-void", note=record.number)
    return change(session, record, {}, action="void", note=values["reason"], status="voided", void_reason=values["reason"])


STEPS["agreement"] = (
    Step(
        "release",
        N_("Release"),
        ("manager", "head"),
        ("draft",),
        _release,
        lock=N_("Released already, or void."),
        rule=2,
        missing=_approved,
    ),
    Step(
        "sign-agreement",
        N_("Record signature"),
        _MAKERS,
        ("released",),
        _sign,
        (
            Field("signed_by", N_("Signed by"), max_length=100, required=True),
            Field("signed_on", N_("Signed on"), Kind.DATE, happened=True),
            SCAN,
        ),
        lock=N_("Possible once the agreement is released."),
        rule=4,
        missing=_replied,
        defaults=lambda session, record: {
            "signed_on": day_of(session.clock(), session.branch.zone),
            "signed_by": complaint_of(record).complainant,
        },
    ),
    Step(
        "void",
        N_("Void"),
        _MAKERS,
        ("draft", "released"),
        _void,
        (REASON,),
        lock=N_("What was signed stays as it is."),
        rule=4,
        danger=True,
    ),
)
