"""Conditions of lists in SQL: any of some values, tags, and the stored form of what is sought."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from app.core import text
from app.core.database import milliseconds
from app.core.fields import Field, Kind, Value, read
from app.core.session import Session
from app.core.times import Moment, instant_of
from app.models.record import KINDS

UNCLASSIFIED = "unclassified"


class Condition(NamedTuple):
    """A condition on the row `c` and its values."""

    sql: str
    values: tuple[object, ...] = ()


def among(name: str, values: tuple[object, ...]) -> Condition:
    """Any of the values."""
    return Condition(f"{name} = ?" if len(values) == 1 else f"{name} IN ({', '.join('?' * len(values))})", values)


def at(session: Session, name: str, moment: Moment) -> Condition:
    """At an instant; a day without a time stands for all of it."""
    zone = session.branch.zone
    if isinstance(moment, datetime):
        return Condition(f"{name} = ?", (milliseconds(moment),))
    bounds = (instant_of(day, zone) for day in (moment, moment + timedelta(days=1)))
    return Condition(f"({name} >= ? AND {name} < ?)", tuple(milliseconds(bound) for bound in bounds))


def any_of(either: list[Condition]) -> Condition:
    """One of several conditions."""
    values = (value for condition in either for value in condition.values)
    return Condition(f"({' OR '.join(condition.sql for condition in either)})", tuple(values))


def yes_or_no(name: str, values: tuple[object, ...]) -> Condition:
    """Of something that is a condition itself: as such SQLite finds its rows by an index."""
    answers = {bool(value) for value in values}
    return Condition("1" if len(answers) > 1 else name if True in answers else f"NOT {name}")


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
    return read(declared, wanted, session.now())
