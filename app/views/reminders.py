"""Reminders: a promise that falls due is named once in the window; outside it only how much waits, for others may look on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QSystemTrayIcon, QWidget

from app.core import database, formats
from app.core.language import _
from app.core.session import Session
from app.models.listing import PROMISES
from app.services import notices, promise_board
from app.services.notices import Waits
from app.services.promise_board import Owed
from app.views import icons
from app.views.messages import Act

_EVERY = 60_000
_NAMED = 3
_STAYS = 60_000
"""Milliseconds until the sign in the tray is taken away again."""
Shown = Callable[[str, str, tuple[Act, ...]], object]


class Reminders(QObject):
    """Looks every minute what falls due within half an hour, or did since the last look, and what else came to wait."""

    def __init__(
        self, session: Session, show: Shown, opened: Callable[[str], object], wanted: Callable[[], bool], window: QWidget
    ) -> None:
        """`wanted`: whether this desk wants to be told outside the window, too."""
        super().__init__(window)
        self._session, self._show, self._open, self._wanted, self._window = session, show, opened, wanted, window
        self._since: datetime = session.clock() - timedelta(minutes=1)
        self._named: set[str] = set()
        self._known: Waits | None = None
        self._days_without_backup = 0
        self._tray: QSystemTrayIcon | None = None
        self._timer = QTimer(self, interval=_EVERY)
        self._timer.timeout.connect(self.look)

    def begin(self) -> None:
        """Look from now on."""
        self._timer.start()

    def look(self) -> tuple[Owed, ...]:
        """Name what was not named yet; one bar for all of it. A store that is closed, for a restore perhaps, is left alone."""
        if not database.is_open():
            return ()
        found = tuple(one for one in promise_board.falling_due(self._session, self._since) if one.number not in self._named)
        self._since = self._session.clock() - timedelta(minutes=1)
        before, self._known = self._known, notices.waits(self._session)
        if found:
            self._named.update(one.number for one in found)
            sentence = _("Promised: {what}").format(what=_(", ").join(map(self._words, found[:_NAMED])))
            self._show("warn", sentence, tuple((one.case, partial(self._open, one.case)) for one in found[:_NAMED]))
        if found or notices.more(self._known, before):
            self._tell_outside(found[0].case if found else "")
        return found

    def heed_backup(self, days: int) -> None:
        """For how many days there was no good backup, once that is too long; 0 where all is well."""
        before, self._days_without_backup = self._days_without_backup, days
        if days and not before:
            self._tell_outside()

    def _words(self, one: Owed) -> str:
        subject = formats.label(PROMISES.field("subject"), one.subject)
        when = formats.near(one.due, self._session.now())
        return _("{when} {subject}, {customer}").format(when=when, subject=subject, customer=one.customer)

    def _tell_outside(self, case: str = "") -> None:
        """All that waits, by the system, where the window is not looked at and the desk not locked; a click leads to the case."""
        cover = self._window.findChild(QWidget, "cover")
        if not self._wanted() or self._window.isActiveWindow() or (cover is not None and cover.isVisible()):
            return
        if not QSystemTrayIcon.isSystemTrayAvailable() or not QSystemTrayIcon.supportsMessages():
            return
        tray = self._tray = self._tray or QSystemTrayIcon(icons.icon("calendar-due"), self)
        tray.disconnect(self)
        tray.messageClicked.connect(partial(self._come, case))
        tray.show()
        words = notices.sentence(self._known or notices.waits(self._session), self._days_without_backup)
        tray.showMessage(_("Kesu Desk"), words, QSystemTrayIcon.MessageIcon.Information)
        QTimer.singleShot(_STAYS, tray, tray.hide)

    def _come(self, case: str) -> None:
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowMinimized)
        self._window.raise_()
        self._window.activateWindow()
        if case:
            self._open(case)
