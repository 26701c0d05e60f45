"""The charts over a grid: the trend of 13 months and the Pareto chart. Bars in rows stand in `bars`; nothing is painted here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from app.core import formats
from app.core.language import _
from app.reports.shapes import (
    Align,
    Chart,
    Line,
    Mark,
    Marker,
    Measure,
    Polyline,
    Rect,
    Region,
    Shape,
    Text,
    empty,
    estimate,
    steps,
    wrapped,
)
from app.services.figures_values import UNCLASSIFIED, ParetoRow, TrendMonth

GRID = 4
_CLEAR = 13
"""Pixels between the middle of a number and a line that passes."""


class Plot(NamedTuple):
    """The area of the data within a chart, and the value at its top; 0 is at its bottom."""

    left: float
    top: float
    right: float
    bottom: float
    most: float

    @property
    def width(self) -> float:
        """In pixels."""
        return self.right - self.left

    def y(self, value: float) -> float:
        """Where a value lies."""
        return self.bottom - (self.bottom - self.top) * value / self.most

    def band(self, place: int, of: int) -> tuple[float, float]:
        """Left edge and width of one of equal columns."""
        return self.left + self.width * place / of, self.width / of


def trend(months: tuple[TrendMonth, ...], width: float, height: float, measure: Measure = estimate) -> Chart:
    """Objections and complaints by month, each line named at its end."""
    names = (_("Objections"), _("Complaints"))
    series = (tuple(month.objections for month in months), tuple(month.complaints for month in months))
    most = max(max(values) for values in series)
    if not most:
        return empty(width, height)
    step = steps(max(most, GRID))
    axis = max(measure(f"{step * GRID:,}", 12, False), 16) + 8
    room = max(measure(name, 12, True) for name in (*names, _("{count} cases").format(count=f"{most:,}"))) + 14
    plot = Plot(axis, 12, width - room, height - 28, step * GRID)
    shapes: list[Shape] = _grid(plot, [f"{step * place:,}" for place in range(GRID + 1)])
    shapes += _months(plot, months, measure)
    drawn: tuple[_Series, ...] = (_Series(names[0], "trend.objections", series[0], "accent", Mark.CIRCLE, ()),)
    drawn += (_Series(names[1], "trend.complaints", series[1], "series2", Mark.SQUARE, (6, 3)),)
    regions: list[Region] = []
    for one in drawn:
        points = [(_centre(plot, place, len(months)), plot.y(value)) for place, value in enumerate(one.values)]
        shapes += [Polyline(tuple(points), one.colour, 2, one.dash)]
        shapes += [Marker(x, y, one.mark, one.colour) for x, y in points]
        regions += _month_regions(one, months, points)
    shapes += _end_labels(plot, drawn)
    return Chart(width, height, tuple(shapes), tuple(regions), trend_sentence(months))


class _Series(NamedTuple):
    name: str
    figure: str
    values: tuple[int, ...]
    colour: str
    mark: Mark
    dash: tuple[float, ...]


def trend_sentence(months: tuple[TrendMonth, ...]) -> str:
    """The trend in words."""
    last, peak = months[-1], max(months, key=lambda month: month.objections + month.complaints)
    return _(
        "Last {count} months: {objections} objections and {complaints} complaints in {month}; most cases in {peak} ({most})."
    ).format(
        count=len(months),
        objections=f"{last.objections:,}",
        complaints=f"{last.complaints:,}",
        month=f"{last.month:%Y-%m}",
        peak=f"{peak.month:%Y-%m}",
        most=peak.objections + peak.complaints,
    )


def _centre(plot: Plot, place: int, of: int) -> float:
    left, band = plot.band(place, of)
    return left + band / 2


def _grid(plot: Plot, labels: list[str]) -> list[Shape]:
    shapes: list[Shape] = []
    for place, label in enumerate(labels):
        y = plot.y(plot.most * place / GRID)
        colour = "line" if place else "series3"
        shapes.append(Line(plot.left, y, plot.right, y, colour))
        shapes.append(Text(plot.left - 8, y, label, align=Align.RIGHT))
    return shapes


def _months(plot: Plot, months: tuple[TrendMonth, ...], measure: Measure) -> list[Shape]:
    """Month numbers, with the year at the first and at each January; every second one where they would touch."""
    tight = plot.width / len(months) < measure("26.10", 12, False) + 4
    shapes: list[Shape] = []
    for place, month in enumerate(months):
        last = place == len(months) - 1
        if tight and (len(months) - 1 - place) % 2:
            continue
        dated = place == 0 or month.month.month == 1 or (tight and month.month.month == 2)
        label = f"{month.month:%y}.{month.month.month}" if dated else str(month.month.month)
        x = _centre(plot, place, len(months))
        shapes.append(Text(x, plot.bottom + 16, label, "text" if last else "text3", bold=last, align=Align.CENTRE))
    return shapes


def _month_regions(one: _Series, months: tuple[TrendMonth, ...], points: list[tuple[float, float]]) -> list[Region]:
    return [
        Region(x - 11, y - 11, 22, 22, one.figure, f"{month.month:%Y-%m}", f"{one.name} {month.month:%Y-%m}: {value}")
        for month, value, (x, y) in zip(months, one.values, points, strict=True)
    ]


def _end_labels(plot: Plot, drawn: tuple[_Series, ...]) -> list[Shape]:
    """Name and last value at the end of each line, moved apart where the ends are close."""
    between = 38
    ends = [plot.y(one.values[-1]) for one in drawn]
    if abs(ends[0] - ends[1]) < between:
        middle = min(max(sum(ends) / 2, plot.top + between / 2), plot.bottom - between / 2)
        upper, lower = middle - between / 2, middle + between / 2
        ends = [upper, lower] if ends[0] <= ends[1] else [lower, upper]
    shapes: list[Shape] = []
    for one, y in zip(drawn, ends, strict=True):
        shapes.append(Text(plot.right + 8, y - 8, one.name, one.colour, bold=True))
        shapes.append(Text(plot.right + 8, y + 9, _("{count} cases").format(count=f"{one.values[-1]:,}"), "text2"))
    return shapes


def pareto(rows: tuple[ParetoRow, ...], figure: str, width: float, height: float, measure: Measure = estimate) -> Chart:
    """Bars by size with the running sum above; those that make up 80 % in accent. What finds no room is one bar “others”.

    That bar stands last, however high, and neither it nor the unclassified count for the scale or the running sum.
    """
    if not sum(row.count for row in rows):
        return empty(width, height)
    ranked = [row.count for row in rows if row.cumulative is not None] or [row.count for row in rows]
    step = steps(max(*ranked, GRID))
    axis = max(measure(f"{step * GRID:,}", 12, False), 16) + 10
    plot = Plot(axis, 14, width - measure("100 %", 12, False) - 12, height - 46, step * GRID)
    # Labels have two lines, between any two Chinese characters; a Western word stays whole.
    words = (word for row in rows for word in row.label.rpartition("·")[2].split() if word.isascii())
    needed = max((measure(word, 12, False) + 8 for word in words), default=0)
    shown = _gathered(rows, max(int(plot.width / min(max(needed, 62), 84)), 3))
    shapes = _grid(plot, [f"{step * place:,}" for place in range(GRID + 1)])
    for part in (0, 0.25, 0.5, 0.8, 1):  # 80 % has its line; three quarters would stand too near
        shapes.append(
            Text(plot.right + 8, plot.y(part * plot.most), f"{part * 100:.0f} %", "series2" if part == 0.8 else "text3")
        )
    regions = []
    for place, row in enumerate(shown):
        shapes += _pareto_bar(plot, row, place, shown, measure)
        left, band = plot.band(place, len(shown))
        if row.code:
            said = f"{row.label}: {row.count:,}, {formats.percent(row.share)}"
            regions.append(Region(left, plot.top, band, plot.bottom - plot.top + 40, figure, row.code, said))
    shapes += _running_sum(plot, shown)
    return Chart(width, height, tuple(shapes), tuple(regions), pareto_sentence(rows))


def pareto_sentence(rows: tuple[ParetoRow, ...]) -> str:
    """How many make up how much, as the caption beside the title says it."""
    few = [row for row in rows if vital(row)]
    if not few:
        return _("Nothing is classified yet.")
    return _("The first {count} make up {share}.").format(count=len(few), share=formats.percent(few[-1].cumulative))


def vital(row: ParetoRow) -> bool:
    """Whether it is one of the few that make up 80 %."""
    # 0.85 - 0.05 is a little less than 0.8 in floating point.
    return row.cumulative is not None and row.cumulative - row.share < 0.8 - 1e-9


def _gathered(rows: tuple[ParetoRow, ...], most: int) -> list[ParetoRow]:
    named = [row for row in rows if row.cumulative is not None]
    unknown = [row for row in rows if row.cumulative is None]
    room = most - len(unknown)
    if len(named) <= room:
        return named + unknown
    return [*named[: room - 1], *unknown, others(named[room - 1 :])]


def others(rest: Sequence[ParetoRow]) -> ParetoRow:
    """What finds no room, as one row outside the running sum."""
    label = _("{count} others").format(count=len(rest))
    return ParetoRow("", label, sum(row.count for row in rest), sum(row.share for row in rest), None)


def _pareto_bar(plot: Plot, row: ParetoRow, place: int, shown: list[ParetoRow], measure: Measure) -> list[Shape]:
    left, band = plot.band(place, len(shown))
    wide = min(band * 0.7, 56)
    x, y = left + (band - wide) / 2, plot.y(min(row.count, plot.most))
    vitally = bool(row.code) and vital(row)
    shapes: list[Shape] = [Rect(x, y, wide, plot.bottom - y, "accent" if vitally else "series3", 2)]
    if row.count > plot.most:
        # Higher than the scale: the bar is broken, its number says how high it would be.
        middle = (y + plot.bottom) / 2
        shapes += [Line(x - 3, at + 5, x + wide + 3, at - 5, "surface", 2) for at in (middle, middle + 6)]
    # The number stands above its bar, or inside where a line passes there or the bar ends at the top.
    point = plot.y(row.cumulative * plot.most) if row.cumulative is not None else plot.bottom
    above, inside = y - 9, y + 18
    crossed = abs(point - above) < _CLEAR
    hidden = crossed or abs(plot.y(0.8 * plot.most) - above) < 8
    if plot.bottom - y > 26 and (above < plot.top or (hidden and abs(point - inside) >= _CLEAR)):
        at, colour = inside, "on-accent" if vitally else "text"
    else:
        at, colour = (point - _CLEAR if crossed else above), "text"
    shapes.append(Text(left + band / 2, at, f"{row.count:,}", colour, bold=True, align=Align.CENTRE))
    colour = "warn" if row.code == UNCLASSIFIED else "text2"
    lines = wrapped(row.label.rpartition("·")[2], band - 4, measure)
    shapes += [
        Text(left + band / 2, plot.bottom + 14 + 16 * number, line, colour, align=Align.CENTRE)
        for number, line in enumerate(lines)
    ]
    return shapes


def _running_sum(plot: Plot, shown: list[ParetoRow]) -> list[Shape]:
    points = tuple(
        (_centre(plot, place, len(shown)), plot.y(row.cumulative * plot.most))
        for place, row in enumerate(shown)
        if row.cumulative is not None
    )
    y = plot.y(plot.most * 0.8)
    shapes: list[Shape] = [Line(plot.left, y, plot.right, y, "series2", 1, (4, 2))]
    if points:
        shapes.append(Polyline(points, "series2", 2))
    return shapes + [Marker(x, y, Mark.SQUARE, "series2") for x, y in points]
