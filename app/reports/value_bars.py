"""Charts of bars that are told by a text of their own, as amounts of money and rates. Nothing is painted here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from app.core import formats
from app.core.language import _
from app.reports.bars import BAR, ROW
from app.reports.shapes import Align, Chart, Measure, Rect, Region, Shape, Text, empty, estimate, fitted
from app.services.figures_values import RemedyCost, Share


class Valued(NamedTuple):
    """A row: its code and words, how long its bar is, and what is written behind it."""

    code: str
    label: str
    value: float
    text: str
    colour: str = "accent"


def remedies(rows: Iterable[RemedyCost], width: float, height: float, measure: Measure = estimate) -> Chart:
    """What was agreed as compensation: a bar per remedy by its cost; those that cost nothing have their number alone."""
    ordered = sorted(rows, key=lambda row: (-row.cost, -row.count, row.code))
    shown = [Valued(row.code, row.label, max(float(row.cost), 0), _cost_of(row)) for row in ordered]
    total = formats.money(sum((row.cost for row in ordered), Decimal()))
    said = _("Compensation of {total} yuan in {count} ways.").format(total=total, count=len(shown))
    return bars(shown, "by_remedy", width, height, measure, said)


def _cost_of(row: RemedyCost) -> str:
    count = _("{count} times").format(count=row.count)
    return _("{cost} yuan, {count}").format(cost=formats.money(row.cost), count=count) if row.cost else count


def satisfied(rows: Iterable[Share], figure: str, width: float, height: float, measure: Measure = estimate) -> Chart:
    """Of each method the share of satisfied customers, where any is known; best first."""
    known = [row for row in rows if row.satisfied_rate is not None]
    known.sort(key=lambda row: (-(row.satisfied_rate or 0), row.code))
    shown = [Valued(row.code, row.label, row.satisfied_rate or 0, formats.percent(row.satisfied_rate)) for row in known]
    said = _("Satisfied most by: {label} ({share}).").format(label=shown[0].label, share=shown[0].text) if shown else ""
    return bars(shown, figure, width, height, measure, said, most=1)


def bars(
    rows: Sequence[Valued],
    figure: str,
    width: float,
    height: float,
    measure: Measure = estimate,
    sentence: str = "",
    most: float = 0,
) -> Chart:
    """A bar per row; `most` is the value as long as all the room, by default the largest. What finds no room is left to say."""
    if not rows:
        return empty(width, height)
    room = max(int((height - 8) / ROW), 1)
    shown, rest = (rows, 0) if len(rows) <= room else (rows[: room - 1], len(rows) - room + 1)
    left = min(max(measure(row.label, 13, False) for row in shown) + 12, width * 0.42)
    texts = max(measure(row.text, 12, True) for row in shown) + 10
    scale = max(width - left - texts, 20) / (most or max(row.value for row in shown) or 1)
    shapes: list[Shape] = []
    regions: list[Region] = []
    for place, row in enumerate(shown):
        y = 4 + ROW * place
        wide = max(row.value, 0) * scale
        shapes.append(Text(left - 10, y + ROW / 2, fitted(row.label, left - 10, measure, 13), "text2", 13, align=Align.RIGHT))
        shapes.append(Rect(left, y + (ROW - BAR) / 2, max(wide, 1), BAR, row.colour))
        shapes.append(Text(left + wide + 8, y + ROW / 2, row.text, "text", bold=True))
        if row.code:
            regions.append(Region(left, y, max(wide, 6) + texts, ROW, figure, row.code, f"{row.label}: {row.text}"))
    if rest:
        shapes.append(Text(left, 4 + ROW * len(shown) + ROW / 2, _("{count} others").format(count=rest)))
    return Chart(width, height, tuple(shapes), tuple(regions), sentence)
