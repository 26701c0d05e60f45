"""The lock that falls after a while without a key. What is shown then stands in sign_in.py."""

from __future__ import annotations

from contextlib import suppress

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from app.core.database import explained
from app.core.errors import UserError
from app.core.session import Session

_LOOK_EVERY = 5_000
"""Milliseconds between two looks at how long nobody was there."""
_PRESENCE = frozenset((QEvent.Type.KeyPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel))


class Guard(QObject):
    """Locks the desk after a while in which nobody touched it. An open branch has nothing to lock and pays nothing."""

    changing = Signal()
    """Somebody else is to sign in; the window is left at once."""

    def __init__(self, app: QApplication, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._app, self._session = app, session
        self._seen, self._locked, self._watching = session.uptime(), False, False
        self._timer = QTimer(self, interval=_LOOK_EVERY)
        self._timer.timeout.connect(self.look)
        session.changed.connect(self._staff_changed)
        self._watch()

    def _staff_changed(self, topic: str, _number: str) -> None:
        if topic == "staff":
            self._watch()

    def _watch(self) -> None:
        wanted = not self._session.open
        # Over a dialog of the system no cover can be laid.
        QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, wanted)
        if wanted == self._watching:
            return
        self._watching, self._seen = wanted, self._session.uptime()
        if wanted:
            self._app.installEventFilter(self)
            self._timer.start()
        else:
            self._app.removeEventFilter(self)
            self._timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Somebody is there. What comes first after too long, as when the computer slept, goes nowhere: the desk locks."""
        if event.type() not in _PRESENCE or self._locked:
            return False
        if self._idle():
            QTimer.singleShot(0, self, self.look)
            return True
        self._seen = self._session.uptime()
        return False

    def _idle(self) -> bool:
        minutes: int = self._session.settings["lock_minutes"]
        return self._session.uptime() - self._seen >= 60 * minutes

    def look(self) -> None:
        """Lock where nobody was there for as long as the setting says, or where the person may do nothing any more."""
        roles = self._session.roles
        with suppress(UserError), explained(None):
            self._session.heed(self._session)
        if self._session.barred:
            self.lock()
        elif self._session.roles != roles:
            self._session.changed("staff")
        if self._idle():
            self.lock()

    def lock(self) -> None:
        """Until the person who sits here gives the password."""
        if self._locked or self._session.open:
            return
        from app.views.sign_in import Cover, let_back  # heavy: forms, and all that belongs to passwords

        self._locked = True
        while (popup := QApplication.activePopupWidget()) is not None and popup.close():
            pass
        focused = QApplication.focusWidget()
        covers = [Cover(one) for one in QApplication.topLevelWidgets() if one.isVisible()]
        self._session.proved_at = None
        if (answer := let_back(self._session)) != "done":
            if answer == "change":
                self.changing.emit()
            self._app.exit(0)
            return
        for cover in covers:
            cover.hide()
            cover.deleteLater()
        self._locked, self._seen = False, self._session.uptime()
        if focused is not None:
            focused.setFocus()
