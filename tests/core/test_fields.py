"""Values that come in: read by kind, or refused with a sentence."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import fields, language
from app.core.errors import UserError, ValidationError
from app.core.fields import Choice, Field, Kind
from app.models import classifications as of

NOW = datetime(2026, 11, 23, 14, 32, tzinfo=ZoneInfo("Asia/Shanghai"))


def read(kind: Kind, raw: object, **more: object) -> object:
    return fields.read(Field("field", "Field", kind).but(**more), raw, NOW)


def refused(kind: Kind, raw: object, **more: object) -> str:
    with pytest.raises(UserError) as caught:
        read(kind, raw, **more)
    return str(caught.value)


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("raw", [None, "", "  ", "\u3000\n"])
def test_nothing_is_nothing_in_every_field(kind: Kind, raw: object) -> None:
    assert read(kind, raw) is None


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.MEMO, Kind.PHONE, Kind.CODE])
def test_yes_and_no_are_no_text(kind: Kind) -> None:
    assert "A text is wanted" in refused(kind, True)


@pytest.mark.parametrize("raw", [["a", True], [["a"]], [{"a": 1}]])
def test_tags_are_words(raw: object) -> None:
    assert "Words are wanted" in refused(Kind.TAGS, raw)
    assert "not a list" in refused(Kind.TAGS, {"a": 1})


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.TAGS])
@pytest.mark.parametrize("raw", [{"a": 1}, ["a"], ("a", "b")])
def test_a_list_is_no_value_of_a_plain_field(kind: Kind, raw: object) -> None:
    assert "not a list" in refused(kind, raw)


@pytest.mark.parametrize("raw", [[], (), "，、,", [" "]])
def test_no_tags_are_nothing(raw: object) -> None:
    assert read(Kind.TAGS, raw) is None


def test_tags_come_apart_at_commas_of_both_widths_and_once() -> None:
    assert read(Kind.TAGS, "大户，老客户、大户, 团购") == ("大户", "老客户", "团购")


def test_control_characters_do_not_hide_in_a_list_of_tags() -> None:
    assert "U+0007" in refused(Kind.TAGS, ["大\x07户"])


def test_text_stays_as_typed_blanks_included() -> None:
    assert read(Kind.TEXT, "  ｔｅｌ：1 ") == "  ｔｅｌ：1 "


def test_lengths_are_counted_and_never_cut() -> None:
    assert read(Kind.TEXT, "𠮷" * 5, max_length=5) == "𠮷" * 5
    assert refused(Kind.TEXT, "𠮷" * 6, max_length=5).startswith("6 characters are too many, 5 are possible.")
    assert "32000" in refused(Kind.MEMO, "字" * 32_001)


def test_only_a_memo_has_lines() -> None:
    assert read(Kind.MEMO, "一\r\n二") == "一\n二"
    assert "line break" in refused(Kind.TEXT, "一\n二")


@pytest.mark.parametrize("kind", [Kind.PHONE, Kind.CODE])
def test_invisible_ends_of_numbers_are_dropped(kind: Kind) -> None:
    assert read(kind, "\u202d138-0000-1234\u202c ") == "138-0000-1234"
    assert "U+202E" in refused(kind, "138\u202e0000")


@pytest.mark.parametrize(
    ("raw", "amount"),
    [("1,260.00", "1260.00"), ("１，２６０．５元", "1260.50"), ("¥ 0.05", "0.05"),
     (99999999.99, "99999999.99"), (Decimal("1E+3"), "1000.00"),
     ("0", "0.00"), ("+12.", "12.00"), ("99999999999.99", "99999999999.99"), (".5", "0.50")],
)  # fmt: skip
def test_amounts_are_read(raw: object, amount: str) -> None:
    value = read(Kind.MONEY, raw)
    assert str(value) == amount


@pytest.mark.parametrize(
    "raw",
    ["1,26", "12,34,567", "1_000", "1e3", "abc", "NaN", "Infinity", "--1", "", "1.2.3", True, "九十", "9" * 70, float("inf")],
)
def test_what_is_no_amount_is_refused(raw: object) -> None:
    assert raw == "" or "is no number" in refused(Kind.MONEY, raw)


@pytest.mark.parametrize("raw", ["-1", "-0.01", "100000000000.00", 1e300])
def test_amounts_have_limits(raw: object) -> None:
    assert "lies between 0.00 and 99,999,999,999.99" in refused(Kind.MONEY, raw)


@pytest.mark.parametrize(
    ("kind", "raw"), [(Kind.MONEY, "0.005"), (Kind.MONEY, 1e-9), (Kind.QUANTITY, "0.0001"), (Kind.MONEY, "1." + "0" * 40 + "1")]
)
def test_places_that_would_be_lost_are_refused(kind: Kind, raw: object) -> None:
    assert "decimal places" in refused(kind, raw)


@pytest.mark.parametrize(("raw", "quantity"), [("1.500", "1.5"), (1000, "1000"), ("0", "0"), ("1,000,000,000", "1000000000")])
def test_quantities_lose_needless_zeros_only(raw: object, quantity: str) -> None:
    assert f"{read(Kind.QUANTITY, raw):f}" == quantity


def test_quantities_have_limits() -> None:
    assert "quantity lies between" in refused(Kind.QUANTITY, "1000000001")


@pytest.mark.parametrize("raw", ["1.5", "10000000000"])
def test_a_whole_number_is_whole_and_of_sensible_size(raw: str) -> None:
    assert "no whole number" in refused(Kind.INTEGER, raw)


def test_a_range_is_named() -> None:
    limits = {"minimum": Decimal(1), "maximum": Decimal(5)}
    assert read(Kind.INTEGER, "５", **limits) == 5
    assert refused(Kind.INTEGER, 6, **limits) == "6 is out of range: 1 to 5."
    assert refused(Kind.INTEGER, 0, minimum=Decimal(1)) == "0 is out of range: 1 to …."


@given(st.one_of(st.text(max_size=80), st.floats(), st.integers(), st.decimals()))
def test_no_value_crashes_a_number(raw: object) -> None:
    for kind in (Kind.MONEY, Kind.QUANTITY, Kind.INTEGER):
        try:
            read(kind, raw)
        except UserError:
            continue


@pytest.mark.parametrize("kind", [Kind.DATE, Kind.MOMENT])
def test_what_has_happened_is_not_in_the_future(kind: Kind) -> None:
    assert read(kind, "2026-11-23", happened=True) == date(2026, 11, 23)
    assert "lies in the future" in refused(kind, "2026-11-24", happened=True)
    assert read(kind, "2026-11-24") == date(2026, 11, 24)


def test_a_minute_ahead_is_the_future_too() -> None:
    assert read(Kind.MOMENT, "14:32", happened=True) == NOW
    assert "lies in the future" in refused(Kind.MOMENT, "14:33", happened=True)


@pytest.mark.parametrize("kind", [Kind.DATE, Kind.MOMENT])
@pytest.mark.parametrize(
    ("raw", "why"), [("1899-12-31", "before 1900"), ("2201-01-01", "too far ahead"), (date(1, 1, 1), "before 1900")]
)
def test_years_that_nobody_means_are_refused(kind: Kind, raw: object, why: str) -> None:
    assert why in refused(kind, raw)


def test_instants_at_the_ends_of_the_calendar_are_refused() -> None:
    for kind in (Kind.MOMENT, Kind.DATE):
        assert "There is no" in refused(kind, datetime(1, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai")))
        assert "There is no" in refused(kind, datetime.max.replace(tzinfo=UTC))
    assert "There is no" in refused(Kind.MOMENT, "9999-12-31T23:00:00Z")


def test_an_instant_is_kept_in_utc_and_a_day_as_a_day() -> None:
    assert read(Kind.MOMENT, "2026-11-23 09:00") == datetime(2026, 11, 23, 1, tzinfo=UTC)
    assert read(Kind.MOMENT, datetime(2026, 11, 23, 9)) == datetime(2026, 11, 23, 1, tzinfo=UTC)
    assert read(Kind.DATE, datetime(2026, 11, 22, 23, 30, tzinfo=UTC)) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("raw", "value"),
    [("是", True), ("√", True), ("YES", True), (1, True), ("否", False), ("没有", False), ("0", False), (False, False)],
)
def test_yes_and_no_in_both_languages(raw: object, value: bool) -> None:
    assert read(Kind.BOOLEAN, raw) is value


def test_neither_yes_nor_no_is_said() -> None:
    assert refused(Kind.BOOLEAN, "也许") == "“也许” is neither yes nor no."


@pytest.mark.parametrize("raw", ["genuine", "Genuine", "ＧＥＮＵＩＮＥ", "真实异议"])
def test_a_choice_is_known_by_code_and_word(raw: str) -> None:
    language.choose("zh_CN")
    assert read(Kind.CHOICE, raw, choices=of.NATURES) == "genuine"


def test_an_unknown_choice_names_the_known_ones() -> None:
    assert refused(Kind.CHOICE, "?", choices=of.NATURES) == "“?” is not among the choices: Genuine, False, Hidden."


def test_a_word_of_two_choices_is_not_guessed() -> None:
    assert refused(Kind.CHOICE, "storage", choices=of.STAGES).startswith(
        "“storage” can mean several choices: maker.storage, company.storage"
    )
    assert read(Kind.CHOICE, "Company·storage", choices=of.STAGES) == "company.storage"
    assert read(Kind.CHOICE, "company.storage", choices=of.STAGES) == "company.storage"


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_every_choice_is_known_by_what_lists_show(lang: str) -> None:
    from app.core import formats

    language.choose(lang)
    for choices in (of.CAUSES, of.STAGES, of.METHODS, of.REMEDIES, of.SERVICE_FAILURES, of.CUSTOMER_TYPES, of.CHANNELS):
        declared = Field("field", "Field", Kind.CHOICE, choices=choices)
        for choice in choices:
            assert fields.read(declared, formats.show(declared, choice.code, NOW), NOW) == choice.code


NAME = Field("name", "Name", required=True)
AGE = Field("age", "Age", Kind.INTEGER)


def test_each_wrong_field_has_its_sentence() -> None:
    with pytest.raises(ValidationError) as caught:
        fields.clean((NAME, AGE), {"age": "1.5", "colour": "red"}, NOW)
    assert caught.value.errors == {
        "colour": "There is no field “colour”.",
        "name": "Name is missing.",
        "age": "Age: “1.5” is no whole number.",
    }


def test_a_part_of_the_fields_can_be_checked_but_required_ones_not_emptied() -> None:
    assert fields.clean((NAME, AGE), {"age": "3"}, NOW, complete=False) == {"age": 3}
    with pytest.raises(ValidationError):
        fields.clean((NAME, AGE), {"name": " "}, NOW, complete=False)


def test_a_warning_does_not_refuse() -> None:
    odd = NAME.but(warn=lambda value: f"{value} is odd")
    assert fields.clean((odd,), {"name": "x"}, NOW) == {"name": "x"}
    assert fields.warnings((odd, AGE), {"name": "x", "age": 1}) == {"name": "x is odd"}


def test_choices_are_found_by_code() -> None:
    field = Field("field", "Field", Kind.CHOICE, choices=(Choice("a", "A"),))
    assert field.choice("a") == Choice("a", "A")
    assert field.choice("b") is None
