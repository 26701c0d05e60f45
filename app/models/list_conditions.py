"""Conditions of lists in SQL: any of some values, tags, and the stored form of what is sought."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import NamedTuple

from app.core import text
from app.core.database import milliseconds
from app.core.fields import Field, Kind, Value, read
from app.core.likeness import phones
from app.core.session import Session
from app.core.times import Moment, instant_of
from app.models import permissions
from app.models.record import KINDS, Record

UNCLASSIFIED = "unclassified"
_PHONE = r"[\d\s()（）+-]{7,}"
_LAST_DIGITS = 4


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


def joined(conditions: list[Condition]) -> Condition:
    """All of several conditions."""
    values = tuple(value for condition in conditions for value in condition.values)
    return Condition(" AND ".join(condition.sql for condition in conditions), values)


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


def spelt_out(session: Session, kind: type[Record], typed: str) -> list[Condition]:
    """What the row `c` must fulfil besides, so that nobody spells out a masked number by searching for its beginnings.

    A word with digits stands in something else than a phone, or is a whole number or its last four digits.
    """
    if not kind.PHONES or permissions.reads(session, "masked"):
        return []
    columns = (kind._meta.fields[code].column_name for code in kind.FOUND_BY if code not in kind.PHONES)  # noqa: SLF001
    told = " || ' ' || ".join(f"coalesce(c.\"{name}\", '')" for name in columns)
    whole = phones(typed) if re.fullmatch(_PHONE, typed.strip()) else ()
    words = whole or [word for word in text.key(typed).split(" ") if any(sign.isdigit() for sign in word)]
    found = []
    for word in words:
        called = f" {word} " if len(word) != _LAST_DIGITS else f"{word} "
        sql = f"(instr(text_key({told}), ?) > 0 OR instr(' ' || {kind.CALLED} || ' ', ?) > 0)"
        found.append(Condition(sql, (word, called)))
    return found
