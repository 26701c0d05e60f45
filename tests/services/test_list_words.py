"""What a list was asked for, in words."""

from __future__ import annotations

from datetime import date

import pytest

from app.core import language
from app.models.listing import COMPLAINTS, CUSTOMERS, OPEN, UNCLASSIFIED, Query
from app.services.list_words import conditions

ALL = Query(
    text=" 霉变 ",
    where={"status": (OPEN,), "class": ("product", UNCLASSIFIED), "handler": ("刘洋",)},
    since=date(2026, 11, 1),
    until=date(2026, 11, 23),
    sort="received_at",
)


def test_search_filters_days_and_order_are_named_in_chinese() -> None:
    language.choose("zh_CN")
    told = "查找：霉变；状态：未结；投诉类别：因产品、未归类；经办人：刘洋；投诉时间：2026-11-01 至 2026-11-23"
    assert conditions(COMPLAINTS, ALL) == [*told.split("；"), "按投诉时间降序排列"]


def test_a_yes_is_a_word() -> None:
    asked = Query(where={"complained_then_lost": ("true",), "anniversary": ("false",)})
    assert conditions(CUSTOMERS, asked)[:2] == ["Complained, then lost: yes", "Anniversary: no"]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (Query(), ["sorted by Received at, descending"]),
        (Query(ids=(1, 2)), ["2 chosen", "sorted by Received at, descending"]),
        (
            Query(since=date(2026, 11, 1), sort="number", descending=False),
            ["Received at: 2026-11-01 to …", "sorted by Number, ascending"],
        ),
        (
            Query(since=date(2026, 11, 1), until=date(2026, 11, 1)),
            ["Received at: 2026-11-01", "sorted by Received at, descending"],
        ),
    ],
)
def test_only_what_is_on_is_named(query: Query, told: list[str]) -> None:
    assert conditions(COMPLAINTS, query) == told
