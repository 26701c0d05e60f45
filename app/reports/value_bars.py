"""Charts of bars that are told by a text of their own, as amounts of money and rates. Nothing is painted here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple, TypeVar

from app.core import formats
from app.core.language import _
from app.reports.bars import BAR, ROW, Part, draw_legend
from app.reports.shapes import Align, Chart, Measure, Rect, Region, Shape, Text, empty, estimate, fitted
from app.services.figures_cases import MISSED
from app.services.figures_values import Owed, RemedyCost, Share
from app.services.period_report import Counted, Kept


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


def most(rows: Iterable[Counted], width: float, height: float, measure: Measure = estimate) -> Chart:
    """Objections and complaints of a few values of a field, as many as there is room for."""
    counted = list(rows)
    total = sum(row.cases for row in counted)
    shown = [Valued("", row.label, row.cases, f"{row.cases}  {formats.percent(row.cases / total)}") for row in counted]
    return bars(shown, "", width, height, measure)


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
    shown = _fitting(rows, height)
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
    if rest := len(rows) - len(shown):
        shapes.append(Text(left, 4 + ROW * len(shown) + ROW / 2, _("{count} others").format(count=rest)))
    return Chart(width, height, tuple(shapes), tuple(regions), sentence)


R = TypeVar("R")


def _fitting(rows: Sequence[R], height: float) -> Sequence[R]:
    """The first ones that have room, with that for a word on the others."""
    room = max(int((height - 8) / ROW), 2)
    return rows if len(rows) <= room else rows[: room - 1]


class Parted(NamedTuple):
    """A row of what was done and what was not, as parts of one bar; `codes` are the rows of the figure behind either."""

    label: str
    figure: str
    done: float
    missing: float
    text: str
    codes: tuple[str, str]


def kept(rows: Iterable[Kept], width: float, height: float, measure: Measure = estimate) -> Chart:
    """Promises and deadlines that fell due: met or missed."""
    shown = [
        Parted(
            row.words,
            row.figure,
            row.met,
            row.missed,
            _("{share}, {part} of {whole}").format(
                share=formats.percent(row.met / (row.met + row.missed)), part=row.met, whole=row.met + row.missed
            ),
            ("", MISSED),
        )
        for row in rows
    ]
    return parted(shown, (_("Kept"), _("Missed")), _("Nothing fell due in this period."), width, height, measure)


def delivered(rows: Iterable[Owed], width: float, height: float, measure: Measure = estimate) -> Chart:
    """What agreements promised, by remedy and unit: what reached the customer, and what is owed."""
    shown = []
    for row in rows:
        quantities = (formats.quantity(one) for one in (row.delivered, row.agreed))
        text = (
            _("{part} of {whole} {unit}").format(**dict(zip(("part", "whole"), quantities, strict=True)), unit=row.unit).strip()
        )
        code = f"{row.code}|{row.unit}"
        done, missing = float(row.delivered), float(max(row.owed, Decimal()))
        shown.append(Parted(row.label, "promised_vs_delivered", done, missing, text, (code, code)))
    words = (_("Delivered"), _("Owed"))
    chart = parted(shown, words, _("No agreement was signed in this period."), width, height, measure)
    whole = sum(not row.missing for row in shown)
    said = _("{count} of {all} kinds of remedies delivered in full.").format(count=whole, all=len(shown))
    return replace(chart, sentence=said) if shown else chart


def parted(
    rows: Sequence[Parted],
    names: tuple[str, str],
    nothing: str,
    width: float,
    height: float,
    measure: Measure = estimate,
) -> Chart:
    """Bars of equal length in two parts, named in a legend; `nothing` is said where there is no row."""
    if not rows:
        return Chart(width, height, (Text(0, 24, nothing, "text2", 13),), (), nothing)
    left = min(max(measure(row.label, 13, False) for row in rows) + 12, width * 0.42)
    room = max(width - left - max(measure(row.text, 12, True) for row in rows) - 10, 20)
    parts = [Part("", name, 0, colour) for name, colour in zip(names, ("accent", "series2"), strict=True)]
    shapes = draw_legend(parts, left, width, measure)
    regions: list[Region] = []
    shown = _fitting(rows, height - 24)
    for place, row in enumerate(shown):
        y, x = 28 + ROW * place, left
        shapes.append(Text(left - 10, y + ROW / 2, fitted(row.label, left - 10, measure, 13), "text2", 13, align=Align.RIGHT))
        for part, value, code in zip(parts, (row.done, row.missing), row.codes, strict=True):
            if value:
                wide = room * value / (row.done + row.missing)
                shapes.append(Rect(x, y + (ROW - BAR) / 2, max(wide - 1, 1), BAR, part.colour))
                said = _("{label}, {part}: {number}").format(label=row.label, part=part.label, number=f"{value:g}")
                regions.append(Region(x, y, max(wide, 6), ROW, row.figure, code, said))
                x += wide
        shapes.append(Text(left + room + 8, y + ROW / 2, row.text, "text", bold=True))
    if rest := len(rows) - len(shown):
        shapes.append(Text(left, 28 + ROW * len(shown) + ROW / 2, _("{count} others").format(count=rest)))
    said = _("; ").join(f"{row.label} {row.text}" for row in rows)
    return Chart(width, height, tuple(shapes), tuple(regions), said)
