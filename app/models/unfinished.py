"""Forms and steps that are still being typed: kept every few seconds, offered again after a crash, in no number and no figure."""

from __future__ import annotations

import json
from datetime import datetime
from typing import NamedTuple

import peewee

from app.core.database import InstantColumn, database, transaction
from app.core.session import Session
from app.models import permissions
from app.models.record import Record

TOPIC = "unfinished"
"""Told when there is one more or one less."""


class Unfinished(peewee.Model):
    """What stands in a form: `number` and `version` where it edits a record, else empty.

    Of a step the kind is `complaint.investigate`, the number that of its record.
    """

    branch_id = peewee.IntegerField()
    kind = peewee.TextField()
    number = peewee.TextField(default="")
    version = peewee.IntegerField(default=0)
    who = peewee.TextField()
    title = peewee.TextField(default="")
    content = peewee.TextField()
    saved_at = InstantColumn()

    class Meta:
        database = database
        table_name = "unfinished"


class Entry(NamedTuple):
    """A form to go on with; `content` is what its fields held, as typed."""

    id: int
    kind: str
    number: str
    version: int
    title: str
    content: dict[str, object]
    saved_at: datetime


def keep(
    session: Session,
    kind: str,
    title: str,
    content: dict[str, object],
    *,
    entry: int | None = None,
    number: str = "",
    version: int = 0,
) -> int:
    """Save what a form holds now; returns the id to save it under next time."""
    permissions.require(session, "draft.keep")
    plain = json.dumps(content)  # in ASCII: half a character that was typed just now can be kept so
    with transaction():
        if entry is not None:
            done = Unfinished.update(content=plain, title=title, saved_at=session.clock()).where(Unfinished.id == entry).execute()
            if done:
                return entry
        row = Unfinished.create(
            branch_id=session.branch.id,
            kind=kind,
            number=number,
            version=version,
            who=session.user,
            title=title,
            content=plain,
            saved_at=session.clock(),
        )
    session.changed(TOPIC)
    return int(row.id)


def drop(session: Session, entry: int | None) -> None:
    """Forget a form: it was saved, or the person threw it away."""
    if entry is not None:
        with transaction():
            Unfinished.delete().where(Unfinished.id == entry).execute()
        session.changed(TOPIC)


def of(session: Session) -> list[Entry]:
    """The forms that this person has not finished, newest first."""
    rows = (
        Unfinished.select()
        .where(Unfinished.branch_id == session.branch.id, Unfinished.who == session.user)
        .order_by(Unfinished.saved_at.desc())
    )
    return [Entry(row.id, row.kind, row.number, row.version, row.title, json.loads(row.content), row.saved_at) for row in rows]


def of_step(session: Session, record: Record, step: str) -> Entry | None:
    """What this person has typed of a step of a record."""
    wanted = (step_kind(record, step), record.number)
    return next((one for one in of(session) if (one.kind, one.number) == wanted), None)


def step_kind(record: Record, step: str) -> str:
    """As what a step of a record is kept."""
    return f"{record.KIND}.{step}"
