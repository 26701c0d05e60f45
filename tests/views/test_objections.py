"""The page on which an objection is written down: quick by keyboard, with methods, steps, cards and chats; and its case page."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QScrollArea
from pytestqt.qtbot import QtBot

from app.core import language
from app.models import objections
from app.models.complaints import Complaint
from app.models.customers import Customer
from app.models.objections import Objection
from app.models.record import values_of
from app.views.complaints import ComplaintForm
from app.views.objection_case import ObjectionPage
from app.views.objections import ObjectionForm
from app.views.pieces.basics import Button
from app.views.window import Window
from tests.conftest import Clock
from tests.make import Make
from tests.views.stage import (
    ALT,
    CONTROL,
    SHIFT,
    Key,
    Told,
    buttons,
    fill,
    focus_name,
    key,
    press,
    settle,
    type_keys,
    words_of,
)

CHAT = "好邻居副食店 老赵  2026/11/22 14:05:33\n云岭（硬）发霉了，批号：20260914-B07\n电话１３８０００００４１５"
SHORTAGE = {"nature": "genuine", "cause": "system.supply_shortage"}


def hit(qtbot: QtBot, code: Any, modifiers: Any) -> None:
    """A key of a button: Qt shows it pressed for a moment before it acts."""
    key(code, modifiers)
    settle(qtbot, 200)


class Fingers:
    """Counts the keys that are pressed; a key with Ctrl or Alt counts as two."""

    def __init__(self) -> None:
        self.pressed = 0

    def press(self, code: Any, modifiers: Any = None, times: int = 1) -> None:
        self.pressed += times * (2 if modifiers is not None else 1)
        key(code, *([modifiers] if modifiers is not None else []), times=times)

    def type(self, letters: str) -> None:
        self.pressed += len(letters)
        type_keys(letters)


@pytest.fixture
def customer(make: Make) -> Customer:
    return make.customer(name="好邻居副食店", phone="13800000415")


@pytest.fixture
def form(window: Window, customer: Customer) -> ObjectionForm:
    window.open_form("objection", {})
    QApplication.processEvents()
    assert isinstance(window.page, ObjectionForm)
    return window.page


def scrolled(page: ObjectionForm) -> int:
    """By how much the page is too high for its place."""
    return max(one.verticalScrollBar().maximum() for one in page.findChildren(QScrollArea) if one.isVisible())


def method_chips(page: ObjectionForm) -> list[str]:
    """Methods as they are seen, from left to right."""
    chips = [one for one in page.findChildren(Button) if one.objectName().startswith("method_") and one.isVisible()]
    return [one.objectName().removeprefix("method_") for one in sorted(chips, key=lambda one: (one.y(), one.x()))]


# By keyboard: 0.28 s a key and 1.35 s for each of three thoughts (who, what, done) are what people take; ten characters by pinyin
# are thirty keys more. Of 20 s that leaves 26 keys; half of them must do, for whoever types slowly.


def test_an_ordinary_objection_takes_few_keys(window: Window, make: Make, customer: Customer, qtbot: QtBot) -> None:
    fingers = Fingers()
    fingers.press(Key.Key_F7)
    settle(qtbot, 20)
    fingers.type("hlj")
    settle(qtbot, 250)
    fingers.press(Key.Key_Return)
    fingers.press(Key.Key_Return, times=2)
    assert focus_name() == "what"
    type_keys("订十条每周只给我两条")
    fingers.press(Key.Key_Return, CONTROL)
    settle(qtbot, 200)
    record = Objection.get()
    assert (record.customer_name, record.what, record.status) == ("好邻居副食店", "订十条每周只给我两条", "open")
    assert fingers.pressed <= 12


def test_solved_at_once_takes_three_keys_more(window: Window, customer: Customer, qtbot: QtBot) -> None:
    window.open_form("objection", {"customer": customer.number})
    settle(qtbot, 20)
    key(Key.Key_2, ALT)
    type_keys("订十条每周只给我两条")
    key(Key.Key_6, ALT)
    key(Key.Key_Right)
    hit(qtbot, Key.Key_Return, CONTROL)
    assert Objection.get().status == "closed"


def test_all_of_it_fits_a_larger_screen(window: Window, customer: Customer, make: Make, qtbot: QtBot) -> None:
    make.card("published")
    language.choose("zh_CN")
    window.resize(1440, 960)
    window.open_form("objection", {"customer": customer.number})
    settle(qtbot)
    page = window.page
    assert isinstance(page, ObjectionForm)
    fill(page.form, what="为什么别人有货，我没有？", method="indirect", **SHORTAGE)
    settle(qtbot, 300)
    assert page.suggestions.isVisible()
    assert not page.form.cards[2].folded()
    assert scrolled(page) == 0


@pytest.mark.parametrize("code", ["zh_CN", "en"])
@pytest.mark.parametrize(("width", "height"), [(1366, 696), (1440, 828), (1440, 900)])
def test_a_new_objection_is_seen_whole(window: Window, qtbot: QtBot, code: str, width: int, height: int) -> None:
    language.choose(code)
    window.resize(width, height)
    window.open_form("objection", {})
    settle(qtbot, 30)
    assert isinstance(window.page, ObjectionForm)
    assert scrolled(window.page) == 0


def test_on_a_low_screen_the_classification_is_one_line_until_asked_for(form: ObjectionForm, qtbot: QtBot) -> None:
    card = form.form.cards[2]
    assert card.folded()
    assert not form.form.editor("content").isVisible()
    key(Key.Key_3, ALT)
    assert not card.folded()
    assert focus_name() == "expression"
    press(card, "fold")
    assert card.folded()
    fill(form.form, nature="genuine")
    assert card.hint.accessibleName() == "Genuine"


def test_a_mistake_in_a_folded_card_is_seen(form: ObjectionForm, customer: Customer) -> None:
    fill(form.form, customer=customer.number, what="再看看", nature="hidden")
    form.outcome._choose("close")
    press(form, "save")
    assert form.form.rows["hidden_demand"].error()
    assert form.form.editor("hidden_demand").isVisible()


def test_methods_that_fit_come_first(form: ObjectionForm, qtbot: QtBot) -> None:
    key(Key.Key_4, ALT)  # on a low page they are folded
    fill(form.form, **SHORTAGE)
    settle(qtbot)
    assert method_chips(form)[:3] == ["enquiry", "indirect", "tactful"]
    assert method_chips(form)[-2:] == ["rebuttal", "compensation"]
    assert "Rebuttal, Compensation" in words_of(form.form.cards[3])


def test_a_method_against_its_guard_asks_for_a_reason(form: ObjectionForm, customer: Customer, qtbot: QtBot) -> None:
    key(Key.Key_4, ALT)
    fill(form.form, customer=customer.number, what="订十条只给两条", **SHORTAGE)
    assert not form.form.editor("method_reason").isVisible()
    press(form, "method_compensation")
    assert "Only for a genuine, valid objection." in words_of(form.form.cards[3])
    assert form.form.editor("method_reason").isVisible()
    press(form, "save")
    assert "rule 11" in form.form.rows["method_reason"].error()
    assert Objection.select().count() == 0
    fill(form.form, method_reason="陈经理同意破例")
    press(form, "save")
    assert (Objection.get().method, Objection.get().method_reason) == ("compensation", "陈经理同意破例")


def test_a_method_is_chosen_by_keyboard(form: ObjectionForm) -> None:
    key(Key.Key_4, ALT)
    assert focus_name() == "method"
    key(Key.Key_Right)
    assert form.raw()["method"] == "enquiry"
    key(Key.Key_2)
    assert form.raw()["method"] == "indirect"
    key(Key.Key_Delete)
    assert form.raw()["method"] is None
    key(Key.Key_Return)
    assert focus_name() != "method"


def test_a_hidden_objection_asks_for_the_demand_behind_it(form: ObjectionForm) -> None:
    form.form.focus_field("nature")
    assert not form.form.editor("hidden_demand").isVisible()
    fill(form.form, nature="hidden")
    assert form.form.editor("hidden_demand").isVisible()
    assert "write the demand behind it" in words_of(form.form.cards[2])


def test_a_reply_is_suggested_for_the_end_of_a_working_day(form: ObjectionForm, clock: Clock) -> None:
    for hours, suggested in ((0, "11-23"), (4, "11-24"), (72, "11-27"), (24, "11-30"), (20, "11-30")):
        clock.advance(hours=hours)
        form.promised.set_value(None)
        form.outcome.chosen.emit("promise")
        assert form.promised.text() == f"2026-{suggested} 17:30"


def test_the_elements_that_are_missing_are_named(form: ObjectionForm) -> None:
    hint = form.form.cards[1].hint
    fill(form.form, what="订十条只给两条", where="门店")
    assert hint.accessibleName() == "3 of 5 noted; missing: Who is concerned, How the customer wants it solved"
    fill(form.form, who="赵师傅", wish="补齐")
    assert hint.accessibleName() == "all five noted"


def test_the_step_that_is_due_is_coached(form: ObjectionForm) -> None:
    talk = form.form.cards[4]
    assert "Take up the feeling first" in words_of(talk)
    form.form.editor("step_buffer").click()
    assert "Take up the feeling first" not in words_of(talk)
    assert "Ask open questions" in words_of(talk)
    form.form.focus_field("step_persuade")
    assert "Agree first" in words_of(talk)


def test_on_a_narrow_page_the_steps_stand_in_the_form(window: Window, form: ObjectionForm, qtbot: QtBot) -> None:
    assert not form.form.isAncestorOf(form.form.cards[4])
    window.resize(960, 508)
    settle(qtbot)
    assert form.form.isAncestorOf(form.form.cards[4])
    fill(form.form, step_buffer=True)
    window.resize(1366, 696)
    settle(qtbot)
    assert not form.form.isAncestorOf(form.form.cards[4])
    assert form.raw()["step_buffer"] is True


def test_the_last_one_is_repeated_but_for_its_words(form: ObjectionForm, make: Make, told: Told, qtbot: QtBot) -> None:
    make.objection(channel="wechat", content="need", family="supply", method="tactful", where="门店", wish="补齐", **SHORTAGE)
    hit(qtbot, Key.Key_D, CONTROL)
    raw = form.raw()
    assert [raw[code] for code in ("channel", "content", "family", "cause", "method")] == [
        "wechat", "need", "supply", "system.supply_shortage", "tactful",
    ]  # fmt: skip
    assert [raw[code] for code in ("what", "wish", "where", "customer", "nature")] == [None] * 5
    assert told.toasts == ["Taken over from YY-202611-0001"]


def test_a_method_that_needs_more_than_was_repeated_is_not_taken(form: ObjectionForm, make: Make, qtbot: QtBot) -> None:
    make.objection(method="compensation", nature="genuine", cause="product.defect")
    hit(qtbot, Key.Key_D, CONTROL)
    assert (form.raw()["cause"], form.raw()["method"]) == ("product.defect", None)


def test_without_an_earlier_one_nothing_is_repeated(form: ObjectionForm, told: Told, qtbot: QtBot) -> None:
    assert objections.last_of(form.session, form.session.user) is None
    hit(qtbot, Key.Key_D, CONTROL)
    assert told.toasts == ["There is no objection of yours yet."]


def test_a_pasted_chat_fills_what_it_tells_and_marks_it(
    form: ObjectionForm, make: Make, customer: Customer, qtbot: QtBot
) -> None:
    product = make.product()
    QGuiApplication.clipboard().setText(CHAT)
    hit(qtbot, Key.Key_V, CONTROL | SHIFT)
    raw = form.raw()
    assert (raw["customer"], raw["product"], raw["what"]) == (customer.number, product.number, CHAT)
    assert str(raw["occurred_at"]).startswith("2026-11-22 14:05")
    assert set(form.chat.unconfirmed()) == {"customer", "product", "occurred_at"}
    assert "please confirm" in words_of(form.form.rows["customer"])
    assert "Phone, Time, Product, Batch, Customer" in words_of(form)
    form.form.editor("where").setFocus()
    fill(form.form, occurred_at="2026-11-22 14:00")
    assert "occurred_at" not in form.chat.unconfirmed()
    press(form, "All correct")
    assert form.chat.unconfirmed() == ()
    assert "please confirm" not in words_of(form)
    press(form, "save")
    assert Objection.get().what == CHAT


def test_messages_of_wechat_change_the_channel_that_nobody_chose(form: ObjectionForm, customer: Customer) -> None:
    assert form.raw()["channel"] == "phone"
    QGuiApplication.clipboard().setText(f"{CHAT}\n王敏  2026/11/22 14:06:10\n我马上查")
    press(form, "paste_chat")
    assert form.raw()["channel"] == "wechat"
    assert "2026/11/22 14:05:33" in words_of(form.form.rows["channel"])


def test_a_paste_is_undone(form: ObjectionForm, customer: Customer) -> None:
    fill(form.form, what="老赵来电")
    QGuiApplication.clipboard().setText(CHAT)
    press(form, "paste_chat")
    assert form.raw()["what"] == f"老赵来电\n{CHAT}"
    press(form, "Undo")
    assert (form.raw()["what"], form.raw()["customer"]) == ("老赵来电", None)


def test_what_was_typed_stays_when_a_chat_is_pasted(form: ObjectionForm, make: Make, customer: Customer) -> None:
    other = make.customer(name="老街口烟店", phone="13900001111")
    fill(form.form, customer=other.number)
    QGuiApplication.clipboard().setText(CHAT)
    press(form, "paste_chat")
    assert form.raw()["customer"] == other.number
    assert "customer" not in form.chat.unconfirmed()


def test_a_text_that_tells_nothing_is_kept_as_words(form: ObjectionForm) -> None:
    QGuiApplication.clipboard().setText("在吗")
    press(form, "paste_chat")
    assert form.raw()["what"] == "在吗"
    assert "Nothing was recognised" in words_of(form)


def test_an_empty_clipboard_says_so(form: ObjectionForm, told: Told) -> None:
    QGuiApplication.clipboard().clear()
    press(form, "paste_chat")
    assert told.toasts == ["There is no text to paste. Copy the chat first."]


def test_a_chat_in_a_complaint_brings_phone_and_batch(window: Window, make: Make, customer: Customer, qtbot: QtBot) -> None:
    product = make.product()
    window.open_form("complaint", {})
    QApplication.processEvents()
    page = window.page
    assert isinstance(page, ComplaintForm)
    QGuiApplication.clipboard().setText(CHAT)
    hit(qtbot, Key.Key_V, CONTROL | SHIFT)
    assert set(page.chat.unconfirmed()) == {"customer", "phone", "received_at", "product_lines"}
    press(page, "save")
    record = Complaint.get()
    held = values_of(make.session, record)
    assert (record.customer.number, record.phone, record.description) == (customer.number, "13800000415", CHAT)
    assert [(line["product"], line["batch"]) for line in held["product_lines"]] == [(product.number, "20260914-B07")]


def test_the_page_tells_what_is_missing_and_how_the_method_is_guarded(window: Window, make: Make) -> None:
    made = make.objection(nature="hidden", cause="system.supply_shortage", method="compensation", method_reason="经理同意")
    window.open_record(made.number)
    page = window.page
    assert isinstance(page, ObjectionPage)
    assert "Not known yet: Where, Who is concerned" in words_of(page)
    page.open_tab("axes")
    QApplication.processEvents()
    assert "Only for a genuine, valid objection." in words_of(page)
    assert "write the demand behind it" in words_of(page)
    page.open_tab("steps")
    QApplication.processEvents()
    assert "Take up the feeling first" in words_of(page)


def test_the_page_offers_methods_where_none_was_chosen(window: Window, make: Make) -> None:
    window.open_record(make.objection(**SHORTAGE).number)
    window.page.open_tab("axes")  # type: ignore[attr-defined]
    QApplication.processEvents()
    assert "Methods that fit: Enquiry, Indirect, Tactful" in words_of(window.page)


def test_objection_and_complaint_lead_to_each_other(window: Window, make: Make, qtbot: QtBot) -> None:
    made = make.steps(make.objection(where="门店", handler="刘洋"), "escalate")
    window.open_record(made.number)
    window.page.open_tab("source")  # type: ignore[attr-defined]
    QApplication.processEvents()
    assert made.complaint.number in buttons(window.page)
    window.open_record(made.complaint.number)
    settle(qtbot)
    assert made.number in buttons(window.page)
    assert "门店" in words_of(window.page)


def test_calls_in_a_row_are_written_down_without_leaving_the_form(
    window: Window, make: Make, customer: Customer, qtbot: QtBot
) -> None:
    window.open_form("objection", {})
    QApplication.processEvents()
    first = window.page
    assert isinstance(first, ObjectionForm)
    hit(qtbot, Key.Key_Return, CONTROL | SHIFT)
    assert window.page is first  # what is missing is said, nothing is left
    fill(first.form, customer=customer.number, what="订十条每周只给我两条")
    hit(qtbot, Key.Key_Return, CONTROL | SHIFT)
    assert isinstance(window.page, ObjectionForm)
    assert window.page is not first
    assert window.page.raw()["what"] in (None, "")
    assert Objection.select().count() == 1
