"""The statistics page: the period's figures with their changes, charts that lead to the cases, and the workbook."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QGridLayout, QMenu, QVBoxLayout, QWidget

from app.core import formats
from app.core.errors import UserError
from app.core.fields import Field, Kind
from app.core.language import N_, _
from app.core.progress import Progress
from app.models.listing import LISTINGS, UNCLASSIFIED
from app.reports import bars, charts
from app.services import closing, figures_cases, kept_cases, periods, restated
from app.services.figures_values import UNCLASSIFIED as UNCLASSIFIED_ROW
from app.services.figures_values import Figures, Share
from app.services.periods import Period
from app.views import style
from app.views.charts import ChartView
from app.views.closing import ClosingBar
from app.views.desk import Desk
from app.views.editors import TextEditor
from app.views.line_table import LineTable
from app.views.messages import MessageBar
from app.views.page import Page
from app.views.pieces.area import Area
from app.views.pieces.basics import action, button, clear, label, menu_button, row
from app.views.pieces.cards import Card
from app.views.pieces.choosers import Segments
from app.views.pieces.figures import Change, KeyFigure
from app.views.pieces.heads import NARROW, Head

_KINDS = (("month", N_("Monthly")), ("quarter", N_("Quarterly")), ("year", N_("Yearly")), ("days", N_("Any days")))
_CHART = 250
_AROUND = 2 * 24 + 5 * 12
"""Beside and between the key figures."""


class StatisticsPage(Page):
    """Choose a period, understand it, check any number down to its cases, export."""

    nav = "statistics"
    topics = ("complaint", "objection", "agreement", "customer", "month")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._kind = "month"
        self._pareto_by = "causes"
        self.period = periods.month_of(self.session.now().date())
        self.figures: Figures | None = None
        self._body = QVBoxLayout()
        self._body.setSpacing(14)
        self._closing = ClosingBar(desk)
        body = QVBoxLayout()
        body.setSpacing(14)
        body.addWidget(self._closing)
        body.addLayout(self._body)
        self.build(self._head(), Area(body))
        self._wide = True
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
        self._title = label("", "card")
        self._from, self._to = (self._day(name) for name in ("since", "until"))
        self._days = QWidget()
        self._days.setLayout(row(self._from, label("–"), self._to, gap=4))
        self._days.hide()
        self._hint = label("", "small")
        export = button(_("Export Excel"), "primary", "table-export", "Ctrl+E", name="export", on_click=self.export)
        head = Head()
        head.show_title(self.name(), [self._chooser(), self._hint], [self._closing.button, export], stays=1)
        return head

    def _chooser(self) -> QWidget:
        made = QWidget()
        made.setLayout(row(self.kinds, self._before, self._title, self._after, self._days))
        return made

    def _day(self, name: str) -> TextEditor:
        made = TextEditor(Field(name, N_("First day") if name == "since" else N_("Last day"), Kind.DATE), self.session.now)
        made.setFixedWidth(style.px(100))
        made.setAccessibleName(_("First day") if name == "since" else _("Last day"))
        made.left.connect(self._days_typed)
        made.returnPressed.connect(self._days_typed)
        return made

    def choose_kind(self, code: str) -> None:
        """Month, quarter, year, or any days."""
        self._kind = code
        day = min(self.period.last_day, self.session.now().date())
        self._days.setVisible(code == "days")
        for widget in (self._before, self._title, self._after):
            widget.setVisible(code != "days")
        makers = {"month": periods.month_of, "quarter": periods.quarter_of, "year": periods.year_of}
        if code == "days":
            self._from.set_value(self.period.start)
            self._to.set_value(day)
            self._from.setFocus()
        else:
            self.show_period(makers[code](day))

    def _days_typed(self) -> None:
        since, until = self._from.value(), self._to.value()
        if isinstance(since, date) and isinstance(until, date):
            found = self.desk.attempt(lambda: periods.days(since, until))
            if found is not None:
                self.show_period(found)

    def turn(self, by: int) -> None:
        """To the period before or after."""
        self.show_period(self.period.previous() if by < 0 else self.period.following())

    def show_period(self, period: Period) -> None:
        """Show the figures of a period; one wholly in the future is refused."""
        try:
            counted = closing.figures_of(self.session, period)
        except UserError as error:
            self.desk.fail(error)
            return
        self.period, self.figures = period, counted
        self._show(counted)
        self._closing.show_period(period)

    def refresh(self) -> None:
        """Count again."""
        self.show_period(self.period)

    def _show(self, counted: Figures) -> None:
        clear(self._body)
        self._title.setText(self.period.label())
        unfinished = counted.now < self.period.bounds(self.session.branch.zone)[1]
        until = formats.near(counted.now, self.session.now())
        self._hint.setText(_("until {time}, not over yet").format(time=until) if unfinished else "")
        self._after.setEnabled(self.period.following().start <= self.session.now().date())
        self._body.addLayout(self._key_figures(counted))
        self._body.addLayout(self._charts(counted))
        unclassified = _unclassified(counted)
        if unclassified:
            words = _("{count} objections are not classified. Causes and contents are complete once they are.").format(
                count=unclassified
            )
            self._body.addWidget(
                MessageBar("warn", words, ((_("Classify"), partial(self.open_cases, "by_content", UNCLASSIFIED)),))
            )
        self._body.addStretch(1)

    def _key_figures(self, counted: Figures) -> QGridLayout:
        made = QGridLayout()
        made.setSpacing(12)
        days = [(_("last period"), counted.previous), (_("last year"), counted.year_before)]
        rates = (
            ("same_day_reply_rate", _("Replied the same day"), counted.same_day_reply_rate),
            ("close_rate", _("Complaints closed"), counted.close_rate.complaints),
            ("solved_on_spot_rate", _("Solved on the spot"), counted.solved_on_spot_rate),
        )
        found = [
            ("complaints", self._count(_("Complaints"), counted.complaints, [(word, both.complaints) for word, both in days])),
            ("objections", self._count(_("Objections"), counted.objections, [(word, both.objections) for word, both in days])),
            *((code, KeyFigure(word, "—" if rate is None else f"{rate * 100:.1f}", "%")) for code, word, rate in rates),
            ("compensation_cost", KeyFigure(_("Compensation"), formats.money(counted.compensation_cost), _("yuan"))),
        ]
        columns = 6 if self._wide and 6 * max(figure.needed() for _code, figure in found) <= self.width() - _AROUND else 3
        for place, (code, figure) in enumerate(found):
            figure.opened.connect(partial(self.open_cases, code, ""))
            made.addWidget(figure, place // columns, place % columns)
        return made

    def _count(self, word: str, count: int, before: list[tuple[str, int]]) -> KeyFigure:
        changes = [Change(*_compared(when, count - other)) for when, other in before]
        return KeyFigure(word, str(count), _("cases"), changes)

    def _charts(self, counted: Figures) -> QGridLayout:
        made = QGridLayout()
        made.setSpacing(14)
        cards = (self._trend(counted), self._pareto(counted), self._contents(counted), self._open_cases(counted))
        for place, card in enumerate(cards):
            made.addWidget(card, place // 2 if self._wide else place, place % 2 if self._wide else 0)
        made.setColumnStretch(0, 1)
        made.setColumnStretch(1, 1 if self._wide else 0)
        return made

    def _chart_card(self, title: str, view: ChartView, *extra: QWidget) -> Card:
        view.setAccessibleName(title)
        card = Card(title)
        for widget in extra:
            card.add_act(widget)
        menu = QMenu(card)
        action(menu, _("Copy picture"), view.copy_picture, "copy")
        action(menu, _("Save picture"), partial(self._save_picture, view), "download")
        card.add_act(menu_button(_("More"), menu, icon="dots", kind="icon"))
        card.body.addWidget(view)
        view.opened.connect(self.open_cases)
        return card

    def _trend(self, counted: Figures) -> Card:
        view = ChartView(lambda width, height, measure: charts.trend(counted.trend, width, height, measure), _CHART, "trend")
        return self._chart_card(_("The last 13 months"), view)

    def _pareto(self, counted: Figures) -> Card:
        by_cause = self._pareto_by == "causes"
        rows = counted.pareto.causes if by_cause else counted.pareto.customers
        code = f"pareto.{self._pareto_by}"
        view = ChartView(lambda width, height, measure: charts.pareto(rows, code, width, height, measure), _CHART, "pareto")
        choice = Segments([("causes", _("Causes")), ("customers", _("Customers"))], self._pareto_by, name="pareto_by")
        choice.setAccessibleName(_("What weighs most"))
        choice.chosen.connect(self._choose_pareto)
        return self._chart_card(_("What weighs most"), view, choice)

    def _choose_pareto(self, code: str) -> None:
        self._pareto_by = code
        if self.figures is not None:
            self._show(self.figures)

    def _contents(self, counted: Figures) -> Card:
        view = ChartView(
            lambda width, height, measure: bars.content_by_nature(counted.content_by_nature, width, height, measure),
            _CHART,
            "content_by_nature",
        )
        return self._chart_card(_("Objections: content and nature"), view)

    def _open_cases(self, counted: Figures) -> Card:
        view = ChartView(lambda width, height, measure: bars.ageing(counted.ageing, width, measure), 64, "ageing")
        total = label(_("{count} not ended").format(count=counted.backlog), "small")
        card = self._chart_card(_("Not ended, by age"), view, total)
        card.body.addWidget(label(_("By person"), "card"))
        card.body.addWidget(_people(counted))
        card.body.addStretch(1)
        return card

    def open_cases(self, figure: str, code: str) -> None:
        """The list of exactly the cases behind a figure or one of its rows; where both kinds are counted, the fuller one."""
        found = self.desk.attempt(lambda: kept_cases.cases(self.session, self.period, figure, code))
        if not found:
            return
        weighed = [(behind, self._weight(behind)) for behind in found]
        behind, _count = max(weighed, key=lambda pair: pair[1])
        self.desk.go(behind.listing, behind.query)

    def _weight(self, behind: figures_cases.Behind) -> int:
        return LISTINGS[behind.listing].count(self.session, behind.query).rows

    def export(self) -> None:
        """The workbook of the period."""
        suggested = f"{_('Statistics')}-{self.session.branch.name}-{self.period.label()}.xlsx"
        path, _kind = QFileDialog.getSaveFileName(self, _("Export Excel"), suggested, _("Excel workbook (*.xlsx)"))
        if path:
            self.export_to(Path(path))

    def export_to(self, path: Path) -> None:
        """Write the workbook beside the window."""
        session, period = self.session, self.period

        def work(progress: Progress) -> Path:
            from app.reports import papers_month  # heavy: the Excel library

            made = restated.report(session, period)
            papers_month.write(session, path, made.content, progress, made.restated)
            return path

        self.desk.run(work, lambda written: self.desk.tell(_("Exported to {file}.").format(file=written.name)), self)

    def _save_picture(self, view: ChartView) -> None:
        path, _kind = QFileDialog.getSaveFileName(self, _("Save picture"), f"{view.objectName()}.png", "PNG (*.png)")
        if path:
            self.desk.attempt(lambda: view.save_picture(Path(path)))

    def narrow(self, width: int) -> None:
        """Narrow pages have one column."""
        wide = width >= style.px(NARROW)
        if wide != self._wide:
            self._wide = wide
            if self.figures is not None:
                self._show(self.figures)


def _compared(when: str, difference: int) -> tuple[str, int]:
    """A sentence and its direction; grey: more records are not worse."""
    if not difference:
        return _("as many as {when}").format(when=when), 0
    words = _("{count} more than {when}") if difference > 0 else _("{count} fewer than {when}")
    return words.format(count=abs(difference), when=when), 1 if difference > 0 else -1


def _unclassified(counted: Figures) -> int:
    return next((one.count for one in counted.shares["by_content"] if one.code == UNCLASSIFIED_ROW), 0)


def _people(counted: Figures) -> QWidget:
    """Objections and complaints by person, busiest first."""
    complaints = {one.code: one for one in counted.shares["complaints_by_handler"]}
    objections = {one.code: one for one in counted.shares["by_handler"]}
    names = sorted({*complaints, *objections}, key=lambda code: -(_n(complaints, code) + _n(objections, code)))
    rows = [
        [(complaints.get(code) or objections[code]).label, str(_n(complaints, code)), str(_n(objections, code))]
        for code in names[:6]
    ]
    return LineTable([_("Handler"), _("Complaints"), _("Objections")], rows, [False, True, True])


def _n(shares: dict[str, Share], code: str) -> int:
    return shares[code].count if code in shares else 0
