"""Reminders of promises that fall due: each is named once in the window; outside it only how many, for others may look on."""

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
from app.services import promise_board
from app.services.promise_board import Owed
from app.views import icons
from app.views.messages import Act

_EVERY = 60_000
_NAMED = 3
_STAYS = 60_000
"""Milliseconds until the sign in the tray is taken away again."""
Shown = Callable[[str, str, tuple[Act, ...]], object]


class Reminders(QObject):
    """Looks every minute what falls due within half an hour, or did since the last look."""

    def __init__(
        self, session: Session, show: Shown, opened: Callable[[str], object], wanted: Callable[[], bool], window: QWidget
    ) -> None:
        """`wanted`: whether this desk wants to be told outside the window, too."""
        super().__init__(window)
        self._session, self._show, self._open, self._wanted, self._window = session, show, opened, wanted, window
        self._since: datetime = session.clock() - timedelta(minutes=1)
        self._named: set[str] = set()
        self._tray: QSystemTrayIcon | None = None
        self._timer = QTimer(self, interval=_EVERY)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> tuple[Owed, ...]:
        """Name what was not named yet; one bar for all of it. A store that is closed, for a restore perhaps, is left alone."""
        if not database.is_open():
            return ()
        found = tuple(one for one in promise_board.falling_due(self._session, self._since) if one.number not in self._named)
        self._since = self._session.clock() - timedelta(minutes=1)
        if not found:
            return ()
        self._named.update(one.number for one in found)
        sentence = _("Promised: {what}").format(what=_(", ").join(map(self._words, found[:_NAMED])))
        acts = tuple((one.case, partial(self._open, one.case)) for one in found[:_NAMED])
        self._show("warn", sentence, acts)
        self._tell_outside(len(found), found[0].case)
        return found

    def _words(self, one: Owed) -> str:
        subject = formats.label(PROMISES.field("subject"), one.subject)
        when = formats.near(one.due, self._session.now())
        return _("{when} {subject}, {customer}").format(when=when, subject=subject, customer=one.customer)

    def _tell_outside(self, count: int, case: str) -> None:
        """By the system, where the window is not looked at and the desk not locked; a click on it leads to the case."""
        cover = self._window.findChild(QWidget, "cover")
        if not self._wanted() or self._window.isActiveWindow() or (cover is not None and cover.isVisible()):
            return
        if not QSystemTrayIcon.isSystemTrayAvailable() or not QSystemTrayIcon.supportsMessages():
            return
        tray = self._tray = self._tray or QSystemTrayIcon(icons.icon("calendar-due"), self)
        tray.disconnect(self)
        tray.messageClicked.connect(partial(self._come, case))
        tray.show()
        words = _("Promises that fall due: {count}").format(count=count)
        tray.showMessage(_("Kesu Desk"), words, QSystemTrayIcon.MessageIcon.Information)
        QTimer.singleShot(_STAYS, tray, tray.hide)

    def _come(self, case: str) -> None:
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowMinimized)
        self._window.raise_()
        self._window.activateWindow()
        self._open(case)
