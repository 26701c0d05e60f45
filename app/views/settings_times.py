"""Times in the settings: deadlines by grade, the calendar of working days, and who stands in for whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtWidgets import QVBoxLayout

from app.core import formats
from app.core.fields import Field, Kind
from app.core.language import N_, _
from app.core.settings import SETTINGS
from app.models import branches, deputies, workdays
from app.models.deputies import Deputy
from app.views.desk import Desk
from app.views.forms import Form, Section, Shape
from app.views.line_table import LineTable
from app.views.messages import MessageBar
from app.views.pieces.basics import button, clear, label, row
from app.views.pieces.cards import Card
from app.views.pieces.choosers import Segments
from app.views.settings_form import FormPart, ReadPart, written

_CONTACT = ("contact_hours_urgent", "contact_hours_major", "contact_hours_general")
_SOLUTION = ("solution_hours_urgent", "solution_days_major", "solution_days_general")
_OTHER = ("closing_hour", "follow_up_days", "recurrence_days")
_MARK = (
    Field("day", N_("Day"), Kind.DATE, required=True),
    Field("works", N_("Working day"), Kind.BOOLEAN, required=True),
    Field("name", N_("Name"), max_length=50),
)


def times_part(desk: Desk) -> FormPart:
    """Until when a case is contacted and solved, by its grade."""
    codes = (*_CONTACT, *_SOLUTION, *_OTHER)
    declared = {field.code: field for field, _default in SETTINGS}
    sections = (
        Section(N_("Contact"), _CONTACT, N_("hours by the clock, from the receipt")),
        Section(N_("Solution"), _SOLUTION, N_("working days end at the close of business")),
        Section(N_("Also"), _OTHER),
    )
    session = desk.session
    return FormPart(
        desk,
        Shape(tuple(declared[code] for code in codes), sections, numbered=False),
        lambda: {code: session.settings[code] for code in codes},
        partial(branches.change_settings, session),
    )


class _Adding(Card):
    """A card with a small form and its button."""

    def __init__(
        self, desk: Desk, title: str, fields: tuple[Field, ...], word: str, write: Callable[[dict[str, Any]], Any]
    ) -> None:
        super().__init__(title)
        self._desk, self._write = desk, write
        self._codes = tuple(field.code for field in fields)
        self.form = Form(Shape(fields, (Section("", self._codes),), numbered=False), desk.session.now)
        self._said = QVBoxLayout()
        self.body.addLayout(self._said)
        self.body.addWidget(self.form)
        self.act = button(word, icon="plus", name="add_entry", on_click=self.add)
        self.body.addLayout(row(self.act, None))

    def add(self) -> None:
        """Write what was typed; mistakes stand at their fields."""
        if written(self._desk, self.form, self._said, self._write):
            self.form.set_values(dict.fromkeys(self._codes))


class _ListedPart(ReadPart):
    """A list that is read again, and a form that adds to it. Nothing stays unsaved."""

    def save(self) -> None:
        """Each entry is saved as it is added."""


class CalendarPart(_ListedPart):
    """Days off and working weekends of a year."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.year = desk.session.now().year
        years = [(str(year), str(year)) for year in range(self.year - 1, self.year + 3)]
        self._years = Segments(years, str(self.year), name="year")
        self._years.setAccessibleName(_("Year"))
        self._years.chosen.connect(self.show_year)
        self._card = Card(_("Working days"))
        self._card.add_act(self._years)
        self._rows = QVBoxLayout()
        self._card.body.addLayout(self._rows)
        take_in = button(_("Take in published years"), icon="refresh", name="seed", on_click=self.take_in)
        self._card.body.addLayout(row(take_in, None))
        self.adding = _Adding(desk, _("Another day"), _MARK, _("Mark the day"), self.mark)
        for part in (self._card, self.adding):
            self._layout.addWidget(part)
        self._layout.addStretch(1)
        self.setFocusProxy(self._years)
        self.refresh()

    def show_year(self, year: str) -> None:
        """The marked days of a year."""
        self.year = int(year)
        self.refresh()

    def refresh(self) -> None:
        """Read the year again."""
        clear(self._rows)
        if not self._desk.session.calendar.certain(date(self.year, 1, 1), date(self.year, 1, 1)):
            self._rows.addWidget(MessageBar("warn", _("The days off of {year} are not published yet.").format(year=self.year)))
        found = workdays.of_year(self.year)
        head = [_("Day"), _("Weekday"), _("Working day"), _("Name"), _("Set by")]
        rows = [
            [
                formats.day(one.day),
                formats.weekday(one.day),
                _("works") if one.works else _("off"),
                one.name,
                _("this branch") if one.own else _("published"),
            ]
            for one in found
        ]
        self._rows.addWidget(LineTable(head, rows, [False] * 5) if rows else label(_("No day is marked."), "secondary"))

    def mark(self, raw: dict[str, Any]) -> None:
        """A day of the branch's own."""
        session = self._desk.session
        workdays.mark_typed(session, _MARK, raw)
        self.refresh()
        self._desk.tell(_("The calendar is changed; the deadlines of open cases follow."))

    def take_in(self) -> None:
        """What this version of the program knows of the years around now."""
        session = self._desk.session
        count = self._desk.attempt(lambda: workdays.take_in(session, range(self.year - 1, self.year + 3)))
        if count is not None:
            self.refresh()
            self._desk.tell(_("Days taken in: {count}.").format(count=count))


class DeputiesPart(_ListedPart):
    """Who decides in whose place, from when to when."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._card = Card(_("Deputies"), _("they decide within the role while the other is away"))
        self._rows = QVBoxLayout()
        self._card.body.addLayout(self._rows)
        self.adding = _Adding(desk, _("Name a deputy"), deputies.FIELDS, _("Name the deputy"), self.name_one)
        for part in (self._card, self.adding):
            self._layout.addWidget(part)
        self._layout.addStretch(1)
        self.setFocusProxy(self.adding.form.editor("principal"))
        self.refresh()

    def refresh(self) -> None:
        """Read them again."""
        clear(self._rows)
        found = deputies.named(self._desk.session)
        for one in found:
            self._rows.addLayout(self._line(one))
        if not found:
            self._rows.addWidget(label(_("Nobody stands in for anybody."), "secondary"))

    def _line(self, one: Deputy) -> QVBoxLayout:
        words = _("{deputy} for {principal}, {role}").format(
            deputy=one.deputy, principal=one.principal, role=formats.label(deputies.FIELDS[2], one.role)
        )
        when = f"{formats.day(one.since)} – {formats.day(one.until)}"
        over = one.ended or one.until < self._desk.session.now().date()
        act = None if over else button(_("End"), "link", "x", name=f"end_{one.id}", on_click=partial(self.end, one.id))
        line = QVBoxLayout()
        last = label(_("ended"), "hint") if act is None else act
        line.addLayout(row(label(words, "secondary" if over else "strong"), label(when, "secondary"), None, last))
        return line

    def name_one(self, raw: dict[str, Any]) -> None:
        """From the form."""
        deputies.name(self._desk.session, raw)
        self.refresh()

    def end(self, number: int) -> None:
        """Before its time."""
        self._desk.attempt(lambda: deputies.end(self._desk.session, number))
        self.refresh()
