"""The forms as pages: what is typed is saved, kept, asked about; mistakes stand at their fields; nobody overwrites anybody."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.core.errors import UserError
from app.core.session import Session
from app.models import unfinished
from app.models.complaints import Complaint
from app.models.customers import Customer
from app.models.objections import Objection
from app.models.products import Product
from app.models.record import edit, values_of
from app.views.form_page import FormPage
from app.views.pieces.area import Area
from app.views.pieces.basics import Button
from app.views.window import Window
from tests.make import Make
from tests.views.stage import (
    ALT,
    CONTROL,
    Key,
    Told,
    buttons,
    fill,
    focus_name,
    form_of,
    key,
    open_window,
    press,
    settle,
    throw_away,
    type_keys,
    words_of,
)


@pytest.fixture
def customer(make: Make) -> Customer:
    return make.customer(name="鑫瑞达商行", phone="13800001234", address="解放路6号")


def test_a_complaint_is_registered_and_signed_as_one_act(window: Window, make: Make, customer: Customer) -> None:
    product = make.product()
    page = form_of(window, "complaint")
    fill(
        page.form,
        customer=customer.number,
        description="六条霉变，有异味",
        severity="major",
        product_lines=[{"product": product.number, "batch": "B07", "quantity": "6", "defective_quantity": "2"}],
        loss_lines=[{"item": "parking", "amount": "12.50"}],
    )
    press(page, "sign")
    (record,) = Complaint.select()
    assert (record.status, record.number, record.severity) == ("registered", "TS-202611-0001", "major")
    held = values_of(make.session, record)
    assert held["phone"] == "13800001234"
    assert held["address"] == "解放路6号"
    assert held["product_lines"][0]["defective_quantity"] == 2
    assert held["loss_lines"][0]["amount"] == Decimal("12.50")
    assert record.number in window.windowTitle()


def test_saving_keeps_a_draft(window: Window, customer: Customer) -> None:
    page = form_of(window, "complaint")
    fill(page.form, customer=customer.number, description="少送两条")
    key(Key.Key_S, CONTROL)
    assert Complaint.get().status == "draft"
    assert unfinished.of(window.session) == []


def test_mistakes_stand_at_their_fields_and_the_first_gets_the_focus(window: Window, customer: Customer) -> None:
    page = form_of(window, "complaint")
    fill(page.form, customer=customer.number, received_at="32.13.2026", description="")
    press(page, "sign")
    assert Complaint.select().count() == 0
    assert page.form.rows["received_at"].error()
    assert page.form.rows["description"].error()
    assert QApplication.focusWidget() is page.form.editor("received_at")
    assert "still missing" in words_of(page)


def test_a_day_in_the_future_is_refused_at_its_field(window: Window, customer: Customer) -> None:
    page = form_of(window, "complaint")
    fill(page.form, customer=customer.number, received_at="2027-01-01", description="六条霉变")
    press(page, "save")
    assert page.form.rows["received_at"].error()
    assert Complaint.select().count() == 0


def test_an_objection_solved_on_the_spot_is_closed_at_once(window: Window, customer: Customer) -> None:
    page = form_of(window, "objection")
    fill(page.form, customer=customer.number, what="订十条只给两条", content="need", nature="genuine")
    page.outcome._choose("close")  # type: ignore[attr-defined]
    press(page, "save")
    record = Objection.get()
    assert (record.status, record.solved_on_spot, record.handler) == ("closed", True, "王敏")


def test_an_objection_with_a_promise_asks_for_its_time(window: Window, customer: Customer) -> None:
    page = form_of(window, "objection")
    fill(page.form, customer=customer.number, what="订十条只给两条")
    page.outcome._choose("promise")  # type: ignore[attr-defined]
    assert page.promised.isVisible()  # type: ignore[attr-defined]
    press(page, "save")
    assert Objection.get().status == "promised"
    assert Objection.get().promised_at is not None


def test_a_customer_is_added_with_contacts(window: Window) -> None:
    page = form_of(window, "customer")
    fill(page.form, name="吉祥烟酒店", tier="key", contacts=[{"name": "赵丽", "phone": "13700001111", "main": True}])
    press(page, "save")
    record = Customer.get()
    assert (record.name, record.tier) == ("吉祥烟酒店", "key")
    assert values_of(window.session, record)["contacts"][0]["name"] == "赵丽"


def test_a_product_is_added(window: Window) -> None:
    page = form_of(window, "product")
    fill(page.form, name="云岭（硬）", code="YL01")
    press(page, "save")
    assert Product.get().code == "YL01"


def test_a_record_is_corrected_through_its_form(window: Window, make: Make) -> None:
    record = make.complaint(description="六条霉变")
    page = form_of(window, "complaint", {"_edit": record.number})
    fill(page.form, description="六条霉变，两条受潮", wish="换货")
    press(page, "save")
    again = make.again(record)
    assert (again.description, again.wish, again.version) == ("六条霉变，两条受潮", "换货", record.version + 1)


@pytest.mark.parametrize("typed", ["鑫瑞", "xrd", "1234"])
def test_a_customer_is_found_by_name_initials_and_end_of_phone(
    window: Window, customer: Customer, qtbot: QtBot, typed: str
) -> None:
    page = form_of(window, "complaint")
    editor = page.form.editor("customer")
    settle(qtbot)
    assert QApplication.focusWidget() is editor
    type_keys(typed)
    qtbot.waitUntil(editor.is_open)
    key(Key.Key_Return)
    assert editor.value() == customer.number
    assert page.form.editor("phone").value() == customer.phone
    assert "鑫瑞达商行" in words_of(page)


def test_an_open_case_of_the_same_batch_is_told_while_typing(window: Window, make: Make, customer: Customer) -> None:
    product = make.product()
    line = {"product": product.number, "batch": "B07"}
    first = make.complaint(customer=customer.number, product_lines=[line])
    page = form_of(window, "complaint")
    fill(page.form, customer=customer.number, product_lines=[line])
    assert first.number in {one.text() for one in page.findChildren(Button)}


def test_what_is_typed_is_kept_and_offered_again_after_a_crash(
    window: Window, session: Session, customer: Customer, qtbot: QtBot
) -> None:
    page = form_of(window, "complaint")
    page._keep.setInterval(20)
    fill(page.form, customer=customer.number, description="写到一半")
    qtbot.waitUntil(lambda: bool(unfinished.of(session)))
    throw_away(window)
    again = open_window(qtbot, session)
    try:
        again.open_page("workbench")
        assert "Unfinished" in words_of(again.page)
        entry = unfinished.of(session)[0]
        again.open_form(entry.kind, {"_entry": entry.id})
        assert isinstance(again.page, FormPage)
        assert again.page.form.editor("description").value() == "写到一半"
        assert again.page.form.editor("customer").value() == customer.number
        press(again.page, "save")
        assert unfinished.of(session) == []
        assert Complaint.get().description == "写到一半"
    finally:
        throw_away(again)


def in_sight(page: FormPage, editor: QWidget) -> bool:
    """Whether all of it is seen between head and foot."""
    area = page.findChild(Area)
    view = area.viewport().rect()
    seen = QRect(editor.mapTo(area.viewport(), QPoint(0, 0)), editor.size())
    return bool(view.contains(seen))


def test_the_field_that_one_jumps_to_is_seen_whole_also_when_it_grows(window: Window, qtbot: QtBot) -> None:
    page = form_of(window, "complaint")
    editor = page.form.editor("description")
    assert not in_sight(page, editor)
    key(Key.Key_3, ALT)
    settle(qtbot)
    assert QApplication.focusWidget() is editor
    assert in_sight(page, editor)
    low = editor.height()
    editor.setPlainText("\n".join(f"第 {line} 行" for line in range(30)))
    settle(qtbot)
    assert editor.height() > 2 * low
    assert in_sight(page, editor)


def test_an_edit_that_was_interrupted_goes_on_at_its_record(window: Window, make: Make, qtbot: QtBot) -> None:
    record = make.complaint(description="六条霉变")
    page = form_of(window, "complaint", {"_edit": record.number})
    fill(page.form, description="六条霉变，改到一半")
    page.keep()
    entry = unfinished.of(make.session)[0]
    page._dirty = False
    again = form_of(window, "complaint", {"_entry": entry.id})
    press(again, "save")
    assert make.again(record).description == "六条霉变，改到一半"
    assert Complaint.select().count() == 1


@pytest.mark.parametrize(("answer", "stays", "kept"), [("", True, 0), ("keep", False, 1), ("discard", False, 0)])
def test_unsaved_changes_are_asked_about(window: Window, told: Told, answer: str, stays: bool, kept: int) -> None:
    page = form_of(window, "complaint")
    fill(page.form, description="写到一半")
    told.answer(answer)
    window.sidebar.items["customers"].click()
    assert (window.page is page) == stays
    assert window.sidebar.items["complaints"].isChecked() == stays
    assert len(unfinished.of(window.session)) == kept
    assert "Leave without saving?" in told.dialogs[0]


def test_closing_the_window_asks_too(window: Window, told: Told) -> None:
    page = form_of(window, "complaint")
    fill(page.form, description="写到一半")
    told.answer("")
    assert not window.close()
    assert window.isVisible()
    page._dirty = False
    assert window.close()


def conflict(window: Window, make: Make) -> tuple[FormPage, Complaint]:
    """A form whose record somebody else saves meanwhile."""
    record = make.complaint(description="六条霉变", wish="退货")
    page = form_of(window, "complaint", {"_edit": record.number})
    fill(page.form, wish="换货")
    edit(make.session, make.again(record), {"wish": "赔偿"}, record.version)
    return page, record


def test_an_older_copy_does_not_overwrite_and_both_are_shown(window: Window, make: Make, told: Told) -> None:
    page, record = conflict(window, make)
    told.answer("")
    press(page, "save")
    assert make.again(record).wish == "赔偿"
    assert "换货" in told.dialogs[0]
    assert "赔偿" in told.dialogs[0]
    assert page.form.editor("wish").value() == "换货"


def test_theirs_can_be_taken(window: Window, make: Make, told: Told) -> None:
    page, record = conflict(window, make)
    told.answer("theirs")
    press(page, "save")
    assert page.form.editor("wish").value() == "赔偿"
    assert make.again(record).wish == "赔偿"


def test_mine_can_be_saved_over_theirs(window: Window, make: Make, told: Told) -> None:
    page, record = conflict(window, make)
    told.answer("mine")
    press(page, "save")
    assert make.again(record).wish == "换货"


def test_a_full_disk_leaves_what_was_typed(window: Window, customer: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    page = form_of(window, "complaint")
    fill(page.form, customer=customer.number, description="六条霉变")

    def full(*_asked: object, **_named: object) -> None:
        raise UserError("Not saved: the disk is full. Make room and save again; what was typed is still here.")

    monkeypatch.setattr("app.views.complaints.add", full)
    press(page, "save")
    assert "the disk is full" in words_of(page)
    assert page.form.editor("description").value() == "六条霉变"
    monkeypatch.undo()
    press(page, "save")
    assert Complaint.get().description == "六条霉变"


def test_a_store_without_room_says_so_and_keeps_what_was_typed(window: Window, customer: Customer) -> None:
    """The file may not grow: what SQLite says then is what it says of a full disk."""
    from app.core.database import database

    page = form_of(window, "complaint")
    fill(page.form, customer=customer.number, description="长" * 20_000)
    pages = database.execute_sql("PRAGMA page_count").fetchone()[0]
    database.execute_sql(f"PRAGMA max_page_count = {pages}")
    press(page, "save")
    assert "disk" in words_of(page)
    assert Complaint.select().count() == 0
    assert len(str(page.form.editor("description").value())) == 20_000
    database.execute_sql("PRAGMA max_page_count = 1073741823")
    press(page, "save")
    assert Complaint.select().count() == 1


def test_a_field_that_is_asked_for_comes_into_sight(window: Window, qtbot: QtBot, customer: Customer) -> None:
    page = form_of(window, "objection", {"customer": customer.number})
    page.form.focus_field("step_feed_back_note")
    settle(qtbot, 30)
    assert not page.form.editor("step_feed_back_note").visibleRegion().isEmpty()
    page.form.focus_field("customer")
    settle(qtbot, 30)
    assert not page.form.editor("customer").visibleRegion().isEmpty()


def test_on_a_narrow_page_the_header_tells_what_is_missing_and_what_to_heed(
    qtbot: QtBot, session: Session, told: Told, make: Make, customer: Customer
) -> None:
    product = make.product().number
    lines = [{"product": product, "batch": "B07"}]
    twin = make.steps(make.complaint(customer=customer.number, product_lines=lines), "sign").number
    window = open_window(qtbot, session, 960, 508)
    page = form_of(window, "complaint", {"customer": customer.number, "product_lines": lines})
    assert {"missing", "heed", "facts", "more_acts"} <= buttons(page)
    assert words_of(page._side.column) == ""
    assert [one.text() for one in page._side._menu.actions()] == ["Fill in “What happened”"]
    page._side._menu.actions()[0].trigger()
    assert focus_name() == "description"
    press(page, "facts")
    assert customer.name in words_of(page._side.column._popup)
    page._side.column._popup.hide()
    press(page, "heed")
    assert window.page.name().endswith(twin)
    throw_away(window)


def test_a_wide_page_has_all_that_beside_the_form(window: Window, customer: Customer) -> None:
    page = form_of(window, "complaint", {"customer": customer.number})
    assert customer.name in words_of(page._side.column)
    assert not {"missing", "heed", "facts"} & buttons(page)
