"""What is asked of all customers: who is meant, who is here already, who is active, who left after a complaint."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from app.core import search_index, text
from app.core.database import database
from app.core.language import _
from app.core.likeness import name_key, phones
from app.core.session import Session
from app.models import sight, tallies
from app.models.customers import Customer, survivor
from app.models.list_columns import COMPLAINED
from app.models.list_conditions import Condition, joined, spelt_out
from app.models.record import Record


class Candidate(NamedTuple):
    """A customer offered while typing: `matched` are the initials or the phone number that fit, empty where the name did."""

    id: int
    number: str
    name: str
    address: str
    phone: str
    matched: str


_SUGGEST = """
SELECT c.id, c.number, c.name, coalesce(c.address, ''), coalesce(c.phone, ''), c.initials, c.phone_digits
FROM (SELECT found.rowid AS id FROM {source} WHERE {sql} ORDER BY {order} LIMIT 1000) AS hit
JOIN customer AS c ON c.id = hit.id
WHERE c.branch_id = ? AND c.status NOT IN ('voided', 'merged') AND {narrowed}
AND NOT EXISTS (SELECT 1 FROM history AS h WHERE h.kind = 'customer' AND h.record_id = c.id AND h.action = 'erase')
ORDER BY
    CASE
        WHEN c.initials LIKE ? ESCAPE '!' OR text_key(c.name) LIKE ? ESCAPE '!' THEN 0
        WHEN c.phone_digits LIKE ? ESCAPE '!' THEN 1
        ELSE 2
    END,
    length(c.name), c.id
LIMIT ?
"""


def suggest(session: Session, typed: str, limit: int = 8) -> list[Candidate]:
    """Customers by name, number, pinyin, initials or the end of the phone number; none that was erased."""
    found = search_index.condition("customer", typed)
    if found is None:
        return []
    key = text.key(typed)
    plain = key.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    narrowed = joined([*spelt_out(session, Customer, typed), Condition("1")])
    rows = database.execute_sql(
        _SUGGEST.format(source=found.source, sql=found.sql, order=found.order, narrowed=narrowed.sql),
        (*found.parameters, session.branch.id, *narrowed.values, f"{plain}%", f"{plain}%", f"%{plain}", limit),
    ).fetchall()
    return [_candidate(session, key, *row) for row in rows]


def _candidate(
    session: Session, key: str, number: int, code: str, name: str, address: str, phone: str, initials: str, digits: str
) -> Candidate:
    phone = sight.shown(session, Customer.field("phone"), phone)
    return Candidate(number, code, name, address, phone, _matched(key, phone, initials, digits))


def _matched(key: str, phone: str, initials: str, digits: str) -> str:
    if initials.startswith(key):
        return initials.upper()
    return phone if key.isdigit() and digits.endswith(key) else ""


class Known(NamedTuple):
    """A customer who is here already and may be the one that is typed, and the sentence that says by what."""

    number: str
    name: str
    why: str


KNOWN_BY = ("name", "phone", "licence", "credit_code", "contacts")
"""The fields by which one who is here already is known."""
_SAME = """
SELECT c.id, c.name_key, c.licence, c.credit_code, c.phone_keys || ' ' || c.former FROM customer AS c
WHERE c.branch_id = ? AND c.status <> 'voided' AND c.id IN (
    SELECT id FROM customer WHERE branch_id = ? AND name_key = ? AND name_key <> ''
    UNION SELECT id FROM customer WHERE branch_id = ? AND licence = ?
    UNION SELECT id FROM customer WHERE branch_id = ? AND credit_code = ?
    UNION SELECT id FROM customer WHERE id IN ({called})
)
ORDER BY c.id LIMIT ?
"""


def known(session: Session, values: Mapping[str, Any], own: str = "", limit: int = 3) -> list[Known]:
    """Customers with the name (but for its spelling), a phone number, the licence or credit code of what is being typed.

    `own`: the number of the record that is being edited. Of a record that was merged the survivor is named.
    """
    numbers = phones(_text(values, "phone")).union(*(phones(_text(line, "phone")) for line in values.get("contacts") or ()))
    key, branch = name_key(_text(values, "name")), session.branch.id
    licence, code = _text(values, "licence"), _text(values, "credit_code")
    called = ", ".join(str(found) for number in sorted(numbers) for found in _called(number))
    asked = (branch, branch, key, branch, licence, branch, code, limit + 1)
    rows = database.execute_sql(_SAME.format(called=called), asked).fetchall()
    found: dict[str, Known] = {}
    for row, its_key, its_licence, its_code, its_phones in rows:
        one = survivor(Customer.get_by_id(row))
        reasons = (
            (_("the same licence number"), bool(licence) and its_licence == licence),
            (_("the same credit code"), bool(code) and its_code == code),
            (_("the same phone"), not numbers.isdisjoint(its_phones.split())),
            (_("the same name"), bool(key) and its_key == key),
        )
        why = _(", ").join(words for words, fits in reasons if fits)
        if why and one.number != own:
            found.setdefault(one.number, Known(one.number, str(one.name), why))
    return list(found.values())[:limit]


def _text(values: Mapping[str, Any], code: str) -> str:
    return text.trim_ends(str(values.get(code) or ""))


def _called(number: str) -> list[int]:
    """The customers whose key holds a phone number; the search finds them among any number of customers."""
    found = search_index.condition("customer", number)
    assert found is not None
    rows = database.execute_sql(f"SELECT found.rowid FROM {found.source} WHERE {found.sql} LIMIT 50", found.parameters).fetchall()
    return [row for (row,) in rows]


def active_at(session: Session, day: date) -> int:
    """How many customers were active at the start of a local day: already customers, and neither lost nor ended by then."""
    return tallies.standing(session.branch.id, Customer.KIND, day)


def lost_after(customer: Record) -> str | None:
    """The number of the last complaint within 90 days before a customer was lost; None where there is none, or it is not lost."""
    sql = f"SELECT ({COMPLAINED.format(chosen='k.number')} ORDER BY k.received_at DESC LIMIT 1) FROM customer AS c"
    row = database.execute_sql(f"{sql} WHERE c.id = ? AND c.status = 'lost'", (customer.id,)).fetchone()
    return None if row is None else row[0]
