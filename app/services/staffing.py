"""Signing in, passwords of people, staff that comes and goes: what the list of staff, the key file and the cases do together."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from app.core import database as store
from app.core import keyring, passwords
from app.core.database import transaction
from app.core.errors import NotPermitted, UserError, ValidationError
from app.core.language import _
from app.core.session import ROLES, Session, named, system_clock
from app.core.text import key as same
from app.core.text import quoted
from app.models import certificates, history, permissions, staff
from app.models.classifications import ENDED
from app.models.record import KINDS, Record, change
from app.models.staff import Person
from app.services import encryption, scheduled_export, workplace

_OWNED = {
    "complaint": ("handler", "handed_person"),
    "objection": ("handler",),
    "action": ("person",),
    "customer": ("customer_manager",),
}
"""The fields that say whose a record is."""
_OVER = (*ENDED, "voided", "effective", "lost", "merged")


class Begun(NamedTuple):
    """A branch with passwords, and the recovery code, to be printed now: it is kept nowhere."""

    session: Session
    code: str


class Entered(NamedTuple):
    """A person, and the password for one time that is told to them."""

    person: Person
    password: str


class Gone(NamedTuple):
    """Somebody who was disabled, and how many records went to whom."""

    person: Person
    handed: int
    heir: str


def start(
    folder: Path, values: Mapping[str, object], admin: str, password: str, *, clock: Callable[[], datetime] = system_clock
) -> Begun:
    """A new, encrypted branch with its first administrator, who is signed in. ValidationError for a weak password or no name."""
    name = _name(admin)
    passwords.check(password, name)
    with keyring.making(folder, name, password) as made:
        session = workplace.init(folder, values, user=name, key=made.key, clock=clock)
    session.prove()
    return Begun(session, made.code)


def _name(typed: str) -> str:
    try:
        return named(typed)
    except ValidationError as error:
        raise ValidationError({"admin": str(error)}) from None


def protect(session: Session, admin: str, password: str) -> str:
    """Give an open branch passwords: it is encrypted, and this person its administrator. The recovery code."""
    permissions.require(session, "passwords.switch")
    name = _name(admin)
    passwords.check(password, name)
    with transaction():  # before the store is encrypted: cut off between, the branch is as open as it was
        staff.enter_first(session, name)
        history.write(session, "branch", session.branch.id, "passwords-on", note=name)
    code = encryption.turn_on(session, name, password)
    staff.act_as(session, name)
    session.prove()
    session.changed("staff")
    return code


def unprotect(session: Session, password: str) -> None:
    """Take all passwords away; the store is plain again, and who sits here holds all roles. SignInRefused for a wrong one."""
    permissions.require(session, "passwords.switch")
    keyring.unlock(session.folder, session.user, password)
    with transaction():
        certificates.forget_password()
    encryption.turn_off(session, session.user, password)
    with transaction():
        history.write(session, "branch", session.branch.id, "passwords-off", note=session.user)
    session.open, session.roles = True, frozenset(ROLES)
    session.changed("staff")


def new_code(session: Session) -> str:
    """Another recovery code; the sheet that was printed before opens nothing any more."""
    permissions.require(session, "passwords.switch")
    code = keyring.new_code(session.folder, _key())
    with transaction():
        history.write(session, "branch", session.branch.id, "recovery-code")
    return code


def sign_in(folder: Path, name: str, password: str, *, clock: Callable[[], datetime] = system_clock) -> Session:
    """The session of somebody who gives their password. SignInRefused says what is wrong, or how long to wait."""
    unlocked = keyring.unlock(folder, name, password)
    session = workplace.open_folder(folder, user=unlocked.name, key=unlocked.key, clock=clock)
    session.notices += unlocked.notes
    session.prove()
    return session


def recover(folder: Path, code: str, name: str, password: str, *, clock: Callable[[], datetime] = system_clock) -> Session:
    """Sign in by the recovery sheet and set a new password; for administrators. SignInRefused for a wrong code."""
    passwords.check(password, name)
    unlocked = keyring.unlock_by_code(folder, code)
    session = workplace.open_folder(folder, user=name, key=unlocked.key, clock=clock)
    if "admin" not in staff.find(session, name).roles:
        store.close()
        sentence = _("{name} is no administrator. An administrator gives others a new password.")
        raise NotPermitted(sentence.format(name=quoted(name)))
    _set_password(session, session.user, password)
    staff.note_password(session, session.user, "recovery", one_time=False)
    staff.act_as(session, session.user)
    session.prove()
    return session


def prove(session: Session, password: str) -> None:
    """The person gives their password again. SignInRefused as by `sign_in`."""
    keyring.check(session.folder, session.user, password)
    session.heed(session)
    if session.barred:
        raise NotPermitted(session.barred)
    session.prove()


def change_password(session: Session, old: str, new: str) -> None:
    """Choose another password for oneself. ValidationError where it is weak or the old one."""
    if passwords.normal(old) == passwords.normal(new):
        raise ValidationError({passwords.FIELD: _("This is the old password. Choose another one.")})
    keyring.set_password(session.folder, session.user, old, new)
    staff.note_password(session, session.user, "password", one_time=False)
    staff.act_as(session, session.user)
    session.prove()


def add(session: Session, raw: Mapping[str, object]) -> Entered:
    """Enter somebody, who signs in first by a password for one time."""
    _demand_passwords(session)
    return _with_password(session, staff.add(session, raw))


def reset(session: Session, name: str) -> Entered:
    """A password for one time for somebody who forgot theirs; who was disabled works here again."""
    permissions.require(session, "staff.edit")
    _demand_passwords(session)
    person = staff.find(session, name)
    if person.name == session.user:
        raise UserError(_("Change your own password by giving the old one."))
    if person.status != "active":
        staff.enable(session, name)
    staff.note_password(session, name, "reset", one_time=True)
    return _with_password(session, staff.find(session, name))


def _with_password(session: Session, person: Person) -> Entered:
    password = one_time_password(person.name)
    _set_password(session, person.name, password)
    return Entered(person, password)


def one_time_password(name: str = "") -> str:
    """Three groups of four letters that are hard to mistake for each other."""
    while True:
        drawn = "-".join("".join(secrets.choice(passwords.LETTERS) for _place in range(4)) for _group in range(3))
        if passwords.fault(drawn, name) is None:
            return drawn


def _set_password(session: Session, name: str, password: str) -> None:
    known = same(name) in map(same, keyring.people(session.folder))
    (keyring.reset_person if known else keyring.add_person)(session.folder, _key(), name, password)


def _demand_passwords(session: Session) -> None:
    if session.open:
        raise UserError(_("This branch has no passwords, so it has no staff. Turn passwords on first: Settings, People."))


def _key() -> bytes:
    key = store.present_key()
    assert key is not None
    return key


def belongings(session: Session, name: str) -> list[Record]:
    """The open cases, corrective actions and customers that are somebody's."""
    found: list[Record] = []
    for kind, columns in _OWNED.items():
        owner = " OR ".join(f"t.{column} = ?" for column in columns)
        over = ", ".join("?" * len(_OVER))
        sql = f"t.branch_id = ? AND ({owner}) AND t.status NOT IN ({over}) ORDER BY t.id"
        found += KINDS[kind].fetch(sql, session.branch.id, *[name] * len(columns), *_OVER)
    return found


def disable(session: Session, name: str, heir: str = "") -> Gone:
    """Somebody leaves: what is theirs goes to the heir, and the key of the database is changed. UserError where one is needed."""
    permissions.require(session, "staff.edit")
    _demand_passwords(session)
    person, theirs = staff.find(session, name), belongings(session, staff.find(session, name).name)
    to = _heir(session, person, heir, len(theirs))
    with session.changed.after(), transaction():
        for record in theirs:
            given = {code: to for code in _OWNED[record.KIND] if record[code] == person.name}
            change(session, record, given, action="hand-over", note=_("{name} has left.").format(name=person.name))
        staff.disable(session, name, f"{person.name} → {to}" if to else "")
    if (export := scheduled_export.registered()) and export.who == person.name:
        scheduled_export.end(session)
    if same(person.name) in map(same, keyring.people(session.folder)):
        encryption.rekey(session, person.name)
    return Gone(staff.find(session, name), len(theirs), to)


def _heir(session: Session, person: Person, heir: str, count: int) -> str:
    if not heir:
        if count:
            sentence = _("{name} has {count} open records. Say who takes them over.")
            raise ValidationError({"heir": sentence.format(name=person.name, count=count)})
        return ""
    found = staff.find(session, heir)
    if found.id == person.id or not found.works(staff.today(session)):
        raise ValidationError({"heir": _("{name} cannot take them over. Name somebody who works here.").format(name=found.name)})
    return found.name
