"""The page 保管期限: with whom the retention of personal data is over, or will be soon; what erasing would do, then doing it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from app.core import formats
from app.core.language import _
from app.models.customers import Customer
from app.models.record import find
from app.services import erasures, retention
from app.services.erasure_words import lines
from app.services.erasures import REASON
from app.services.retention import Due, Erased
from app.views.bulk_dialogs import FieldsDialog
from app.views.desk import Desk
from app.views.erasing import erase_customer
from app.views.page import Page
from app.views.pieces.area import Area
from app.views.pieces.basics import button, clear, column, label, row
from app.views.pieces.cards import Card
from app.views.pieces.heads import Head

AHEAD = 90
"""Days that one looks ahead."""
_SHOWN = 50
_TOLD = 5


class RetentionPage(Page):
    """Nothing is erased by looking at it."""

    nav = "customers"
    topics = ("customer", "complaint", "objection", "settings")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._head = Head(desk.back.emit)
        self._place = column(gap=12)
        self.build(self._head, Area(self._place))
        self.refresh()

    def name(self) -> str:
        """For the title of the window."""
        return _("Retention")

    def refresh(self) -> None:
        """Read again."""
        found = retention.due(self.session, AHEAD)
        today = self.session.now().date()
        self._due = [one for one in found if retention.over_on(self.session, one.last) <= today]
        soon = [one for one in found if retention.over_on(self.session, one.last) > today]
        count = label(
            _("{due} over, {soon} within {days} days").format(due=len(self._due), soon=len(soon), days=AHEAD), "secondary"
        )
        words = _("Erase all {count}…").format(count=len(self._due))
        act = [button(words, "danger", "trash", name="erase_all", on_click=self.erase_all)] if self._due else []
        self._head.show_title(self.name(), [count], act)
        clear(self._place)
        years = _("Personal data are kept for {years} years after a customer's last case. The setting is the administrator's.")
        self._place.addWidget(label(years.format(years=self.session.settings["retention_years"]), "secondary", wrap=True))
        for title, group in ((_("Retention is over"), self._due), (_("Soon over"), soon)):
            if group:
                self._place.addWidget(self._card(title, group))
        if not found:
            self._place.addWidget(label(_("Nobody's retention is over or ends soon."), "secondary"))
        self._place.addStretch(1)

    def _card(self, title: str, group: Sequence[Due]) -> Card:
        card = Card(_("{title}: {count}").format(title=title, count=len(group)))
        for one in group[:_SHOWN]:
            plan = erasures.plan(self.session, Customer.get_by_id(one.id))
            over = retention.over_on(self.session, one.last)
            days = _("last case {last}, over {over}").format(last=formats.day(one.last), over=formats.day(over))
            opening = button(f"{one.number}  {one.name}", "link", on_click=partial(self.desk.open, one.number))
            erasing = button(_("Erase…"), name=f"erase_{one.number}", on_click=partial(self._erase, one.number))
            card.body.addLayout(row(opening, label(days, "small"), None, erasing))
            card.body.addWidget(label(_("; ").join(lines(plan)), "hint", wrap=True))
        if len(group) > _SHOWN:
            card.body.addWidget(label(_("and {count} more").format(count=len(group) - _SHOWN), "hint"))
        return card

    def _erase(self, number: str) -> None:
        erase_customer(self.desk, find(self.session, Customer, number), self)

    def erase_all(self) -> None:
        """All whose retention is over, after it was said once more what goes and why it is done."""
        ids = [one.id for one in self._due]
        goes = _("Goes: names, phones, addresses, contacts, log texts and files of {count} customers.")
        stays = _("All figures stay, and agreements whose own time is not over. This cannot be taken back.")
        question = _("Erase the personal data of {count} customers?").format(count=len(ids))
        told = f"{goes.format(count=len(ids))}\n{stays}"
        dialog = FieldsDialog(question, told, (REASON,), (_("Erase"), "danger"), self.session.now, self.window())
        dialog.form.set_values({REASON.code: _("Retention is over")})
        if dialog.ask() == "do":
            work = partial(retention.erase_all, self.session, ids, str(dialog.values[REASON.code]))
            self.desk.run(work, partial(_erased, self.desk), self.window())


def _erased(desk: Desk, done: Erased) -> None:
    """Told whether the page is still there or not; it reads again by itself."""
    summary = done.summary
    desk.tell(_("Personal data of {count} customers erased").format(count=len(summary.done)))
    if summary.refused or summary.left:
        desk.say("warn", "\n".join((summary.sentence(), *summary.table().splitlines()[:_TOLD])))
    elif not done.clean:
        desk.say("warn", _("Erased; traces stay until the program is started again."))
