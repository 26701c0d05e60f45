"""The page 设置: branch, numbering and limits, clauses, blank forms, backups, this desk, about. Parts are made when opened."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from app.core.fields import Field, Kind
from app.core.language import N_, _
from app.core.settings import SETTINGS
from app.models import branches, numbering
from app.views import style
from app.views.desk import Desk
from app.views.editors import Clock
from app.views.form_page import BLANK
from app.views.forms import Form, Section, Shape
from app.views.messages import Dialog, confirm
from app.views.page import Page
from app.views.pieces.area import EDGE, Area
from app.views.pieces.basics import button, clear, column, label, row
from app.views.pieces.cards import Card
from app.views.pieces.choosers import Tabs
from app.views.pieces.heads import Head
from app.views.settings_backup import BackupPart
from app.views.settings_certificate import CertificatePart
from app.views.settings_clauses import ClausesPart
from app.views.settings_desk import AboutPart, DeskPart
from app.views.settings_export import ExportPart
from app.views.settings_form import FormPart, ReadPart
from app.views.settings_staff import StaffPart
from app.views.settings_times import CalendarPart, DeputiesPart, times_part
from app.views.settings_updates import UpdatesPart

_WIDEST = 860
_LIMITS = ("limit_handler", "limit_manager")
_PATTERNS = tuple(declared.code for declared, _default in SETTINGS if declared.code.startswith("pattern_"))
_AGREEMENTS = ("performance_days", "copies", "retention_years")
_LOCK = ("lock_minutes",)
_ESTIMATES = ("silent_factor",)
_BLANK_KINDS = (("complaint", N_("Complaint registration form")), ("objection", N_("Objection record")))


def branch_part(desk: Desk) -> FormPart:
    """Who we are: it stands on every paper."""
    codes = tuple(field.code for field in branches.FIELDS)
    section = Section(N_("Branch"), codes, N_("it stands on every paper"), wide=("address", "legal_name", "letterhead"))
    shape = Shape(branches.FIELDS, (section,), numbered=False)
    session = desk.session
    return FormPart(
        desk, shape, lambda: {code: getattr(session.branch, code) or None for code in codes}, partial(branches.edit, session)
    )


def numbers_part(desk: Desk) -> FormPart:
    """Limits, patterns of numbers, agreements, what the figures estimate by."""
    shown = (*_LIMITS, *_PATTERNS, *_AGREEMENTS, *_LOCK, *_ESTIMATES)
    fields: tuple[Field, ...] = tuple(declared for declared, _default in SETTINGS if declared.code in shown)
    sections = (
        Section(N_("Who approves"), _LIMITS, N_("above the manager's limit the branch head decides")),
        Section(
            N_("Numbers"),
            _PATTERNS,
            N_("{year} {month} {branch} and {n:04}, the running number with four digits"),
            wide=_PATTERNS,
        ),
        Section(N_("Agreements"), _AGREEMENTS),
        Section(N_("Lock"), _LOCK, N_("where there are passwords; typing and the mouse keep it open")),
        Section(N_("Statistics"), _ESTIMATES, N_("a rule of thumb: of 25 dissatisfied customers, 24 say nothing")),
    )
    session = desk.session
    return FormPart(
        desk,
        Shape(fields, sections, numbered=False),
        lambda: {field.code: session.settings[field.code] for field in fields},
        partial(branches.change_settings, session),
    )


class BlanksPart(ReadPart):
    """Numbers that stand on blank forms: open until the form is entered or its number voided."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.refresh()

    def refresh(self) -> None:
        """Read the open numbers again."""
        clear(self._layout)
        for kind, title in _BLANK_KINDS:
            numbers = numbering.reserved(self._desk.session, kind)
            if kind == "complaint" or numbers:
                self._layout.addWidget(self._card(_(title), kind, numbers, printable=kind == "complaint"))
        self._layout.addStretch(1)

    def _card(self, title: str, kind: str, numbers: list[str], *, printable: bool) -> Card:
        card = Card(title, _("{count} numbers printed and not entered yet").format(count=len(numbers)))
        if printable:
            act = button(
                _("Print a blank form"), icon="printer", name="print_blank", on_click=partial(self._desk.paper, "form", "")
            )
            card.add_act(act)
            self.setFocusProxy(act)
        for number in numbers:
            void = button(_("Void {number}").format(number=number), "link", "ban", on_click=partial(self.ask_void, number))
            void.setObjectName(f"void_{number}")
            acts = [void]
            if printable:
                given = {BLANK: number}
                words = _("Register {number}").format(number=number)
                acts.insert(
                    0, button(words, "link", "pencil", name=f"enter_{number}", on_click=partial(self._desk.new, kind, given))
                )
            card.body.addLayout(row(label(number, "strong"), None, *acts, gap=16))
        if not numbers:
            card.body.addWidget(label(_("No blank form is on its way."), "secondary"))
        return card

    def ask_void(self, number: str) -> None:
        """Ask why, then explain the gap."""
        dialog = ReasonDialog(_("Void {number}?").format(number=number), self._desk.session.now, self)
        if dialog.ask() == "void":
            self.void(number, dialog.reason())

    def void(self, number: str, reason: str) -> None:
        """The number of a spoilt form is never used."""
        self._desk.attempt(lambda: numbering.void_reserved(self._desk.session, number, reason))
        self.refresh()

    def save(self) -> None:
        """Nothing is typed here."""


class ReasonDialog(Dialog):
    """A reason is asked for before a number is voided."""

    def __init__(self, question: str, now: Clock, parent: QWidget) -> None:
        super().__init__(question, _("The number is not used again; the reason explains the gap."), parent)
        declared = Field("reason", N_("Reason"), Kind.TEXT, required=True, max_length=200)
        self.form = Form(Shape((declared,), (Section("", ("reason",)),), numbered=False), now)
        self.body.addWidget(self.form)
        self.offer("", _("Do not void"), default=True)
        void = self.offer("void", _("Void"), "danger")
        void.setEnabled(False)
        self.form.changed.connect(lambda _code: void.setEnabled(bool(self.reason().strip())))
        self.form.focus_field("reason")

    def reason(self) -> str:
        """What was typed."""
        return str(self.form.values()["reason"] or "")


PARTS: tuple[tuple[str, str, Callable[[Desk], Any]], ...] = (
    ("branch", N_("Branch"), branch_part),
    ("numbers", N_("Limits"), numbers_part),
    ("times", N_("Deadlines"), times_part),
    ("calendar", N_("Calendar"), CalendarPart),
    ("deputies", N_("Deputies"), DeputiesPart),
    ("staff", N_("People"), StaffPart),
    ("clauses", N_("Clauses"), ClausesPart),
    ("certificate", N_("Certificate"), CertificatePart),
    ("blanks", N_("Blank forms"), BlanksPart),
    ("export", N_("Exports"), ExportPart),
    ("backup", N_("Backups"), BackupPart),
    ("desk", N_("This desk"), DeskPart),
    ("updates", N_("Updates"), UpdatesPart),
    ("about", N_("About"), AboutPart),
)


class SettingsPage(Page):
    """The parts as tabs."""

    topics = ("branch", "settings", "clauses", "calendar", "deputy", "complaint", "objection", "reserved", "staff", "backup")
    nav = "settings"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._made: dict[str, Area] = {}
        self.tabs = Tabs([(code, _(word)) for code, word, _make in PARTS])
        self.tabs.chosen.connect(self.show_part)
        self._stack = QStackedWidget()
        products = button(_("Products"), icon="package", name="products", on_click=partial(desk.go, "products"))
        head = Head()
        head.show_title(self.name(), acts=[products])
        body = column(gap=10)
        body.addLayout(row(self.tabs, margins=(EDGE, 0, EDGE, 0)))
        body.addWidget(self._stack, 1)
        self.build(head, body)
        self.setFocusProxy(self.tabs)
        self.show_part("branch")

    def name(self) -> str:
        """For the title of the window."""
        return _("Settings")

    def show_part(self, code: str) -> None:
        """Open a part; of none, stay at the one that is seen."""
        code = code or self.tabs.value()
        if code not in self._made:
            make = next(make for one, _word, make in PARTS if one == code)
            self._made[code] = _scrolled(make(self.desk))
            self._stack.addWidget(self._made[code])
        self._stack.setCurrentWidget(self._made[code])
        self.tabs.set_value(code)

    def part(self, code: str = "") -> Any:  # noqa: ANN401 - one of the parts
        """A part that is open, or the one that is seen."""
        return self._made[code or self.tabs.value()].findChild(QWidget, "part")

    def refresh(self) -> None:
        """Show what is in force."""
        for code in self._made:
            self.part(code).refresh()

    def save(self) -> None:
        """Ctrl+S: save the part that is seen."""
        self.part().save()

    def help_names(self) -> list[str]:
        """The part that is seen."""
        return [f"settings.{self.tabs.value()}"]

    def may_leave(self) -> bool:
        """Asks about what is typed and not saved."""
        unsaved = [code for code in self._made if self.part(code).dirty]
        if not unsaved:
            return True
        self.show_part(unsaved[0])
        left = confirm(
            self, _("Leave without saving?"), _("What was changed in the settings is not saved."), _("Discard changes"), _("Stay")
        )
        if left:
            for code in unsaved:
                self.part(code).dirty = False
                self.part(code).refresh()
        return left


def _scrolled(part: QWidget) -> Area:
    part.setObjectName("part")
    part.setMaximumWidth(style.px(_WIDEST))
    line = row(part, None, gap=0)
    line.setStretch(0, 100)
    return Area(line)
