"""Charts on paper: the shapes of a chart drawn as lines and text of the page, one below or beside the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from app.reports import fonts
from app.reports.layout import MARGIN, WIDTH, Block, write, write_lines
from app.reports.shapes import Chart, Line, Mark, Marker, Measure, Polyline, Rect, Shape, Text
from app.reports.typesetting import Style, lines

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

INK = {
    "accent": "#17658A",
    "series2": "#A65A12",
    "series3": "#87919E",
    "bad": "#B4281F",
    "warn": "#8A5700",
    "line": "#D5DAE0",
    "surface": "#FFFFFF",
    "on-accent": "#FFFFFF",
    "text": "#000000",
    "text2": "#333333",
    "text3": "#4D4D4D",
}
"""The colours of charts in print, by the same names as on the screen."""
SCALE = 0.72
"""Points of a pixel: a chart's type of 12 pixels is printed in 8.6 points."""
GAP = 18.0
_TITLE = Style(9.5, bold=True, spacing=1.6)
_CAPTION = Style(8.5, spacing=1.4, grey=0.25)
Build = Callable[[float, float, Measure], Chart]


def measure(text: str, size: float, bold: bool) -> float:
    """How wide a text is in print, in the pixels of a chart."""
    return fonts.width(text, size, bold)


class Picture(NamedTuple):
    """A chart with its title; `height` in pixels."""

    title: str
    build: Build
    height: float


class Charts(Block):
    """Pictures beside each other in equal parts, each with its title above and its sentence below."""

    def __init__(self, pictures: Sequence[Picture], before: float = 8) -> None:
        self.before = before
        self.wide = (WIDTH - GAP * (len(pictures) - 1)) / len(pictures)
        self.titles = [one.title for one in pictures]
        self.charts = [one.build(self.wide / SCALE, one.height, measure) for one in pictures]
        # An empty chart says so itself.
        self.captions = [lines(one.sentence, _CAPTION, self.wide) if one.regions and one.sentence else [] for one in self.charts]
        self.drawn = max(one.height for one in self.charts) * SCALE
        self.height = _TITLE.leading + self.drawn + max(map(len, self.captions)) * _CAPTION.leading + 4

    def draw(self, canvas: Canvas, top: float) -> None:
        for place, (title, chart, caption) in enumerate(zip(self.titles, self.charts, self.captions, strict=True)):
            left = MARGIN + place * (self.wide + GAP)
            write_lines(canvas, left, top, self.wide, lines(title, _TITLE, self.wide), _TITLE)
            canvas.saveState()
            canvas.translate(left, top - _TITLE.leading)
            for shape in chart.shapes:
                draw(canvas, shape)
            canvas.restoreState()
            write_lines(canvas, left, top - _TITLE.leading - self.drawn - 2, self.wide, caption, _CAPTION)

    def texts(self) -> Iterator[tuple[str, str]]:
        for title, chart in zip(self.titles, self.charts, strict=True):
            yield title, "".join(shape.text for shape in chart.shapes if isinstance(shape, Text))
            yield title, f"{title}{chart.sentence}"


def draw(canvas: Canvas, shape: Shape) -> None:
    """One shape, below and to the right of the canvas' origin."""
    match shape:
        case Line():
            _pen(canvas, shape.colour, shape.width, shape.dash)
            canvas.line(shape.x1 * SCALE, -shape.y1 * SCALE, shape.x2 * SCALE, -shape.y2 * SCALE)
        case Polyline():
            _pen(canvas, shape.colour, shape.width, shape.dash)
            path = canvas.beginPath()
            path.moveTo(shape.points[0][0] * SCALE, -shape.points[0][1] * SCALE)
            for x, y in shape.points[1:]:
                path.lineTo(x * SCALE, -y * SCALE)
            canvas.drawPath(path)
        case Rect():
            canvas.setFillColor(INK[shape.colour])
            _pen(canvas, shape.outline or shape.colour, 1, ())
            place = (shape.x * SCALE, -(shape.y + shape.height) * SCALE, shape.width * SCALE, shape.height * SCALE)
            canvas.rect(*place, stroke=1 if shape.outline else 0, fill=1)
        case Marker():
            _draw_marker(canvas, shape)
        case Text():
            _draw_text(canvas, shape)


def _pen(canvas: Canvas, colour: str, width: float, dash: tuple[float, ...]) -> None:
    canvas.setStrokeColor(INK[colour])
    canvas.setLineWidth(width * SCALE)
    canvas.setDash([part * SCALE for part in dash])


def _draw_marker(canvas: Canvas, marker: Marker) -> None:
    canvas.setFillColor(INK[marker.colour])
    _pen(canvas, "surface", 1.5, ())
    x, y, half = marker.x * SCALE, -marker.y * SCALE, marker.size / 2 * SCALE
    if marker.mark is Mark.CIRCLE:
        canvas.circle(x, y, half, fill=1)
    else:
        canvas.rect(x - half, y - half, 2 * half, 2 * half, fill=1)


def _draw_text(canvas: Canvas, text: Text) -> None:
    style = Style(text.size * SCALE, bold=text.bold)
    free = fonts.width(text.text, style.size, style.bold) * text.align.value
    canvas.setFillColor(INK[text.colour])
    write(canvas, text.x * SCALE - free, -text.y * SCALE - style.size * 0.36, text.text, style)
