"""Reminders of promises that fall due, in the window and from the tray: each is named once, none takes the focus."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QSystemTrayIcon

from app.core import formats
from app.core.language import _
from app.core.session import Session
from app.models.listing import PROMISES
from app.services import promise_board
from app.services.promise_board import Owed
from app.views import icons
from app.views.messages import Act

_EVERY = 60_000
_NAMED = 3
Shown = Callable[[str, str, tuple[Act, ...]], object]


class Reminders(QObject):
    """Looks every minute what falls due within half an hour, or did since the last look."""

    def __init__(self, session: Session, show: Shown, opened: Callable[[str], object], parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._show, self._open = session, show, opened
        self._since: datetime = session.clock() - timedelta(minutes=1)
        self._named: set[str] = set()
        self._tray: QSystemTrayIcon | None = None
        self._timer = QTimer(self, interval=_EVERY)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> tuple[Owed, ...]:
        """Name what was not named yet; one bar for all of it."""
        found = tuple(one for one in promise_board.falling_due(self._session, self._since) if one.number not in self._named)
        self._since = self._session.clock() - timedelta(minutes=1)
        if not found:
            return ()
        self._named.update(one.number for one in found)
        sentence = _("Promised: {what}").format(what=_(", ").join(map(self._words, found[:_NAMED])))
        acts = tuple((one.case, partial(self._open, one.case)) for one in found[:_NAMED])
        self._show("warn", sentence, acts)
        self._tell_outside(sentence, found[0].case)
        return found

    def _words(self, one: Owed) -> str:
        subject = formats.label(PROMISES.field("subject"), one.subject)
        when = formats.near(one.due, self._session.now())
        return _("{when} {subject}, {customer}").format(when=when, subject=subject, customer=one.customer)

    def _tell_outside(self, sentence: str, case: str) -> None:
        """The tray speaks where the window is not looked at; a click on it leads to the case."""
        if not QSystemTrayIcon.isSystemTrayAvailable() or not QSystemTrayIcon.supportsMessages():
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(icons.icon("calendar-due"), self)
            self._tray.show()
        self._tray.disconnect(self)
        self._tray.messageClicked.connect(partial(self._open, case))
        self._tray.showMessage(_("Kesu Desk"), sentence, QSystemTrayIcon.MessageIcon.Information)
