"""Native charts of the monthly workbook, drawn by the spreadsheet from the cells of its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.reports.sheets import Sheet

if TYPE_CHECKING:
    from openpyxl.chart import BarChart, LineChart, Reference

ACCENT, SECOND, THIRD, FOURTH = "17658A", "A65A12", "87919E", "DDE2E7"
COLOURS = (ACCENT, THIRD, SECOND, FOURTH)
MOST_BARS, MOST_COLUMNS = 20, 12
_BAR = 0.45
"""The least height of a bar with its gap, in cm."""


def _cells(sheet: Sheet, column: int, first: int, last: int, last_column: int | None = None) -> Reference:
    from openpyxl.chart import Reference  # heavy: start-up must not pay for it

    return Reference(sheet.ws, min_col=column, min_row=first, max_col=last_column or column, max_row=last)


def _sized(chart: Any, title: str, width: float, height: float) -> None:  # noqa: ANN401 - any chart of openpyxl
    chart.title, chart.width, chart.height = title, width, height
    chart.title.overlay = False
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.scaling.min = 0
    chart.y_axis.majorGridlines.spPr = _stroke("DDE2E7")
    chart.x_axis.title = chart.y_axis.title = None
    _small_title(chart)


def _stroke(colour: str, width: int = 9525) -> Any:  # noqa: ANN401 - openpyxl's properties
    from openpyxl.chart.shapes import GraphicalProperties  # heavy: start-up must not pay for it
    from openpyxl.drawing.line import LineProperties

    return GraphicalProperties(ln=LineProperties(solidFill=colour, w=width))


def _small_title(chart: Any) -> None:  # noqa: ANN401 - any chart of openpyxl
    from openpyxl.drawing.text import CharacterProperties  # heavy: start-up must not pay for it

    for paragraph in chart.title.tx.rich.p:
        for run in paragraph.r or ():
            run.rPr = CharacterProperties(sz=1200, b=True)


def _labelled(series: Any) -> None:  # noqa: ANN401 - a series of openpyxl
    from openpyxl.chart.label import DataLabelList  # heavy: start-up must not pay for it

    series.dLbls = DataLabelList()
    series.dLbls.showVal = True
    series.dLbls.showSerName = series.dLbls.showCatName = series.dLbls.showLegendKey = series.dLbls.showPercent = False


def bars(
    sheet: Sheet,
    title: str,
    at: str,
    columns: tuple[int, int],
    rows: tuple[int, int, int],
    *,
    labels: int = 1,
    source: Sheet | None = None,
    size: tuple[float, float] | None = None,
) -> None:
    """Bars of columns from–to beside the column of labels; rows: heads, first, last. Several columns are stacked.

    `size` in cm; without one, the chart is as high as its bars need. A low one leaves the last bars out.
    """
    from openpyxl.chart import BarChart  # heavy: start-up must not pay for it

    most = MOST_BARS if size is None else int((size[1] - 2.5) / _BAR)
    head, first, last = rows[0], rows[1], min(rows[2], rows[1] + most - 1)
    if last < first:
        return
    chart = BarChart()
    chart.type, chart.gapWidth = "bar", 50
    data = source or sheet
    chart.add_data(_series_cells(data, columns, head, last), titles_from_data=True)
    chart.set_categories(_cells(data, labels, first, last))
    for series, colour in zip(chart.series, COLOURS, strict=False):
        series.graphicalProperties.solidFill = colour
    if columns[0] == columns[1]:
        _labelled(chart.series[0])
        chart.legend = None
    else:
        chart.grouping, chart.overlap = "stacked", 100
        _legend_below(chart)
    _sized(chart, title, *(size or (17, max(5.5, min(3 + 0.7 * (last - first + 1), 14)))))
    chart.x_axis.tickLblSkip = 1
    # Bars grow upwards in Excel: turn the axis so that the first row is the topmost.
    chart.x_axis.scaling.orientation, chart.y_axis.crosses = "maxMin", "max"
    chart.y_axis.number_format = "0"
    sheet.ws.add_chart(chart, at)


def _series_cells(sheet: Sheet, columns: tuple[int, int], head: int, last: int) -> Reference:
    return _cells(sheet, columns[0], head, last, columns[1])


def pareto(sheet: Sheet, title: str, at: str, columns: tuple[int, int, int], rows: tuple[int, int, int]) -> None:
    """Bars with the running sum as a line on an axis of its own; columns: labels, counts, running sum."""
    from openpyxl.chart import BarChart, LineChart  # heavy: start-up must not pay for it

    labels, counts, sums = columns
    head, first, last = rows[0], rows[1], min(rows[2], rows[1] + MOST_COLUMNS - 1)
    if last < first:
        return
    chart: BarChart = BarChart()
    chart.gapWidth = 40
    chart.add_data(_cells(sheet, counts, head, last), titles_from_data=True)
    chart.set_categories(_cells(sheet, labels, first, last))
    chart.series[0].graphicalProperties.solidFill = ACCENT
    _labelled(chart.series[0])
    _sized(chart, title, 22, 9.5)
    line: LineChart = LineChart()
    line.add_data(_cells(sheet, sums, head, last), titles_from_data=True)
    _draw_line(line.series[0], SECOND, "square")
    line.y_axis.axId = 200
    line.y_axis.scaling.min, line.y_axis.scaling.max = 0, 1
    line.y_axis.number_format, line.y_axis.majorGridlines = "0%", None
    line.y_axis.crosses, line.y_axis.delete = "max", False
    chart += line
    _legend_below(chart)
    sheet.ws.add_chart(chart, at)


def lines(
    sheet: Sheet, title: str, at: str, columns: tuple[int, int], rows: tuple[int, int, int], source: Sheet | None = None
) -> None:
    """A line for each of two columns over the labels in the first."""
    from openpyxl.chart import LineChart  # heavy: start-up must not pay for it

    head, first, last = rows
    chart: LineChart = LineChart()
    data = source or sheet
    chart.add_data(_series_cells(data, columns, head, last), titles_from_data=True)
    chart.set_categories(_cells(data, 1, first, last))
    for series, colour, mark in zip(chart.series, (ACCENT, SECOND), ("circle", "square"), strict=False):
        _draw_line(series, colour, mark)
    chart.series[1].graphicalProperties.line.dashStyle = "dash"
    _sized(chart, title, 17, 8)
    _legend_below(chart)
    chart.x_axis.number_format, chart.y_axis.number_format = "yy.m", "0"
    sheet.ws.add_chart(chart, at)


def _legend_below(chart: Any) -> None:  # noqa: ANN401 - any chart of openpyxl
    chart.legend.position = "b"


def _draw_line(series: Any, colour: str, mark: str) -> None:  # noqa: ANN401 - a series of openpyxl
    series.smooth = False
    series.graphicalProperties.line.solidFill = colour
    series.graphicalProperties.line.width = 22_000
    series.marker.symbol, series.marker.size = mark, 6
    series.marker.graphicalProperties.solidFill = colour
    series.marker.graphicalProperties.line.solidFill = colour
