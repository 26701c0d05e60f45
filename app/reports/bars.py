"""The charts of bars in rows: content by nature, any classification, and open cases by age. Nothing is painted here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.core import formats
from app.core.language import _
from app.models import classifications as of
from app.reports.shapes import Align, Chart, Measure, Rect, Region, Shape, Text, empty, estimate, fitted
from app.services.figures_values import AGE_LABELS, AGES, UNCLASSIFIED, Both, Cross, Share

ROW = 28
BAR = 14


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar."""

    code: str
    label: str
    count: int
    colour: str
    outline: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A row: its parts from left to right."""

    code: str
    label: str
    parts: tuple[Part, ...]

    @property
    def count(self) -> int:
        """Of all parts."""
        return sum(part.count for part in self.parts)


_NATURE_COLOURS = {
    "genuine": ("accent", ""),
    "false": ("series3", ""),
    "hidden": ("series2", ""),
    UNCLASSIFIED: ("surface", "series3"),
}
_AGE_COLOURS = ("accent", "accent", "series3", "series2", "bad")


def content_by_nature(rows: Iterable[Cross], width: float, height: float, measure: Measure = estimate) -> Chart:
    """A bar per content, most first, in pieces by nature; unclassified last."""
    counted = list(rows)
    natures = {choice.code: _(choice.label) for choice in of.NATURES} | {UNCLASSIFIED: _("Unclassified")}
    labels = {choice.code: _(choice.label) for choice in of.CONTENTS} | {UNCLASSIFIED: _("Unclassified")}
    by_content: dict[str, list[Part]] = {}
    for nature, label in natures.items():
        for row in counted:
            if row.nature == nature:
                colour, outline = _NATURE_COLOURS.get(nature, ("series3", ""))
                by_content.setdefault(row.content, []).append(Part(nature, label, row.count, colour, outline))
    bars = [Bar(code, labels.get(code, code), tuple(parts)) for code, parts in by_content.items()]
    bars.sort(key=lambda bar: (bar.code == UNCLASSIFIED, -bar.count, bar.code))
    used = [code for code in natures if any(row.nature == code for row in counted)]
    legend = [Part(code, natures[code], 0, *_NATURE_COLOURS[code]) for code in used]
    return rows_of_bars(bars, "content_by_nature", width, height, measure, legend)


def shares(rows: Iterable[Share], figure: str, width: float, height: float, measure: Measure = estimate) -> Chart:
    """A bar per code of a classification; what finds no room is one bar “others”."""
    bars = [Bar(row.code, row.label, (Part("", row.label, row.count, "accent"),)) for row in rows]
    return rows_of_bars(bars, figure, width, height, measure)


def rows_of_bars(
    bars: Sequence[Bar], figure: str, width: float, height: float, measure: Measure = estimate, legend: Sequence[Part] = ()
) -> Chart:
    """Bars in rows, each with its count and share. A piece of a stacked bar is the region `row|piece`."""
    total = sum(bar.count for bar in bars)
    if not total:
        return empty(width, height)
    top = 32 if legend else 4
    shown = _gathered(bars, max(int((height - top) / ROW), 2))
    left = min(max(measure(bar.label, 13, False) for bar in shown) + 12, width * 0.42)
    numbers = max(measure(_numbers(bar, total), 12, True) for bar in shown) + 20
    scale = max(width - left - numbers, 20) / max(bar.count for bar in shown)
    shapes = draw_legend(legend, left, width, measure)
    regions: list[Region] = []
    for place, bar in enumerate(shown):
        y = top + ROW * place
        colour = "warn" if bar.code == UNCLASSIFIED else "text2"
        label = fitted(bar.label, left - 10, measure, 13)
        shapes.append(Text(left - 10, y + ROW / 2, label, colour, 13, align=Align.RIGHT))
        shapes += _pieces(bar, left, y + (ROW - BAR) / 2, scale)
        regions += _regions(bar, figure, left, y, scale)
        shapes += _row_numbers(bar, total, left + bar.count * scale + 8, y + ROW / 2, measure)
    return Chart(width, height, tuple(shapes), tuple(regions), _sentence(shown, total))


def _numbers(bar: Bar, total: int) -> str:
    return f"{bar.count:,}  {formats.percent(bar.count / total)}"


def _row_numbers(bar: Bar, total: int, x: float, y: float, measure: Measure) -> list[Shape]:
    after = x + measure(f"{bar.count:,}", 12, True) + 8
    return [Text(x, y, f"{bar.count:,}", "text", bold=True), Text(after, y, formats.percent(bar.count / total))]


def _gathered(bars: Sequence[Bar], most: int) -> list[Bar]:
    named = [bar for bar in bars if bar.code != UNCLASSIFIED]
    unknown = [bar for bar in bars if bar.code == UNCLASSIFIED]
    room = most - len(unknown)
    if len(named) > room:
        rest = named[room - 1 :]
        label = _("{count} others").format(count=len(rest))
        named = [*named[: room - 1], Bar("", label, (Part("", label, sum(bar.count for bar in rest), "series3"),))]
    return named + unknown


def _pieces(bar: Bar, left: float, y: float, scale: float) -> list[Shape]:
    shapes: list[Shape] = []
    x = left
    for part in bar.parts:
        wide = part.count * scale
        # A pixel of ground between the pieces tells them apart where colours cannot.
        shapes.append(Rect(x, y, max(wide - 1, 1), BAR, part.colour, 0, part.outline))
        x += wide
    return shapes


def _regions(bar: Bar, figure: str, left: float, y: float, scale: float) -> list[Region]:
    if not bar.code:
        return []
    regions, x = [], left
    for part in bar.parts:
        code = f"{bar.code}|{part.code}" if part.code else bar.code
        said = f"{bar.label}, {part.label}: {part.count:,}" if part.code else f"{bar.label}: {part.count:,}"
        regions.append(Region(x, y, max(part.count * scale, 6), ROW, figure, code, said))
        x += part.count * scale
    return regions


def draw_legend(legend: Sequence[Part], left: float, width: float, measure: Measure) -> list[Shape]:
    """Begins where the bars do, or further left where it needs the room."""
    shapes: list[Shape] = []
    x = max(min(left, width - sum(36 + measure(part.label, 12, False) for part in legend) + 20), 0)
    for part in legend:
        shapes.append(Rect(x, 7, 10, 10, part.colour, 2, part.outline))
        shapes.append(Text(x + 16, 12, part.label, "text2"))
        x += 16 + measure(part.label, 12, False) + 20
    return shapes


def _sentence(bars: Sequence[Bar], total: int) -> str:
    first = bars[0]
    return _("{count} rows, {total} cases; most: {label} ({most}, {share}).").format(
        count=len(bars),
        total=f"{total:,}",
        label=first.label,
        most=f"{first.count:,}",
        share=formats.percent(first.count / total),
    )


def ageing(buckets: Sequence[Both[int]], width: float, measure: Measure = estimate) -> Chart:
    """Open cases as one strip from young to old, the number in each piece, its age below."""
    counts = [sum(bucket) for bucket in buckets]
    total = sum(counts)
    if not total:
        words = _("No case is open.")
        return Chart(width, 48, (Text(0, 24, words, "text2", 13),), (), words)
    shown = [place for place, count in enumerate(counts) if count]
    least = 26.0
    spare = width - least * len(shown)
    wide = {place: least + spare * counts[place] / total for place in shown}
    shapes: list[Shape] = []
    regions: list[Region] = []
    starts: list[float] = []
    x = 0.0
    for place in shown:
        label = _(AGE_LABELS[place])
        shapes.append(Rect(x, 4, max(wide[place] - 2, 1), 22, _AGE_COLOURS[place]))
        shapes.append(Text(x + wide[place] / 2 - 1, 15, f"{counts[place]:,}", "on-accent", 12, True, Align.CENTRE))
        regions.append(Region(x, 0, wide[place], 48, "ageing", AGES[place], f"{label}: {counts[place]:,}"))
        starts.append(x)
        x += wide[place]
    shapes += _age_labels(shown, starts, width, measure)
    said = _(", ").join(f"{_(AGE_LABELS[place])} {counts[place]:,}" for place in shown)
    return Chart(width, 48, tuple(shapes), tuple(regions), _("{count} open cases: {ages}.").format(count=f"{total:,}", ages=said))


def _age_labels(shown: list[int], starts: list[float], width: float, measure: Measure) -> list[Shape]:
    """Each label at the start of its piece, pushed left from the end so that none lies on another."""
    labels = [_(AGE_LABELS[place]) for place in shown]
    limit = width
    placed: list[float] = []
    for label, start in reversed(list(zip(labels, starts, strict=True))):
        room = measure(label, 12, False)
        placed.append(max(min(start, limit - room), 0))
        limit = placed[-1] - 10
    return [Text(x, 38, label, "text2") for x, label in zip(reversed(placed), labels, strict=True)]
