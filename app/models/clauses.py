"""The clauses of processing agreements: the shipped ones and the branch's own versions.

Each version is kept, so that an agreement knows the one it used.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

import peewee

from app.core import fields
from app.core.capital_amount import capital_amount
from app.core.database import InstantColumn, database, transaction
from app.core.errors import ValidationError
from app.core.fields import Field
from app.core.formats import long_day, money
from app.core.language import LANGUAGES, N_, _, chosen, translated
from app.core.paths import resources
from app.core.session import Session
from app.core.times import days_in
from app.models import classifications as of
from app.models import permissions
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
TEXT = Field("clause", N_("Clause"), required=True, max_length=2000)
_BRACED = re.compile(r"\{([a-z_]*)\}")
_DELIVERED = of.GOODS - {"return"}
_GIVEN_BACK = {"return", "replace"}
_PAID = {"money", "refund"}
_DEADLINE = {"has_deadline", "no_deadline"}
_BLANK_DAY = N_("____ / ____ / ________")
_WORDS = ("零一两三四五六七八九", ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"))


class Clause(NamedTuple):
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


def shipped(language: str = "") -> list[Clause]:
    """The clauses that come with the program, in the language in use where none is named."""
    return [Clause(tuple(entry["conditions"]), entry[language or chosen()]) for entry in _shipped()]


@cache
def _shipped() -> Sequence[Mapping[str, Any]]:
    """Read once: each agreement that is saved compares its clauses with them in every language."""
    import tomllib  # heavy: a start shows lists, not clauses

    with (resources() / "texts" / "agreement_clauses.toml").open("rb") as file:
        entries: Sequence[Mapping[str, Any]] = tomllib.load(file)["clause"]
    return entries


def version(session: Session) -> int:
    """The version in use; 0 is the shipped one."""
    newest = ClauseVersion.select(peewee.fn.max(ClauseVersion.id)).where(ClauseVersion.branch_id == session.branch.id).scalar()
    return newest or 0


def in_use(session: Session) -> list[Clause]:
    """The branch's own clauses, else the shipped ones."""
    return _of_version(version(session))


def _of_version(number: int, language: str = "") -> list[Clause]:
    if not number:
        return shipped(language)
    kept = json.loads(ClauseVersion.get_by_id(number).clauses)
    return [Clause(tuple(entry["conditions"]), entry["text"]) for entry in kept]


def keep(session: Session, clauses: Sequence[Clause]) -> None:
    """Make these the branch's clauses from now on. ValidationError names the clause (by place) that cannot be."""
    permissions.require(session, "clauses.edit")
    errors: dict[str, str] = {}
    checked: list[Clause] = []
    for place, clause in enumerate(clauses):
        try:
            checked.append(_checked(session, clause))
        except ValidationError as error:
            errors[f"clauses[{place}]"] = str(error)
    if errors or not clauses:
        raise ValidationError(errors or {"clauses": _("An agreement needs at least one clause.")})
    with transaction():
        kept = json.dumps([clause._asdict() for clause in checked], ensure_ascii=False)
        ClauseVersion.create(branch_id=session.branch.id, clauses=kept, at=session.clock(), who=session.user)
    session.changed("clauses")


def _checked(session: Session, clause: Clause) -> Clause:
    """The clause as it is kept. ValidationError where it cannot be filled in one day."""
    text = fields.clean((TEXT,), {TEXT.code: clause.text}, session.now())[TEXT.code]
    rest = _BRACED.sub(lambda found: "" if found[1] in PLACEHOLDERS else found[0], text)
    sentence = ""
    if "{" in rest or "}" in rest:
        sentence = _("Write only {names} in braces.").format(names=" ".join(f"{{{name}}}" for name in PLACEHOLDERS))
    elif not CONDITIONS.keys() >= set(clause.conditions):
        sentence = _("Its conditions are none of those that there are.")
    if sentence:
        raise ValidationError({TEXT.code: _("{field}: {sentence}").format(field=_(TEXT.label), sentence=sentence)})
    return Clause(clause.conditions, text)


def text_for(session: Session, terms: Terms) -> str:
    """The clauses of such an agreement, one to a line."""
    return "\n".join(_drawn(version(session), terms, chosen()).values())


def _drawn(number: int, terms: Terms, language: str) -> dict[int, str]:
    """The text of each clause that holds, by its place in the template of that version."""
    holding = {code for code, holds in _holds(terms).items() if holds}
    values = _values(terms, language)
    template = _of_version(number, language)
    return {
        place: _BRACED.sub(lambda found: values[found[1]](), clause.text)
        for place, clause in zip(_places(template), template, strict=True)
        if holding.issuperset(clause.conditions)
    }


def _places(template: Sequence[Clause]) -> list[int]:
    """Where each clause stands; two that say the same with and without a deadline stand in one place."""
    first: dict[tuple[frozenset[str], bool, int], int] = {}
    counted: Counter[frozenset[str]] = Counter()
    places = []
    for place, clause in enumerate(template):
        conditions = frozenset(clause.conditions)
        key = (conditions - _DEADLINE, bool(conditions & _DEADLINE), counted[conditions])
        counted[conditions] += 1
        places.append(first.setdefault(key, place))
    return places


def following(text: str, before: Terms, after: Terms, number: int) -> str:
    """The clauses of an agreement whose terms changed. Those that the template of that version gave follow, others stay."""
    if before == after:
        return text
    lines = text.split("\n")
    language = _language(lines, before, number)
    given, wanted = _drawn(number, before, language), _drawn(number, after, language)
    place_of = {line: place for place, line in given.items()}
    kept: list[tuple[int, str]] = []
    for line in lines:
        place = place_of.get(line.strip())
        if place is None:
            kept.append((kept[-1][0] if kept else -1, line))
        elif place in wanted:
            kept.append((place, wanted[place]))
    for place in wanted.keys() - given.keys():
        if wanted[place] not in lines:
            behind = next((at for at, (other, _line) in enumerate(kept) if other > place), len(kept))
            kept.insert(behind, (place, wanted[place]))
    return "\n".join(line for _place, line in kept)


def _language(lines: Sequence[str], terms: Terms, number: int) -> str:
    """The one in which most of the lines are the template's."""
    return max((chosen(), *LANGUAGES), key=lambda code: len({*lines} & {*_drawn(number, terms, code).values()}))


def odd(text: str, terms: Terms, number: int, today: date) -> str:
    """A sentence about the first clause written by hand that names another day than the deadline; empty where there is none."""
    lines = text.split("\n")
    given = _drawn(number, terms, _language(lines, terms, number)).values()
    for count, line in enumerate(filter(str.strip, lines), 1):
        days = [] if line.strip() in given else days_in(line, (terms.deadline or today).year)
        other = next((day for day in days if day != terms.deadline), None)
        if other is not None:
            return _other_day(count, other, terms.deadline)
    return ""


def _other_day(count: int, day: date, deadline: date | None) -> str:
    if deadline is None:
        sentence = _("Clause {count} was written by hand and names {day}, but there is no deadline. Compare them.")
        return sentence.format(count=count, day=long_day(day))
    sentence = _("Clause {count} was written by hand and names {day}, but the deadline is {deadline}. Compare them.")
    return sentence.format(count=count, day=long_day(day), deadline=long_day(deadline))


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


def _values(terms: Terms, language: str) -> Mapping[str, Callable[[], str]]:
    paid = _paid(terms)
    return {
        "deadline": lambda: long_day(terms.deadline, language) if terms.deadline else translated(_BLANK_DAY, language),
        "amount": lambda: money(paid),
        "amount_capitals": lambda: capital_amount(paid),
        "copies": lambda: _word(terms.copies, language),
        "copies_each": lambda: _word(terms.copies // 2, language),
        "complaint": lambda: terms.complaint,
        "branch": lambda: terms.branch,
        "customer": lambda: terms.customer,
    }


def _word(number: int, language: str) -> str:
    return _WORDS[0 if language == "zh_CN" else 1][number]
