"""Every figure of the sample branch is that of a plain count of its rows, and none is empty over the year."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.core import database as store
from app.core.session import Session
from app.services import figures, figures_course, figures_rows
from app.services.figures_json import as_json
from app.services.periods import Period, days, month_of, quarter_of, year_of
from tests.services.figures_cases import NOW
from tests.services.figures_from_rows import FromRows
from tests.services.plain_rows import read
from tests.services.test_figures_property import compare

PERIODS = (
    *(month_of(date(2026, month, 1)) for month in (2, 9, 10, 11)),
    quarter_of(date(2026, 9, 1)),
    year_of(date(2026, 1, 1)),
    days(date(2026, 5, 13), date(2026, 6, 7)),
)


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: f"{period.start}…{period.last_day}")
def test_the_figures_of_the_sample_are_those_of_a_plain_count(sampled: Session, period: Period) -> None:
    tables, zone = read(), sampled.branch.zone
    said = as_json(figures.compute(sampled, period))
    compare(said, FromRows(tables, period.start, period.end, zone, NOW))
    for code, earlier in (("mom", period.previous()), ("yoy", period.year_before())):
        then = FromRows(tables, earlier.start, earlier.end, zone, NOW)
        for kind, table in (("objections", "objection"), ("complaints", "complaint")):
            before = len(then.cases(table))
            assert said[code][kind] == ((said[kind] - before) / before if before else None)


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: f"{period.start}…{period.last_day}")
def test_the_four_of_the_workbench_are_those_of_all_figures(sampled: Session, period: Period) -> None:
    few, whole = figures.headline(sampled, period), figures.compute(sampled, period)
    assert few._asdict() == {code: getattr(whole, code) for code in figures.Headline._fields}


def test_agreements_are_read_together_and_not_one_by_one(sampled: Session) -> None:
    """Editions and lines are two statements, deliveries a third, however many agreements there are."""
    year = year_of(date(2026, 1, 1))
    seen: list[str] = []
    store.database.connection().set_trace_callback(seen.append)
    try:
        agreed = figures_rows.agreed_lines(sampled, year)
        owed = figures_course.owed_lines(sampled, year, figures_rows.span(sampled, year))
    finally:
        store.database.connection().set_trace_callback(None)
    assert len({line.agreement for line in agreed}) > 20
    assert len({line.agreement for line in owed}) > 20
    assert len(seen) == 5


def test_read_in_many_pieces_it_is_the_same(sampled: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    year = year_of(date(2026, 1, 1))
    whole = as_json(figures.compute(sampled, year))
    monkeypatch.setattr(figures_rows, "_AT_ONCE", 3)
    assert as_json(figures.compute(sampled, year)) == whole


def test_every_code_has_something_to_say_of_the_year(sampled: Session) -> None:
    """A comparison of nothing with nothing would prove nothing."""
    said = as_json(figures.compute(sampled, year_of(date(2026, 1, 1))))
    empty = {code for code, value in said.items() if _nothing(value)}
    assert empty <= {"yoy"}


def _nothing(value: Any) -> bool:
    if isinstance(value, dict):
        return all(map(_nothing, value.values()))
    return value in (None, 0, "0.00", [], 0.0)
