"""The statistics page: a period's figures with their changes, charts that lead to the cases, the report and the workbook."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QFileDialog, QGridLayout, QMenu, QVBoxLayout, QWidget

from app.core import formats
from app.core.fields import Field, Kind
from app.core.language import N_, _
from app.core.progress import Progress
from app.models.listing import LISTINGS, UNCLASSIFIED, Query
from app.models.prints import MONTH_PAPER
from app.services import cases_behind, figures_by, period_report, periods, restated
from app.services.figures_cases import Behind
from app.services.figures_rows import ALL, Chosen
from app.services.figures_values import Only
from app.services.period_lines import KEY
from app.services.period_report import Report
from app.services.periods import Period
from app.views import statistics_cards as cards
from app.views import style
from app.views.closing import ClosingBar
from app.views.consolidating import merge_button
from app.views.desk import Desk
from app.views.editors import TextEditor
from app.views.lists import REGISTER
from app.views.page import Page
from app.views.pieces.area import EDGE, Area
from app.views.pieces.basics import action, button, clear, column, label, lying, menu_button, row
from app.views.pieces.choosers import Segments
from app.views.pieces.heads import NARROW, Head
from app.views.pieces.nothing import nothing
from app.views.statistics_cards import ChartCard, HandlingCard, MembersCard
from app.views.statistics_narrow import Narrow
from app.views.statistics_tables import key_figure, mend_bar
from app.views.work import Job

if TYPE_CHECKING:
    from app.views.papers import Sheet

_KINDS = (("month", N_("Months")), ("quarter", N_("Quarters")), ("year", N_("Years")), ("days", N_("Days")))
_MAKERS = {"month": periods.month_of, "quarter": periods.quarter_of, "year": periods.year_of}
_OFFERED = {"month": 18, "quarter": 8, "year": 5}
"""How many periods the menu offers, the newest first."""
_PATIENCE = 300
"""Milliseconds of counting before it is said."""
_AROUND = 2 * 24 + 5 * 12
"""Beside and between the key figures."""


class StatisticsPage(Page):
    """Choose a period, understand it, check any number down to its cases, export."""

    nav = "statistics"
    topics = ("complaint", "objection", "agreement", "customer", "month")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._kind = "month"
        self.period = periods.month_of(self.session.now().date())
        self.chosen = ALL
        self._asked: tuple[Period, Chosen] = (self.period, ALL)
        self.report: Report | None = None
        self._job: Job | None = None
        self._wide = True
        self.narrowed = Narrow()
        self.narrowed.changed.connect(self._narrow)
        self._notes, self._key, self._grid = QVBoxLayout(), QGridLayout(), QGridLayout()
        self._key.setSpacing(12)
        self._grid.setSpacing(14)
        body = QVBoxLayout()
        body.setSpacing(14)
        self._closing = ClosingBar(self.desk)
        body.addWidget(self._closing)
        for part in (self._notes, self._key, self._grid):
            body.addLayout(part)
        body.addStretch(1)
        self._make_cards()
        content = QVBoxLayout()
        content.setSpacing(0)
        head = self._head()
        content.addWidget(self._days)
        content.addWidget(self.narrowed)
        self._area, self._empty = Area(body), self._nothing()
        content.addWidget(self._area, 1)
        content.addWidget(self._empty, 1)
        self.build(head, content)
        self.refresh()

    def name(self) -> str:
        """For the title of the window."""
        return _("Statistics")

    def _head(self) -> Head:
        self.kinds = Segments([(code, _(word)) for code, word in _KINDS], "month", name="period_kind")
        self.kinds.setAccessibleName(_("Kind of period"))
        self.kinds.chosen.connect(self.choose_kind)
        self._before = button(_("Earlier"), "icon", "chevron-left", "Alt+PgUp", name="earlier", on_click=lambda: self.turn(-1))
        self._after = button(_("Later"), "icon", "chevron-right", "Alt+PgDown", name="later", on_click=lambda: self.turn(1))
        self._periods = QMenu(self)
        self._periods.aboutToShow.connect(self._offer_periods)
        self._title = menu_button(self.period.label(), self._periods, name="period")
        self._from, self._to = (self._day(name) for name in ("since", "until"))
        self._days = QWidget()
        self._days.setLayout(row(self._from, label("–"), self._to, None, gap=4, margins=(EDGE, 0, EDGE, 8)))
        self._days.hide()
        self._hint = label("", "small")
        chooser = QWidget()
        chooser.setLayout(row(self.kinds, self._before, self._title, self._after, gap=4))
        paper = button(_("Report as PDF"), "outline", "file-text", name="month_report", on_click=self.print_page)
        export = button(_("Export Excel"), "primary", "table-export", "Ctrl+E", name="export", on_click=self.export)
        head = Head()
        head.show_title(
            self.name(),
            [chooser, self._hint],
            [self.narrowed.button, merge_button(self), paper, export],
            stays=1,
        )
        return head

    def _nothing(self) -> QWidget:
        """What stands there until there is a case."""
        page, word, icon = REGISTER
        acts = (
            button(_("Register complaint"), "outline", "plus", on_click=partial(self.desk.new, "complaint")),
            button(_(word), "outline", icon, name=f"to_{page}", on_click=partial(self.desk.go, page)),
        )
        made = nothing("chart-bar", _("Nothing to count yet"), _("The figures come by themselves with the first case."), *acts)
        made.hide()
        return made

    def _day(self, name: str) -> TextEditor:
        made = TextEditor(Field(name, N_("First day") if name == "since" else N_("Last day"), Kind.DATE), self.session.now)
        made.setFixedWidth(style.px(100))
        made.setAccessibleName(_("First day") if name == "since" else _("Last day"))
        made.left.connect(self._days_typed)
        made.returnPressed.connect(self._days_typed)
        return made

    def _make_cards(self) -> None:
        made = partial(ChartCard, self.desk, open_cases=self.open_cases)
        self.charts = {
            "trend": made(_("Month by month"), cards.TREND, cards.HIGH),
            "pareto": made(_("What weighs most"), cards.PARETO, cards.HIGH),
            "about": made(_("What they were about"), cards.ABOUT, cards.HIGH),
            "ageing": made(_("Not ended, by age"), cards.AGES, cards.STRIP),
            "kept": made(_("Promises and deadlines"), cards.KEPT, cards.THREE),
            "remedies": made(_("Compensation agreed"), cards.REMEDIES, cards.LOW),
            "satisfied": made(_("Objections: satisfied, by method"), cards.SATISFIED, cards.LOW),
        }
        self.handling, self.members = HandlingCard(self.open_cases), MembersCard(self.desk, self.open_cases)
        self._due, below = QWidget(), column(self.charts["ageing"], self.charts["kept"], gap=14)
        below.setStretch(1, 1)
        self._due.setLayout(below)
        self._lay_out()

    def _lay_out(self) -> None:
        """Two columns, or one below the other."""
        made = self.charts
        left = (made["trend"], made["about"], self.handling, made["satisfied"])
        right = (made["pareto"], self.members, self._due, made["remedies"])
        for place, pair in enumerate(zip(left, right, strict=True)):
            for side, card in enumerate(pair):
                self._grid.addWidget(card, *((place, side) if self._wide else (2 * place + side, 0)))
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1 if self._wide else 0)

    def choose_kind(self, code: str) -> None:
        """Month, quarter, year, or any days."""
        self._kind = code
        self.kinds.set_value(code)
        day = min(self._asked[0].last_day, self.session.now().date())
        self._days.setVisible(code == "days")
        for widget in (self._before, self._title, self._after):
            widget.setVisible(code != "days")
        if code == "days":
            self._from.set_value(self._asked[0].start)
            self._to.set_value(day)
            self._from.setFocus()
        else:
            self.show_period(_MAKERS[code](day))

    def _days_typed(self) -> None:
        since, until = self._from.value(), self._to.value()
        if isinstance(since, date) and isinstance(until, date):
            found = self.desk.attempt(lambda: periods.days(since, until))
            if found not in (None, self._asked[0]):
                self.show_period(found)

    def _offer_periods(self) -> None:
        self._periods.clear()
        if self._kind in _MAKERS:
            period = _MAKERS[self._kind](self.session.now().date())
            for _place in range(_OFFERED[self._kind]):
                action(self._periods, period.label(), partial(self.show_period, period))
                period = period.previous()

    def turn(self, by: int) -> None:
        """To the period before or after."""
        asked = self._asked[0]
        self.show_period(asked.previous() if by < 0 else asked.following())

    def _narrow(self) -> None:
        chosen = self.desk.attempt(lambda: figures_by.chosen(self.session, self.narrowed.conditions()))
        if chosen is not None:
            self._count(self._asked[0], chosen)

    def show_period(self, period: Period) -> None:
        """Show the figures of a period, as soon as they are counted; one wholly in the future is refused."""
        self._count(period, self._asked[1])

    def refresh(self) -> None:
        """Count again."""
        self._count(*self._asked)

    @property
    def counting(self) -> bool:
        """Whether figures that were asked for are still to come."""
        return self._job is not None

    def _count(self, period: Period, chosen: Chosen) -> None:
        """On the worker thread; what was asked for before is not waited for."""
        session = self.session
        if self._job is not None:
            self._job.cancel()
        self.members.stop()
        self._asked = (period, chosen)
        self._tell(period)
        QTimer.singleShot(_PATIENCE, self, self._say_counting)
        job = self.desk.run(
            lambda progress: period_report.load(session, period, chosen, progress),
            lambda report: self._counted(job, report, chosen),
            self,
            lambda error: self._failed(job, error),
            shown=False,
        )
        self._job = job

    def _counted(self, job: Job, report: Report, chosen: Chosen) -> None:
        if job is self._job:
            self._job, self.report, self.chosen, self.period = None, report, chosen, report.figures.period
            self._tell(self.period)
            self._show(report)

    def _failed(self, job: Job, error: Exception) -> None:
        if job is self._job:
            self._job, self._asked = None, (self.period, self.chosen)
            self._tell(self.period)
            self.desk.fail(error)

    def _say_counting(self) -> None:
        """Where it takes a while; otherwise the head would flicker."""
        if self.counting:
            self._hint.setText(_("Counting…"))

    def _tell(self, period: Period) -> None:
        """The head at once, for who turns on before all is counted."""
        self._title.say(period.label())
        self._hint.setText("")
        self._after.setEnabled(period.following().start <= self.session.now().date())

    def _show(self, report: Report) -> None:
        empty = not any(LISTINGS[kind].count(self.session, Query()).rows for kind in ("objections", "complaints"))
        self._empty.setVisible(empty)
        self._area.setVisible(not empty)
        self._closing.show_period(self.period)
        self.narrowed.offer(report.offered)
        self._show_notes(report)
        self._show_key(report)
        for card in self.charts.values():
            card.show_report(report)
        self.handling.show_report(report)
        self.members.show_figures(report.figures)

    def _show_notes(self, report: Report) -> None:
        """What one must know to read the figures."""
        clear(self._notes)
        if sentences := list(report.notes(formats.near(report.figures.now, self.session.now()))):
            self._notes.addWidget(label(" ".join(sentences), "secondary", wrap=True))
        if report.missing:
            acts = [(f"{one.words} {one.cases}", partial(self.open_cases, one.figure, UNCLASSIFIED)) for one in report.missing]
            self._notes.addWidget(mend_bar(_("Not complete; a click leads there:"), acts))

    def _show_key(self, report: Report) -> None:
        focused = [place for place, one in enumerate(lying(self._key)) if one is self.window().focusWidget()]
        clear(self._key)
        lines = {line.code: line for line in report.lines if line.code in KEY}
        made = [(lines[code], key_figure(lines[code])) for code in KEY]
        fits = 6 * max(figure.needed() for _line, figure in made) <= self.width() - _AROUND
        columns = 6 if self._wide and fits else 3
        for place, (line, figure) in enumerate(made):
            figure.clicked.connect(lambda _checked=False, line=line: self.open_cases(line.code, "", line.listing))
            self._key.addWidget(figure, place // columns, place % columns)
            if place in focused:
                figure.show()
                figure.setFocus()

    def open_cases(self, figure: str, code: str = "", listing: str = "", only: Iterable[Only] | None = None) -> None:
        """The list of exactly the cases behind a figure or one of its rows; of both kinds a person chooses which.

        `only`: of these cases alone, where they are others than the page shows.
        """
        found = self.desk.attempt(lambda: self._behind(figure, code, listing, only))
        if found is None:
            return
        if len(found) > 1:
            self._ask_kind(found)
        elif found:
            self._go(found[0])
        else:
            self.desk.tell(_("No case stands behind this number."))

    def _go(self, behind: Behind) -> None:
        # The page of promises is a board of what is owed; all of them are a list beside it.
        self.desk.go("promise_list" if behind.listing == "promises" else behind.listing, behind.query)

    def _behind(self, figure: str, code: str, listing: str, only: Iterable[Only] | None) -> tuple[Behind, ...]:
        chosen = self.chosen if only is None else figures_by.chosen(self.session, period_report.conditions(only))
        return cases_behind.cases(self.session, self.period, figure, code, chosen, listing)

    def _ask_kind(self, found: Iterable[Behind]) -> None:
        """A menu where the person is: at the pointer, or in the middle of what has the focus."""
        menu = QMenu(self)
        menu.setObjectName("kinds_behind")
        words = {"objections": _("{count} objections"), "complaints": _("{count} complaints")}
        for behind in found:
            count = cases_behind.weight(self.session, behind)
            action(menu, words[behind.listing].format(count=count), partial(self._go, behind))
        menu.aboutToHide.connect(menu.deleteLater)
        at, focus = QCursor.pos(), QApplication.focusWidget() or self
        if not focus.rect().contains(focus.mapFromGlobal(at)):
            at = focus.mapToGlobal(focus.rect().center())
        menu.popup(at)
        menu.setActiveAction(menu.actions()[0])

    def export(self) -> None:
        """The workbook of the period."""
        if not self.desk.permitted("figures.export"):
            return
        suggested = f"{_('Statistics')}-{self.session.branch.name}-{self.period.label()}.xlsx"
        path, _kind = QFileDialog.getSaveFileName(self, _("Export Excel"), suggested, _("Excel workbook (*.xlsx)"))
        if path:
            self.export_to(Path(path))

    def export_to(self, path: Path) -> None:
        """Write the workbook beside the window."""
        session, period, chosen = self.session, self.period, self.chosen

        def work(progress: Progress) -> Path:
            from app.reports import papers_month  # heavy: the Excel library

            made = restated.report(session, period, chosen)
            papers_month.write(session, path, made.content, progress, made.restated)
            return path

        self.desk.run(work, lambda written: self.desk.tell(_("Exported to {file}.").format(file=written.name)), self)

    def print_page(self) -> None:
        """The report on the period, to be looked at, printed or saved."""
        desk, period, chosen = self.desk, self.period, self.chosen
        self.desk.run(lambda progress: _sheet(desk, period, chosen, progress), self._show_paper, self)

    def _show_paper(self, sheet: Sheet) -> None:
        from app.views.papers import PdfPage  # heavy: printing and all documents

        self.desk.show(PdfPage(self.desk, sheet, self.nav))

    def narrow(self, width: int) -> None:
        """Narrow pages have one column."""
        wide = width >= style.px(NARROW)
        if wide != self._wide:
            self._wide = wide
            self._lay_out()
            if self.report is not None:
                self._show_key(self.report)


def _sheet(desk: Desk, period: Period, chosen: Chosen, progress: Progress) -> Sheet:
    from app.reports import papers_period  # heavy: all documents
    from app.views.papers import Sheet  # heavy: printing and all documents

    made = papers_period.render(desk.session, period, chosen, progress=progress)
    kept = partial(papers_period.keep_record, desk.session, made)
    return Sheet(made.content, made.title, "", papers_period.file_name(desk.session, made), printed=kept, document=MONTH_PAPER)
