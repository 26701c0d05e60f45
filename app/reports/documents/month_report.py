"""月报: the month on a few pages: main figures beside the earlier ones, charts, causes, what is open, cost, delay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial

from app.core import formats
from app.core.language import N_, _
from app.core.times import day_of
from app.models.listing import COMPLAINTS, OBJECTIONS
from app.models.promises import Promise
from app.reports import bars, charts, value_bars
from app.reports.documents.parts import PARAGRAPH, section
from app.reports.drawn_charts import Charts, Picture
from app.reports.grid import SMALL, Cell, Grid, Row, head_row, nothing, table
from app.reports.layout import Block, Entry, Signatures, Text
from app.reports.pdf import Paper, Sheaf
from app.reports.typesetting import Align, Style
from app.services import period_report
from app.services.figures_values import AGE_LABELS, UNCLASSIFIED, ParetoRow
from app.services.overdue_cases import Overdue
from app.services.period_lines import Line
from app.services.period_report import Report
from app.services.periods import Kind

TITLES = {
    Kind.MONTH: N_("Monthly report on objections and complaints"),
    Kind.QUARTER: N_("Quarterly report on objections and complaints"),
    Kind.YEAR: N_("Yearly report on objections and complaints"),
    Kind.DAYS: N_("Report on objections and complaints"),
}
MOST_CAUSES, MOST_BARS = 12, 8
_RIGHT = SMALL._replace(align=Align.RIGHT)
_SMALLER = SMALL._replace(size=8)
_BOLD = PARAGRAPH._replace(bold=True)
_NOTE = Style(8.5, spacing=1.4, grey=0.25)
_HIGH, _LOW = 126.0, 232.0
_SHARES = ((0.6, 0.4), (0.34, 0.2, 0.2, 0.26), (0.25, 0.12, 0.115, 0.2, 0.115, 0.2))
"""Of the widths of the main figures, compared with none, one or two earlier periods."""


@dataclass(frozen=True)
class MonthReport:
    """What a report is made of; of the overdue cases the first, and how many there are."""

    paper: Paper
    report: Report
    overdue: tuple[Overdue, ...]
    all_overdue: int


def title_of(report: Report) -> str:
    """What the report calls itself, without its period."""
    return _(TITLES[report.figures.period.kind])


def month_sheaf(data: MonthReport) -> Sheaf:
    """The paper."""
    report = data.report
    parts = (
        (_("Main figures"), _main(report)),
        (_("Course and causes"), _causes(report)),
        (_("What they were about"), _about(report)),
        (_("Not ended, and what fell due"), _open(report)),
        (_("Compensation"), _compensation(report)),
        (_("Overdue list"), _overdue(data)),
    )
    told = " ".join(_warnings(report))
    blocks: list[Block] = [Text(told, _BOLD, before=2)] if told else []
    for number, (title, content) in enumerate(parts, 1):
        blocks += [section(number, title), *content]
    blocks.append(_signatures(data))
    return Sheaf(data.paper, title_of(report), blocks, subtitle=report.figures.scope)


def _warnings(report: Report) -> Iterator[str]:
    figures = report.figures
    yield from report.notes(formats.moment(figures.now, figures.zone))
    if report.missing:
        found = _(", ").join(f"{one.words} {one.cases}" for one in report.missing)
        yield _("Not complete: {found}.").format(found=found)


def _main(report: Report) -> list[Block]:
    earlier = [(other.when[:1].upper() + other.when[1:], _("Difference")) for other in report.earlier]
    captions = [_("Figure"), _("The period"), *(caption for pair in earlier for caption in pair)]
    shares = _SHARES[len(earlier)]
    return [_numbers(captions, shares, map(_figure_row, report.lines)), Text(_definitions(), _NOTE, before=3)]


def _figure_row(line: Line) -> list[str]:
    compared = [text for pair in zip(line.earlier, line.changes, strict=True) for text in (pair[0], pair[1].difference)]
    unit = "" if line.unit in ("", "%") else _(" ({unit})").format(unit=line.unit)
    return [f"{line.label}{unit}", line.shown, *compared]


def _definitions() -> str:
    return _(
        "Objections count by the day on which they were raised, complaints by that of their receipt, void ones not at all. "
        "“Closed”: ended until the end of the period. “Repeated”: within 90 days of another case of the same customer and kind."
    )


def _causes(report: Report) -> list[Block]:
    figures = report.figures
    rows = figures.pareto.causes
    trend = Picture(_("Month by month"), partial(charts.trend, report.trend), _HIGH)
    blocks: list[Block] = [Charts([trend], before=2)]
    if rows:
        blocks.append(Charts([Picture(_("Causes"), partial(charts.pareto, rows, "pareto.causes"), _HIGH)]))
        blocks.append(_pareto_table(rows))
    return blocks


def _pareto_table(rows: Sequence[ParetoRow]) -> Grid:
    named = [row for row in rows if row.code != UNCLASSIFIED]
    shown = named if len(named) <= MOST_CAUSES else named[: MOST_CAUSES - 1]
    texts = [(row.label, str(row.count), formats.percent(row.share), formats.percent(row.cumulative)) for row in shown]
    outside = [row for row in rows if row.code == UNCLASSIFIED]
    if rest := named[len(shown) :]:
        outside.append(charts.others(rest))
    texts += [(row.label, str(row.count), formats.percent(row.share), "—") for row in outside]
    return _numbers((_("Cause"), _("Cases"), _("Share"), _("Running sum")), (0.46, 0.18, 0.18, 0.18), texts, before=6)


def _about(report: Report) -> list[Block]:
    figures = report.figures
    if report.empty:
        return [nothing()]
    contents = Picture(_("Objections: content and nature"), partial(bars.content_by_nature, figures.content_by_nature), _LOW)
    classes = Picture(
        _("Complaints by class"),
        partial(bars.shares, figures.shares["complaints_by_class"], "complaints_by_class"),
        _LOW,
    )
    found = [Charts([contents, classes], before=2)]
    most = (
        (_("Customers with most cases"), period_report.together(figures, "customer")),
        (_("By handler"), period_report.together(figures, "handler")),
    )
    pictures = [Picture(title, partial(value_bars.most, rows), 8.0 + 28 * min(len(rows), MOST_BARS)) for title, rows in most]
    return [*found, Charts(pictures)]


def _open(report: Report) -> list[Block]:
    figures = report.figures
    due = Picture(_("Promises and deadlines"), partial(value_bars.kept, report.kept), 30.0 + 28 * len(report.kept))
    kept: list[Block] = [Charts([due])] if report.kept else []
    if not figures.backlog:
        return [nothing(), *kept]
    strip = Picture(_("By age"), lambda width, _height, measure: bars.ageing(figures.ageing, width, measure), 48)
    rows = [
        (word, *(str(bucket[place]) for bucket in figures.ageing), str(sum(bucket[place] for bucket in figures.ageing)))
        for place, word in enumerate((_("Objections"), _("Complaints")))
    ]
    captions = ("", *(_(label) for label in AGE_LABELS), _("Together"))
    return [Charts([strip], before=2), _numbers(captions, (0.22, *(0.13,) * 6), rows, before=4), *kept]


def _compensation(report: Report) -> list[Block]:
    figures = report.figures
    owed = figures.promised_vs_delivered
    if not figures.by_remedy:
        return [nothing()]
    height = 32.0 + 28 * min(max(len(figures.by_remedy), len(owed)), 9)
    found = [Picture(_("By remedy"), partial(value_bars.remedies, figures.by_remedy), height)]
    if owed:
        found.append(Picture(_("Agreed and delivered"), partial(value_bars.delivered, owed), height))
    note = Text(_("Of agreements signed in the period; a new edition counts with the difference."), _NOTE, with_next=True)
    return [note, Charts(found, before=4)]


def _overdue(data: MonthReport) -> list[Block]:
    if not data.overdue:
        return [Text(_("Nothing was overdue at the end of the period."), PARAGRAPH)]
    captions = (_("Case"), _("Customer"), _("What is overdue"), _("Due"), _("Days overdue"), _("Status"), _("Whose turn"))
    rows = [_late_row(one, data.report.figures.zone) for one in data.overdue]
    listed = table(captions, (0.15, 0.155, 0.115, 0.15, 0.09, 0.14, 0.2), rows, [_SMALLER] * len(captions))
    listed.before = 4
    note = _("Promises and deadlines of open cases that were over at the end of the period, the longest overdue first.")
    found: list[Block] = [Text(note, _NOTE, with_next=True), listed]
    if more := data.all_overdue - len(data.overdue):
        found.append(Text(_("and {count} more cases, overdue for a shorter time").format(count=more), _BOLD, before=4))
    return found


def _late_row(one: Overdue, zone: tzinfo) -> tuple[str, ...]:
    row, turn = one.row, one.holder
    if one.since:
        turn = _("{person}, since {day}").format(person=turn, day=formats.day(day_of(one.since, zone)))
    what = _("Solution due") if row.subject is None else formats.label(Promise.field("subject"), row.subject)
    due = "" if row.due is None else f"{row.due:%Y-%m-%d %H:%M}" if isinstance(row.due, datetime) else formats.day(row.due)
    status = formats.label((COMPLAINTS if one.kind == "complaint" else OBJECTIONS).field("status"), row.status)
    return (row.case, row.customer, what, due, str(row.days), status, turn)


def _numbers(captions: Sequence[str], shares: Sequence[float], rows: Iterable[Sequence[str]], before: float = 0) -> Grid:
    """A table of words at the left and numbers at the right."""
    styles = (SMALL, *(_RIGHT,) * (len(shares) - 1))
    laid = [Row([Cell(text, share, style) for text, share, style in zip(row, shares, styles, strict=True)]) for row in rows]
    return Grid(laid, [head_row(captions, shares)], before=before)


def _signatures(data: MonthReport) -> Signatures:
    day = formats.day(data.paper.printed_at.date())
    return Signatures(
        [
            [Entry(_("Prepared by:"), data.paper.author)],
            [Entry(_("Checked by:"))],
            [Entry(_("Date:"), day, line=False)],
        ]
    )
