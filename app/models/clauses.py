"""The clauses of processing agreements: the shipped ones and the branch's own versions.

Each version is kept, so that an agreement knows the one it used.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import peewee

from app.core.capital_amount import capital_amount
from app.core.database import InstantColumn, database, transaction
from app.core.errors import UserError, ValidationError
from app.core.formats import long_day, money
from app.core.language import N_, _, chosen
from app.core.paths import resources
from app.core.session import Session
from app.core.text import admit
from app.models import classifications as of
from app.models.record import Values

CONDITIONS = {
    "has_goods": N_("if goods are delivered"),
    "has_return": N_("if the customer gives goods back"),
    "has_money": N_("if money is paid"),
    "has_moral": N_("if an apology, a visit or the like is promised"),
    "has_deadline": N_("if there is a deadline"),
    "no_deadline": N_("if there is no deadline"),
}
"""Codes with their words, in the usual order."""
PLACEHOLDERS = {
    "deadline": N_("the day of the deadline in full"),
    "amount": N_("the money that is paid, in figures"),
    "amount_capitals": N_("the money that is paid, in capitals"),
    "copies": N_("the number of copies as a word"),
    "copies_each": N_("the number of copies for each side as a word"),
    "complaint": N_("the number of the complaint"),
    "branch": N_("the name of party A"),
    "customer": N_("the name of party B"),
}
"""What may stand in braces, with its meaning, in the usual order."""
_BRACED = re.compile(r"\{([a-z_]*)\}")
_DELIVERED = of.GOODS - {"return"}
_GIVEN_BACK = {"return", "replace"}
_PAID = {"money", "refund"}
_WORDS = ("零一两三四五六七八九", ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"))


@dataclass(frozen=True)
class Clause:
    """A clause that an agreement has where all conditions hold; placeholders in braces are filled in."""

    conditions: tuple[str, ...]
    text: str


class Terms(NamedTuple):
    """What the clauses of an agreement depend on. `lines` are its remedy lines, `branch` and `customer` the parties' names."""

    lines: Sequence[Values]
    deadline: date | None
    copies: int
    complaint: str
    branch: str
    customer: str


class ClauseVersion(peewee.Model):
    """A version of the branch's own clauses; the newest counts, older ones stay for the agreements that used them."""

    branch_id = peewee.IntegerField()
    clauses = peewee.TextField()
    at = InstantColumn()
    who = peewee.TextField()

    class Meta:
        database = database


def shipped() -> list[Clause]:
    """The clauses that come with the program, in the language in use."""
    with (resources() / "texts" / "agreement_clauses.toml").open("rb") as file:
        entries = tomllib.load(file)["clause"]
    return [Clause(tuple(entry["conditions"]), entry[chosen()]) for entry in entries]


def version(session: Session) -> int:
    """The version in use; 0 is the shipped one."""
    newest = ClauseVersion.select(peewee.fn.max(ClauseVersion.id)).where(ClauseVersion.branch_id == session.branch.id).scalar()
    return newest or 0


def in_use(session: Session) -> list[Clause]:
    """The branch's own clauses, else the shipped ones."""
    number = version(session)
    if not number:
        return shipped()
    kept = json.loads(ClauseVersion.get_by_id(number).clauses)
    return [Clause(tuple(entry["conditions"]), entry["text"]) for entry in kept]


def keep(session: Session, clauses: Sequence[Clause]) -> None:
    """Make these the branch's clauses from now on. ValidationError names the clause (by place) that cannot be."""
    session.require("admin")
    found = {f"clauses[{place}]": _fault(clause) for place, clause in enumerate(clauses)}
    errors = {place: sentence for place, sentence in found.items() if sentence}
    if errors or not clauses:
        raise ValidationError(errors or {"clauses": _("An agreement needs at least one clause.")})
    with transaction():
        kept = json.dumps([asdict(clause) for clause in clauses], ensure_ascii=False)
        ClauseVersion.create(branch_id=session.branch.id, clauses=kept, at=session.clock(), who=session.user)
    session.changed("clauses")


def _fault(clause: Clause) -> str:
    """What is wrong with a clause; empty where nothing is."""
    if not clause.text.strip() or "\n" in clause.text or not CONDITIONS.keys() >= set(clause.conditions):
        return _("A clause is one line of text, and its conditions are known ones.")
    rest = _BRACED.sub(lambda found: "" if found[1] in PLACEHOLDERS else found[0], clause.text)
    if "{" in rest or "}" in rest:
        names = " ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        return _("Write only {names} in braces.").format(names=names)
    try:
        admit(clause.text)
    except UserError as error:
        return str(error)
    return ""


def text_for(session: Session, terms: Terms) -> str:
    """The clauses of such an agreement, one to a line."""
    holding = {code for code, holds in _holds(terms).items() if holds}
    values = _values(terms)
    clauses = [clause.text for clause in in_use(session) if holding.issuperset(clause.conditions)]
    return "\n".join(_BRACED.sub(lambda found: values[found[1]](), text) for text in clauses)


def _holds(terms: Terms) -> dict[str, bool]:
    remedies = {str(line["remedy"]) for line in terms.lines}
    return {
        "has_goods": bool(remedies & _DELIVERED),
        "has_return": bool(remedies & _GIVEN_BACK),
        "has_money": _paid(terms) > 0,
        "has_moral": bool(remedies & of.MORAL),
        "has_deadline": terms.deadline is not None,
        "no_deadline": terms.deadline is None,
    }


def _paid(terms: Terms) -> Decimal:
    """What changes hands as money; what delivered goods are worth is no part of it."""
    return sum((line["amount"] for line in terms.lines if line["remedy"] in _PAID and line.get("amount")), Decimal("0.00"))


def _values(terms: Terms) -> Mapping[str, Callable[[], str]]:
    paid = _paid(terms)
    return {
        "deadline": lambda: _("____ / ____ / ________") if terms.deadline is None else long_day(terms.deadline),
        "amount": lambda: money(paid),
        "amount_capitals": lambda: capital_amount(paid),
        "copies": lambda: _word(terms.copies),
        "copies_each": lambda: _word(terms.copies // 2),
        "complaint": lambda: terms.complaint,
        "branch": lambda: terms.branch,
        "customer": lambda: terms.customer,
    }


def _word(number: int) -> str:
    return _WORDS[0 if chosen() == "zh_CN" else 1][number]
