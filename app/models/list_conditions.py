"""Conditions of lists in SQL: any of some values, tags, and the stored form of what is sought."""

from __future__ import annotations

from typing import NamedTuple

from app.core import text
from app.core.fields import Field, Kind, Value, read
from app.core.session import Session
from app.core.times import instant_of
from app.models.record import KINDS

UNCLASSIFIED = "unclassified"


class Condition(NamedTuple):
    """A condition on the row `c` and its values."""

    sql: str
    values: tuple[object, ...] = ()


def among(name: str, values: tuple[object, ...]) -> Condition:
    """Any of the values."""
    return Condition(f"{name} = ?" if len(values) == 1 else f"{name} IN ({', '.join('?' * len(values))})", values)


def tagged(name: str, tags: tuple[str, ...]) -> Condition:
    """Tags stand one to a line; a record has any number of them."""
    one = f"(? || {name} || ?) LIKE ? ESCAPE '!'"
    wanted = [tag.replace("!", "!!").replace("%", "!%").replace("_", "!_") for tag in tags if tag != UNCLASSIFIED]
    sql = " OR ".join([one] * len(wanted) + [f"{name} IS NULL"] * (UNCLASSIFIED in tags))
    return Condition(f"({sql})", tuple(part for tag in wanted for part in ("\n", "\n", f"%\n{tag}\n%")))


def sought(session: Session, declared: Field, wanted: str) -> Value:
    """The stored form of a filter's value."""
    if declared.kind is Kind.RECORD:
        other = KINDS[declared.refers]
        found = other.get_or_none(other.branch_id == session.branch.id, other.number == wanted)
        return found.id if found is not None else -1
    if declared.kind in (Kind.CHOICE, Kind.TEXT, Kind.CODE, Kind.PHONE, Kind.MEMO):
        return text.admit(wanted)
    value = read(declared, wanted, session.now())
    return instant_of(value, session.branch.zone) if declared.kind is Kind.MOMENT else value
