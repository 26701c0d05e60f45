"""What should lie with a case before it can be decided: the checklist by class of complaint, and what of it is missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from app.core.language import _
from app.core.session import Session
from app.models import agreements, attachments, proposals
from app.models.agreements import Agreement
from app.models.complaints import Complaint
from app.models.record import Record

CHECKLIST: dict[str, tuple[tuple[str, ...], ...]] = {
    "product": (("product_photo",), ("batch_photo",), ("invoice", "order")),
    "service": (("statement",),),
    "self": (("statement",),),
    "deception": (("advertising",), ("statement",)),
}
"""Class of complaint → what is wanted; each entry names what a file may show so that it serves."""
SIGNED, ON_PAPER = ("agreement_scan",), ("approval_scan",)
"""Wanted of every case whose agreement is signed, and of every case in whose present round somebody decided on paper."""


class Lack(NamedTuple):
    """Evidence that is missing: what a file would have to show (any of `shows`), and that in words."""

    shows: tuple[str, ...]
    words: str


def missing_evidence(session: Session, record: Record) -> list[Lack]:
    """What is missing of a case, or of an agreement its scan, as the checklist has it; void and imported ones want nothing."""
    complaint = record.complaint if isinstance(record, Agreement) else record
    if not isinstance(complaint, Complaint) or "voided" in (record.status, complaint.status) or complaint.imported:
        return []
    there = _shown(session, complaint)
    return [Lack(shows, _words(shows)) for shows in _wanted(session, record) if not there.intersection(shows)]


def _wanted(session: Session, record: Record) -> Iterator[tuple[str, ...]]:
    agreement: Agreement | None
    if isinstance(record, Complaint):
        yield from CHECKLIST.get(record["class"] or "", ())
        rounds = proposals.rounds_of(session, record)
        if rounds and any(decision.way == "on_paper" for decision in rounds[-1].approvals):
            yield ON_PAPER
        agreement = agreements.current(session, record)
    else:
        agreement = record if isinstance(record, Agreement) else None
    if agreement is not None and agreement.status == "signed":
        yield SIGNED


def _shown(session: Session, complaint: Complaint) -> set[str]:
    """What the files of the case and of its agreements show."""
    records = [complaint, *agreements.editions(session, complaint)]
    return {file.shows for one in records for file in attachments.counting(attachments.of(session, one))}


def _words(shows: tuple[str, ...]) -> str:
    return _(" or ").join(attachments.shown(code) for code in shows)
