"""Who may do what: one table of verbs and roles, asked by each verb that writes or lets something out. Steps name their own."""

from __future__ import annotations

from typing import NamedTuple

from app.core.errors import NotPermitted, PasswordNeeded
from app.core.language import N_, _
from app.core.session import ROLES, Session

EVERYBODY = tuple(ROLES)
_CASES = ("clerk", "handler", "manager")
_PAPERS = ("clerk", "handler", "manager", "head")
_OUT = ("manager", "head")
_ADMIN = ("admin",)


class Rule(NamedTuple):
    """Who may, any of `roles`. `grave`: the password is asked for again unless it was given just now."""

    label: str
    roles: tuple[str, ...]
    grave: bool = False


RULES: dict[str, Rule] = {
    "customer.add": Rule(N_("Add a customer"), _CASES),
    "customer.edit": Rule(N_("Change a customer"), _CASES),
    "product.add": Rule(N_("Add a product"), ("clerk", "manager", "admin")),
    "product.edit": Rule(N_("Change a product"), ("clerk", "manager", "admin")),
    "product.void": Rule(N_("Void a product"), ("clerk", "manager", "admin")),
    "objection.add": Rule(N_("Write down an objection"), _CASES),
    "objection.edit": Rule(N_("Change an objection"), _CASES),
    "complaint.add": Rule(N_("Write down a complaint"), _CASES),
    "complaint.edit": Rule(N_("Change a complaint"), _CASES),
    "agreement.add": Rule(N_("Enter an agreement"), _CASES),
    "agreement.edit": Rule(N_("Change an agreement"), _CASES),
    "dispatch.add": Rule(N_("Enter a dispatch order"), _CASES),
    "dispatch.edit": Rule(N_("Change a dispatch order"), _CASES),
    "action.add": Rule(N_("Enter a corrective action"), _CASES),
    "action.edit": Rule(N_("Change a corrective action"), _CASES),
    "card.add": Rule(N_("Collect an objection card"), _CASES),
    "card.edit": Rule(N_("Change an objection card"), _CASES),
    "evidence.add": Rule(N_("Add evidence"), _CASES),
    "evidence.edit": Rule(N_("Change evidence"), _CASES),
    "attachment.add": Rule(N_("Attach files"), _PAPERS),
    "attachment.edit": Rule(N_("Describe or void an attached file"), _CASES),
    "customer.merge": Rule(N_("Merge customers, or say that they are not the same"), ("clerk", "manager")),
    "customer.erase": Rule(N_("Erase the personal data of a customer"), ("head",), grave=True),
    "customer.tell": Rule(N_("Give out everything kept about a customer"), ("head",), grave=True),
    "register.import": Rule(N_("Take in a register"), ("clerk", "manager")),
    "form.reserve": Rule(N_("Print blank numbered forms, void their numbers"), _PAPERS),
    "paper.print": Rule(N_("Print or save a document"), _PAPERS),
    "register.print": Rule(N_("Print a register"), _PAPERS),
    "list.export": Rule(N_("Save a list as a workbook"), _OUT, grave=True),
    "figures.print": Rule(N_("Print the report on a period"), _OUT),
    "figures.export": Rule(N_("Save the workbook of a period"), _OUT, grave=True),
    "export.schedule": Rule(N_("Register the scheduled export"), ("head",), grave=True),
    "export.end": Rule(N_("Withdraw the scheduled export"), ("head", "admin")),
    "month.close": Rule(N_("Close a month, or open it again"), ("head",)),
    "view.keep": Rule(N_("Keep one's own views of lists"), EVERYBODY),
    "draft.keep": Rule(N_("Keep one's own unfinished entries"), EVERYBODY),
    "card.practise": Rule(N_("Practise with cards"), EVERYBODY),
    "branch.edit": Rule(N_("Change the branch's data"), _ADMIN),
    "branch.archive": Rule(N_("Write everything into an archive"), _ADMIN, grave=True),
    "backup.place": Rule(N_("Choose the second place of backups"), _ADMIN),
    "backup.restore": Rule(N_("Restore a backup"), _ADMIN, grave=True),
    "branch.repair": Rule(N_("Repair what a check found"), _ADMIN),
    "certificate.edit": Rule(N_("Set or remove the certificate of the branch"), ("head", "admin"), grave=True),
    "settings.edit": Rule(N_("Change settings"), _ADMIN),
    "clauses.edit": Rule(N_("Change the clauses of agreements"), _ADMIN),
    "calendar.edit": Rule(N_("Change the calendar"), _ADMIN),
    "deputy.name": Rule(N_("Name a deputy"), ("manager", "head", "admin")),
    "deputy.end": Rule(N_("End a deputy's time"), ("manager", "head", "admin")),
    "masked.reveal": Rule(N_("Look at a masked phone or identity number; each look is recorded"), _PAPERS),
    "restricted.reveal": Rule(N_("Look at a restricted note; each look is recorded"), ("handler", "manager", "head")),
    "kept.reveal": Rule(N_("Look at what has to be kept of an erased customer; each look is recorded"), ("head",)),
    "staff.edit": Rule(N_("Add staff, change roles, disable, reset passwords"), _ADMIN, grave=True),
    "passwords.switch": Rule(N_("Turn passwords on or off"), _ADMIN, grave=True),
}
"""Every verb with its rule; kinds of records have `KIND.add`, `.edit` and `.void` where a person may do that without a step."""


READERS: dict[str, Rule] = {
    "masked": Rule(N_("Phones of customers, identities of parties"), _CASES),
    "restricted": Rule(N_("Restricted notes"), ("handler", "manager")),
}
"""Who reads guarded fields as they stand. Others see masks (sight.py); who may look says the verb `reveal`.

What is kept of erased customers nobody reads as it stands.
"""


def reads(session: Session, guard: str) -> bool:
    """Whether the acting person reads the fields of a guard as they stand."""
    return not guard or (guard in READERS and not session.roles.isdisjoint(READERS[guard].roles))


def refusal(session: Session, verb: str) -> str:
    """Why the acting person may not, in words; empty where they may."""
    rule = RULES.get(verb)
    if rule is None:
        return _("Nobody may do this.")
    session.heed(session)
    if session.barred:
        return session.barred
    if session.roles.intersection(rule.roles):
        return ""
    if session.must_change:
        return _("Choose a password of your own first.")
    return _("This needs the role {role}.").format(role=_(" or ").join(_(ROLES[role]) for role in rule.roles))


def require(session: Session, verb: str) -> None:
    """NotPermitted unless one of the person's roles may; PasswordNeeded where it is grave and the password is not fresh."""
    if why := refusal(session, verb):
        raise NotPermitted(why)
    if RULES[verb].grave and not session.proved():
        raise PasswordNeeded(_("Give your password once more to go on."))
