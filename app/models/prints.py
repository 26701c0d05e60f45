"""Every paper that was issued: what, when, by whom, how many copies, and the hash of the file."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import NamedTuple

import peewee

from app.core.database import InstantColumn, database, instant, transaction
from app.core.language import N_
from app.core.session import Session
from app.models import history, permissions
from app.models.agreements import Agreement
from app.models.record import Record

CASE_FILE, MONTH, MONTH_PAPER, REGISTER = "case-file", "month", "month-report", "register"
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
    "letter": N_("Letter to the maker"),
    "cards": N_("Objection cards"),
    "visit": N_("Pre-visit sheet"),
    CASE_FILE: N_("Case file"),
}
"""The documents of records by code."""
FILES = {MONTH: N_("Monthly workbook"), MONTH_PAPER: N_("Monthly report"), REGISTER: N_("List as PDF")}
"""What is issued of the branch as a whole."""
VERBS = {MONTH: "figures.export", MONTH_PAPER: "figures.print", REGISTER: "register.print"}
"""What one must be permitted for it."""


class Print(peewee.Model):
    """One issue of a document; `draft` where it carried the watermark. `anchor`: the head of the history when it went out."""

    kind = peewee.TextField()
    record_id = peewee.IntegerField()
    document = peewee.TextField()
    at = InstantColumn()
    who = peewee.TextField()
    copies = peewee.IntegerField()
    draft = peewee.BooleanField()
    reason = peewee.TextField(default="")
    sha256 = peewee.TextField()
    anchor = peewee.TextField(null=True)

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
    permissions.require(session, "paper.print")
    with transaction():
        _keep(session, record.KIND, record.id, document, content, copies=copies, draft=draft, reason=reason)
        history.write(session, record.KIND, record.id, "print", note=f"{document} × {copies}")
        if isinstance(record, Agreement) and not draft:
            Agreement.update(print_count=Agreement.print_count + 1).where(Agreement.id == record.id).execute()
    session.changed(record.KIND, record.number)


def _keep(
    session: Session,
    kind: str,
    record_id: int,
    document: str,
    content: bytes,
    *,
    copies: int = 1,
    draft: bool = False,
    reason: str = "",
) -> None:
    Print.create(
        kind=kind,
        record_id=record_id,
        document=document,
        at=session.clock(),
        who=session.user,
        copies=copies,
        draft=draft,
        reason=reason,
        sha256=hashlib.sha256(content).hexdigest(),
        anchor=str(history.head()),
    )


def keep_file(session: Session, document: str, content: bytes, title: str, copies: int = 1) -> None:
    """Remember a file of the branch as a whole that was written or printed; `title` is what it calls itself."""
    permissions.require(session, VERBS[document])
    branch = session.branch.id
    with transaction():
        _keep(session, "branch", branch, document, content, copies=copies, reason=title)
        history.write(session, "branch", branch, "print", note=f"{document}: {title}")


def keep_export(session: Session, told: str) -> None:
    """Remember that a list left as a workbook: the name of the file, and what was asked for."""
    permissions.require(session, "list.export")
    with transaction():
        history.write(session, "branch", session.branch.id, "export", note=told)
    session.changed("history")


class Known(NamedTuple):
    """A file that was issued: of which record, and how. `reason` is the title of what is of no record."""

    kind: str
    record_id: int
    document: str
    at: datetime
    who: str
    copies: int
    draft: bool
    reason: str


_KNOWN = tuple(getattr(Print, name) for name in Known._fields)


def with_hash(digest: str) -> list[Known]:
    """What was issued in a file of this SHA-256, oldest first: a record, or several that share it."""
    return [Known(*row) for row in Print.select(*_KNOWN).where(Print.sha256 == digest).order_by(Print.id).tuples()]


def titled(document: str, title: str) -> list[Known]:
    """The files of the branch that call themselves so, oldest first."""
    found = Print.select(*_KNOWN).where(Print.document == document, Print.reason == title).order_by(Print.id)
    return [Known(*row) for row in found.tuples()]


def of(record: Record) -> list[Issue]:
    """The prints of a record, newest first."""
    rows = database.execute_sql(
        "SELECT at, who, copies, draft, reason FROM print WHERE kind = ? AND record_id = ? ORDER BY id DESC",
        (record.KIND, record.id),
    ).fetchall()
    return [Issue(instant(at), who, copies, bool(draft), reason) for at, who, copies, draft, reason in rows]
