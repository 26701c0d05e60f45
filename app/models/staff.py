"""Who works in the branch: names, which stand on all that they write, roles, from when to when. Passwords are kept elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import peewee

from app.core import fields, text
from app.core.database import DayColumn, InstantColumn, TagsColumn, database, transaction
from app.core.errors import NotPermitted, UserError, ValidationError
from app.core.fields import Choice, Field, Kind
from app.core.language import N_, _
from app.core.session import ROLES, USER, Session
from app.core.times import day_of
from app.models import history, permissions

FIELDS = (
    USER.but(code="name", label=N_("Full name")),
    Field("code", N_("Staff code"), Kind.CODE, max_length=20, hint=N_("empty: the next number")),
    Field("roles", N_("Roles"), Kind.TAGS, required=True, choices=tuple(Choice(*role) for role in ROLES.items())),
    Field("since", N_("From"), Kind.DATE, hint=N_("empty: today")),
    Field("until", N_("Until"), Kind.DATE, hint=N_("empty: no end")),
)


class StaffRow(peewee.Model):
    """A person; disabled one day, never deleted, for the name stands on records."""

    branch_id = peewee.IntegerField()
    code = peewee.TextField()
    name = peewee.TextField()
    name_key = peewee.TextField()
    roles = TagsColumn()
    status = peewee.TextField(default="active")
    since = DayColumn()
    until = DayColumn(null=True)
    one_time = peewee.BooleanField(default=False)
    at = InstantColumn()
    added_by = peewee.TextField()

    class Meta:
        database = database
        table_name = "staff"


class Person(NamedTuple):
    """Somebody who works or worked here; both days included. `one_time`: their password is to be changed when they sign in."""

    id: int
    code: str
    name: str
    roles: tuple[str, ...]
    status: str
    since: date
    until: date | None
    one_time: bool

    def works(self, today: date) -> bool:
        """Whether they may sign in on that day."""
        return self.status == "active" and self.since <= today and (self.until is None or today <= self.until)


def _told(row: StaffRow) -> Person:
    return Person(row.id, row.code, row.name, row.roles or (), row.status, row.since, row.until, row.one_time)


def listed(session: Session) -> list[Person]:
    """Everybody, by code; who was disabled last."""
    rows = StaffRow.select().where(StaffRow.branch_id == session.branch.id).order_by(StaffRow.status, StaffRow.code)
    return [_told(row) for row in rows]


def find(session: Session, name: str) -> Person:
    """The person of that name. UserError where nobody has it."""
    row = StaffRow.get_or_none(StaffRow.branch_id == session.branch.id, StaffRow.name_key == text.key(name))
    if row is None:
        raise UserError(_("Nobody here is called {name}. Look at the list of staff.").format(name=text.quoted(name)))
    return _told(row)


def any_here(session: Session) -> bool:
    """Whether anybody was ever entered."""
    return bool(StaffRow.select().where(StaffRow.branch_id == session.branch.id).exists())


def administers(name: str, now: datetime) -> bool:
    """Whether somebody looks after the open database, of which there is no session; where nobody was ever entered, anybody."""
    if not StaffRow.table_exists() or not StaffRow.select().exists():
        return True
    row = StaffRow.get_or_none(StaffRow.name_key == text.key(name))
    (zone,) = database.execute_sql("SELECT time_zone FROM branch").fetchone()
    works = row is not None and _told(row).works(day_of(now, ZoneInfo(zone)))
    return works and not row.one_time and "admin" in (row.roles or ())


def act_as(session: Session, name: str) -> None:
    """Let the session be that person's, with their roles. NotPermitted for somebody who does not work here now."""
    row = StaffRow.get_or_none(StaffRow.branch_id == session.branch.id, StaffRow.name_key == text.key(name))
    person = None if row is None else _told(row)
    if person is None or not person.works(today(session)):
        raise NotPermitted(_("{name} does not work here now. Ask the administrator.").format(name=text.quoted(name)))
    session.open, session.user, session.must_change, session.barred = False, person.name, person.one_time, ""
    session.roles = frozenset() if person.one_time else frozenset(person.roles)
    session.heed = _heed


def _heed(session: Session) -> None:
    """What the person may do as the list says now: an administrator may have changed it beside this window."""
    if session.open:
        return
    row = StaffRow.get_or_none(StaffRow.branch_id == session.branch.id, StaffRow.name_key == text.key(session.user))
    person = None if row is None else _told(row)
    if person is None or not person.works(today(session)):
        session.barred = _("{name} does not work here now. Ask the administrator.").format(name=text.quoted(session.user))
    elif person.one_time and not session.must_change:
        session.barred = _("Your password was reset. Close the program and sign in with the new one.")
    else:
        session.barred = ""
    session.roles = frozenset(person.roles) if person is not None and not (session.barred or person.one_time) else frozenset()


def today(session: Session) -> date:
    """The branch's present day."""
    return day_of(session.clock(), session.branch.zone)


def enter_first(session: Session, name: str) -> None:
    """Who turns passwords on holds all roles, as before; inside the caller's transaction where there is one."""
    with transaction():
        row = StaffRow.get_or_none(StaffRow.branch_id == session.branch.id, StaffRow.name_key == text.key(name))
        if row is None:
            _insert(session, {"name": name, "roles": tuple(ROLES)}, one_time=False)
        else:
            again = {"status": "active", "until": None, "one_time": False, "roles": tuple(ROLES)}
            StaffRow.update(**again).where(StaffRow.id == row.id).execute()
            history.write(
                session, "staff", row.id, "edit", field="roles", note=row.name, old=_words(row.roles), new=_words(tuple(ROLES))
            )


def add(session: Session, raw: Mapping[str, object]) -> Person:
    """Enter somebody. ValidationError where the name or the code is taken."""
    permissions.require(session, "staff.edit")
    values = fields.clean(FIELDS, raw, session.now())
    with transaction():
        row = _insert(session, values, one_time=True)
    session.changed("staff")
    return _told(row)


def _insert(session: Session, values: Mapping[str, object], *, one_time: bool) -> StaffRow:
    name, code = str(values["name"]), values.get("code") or _next_code(session)
    others = listed(session)
    errors = {}
    if any(text.key(one.name) == text.key(name) for one in others):
        errors["name"] = _("{name} is on the list of staff already. Add something that tells the two apart.").format(name=name)
    if any(one.code == code for one in others):
        errors["code"] = _("Another person has this code.")
    since, until = values.get("since") or today(session), values.get("until")
    errors |= _days_out_of_order(since, until)
    if errors:
        raise ValidationError(errors)
    row: StaffRow = StaffRow.create(
        branch_id=session.branch.id,
        code=code,
        name=name,
        name_key=text.key(name),
        roles=values["roles"],
        since=since,
        until=until,
        one_time=one_time,
        at=session.clock(),
        added_by=session.user,
    )
    history.write(session, "staff", row.id, "add", new=_words(row.roles), note=f"{row.code} {row.name}")
    return row


def _days_out_of_order(since: object, until: object) -> dict[str, str]:
    if isinstance(since, date) and isinstance(until, date) and until < since:
        return {"until": _("{later} cannot lie before {earlier}.").format(later=_("Until"), earlier=_("From"))}
    return {}


def _next_code(session: Session) -> str:
    codes = {one.code for one in listed(session)}
    return next(code for code in (f"{number:02}" for number in range(1, len(codes) + 2)) if code not in codes)


def _words(roles: tuple[str, ...] | None) -> str:
    return " ".join(roles or ())


def _kept(value: object) -> str | None:
    if isinstance(value, tuple):
        return _words(value)
    return None if value is None else str(value)


def edit(session: Session, name: str, raw: Mapping[str, object]) -> Person:
    """Change roles, code or days of somebody. UserError where nobody would be left to administer."""
    permissions.require(session, "staff.edit")
    before = find(session, name)
    values = fields.clean(FIELDS[1:], raw, session.now(), complete=False)
    values = {code: value for code, value in values.items() if value != getattr(before, code) and (value or code == "until")}
    errors = _days_out_of_order(values.get("since", before.since), values.get("until", before.until))
    if "code" in values and any(one.code == values["code"] for one in listed(session)):
        errors["code"] = _("Another person has this code.")
    if errors:
        raise ValidationError(errors)
    if values:
        _rewrite(session, before, values)
    return find(session, before.name)


def _rewrite(session: Session, before: Person, values: Mapping[str, object]) -> None:
    with transaction():
        StaffRow.update(**values).where(StaffRow.id == before.id).execute()
        _demand_administrator(session)
        for code, value in values.items():
            old, new = _kept(getattr(before, code)), _kept(value)
            history.write(session, "staff", before.id, "edit", field=code, old=old, new=new, note=before.name)
    if before.name == session.user and "roles" in values:
        session.roles = frozenset(find(session, before.name).roles)
    session.changed("staff")


def _demand_administrator(session: Session) -> None:
    """Somebody must be able to look after the program from today on, without an end."""
    lasting = (one for one in listed(session) if one.works(today(session)) and one.until is None and not one.one_time)
    if not any("admin" in one.roles for one in lasting):
        raise UserError(_("Nobody would be left as administrator. Make another person administrator first."))


def disable(session: Session, name: str, note: str = "") -> None:
    """From now on they cannot sign in; inside the caller's transaction, which hands their cases over."""
    permissions.require(session, "staff.edit")
    person = find(session, name)
    if person.name == session.user:
        raise UserError(_("Nobody disables themself. Another administrator can."))
    StaffRow.update(status="disabled", until=today(session)).where(StaffRow.id == person.id).execute()
    _demand_administrator(session)
    history.write(session, "staff", person.id, "disable", old=person.status, new="disabled", note=note or person.name)
    session.changed("staff")


def enable(session: Session, name: str) -> None:
    """They work here again; they get a new password."""
    permissions.require(session, "staff.edit")
    person = find(session, name)
    with transaction():
        StaffRow.update(status="active", until=None, one_time=True).where(StaffRow.id == person.id).execute()
        history.write(session, "staff", person.id, "enable", old=person.status, new="active", note=person.name)
    session.changed("staff")


def note_password(session: Session, name: str, action: str, *, one_time: bool) -> None:
    """Write down that a password was set, by oneself (`password`) or another (`reset`, `recovery`); never which."""
    person = find(session, name)
    with transaction():
        StaffRow.update(one_time=one_time).where(StaffRow.id == person.id).execute()
        history.write(session, "staff", person.id, action, note=person.name)
    session.changed("staff")
