"""Saved views of lists: kept per person under a name, and what they ask on the day they are opened."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.core.errors import UserError, ValidationError
from app.core.session import Session
from app.models import saved_views, spans
from app.models.listing import COMPLAINTS, OBJECTIONS, Query
from app.models.saved_views import View

OPEN = View(
    text="霉变",
    where={"status": ("registered", "accepted"), "class": ("product",)},
    spans=("month",),
    sort="number",
    descending=False,
    columns={"order": ["number", "customer_name", "status"], "shown": ["status", "number"], "widths": {"number": 150}},
)


def names(session: Session) -> list[str]:
    return [one.name for one in saved_views.of(session, COMPLAINTS)]


def test_a_view_comes_back_as_it_was_saved(session: Session) -> None:
    fixed = View(since=date(2026, 1, 1), until=date(2026, 3, 31))
    assert saved_views.keep(session, COMPLAINTS, "  本月霉变 ", OPEN) == "本月霉变"
    saved_views.keep(session, COMPLAINTS, "一季度", fixed)
    assert saved_views.find(session, COMPLAINTS, "本月霉变") == OPEN
    assert saved_views.find(session, COMPLAINTS, "一季度") == fixed
    assert saved_views.of(session, OBJECTIONS) == []


def test_a_view_may_ask_for_half_a_character_that_was_typed_just_now(session: Session) -> None:
    saved_views.keep(session, COMPLAINTS, "甲", View(text="甲\ud83d", where={"handler": ("\ud83d",)}))
    assert saved_views.find(session, COMPLAINTS, "甲").text == "甲\ud83d"


def test_the_same_name_replaces_and_stays_the_first(session: Session) -> None:
    saved_views.keep(session, COMPLAINTS, "未结", OPEN)
    saved_views.open_with(session, COMPLAINTS, "未结")
    saved_views.keep(session, COMPLAINTS, "未结", OPEN._replace(text=""))
    (only,) = saved_views.of(session, COMPLAINTS)
    assert (only.first, only.view.text) == (True, "")


def test_each_person_has_views_of_their_own(session: Session) -> None:
    saved_views.keep(session, COMPLAINTS, "未结", OPEN)
    other = replace(session, user="刘洋")
    saved_views.keep(other, COMPLAINTS, "未结", View())
    saved_views.drop(other, COMPLAINTS, "未结")
    assert names(session) == ["未结"]
    with pytest.raises(UserError, match="刘洋 has no view “未结” of this list"):
        saved_views.find(other, COMPLAINTS, "未结")


def test_one_view_at_most_is_the_first(session: Session) -> None:
    for name in ("a", "b"):
        saved_views.keep(session, COMPLAINTS, name, OPEN)
        saved_views.open_with(session, COMPLAINTS, name)
    assert [(one.name, one.first) for one in saved_views.of(session, COMPLAINTS)] == [("a", False), ("b", True)]
    first = saved_views.first(session, COMPLAINTS)
    assert first is not None
    assert first.name == "b"
    saved_views.open_with(session, COMPLAINTS, None)
    assert saved_views.first(session, COMPLAINTS) is None


def test_a_new_name_must_be_free_and_a_name(session: Session) -> None:
    for name in ("a", "b"):
        saved_views.keep(session, COMPLAINTS, name, OPEN)
    saved_views.open_with(session, COMPLAINTS, "a")
    with pytest.raises(UserError, match="There is a view “b” already"):
        saved_views.rename(session, COMPLAINTS, "a", "b")
    for name in (" ", "字" * 61, "a\x00b", "a\nb"):
        with pytest.raises(ValidationError):
            saved_views.rename(session, COMPLAINTS, "a", name)
    assert saved_views.rename(session, COMPLAINTS, "a", "a") == "a"
    assert saved_views.rename(session, COMPLAINTS, "a", "未结 ") == "未结"
    assert [(one.name, one.first) for one in saved_views.of(session, COMPLAINTS)] == [("b", False), ("未结", True)]


def test_days_are_those_of_the_day_on_which_it_is_opened(session: Session) -> None:
    assert saved_views.query_of(session, COMPLAINTS, OPEN) == Query(
        text="霉变",
        where=OPEN.where,
        since=date(2026, 11, 1),
        until=date(2026, 11, 23),
        sort="number",
        descending=False,
    )
    both = OPEN._replace(spans=("today", "last_month"))
    query = saved_views.query_of(session, COMPLAINTS, both)
    assert (query.since, query.until) == (date(2026, 10, 1), date(2026, 11, 23))


def test_what_the_list_no_longer_knows_is_left_out(session: Session) -> None:
    old = View(where={"gone": ("1",), "status": ("draft",)}, spans=("decade",), sort="gone", columns={"shown": ["gone"]})
    assert saved_views.query_of(session, COMPLAINTS, old) == Query(where={"status": ("draft",)})
    assert saved_views.columns_of(COMPLAINTS, old) == COMPLAINTS.shown
    assert saved_views.columns_of(COMPLAINTS, OPEN) == ("number", "status")


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("today", (2026, 1, 3), (2026, 1, 3)),
        ("week", (2025, 12, 28), (2026, 1, 3)),
        ("month", (2026, 1, 1), (2026, 1, 3)),
        ("last_month", (2025, 12, 1), (2025, 12, 31)),
        ("year", (2026, 1, 1), (2026, 1, 3)),
    ],
)
def test_spans_of_days_are_counted_from_today(code: str, first: tuple[int, int, int], last: tuple[int, int, int]) -> None:
    assert spans.days_of(code, date(2026, 1, 3)) == (date(*first), date(*last))
