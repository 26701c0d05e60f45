"""The same document of many records: made one by one, then one file of all of them or a file each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from app.core.database import transaction
from app.core.files import whole_file
from app.core.language import _
from app.core.progress import Progress
from app.core.session import Session
from app.models.record import Record
from app.reports import papers
from app.reports.papers import (
    AGREEMENT,
    APPROVAL,
    CARDS,
    CASE_FILE,
    DISPATCH,
    FOLLOW_UP,
    FORM,
    NOTICE,
    OBJECTION,
    RECEIPT,
    REMINDER,
    VISIT,
    Issued,
)
from app.services import cases, in_bulk
from app.services.in_bulk import Summary

DOCUMENTS: Mapping[str, tuple[str, ...]] = {
    "complaint": (FORM, RECEIPT, APPROVAL, AGREEMENT, FOLLOW_UP, CASE_FILE),
    "objection": (OBJECTION,),
    "agreement": (AGREEMENT,),
    "dispatch": (DISPATCH, REMINDER),
    "action": (NOTICE,),
    "card": (CARDS,),
    "customer": (VISIT,),
}
"""The documents that the records of a list can be printed as, by kind."""


class Papers(NamedTuple):
    """The documents that could be made, and what became of each record."""

    issued: tuple[Issued, ...]
    summary: Summary


def make(session: Session, document: str, kind: type[Record], ids: Sequence[int], progress: Progress | None = None) -> Papers:
    """A document of each record; those that have none are refused with a sentence."""
    made: list[Issued] = []
    cards: list[Record] = []

    def do(record: Record) -> None:
        if document == CARDS:  # they share their pages
            cards.append(record)
        else:
            made.append(papers.paper(session, document, cases.case_of(session, record)))

    summary = in_bulk.each(session, kind, ids, do, progress or Progress(), _("Making documents"))
    if cards:
        made.append(papers.pocket_cards(session, cards))
    return Papers(tuple(made), summary)


def write_together(session: Session, path: Path, issued: Sequence[Issued]) -> None:
    """One PDF of the documents, each entered in the list of prints; all that or nothing."""
    ready = [papers.signed(session, one) for one in issued]
    content = papers.together([one.content for one in ready])
    with transaction(), whole_file(path, content):
        keep_records(session, ready, content)


def keep_records(session: Session, issued: Sequence[Issued], content: bytes, *, copies: int = 1) -> None:
    """Enter each document in the list of prints; `content` is the file that went out."""
    with transaction():
        for one in issued:
            papers.keep_record(session, one, content, copies=copies)


def write_each(session: Session, folder: Path, issued: Sequence[Issued], progress: Progress | None = None) -> list[Path]:
    """A PDF of each document in a folder, each entered in the list of prints; what lies there already stays."""
    written: list[Path] = []
    for one in (progress or Progress()).over(issued, len(issued), _("Writing files")):
        path = _free(folder, one.name)
        write_together(session, path, [one])
        written.append(path)
    return written


def _free(folder: Path, name: str) -> Path:
    """The name, or with a number behind it where a file has it already."""
    path, count = folder / name, 1
    while path.exists():
        count += 1
        path = folder / f"{Path(name).stem} ({count}){Path(name).suffix}"
    return path
