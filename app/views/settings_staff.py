"""Staff and passwords in the settings: one's own password, who works here in which roles, and turning passwords on or off."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core import formats, passwords
from app.core.errors import ValidationError
from app.core.language import _
from app.core.session import ROLES
from app.models import permissions, staff
from app.models.staff import Person
from app.services import staffing
from app.views.desk import Desk
from app.views.forms import Form, Section, Shape
from app.views.messages import Dialog, confirm
from app.views.pieces.basics import button, clear, label, row
from app.views.pieces.cards import Card
from app.views.pieces.pills import Pill, face
from app.views.recovery import RecoverySheet
from app.views.secrets import Secret, SecretDialog, change_password, new_secrets
from app.views.settings_form import written

_CODES = ("name", "code", "roles", "since", "until")


class StaffPart(QWidget):
    """An open branch is offered passwords; one with passwords shows its people."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(12)
        self.adding: Joining | None = None
        self.refresh()

    @property
    def dirty(self) -> bool:
        """Whether somebody is being entered."""
        return self.adding is not None and self.adding.dirty

    @dirty.setter
    def dirty(self, on: bool) -> None:
        if self.adding is not None:
            self.adding.dirty = on

    def refresh(self) -> None:
        """Read the list again; what is being typed stays."""
        if self.dirty and self.adding is not None:
            return
        clear(self._layout)
        self.adding = None
        cards = [self._open_card()] if self._desk.session.open else [self._own_card(), *self._office()]
        for card in cards:
            self._layout.addWidget(card)
        self._layout.addStretch(1)

    def save(self) -> None:
        """Ctrl+S: the person who is being entered."""
        if self.adding is not None:
            self.adding.save()

    def _open_card(self) -> Card:
        card = Card(_("This branch has no passwords"), _("one person holds all roles"))
        gain = _(
            "With passwords everybody signs in, does what their role allows, and stands by name on what they wrote; the data is "
            "encrypted. Who loses all passwords and the recovery sheet loses the data."
        )
        act = button(_("Turn passwords on"), "primary", "shield", name="protect", on_click=self.protect)
        card.body.addWidget(label(gain, "secondary", wrap=True))
        card.body.addLayout(row(act, None))
        self.setFocusProxy(act)
        return card

    def protect(self) -> None:
        """Ask for the administrator and a password, then show the recovery code."""
        session = self._desk.session
        codes: list[str] = []
        dialog = SecretDialog(
            _("Turn passwords on?"),
            _("You become the administrator and hold all roles, as now. Add the others afterwards."),
            (Secret("admin", _("Your name"), hidden=False), *new_secrets()),
            _("Turn on"),
            lambda typed: codes.append(staffing.protect(session, typed["admin"], typed[passwords.FIELD])),
            parent=self.window(),
            harmless=_("Leave it open"),
        )
        dialog.secrets.editors["admin"].setText(session.user)
        if dialog.ask() == "done":
            self._desk.preferences.put("user", session.user)
            RecoverySheet(session, codes[0], self.window()).ask()
            self._desk.tell(_("Passwords are on. The data is encrypted."))

    def _own_card(self) -> Card:
        session = self._desk.session
        roles = _(", ").join(_(word) for role, word in ROLES.items() if role in session.roles)
        card = Card(session.user, roles)
        change = button(_("Change the password"), icon="pencil", name="change_password", on_click=self._change)
        lock = button(_("Lock the desk"), icon="lock", key="Ctrl+Shift+L", name="lock", on_click=self._desk.wanted_lock.emit)
        card.body.addLayout(row(change, lock, None))
        self.setFocusProxy(change)
        return card

    def _change(self) -> None:
        if change_password(self._desk.session, self.window()):
            self._desk.tell(_("The password is changed."))

    def _office(self) -> list[QWidget]:
        """What the administrator sees; the others see the list, and why it is locked."""
        why = permissions.refusal(self._desk.session, "staff.edit")
        card = Card(_("People"), why or _("several roles per person; names stand on what they write"))
        today = staff.today(self._desk.session)
        for person in staff.listed(self._desk.session):
            card.body.addLayout(self._line(person, person.works(today), locked=bool(why)))
        if why:
            return [card]
        self.adding = Joining(self._desk)
        return [card, self.adding, self._protection()]

    def _line(self, person: Person, works: bool, *, locked: bool) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(person.name, "strong" if works else "secondary"))
        roles = _(", ").join(_(ROLES[role]) for role in person.roles)
        until = f" · {_('until {day}').format(day=formats.day(person.until))}" if person.until else ""
        words.addWidget(label(f"{person.code} · {roles}{until}", "hint", wrap=True))
        line = row(gap=8)
        line.addLayout(words, 1)
        if not works:
            line.addWidget(Pill(_("disabled"), face("status", "voided")))
        elif person.one_time:
            line.addWidget(Pill(_("not signed in yet"), face("status", "draft")))
        if locked:
            return line
        own = person.name == self._desk.session.user
        acts = [("roles", _("Edit"), self.edit)]
        acts += [] if own else [("reset", _("New password"), self.reset)]
        acts += [("disable", _("Disable"), self.disable)] if works and not own else []
        for code, word, act in acts:
            made = button(word, "link", name=f"{code}_{person.code}", on_click=partial(act, person))
            made.setAccessibleName(f"{word}: {person.name}")
            line.addWidget(made)
        return line

    def edit(self, person: Person) -> None:
        """Roles, code and days of somebody."""
        dialog = PersonDialog(self._desk, person, self.window())
        if dialog.ask() == "save":
            self._desk.tell(_("{name} is changed; at the next sign-in it holds.").format(name=person.name))

    def reset(self, person: Person) -> None:
        """A password for one time."""
        question = _("A new password for {name}?").format(name=person.name)
        text = _("The old one does not open anything any more. The new one holds for one time.")
        if confirm(self.window(), question, text, _("New password"), _("Leave it"), danger=False):
            entered = self._desk.attempt(lambda: staffing.reset(self._desk.session, person.name))
            if entered is not None:
                show_once(self.window(), entered)

    def disable(self, person: Person) -> None:
        """Somebody leaves; what is theirs is handed over."""
        session = self._desk.session
        theirs = len(staffing.belongings(session, person.name))
        text = _("{count} open records are theirs; they go to the person named here.").format(count=theirs)
        fields = (Secret("heir", _("Handed over to"), hidden=False),) if theirs else ()
        gone: list[staffing.Gone] = []
        dialog = SecretDialog(
            _("Disable {name}?").format(name=person.name),
            text if theirs else _("They cannot sign in any more. Their name stays on what they wrote."),
            fields,
            _("Disable"),
            lambda typed: gone.append(self._desk.asking(lambda: staffing.disable(session, person.name, typed.get("heir", "")))),
            parent=self.window(),
            harmless=_("Leave it"),
        )
        if dialog.ask() == "done":
            self._desk.tell(_("{name} cannot sign in any more.").format(name=person.name))

    def _protection(self) -> Card:
        card = Card(_("Passwords"), _("the data is encrypted"))
        sheet = button(_("New recovery sheet"), icon="printer", name="new_code", on_click=self.new_code)
        off = button(_("Turn passwords off"), "danger", name="unprotect", on_click=self.unprotect)
        card.body.addLayout(row(sheet, None, off))
        return card

    def new_code(self) -> None:
        """Another code; the old sheet opens nothing any more."""
        question = _("Print a new recovery sheet?")
        text = _("The code on the present sheet opens nothing any more from then on.")
        if confirm(self.window(), question, text, _("New code"), _("Leave it"), danger=False):
            code = self._desk.attempt(lambda: staffing.new_code(self._desk.session))
            if code is not None:
                RecoverySheet(self._desk.session, code, self.window()).ask()

    def unprotect(self) -> None:
        """An open branch again."""
        session = self._desk.session

        def do(typed: dict[str, str]) -> None:
            session.prove()  # the password is given right here, and is checked by what follows
            staffing.unprotect(session, typed[passwords.FIELD])

        dialog = SecretDialog(
            _("Turn passwords off?"),
            _("Whoever sits at this computer can then use the program in every role, and the data is not encrypted any more."),
            (Secret(passwords.FIELD, _("Password")),),
            _("Turn off"),
            do,
            parent=self.window(),
            harmless=_("Keep passwords"),
        )
        if dialog.ask() == "done":
            self._desk.tell(_("Passwords are off."))


class Joining(QWidget):
    """The form for somebody new."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, self.dirty = desk, False
        self.form = Form(Shape(staff.FIELDS, (Section(_("New colleague"), _CODES),), numbered=False), desk.session.now)
        self.form.changed.connect(self._edited)
        self._said = QVBoxLayout()
        self.button = button(_("Add"), "primary", "user-plus", name="add_staff", on_click=self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(self._said)
        layout.addWidget(self.form)
        layout.addLayout(row(self.button, None))

    def _edited(self, _code: str) -> None:
        self.dirty = True

    def save(self) -> None:
        """Enter them and show the password for one time."""
        made: list[staffing.Entered] = []
        window = self.window()

        def write(raw: dict[str, Any]) -> None:
            self.dirty = False  # the list is read again as soon as they are entered
            try:
                made.append(staffing.add(self._desk.session, {code: value for code, value in raw.items() if value is not None}))
            except Exception:
                self.dirty = True
                raise

        if written(self._desk, self.form, self._said, write):
            show_once(window, made[0])


class PersonDialog(Dialog):
    """Roles, code and days of somebody who works here."""

    def __init__(self, desk: Desk, person: Person, parent: QWidget) -> None:
        super().__init__(person.name, "", parent, width=560)
        self._desk, self._person = desk, person
        self._said = QVBoxLayout()
        fields = tuple(one.but(hint="") for one in staff.FIELDS[1:])
        self.form = Form(Shape(fields, (Section("", _CODES[1:]),), numbered=False), desk.session.now)
        self.form.set_values({code: getattr(person, code) for code in _CODES[1:]})
        self.body.addLayout(self._said)
        self.body.addWidget(self.form)
        self.offer("", _("Leave it"))
        self.offer("save", _("Save"), "primary", default=True, closes=False).clicked.connect(lambda _checked=False: self.save())

    def save(self) -> None:
        """Write it; mistakes stand at their fields."""

        def write(raw: dict[str, Any]) -> None:
            if not raw["roles"]:
                raise ValidationError({"roles": _("At least one role is needed; who leaves is disabled.")})
            staff.edit(self._desk.session, self._person.name, raw)

        if written(self._desk, self.form, self._said, write):
            self.end("save")


def show_once(parent: QWidget, entered: staffing.Entered) -> None:
    """The password for one time, to be told to its owner; it is kept nowhere."""
    sentence = _("Tell {name} this password. It holds for one time and is shown this once; then they choose their own.")
    dialog = Dialog(_("A password for one time"), sentence.format(name=entered.person.name), parent)
    shown = label(entered.password, "figure", selectable=True)
    shown.setObjectName("one_time_password")
    shown.setAccessibleName(_("Password for one time"))
    clipboard = QGuiApplication.clipboard()
    copy = button(_("Copy"), icon="copy", name="copy", on_click=partial(clipboard.setText, entered.password))
    dialog.body.addLayout(row(None, shown, copy, None))
    dialog.offer("", _("Done"), "primary", default=True)
    dialog.ask()
