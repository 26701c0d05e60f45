"""Amounts and quantities to the last digit: read, kept and shown, with what is said where they cannot be."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from app.core import formats
from app.core.database import MoneyColumn, QuantityColumn
from app.core.errors import UserError
from app.core.fields import LARGEST_MONEY, Field, Kind, read

NOW = datetime(2026, 11, 23, 14, 32, tzinfo=ZoneInfo("Asia/Shanghai"))
MONEY, QUANTITY, INTEGER = (Field("f", "Reason", kind) for kind in (Kind.MONEY, Kind.QUANTITY, Kind.INTEGER))


@pytest.mark.parametrize(
    ("declared", "typed", "value"),
    [
        (MONEY, "99,999,999,999.99", LARGEST_MONEY),
        (MONEY, "0", Decimal("0.00")),
        (MONEY, "¥1,260 元", Decimal("1260.00")),
        (MONEY, ".5", Decimal("0.50")),
        (MONEY, "+12.", Decimal("12.00")),
        (MONEY, f"{'0' * 57}1.5", Decimal("1.50")),
        (MONEY, 12.34, Decimal("12.34")),
        (MONEY, 7, Decimal("7.00")),
        (QUANTITY, "1,000,000,000", Decimal(1_000_000_000)),
        (QUANTITY, "0.125", Decimal("0.125")),
        (INTEGER, "1,000,000,000", 1_000_000_000),
        (INTEGER, "-1,000,000,000", -1_000_000_000),
        (INTEGER, "3.0", 3),
    ],
)
def test_a_number_is_read_to_its_limits(declared: Field, typed: object, value: object) -> None:
    found = read(declared, typed, NOW)
    assert found == value
    assert type(found) is type(value)
    assert str(found) == (f"{value:f}" if declared is QUANTITY else str(value))


_NO_AMOUNT = "An amount lies between 0.00 and 99,999,999,999.99."
_NO_QUANTITY = "A quantity lies between 0 and 1,000,000,000."


@pytest.mark.parametrize(
    ("declared", "typed", "sentence"),
    [
        (MONEY, "12a", "“12a” is no number. Write it like 1260.00."),
        (MONEY, "1,26", "“1,26” is no number. Write it like 1260.00."),
        (MONEY, True, "“True” is no number. Write it like 1260.00."),
        (MONEY, float("nan"), "“nan” is no number. Write it like 1260.00."),
        (MONEY, f"{'0' * 58}1.5", f"“{'0' * 40}…” is no number. Write it like 1260.00."),
        (MONEY, "0.001", "0.001 has more than 2 decimal places. Round it first."),
        (QUANTITY, "0.0001", "0.0001 has more than 3 decimal places. Round it first."),
        (MONEY, "-0.01", _NO_AMOUNT),
        (MONEY, "100000000000", _NO_AMOUNT),
        (QUANTITY, "-1", _NO_QUANTITY),
        (QUANTITY, "1000000000.001", _NO_QUANTITY),
        (INTEGER, "1,000,000,001", "“1,000,000,001” is no whole number."),
        (INTEGER, "-1,000,000,001", "“-1,000,000,001” is no whole number."),
        (INTEGER, "1.5", "“1.5” is no whole number."),
    ],
)
def test_what_is_no_such_number_is_said(declared: Field, typed: object, sentence: str) -> None:
    with pytest.raises(UserError) as told:
        read(declared, typed, NOW)
    assert str(told.value) == sentence


def test_both_ends_of_a_range_belong_to_it() -> None:
    between = INTEGER.but(minimum=Decimal(2), maximum=Decimal(4))
    assert [read(between, typed, NOW) for typed in ("2", "3", "4")] == [2, 3, 4]
    for declared, typed, sentence in (
        (between, "1", "1 is out of range: 2 to 4."),
        (between, "5", "5 is out of range: 2 to 4."),
        (INTEGER.but(minimum=Decimal(2)), "1", "1 is out of range: 2 to …."),
        (INTEGER.but(maximum=Decimal(4)), "5", "5 is out of range: … to 4."),
    ):
        with pytest.raises(UserError) as told:
            read(declared, typed, NOW)
        assert str(told.value) == sentence
    assert read(INTEGER.but(minimum=Decimal(2)), "900", NOW) == 900
    assert read(INTEGER.but(maximum=Decimal(4)), "-900", NOW) == -900


@pytest.mark.parametrize(
    ("column", "kept", "value"),
    [
        (MoneyColumn(), 126_050, "1260.50"),
        (MoneyColumn(), 1, "0.01"),
        (MoneyColumn(), 0, "0.00"),
        (QuantityColumn(), 125, "0.125"),
        (QuantityColumn(), 2_000, "2"),
        (QuantityColumn(), 0, "0"),
    ],
)
def test_amounts_are_whole_fen_and_quantities_whole_thousandths(
    column: MoneyColumn | QuantityColumn, kept: int, value: str
) -> None:
    stored = column.db_value(Decimal(value))
    assert (stored, type(stored)) == (kept, int)
    assert f"{column.python_value(kept)}" == value


def test_what_is_unknown_stays_unknown() -> None:
    for column in (MoneyColumn(), QuantityColumn()):
        assert column.db_value(None) is None
        assert column.python_value(None) is None


def test_numbers_look_as_people_write_them() -> None:
    assert formats.money(Decimal("1260")) == "1,260.00"
    several = {"1200.500": "1,200.5", "2.000": "2", "0": "0", "-0": "0", "1E3": "1,000"}
    assert {one: formats.quantity(Decimal(one)) for one in several} == several
    assert [formats.percent(one) for one in (0.8424, None, 0.0)] == ["84.2 %", "—", "0.0 %"]
    assert formats.percent(0.5, 0) == "50 %"
    sizes = (1, 1024, 2047, 2048, 1024 * 1024 - 1, 1024 * 1024, 1_300_000_000)
    assert [formats.file_size(one) for one in sizes] == ["1 KB", "1 KB", "1 KB", "2 KB", "1023 KB", "1.0 MB", "1,239.8 MB"]


def test_a_value_is_shown_by_its_kind() -> None:
    truth = Field("f", "Reason", Kind.BOOLEAN)
    assert formats.show(MONEY, Decimal("1260"), NOW) == "1,260.00"
    assert formats.show(QUANTITY, Decimal("2.000"), NOW) == "2"
    assert (formats.show(truth, True, NOW), formats.show(truth, False, NOW)) == ("yes", "no")
    assert formats.show(MONEY, None, NOW) == ""


@pytest.mark.parametrize("typed", ["-0", "-0.00", Decimal("-0")])
def test_a_minus_before_nothing_is_dropped(typed: object) -> None:
    assert str(read(MONEY, typed, NOW)) == "0.00"
    assert str(read(QUANTITY, typed, NOW)) == "0"
