"""The cards of the statistics page: each a chart or a table with a choice of what it shows, and its picture to copy or save."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QVBoxLayout, QWidget

from app.core.language import N_, _
from app.core.progress import Progress
from app.reports import bars, charts, value_bars
from app.reports.shapes import Chart, Measure
from app.services import cases_behind, period_report
from app.services.figures_values import Figures, ParetoRow
from app.services.period_lines import KEY
from app.services.period_report import Member, Report
from app.views.charts import Build, ChartView
from app.views.desk import Desk
from app.views.pieces.basics import action, clear, label, menu_button
from app.views.pieces.cards import Card
from app.views.pieces.choosers import Segments
from app.views.statistics_tables import Open, figures_table, members_table
from app.views.work import Job

HIGH, LOW, THREE, STRIP = 250, 240, 96, 56
Drawn = Callable[[Report, float, float, Measure], Chart]


class Choice(NamedTuple):
    """One of the charts that a card can show, and what is said beside its title."""

    code: str
    word: str
    draw: Drawn
    hint: Callable[[Report], str] = lambda _found: ""


def _shares(figure: str) -> Drawn:
    return lambda found, *room: bars.shares(found.figures.shares[figure], figure, *room)


def _pareto(code: str, word: str, rows: Callable[[Figures], tuple[ParetoRow, ...]]) -> Choice:
    return Choice(
        code,
        word,
        lambda found, *room: charts.pareto(rows(found.figures), f"pareto.{code}", *room),
        lambda found: charts.pareto_sentence(rows(found.figures)) if rows(found.figures) else "",
    )


TREND = (Choice("trend", "", lambda found, *room: charts.trend(found.trend, *room)),)
PARETO = (
    _pareto("causes", N_("Causes"), lambda found: found.pareto.causes),
    _pareto("customers", N_("Customers"), lambda found: found.pareto.customers),
)
ABOUT = (
    Choice("content", N_("Objections"), lambda found, *room: bars.content_by_nature(found.figures.content_by_nature, *room)),
    Choice("class", N_("Complaints"), _shares("complaints_by_class")),
)
AGES = (
    Choice(
        "ageing",
        "",
        lambda found, width, _height, measure: bars.ageing(found.figures.ageing, width, measure),
        lambda found: _("{count} not ended").format(count=f"{found.figures.backlog:,}"),
    ),
)
KEPT = (Choice("kept", "", lambda found, *room: value_bars.kept(found.kept, *room)),)
SATISFIED = (
    Choice(
        "satisfied",
        "",
        lambda found, *room: value_bars.satisfied(found.figures.shares["by_method"], cases_behind.SATISFIED_BY_METHOD, *room),
    ),
)
REMEDIES = (
    Choice("remedies", N_("Cost"), lambda found, *room: value_bars.remedies(found.figures.by_remedy, *room)),
    Choice("delivered", N_("Delivered"), lambda found, *room: value_bars.delivered(found.figures.promised_vs_delivered, *room)),
)


class ChartCard(Card):
    """A chart, or one of several: `chosen` says which was asked for."""

    chosen = Signal(str)

    def __init__(self, desk: Desk, title: str, choices: Sequence[Choice], height: int, open_cases: Open, shown: str = "") -> None:
        super().__init__(title)
        self._desk, self._choices = desk, {choice.code: choice for choice in choices}
        self._report: Report | None = None
        self._shown = shown or choices[0].code
        self.view = ChartView(None, height, choices[0].code)
        self.view.setAccessibleName(title)
        self.view.opened.connect(open_cases)
        if len(choices) > 1:
            self.choice = Segments([(one.code, _(one.word)) for one in choices], self._shown, name=f"{choices[0].code}_choice")
            self.choice.setAccessibleName(title)
            self.choice.chosen.connect(self._choose)
            self.add_act(self.choice)
        menu = QMenu(self)
        action(menu, _("Copy picture"), self.view.copy_picture, "copy")
        action(menu, _("Save picture"), self.save_picture, "download")
        self.add_act(menu_button(_("More"), menu, icon="dots", kind="icon"))
        self.body.addWidget(self.view)

    def show_report(self, report: Report) -> None:
        """Draw its figures."""
        self._report = report
        choice = self._choices[self._shown]
        build: Build = partial(choice.draw, report)
        self.view.show_chart(build)
        self.hint.say(choice.hint(report))

    def _choose(self, code: str) -> None:
        self._shown = code
        if self._report is not None:
            self.show_report(self._report)

    def save_picture(self) -> None:
        """As a PNG, where the person wants it."""
        path, _kind = QFileDialog.getSaveFileName(self, _("Save picture"), f"{self._shown}.png", "PNG (*.png)")
        if path:
            self._desk.attempt(lambda: self.view.save_picture(Path(path)))


class HandlingCard(Card):
    """All figures but the key ones, with their changes."""

    def __init__(self, open_cases: Open) -> None:
        super().__init__(_("How they were handled"))
        self._open = open_cases

    def show_report(self, report: Report) -> None:
        """Show these."""
        clear(self.body)
        rows = [line for line in report.lines if line.code not in KEY]
        self.body.addWidget(figures_table(rows, [one.when for one in report.earlier], self._open))
        self.body.addStretch(1)


class MembersCard(Card):
    """People, value tiers, products … side by side, counted on the worker thread."""

    def __init__(self, desk: Desk, open_cases: Open) -> None:
        super().__init__(_("Side by side"))
        self._desk, self._open = desk, open_cases
        self._field = period_report.COMPARED[0][0]
        self._figures: Figures | None = None
        self._job: Job | None = None
        self._words: Mapping[str, str] = {field: _(word) for field, word in period_report.COMPARED}
        menu = QMenu(self)
        for field, word in self._words.items():
            action(menu, word, partial(self.compare, field)).setObjectName(f"compare_{field}")
        self.button = menu_button(self._words[self._field], menu, kind="chip", name="compare")
        self.add_act(self.button)
        self._table = QVBoxLayout()
        self.body.addLayout(self._table)
        self.body.addStretch(1)

    def compare(self, field: str) -> None:
        """By another field."""
        self._field = field
        self.button.say(self._words[field])
        if self._figures is not None:
            self.show_figures(self._figures)

    def show_figures(self, figures: Figures) -> None:
        """Count those of these cases, and show them."""
        self._figures, field, session = figures, self._field, self._desk.session
        self.stop()

        def work(progress: Progress) -> tuple[Member, ...]:
            return period_report.members(session, figures, field, progress)

        job = self._desk.run(
            work, lambda found: self._counted(job, found), self, lambda error: self._failed(job, error), shown=False
        )
        self._job = job

    def stop(self) -> None:
        """Nobody waits for those any more."""
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _counted(self, job: Job, members: Sequence[Member]) -> None:
        if job is self._job:
            self._job = None
            self._show(members)

    def _failed(self, job: Job, error: Exception) -> None:
        if job is self._job:
            self._job = None
            self._desk.fail(error)

    def _show(self, members: Sequence[Member]) -> None:
        clear(self._table)
        shown: QWidget = label(_("Nothing was recorded in this period."), "hint")
        if members:
            shown = members_table(self._words[self._field], members, self._open)
        self._table.addWidget(shown)
