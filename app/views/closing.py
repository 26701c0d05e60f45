"""月结 in the window: whether a month is closed, what is different since, and closing it or opening it again."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout

from app.core import formats
from app.core.fields import Kind
from app.core.language import N_, _
from app.core.progress import Progress
from app.core.session import Session
from app.models import permissions
from app.models.frozen_months import REASON, Freeze
from app.services import closing, figure_words, restated
from app.services.closing import Closed
from app.services.periods import Period
from app.services.restated import Report, Restated
from app.views import style
from app.views.bulk_dialogs import FieldsDialog
from app.views.desk import Desk
from app.views.messages import confirm
from app.views.page import Page
from app.views.pieces.basics import IconMark, button, label
from app.views.pieces.heads import Foot, Head
from app.views.table import ListView
from app.views.table_model import Column, Rows

_COLUMNS = (
    Column("what", N_("What changed"), width=100),
    Column("kind", N_("Kind"), width=80, face="soft"),
    Column("number", N_("Number"), width=150, face="strong"),
    Column("item", N_("Item"), width=200),
    Column("before", N_("When closed"), width=130),
    Column("after", N_("Today"), width=130),
    Column("who", N_("Who"), width=80),
    Column("at", N_("Time"), Kind.MOMENT, width=130, face="soft"),
    Column("why", N_("Reason"), width=220, stretch=True),
)


class ClosingBar(QFrame):
    """Says whether a month that is over is closed, by whom and when, and leads to what is different since.

    The branch head closes the month here, or opens it again.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._period: Period | None = None
        self._freeze: Freeze | None = None
        self.report: Report | None = None
        """What is different since, once it was counted."""
        self._mark = IconMark("lock", "accent", 18)
        self.words = label("", wrap=True, selectable=True)
        self.link = button("", "link", name="restated", on_click=self.open_list)
        self.act = button("", "link", name="close_month", on_click=self._act)
        self.setObjectName("closing")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.setSpacing(10)
        layout.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.link)
        layout.addWidget(self.act)
        self.hide()

    def show_period(self, period: Period) -> None:
        """Speak of another period, or of what became of the same."""
        session = self._desk.session
        self._period, self._freeze, self.report = period, closing.standing(session, period), None
        may = not permissions.refusal(session, "month.close")
        self.setVisible(self._freeze is not None or (may and closing.can_be_closed(session, period)))
        self.link.hide()
        self.act.setVisible(may)
        self.act.say(_("Open the month") if self._freeze else _("Close the month"))
        style.polish(self, ground="info" if self._freeze else "sunken")
        self._mark.change("lock" if self._freeze else "calendar", "accent" if self._freeze else "text2")
        if self._freeze is None:
            self._say(_("{month} is over and not closed yet.").format(month=period.label()))
            return
        asked = (period, self._freeze)
        self._say(_closed_words(session, *asked))
        done, failed = partial(self._counted, asked), partial(self._failed, asked)
        self._desk.run(lambda _progress: restated.report(session, period), done, self, failed, shown=False)

    def _say(self, words: str) -> None:
        self.words.setText(words)
        self.setAccessibleName(words)

    def _failed(self, asked: tuple[Period, Freeze], error: Exception) -> None:
        if asked == (self._period, self._freeze):
            self._say(str(error))

    def _counted(self, asked: tuple[Period, Freeze], report: Report) -> None:
        """What the worker found, if it is still asked for."""
        if asked != (self._period, self._freeze):
            return
        self.report = report
        count = restated.of_records(report.restated) or len(report.restated)
        self.link.say(_("{count} restatements").format(count=count))
        self.link.setVisible(bool(count))
        words = _closed_words(self._desk.session, *asked)
        if not count:
            words += " " + _("Nothing of it would be counted differently today.")
        if report.closed and report.closed.missing:
            words += " " + missing_words(report.closed)
        self._say(words)

    def open_list(self) -> None:
        """What is different since, case by case."""
        if self.report is not None and self._period is not None:
            self._desk.show(RestatedPage(self._desk, self._period, self.report.restated))

    def _act(self) -> None:
        if self._period is not None:
            self._open(self._period) if self._freeze else self._close(self._period)

    def _close(self, period: Period) -> None:
        question = _("Close {month}?").format(month=period.label())
        text = _(
            "Its figures, details and workbook stay what they are now. What changes later is listed as restatements; only with a"
            " reason can the month be opened again."
        )
        if confirm(self.window(), question, text, _("Close the month"), _("Cancel"), danger=False):
            session = self._desk.session

            def work(progress: Progress) -> Freeze:
                return closing.close(session, period, progress)

            told = _("{month} is closed.").format(month=period.label())
            self._desk.run(work, lambda _freeze: self._desk.tell(told), self)

    def _open(self, period: Period) -> None:
        question = _("Open {month} again?").format(month=period.label())
        text = _("Its figures are counted from the records again until it is closed anew. What was kept stays on record.")
        act = (_("Open the month"), "danger")
        dialog = FieldsDialog(question, text, (REASON,), act, self._desk.session.now, self.window())
        dialog.setProperty("help", "RestatedPage")
        if dialog.ask() == "do":
            reason = str(dialog.values[REASON.code])
            if self._desk.attempt(lambda: closing.open_again(self._desk.session, period, reason)):
                self._desk.tell(_("{month} is open again.").format(month=period.label()))


def _closed_words(session: Session, period: Period, freeze: Freeze) -> str:
    at = formats.moment(freeze.at, session.branch.zone)
    return _("{month} is closed: {person}, {time}.").format(month=period.label(), person=freeze.who, time=at)


def missing_words(closed: Closed) -> str:
    """Which figures were not kept, because the program did not know them then."""
    return _("Not kept when it was closed: {names}").format(names=figure_words.named(closed.missing))


class RestatedPage(Page):
    """What would be different if a closed month were counted today; Enter opens the record."""

    nav = "statistics"

    def __init__(self, desk: Desk, period: Period, found: tuple[Restated, ...]) -> None:
        super().__init__(desk)
        self._period, self._found = period, found
        self.table = ListView(_COLUMNS, self.session.now, name="restated")
        self.table.setAccessibleName(_("Restatements"))
        self.table.opened.connect(self._open)
        head = Head(desk.back.emit)
        head.show_title(self.name())
        count = restated.of_records(found)
        words = _("{count} restatements, {figures} figures are others")
        said = label(words.format(count=count, figures=len(found) - count), "small")
        keys = label(_("↑↓ choose   Enter opens the record"), "hint")
        self.build(head, self.table, Foot([said], [keys], height=6))
        self.setFocusProxy(self.table)
        self.table.show_source(Rows([_row(place, one) for place, one in enumerate(found)]))

    def name(self) -> str:
        """For the title of the window."""
        return _("Restatements of {month}").format(month=self._period.label())

    def _open(self, place: int) -> None:
        if self._found[place].what != "figure":
            self.desk.open(self._found[place].number)


def _row(place: int, one: Restated) -> tuple[object, ...]:
    number = "" if one.what == "figure" else one.number
    why = one.why or one.act
    return (place, restated.what_of(one), restated.kind_of(one), number, one.label, *restated.sides(one), one.who, one.at, why)
