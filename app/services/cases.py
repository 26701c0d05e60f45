"""A record with everything that belongs to it, read at once: for the case page, for papers and for `show`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from app.core import fields, formats
from app.core.fields import Value
from app.core.language import _
from app.core.session import Session
from app.models import (
    agreements,
    attachments,
    card_use,
    case_entries,  # noqa: F401 - declares the parts of a complaint that steps write
    customer_queries,
    customer_steps,
    evidence,
    history,
    merges,
    permissions,
    prints,
    proposals,
    sight,
)
from app.models.agreements import Agreement
from app.models.attachments import File, counting
from app.models.cards import Card, faults
from app.models.complaints import Complaint, open_twins
from app.models.customers import Customer
from app.models.evidence import Evidence
from app.models.objections import Objection
from app.models.products import Product
from app.models.record import Record, Values, find_any, row_values, values_of
from app.services import case_course
from app.services.case_course import Course, Stand


@dataclass(frozen=True)
class Decision:
    """An approval or a return; `for_whom`: whose deputy decided."""

    result: str
    way: str
    who: str
    paper_approver: str
    at: datetime
    opinion: str
    for_whom: str = ""


@dataclass(frozen=True)
class Round:
    """A proposal with its remedy lines and the decisions on it."""

    round: int
    text: str
    cost: Decimal
    status: str
    proposed_by: str
    proposed_at: datetime
    lines: tuple[Values, ...]
    decisions: tuple[Decision, ...]


@dataclass(frozen=True)
class Edition:
    """An edition of an agreement with all that its paper says."""

    number: str
    edition: int
    status: str
    values: Values
    content_hash: str
    print_count: int
    void_reason: str
    changed_at: datetime
    prints: tuple[prints.Issue, ...]
    withheld: bool = False
    """It is kept of an erased customer, and closed."""


@dataclass(frozen=True)
class Case:
    """A record and what belongs to it.

    `values` are its fields and parts, `customer` the fields of its customer (empty: none), `products` those of each product that
    it names, by number.
    """

    record: Record
    values: Values
    customer: Values
    rounds: tuple[Round, ...]
    editions: tuple[Edition, ...]
    attachments: tuple[attachments.File, ...]
    history: tuple[history.Entry, ...]
    from_objections: tuple[str, ...]
    products: Mapping[str, Values]
    course: Course

    @property
    def files(self) -> list[File]:
        """The attachments that are not void."""
        return counting(self.attachments)

    @property
    def edition(self) -> Edition | None:
        """The edition of the agreement that is not void."""
        return next((one for one in reversed(self.editions) if one.status != "voided"), None)

    @property
    def holds_kept(self) -> bool:
        """Whether something of it is kept of an erased customer, and closed."""
        return any(one.withheld for one in self.editions) or any(one.withheld for one in self.course.orders)

    @property
    def round(self) -> Round | None:
        """The proposal that counts now."""
        return self.rounds[-1] if self.rounds else None


def load(session: Session, number: str) -> Case:
    """The record of that number and everything that belongs to it, as it stands: for papers. For a person's eyes: `seen`."""
    return case_of(session, find_any(session, number))


def case_of(session: Session, record: Record) -> Case:
    """Everything that belongs to a record."""
    complaint = record if isinstance(record, Complaint) else None
    customer = record if isinstance(record, Customer) else getattr(record, "customer", None)
    editions = agreements.editions(session, complaint) if complaint else [record] if isinstance(record, Agreement) else []
    values = values_of(session, record)
    return Case(
        record=record,
        values=values,
        customer={} if customer is None else values_of(session, customer) | {"number": customer.number},
        rounds=tuple(_round(one) for one in proposals.rounds_of(session, complaint)) if complaint else (),
        editions=tuple(_edition(session, one) for one in editions),
        attachments=tuple(attachments.of(session, record)),
        history=tuple(history.of(record.KIND, record.id)),
        from_objections=_origins(complaint) if complaint else (),
        products=_products(session, values),
        course=case_course.of(session, record),
    )


def seen(session: Session, case: Case, looked: Collection[str] = ()) -> Case:
    """The case as the acting person reads it. `looked`: fields and parts of the record that were revealed."""
    if (
        not case.holds_kept
        and not sight.is_withheld(case.record)
        and all(permissions.reads(session, one) for one in permissions.READERS)
    ):
        return case
    read = partial(sight.shown_values, session)
    return replace(
        case,
        values=read(type(case.record), case.values, looked, withheld=sight.is_withheld(case.record)),
        customer=read(Customer, case.customer),
        editions=tuple(replace(one, values=read(Agreement, one.values, withheld=one.withheld)) for one in case.editions),
        course=case_course.seen(case.course) if case.holds_kept else case.course,
        history=tuple(sight.entry(session, case.record.KIND, one) for one in case.history),
    )


def _products(session: Session, values: Values) -> dict[str, Values]:
    numbers = {line["product"] for line in (values, *values.get("product_lines", ())) if line.get("product")}
    if not numbers:
        return {}
    places = ", ".join("?" * len(numbers))
    found = Product.fetch(f"t.branch_id = ? AND t.number IN ({places})", session.branch.id, *sorted(numbers))
    return {product.number: row_values(session, product) for product in found}


def _origins(complaint: Complaint) -> tuple[str, ...]:
    return tuple(one.number for one in Objection.fetch("t.complaint_id = ? ORDER BY t.id", complaint.id))


def _round(one: proposals.Round) -> Round:
    proposal = one.proposal
    decisions = tuple(Decision(a.result, a.way, a.who, a.paper_approver, a.at, a.opinion, a.for_whom) for a in one.approvals)
    return Round(
        proposal.round,
        proposal.text,
        proposal.cost,
        proposal.status,
        proposal.proposed_by,
        proposal.proposed_at,
        tuple(one.lines),
        decisions,
    )


def _edition(session: Session, agreement: Agreement) -> Edition:
    return Edition(
        agreement.number,
        agreement.edition,
        agreement.status,
        values_of(session, agreement),
        agreement.content_hash,
        agreement.print_count,
        agreement.void_reason or "",
        agreement.changed_at,
        tuple(prints.of(agreement)),
        agreement.withheld,
    )


def heed(session: Session, record: Record) -> list[str]:
    """What is odd about a record, but allowed: unusual numbers; open twins (rule 17); evidence that does not hold;
    clauses that name another day than the deadline.
    """
    values = values_of(session, record)
    sentences = list(fields.warnings(record.FIELDS, values).values())
    if isinstance(record, Complaint):
        same = _("{number} is an open case of the same customer, product and batch {batch}.")
        sentences += [same.format(number=number, batch=batch) for number, batch in open_twins(session, values, record.id)]
    if isinstance(record, Card):
        sentences += faults(session, record)
    if isinstance(record, Agreement):
        sentences += dict.fromkeys(filter(None, agreements.follower_of(session, record)(values, values)[1].values()))
    if isinstance(record, Customer):
        here = _("{number} {name} may be the same customer: {why}.")
        sentences += [here.format(**one._asdict()) for one in customer_queries.known(session, values, record.number)]
    return sentences


def as_json(session: Session, case: Case) -> dict[str, object]:
    """The whole case as `kesu show` prints it: the record's own fields at top level."""
    record = case.record
    own: dict[str, object] = {
        "number": record.number,
        "kind": record.KIND,
        "uid": record.uid,
        "status": record.status,
        "version": record.version,
        "created_at": record.created_at,
        "created_by": record.created_by,
        "changed_at": record.changed_at,
        "changed_by": record.changed_by,
        "void_reason": record.void_reason,
    }
    own |= {
        code: _value(getattr(record, code))
        for code in ("round", "imported", "edition", "content_hash", "print_count", "withheld")
        if hasattr(record, code)
    }
    own |= case.values
    if isinstance(record, Complaint):
        own |= {
            "rounds": [_plain(one) for one in case.rounds],
            "approvals": [_plain(decision) | {"round": one.round} for one in case.rounds for decision in one.decisions],
            "agreements": [_plain(one) | one.values for one in case.editions],
            "agreement": _plain(case.edition) | case.edition.values if case.edition else None,
            "from_objections": list(case.from_objections),
            "dispatches": _stands(case.course.orders),
            "promises": _stands(case.course.promises),
            "actions": _stands(case.course.actions),
            "promised": [_plain(one._asdict()) | {"owed": one.owed} for one in case.course.promised],
            "recurrences": [_plain(one._asdict()) for one in case.course.recurrences],
        }
    if isinstance(record, Card):
        used = card_use.usage([record])[record.id]
        own |= {"times_used": used.used, "times_helped": used.helped}
        own["used_in"] = [one.number for one in card_use.uses(session, record)]
    if isinstance(record, Evidence):
        own["cards"] = [card.number for card in card_use.resting_on(record)]
        own["holds"] = not evidence.fault(session, record)
    if isinstance(record, Customer):
        own |= {
            "lost_after": customer_queries.lost_after(record),
            "grades": [_plain(one._asdict()) for one in customer_steps.gradings(record, list(case.history))],
            "merged": [one.other.number for one in merges.merged_into(record)],
        }
    own |= {
        "attachments": [_plain(one._asdict()) for one in case.attachments],
        "history": [_plain(one._asdict()) for one in case.history],
    }
    plain = formats.as_json(own, session.branch.zone)
    assert isinstance(plain, dict)
    return plain


def _stands(found: Iterable[Stand]) -> list[dict[str, object]]:
    return [{"number": one.number, "status": one.status, **one.values} for one in found]


def _plain(one: object) -> dict[str, object]:
    """A dataclass or mapping as a mapping of plain values, nested ones too."""
    content: Mapping[str, Any] = one if isinstance(one, Mapping) else vars(one)
    return {code: _value(value) for code, value in content.items() if code not in ("values", "path")}


def _value(value: Value) -> Value:
    if value == "":
        return None  # unknown is null, however it is kept
    if isinstance(value, tuple) and value and hasattr(value[0], "_asdict"):
        return [_plain(item._asdict()) for item in value]
    if isinstance(value, tuple) and value and not isinstance(value[0], str | date | Decimal):
        return [_plain(item) if hasattr(item, "__dict__") or isinstance(item, Mapping) else item for item in value]
    return list(value) if isinstance(value, tuple) else value
