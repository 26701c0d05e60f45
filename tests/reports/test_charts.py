"""Charts as shapes: what lies where, what is clicked, what is said."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.reports import bars, charts, shapes, value_bars
from app.reports.shapes import Chart, Line, Marker, Polyline, Rect, Text
from app.services.figures_values import (
    AGES,
    UNCLASSIFIED,
    Both,
    Cross,
    Owed,
    ParetoRow,
    RemedyCost,
    Share,
    TrendMonth,
    pareto_rows,
)
from app.services.period_report import Kept

MONTHS = tuple(TrendMonth(date(2025 + (10 + n) // 12, (10 + n) % 12 + 1, 1), 120 + n, 30 + n % 5) for n in range(13))
SHARES = (
    Share("a", "Alpha", 6, 0.6),
    Share("b", "Beta", 2, 0.2),
    Share("c", "Gamma", 1, 0.1),
    Share(UNCLASSIFIED, "Unclassified", 1, 0.1),
)
ROWS = pareto_rows(SHARES)
CROSS = (
    Cross("price", "genuine", 3),
    Cross("price", "hidden", 1),
    Cross("need", "false", 2),
    Cross(UNCLASSIFIED, UNCLASSIFIED, 1),
)
ALL = {
    "trend": lambda width: charts.trend(MONTHS, width, 220),
    "pareto": lambda width: charts.pareto(ROWS, "pareto.causes", width, 220),
    "cross": lambda width: bars.content_by_nature(CROSS, width, 220),
    "shares": lambda width: bars.shares(SHARES, "by_cause", width, 220),
    "remedies": lambda width: value_bars.remedies([RemedyCost("a", "Replacement", 3, Decimal("3992.00"))], width, 200),
    "satisfied": lambda width: value_bars.satisfied([Share("a", "Alpha", 6, 0.6, 0.5)], "by_method", width, 200),
    "kept": lambda width: value_bars.kept([Kept("promise_kept_rate", "Promises", 3, 1)], width, 120),
    "ageing": lambda width: bars.ageing([Both(90, 40), Both(1, 0), Both(0, 2), Both(0, 1), Both(0, 1)], width),
}
TOKENS = {"accent", "series2", "series3", "line", "text", "text2", "text3", "bad", "warn", "surface", "on-accent"}


def texts(chart: Chart) -> list[str]:
    return [shape.text for shape in chart.shapes if isinstance(shape, Text)]


def rects(chart: Chart) -> list[Rect]:
    return [shape for shape in chart.shapes if isinstance(shape, Rect)]


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("width", [340, 520, 900])
def test_everything_lies_within_the_chart(name: str, width: float) -> None:
    chart = ALL[name](width)
    for shape in chart.shapes:
        assert getattr(shape, "colour", "line") in TOKENS
        for x, y in corners(shape):
            assert -1 <= x <= chart.width + 1, shape
            assert -1 <= y <= chart.height + 1, shape
    assert chart.sentence
    assert all(region.text for region in chart.regions)


def corners(shape: shapes.Shape) -> list[tuple[float, float]]:
    if isinstance(shape, Line):
        return [(shape.x1, shape.y1), (shape.x2, shape.y2)]
    if isinstance(shape, Polyline):
        return list(shape.points)
    if isinstance(shape, Rect):
        return [(shape.x, shape.y), (shape.x + shape.width, shape.y + shape.height)]
    if isinstance(shape, Marker):
        return [(shape.x, shape.y)]
    wide = shapes.estimate(shape.text, shape.size, shape.bold)
    left = shape.x - wide * shape.align.value
    return [(left, shape.y - shape.size / 2), (left + wide, shape.y + shape.size / 2)]


def test_the_trend_starts_at_zero_and_names_its_lines_at_the_end() -> None:
    chart = charts.trend(MONTHS, 600, 240)
    assert {"0", "Objections", "Complaints", "132 cases", "32 cases"} <= set(texts(chart))
    assert [region.code for region in chart.regions if region.figure == "trend.complaints"][0::12] == ["2025-11", "2026-11"]
    assert "2026-11" in chart.sentence


def test_end_labels_do_not_lie_on_each_other() -> None:
    chart = charts.trend(tuple(month._replace(complaints=month.objections) for month in MONTHS), 600, 240)
    names = {shape.text: shape.y for shape in chart.shapes if isinstance(shape, Text) and shape.bold}
    assert abs(names["Objections"] - names["Complaints"]) >= 30


def test_pareto_bars_that_make_up_80_percent_are_in_accent() -> None:
    chart = charts.pareto(ROWS, "pareto.causes", 600, 240)
    assert [bar.colour for bar in rects(chart)] == ["accent", "accent", "series3", "series3"]
    assert [region.code for region in chart.regions] == ["a", "b", "c", UNCLASSIFIED]
    assert chart.sentence == "The first 2 make up 80.0 %."
    line = next(shape for shape in chart.shapes if isinstance(shape, Polyline))
    assert len(line.points) == 3  # the unclassified stay outside


def test_what_finds_no_room_is_gathered_into_others() -> None:
    many = tuple(ParetoRow(f"c{n:02}", f"Cause {n}", 1, 0.05, (n + 1) / 20) for n in range(19))
    chart = charts.pareto((*many, ParetoRow(UNCLASSIFIED, "Unclassified", 1, 0.05, None)), "x", 400, 240)
    assert sum(region.code != UNCLASSIFIED for region in chart.regions) < 19
    assert any("others" in text for text in texts(chart))
    assert any(text.startswith("Uncl") for text in texts(chart))


def test_others_stand_last_outside_the_scale_and_the_running_sum() -> None:
    many = tuple(ParetoRow(f"c{n:02}", f"Cause {n}", 4, 0.04, (n + 1) / 25) for n in range(24))
    chart = charts.pareto((*many, ParetoRow(UNCLASSIFIED, "Unclassified", 4, 0.04, None)), "x", 600, 240)
    *ranked, unclassified, others = rects(chart)
    assert max(bar.x for bar in rects(chart)) == others.x
    assert (others.colour, unclassified.colour) == ("series3", "series3")
    assert min(bar.height for bar in ranked) > 0.5 * others.height  # of 4 cases beside 64 and more
    line = next(shape for shape in chart.shapes if isinstance(shape, Polyline))
    assert len(line.points) == len(ranked)
    broken = [shape for shape in chart.shapes if isinstance(shape, Line) and shape.colour == "surface"]
    assert {others.x - 3} == {line.x1 for line in broken}


def test_a_piece_of_a_stacked_bar_is_a_region_of_both_codes() -> None:
    chart = bars.content_by_nature(CROSS, 500, 300)
    assert [region.code for region in chart.regions] == [
        "price|genuine",
        "price|hidden",
        "need|false",
        f"{UNCLASSIFIED}|{UNCLASSIFIED}",
    ]
    assert {"57.1 %", "28.6 %", "14.3 %"} <= set(texts(chart))


def test_ages_without_cases_are_left_out() -> None:
    chart = bars.ageing([Both(2, 1), Both(0, 0), Both(0, 1), Both(0, 0), Both(0, 0)], 400)
    assert [region.code for region in chart.regions] == [AGES[0], AGES[2]]
    assert chart.sentence == "4 open cases: 1 day 3, 4–7 days 1."
    labels = [(shape.x, shape.text) for shape in chart.shapes if isinstance(shape, Text) and shape.y > 30]
    assert [text for _x, text in labels] == ["1 day", "4–7 days"]
    many = bars.ageing([Both(0, 0), Both(0, 0), Both(0, 0), Both(0, 0), Both(6000, 623)], 400)
    assert "6,623" in texts(many)
    assert many.sentence == "6,623 open cases: over 30 days 6,623."


@pytest.mark.parametrize(
    "chart",
    [
        charts.pareto((), "x", 300, 200),
        bars.content_by_nature((), 300, 200),
        bars.shares((), "x", 300, 200),
        bars.ageing([Both(0, 0)] * 5, 300),
    ],
)
def test_an_empty_chart_says_so(chart: Chart) -> None:
    assert chart.regions == ()
    assert texts(chart) == [chart.sentence]


def test_axes_step_in_round_numbers() -> None:
    assert [shapes.steps(most) for most in (0, 4, 5, 9, 41, 146, 200, 201, 1000, 1001)] == [1, 1, 2, 5, 20, 50, 50, 100, 250, 500]


def test_labels_are_wrapped_between_words_and_shortened_at_the_end() -> None:
    assert shapes.wrapped("unkept commitment", 80, shapes.estimate) == ["unkept", "commitment"]
    assert shapes.wrapped("承诺未兑现", 40, shapes.estimate) == ["承诺未", "兑现"]
    assert shapes.wrapped("一二三四五六七八九", 40, shapes.estimate)[-1].endswith("…")


def test_a_trend_without_cases_says_so() -> None:
    chart = charts.trend(tuple(month._replace(objections=0, complaints=0) for month in MONTHS), 600, 240)
    assert texts(chart) == [chart.sentence]


def test_remedies_stand_by_cost_and_those_that_cost_nothing_have_their_number() -> None:
    rows = (RemedyCost("apology", "Apology", 3, Decimal(0)), RemedyCost("money", "Money", 2, Decimal("300.00")))
    chart = value_bars.remedies(rows, 500, 200)
    assert [region.code for region in chart.regions] == ["money", "apology"]
    assert {"300.00 yuan, 2 times", "3 times"} <= set(texts(chart))


def test_what_was_kept_and_missed_are_parts_of_a_bar() -> None:
    chart = value_bars.kept([Kept("promise_kept_rate", "Promises", 3, 1), Kept("on_time_rate", "Deadlines", 0, 2)], 500, 120)
    found = [(region.figure, region.code) for region in chart.regions]
    assert found == [("promise_kept_rate", ""), ("promise_kept_rate", "missed"), ("on_time_rate", "missed")]
    assert {"75.0 %, 3 of 4", "0.0 %, 0 of 2"} <= set(texts(chart))
    lengths = [region.width for region in chart.regions]
    assert lengths[0] == pytest.approx(3 * lengths[1])


def test_rows_that_find_no_room_are_counted() -> None:
    rows = [Owed(f"r{number}", f"Remedy {number}", "pcs", Decimal(2), Decimal(number % 3)) for number in range(12)]
    chart = value_bars.delivered(rows, 500, 150)
    assert any(text.endswith("others") for text in texts(chart))
    assert chart.sentence == "4 of 12 kinds of remedies delivered in full."
