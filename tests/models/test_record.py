"""Adding and changing records: one action is one transaction, an older copy overwrites nothing, every change is remembered."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import peewee
import pytest

from app.core import uids
from app.core.database import database
from app.core.errors import Conflict, NotPermitted, UserError, ValidationError
from app.core.fields import Field, Kind
from app.core.session import Session
from app.models import history, record
from app.models.complaint_steps import COMPLAINT_STEPS
from app.models.complaints import Complaint
from app.models.customers import Customer
from app.models.objections import Objection
from app.models.record import add, change, edit, find, find_any, values_of
from app.models.steps import take, void
from tests.make import Make
from tests.models.stands import ASKED, agreement_in, complaint_in, ready_for

TABLES = (
    "customer", "contact", "complaint", "product_line", "loss_line", "enquiry", "objection", "history", "counter", "proposal",
    "remedy_line", "approval", "agreement", "agreement_line", "search_complaint_key", "search_customer_key",
)  # fmt: skip


def everything() -> dict[str, list[Any]]:
    """All rows of the database."""
    return {name: database.execute_sql(f"SELECT * FROM {name}").fetchall() for name in TABLES}


def test_what_went_in_comes_out(make: Make) -> None:
    typed = {
        "name": "𠮷祥·便利店（东门）",
        "phone": "１３８-0000-1234",
        "tags": ["大户", "团购"],
        "customer_since": "2019-03-01",
        "background": "第一行\n第二行",
        "contacts": [{"name": "堃", "birthday": "1980-02-29", "main": True}],
    }
    customer = make.again(make.customer(**typed))
    values = values_of(make.session, customer)
    assert [values[code] for code in ("name", "phone", "background")] == [typed[code] for code in ("name", "phone", "background")]
    assert values["tags"] == ("大户", "团购")
    assert values["customer_since"] == date(2019, 3, 1)
    assert values["contacts"][0] | {"phone": None} == {
        "name": "堃", "role": None, "phone": None, "birthday": date(1980, 2, 29), "main": True, "since": None, "until": None,
    }  # fmt: skip


def test_a_moment_is_an_instant_or_a_day(make: Make) -> None:
    timed = make.complaint(received_at="2026-11-22 09:30")
    day = make.complaint(received_at="2026-11-22")
    assert values_of(make.session, timed)["received_at"] == datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
    assert values_of(make.session, day)["received_at"] == date(2026, 11, 22)
    assert day.received_at == datetime(2026, 11, 21, 16, tzinfo=UTC)


def test_money_and_quantities_are_exact(make: Make) -> None:
    product = make.product().number
    complaint = make.complaint(
        product_lines=[{"product": product, "quantity": "1000000000", "defective_quantity": "0.001"}],
        loss_lines=[{"item": "parking", "amount": "99999999.99"}, {"item": "other", "amount": "0.05"}],
    )
    values = values_of(make.session, make.again(complaint))
    assert [line["amount"] for line in values["loss_lines"]] == [Decimal("99999999.99"), Decimal("0.05")]
    line = values["product_lines"][0]
    assert (line["quantity"], line["defective_quantity"]) == (1_000_000_000, Decimal("0.001"))


def test_values_that_were_shown_can_be_saved_back_unchanged(make: Make) -> None:
    complaint = complaint_in(make, "investigating", product_lines=[{"product": make.product().number, "quantity": "6"}])
    typed = {field.code for field in record.typed_fields(Complaint)} | {
        code for code, part in Complaint.PARTS.items() if not part.APPENDED
    }
    values = {code: value for code, value in values_of(make.session, complaint).items() if code in typed}
    assert edit(make.session, complaint, values, complaint.version).version == complaint.version


def test_required_fields_and_unknown_ones_are_named(session: Session) -> None:
    with pytest.raises(ValidationError) as caught:
        add(session, Objection, {"colour": "red"})
    assert set(caught.value.errors) == {"colour", "customer", "occurred_at", "what"}
    with pytest.raises(ValidationError) as caught:
        add(session, Complaint, {"received_at": "today", "description": "霉变"})
    assert set(caught.value.errors) == {"customer"}


def test_fields_that_steps_set_cannot_be_typed(make: Make) -> None:
    complaint = make.complaint()
    for code in ("signed_at", "closed_at", "handler", "customer_name", "status", "number", "version"):
        with pytest.raises(ValidationError, match=f"no field “{code}”"):
            edit(make.session, complaint, {code: "x"}, complaint.version)


def test_a_line_error_names_its_line_and_field(make: Make) -> None:
    lines = [{"item": "parking", "amount": "5"}, {"item": "parking", "amount": "x"}, {"amount": "1"}]
    with pytest.raises(ValidationError) as caught:
        make.complaint(loss_lines=lines)
    assert set(caught.value.errors) == {"loss_lines[1].amount", "loss_lines[2].item"}
    for wrong in ("no lines", [1], {"item": "parking"}):
        with pytest.raises(ValidationError, match="list of lines"):
            make.complaint(loss_lines=wrong)


def test_a_number_that_names_no_record_is_an_error_of_its_field(make: Make) -> None:
    before = everything()
    with pytest.raises(ValidationError) as caught:
        add(make.session, Complaint, {"received_at": "today", "description": "霉变", "customer": "KH-9999"})
    assert caught.value.errors == {"customer": "There is no customer KH-9999. Check the number."}
    with pytest.raises(ValidationError) as caught:
        add(
            make.session,
            Complaint,
            {"received_at": "today", "description": "霉变", "complainant": "李", "product_lines": [{"product": "CP-9"}]},
        )
    assert set(caught.value.errors) == {"product_lines[0].product"}
    assert everything() == before


def test_more_defective_than_there_are_is_refused_also_later(make: Make) -> None:
    lines = [{"product": make.product().number, "quantity": "5", "defective_quantity": "6"}]
    with pytest.raises(ValidationError, match=r"More defective \(6\) than there are \(5\)"):
        make.complaint(product_lines=lines)
    complaint = make.complaint()
    with pytest.raises(ValidationError, match="More defective"):
        edit(make.session, complaint, {"product_lines": lines}, complaint.version)


def test_a_case_is_not_received_after_its_steps(make: Make) -> None:
    complaint = complaint_in(make, "registered")
    make.session.clock.advance(days=2)  # type: ignore[attr-defined]
    complaint = make.steps(complaint, ("extend", {"until": "2026-12-31", "reason": "节后再办"}))
    with pytest.raises(ValidationError, match="Signed at cannot lie before Received at"):
        edit(make.session, complaint, {"received_at": "2026-11-24"}, complaint.version)


# Conflicts.


def test_an_older_copy_does_not_overwrite_a_newer_one(make: Make) -> None:
    first = make.complaint(wish="退货", loss_lines=[{"item": "parking", "amount": "5"}])
    edit(make.session, first, {"wish": "换货", "channel": "fax"}, first.version)
    before = everything()
    mine = {"wish": "赔钱", "channel": "phone", "severity": "urgent", "loss_lines": [{"item": "parking", "amount": "8"}]}
    with pytest.raises(Conflict, match=rf"{first.number} was saved by 王敏 at 2026-11-23 14:32 meanwhile") as caught:
        edit(make.session, first, mine, first.version)
    assert everything() == before
    told = {one.code: (one.label, one.mine, one.theirs) for one in caught.value.differences}
    assert told == {
        "wish": ("Wished solution", "赔钱", "换货"),
        "channel": ("Channel", "Phone", "Fax"),
        "severity": ("Severity", "Urgent", ""),
        "loss_lines": ("Losses", "Parking · 8.00", "Parking · 5.00"),
    }


def test_after_looking_at_the_newer_one_it_can_be_saved(make: Make) -> None:
    first = make.complaint()
    second = edit(make.session, first, {"wish": "换货"}, first.version)
    assert edit(make.session, first, {"wish": "赔钱"}, second.version).wish == "赔钱"


def test_a_step_on_an_older_copy_is_a_conflict(make: Make) -> None:
    draft = complaint_in(make, "draft")
    take(make.session, draft, "sign")
    for version in (None, draft.version):
        with pytest.raises(Conflict):
            take(make.session, draft, "sign", version=version)
    newer = make.again(draft)
    with pytest.raises(Conflict):
        take(make.session, newer, "promise", {"promised_at": "2026-11-24"}, version=newer.version - 1)


def test_a_closed_case_cannot_be_edited_nor_a_void_one(make: Make) -> None:
    for state in ("closed", "voided"):
        record_ = complaint_in(make, state)
        with pytest.raises(UserError, match="cannot be changed"):
            edit(make.session, record_, {"wish": "再来"}, record_.version)


# One action, one transaction.


class Broken(Exception):
    """What the disk says in these tests."""


@contextmanager
def failing_at(place: int) -> Iterator[None]:
    """Let the statement of that place, counted from 0, fail; transactions themselves work."""
    store, left = database.obj, [place]
    original = store.execute_sql

    def execute_sql(sql: str, *arguments: Any, **named: Any) -> Any:
        if sql.split()[0] not in ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE"):
            left[0] -= 1
            if left[0] < 0:
                raise Broken
        return original(sql, *arguments, **named)

    store.execute_sql = execute_sql
    try:
        yield
    finally:
        del store.execute_sql


def breaks_anywhere(action: Callable[[], object]) -> int:
    """Let an action fail at each of its statements in turn: nothing may remain. How many statements there were."""
    before = everything()
    for place in range(500):
        try:
            with failing_at(place):
                action()
        except Broken:
            assert everything() == before
            assert not database.in_transaction()
        else:
            return place
    raise AssertionError("more than 500 statements")


def test_adding_fails_as_a_whole_wherever_it_fails(make: Make) -> None:
    values = {"customer": make.customer().number, "loss_lines": [{"item": "parking", "amount": "5"}]}
    assert breaks_anywhere(lambda: make.complaint(**values)) >= 5


def test_editing_fails_as_a_whole_wherever_it_fails(make: Make) -> None:
    complaint = make.complaint()
    customer = complaint.customer
    assert breaks_anywhere(lambda: edit(make.session, complaint, {"wish": "换货", "enquiries": []}, 1)) >= 5
    assert breaks_anywhere(lambda: edit(make.session, customer, {"name": "新名"}, 1)) >= 5
    assert make.again(complaint).customer_name == "新名"


@pytest.mark.parametrize("step", [step.code for step in COMPLAINT_STEPS])
def test_a_step_fails_as_a_whole_wherever_it_fails_and_leaves_its_trace_where_it_does_not(make: Make, step: str) -> None:
    complaint = ready_for(make, step)
    told: list[str] = []
    make.session.changed.connect(lambda topic, number: told.append(number))
    asked = ASKED["complaint"].get(step, {})
    known = len(history.of("complaint", complaint.id))
    assert breaks_anywhere(lambda: take(make.session, complaint, step, asked)) >= 5
    done = make.again(complaint)
    assert told.count(complaint.number) == 1
    assert history.of("complaint", complaint.id)[known].action == step
    assert (done.version, done.changed_by) == (complaint.version + 1, make.session.user)


def test_a_release_fails_as_a_whole_wherever_it_fails(make: Make) -> None:
    agreement = agreement_in(make, "draft")
    assert breaks_anywhere(lambda: take(make.session, agreement, "release")) >= 5
    assert make.again(agreement).status == "released"


def test_an_escalation_fails_as_a_whole_wherever_it_fails(make: Make) -> None:
    objection = make.objection()
    assert breaks_anywhere(lambda: take(make.session, objection, "escalate")) >= 5


def test_listeners_hear_of_every_record_once_and_after_the_commit(make: Make) -> None:
    objection = make.objection()
    told: list[tuple[str, str, bool]] = []
    make.session.changed.connect(lambda topic, number: told.append((topic, number, database.in_transaction())))
    complaint = take(make.session, objection, "escalate").complaint
    assert sorted(told) == [("complaint", complaint.number, False), ("objection", objection.number, False)]


# History.


def test_every_change_is_in_the_history_with_old_and_new(make: Make, clock: Any) -> None:
    complaint = make.complaint(wish="退货")
    clock.advance(minutes=5)
    changes = {"wish": "换货", "severity": "major", "loss_lines": [{"item": "parking", "amount": "5"}]}
    edit(make.session, complaint, changes, complaint.version)
    entries = history.of("complaint", complaint.id)
    assert [(one.action, one.field) for one in entries] == [
        ("add", None), ("edit", "severity"), ("edit", "wish"), ("edit", "loss_lines"),
    ]  # fmt: skip
    assert (entries[1].old, entries[1].new) == (None, "major")
    assert (entries[2].old, entries[2].new, entries[2].who, entries[2].at) == ("退货", "换货", "王敏", clock.present)
    assert json.loads(entries[3].new or "") == [{"item": "parking", "amount": "5.00", "note": None}]


def test_a_step_stands_in_the_history_with_what_it_set(make: Make) -> None:
    complaint = complaint_in(make, "registered")
    entries = [(one.action, one.field, one.old, one.new) for one in history.of("complaint", complaint.id)]
    assert ("sign", None, None, None) in entries
    assert ("set", "status", "draft", "registered") in entries
    assert ("set", "recorder", None, "王敏") in entries


def test_nothing_changed_is_nothing_written(make: Make) -> None:
    customer = make.customer()
    before = everything()
    assert edit(make.session, customer, {"name": customer.name, "contacts": []}, customer.version).version == 1
    assert everything() == before


# Voiding, finding, identity.


def test_void_needs_a_reason_and_keeps_the_record(make: Make) -> None:
    customer = make.customer()
    for reason in ("", "  ", "a\x00b"):
        with pytest.raises(ValidationError):
            void(make.session, customer, reason)
    gone = void(make.session, customer, "重复建户")
    assert (gone.status, gone.void_reason, make.again(gone).name) == ("voided", "重复建户", customer.name)
    with pytest.raises(UserError, match="is void"):
        void(make.session, gone, "再来")


def test_void_of_a_case_is_its_step(make: Make) -> None:
    with pytest.raises(UserError, match="not possible"):
        void(make.session, complaint_in(make, "closed"), "不要了")


def test_records_are_found_by_number(make: Make) -> None:
    complaint = make.complaint()
    assert find_any(make.session, f" {complaint.number} ").id == complaint.id
    assert find(make.session, Customer, "KH-0001").name == "鑫瑞达商行"
    for wrong in ("", "TS-000000-0000", "'; --"):
        with pytest.raises(UserError, match="There is no"):
            find_any(make.session, wrong)
    for wrong in ("\x00", "\udcff"):
        with pytest.raises(UserError, match="control character"):
            find_any(make.session, wrong)


def test_uids_are_version_7_in_order_and_carry_the_time(make: Make) -> None:
    now = make.session.clock()
    made = [UUID(uids.new_uid(now)) for _place in range(500)]
    assert made == sorted(set(made))
    assert {uid.version for uid in made} == {7}
    assert {uid.variant for uid in made} == {"specified in RFC 4122"}
    later = UUID(uids.new_uid(datetime(2100, 1, 1, tzinfo=UTC)))
    assert datetime.fromtimestamp((later.int >> 80) / 1000, UTC) == datetime(2100, 1, 1, tzinfo=UTC)
    uids._last_uid[0] = 0


def test_who_lacks_the_role_adds_nothing(make: Make) -> None:
    make.session.roles = frozenset({"head"})
    with pytest.raises(NotPermitted, match="role clerk"):
        make.customer()


def test_a_new_kind_gets_its_columns_from_its_fields() -> None:
    class Wish(record.Row):
        FIELDS = (Field("at", "At", Kind.MOMENT), Field("price", "Price", Kind.MONEY), Field("class", "Class"))

    columns = {name: type(column).__name__ for name, column in Wish._meta.fields.items()}
    made = {"id": "AutoField", "at": "InstantColumn", "at_day": "BooleanField", "price": "MoneyColumn", "class": "TextField"}
    assert columns == made
    assert Wish.field("price").kind is Kind.MONEY
    assert isinstance(Wish._meta.fields["class"], peewee.TextField)


def test_change_checks_the_version_of_the_record_it_is_given(make: Make) -> None:
    customer = make.customer()
    edit(make.session, customer, {"name": "新名"}, 1)
    with pytest.raises(Conflict):
        change(make.session, customer, {"name": "旧名"})
