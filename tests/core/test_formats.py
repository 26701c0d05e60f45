"""How values look to people, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from app.core import formats, language
from app.core.fields import Choice, Field, Kind
from app.models import classifications as of

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 14, 32, tzinfo=SHANGHAI)
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


CAUSE = Field("f", "F", Kind.CHOICE, choices=of.CAUSES)


@pytest.mark.parametrize(
    ("declared", "value", "english", "chinese"),
    [
        (Field("f", "F", Kind.MONEY), Decimal("1260"), "1,260.00", "1,260.00"),
        (Field("f", "F", Kind.QUANTITY), Decimal("1000.500"), "1,000.5", "1,000.5"),
        (Field("f", "F", Kind.QUANTITY), Decimal(0), "0", "0"),
        (Field("f", "F", Kind.BOOLEAN), False, "no", "否"),
        (Field("f", "F", Kind.CHOICE, choices=of.NATURES), "hidden", "Hidden", "隐藏异议"),
        (
            Field("f", "F", Kind.CHOICE, choices=of.CAUSES),
            "customer.budget",
            "The customer·budget too small",
            "客户自身·预算不足",
        ),
        (Field("f", "F", Kind.CHOICE, choices=of.NATURES), "gone", "gone", "gone"),
        (Field("f", "F", Kind.TAGS, choices=of.TAGS), ("crisis_warning", "x"), "Crisis warning, x", "危机预警、x"),
        (Field("f", "F", Kind.MOMENT), NOON, "2026-11-22 12:00", "2026-11-22 12:00"),
        (Field("f", "F", Kind.DATE), date(2026, 1, 2), "2026-01-02", "2026-01-02"),
        (Field("f", "F", Kind.INTEGER), 5, "5", "5"),
        (Field("f", "F"), None, "", ""),
    ],
)
def test_values_are_shown_by_kind(declared: Field, value: object, english: str, chinese: str) -> None:
    assert formats.show(declared, value, NOW) == english
    language.choose("zh_CN")
    assert formats.show(declared, value, NOW) == chinese


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (datetime(2026, 11, 23, 9, 0, tzinfo=UTC), "今天 17:00"),
        (date(2026, 11, 22), "昨天"),
        (datetime(2026, 11, 23, 16, 0, tzinfo=UTC), "明天 00:00"),
        (date(2026, 11, 26), "周四"),
        (date(2026, 11, 30), "11-30"),
        (date(2026, 11, 20), "11-20"),
        (date(2027, 1, 5), "2027-01-05"),
    ],
)
def test_days_near_today_have_words(value: date, words: str) -> None:
    language.choose("zh_CN")
    assert formats.near(value, NOW) == words


def test_a_day_in_running_text() -> None:
    assert formats.long_day(date(2026, 1, 2)) == "2 January 2026"
    language.choose("zh_CN")
    assert formats.long_day(date(2026, 1, 2)) == "2026年1月2日"


@pytest.mark.parametrize(("rate", "shown"), [(0.8421, "84.2 %"), (0.0, "0.0 %"), (None, "—")])
def test_rates_are_percents_or_a_dash(rate: float | None, shown: str) -> None:
    assert formats.percent(rate) == shown


def test_json_has_offsets_and_two_decimals() -> None:
    value = {"at": NOON, "day": date(2026, 1, 2), "cost": Decimal("5.00"), "tags": ("a",), "none": None, "n": 1, "yes": True}
    assert formats.as_json(value, SHANGHAI) == {
        "at": "2026-11-22T12:00:00+08:00", "day": "2026-01-02", "cost": "5.00", "tags": ["a"], "none": None, "n": 1, "yes": True,
    }  # fmt: skip


def test_a_choice_without_group_is_its_word() -> None:
    assert formats.label(Field("f", "F", Kind.CHOICE, choices=(Choice("a", "Draft"),)), "a") == "Draft"


def test_sizes_of_files_are_told_in_short_words() -> None:
    assert [formats.file_size(size) for size in (0, 1, 1023, 5_000, 1_300_000)] == ["0 KB", "1 KB", "1 KB", "4 KB", "1.2 MB"]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.MOMENT, NOON),
        (Kind.MOMENT, date(2026, 11, 22)),
        (Kind.MOMENT, datetime(2027, 1, 1, 4, tzinfo=UTC)),
        (Kind.DATE, date(2026, 11, 22)),
        (Kind.MONEY, Decimal("1260.00")),
        (Kind.QUANTITY, Decimal("1000.5")),
        (Kind.INTEGER, 5),
        (Kind.BOOLEAN, False),
        (Kind.TEXT, "2026-11-22"),
        (Kind.MONEY, None),
    ],
)
def test_a_value_comes_back_from_json_as_itself(kind: Kind, value: object) -> None:
    declared = Field("f", "F", kind, happened=True)
    assert formats.from_json(declared, formats.as_json(value, SHANGHAI), NOW) == value


@pytest.mark.parametrize(
    ("kind", "typed"),
    [(Kind.MOMENT, "昨天 9点"), (Kind.DATE, "11-2"), (Kind.DATE, "32.13."), (Kind.MONEY, "1,260"), (Kind.QUANTITY, "06")],
)
def test_what_was_typed_otherwise_stays_as_it_was_typed(kind: Kind, typed: str) -> None:
    assert formats.from_json(Field("f", "F", kind), typed, NOW) == typed
