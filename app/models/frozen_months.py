"""Months that were closed: the record of it, and the compressed pieces that were kept. What these hold is told elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

import peewee

from app.core import fields
from app.core.database import InstantColumn, database, instant, transaction
from app.core.errors import UserError
from app.core.fields import Field, Kind
from app.core.language import N_, _
from app.core.session import Session
from app.models import history, permissions

"""Who may close a month and open it again."""
REASON = Field("reason", N_("Reason"), Kind.MEMO, required=True, max_length=500)


class FrozenMonth(peewee.Model):
    """A closing. `history_id`: the last row of the history that it knew; `opened_at`: since then it no longer stands."""

    KIND = "month"
    branch_id = peewee.IntegerField()
    month = peewee.TextField()
    at = InstantColumn()
    who = peewee.TextField()
    sha256 = peewee.TextField()
    history_id = peewee.IntegerField()
    opened_at = InstantColumn(null=True)
    opened_by = peewee.TextField(null=True)
    open_reason = peewee.TextField(null=True)

    class Meta:
        database = database
        table_name = "frozen_month"


class FrozenPart(peewee.Model):
    """A piece of what was kept; the pieces of a closing stand in the order of their ids."""

    frozen = peewee.ForeignKeyField(FrozenMonth, index=False)
    part = peewee.TextField()
    content = peewee.BlobField()

    class Meta:
        database = database
        table_name = "frozen_part"


class Piece(NamedTuple):
    """A compressed piece of a part."""

    part: str
    content: bytes


class Freeze(NamedTuple):
    """A closing of a month (2026-10): when, by whom, and the SHA-256 of what was kept."""

    id: int
    month: str
    at: datetime
    who: str
    sha256: str
    history_id: int
    opened_at: datetime | None = None
    opened_by: str | None = None
    open_reason: str | None = None


_COLUMNS = ", ".join(Freeze._fields)


def of(session: Session, month: str) -> list[Freeze]:
    """Every closing of a month, oldest first; only the last can still stand."""
    rows = database.execute_sql(
        f"SELECT {_COLUMNS} FROM frozen_month WHERE branch_id = ? AND month = ? ORDER BY id", (session.branch.id, month)
    ).fetchall()
    return [_freeze(Freeze(*row)) for row in rows]


def _freeze(row: Freeze) -> Freeze:
    at, opened = (None if stored is None else instant(stored) for stored in (row.at, row.opened_at))  # type: ignore[arg-type]
    assert at is not None
    return row._replace(at=at, opened_at=opened)


def standing(session: Session, month: str) -> Freeze | None:
    """The closing of a month that stands."""
    found = of(session, month)
    return found[-1] if found and found[-1].opened_at is None else None


def standing_between(session: Session, first: str, last: str) -> list[Freeze]:
    """The closings that stand of the months from one to another."""
    rows = database.execute_sql(
        f"SELECT {_COLUMNS} FROM frozen_month WHERE branch_id = ? AND month BETWEEN ? AND ? AND opened_at IS NULL ORDER BY month",
        (session.branch.id, first, last),
    ).fetchall()
    return [_freeze(Freeze(*row)) for row in rows]


def damaged(month: str) -> UserError:
    """What is said where what was kept is no longer what was closed."""
    return UserError(
        _(
            "What was kept of {month} is damaged: it is no longer what was closed. Put back a backup, or open the month again"
            " and close it anew."
        ).format(month=month)
    )


def keep(session: Session, month: str, pieces: Iterable[Piece], digest: str, history_id: int, at: datetime) -> Freeze:
    """Close a month as it was at an instant: all of it is written, or nothing. UserError where it is closed already."""
    permissions.require(session, "month.close")
    with session.changed.after(), transaction():
        if known := standing(session, month):
            raise already(session, known)
        row = FrozenMonth.create(
            branch_id=session.branch.id, month=month, at=at, who=session.user, sha256=digest, history_id=history_id
        )
        database.cursor().executemany(
            "INSERT INTO frozen_part (frozen_id, part, content) VALUES (?, ?, ?)", [(row.id, *piece) for piece in pieces]
        )
        history.write(session, FrozenMonth.KIND, row.id, "freeze", new=digest, note=month)
        session.changed(FrozenMonth.KIND, month)
    return Freeze(row.id, month, at, session.user, digest, history_id)


def already(session: Session, known: Freeze) -> UserError:
    """What is said of a month that is closed already."""
    return UserError(
        _("{month} was closed by {person} at {time} already. To close it anew, open it again first, with a reason.").format(
            month=known.month, person=known.who, time=f"{known.at.astimezone(session.branch.zone):%Y-%m-%d %H:%M}"
        )
    )


def open_again(session: Session, month: str, reason: str) -> Freeze:
    """Open a month again; what was kept stays, as a closing that no longer stands.

    UserError where it is not closed, ValidationError without a reason.
    """
    permissions.require(session, "month.close")
    given = fields.clean((REASON,), {"reason": reason}, session.now())["reason"]
    with session.changed.after(), transaction():
        known = standing(session, month)
        if known is None:
            raise UserError(_("{month} is not closed. There is nothing to open again.").format(month=month))
        opened = {"opened_at": session.clock(), "opened_by": session.user, "open_reason": given}
        FrozenMonth.update(**opened).where(FrozenMonth.id == known.id).execute()
        history.write(session, FrozenMonth.KIND, known.id, "open-again", note=given)
        session.changed(FrozenMonth.KIND, month)
    return known._replace(**opened)


def pieces(freeze: Freeze, part: str = "") -> Iterator[Piece]:
    """What was kept, or one part of it, a piece at a time."""
    narrowed = " AND part = ?" if part else ""
    parameters = (freeze.id, part) if part else (freeze.id,)
    sql = f"SELECT part, content FROM frozen_part WHERE frozen_id = ?{narrowed} ORDER BY id"
    for kept, content in database.execute_sql(sql, parameters):
        yield Piece(kept, bytes(content))
