"""The scan of what was signed comes along with the step that records it, or nothing of the step does."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.errors import ValidationError
from app.core.session import Session
from app.models import attachments
from app.services import evidence
from tests.make import Make
from tests.models.stands import agreement_in, complaint_in, whole


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "scan.pdf"
    path.write_bytes(b"%PDF-1.4 signed")
    return path


def test_signing_keeps_the_scan_with_the_agreement(make: Make, session: Session, scan: Path) -> None:
    agreement = agreement_in(make, "released")
    signed = make.steps(agreement, ("sign-agreement", {"signed_by": "周建国", "scan": str(scan)}))
    (file,) = attachments.of(session, signed)
    assert (file.name, file.shows, file.path.read_bytes()) == ("scan.pdf", "agreement_scan", scan.read_bytes())
    assert evidence.missing_evidence(session, signed) == []


def test_signing_without_a_scan_says_afterwards_that_it_is_missing(make: Make, session: Session) -> None:
    signed = agreement_in(make, "signed")
    assert [lack.shows for lack in evidence.missing_evidence(session, signed)] == [("agreement_scan",)]


def test_a_scan_that_cannot_be_read_leaves_all_as_it_was(make: Make, session: Session, tmp_path: Path) -> None:
    agreement = agreement_in(make, "released")
    before = whole(make, agreement)
    with pytest.raises(ValidationError) as caught:
        make.steps(agreement, ("sign-agreement", {"signed_by": "周建国", "scan": str(tmp_path / "nowhere.pdf")}))
    assert list(caught.value.errors) == ["scan"]
    assert "nowhere.pdf" in caught.value.errors["scan"]
    assert whole(make, agreement) == before


def test_an_approval_on_paper_brings_its_scan(make: Make, session: Session, scan: Path) -> None:
    told = {"way": "on_paper", "paper_approver": "李卫东", "scan": str(scan)}
    record = make.steps(complaint_in(make, "proposed"), ("approve", told))
    assert [file.shows for file in attachments.of(session, record)] == ["approval_scan"]
