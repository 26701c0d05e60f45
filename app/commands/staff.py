"""The command for people: who works here in which roles, their passwords, and who stands in for whom."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from app.commands.common import new_password, open_session, password, print_json, print_table, say
from app.core import formats
from app.core.errors import WrongUsage
from app.core.language import _
from app.core.session import ROLES, Session
from app.models import deputies, staff
from app.models.staff import Person
from app.services import staffing

_NAMES = {"add": 1, "list": 0, "edit": 1, "disable": 1, "reset": 1, "password": 0, "deputy": 2, "protect": 1, "unprotect": 0}
"""How many names each action takes."""


def declare(name: str, parser: argparse.ArgumentParser) -> None:
    """The arguments of `staff`."""
    parser.add_argument("action", choices=tuple(_NAMES), metavar=_("ACTION"), help=" ".join(_NAMES))
    parser.add_argument("names", nargs="*", metavar=_("NAME"))
    parser.add_argument("--role", action="append", choices=tuple(ROLES), metavar=_("ROLE"), help=" ".join(ROLES))
    parser.add_argument("--code", metavar=_("CODE"))
    parser.add_argument("--to", default="", metavar=_("NAME"), help=_("who takes over what is theirs"))
    parser.add_argument("--from", dest="since", metavar=_("DAY"))
    parser.add_argument("--until", metavar=_("DAY"))
    parser.add_argument("--reason", metavar=_("TEXT"))
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def run(asked: argparse.Namespace) -> int:
    """Do the action."""
    if len(asked.names) != _NAMES[asked.action]:
        raise WrongUsage(_("“staff {action}” takes {count} names.").format(action=asked.action, count=_NAMES[asked.action]))
    acts: dict[str, Callable[[argparse.Namespace, Session], None]] = {
        "add": _add,
        "list": _list,
        "edit": _edit,
        "disable": _disable,
        "reset": lambda asked, session: _entered(asked, staffing.reset(session, asked.names[0])),
        "password": _password,
        "deputy": _deputy,
        "protect": _protect,
        "unprotect": _unprotect,
    }
    acts[asked.action](asked, open_session(asked, changing=asked.action == "password"))
    return 0


def _given(asked: argparse.Namespace) -> dict[str, Any]:
    values = {"code": asked.code, "roles": asked.role, "since": asked.since, "until": asked.until}
    return {code: value for code, value in values.items() if value is not None}


def _add(asked: argparse.Namespace, session: Session) -> None:
    if not asked.role:
        raise WrongUsage(_("Write at least one --role."))
    _entered(asked, staffing.add(session, {"name": asked.names[0], **_given(asked)}))


def _entered(asked: argparse.Namespace, entered: staffing.Entered) -> None:
    if asked.json:
        print_json(_as_json(entered.person) | {"password": entered.password})
        return
    sentence = _("{name} signs in once with {password} and then chooses a password of their own.")
    say(sentence.format(name=entered.person.name, password=entered.password))


def _as_json(person: Person) -> dict[str, Any]:
    told = {"code": person.code, "name": person.name, "roles": list(person.roles), "status": person.status}
    return told | {"since": person.since.isoformat(), "until": person.until and person.until.isoformat()}


def _list(asked: argparse.Namespace, session: Session) -> None:
    found = staff.listed(session)
    if asked.json:
        print_json([_as_json(person) for person in found])
        return
    head = [_("Staff code"), _("Full name"), _("Roles"), _("State"), _("From"), _("Until")]
    print_table(head, [_row(person) for person in found])


def _row(person: Person) -> list[str]:
    roles = _(", ").join(_(ROLES[role]) for role in person.roles)
    state = _("active") if person.status == "active" else _("disabled")
    return [person.code, person.name, roles, state, formats.day(person.since), formats.day(person.until) if person.until else ""]


def _told(asked: argparse.Namespace, person: Person) -> None:
    if asked.json:
        print_json(_as_json(person))
    else:
        say("\t".join(_row(person)))


def _edit(asked: argparse.Namespace, session: Session) -> None:
    if not _given(asked):
        raise WrongUsage(_("Write what changes: --role, --code, --from or --until."))
    _told(asked, staff.edit(session, asked.names[0], _given(asked)))


def _disable(asked: argparse.Namespace, session: Session) -> None:
    gone = staffing.disable(session, asked.names[0], asked.to)
    if asked.json:
        print_json(_as_json(gone.person) | {"handed_over": gone.handed, "to": gone.heir or None})
    elif gone.heir:
        sentence = _("{name} cannot sign in any more. {count} open records went to {heir}.")
        say(sentence.format(name=gone.person.name, count=gone.handed, heir=gone.heir))
    else:
        say(_("{name} cannot sign in any more.").format(name=gone.person.name))


def _password(asked: argparse.Namespace, session: Session) -> None:
    staffing.change_password(session, password(), new_password())
    _told(asked, staff.find(session, session.user))


def _deputy(asked: argparse.Namespace, session: Session) -> None:
    values = {"principal": asked.names[0], "deputy": asked.names[1], "role": (asked.role or [None])[0]}
    made = deputies.name(session, values | {"since": asked.since, "until": asked.until, "reason": asked.reason})
    if asked.json:
        print_json({"principal": made.principal, "deputy": made.deputy, "role": made.role})
    else:
        words = _("{deputy} for {principal}, {role}").format(
            deputy=made.deputy, principal=made.principal, role=_(ROLES[made.role])
        )
        say(f"{words}\t{formats.day(made.since)} – {formats.day(made.until)}")


def _protect(asked: argparse.Namespace, session: Session) -> None:
    code = staffing.protect(session, asked.names[0], password())
    say_code(asked.json, session, code)


def say_code(as_json: bool, session: Session, code: str) -> None:
    """The recovery code, which is told this once."""
    if as_json:
        print_json({"branch": session.branch.code, "data": str(session.folder), "admin": session.user, "recovery_code": code})
        return
    sentence = _(
        "{folder} is encrypted from now on; {name} is the administrator. The recovery code is {code}: write it down and lock "
        "it away. It is shown this once, and without it a forgotten last password means that the data are lost."
    )
    say(sentence.format(folder=session.folder, name=session.user, code=code))


def _unprotect(asked: argparse.Namespace, session: Session) -> None:
    staffing.unprotect(session, password())
    if asked.json:
        print_json({"data": str(session.folder)})
    else:
        say(_("{folder} has no passwords any more and is not encrypted.").format(folder=session.folder))
