"""Which texts of a record tell of a customer: what goes when one is erased, and what is closed where a record has to stay.

A text goes unless it is named here: a field that comes later is erased until somebody decides otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from app.core.fields import TEXTS, Kind
from app.models.tables import Row

STAFF = (
    *("responsible_person", "recorder", "handed_person", "handler", "follow_up_by", "who", "given_by", "taken_over_by"),
    *("accepted_by", "person", "published_by", "customer_manager", "fed_back_to"),
)
"""People of the office: figures and duties hang on them."""
CODES = ("case", "agreement", "from_objection", "route")
"""Numbers of records, and what is too coarse to tell who somebody is."""
OURS = (
    *("specification", "unit", "batch", "symptom", "earlier_brand", "brand", "description"),
    *("root_cause", "immediate", "lasting", "done_note", "check_note", "lesson"),
)
"""Words about goods, causes and measures: the office goes on learning from them, without the customer's names in them."""
_THEIRS = {"complaint": ("description",), "objection": ("who",)}
"""By table: fields of the customer's that are called like others which stay."""
_OPEN = (*STAFF, *CODES, "unit", "customer_name")
"""What is read of a record that stays closed; the name is the label of an erased customer by then."""


def name_of(table: type[Row]) -> str:
    """The name of a table."""
    return str(table._meta.table_name)  # noqa: SLF001 - peewee's own way to it


def kept(table: type[Row], codes: Iterable[str]) -> tuple[str, ...]:
    """Those of the codes that are fields of the table and tell nothing of the customer there."""
    theirs = _THEIRS.get(name_of(table), ())
    return tuple(one.code for one in table.FIELDS if one.code in codes and one.code not in theirs)


def going(table: type[Row]) -> tuple[str, ...]:
    """The fields of a table whose texts go."""
    stay = kept(table, (*STAFF, *CODES, *OURS))
    return tuple(code for code in _texts(table) if code not in stay)


def _texts(table: type[Row]) -> tuple[str, ...]:
    return tuple(one.code for one in table.FIELDS if one.kind in TEXTS or (one.kind is Kind.TAGS and not one.choices))


@cache
def closed(table: type[Row]) -> frozenset[str]:
    """The fields of a record that stays closed which nobody reads without a look that is recorded."""
    return frozenset(_texts(table)) - frozenset(_OPEN)
