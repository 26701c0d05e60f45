"""Passwords on the screen: fields that hide what is typed, and the dialogs that ask for one or change one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QGridLayout, QLabel, QLineEdit, QWidget

from app.core import passwords
from app.core.certificates import PASSWORD as CERTIFICATE
from app.core.errors import PasswordNeeded, UserError, ValidationError
from app.core.language import _
from app.core.session import Session
from app.models import certificates
from app.models.certificates import CertificatePasswordNeeded
from app.services import staffing
from app.views import style
from app.views.field_grid import FieldGrid
from app.views.messages import Dialog, MessageBar
from app.views.pieces.basics import clear, column, label

_WIDEST = 300
_NO_LIMIT = (1 << 24) - 1
"""Qt's own QWIDGETSIZE_MAX."""
_REPEATED = "again"


class Secret(NamedTuple):
    """A field: its code, its label, whether what is typed is hidden, and what stands below it."""

    code: str
    word: str
    hidden: bool = True
    hint: str = ""


def rules() -> str:
    """What a password must be, in words."""
    return _("At least {count} characters. Several words that have nothing to do with each other are easy to remember.").format(
        count=passwords.SHORTEST
    )


def new_secrets(word: str = "") -> tuple[Secret, Secret]:
    """A password that is chosen now, typed twice."""
    return Secret(passwords.FIELD, word or _("Password"), hint=rules()), Secret(_REPEATED, _("Once more"))


class Secrets(QWidget):
    """Lines with a label, an error or a hint below each, and a box that shows what is typed."""

    def __init__(self, fields: tuple[Secret, ...]) -> None:
        super().__init__()
        self._fields, self.editors, self._below = fields, {}, {}  # type: ignore[var-annotated]
        self._names: list[QLabel] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        for place, one in enumerate(fields):
            self._lay_out(grid, place, one)
        self.shown = QCheckBox(_("Show what is typed"))
        self.shown.setObjectName("show_secrets")
        self.shown.toggled.connect(self._show)
        if any(one.hidden for one in fields):
            grid.addWidget(self.shown, len(fields), 1)
        grid.setColumnStretch(1, 1)
        if fields:
            self.setFocusProxy(self.editors[fields[0].code])

    def _lay_out(self, grid: QGridLayout, place: int, one: Secret) -> None:
        editor = QLineEdit()
        editor.setObjectName(one.code)
        editor.setAccessibleName(one.word)
        editor.setMaxLength(passwords.LONGEST)
        editor.setMaximumWidth(style.px(_WIDEST))
        if one.hidden:
            editor.setEchoMode(QLineEdit.EchoMode.Password)
        below = label(one.hint, "hint", wrap=True)
        below.setVisible(bool(one.hint))
        word = label(one.word, "secondary")
        word.setFixedHeight(editor.sizeHint().height())
        grid.addWidget(word, place, 0, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(column(editor, below, gap=2), place, 1)
        self.editors[one.code], self._below[one.code] = editor, below
        self._names.append(word)

    def line_up(self, grid: FieldGrid) -> None:
        """With the fields of a form above: labels of one width, fields up to the edge."""
        width = max(grid.label_width(), *(name.sizeHint().width() for name in self._names))
        grid.align_labels(width)
        for name, editor in zip(self._names, self.editors.values(), strict=True):
            name.setFixedWidth(width)
            name.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            editor.setMaximumWidth(_NO_LIMIT)

    def _show(self, on: bool) -> None:
        for one in self._fields:
            if one.hidden:
                self.editors[one.code].setEchoMode(QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password)

    def values(self) -> dict[str, str]:
        """What is typed, by code."""
        return {code: editor.text() for code, editor in self.editors.items()}

    def demand(self) -> None:
        """ValidationError where a field is empty or the two passwords differ."""
        typed = self.values()
        errors = {
            one.code: _("{field} is missing.").format(field=one.word) for one in self._fields if not typed[one.code].strip()
        }
        if not errors and _REPEATED in typed and typed[_REPEATED] != typed[passwords.FIELD]:
            errors[_REPEATED] = _("The two passwords differ. Type them again.")
        if errors:
            raise ValidationError(errors)

    def set_errors(self, errors: Mapping[str, str]) -> list[str]:
        """Show what is wrong at its field, the first gets the focus; sentences that belong to none come back."""
        for one in self._fields:
            wrong = errors.get(one.code, "")
            below: QLabel = self._below[one.code]
            below.setText(wrong or one.hint)
            below.setVisible(bool(wrong or one.hint))
            style.polish(below, role="error" if wrong else "hint")
            style.polish(self.editors[one.code], error="1" if wrong else "0")
        if first := next((one.code for one in self._fields if one.code in errors), None):
            self.editors[first].setFocus()
            self.editors[first].selectAll()
        return [sentence for code, sentence in errors.items() if code not in self.editors]

    def error(self, code: str) -> str:
        """What is said to be wrong with a field."""
        return str(self._below[code].text()) if self._below[code].property("role") == "error" else ""

    def forget(self) -> None:
        """Nothing that was typed stays."""
        for one in self._fields:
            if one.hidden:
                self.editors[one.code].clear()


class SecretDialog(Dialog):
    """Asks for secrets and does something with them; what is refused stands at its field, and the dialog stays."""

    def __init__(
        self, question: str, text: str, fields: tuple[Secret, ...], act: str, do: Callable[[dict[str, str]], object], *,
        parent: QWidget | None = None, harmless: str = "",
    ) -> None:  # fmt: skip
        super().__init__(question, text, parent)
        self._do = do
        self.said = column()
        self.secrets = Secrets(fields)
        self.body.addLayout(self.said)
        self.body.addWidget(self.secrets)
        if harmless:
            self.offer("", harmless)
        self.act = self.offer("done", act, "primary", default=True, closes=False)
        self.act.clicked.connect(lambda _checked=False: self.go())
        self.secrets.setFocus()

    def go(self) -> None:
        """Try it; a password takes its time on purpose."""
        clear(self.said)
        errors: Mapping[str, str] = {}
        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            self.secrets.demand()
            self._do(self.secrets.values())
        except ValidationError as error:
            errors = error.errors
        except UserError as error:
            errors = {"": str(error)}
        else:
            self.end("done")
        finally:
            QApplication.restoreOverrideCursor()
        for sentence in self.secrets.set_errors(errors):
            self.said.addWidget(MessageBar("bad", sentence))
        if "" in errors and self.secrets.editors:
            self.secrets.forget()
            list(self.secrets.editors.values())[-1].setFocus()
        self.fit()


def prove(session: Session, parent: QWidget | None = None) -> bool:
    """Ask for the password again before something grave; whether it was given."""
    dialog = SecretDialog(
        _("Your password once more"),
        _("What follows lets data out or changes what others may do. The password then holds for five minutes."),
        (Secret(passwords.FIELD, _("Password")),),
        _("Go on"),
        lambda typed: staffing.prove(session, typed[passwords.FIELD]),
        parent=parent or QApplication.activeWindow(),
        harmless=_("Do not go on"),
    )
    return dialog.ask() == "done"


def proved(session: Session, needed: PasswordNeeded, parent: QWidget | None = None) -> bool:
    """Ask for what is needed: the own password, or that of the certificate. Whether it was given."""
    if not isinstance(needed, CertificatePasswordNeeded):
        return prove(session, parent)
    dialog = SecretDialog(
        _("Password of the certificate"),
        _("The agreement is signed with the certificate of the branch. The password then holds for five minutes."),
        (Secret(CERTIFICATE, _("Password of the certificate")),),
        _("Sign"),
        lambda typed: certificates.unlock(session, typed[CERTIFICATE]),
        parent=parent or QApplication.activeWindow(),
        harmless=_("Do not sign"),
    )
    return dialog.ask() == "done"


def change_password(session: Session, parent: QWidget | None = None, *, old: str = "") -> bool:
    """Choose another password; `old`: the one for one time that was typed just now. Whether it was changed."""
    fields = () if old else (Secret("old", _("Old password")),)
    dialog = SecretDialog(
        _("Choose a password of your own") if old else _("Change the password"),
        _("The password you signed in with holds for this one time.") if old else "",
        (*fields, *new_secrets(_("New password"))),
        _("Set the password"),
        lambda typed: staffing.change_password(session, old or typed["old"], typed[passwords.FIELD]),
        parent=parent,
        harmless=_("Sign out") if old else _("Leave it"),
    )
    dialog.setProperty("help", "SignIn")
    return dialog.ask() == "done"
