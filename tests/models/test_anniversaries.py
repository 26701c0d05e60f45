"""Birthdays and years as a customer: the next fourteen days, on the workbench and as a filter of the list."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from app.models import anniversaries
from app.models.listing import CUSTOMERS, Query
from tests.make import Make


def told(make: Make, limit: int = 9) -> list[tuple[str, str, int]]:
    found = anniversaries.coming(make.session, limit)
    return [(f"{one.day:%m-%d}", one.contact or one.customer, one.years) for one in found]


def near(make: Make) -> list[str]:
    return [
        row[2] for row in CUSTOMERS.all(make.session, Query(where={"anniversary": ("true",)}, sort="number", descending=False))
    ]


@pytest.mark.parametrize(
    ("birthday", "days"),
    [("1980-11-23", "11-23"), ("1980-12-06", "12-06"), ("1980-12-07", ""), ("1980-11-22", ""), ("2026-11-23", "")],
)
def test_birthdays_of_the_next_fourteen_days_come(make: Make, birthday: str, days: str) -> None:
    make.customer(contacts=[{"name": "周建国", "birthday": birthday}])
    assert told(make) == ([(days, "周建国", 46)] if days else [])
    assert near(make) == (["鑫瑞达商行"] if days else [])


def test_who_left_is_no_longer_congratulated(make: Make) -> None:
    make.customer(contacts=[{"name": "李秀兰", "birthday": "1970-11-25", "until": "2026-06-02"}])
    make.steps(make.customer(customer_since="2014-11-25"), ("lose", {"lost_reason": "x"}))
    assert told(make) == near(make) == []


def test_years_as_a_customer_come_after_birthdays_and_key_customers_first(make: Make) -> None:
    make.customer(name="甲", customer_since="2014-11-25")
    make.customer(name="乙", customer_since="2016-11-25", tier="key")
    make.customer(name="丙", customer_since="2020-12-01", contacts=[{"name": "周雨", "birthday": "1990-11-25"}])
    make.customer(name="丁", customer_since="2026-11-20")
    assert told(make) == [("11-25", "周雨", 36), ("11-25", "乙", 10), ("11-25", "甲", 12), ("12-01", "丙", 6)]
    assert told(make, 2) == told(make)[:2]
    assert near(make) == ["甲", "乙", "丙"]
    assert [one.years for one in anniversaries.of_customer(make.session, 3)] == [36, 6]


def test_the_year_turns_within_the_days_ahead(make: Make, clock: Any) -> None:
    clock.present = datetime(2026, 12, 28, 1, tzinfo=UTC)
    make.customer(customer_since="2026-01-03", contacts=[{"name": "周雨", "birthday": "1990-01-10"}])
    assert told(make) == [("01-03", "鑫瑞达商行", 1), ("01-10", "周雨", 37)]
    assert near(make) == ["鑫瑞达商行"]


@pytest.mark.parametrize(("year", "day"), [(2027, "02-28"), (2028, "02-29")])
def test_a_birthday_on_29_february_is_on_the_28th_where_there_is_none(make: Make, clock: Any, year: int, day: str) -> None:
    clock.present = datetime(year, 2, 20, 1, tzinfo=UTC)
    make.customer(contacts=[{"name": "周雨", "birthday": "1992-02-29"}])
    assert [one[0] for one in told(make)] == [day]
    assert near(make) == ["鑫瑞达商行"]
