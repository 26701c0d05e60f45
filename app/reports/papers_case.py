"""A case put on paper: the registration form and the objection record, and the words that all papers of a case share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo

from app.core import formats
from app.core.errors import UserError
from app.core.fields import Choice
from app.core.language import N_, _
from app.core.session import Session
from app.core.times import Moment
from app.models import classifications as of
from app.models.complaints import Complaint, LossLine
from app.models.customers import Customer
from app.models.objections import STEP_NAMES, Objection
from app.models.proposals import REMEDY_FIELDS, WAYS
from app.models.record import Record, Values
from app.reports.documents import claims
from app.reports.documents.objection_record import ObjectionRecord, Step, objection_sheaf
from app.reports.documents.parts import Judgement, RemedyLine
from app.reports.documents.registration_form import RegistrationForm, form_sheaf
from app.reports.pdf import VOID, Paper, Sheaf
from app.services.cases import Case, Decision

_RESULTS = {"approved": N_("approved"), "returned": N_("returned")}
_REMEDY = REMEDY_FIELDS[0]


def frame(session: Session, number: str, *, version: int = 0, prints: int = 0, mark: str = "", copy: str = "") -> Paper:
    """What the branch's papers carry around their content."""
    branch = session.branch
    return Paper(
        branch.letterhead or branch.name,
        number,
        session.now(),
        address=branch.address,
        phone=branch.phone,
        version=version,
        prints=prints,
        mark=mark,
        copy=copy,
        author=session.user,
        sample=branch.sample,
    )


def frame_of(session: Session, case: Case) -> Paper:
    """That of a record's paper; void ones say so."""
    return frame(session, case.record.number, mark=VOID if case.record.status == "voided" else "")


class Words:
    """The values of a record as its papers write them: text empty where unknown, instants in the branch's zone."""

    def __init__(self, session: Session, kind: type[Record], values: Values) -> None:
        self.zone, self.kind, self.values = session.branch.zone, kind, values

    def text(self, code: str) -> str:
        return str(self.values.get(code) or "")

    def label(self, code: str) -> str:
        value = self.values.get(code)
        return formats.label(self.kind.field(code), value) if value else ""

    def moment(self, code: str) -> Moment | None:
        return local(self.values.get(code), self.zone)


def local(value: Moment | None, zone: tzinfo) -> Moment | None:
    """An instant in the branch's zone; a day is its own."""
    return value.astimezone(zone) if isinstance(value, datetime) else value


def demand(case: Case, kind: type[Record], sentence: str) -> None:
    """UserError with the sentence where the record is of another kind."""
    if not isinstance(case.record, kind):
        raise UserError(sentence.format(number=case.record.number))


def _words(choices: Iterable[Choice]) -> tuple[str, ...]:
    return tuple(_(choice.label) for choice in choices)


def blank_form(session: Session, number: str) -> Sheaf:
    """The registration form for handwriting."""
    return form_sheaf(
        RegistrationForm(
            paper=frame(session, number),
            blank=True,
            channel_options=_words(of.CHANNELS),
            class_options=_words(of.COMPLAINT_CLASSES),
            severity_options=_words(of.SEVERITIES),
            loss_options=_words(of.LOSSES),
        )
    )


def registration_form(session: Session, case: Case) -> Sheaf:
    """The registration form of a complaint with what is known so far."""
    demand(case, Complaint, _("{number} is no complaint, so it has no registration form."))
    words = Words(session, Complaint, case.values)
    values, customer, last = case.values, case.customer, case.round
    decision = last.decisions[-1] if last and last.decisions else None
    return form_sheaf(
        RegistrationForm(
            paper=frame_of(session, case),
            customer=customer.get("name") or "",
            customer_number=customer.get("number") or "",
            end_user=words.text("end_user"),
            complainant=words.text("complainant"),
            phone=words.text("phone") or customer.get("phone") or "",
            address=words.text("address") or customer.get("address") or "",
            received_at=words.moment("received_at"),
            channel=words.label("channel"),
            source_reference=words.text("source_reference"),
            complaint_class=words.label("class"),
            severity=words.label("severity"),
            external=values["external"],
            promised_at=words.moment("promised_at"),
            description=words.text("description"),
            went_wrong=words.text("went_wrong"),
            feelings=words.text("feeling"),
            wished_solution=words.text("wish"),
            reason_stated=words.text("reason"),
            products=tuple(product_line(case, line) for line in values["product_lines"]),
            losses=tuple(_loss(line) for line in values["loss_lines"]),
            recorder=words.text("recorder"),
            recorded_at=words.moment("signed_at"),
            handed_over_to=" · ".join(part for part in (words.label("handed_to"), words.text("handler")) if part),
            handed_over_at=words.moment("handed_at"),
            judgement=judgement_of(words),
            proposal=last.text if last else "",
            cost=last.cost if last else None,
            handler=last.proposed_by if last else "",
            proposed_at=local(last.proposed_at, words.zone) if last else None,
            opinion=_opinion(decision) if decision else "",
            opinion_by=decided_by(decision) if decision else "",
            opinion_at=local(decision.at, words.zone) if decision else None,
        )
    )


def products_of(case: Case) -> tuple[str, ...]:
    """The products complained of, each in one line."""
    return tuple(product_words(product_line(case, line)) for line in case.values["product_lines"])


def product_line(case: Case, line: Values) -> claims.ProductLine:
    """A product as its papers show it: what the line does not say comes from the list of products."""
    product = case.products.get(line["product"], {})
    return claims.ProductLine(
        product=product.get("name") or "",
        specification=line["specification"] or product.get("specification") or "",
        produced_on=line["produced_on"],
        batch=line["batch"] or "",
        quantity=line["quantity"],
        defective_quantity=line["defective_quantity"],
        unit=line["unit"] or product.get("unit") or "",
        order_number=line["order_number"] or "",
        bought_on=line["bought_on"],
        in_use_since=line["used_since"],
        symptom=line["symptom"] or "",
        earlier_brand=line["earlier_brand"] or "",
        recent_condition=line["recent_condition"] or "",
        invoice=line["invoice"],
    )


def _loss(line: Values) -> claims.LossLine:
    return claims.LossLine(formats.label(LossLine.field("item"), line["item"]), line["amount"], line["note"] or "")


def judgement_of(words: Words) -> Judgement:
    """What the enquiry found."""
    values = words.values
    party, stage = words.label("responsible_party"), words.label("responsible_stage")
    return Judgement(
        reason_sufficient=values["reason_sufficient"],
        demand_reasonable=values["demand_reasonable"],
        malicious=None if values["faith"] is None else values["faith"] == "malicious",
        valid=values["valid"],
        evidence=words.text("evidence"),
        cause=words.label("cause"),
        # A stage names its party, too.
        responsible_party="" if party and stage.startswith(party) else party,
        responsible_stage=stage,
        fault=values["fault_percent"],
    )


def outcome_of(decision: Decision) -> str:
    """Approved or returned."""
    return _(_RESULTS.get(decision.result, decision.result))


def way_of(decision: Decision) -> str:
    """How it was decided."""
    return next((_(way.label) for way in WAYS if way.code == decision.way), decision.way)


def decided_by(decision: Decision) -> str:
    """Who signs for it; of a deputy also in whose place."""
    who = decision.paper_approver or decision.who
    return _("{deputy} for {person}").format(deputy=who, person=decision.for_whom) if decision.for_whom else who


def _opinion(decision: Decision) -> str:
    return "\n".join(part for part in (f"{outcome_of(decision)} · {way_of(decision)}", decision.opinion) if part)


def remedies(lines: Sequence[Values]) -> tuple[RemedyLine, ...]:
    """Remedy lines of a proposal or an agreement; what costs nothing has no amount on paper."""
    return tuple(
        RemedyLine(
            formats.label(_REMEDY, line["remedy"]),
            line["description"] or "",
            line["quantity"],
            line["unit"] or "",
            line["unit_price"],
            line["amount"] or None,
        )
        for line in lines
    )


def product_words(line: claims.ProductLine) -> str:
    """A product complained of in one line."""
    amounts = (line.defective_quantity, line.quantity)
    bad, whole = ("" if amount is None else f"{formats.quantity(amount)} {line.unit}".strip() for amount in amounts)
    counted = _("{part} of {whole} defective").format(part=bad, whole=whole) if bad and whole else bad or whole
    batch = _("batch {batch}").format(batch=line.batch) if line.batch else ""
    made = _("made on {day}").format(day=formats.day(line.produced_on)) if line.produced_on else ""
    return "  ".join(filter(None, (line.product, batch, made, counted)))


def objection_record(session: Session, case: Case) -> Sheaf:
    """The record of an objection."""
    demand(case, Objection, _("{number} is no objection, so it has no objection record."))
    words = Words(session, Objection, case.values)
    values, customer = case.values, case.customer
    product = case.products.get(values["product"])
    return objection_sheaf(
        ObjectionRecord(
            paper=frame_of(session, case),
            customer=words.text("customer_name"),
            customer_number=customer.get("number") or "",
            customer_tier=Words(session, Customer, customer).label("tier"),
            phone=customer.get("phone") or "",
            occurred_at=words.moment("occurred_at"),
            where=words.text("where"),
            what=words.text("what"),
            who=words.text("who"),
            wish=words.text("wish"),
            expression=words.label("expression"),
            channel=words.label("channel"),
            nature=words.label("nature"),
            hidden_demand=words.text("hidden_demand"),
            content=words.label("content"),
            family=words.label("family"),
            cause=words.label("cause"),
            product=product["name"] if product else "",
            method=words.label("method"),
            method_reason=words.text("method_reason"),
            card=words.text("card"),
            steps=tuple(
                Step(_(name), bool(values[f"step_{code}"]), words.text(f"step_{code}_note")) for code, name in STEP_NAMES
            ),
            handler=words.text("handler"),
            solved_on_spot=values["solved_on_spot"],
            promised_at=words.moment("promised_at"),
            replied_at=words.moment("replied_at"),
            result=words.text("result"),
            satisfaction=values["satisfaction"],
            closed_at=words.moment("closed_at"),
            fed_back_to=words.text("fed_back_to"),
            fed_back_at=words.moment("fed_back_at"),
            complaint_number=words.text("complaint"),
            source_reference=words.text("source_reference"),
            state=next((_(one.label) for one in of.OBJECTION_STATUSES if one.code == case.record.status), ""),
        )
    )
