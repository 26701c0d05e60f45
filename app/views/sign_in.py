"""Signing in, and what covers a desk that is locked: name, password, and the way back by the recovery sheet."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QLabel, QWidget

from app.core import passwords
from app.core.language import _
from app.core.session import Session
from app.services import staffing
from app.views import icons, style
from app.views.messages import Dialog
from app.views.pieces.basics import IconMark, button, column, label, row
from app.views.secrets import Secret, SecretDialog, change_password, new_secrets


class SignIn(SecretDialog):
    """`session` is that of who signed in."""

    def __init__(self, folder: Path, name: str = "") -> None:
        self._folder = folder
        self.session: Session | None = None
        self._typed = ""
        super().__init__(
            _("Sign in"),
            "",
            (Secret("name", _("Full name"), hidden=False), Secret(passwords.FIELD, _("Password"))),
            _("Sign in"),
            self._enter,
            harmless=_("Close the program"),
        )
        self.setWindowTitle(_("Kesu Desk"))
        self.setWindowIcon(icons.mark(64))
        mark = QLabel()
        mark.setAccessibleName(_("Kesu Desk"))
        mark.setPixmap(icons.mark(style.px(44), self.devicePixelRatioF()))
        self.body.insertLayout(0, row(mark, label(_("Kesu Desk"), "title"), None, gap=14))
        self.body.addLayout(row(button(_("Forgot the password?"), "link", name="recover", on_click=self.recover), None))
        self.secrets.editors["name"].setText(name)
        self.secrets.editors[passwords.FIELD if name else "name"].setFocus()

    def _enter(self, typed: dict[str, str]) -> None:
        self.session = staffing.sign_in(self._folder, typed["name"], typed[passwords.FIELD])
        self._typed = typed[passwords.FIELD]

    def recover(self) -> None:
        """By the sheet that was printed when passwords were turned on, or by asking the administrator."""
        fields = (
            Secret("code", _("Recovery code"), hidden=False, hint=_("five groups of five letters on the recovery sheet")),
            Secret("name", _("Administrator"), hidden=False),
            *new_secrets(_("New password")),
        )
        text = _("An administrator gives you a new password: Settings, People. Who is the last one opens the data by the sheet.")
        dialog = SecretDialog(_("Forgot the password?"), text, fields, _("Open"), self._recover, parent=self, harmless=_("Back"))
        if dialog.ask() == "done":
            self.end("done")

    def _recover(self, typed: dict[str, str]) -> None:
        self.session = staffing.recover(self._folder, typed["code"], typed["name"], typed[passwords.FIELD])

    def person(self) -> Session | None:
        """Ask until somebody is there; None where the window was closed. A password for one time is changed first."""
        while self.ask() == "done" and self.session is not None:
            if not self.session.must_change or change_password(self.session, old=self._typed):
                return self.session
            self.session, self.chosen = None, ""
            self.secrets.forget()
        return None


class Cover(QWidget):
    """Hides what a window shows while the desk is locked."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("cover")
        self.setAutoFillBackground(True)
        layout = column(None)
        layout.addLayout(row(None, IconMark("lock", "text3", 40), None))
        layout.addStretch(1)
        self.setLayout(layout)
        window.installEventFilter(self)
        self.setGeometry(window.rect())
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """As large as the window."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False


class Locked(SecretDialog):
    """Over everything until the person is back; what is typed below stays."""

    def __init__(self, session: Session) -> None:
        super().__init__(
            _("The desk is locked"),
            _("{name}, give your password to go on. What was typed is still there.").format(name=session.user),
            (Secret(passwords.FIELD, _("Password")),),
            _("Unlock"),
            lambda typed: staffing.prove(session, typed[passwords.FIELD]),
            harmless=_("Close the program"),
        )
        self.setWindowModality(Qt.WindowModality.ApplicationModal)
        self.body.addLayout(row(button(_("Somebody else"), "link", name="change", on_click=lambda: self.end("change")), None))

    def reject(self) -> None:
        """Esc unlocks nothing."""


def let_back(session: Session) -> str:
    """`done` where the person gave the password, `change` where somebody else wants to sign in; else the program is to be closed.

    Who was barred meanwhile is told so, and can only leave.
    """
    if not session.barred:
        return Locked(session).ask()
    dialog = Dialog(_("The desk is locked"), session.barred)
    dialog.setWindowModality(Qt.WindowModality.ApplicationModal)
    dialog.offer("close", _("Close the program"), default=True)
    dialog.ask()
    return ""
