"""The customers' file in the window: the log by few keys, grades, who left, people, duplicates and merging by keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.models import merges
from app.models.customers import ContactEntry, Customer
from app.models.listing import CUSTOMERS, Query
from app.models.record import values_of
from app.models.steps import take
from app.views.autocomplete import Popup
from app.views.contact_log import LogPanel
from app.views.customer_form import CustomerForm
from app.views.customers import CustomerPage
from app.views.duplicates import DuplicatesPage
from app.views.lists import CustomersPage
from app.views.merge import MergePage
from app.views.pickers import QuickAdd
from app.views.pieces.basics import Button
from app.views.step_panel import StepPanel
from app.views.window import Window
from app.views.work import pool
from tests.make import Make
from tests.views.stage import CONTROL, Key, Told, buttons, fill, focus_name, key, press, settle, type_keys, words_of


def opened(window: Window, customer: Customer) -> CustomerPage:
    window.open_record(str(customer.number))
    assert isinstance(window.page, CustomerPage)
    return window.page


def seen(window: Window) -> str:
    QApplication.processEvents()
    return words_of(window.page)


def hit(qtbot: QtBot, code: Key, modifiers: Any = Qt.KeyboardModifier.NoModifier) -> None:
    """A key that is a button's: it is pressed for a moment before it acts."""
    key(code, modifiers)
    settle(qtbot, 150)


def act(parent: QWidget, name: str) -> None:
    """Press a button of what was just shown."""
    QApplication.processEvents()
    press(parent, name)
    QApplication.processEvents()


def test_a_page_reads_once_what_was_saved_together(window: Window, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    customer = make.customer()
    window.open_record(str(customer.number))
    read: list[int] = []
    refresh = window.page.refresh
    monkeypatch.setattr(window.page, "refresh", lambda: (read.append(len(read)), refresh()))
    with window.session.changed.after():
        for number in range(40):
            window.session.changed("complaint", f"TS-{number}")
            window.session.changed("objection", f"YY-{number}")
    assert read == [0]
    window.session.changed("product", "YL01")
    assert read == [0]


def test_a_contact_is_written_down_by_few_keys(window: Window, make: Make, told: Told, qtbot: QtBot) -> None:
    customer = make.customer()
    opened(window, customer)
    settle(qtbot)
    hit(qtbot, Key.Key_F6)
    assert focus_name() == "log_kind"
    key(Key.Key_2)
    key(Key.Key_Tab)
    assert focus_name() == "text"
    type_keys("问到货")
    hit(qtbot, Key.Key_Return, CONTROL)
    (entry,) = values_of(make.session, customer)["log"]
    assert (entry["kind"], entry["text"], entry["who"], entry["at"]) == ("phone", "问到货", "王敏", make.session.clock())
    assert told.toasts == ["KH-0001: Write down a contact, recorded"]
    assert "Phone call" in seen(window)


def test_the_fields_follow_the_kind_and_what_was_typed_stays(window: Window, make: Make, qtbot: QtBot) -> None:
    page = opened(window, make.customer())
    page.start("log")
    panel = page.findChild(LogPanel)
    assert isinstance(panel, LogPanel)
    fill(panel.form, text="看了陈列")
    panel.kinds.setFocus()
    key(Key.Key_5)
    assert {"why_us", "why_buy", "improve"} <= panel.form.rows.keys()
    fill(panel.form, why_us="送货准")
    panel.kinds.setFocus()
    key(Key.Key_6)
    assert "brand" in panel.form.rows
    assert "why_us" not in panel.form.rows
    key(Key.Key_5)
    act(panel, "do_log")
    entries = list(ContactEntry.select().order_by(ContactEntry.id))
    assert [(one.kind, one.text, one.why_us) for one in entries] == [("survey", "看了陈列", "送货准")]


def test_an_entry_that_says_nothing_is_refused_at_its_field(window: Window, make: Make) -> None:
    page = opened(window, make.customer())
    page.start("log")
    act(page, "do_log")
    assert "Write down what was said or done." in seen(window)
    key(Key.Key_Escape)
    assert page.findChild(LogPanel) is None or not page.findChild(LogPanel).isVisible()
    assert ContactEntry.select().count() == 0


def choose(page: CustomerPage, step: str) -> None:
    """A row of the customer's menu."""
    found = next(one for one in page.findChildren(QAction) if one.objectName() == f"act_{step}")
    found.trigger()


def test_a_grade_is_changed_with_a_reason_and_its_history_shown(window: Window, make: Make, told: Told, qtbot: QtBot) -> None:
    page = opened(window, make.customer(tier="ordinary"))
    choose(page, "grade")
    fill(page.findChild(StepPanel).form, tier="key", reason="销量进入前 10 %")
    act(page, "do_grade")
    for words in ("Changes of tier and grade", "Ordinary → Key customer", "销量进入前 10 %"):
        assert words in seen(window)
    assert "act_return" not in {one.objectName() for one in page.findChildren(QAction)}


def test_who_was_lost_after_a_complaint_shows_it_and_can_come_back(window: Window, make: Make, told: Told) -> None:
    customer = make.customer()
    case = make.complaint(customer=customer.number)
    page = opened(window, customer)
    choose(page, "lose")
    panel = page.findChild(StepPanel)
    fill(panel.form, lost_reason="改从别处进货")
    act(page, "do_lose")
    assert "Lost today: 改从别处进货 There was a complaint before." in seen(window)
    assert case.number in buttons(page) | {one.text() for one in page.findChildren(Button)}
    window.open_page("customers", Query(where={"complained_then_lost": ("true",)}))
    assert window.page.table.rows.rowCount() == 1
    page = opened(window, customer)
    choose(page, "return")
    act(page, "do_return")
    assert make.again(customer).status == "active"
    assert told.toasts[-1] == "KH-0001: Customer again, recorded"


def test_the_form_leaves_grades_alone_and_says_what_changes_them(window: Window, make: Make, qtbot: QtBot, told: Told) -> None:
    customer = make.customer(tier="ordinary", contacts=[{"name": "李秀兰"}])
    window.open_form("customer", {"_edit": customer.number})
    form = window.page
    assert isinstance(form, CustomerForm)
    assert not form.form.editor("tier").isEnabled()
    assert "“Grade” on the customer's page" in seen(window)
    form.form.set_values({"tier": "key"})
    form.save()
    assert "the step “grade”" in seen(window)
    form.form.set_values({"tier": "ordinary", "contacts": []})
    form.save()
    assert "李秀兰 stays in the list" in seen(window)
    form.form.set_values(
        {"contacts": [{"name": "李秀兰", "until": "2026-06-02"}, {"name": "周建国", "main": True}], "route": "城东"}
    )
    form.save()
    assert make.again(customer).route == "城东"
    assert "until 06-02" in seen(window)


def test_a_new_customer_is_warned_of_one_who_is_here(window: Window, make: Make, qtbot: QtBot, told: Told) -> None:
    here = make.customer()
    window.open_form("customer")
    form = window.page
    assert isinstance(form, CustomerForm)
    assert "may be the same" not in seen(window)
    fill(form.form, name="鑫瑞达 超市")
    assert "KH-0001 鑫瑞达商行 may be the same customer: the same name." in seen(window)
    form._done()
    window.resize(960, 508)
    settle(qtbot)
    act(window.page, "heed")
    assert isinstance(window.page, CustomerPage)
    assert window.page.number == here.number


def test_quick_adding_offers_the_one_who_is_here(window: Window, make: Make, told: Told) -> None:
    here = make.customer()

    def take_it(dialog: Any) -> None:
        fill(dialog.form, phone="138 0000 1234")
        found = next(one for one in dialog.findChildren(Button) if one.text() == "Take KH-0001")
        found.click()

    told.answers.append(take_it)
    dialog = QuickAdd(window.desk, Customer, "老王百货", window)
    dialog.exec()
    assert dialog.made is not None
    assert dialog.made.number == here.number
    assert Customer.select().count() == 1


@pytest.fixture
def two(make: Make) -> tuple[Customer, Customer]:
    keep = make.customer(address="城东路 1 号")
    other = make.customer(name="鑫瑞达超市", address="城东路 3 号", licence="XK-1")
    make.complaint(customer=other.number)
    return keep, other


def test_two_records_are_merged_by_keyboard_and_apart_again(
    window: Window, make: Make, two: tuple[Customer, Customer], told: Told, qtbot: QtBot
) -> None:
    keep, other = two
    window.open_form("merge", {"keep": keep.number, "other": other.number})
    assert isinstance(window.page, MergePage)
    settle(qtbot)
    assert "1 complaints" in seen(window)
    assert [one.code for one in window.page.choosers] == ["name", "address"]
    assert focus_name() == "choose_name"
    key(Key.Key_Down)
    assert focus_name() == "choose_address"
    key(Key.Key_Right)
    hit(qtbot, Key.Key_Return, CONTROL)
    done = make.again(keep)
    assert (done.name, done.address, done.licence) == ("鑫瑞达商行", "城东路 3 号", "XK-1")
    assert isinstance(window.page, CustomerPage)
    assert told.toasts == ["KH-0002 merged into KH-0001."]
    key(Key.Key_Z, CONTROL)
    assert make.again(other).status == "active"
    assert make.again(keep).address == "城东路 1 号"
    assert told.toasts[-1] == "KH-0002 is a customer of its own again."


def test_the_other_record_is_found_swapped_and_clicked(
    window: Window, make: Make, two: tuple[Customer, Customer], told: Told, qtbot: QtBot
) -> None:
    keep, other = two
    page = opened(window, keep)
    next(one for one in page.findChildren(QAction) if one.text() == "Merge with another…").trigger()
    settle(qtbot)
    assert isinstance(window.page, MergePage)
    assert focus_name() == "other"
    type_keys("chaoshi")
    qtbot.waitUntil(lambda: any(one.isVisible() for one in window.findChildren(Popup)))
    key(Key.Key_Return)
    settle(qtbot)
    assert window.page.other is not None
    act(window.page, "swap")
    assert (window.page.keep.number, window.page.other.number) == (other.number, keep.number)
    window.page.choosers[0].option("other").click()
    act(window.page, "merge")
    assert (make.again(other).name, make.again(keep).status) == ("鑫瑞达商行", "merged")


def test_a_merge_that_somebody_disturbed_says_so(window: Window, make: Make, two: tuple[Customer, Customer], told: Told) -> None:
    keep, other = two
    window.open_form("merge", {"keep": keep.number, "other": other.number})
    take(make.session, make.again(other), "grade", {"tier": "key", "reason": "x"})
    act(window.page, "merge")
    told.expect("Look at both again")
    assert make.again(other).status == "active"


def test_the_page_of_a_merged_record_leads_on_and_undoes(
    window: Window, make: Make, two: tuple[Customer, Customer], told: Told
) -> None:
    keep, other = two
    merges.merge(make.session, keep, other)
    page = opened(window, other)
    assert "Merged into KH-0001 鑫瑞达商行, today 14:32 by 王敏." in seen(window)
    assert not {"edit", "act_log", "new_complaint"} & buttons(page)
    next(one for one in page.findChildren(Button) if one.text() == "Open KH-0001").click()
    assert window.page.number == keep.number
    window.go_back()
    next(one for one in window.page.findChildren(Button) if one.text() == "Undo merge").click()
    assert make.again(other).status == "active"
    assert "edit" in buttons(window.page)


def checked(window: Window, qtbot: QtBot) -> DuplicatesPage:
    pool().waitForDone()
    settle(qtbot)
    assert isinstance(window.page, DuplicatesPage)
    return window.page


def test_duplicates_are_compared_merged_and_gone_from_the_list(
    window: Window, make: Make, two: tuple[Customer, Customer], told: Told, qtbot: QtBot
) -> None:
    window.open_page("customers")
    assert isinstance(window.page, CustomersPage)
    act(window.page, "find_duplicates")
    page = checked(window, qtbot)
    assert page.table.rows.rowCount() == 1
    assert page.table.rows.text(0, 5) == "the same phone, the same name"
    key(Key.Key_Return)
    assert isinstance(window.page, MergePage)
    settle(qtbot)
    hit(qtbot, Key.Key_Return, CONTROL)
    page = checked(window, qtbot)
    assert page.pairs == []
    assert "Nobody is here twice" in seen(window)
    window.go_back()
    assert isinstance(window.page, CustomersPage)


def test_a_pair_that_is_two_is_kept_apart_and_that_can_be_taken_back(
    window: Window, make: Make, two: tuple[Customer, Customer], told: Told, qtbot: QtBot
) -> None:
    window.open_form("duplicates")
    page = checked(window, qtbot)
    page.table.setFocus()
    hit(qtbot, Key.Key_D, CONTROL)
    assert told.toasts == ["KH-0001 and KH-0002 are kept apart."]
    assert page.pairs == []
    key(Key.Key_Z, CONTROL)
    assert len(checked(window, qtbot).pairs) == 1
    page.compare()
    act(window.page, "not_same")
    assert checked(window, qtbot).pairs == []


def test_coming_days_stand_on_the_workbench_and_lead_to_the_list(window: Window, make: Make, qtbot: QtBot) -> None:
    make.customer(contacts=[{"name": "周建国", "birthday": "1980-11-25"}])
    make.customer(name="老王百货", phone="1")
    window.open_page("workbench")
    assert "Coming days" in seen(window)
    act(window.page, "all_anniversaries")
    assert isinstance(window.page, CustomersPage)
    assert window.page.table.rows.rowCount() == 1
    assert window.page.query().where == {"anniversary": ("true",)}
    page = opened(window, make.again(Customer.get_by_id(1)))
    assert "Birthday of 周建国" in words_of(page)


def test_keys_reach_the_acts_that_are_folded_on_a_narrow_page(window: Window, make: Make, qtbot: QtBot) -> None:
    page = opened(window, make.customer())
    window.resize(960, 508)
    settle(qtbot)
    assert "act_log" not in buttons(page)
    page.setFocus()
    key(Key.Key_F6)
    settle(qtbot)
    assert page.findChild(LogPanel) is not None


def test_the_list_of_customers_asks_a_fixed_number_of_statements(make: Make) -> None:
    make.steps(make.customer(), ("lose", {"lost_reason": "x"}))
    rows = CUSTOMERS.page(make.session, Query(where={"status": ("lost",)}), 0, 9)
    assert rows[0][CUSTOMERS.columns.index("complained_then_lost") + 1] is False
