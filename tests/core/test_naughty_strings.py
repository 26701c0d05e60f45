"""The big list of naughty strings goes through one field of each kind: out as it went in, or refused by a sentence."""

from __future__ import annotations

from typing import Any

import pytest

from app.core import text
from app.core.errors import ValidationError
from app.core.fields import TEXTS, Field, Kind
from app.models.complaints import Complaint
from app.models.customers import Customer
from app.models.listing import COMPLAINTS, CUSTOMERS, Query
from app.models.record import Record, add, edit, values_of
from tests.make import Make
from tests.naughty.strings import LIST, published

needs_strings = pytest.mark.skipif(not LIST.is_file(), reason=f"the naughty strings are not in {LIST} (KESU_TEST_DATA)")

# One field of each kind that a person types.
FIELDS = (
    (Customer, "name"),  # TEXT, required
    (Customer, "short_name"),  # TEXT
    (Complaint, "description"),  # MEMO
    (Complaint, "phone"),  # PHONE
    (Complaint, "source_reference"),  # CODE
    (Customer, "tags"),  # TAGS, free
    (Complaint, "tags"),  # TAGS of a list
    (Complaint, "class"),  # CHOICE
    (Complaint, "external"),  # BOOLEAN
    (Complaint, "fault_percent"),  # INTEGER
    (Complaint, "received_at"),  # MOMENT
    (Customer, "customer_since"),  # DATE
    (Complaint, "customer"),  # RECORD
)
PART_FIELDS = (("loss_lines", "amount"), ("product_lines", "quantity"), ("loss_lines", "note"))


@needs_strings
def test_all_of_them_are_there() -> None:
    assert len(published()) == 515


def saved(make: Make, record: Record, values: dict[str, Any]) -> Record | None:
    """The record with the values; None where they are refused with a sentence for each wrong field."""
    try:
        return edit(make.session, record, values, record.version)
    except ValidationError as error:
        told = error.errors
    assert all(code.split("[")[0] in values for code in told)
    assert all(sentence and "\n" not in sentence for sentence in told.values())
    return None


def goes_through(declared: Field, typed: str, stored: Any) -> bool:
    """Whether what is stored is what was typed, as far as the kind promises it."""
    if stored is None:
        return not text.trim_ends(typed).strip("," if declared.kind is Kind.TAGS else "")
    if declared.kind in (Kind.PHONE, Kind.CODE):
        return stored == text.trim_ends(typed)
    if declared.kind in TEXTS:
        return stored == typed.replace("\r\n", "\n").replace("\r", "\n")
    return declared.kind is not Kind.TAGS or all(tag in typed for tag in stored)


@needs_strings
@pytest.mark.parametrize(("kind", "code"), FIELDS, ids=lambda one: one if isinstance(one, str) else one.KIND)
def test_each_string_comes_out_as_it_went_in_or_is_refused(make: Make, kind: type[Record], code: str) -> None:
    declared = kind.field(code)
    record: Record = make.customer() if kind is Customer else make.complaint(complainant="李")
    kept = 0
    for typed in published():
        changed = saved(make, record, {code: typed})
        if changed is None:
            continue
        record, kept = changed, kept + 1
        stored = values_of(make.session, make.again(record))[code]
        assert goes_through(declared, typed, stored), (typed, stored)
    if declared.kind in TEXTS:
        assert kept > 300


@needs_strings
@pytest.mark.parametrize(("part", "code"), PART_FIELDS)
def test_each_string_goes_through_a_line_or_is_refused(make: Make, part: str, code: str) -> None:
    record: Record = make.complaint()
    line = {"item": "parking", "amount": "1"} if part == "loss_lines" else {"product": make.product().number}
    for typed in published():
        changed = saved(make, record, {part: [line | {code: typed}]})
        if changed is not None:
            record = changed
            stored = values_of(make.session, make.again(record))[part][0][code]
            assert code != "note" or stored == (typed if typed.strip() else None)


@needs_strings
def test_what_was_saved_is_listed_and_found(make: Make) -> None:
    kept: dict[int, str] = {}
    for typed in published():
        try:
            kept[add(make.session, Customer, {"name": typed}).id] = typed
        except ValidationError:
            continue
    name = 1 + CUSTOMERS.columns.index("name")
    assert {row[0]: row[name] for row in CUSTOMERS.page(make.session, Query(), 0, 1000)} == kept
    for number, typed in kept.items():
        if text.key(typed) and len(typed) <= 40:
            found = {row[0] for row in CUSTOMERS.all(make.session, Query(typed))}
            assert number in found, typed
    COMPLAINTS.page(make.session, Query("".join(kept.values())), 0, 10)
