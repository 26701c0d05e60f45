"""Every paper that was issued: what, when, by whom, how many copies, and the hash of the file."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import NamedTuple

import peewee

from app.core.database import InstantColumn, database, instant, transaction
from app.core.language import N_
from app.core.session import Session
from app.models import history
from app.models.agreements import Agreement
from app.models.record import Record

TITLES = {
    "form": N_("Complaint registration form"),
    "receipt": N_("Receipt for a complaint"),
    "objection": N_("Objection record"),
    "approval": N_("Approval sheet"),
    "agreement": N_("Processing agreement"),
    "dispatch": N_("Dispatch order"),
    "reminder": N_("Reminder of a dispatch order"),
    "follow-up": N_("Follow-up sheet"),
    "notice": N_("Notice of an improvement"),
    "letter": N_("Letter to the maker on a batch"),
    "cards": N_("Objection cards"),
    "visit": N_("Pre-visit sheet"),
    "case-file": N_("Case file"),
}
"""The documents of records by code."""


class Print(peewee.Model):
    """One issue of a document; `draft` where it carried the watermark."""

    kind = peewee.TextField()
    record_id = peewee.IntegerField()
    document = peewee.TextField()
    at = InstantColumn()
    who = peewee.TextField()
    copies = peewee.IntegerField()
    draft = peewee.BooleanField()
    reason = peewee.TextField(default="")
    sha256 = peewee.TextField()

    class Meta:
        database = database
        indexes = ((("kind", "record_id"), False), (("sha256",), False))


class Issue(NamedTuple):
    """A row of the list of prints."""

    at: datetime
    who: str
    copies: int
    draft: bool
    reason: str


def record_print(
    session: Session, record: Record, document: str, content: bytes, *, copies: int = 1, draft: bool = False, reason: str = ""
) -> None:
    """Remember that a file was printed or saved; counts the prints of a valid agreement (rule 4)."""
    with transaction():
        Print.create(
            kind=record.KIND,
            record_id=record.id,
            document=document,
            at=session.clock(),
            who=session.user,
            copies=copies,
            draft=draft,
            reason=reason,
            sha256=hashlib.sha256(content).hexdigest(),
        )
        history.write(session, record.KIND, record.id, "print", note=f"{document} × {copies}")
        if isinstance(record, Agreement) and not draft:
            Agreement.update(print_count=Agreement.print_count + 1).where(Agreement.id == record.id).execute()
    session.changed(record.KIND, record.number)


def of(record: Record) -> list[Issue]:
    """The prints of a record, newest first."""
    rows = database.execute_sql(
        "SELECT at, who, copies, draft, reason FROM print WHERE kind = ? AND record_id = ? ORDER BY id DESC",
        (record.KIND, record.id),
    ).fetchall()
    return [Issue(instant(at), who, copies, bool(draft), reason) for at, who, copies, draft, reason in rows]
