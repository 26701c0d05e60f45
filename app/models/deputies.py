"""Deputies: who decides in place of a manager or branch head who is away, from one day to another."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import peewee

from app.core import fields
from app.core.database import DayColumn, InstantColumn, database, transaction
from app.core.errors import UserError, ValidationError
from app.core.fields import Choice, Field, Kind
from app.core.language import N_, _
from app.core.session import ROLES, Session
from app.core.times import day_of
from app.models import history, permissions, staff

DEPUTISED = ("manager", "head")
FIELDS = (
    Field("principal", N_("Who is away"), required=True, max_length=100),
    Field("deputy", N_("Deputy"), required=True, max_length=100),
    Field(
        "role", N_("In the role of"), Kind.CHOICE, required=True, choices=tuple(Choice(code, ROLES[code]) for code in DEPUTISED)
    ),
    Field("since", N_("From"), Kind.DATE, required=True),
    Field("until", N_("Until"), Kind.DATE, required=True),
    Field("reason", N_("Reason"), max_length=200),
)


class DeputyRow(peewee.Model):
    """A period in which somebody stands in; it is ended, never deleted."""

    branch_id = peewee.IntegerField()
    principal = peewee.TextField()
    deputy = peewee.TextField()
    role = peewee.TextField()
    since = DayColumn()
    until = DayColumn()
    reason = peewee.TextField(default="")
    ended_at = InstantColumn(null=True)
    named_by = peewee.TextField()
    at = InstantColumn()

    class Meta:
        database = database
        table_name = "deputy"


class Deputy(NamedTuple):
    """Who stands in for whom, both days included; `ended`: it was taken back before its time."""

    id: int
    principal: str
    deputy: str
    role: str
    since: date
    until: date
    reason: str
    ended: bool


def name(session: Session, values: dict[str, object]) -> Deputy:
    """Name a deputy. ValidationError where the days are out of order or somebody stands in for themself.

    NotPermitted for the deputy of a role above one's own.
    """
    permissions.require(session, "deputy.name")
    given = fields.clean(FIELDS, values, session.now())
    given |= _on_the_list(session, given)
    if not session.roles.intersection((given["role"], "head", "admin")):
        session.require(given["role"])
    if given["until"] < given["since"]:
        raise ValidationError({"until": _("{later} cannot lie before {earlier}.").format(later=_("Until"), earlier=_("From"))})
    if given["deputy"] == given["principal"]:
        raise ValidationError({"deputy": _("Nobody stands in for themself. Name another person.")})
    with transaction():
        row = DeputyRow.create(
            branch_id=session.branch.id,
            named_by=session.user,
            at=session.clock(),
            **given | {"reason": given.get("reason") or ""},
        )
        history.write(session, "branch", session.branch.id, "deputy", note=f"{row.principal} → {row.deputy} ({row.role})")
    session.changed("deputy")
    return _told(row)


def _on_the_list(session: Session, given: dict[str, Any]) -> dict[str, str]:
    """Both as the list of staff writes them, where there is one. ValidationError for a name that is not there, or left."""
    if not staff.any_here(session):
        return {}
    found, errors = {}, {}
    for code in ("principal", "deputy"):
        try:
            person = staff.find(session, str(given[code]))
        except UserError as error:
            errors[code] = str(error)
            continue
        found[code] = person.name
        if code == "deputy" and person.status != "active":
            errors[code] = _("{name} does not work here now. Ask the administrator.").format(name=person.name)
    if errors:
        raise ValidationError(errors)
    return found


def end(session: Session, number: int) -> None:
    """Take it back from now on. UserError where there is none."""
    permissions.require(session, "deputy.end")
    with transaction():
        done = (
            DeputyRow.update(ended_at=session.clock())
            .where(DeputyRow.id == number, DeputyRow.branch_id == session.branch.id, DeputyRow.ended_at.is_null())
            .execute()
        )
        if not done:
            raise UserError(_("This deputy has ended already."))
        history.write(session, "branch", session.branch.id, "deputy-end", note=str(number))
    session.changed("deputy")


def _told(row: DeputyRow) -> Deputy:
    return Deputy(
        row.id, row.principal, row.deputy, row.role, row.since, row.until, row.reason, getattr(row, "ended_at", None) is not None
    )


def named(session: Session) -> list[Deputy]:
    """All deputies of the branch, the newest first."""
    rows = (
        DeputyRow.select().where(DeputyRow.branch_id == session.branch.id).order_by(DeputyRow.since.desc(), DeputyRow.id.desc())
    )
    return [_told(row) for row in rows]


def roles(session: Session) -> dict[str, str]:
    """The roles that the acting person holds today as somebody's deputy: role → in whose place."""
    today = day_of(session.clock(), session.branch.zone).isoformat()
    rows = database.execute_sql(
        "SELECT role, principal FROM deputy "
        "WHERE branch_id = ? AND deputy = ? AND since <= ? AND until >= ? AND ended_at IS NULL",
        (session.branch.id, session.user, today, today),
    )
    return dict(rows.fetchall())
