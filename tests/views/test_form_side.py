"""What stands beside a form agrees with what stands in it."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from app.models.complaints import Complaint
from app.models.customers import Customer
from app.views.form_page import FormPage
from app.views.window import Window
from tests.make import Make
from tests.views.stage import (
    Key,
    fill,
    form_of,
    key,
    press,
    type_keys,
    words_of,
)


@pytest.fixture
def customer(make: Make) -> Customer:
    return make.customer(name="鑫瑞达商行", phone="13800001234", address="解放路6号")


def savable(page: FormPage) -> bool:
    """Whether the side says so."""
    QApplication.processEvents()
    return "It can be saved." in words_of(page)


def test_the_side_never_says_that_it_can_be_saved_beside_something_red(window: Window, make: Make, customer: Customer) -> None:
    page = form_of(window, "complaint")
    fill(page.form, customer=customer.number, description="六条霉变")
    assert savable(page)
    for code, wrong, right in (("description", "字" * 32_001, "六条霉变"), ("received_at", "32.13.2026", "2026-11-23")):
        fill(page.form, **{code: wrong})
        assert not savable(page)
        fill(page.form, **{code: right})
        assert savable(page)
    fill(page.form, product_lines=[{"product": make.product().number, "quantity": "3", "defective_quantity": "5"}])
    press(page, "save")
    assert not savable(page)
    assert [code for code, _words in page.form.missing()] == ["product_lines"]


def test_a_customer_that_is_typed_and_not_chosen_is_still_to_be_filled_in(window: Window, customer: Customer) -> None:
    page = form_of(window, "complaint")
    fill(page.form, description="六条霉变")
    page.form.focus_field("customer")
    type_keys("twsn")
    assert ("customer", "Fill in “Customer”") in page.form.missing()
    key(Key.Key_Tab)
    assert ("customer", "Correct “Customer”") in page.form.missing()
    assert not savable(page)


def test_what_was_refused_leaves_warnings_as_they_are(window: Window) -> None:
    page = form_of(window, "customer")
    page.form.focus_field("credit_code")
    type_keys("12345")
    key(Key.Key_Tab)
    warned = page.form.rows["credit_code"]
    sentence = words_of(warned)
    assert sentence
    press(page, "save")
    assert page.form.rows["name"].error()
    assert words_of(warned) == sentence
    assert not warned.error()


def test_a_refusal_of_the_whole_is_not_said_to_be_savable(window: Window, customer: Customer) -> None:
    page = form_of(window, "complaint")
    fill(page.form, customer=customer.number, description="六条霉变")
    window.session.open, window.session.roles = False, frozenset()
    press(page, "save")
    assert Complaint.select().count() == 0
    assert not savable(page)
