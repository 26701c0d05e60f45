"""The first page: what waits for the person who sits down."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.core import formats
from app.core.language import _, chosen
from app.core.session import Session
from app.core.times import MONTHS
from app.models import unfinished
from app.models.listing import COMPLAINTS, DISPATCHES, OPEN, PROMISES, Query
from app.services import figures, first_day, periods, promise_board, workbench
from app.services.figures_values import Figures
from app.views import style
from app.views.bench_lines import Line, Station, beside, card, since
from app.views.customer_facts import anniversary_words
from app.views.desk import Desk
from app.views.page import Page
from app.views.pieces.area import Area
from app.views.pieces.basics import button, clear, column, label, row
from app.views.pieces.heads import NARROW, Head

_ICONS = {"complaint": "message-report", "objection": "message-exclamation", "customer": "users", "agreement": "file-certificate"}


class WorkbenchPage(Page):
    """Promises, approvals, stations; figures, unfinished entries, recent records."""

    topics = (
        "complaint",
        "objection",
        "customer",
        "agreement",
        "promise",
        "dispatch",
        "branch",
        "staff",
        "backup",
        "product",
        unfinished.TOPIC,
    )
    nav = "workbench"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._shown: Figures | None = None
        self._day = label("", "secondary")
        head = Head()
        head.show_title(_("Workbench"), [self._day], self.new_cases())
        self._left, self._right = column(gap=14), column(gap=14)
        self._columns = QHBoxLayout()
        self._columns.setSpacing(16)
        self._columns.addLayout(self._left, 100)
        self._side = QWidget()
        self._side.setLayout(self._right)
        self._columns.addWidget(self._side, 46)
        self.build(head, Area(self._columns))
        self.refresh()

    def name(self) -> str:
        """For the title of the window."""
        return _("Workbench")

    def refresh(self) -> None:
        """Read again what waits."""
        now = self.session.now()
        self._day.setText(f"{_short_day(self.session)}   {formats.weekday(now.date())}")
        bench = workbench.load(self.session)
        clear(self._left)
        clear(self._right)
        for made in (self._promises(bench), self._owed(bench), self._approvals(bench), self._stations(bench)):
            if made is not None:
                self._left.addWidget(made)
        self._left.addStretch(1)
        for other in (self._first_day(), self._month(), self._drafts(bench), self._days(bench), self._recent(bench)):
            if other is not None:
                self._right.addWidget(other)
        self._right.addStretch(1)

    def narrow(self, width: int) -> None:
        """On narrow pages the right column goes below."""
        vertical = width < style.px(NARROW)
        self._columns.setDirection(QHBoxLayout.Direction.TopToBottom if vertical else QHBoxLayout.Direction.LeftToRight)

    def _promises(self, bench: workbench.Workbench) -> QFrame:
        extra = []
        if bench.overdue:
            extra.append(_toned(_("{count} overdue").format(count=f"{bench.overdue:,}"), "error"))
        if bench.due_today:
            extra.append(_toned(_("{count} due today").format(count=f"{bench.due_today:,}"), "warning"))
        made, inside = card(_("My promises"), *extra)
        for due in bench.due:
            inside.addWidget(self._due(due))
        if not bench.due:
            inside.addWidget(_nothing(_("Nothing is owed to a customer.")))
        if bench.overdue + bench.due_today > len(bench.due):
            inside.addWidget(button(_("All promises"), "link", on_click=lambda: self.desk.go("promises")))
        return made

    def _owed(self, bench: workbench.Workbench) -> QFrame | None:
        """Deliveries that are late, and customers to be called back today."""
        if not bench.late_orders and not bench.follow_ups:
            return None
        made, inside = card(_("Deliveries and follow-ups"))
        for one in bench.late_orders:
            department = formats.label(DISPATCHES.field("department"), one.department)
            when = _("due {day}").format(day=formats.near(one.due, self.session.now()))
            inside.addWidget(self._order(one.number, beside(department, one.customer), when, "truck", "bad"))
        for call in bench.follow_ups:
            when = formats.near(call.planned_for, self.session.now())
            inside.addWidget(self._order(call.number, f"{call.customer}   {call.by}".strip(), when, "phone-call", "warn"))
        return made

    def _order(self, number: str, words: str, when: str, icon: str, tone: str) -> Line:
        cells = [(when, tone, False, 0.2), (words, "text", False, 0.6), (number, "text2", False, 0.2)]
        return self._line(Line(cells, (icon, tone)), partial(self.desk.open, number))

    def _due(self, due: promise_board.Owed) -> Line:
        now = self.session.now()
        if due.overdue is not None:
            when, tone, icon = _("overdue {since}").format(since=since(due.overdue)), "bad", "alert-triangle"
        else:
            when, tone, icon = (
                formats.near(due.due, now),
                "warn" if due.today else "text2",
                "clock" if due.today else "calendar",
            )
        cells = [
            (when, tone, False, 0.2),
            (beside(_subject(due.subject), due.what), "text", True, 0.42),
            (due.customer, "text", False, 0.2),
            (due.case, "text2", False, 0.18),
        ]
        return self._line(Line(cells, (icon, tone)), partial(self.desk.open, due.case))

    def _line(self, line: Line, act: Callable[[], object]) -> Line:
        line.clicked.connect(lambda _checked=False: act())
        return line

    def _approvals(self, bench: workbench.Workbench) -> QFrame:
        look = button(
            _("See all {count}").format(count=f"{bench.waiting_count:,}"),
            "link",
            on_click=lambda: self.desk.go("complaints", Query(where={"status": ("proposed",)})),
        )
        look.setVisible(bench.waiting_count > len(bench.waiting))
        made, inside = card(_("Waits for approval"), look)
        for one in bench.waiting:
            cost = _("{cost} yuan").format(cost=formats.money(one.cost)) if one.cost else _("no cost")
            by = _("proposed by {person}").format(person=one.proposed_by)
            second = f"{one.number}   {by}   {formats.near(one.proposed_at, self.session.now())}"
            severity = formats.label(_SEVERITY, one.severity) if one.severity else ""
            tone = {"major": "warn", "urgent": "bad"}.get(one.severity or "", "text2")
            cells = [
                (beside(one.customer, one.text), "text", False, 1.0),
                (severity, tone, False, -60.0),
                (cost, "text", bool(one.cost), -130.0),
            ]
            inside.addWidget(self._line(Line(cells, ("hourglass", "wait"), second=second), partial(self.desk.open, one.number)))
        if not bench.waiting:
            inside.addWidget(_nothing(_("No proposal waits for a decision.")))
        return made

    def _stations(self, bench: workbench.Workbench) -> QFrame:
        total = sum(count for _code, count in bench.stations)
        look = button(_("Open list"), "link", on_click=lambda: self.desk.go("complaints", Query(where={"status": (OPEN,)})))
        made, inside = card(_("Open complaints"), label(_("{count} open").format(count=f"{total:,}"), "small"), look)
        line = QHBoxLayout()
        line.setSpacing(8)
        for code, count in bench.stations:
            if code in ("executing", "following_up") and not count:
                continue
            station = Station(formats.label(_STATUS, code), count)
            station.clicked.connect(
                lambda _checked=False, code=code: self.desk.go("complaints", Query(where={"status": (code,)}))
            )
            line.addWidget(station)
        inside.addLayout(line)
        return made

    def _first_day(self) -> QFrame | None:
        """What is still open of the first steps."""
        steps = first_day.steps(self.session, self.desk.preferences)
        if all(step.done for step in steps):
            return None
        from app.views.first_day import open_steps  # heavy: only new branches pay for it

        return open_steps(self.desk, steps, self.refresh)

    def _month(self) -> QFrame:
        now = self.session.now()
        period = periods.month_of(now.date())
        counted = figures.headline(self.session, period)
        made, inside = card(
            _("{month} until today").format(month=_month_name(now.month)),
            button(_("Open statistics"), "link", on_click=lambda: self.desk.go("statistics")),
        )
        pairs = (
            (_("Complaints"), f"{counted.complaints:,}", _("cases")),
            (_("Objections"), f"{counted.objections:,}", _("cases")),
            (_("Replied the same day"), *_rate(counted.same_day_reply_rate)),
            (_("Solved on the spot"), *_rate(counted.solved_on_spot_rate)),
        )
        for first, second in (pairs[:2], pairs[2:]):
            line = QHBoxLayout()
            for word, figure, unit in (first, second):
                line.addLayout(_figure(word, figure, unit), 1)
            inside.addLayout(line)
        return made

    def _drafts(self, bench: workbench.Workbench) -> QFrame | None:
        if not bench.drafts:
            return None
        made, inside = card(_("Unfinished"), label(_("kept automatically, not done yet"), "hint"))
        for entry in bench.drafts[:5]:
            inside.addWidget(self._draft(entry))
        return made

    def _draft(self, entry: unfinished.Entry) -> Line:
        when = formats.near(entry.saved_at, self.session.now())
        cells = [
            (entry.title or _("Unfinished entry"), "text", False, 1.0),
            (when, "text3", False, -90.0),
            (_("Go on"), "accent", False, -50.0),
        ]
        return self._line(Line(cells, ("pencil", "text2")), partial(self.desk.go_on, entry))

    def _days(self, bench: workbench.Workbench) -> QFrame | None:
        """Birthdays, and how long customers have been customers."""
        if not bench.anniversaries:
            return None
        asked = Query(where={"anniversary": ("true",)}, sort="number", descending=False)
        look = button(_("See all"), "link", name="all_anniversaries", on_click=lambda: self.desk.go("customers", asked))
        made, inside = card(_("Coming days"), label(_("birthdays and anniversaries"), "hint"), look)
        for one in bench.anniversaries[:5]:
            when = formats.near(one.day, self.session.now())
            cells = [(one.customer, "text", False, 1.0), (when, "text3", False, -90.0)]
            icon = "cake" if one.contact else "star"
            words = anniversary_words(one)
            inside.addWidget(self._line(Line(cells, (icon, "text2"), second=words), partial(self.desk.open, one.number)))
        return made

    def _recent(self, bench: workbench.Workbench) -> QFrame:
        made, inside = card(_("Worked on last"))
        for one in bench.recent[:6]:
            words = one.number if one.kind != "customer" else ""
            cells = [
                (f"{one.name}   {words}".strip(), "text", False, 1.0),
                (formats.near(one.at, self.session.now()), "text3", False, -90.0),
            ]
            inside.addWidget(self._line(Line(cells, (_ICONS[one.kind], "text2")), partial(self.desk.open, one.number)))
        if not bench.recent:
            inside.addWidget(_nothing(_("Nothing yet.")))
        return made


def _subject(code: str) -> str:
    return formats.label(PROMISES.field("subject"), code)


_SEVERITY = COMPLAINTS.field("severity")
_STATUS = COMPLAINTS.field("status")


def _toned(text: str, role: str) -> QWidget:
    return label(text, role)


def _nothing(text: str) -> QWidget:
    return label(text, "secondary")


def _rate(rate: float | None) -> tuple[str, str]:
    return ("—", "") if rate is None else (f"{rate * 100:.1f}", "%")


def _figure(word: str, figure: str, unit: str) -> QVBoxLayout:
    number = row(label(figure, "figure"), label(unit, "secondary"), None, gap=4)
    made = QVBoxLayout()
    made.setSpacing(0)
    made.addWidget(label(word, "small"))
    made.addLayout(number)
    return made


def _short_day(session: Session) -> str:
    today = session.now().date()
    return f"{today.month}月{today.day}日" if chosen() == "zh_CN" else f"{today.day} {today:%B}"


def _month_name(month: int) -> str:
    return f"{month}月" if chosen() == "zh_CN" else MONTHS[month - 1]
