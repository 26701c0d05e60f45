"""The evidence that a case wants by its class and its course, and what of it is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.models import agreements, attachments
from app.models.classifications import COMPLAINT_CLASSES
from app.models.record import Record
from app.services import evidence
from tests.make import Make
from tests.models.stands import agreement_in


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "1.jpg"
    path.write_bytes(b"\xff\xd8 photo")
    return path


def lacks(make: Make, record: Record) -> list[str]:
    return [lack.words for lack in evidence.missing_evidence(make.session, make.again(record))]


def test_a_product_complaint_wants_photos_and_an_invoice_or_order(make: Make, photo: Path) -> None:
    complaint = make.complaint(**{"class": "product"})
    assert lacks(make, complaint) == ["Photo of the product", "Photo of the batch number", "Invoice or Order"]
    attachments.attach(make.session, complaint, photo, "batch_photo")
    attachments.attach(make.session, complaint, photo, "order")
    assert lacks(make, complaint) == ["Photo of the product"]


def test_what_is_void_or_shows_something_else_does_not_serve(make: Make, photo: Path) -> None:
    complaint = make.complaint(**{"class": "service"})
    attachments.attach(make.session, complaint, photo, "photo")
    file = attachments.attach(make.session, complaint, photo, "statement")
    assert lacks(make, complaint) == []
    attachments.void(make.session, complaint, file.id, "不清楚")
    assert lacks(make, complaint) == ["Statement of facts"]


def test_a_signed_agreement_wants_its_scan_with_the_case_or_the_agreement(make: Make, photo: Path) -> None:
    agreement = agreement_in(make, "released")
    complaint = agreement.complaint
    assert lacks(make, complaint) == []
    agreement = make.steps(agreement, ("sign-agreement", {"signed_by": "陈老板"}))
    assert lacks(make, complaint) == ["Scan of the agreement"]
    current = agreements.current(make.session, complaint)
    assert current is not None
    assert [lack.shows for lack in evidence.missing_evidence(make.session, current)] == [evidence.SIGNED]
    attachments.attach(make.session, current, photo, "agreement_scan")
    assert lacks(make, complaint) == []
    assert evidence.missing_evidence(make.session, current) == []


def test_an_approval_on_paper_wants_its_scan(make: Make) -> None:
    complaint = make.steps(make.proposed(), ("approve", {"way": "on_paper", "paper_approver": "陈志强"}))
    assert lacks(make, complaint) == ["Scan of the approval"]


def test_nothing_is_wanted_of_objections_and_of_what_is_void_or_imported(make: Make) -> None:
    complaint = make.complaint(**{"class": "product"})
    type(complaint).rewrite(complaint.id, imported=True)
    void = make.steps(make.complaint(**{"class": "product"}), ("void", {"reason": "重复登记"}))
    assert [lacks(make, one) for one in (make.objection(), complaint, void, make.customer())] == [[], [], [], []]


def test_the_checklist_knows_every_class_and_names_what_files_show() -> None:
    codes = {choice.code for choice in attachments.SHOWS}
    assert set(evidence.CHECKLIST) == {choice.code for choice in COMPLAINT_CLASSES}
    wanted = [*evidence.CHECKLIST.values(), (evidence.SIGNED, evidence.ON_PAPER)]
    assert {code for of_class in wanted for shows in of_class for code in shows} <= codes
