"""What charts are made of: shapes with colours by token name, regions to click, widths of texts. Nothing is painted here."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from app.core.language import _


class Align(Enum):
    """Which point of a text stands at its x."""

    LEFT = 0.0
    CENTRE = 0.5
    RIGHT = 1.0


class Mark(Enum):
    """The form of a point: every series has its own."""

    CIRCLE = "circle"
    SQUARE = "square"


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line; `dash` in pixels on and off, empty for solid."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str
    width: float = 1
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Polyline:
    """A line through points."""

    points: tuple[tuple[float, float], ...]
    colour: str
    width: float = 2
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Rect:
    """A filled box; `outline` is a token, empty for none; `radius` rounds its upper corners of a bar or all of a mark."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    radius: float = 0
    outline: str = ""


@dataclass(frozen=True, slots=True)
class Marker:
    """A point of a series, ringed in the ground's colour."""

    x: float
    y: float
    mark: Mark
    colour: str
    size: float = 8


@dataclass(frozen=True, slots=True)
class Text:
    """A word or number; `x` is where `align` says, `y` the middle of its height."""

    x: float
    y: float
    text: str
    colour: str = "text3"
    size: float = 12
    bold: bool = False
    align: Align = Align.LEFT


Shape = Line | Polyline | Rect | Marker | Text


@dataclass(frozen=True, slots=True)
class Region:
    """What can be clicked or reached by ←→: figure and row for `figures_cases.cases`, and what a screen reader says."""

    x: float
    y: float
    width: float
    height: float
    figure: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Shapes in painting order, regions in reading order, the chart in a sentence. Logical pixels from the upper left."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    regions: tuple[Region, ...]
    sentence: str


Measure = Callable[[str, float, bool], float]
"""How wide (text, size, bold) is in pixels; a window gives that of its font."""


def estimate(text: str, size: float, bold: bool) -> float:
    """A width that needs no font: Chinese characters are square, the others about half as wide."""
    wide = sum(unicodedata.east_asian_width(character) in "WFA" for character in text)
    return (wide + (len(text) - wide) * 0.57) * size * (1.05 if bold else 1)


def fitted(text: str, width: float, measure: Measure, size: float = 12, bold: bool = False) -> str:
    """The text, with an ellipsis where it is wider than `width`."""
    if measure(text, size, bold) <= width:
        return text
    while text and measure(f"{text}…", size, bold) > width:
        text = text[:-1]
    return f"{text}…"


def wrapped(text: str, width: float, measure: Measure, lines: int = 2) -> list[str]:
    """At most `lines` lines of at most `width`; Western words stay whole where they can, Chinese ones share the lines evenly."""
    found = _broken(text, width, measure, lines)
    if len(found) > 1 and " " not in text:
        least = math.ceil(measure(text, 12, False) / len(found))
        even = (_broken(text, narrower, measure, len(found)) for narrower in range(least, math.ceil(width)))
        return next((one for one in even if not one[-1].endswith("…")), found)
    return found


def _broken(text: str, width: float, measure: Measure, lines: int) -> list[str]:
    found: list[str] = []
    while text and len(found) < lines - 1 and measure(text, 12, False) > width:
        cut = next((end for end in range(len(text), 0, -1) if measure(text[:end], 12, False) <= width), 1)
        blank = text.rfind(" ", 0, cut + 1)
        cut = blank if blank > 0 else cut
        found.append(text[:cut].strip())
        text = text[cut:].strip()
    return [*found, fitted(text, width, measure)] if text else found


def empty(width: float, height: float) -> Chart:
    """Said where there is nothing to draw."""
    words = _("Nothing was recorded in this period.")
    return Chart(width, height, (Text(width / 2, height / 2, words, align=Align.CENTRE),), (), words)


def steps(most: float) -> int:
    """The step of an axis of four steps from 0: 1, 2, 5, 10, 20, 25, 50 …"""
    power = 1
    while True:
        for factor in (1, 2, 2.5, 5):
            step = factor * power
            if step == int(step) and step * 4 >= most:
                return int(step)
        power *= 10
