"""What is learned from complaints, on paper: the notice of a corrective action, and the letter to the maker of a batch."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from app.core.language import _
from app.core.session import Session
from app.core.times import day_of
from app.models import attachments, recurrence
from app.models.actions import Action
from app.models.complaint_intake import demand_product_facts
from app.models.complaints import Complaint, ProductLine
from app.models.record import Record, parts_of
from app.reports.documents.notice import Batch, BatchCase, ImprovementNotice, MakerLetter, letter_sheaf, notice_sheaf
from app.reports.papers_case import Words, demand, frame, frame_of, products_of
from app.reports.pdf import DRAFT, Sheaf
from app.services import cases
from app.services.cases import Case

_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)[- ]?\d{4}[- ]?(\d{4})(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)(0\d{2,3})[- ]?\d{3,4}[- ]?(\d{4})(?!\d)")
_PROOFS = frozenset({"photo", "product_photo", "batch_photo", "inspection"})


def without_phones(text: str, known: Iterable[str] = ()) -> str:
    """The text with the middle of phone numbers hidden: those of people, and `known` ones however they are written."""
    text = _LANDLINE.sub(r"\1****\2", _MOBILE.sub(r"\1****\2", text))
    for phone in known:
        text = text.replace(phone, f"{phone[:3]}****{phone[-2:]}")
    return text


def _phones(case: Case) -> tuple[str, ...]:
    """Every number by which the customer of a case can be called."""
    contacts = case.customer.get("contacts") or ()
    found = (case.values["phone"], case.customer.get("phone"), *(one["phone"] for one in contacts))
    return tuple(phone for phone in found if phone and len(phone) > 5)


def notice(session: Session, case: Case) -> Sheaf:
    """The notice of a corrective action, a draft until it is published; it hides how the customer can be called."""
    action = case.record
    assert isinstance(action, Action)
    origin = cases.case_of(session, action.complaint)
    said = {code: text for code, text in case.values.items() if isinstance(text, str)}
    hidden = {code: without_phones(text, _phones(origin)) for code, text in said.items()}
    words = Words(session, Action, case.values | hidden)
    about = Words(session, Complaint, origin.values)
    paper = frame_of(session, case)
    valid = action.published_at is not None or paper.mark
    return notice_sheaf(
        ImprovementNotice(
            paper=paper if valid else replace(paper, mark=DRAFT),
            complaint_number=origin.record.number,
            received_on=about.moment("received_at"),
            customer=about.text("customer_name"),
            complaint_class=about.label("class"),
            severity=about.label("severity"),
            products=products_of(origin),
            what=without_phones(about.text("description"), _phones(origin)),
            recurrences=tuple(one.sentence for one in origin.course.recurrences),
            root_cause=words.text("root_cause"),
            cause=words.label("cause"),
            immediate=words.text("immediate"),
            lasting=words.text("lasting"),
            department=words.label("department"),
            person=words.text("person"),
            due=case.values["due"],
            check_on=case.values["check_on"],
            done_on=words.moment("done_at"),
            done_note=words.text("done_note"),
            checked_on=words.moment("checked_at"),
            check_note=words.text("check_note"),
            published_by=words.text("published_by"),
            published_on=words.moment("published_at"),
        )
    )


def of_batch(session: Session, case: Case) -> list[Complaint]:
    """The complaint and all others that name a batch of it, oldest first. RuleBroken where a fact is missing (rule 16)."""
    demand(case, Complaint, _("{number} is no complaint, so there is nothing to write to a maker about."))
    demand_product_facts(case.record)
    found = {one.id: one for line in _lines(case.record) for one in recurrence.with_batch(session, line.product, line.batch)}
    return sorted(found.values(), key=lambda one: (one.received_at, one.id))


def _lines(complaint: Record) -> list[ProductLine]:
    return [line for line in parts_of(complaint, "product_lines") if isinstance(line, ProductLine)]


def letter(session: Session, case: Case) -> Sheaf:
    """The letter to the maker on the batches of a complaint, with every complaint that names them."""
    concerned = of_batch(session, case)
    lines = {one.id: _lines(one) for one in concerned}
    own = {(line.product.id, line.batch): line for line in _lines(case.record)}
    files = (file for one in concerned for file in attachments.counting(attachments.of(session, one)))
    today = session.now().date()
    return letter_sheaf(
        MakerLetter(
            paper=frame(session, case.record.number, mark=frame_of(session, case).mark),
            batches=tuple(_batch(session, line, concerned, lines) for line in own.values()),
            brand=next((line.product.brand for line in own.values() if line.product.brand), ""),
            pictures=sum(file.shows in _PROOFS for file in files),
            answer_by=session.calendar.after(today, session.settings["solution_days_general"]),
            contact=case.values["handler"] or "",
            phone=session.branch.phone,
            by=session.user,
        )
    )


def _batch(session: Session, wanted: ProductLine, concerned: list[Complaint], lines: Mapping[int, list[ProductLine]]) -> Batch:
    zone = session.branch.zone
    found = tuple(
        BatchCase(
            one.number,
            day_of(one.received_at, zone),
            line.produced_on,
            line.quantity,
            line.defective_quantity,
            line.unit or line.product.unit or "",
            line.symptom or "",
        )
        for one in concerned
        for line in lines[one.id]
        if (line.product, line.batch) == (wanted.product, wanted.batch)
    )
    specification = wanted.specification or wanted.product.specification or ""
    return Batch(wanted.product.name, specification, wanted.batch or "", found)
