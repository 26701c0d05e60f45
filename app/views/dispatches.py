"""Dispatch orders: the list, and the page on which a department accepts and delivers."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.core.language import N_, _
from app.models.dispatches import DispatchLine
from app.models.listing import DISPATCHES
from app.models.steps import take
from app.services.case_course import reminder
from app.views.case_page import CasePage, Tab
from app.views.facts import counted, fact_grid, line_table
from app.views.lists import CASES, ListPage
from app.views.pieces.basics import button, label, row
from app.views.preview import fact_pairs

_FACTS = ("agreement", "department", "due", "accepted_by", "accepted_at", "done_at", "chased_at", "note")


class DispatchesPage(ListPage):
    """All dispatch orders."""

    listing, title, nav = DISPATCHES, N_("Dispatch orders"), "dispatches"
    topics = ("dispatch",)
    empty_icon = "truck"
    empty_words, empty_way = N_("An order goes out from a complaint, by its step Dispatch."), CASES
    stretch = "customer_name"


class DispatchPage(CasePage):
    """An order: what is to be delivered, what was, and to whom."""

    nav = "dispatches"
    topics = ("dispatch", "complaint")

    def tabs(self) -> list[Tab]:
        """Three tabs."""
        return [
            ("lines", _("To deliver")),
            ("deliveries", counted(_("Deliveries"), len(self.case.values["deliveries"]))),
            ("attachments", counted(_("Files"), len(self.case.files))),
        ]

    def tab(self, code: str) -> QWidget:
        """What stands in a tab."""
        if code == "lines":
            return self._lines()
        if code == "deliveries":
            lines = self.case.values["deliveries"]
            if not lines:
                return label(_("Nothing was delivered yet."), "secondary")
            return line_table(self.case.record.PARTS["deliveries"].FIELDS, lines, self.session.now())
        return self.files()

    def _lines(self) -> QWidget:
        made = QWidget()
        layout = QVBoxLayout(made)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(line_table(DispatchLine.FIELDS, self.case.values["lines"], self.session.now()))
        layout.addWidget(fact_grid(fact_pairs(self.session, self.case.record, _FACTS)))
        number = self.case.record.complaint.number
        acts = [label(_("Complaint"), "small"), button(number, "link", on_click=partial(self.desk.open, number))]
        if self.case.record.status in ("issued", "accepted"):
            acts.append(button(_("Copy reminder"), "text", "copy", name="copy_reminder", on_click=self.copy_reminder))
        layout.addLayout(row(*acts, None))
        return made

    def copy_reminder(self) -> None:
        """The words of a reminder, to be pasted into a chat; the order remembers that it was chased."""
        QApplication.clipboard().setText(reminder(self.session, self.case.record))
        self.desk.attempt(lambda: take(self.session, self.case.record, "chase", {"note": _("Reminder copied")}))
        self.refresh()
        self.desk.tell(_("The reminder is copied. Paste it into the chat with the department."))
