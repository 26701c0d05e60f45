"""The board of promises 承诺台账: what is owed to customers, by day, overdue first; and the list of all there were."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QFrame

from app.core import formats
from app.core.language import N_, _
from app.models.listing import PROMISES
from app.services import promise_board
from app.services.promise_board import GROUPS, Owed
from app.views import style
from app.views.bench_lines import Line, beside, card, since
from app.views.desk import Desk
from app.views.lists import CASES, ListPage
from app.views.page import Page
from app.views.pieces.area import Area
from app.views.pieces.basics import button, clear, column, label
from app.views.pieces.choosers import Segments
from app.views.pieces.heads import Head
from app.views.pieces.nothing import nothing

_TONES = {"overdue": ("alert-triangle", "bad"), "today": ("clock", "warn")}
_ICONS = {"reply": "message-2", "visit": "users", "delivery": "truck", "follow_up": "phone-call"}
_NARROW = 700
_WHENCE = N_("What is promised to a customer in a case stands here, with the day until which it is owed.")


class PromisesPage(Page):
    """Everything that is owed, in groups by day; Enter opens the case."""

    topics = ("promise", "complaint", "objection")
    nav = "promises"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._whose = "all"
        self._wide = True
        self._count = label("", "secondary")
        whose = Segments([("all", _("All")), ("mine", _("Mine"))], "all", name="whose")
        whose.setAccessibleName(_("Whose promises"))
        whose.chosen.connect(self._choose)
        everything = partial(desk.go, "promise_list")
        head = Head()
        head.show_title(
            self.name(),
            [self._count],
            [button(_("All promises"), icon="list-check", name="all_promises", on_click=everything)],
            [whose],
        )
        self._groups = column(gap=14)
        self.build(head, Area(self._groups))
        self.refresh()

    def name(self) -> str:
        """For the title of the window."""
        return _("Promises")

    def refresh(self) -> None:
        """Read again what is owed."""
        handler = self.session.user if self._whose == "mine" else ""
        found = promise_board.owed(self.session, handler=handler)
        counted = promise_board.count(self.session)
        self._count.setText(
            _("{late} overdue, {today} due today").format(late=f"{counted.overdue:,}", today=f"{counted.today:,}")
        )
        clear(self._groups)
        for code, word in GROUPS:
            group = [one for one in found if one.group == code]
            if group:
                self._groups.addWidget(self._group(_(word), group))
        if not found:
            page, word, icon = CASES
            begin = button(_(word), icon=icon, name=f"to_{page}", on_click=partial(self.desk.go, page))
            self._groups.addWidget(nothing("calendar-due", _("Nothing is owed to a customer."), _(_WHENCE), begin), 1)
        else:
            self._groups.addStretch(1)

    def _group(self, word: str, group: list[Owed]) -> QFrame:
        made, inside = card(word, label(_("{count} promises").format(count=len(group)), "small"))
        for one in group:
            inside.addWidget(self._line(one))
        return made

    def _line(self, one: Owed) -> Line:
        icon, tone = _TONES.get(one.group, (_ICONS[one.subject], "text2"))
        late = one.overdue is not None
        when = _("overdue {since}").format(since=since(one.overdue)) if one.overdue else formats.near(one.due, self.session.now())
        subject = formats.label(PROMISES.field("subject"), one.subject)
        cells = [
            (when, tone if late or one.today else "text", late, 0.17),
            (subject, "text", True, 0.09),
            (one.what.replace("\n", " "), "text", False, 0.3),
            (one.customer, "text", False, 0.2),
            (one.handler, "text2", False, 0.09),
            (one.case, "text2", False, 0.15),
        ]
        if not self._wide:
            cells = [(when, tone, late, 0.3), (beside(subject, one.customer), "text", False, 0.7)]
        line = Line(cells, (icon, tone))
        line.clicked.connect(partial(self.desk.open, one.case))
        return line

    def _choose(self, code: str) -> None:
        self._whose = code
        self.refresh()

    def narrow(self, width: int) -> None:
        """Under 700 a line holds when, what and whom."""
        wide = width >= style.px(_NARROW)
        if wide != self._wide:
            self._wide = wide
            self.refresh()


class PromiseListPage(ListPage):
    """All promises there were, with what became of them."""

    listing, title, nav = PROMISES, N_("All promises"), "promises"
    topics = ("promise",)
    empty_icon = "calendar-due"
    empty_words, empty_way = _WHENCE, CASES
    stretch = "customer_name"
