"""The clauses of processing agreements: the shipped ones and the branch's own versions, each kept so that an agreement knows the one it used."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

import peewee

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
    "always": N_("always"),
    "has_goods": N_("if goods are delivered"),
    "has_money": N_("if money is paid"),
    "has_moral": N_("if something else is agreed"),
}
PLACEHOLDERS = ("deadline", "amount", "copies")


@dataclass(frozen=True)
class Clause:
    """A clause with the condition under which an agreement has it; `{deadline}`, `{amount}` and `{copies}` are filled in."""

    condition: str
    text: str


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
    with (resources() / "texts" / "clauses.toml").open("rb") as file:
        entries = tomllib.load(file)["clause"]
    language = "zh" if chosen() == "zh_CN" else "en"
    return [Clause(entry["condition"], entry[language]) for entry in entries]


def version(session: Session) -> int:
    """The version in use; 0 is the shipped one."""
    newest = ClauseVersion.select(peewee.fn.max(ClauseVersion.id)).where(ClauseVersion.branch_id == session.branch.id).scalar()
    return newest or 0


def in_use(session: Session) -> list[Clause]:
    """The branch's own clauses, else the shipped ones."""
    number = version(session)
    if not number:
        return shipped()
    return [Clause(**entry) for entry in json.loads(ClauseVersion.get_by_id(number).clauses)]


def keep(session: Session, clauses: Sequence[Clause]) -> None:
    """Make these the branch's clauses from now on. ValidationError names the clause (by place) that cannot be."""
    session.require("admin")
    errors: dict[str, str] = {}
    for place, clause in enumerate(clauses):
        try:
            admit(_filled(clause.text, date(2026, 1, 1), Decimal(0), 2))
        except (KeyError, ValueError, IndexError):
            errors[f"clauses[{place}]"] = _("Write only {names} in braces.").format(names="{deadline} {amount} {copies}")
        except UserError as error:
            errors[f"clauses[{place}]"] = str(error)
        if not clause.text.strip() or "\n" in clause.text or clause.condition not in CONDITIONS:
            errors[f"clauses[{place}]"] = _("A clause is one line of text with one of the conditions.")
    if errors or not clauses:
        raise ValidationError(errors or {"clauses": _("An agreement needs at least one clause.")})
    with transaction():
        kept = json.dumps([asdict(clause) for clause in clauses], ensure_ascii=False)
        ClauseVersion.create(branch_id=session.branch.id, clauses=kept, at=session.clock(), who=session.user)
    session.changed("clauses")


def _filled(text: str, deadline: date, amount: Decimal, copies: int) -> str:
    return text.format(deadline=long_day(deadline), amount=money(amount), copies=copies)


def text_for(session: Session, lines: Sequence[Values], deadline: date, copies: int) -> str:
    """The clauses of an agreement with these remedy lines, one to a line."""
    remedies = {line["remedy"] for line in lines}
    amount = sum((line.get("amount") or Decimal(0) for line in lines), Decimal("0.00"))
    holds = {
        "always": True,
        "has_goods": bool(remedies & of.GOODS),
        "has_money": bool(remedies & {"money", "refund"}),
        "has_moral": bool(remedies & of.MORAL),
    }
    return "\n".join(_filled(clause.text, deadline, amount, copies) for clause in in_use(session) if holds[clause.condition])
