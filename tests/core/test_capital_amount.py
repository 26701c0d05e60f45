"""Amounts in capitals: by the rules of the People's Bank, and readable back."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.capital_amount import capital_amount
from app.core.errors import UserError

DIGITS = {character: value for value, character in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1000}


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.05", "人民币伍分"),
        ("0.50", "人民币伍角整"),
        ("0.00", "人民币零元整"),
        ("10.50", "人民币壹拾元伍角整"),
        ("1010.00", "人民币壹仟零壹拾元整"),
        ("1260", "人民币壹仟贰佰陆拾元整"),
        ("1680.32", "人民币壹仟陆佰捌拾元叁角贰分"),
        ("6007.14", "人民币陆仟零柒元壹角肆分"),
        ("16409.02", "人民币壹万陆仟肆佰零玖元零贰分"),
        ("107000.53", "人民币壹拾万零柒仟元伍角叁分"),
        ("100000.00", "人民币壹拾万元整"),
        ("100010000.00", "人民币壹亿零壹万元整"),
        ("1010000300.00", "人民币壹拾亿零壹仟万零叁佰元整"),
        ("1110000000.00", "人民币壹拾壹亿壹仟万元整"),
        ("1000000000000.00", "人民币壹万亿元整"),
        ("1000100000000.00", "人民币壹万零壹亿元整"),
        ("99999999.99", "人民币玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_amounts_in_capitals(amount: str, words: str) -> None:
    assert capital_amount(Decimal(amount)) == words


@pytest.mark.parametrize("amount", ["-0.01", "0.001", "NaN", "Infinity", "10000000000000000"])
def test_what_has_no_capitals_is_refused_by_a_sentence(amount: str) -> None:
    with pytest.raises(UserError, match="capitals"):
        capital_amount(Decimal(amount))


def group_value(words: str) -> int:
    return sum(DIGITS[digit] * PLACES.get(place, 1) for digit, place in re.findall(r"([壹贰叁肆伍陆柒捌玖])([拾佰仟]?)", words))


def whole_value(words: str) -> int:
    upper, _, lower = words.rpartition("亿")
    total = 0
    for part, factor in ((upper, 10**8), (lower, 1)):
        ten_thousands, _, ones = part.rpartition("万")
        total += (group_value(ten_thousands) * 10_000 + group_value(ones)) * factor
    return total


def value(words: str) -> Decimal:
    found = re.fullmatch(r"人民币(?:(.+)元)?(?:零?(.)角)?(?:零?(.)分)?整?", words)
    assert found
    whole, jiao, fen = (part or "零" for part in found.groups())
    return Decimal(whole_value(whole) * 100 + DIGITS[jiao] * 10 + DIGITS[fen]) / 100


@given(st.one_of(st.integers(0, 10**18 - 1), st.integers(0, 10**7)))
def test_what_is_written_reads_back_as_the_same_amount(fen: int) -> None:
    amount = Decimal(fen) / 100
    words = capital_amount(amount)
    assert value(words) == amount
    assert "零零" not in words
    assert words.endswith("整") == (fen % 10 == 0)
