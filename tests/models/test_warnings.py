"""Phones and identity numbers that are odd: kept as typed, warned about, never refused."""

from __future__ import annotations

import pytest

from app.core import fields
from app.models import warnings
from app.models.agreements import Agreement
from app.models.customers import Customer
from tests.make import Make


@pytest.mark.parametrize(
    "usual",
    [
        "13800001234",
        "138 0000 1234",
        "0755-86121234",
        "+86 138 0000 1234",
        "95588",
        "１３８００００１２３４",
        "12315",
        "4008001234",
    ],
)
def test_usual_phones_pass(usual: str) -> None:
    assert warnings.phone(usual) is None


@pytest.mark.parametrize("odd", ["1380000123", "138000012345", "12", "call me", "1" * 30, "无"])
def test_odd_phones_are_warned_about_and_kept(make: Make, odd: str) -> None:
    assert "kept as typed" in (warnings.phone(odd) or "")
    customer = make.customer(phone=odd)
    assert make.again(customer).phone == odd
    assert set(fields.warnings(Customer.FIELDS, {"phone": odd})) == {"phone"}


@pytest.mark.parametrize(("code", "fits"), [("91110000600037341L", True), ("91110000600037341A", False), ("911100006000", False)])
def test_credit_codes_are_checked(make: Make, code: str, fits: bool) -> None:
    assert (warnings.credit_code(code) is None) is fits
    assert make.customer(credit_code=code).credit_code == code


@pytest.mark.parametrize(("number", "fits"), [("11010519491231002X", True), ("110105194912310021", False)])
def test_identity_numbers_are_checked(number: str, fits: bool) -> None:
    assert (warnings.identity_number(number) is None) is fits


@pytest.mark.parametrize(
    ("value", "warned"),
    [("11010519491231002x", ""), ("110105194912310021", "identity"), ("91110000600037341A", "credit code"), ("440300123456", "")],
)
def test_what_identifies_a_party_is_checked_by_its_form(value: str, warned: str) -> None:
    found = fields.warnings(Agreement.FIELDS, {"party_b_identity": value})
    assert (warned in found["party_b_identity"]) if warned else found == {}
