"""What the window does by itself for the backups, and the bar above all pages: a missing backup, a certificate that ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer

from app.core import formats
from app.core.errors import Cancelled, UserError
from app.core.language import _
from app.core.progress import Progress
from app.core.session import Session
from app.models import certificates
from app.services import backups, restoring, workplace
from app.services.backup_places import State
from app.services.backups import Made, Outlook
from app.services.restoring import Drill
from app.views.window import Window
from app.views.work import Job

_FIRST, _EVERY, _PATIENCE = 5_000, 600_000, 300_000
"""Milliseconds to the first look, between two, and until a backup on closing is given up."""


class _Seen(NamedTuple):
    """How it stands with the backups, whether today's is due, and what is to be said of clock and certificate."""

    backups: Outlook
    due: bool
    clock: str
    certificate: str


class Keeper(QObject):
    """Belongs to a window and is asked when it closes."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._job: Job | None = None
        self._free = False
        self._clock_said = False
        self._failed_on: date | None = None
        """The daily backup is tried once on a day; the one on closing follows."""
        window.may_close = self.may_close
        window.desk.changed.connect(self._changed)
        self._timer = QTimer(self, interval=_EVERY)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self.patience = QTimer(self, singleShot=True, interval=_PATIENCE)
        """Runs while the window waits for the backup on closing."""
        self.patience.timeout.connect(self.hurry)
        QTimer.singleShot(_FIRST, self, self.look)

    @property
    def _session(self) -> Session:
        return self._window.session

    def _changed(self, topics: frozenset[str]) -> None:
        if topics & {"backup", "settings"}:
            self.look()

    def look(self) -> None:
        """Say above all pages what is missing, and make today's backup where it is due."""
        session = self._session
        if not session.branch.sample and self._job is None:
            self._window.desk.run(partial(_seen, session), self._show, self._window, self._ignore, shown=False)

    def _show(self, seen: _Seen) -> None:
        if seen.clock and not self._clock_said and not self._session.notices:
            self._window.messages.show_message("warn", seen.clock)
        self._clock_said = bool(seen.clock)
        since = seen.backups.overdue_since
        self._window.reminders.heed_backup((self._session.clock() - since).days if since is not None else 0)
        tone, sentence, act, work = self._missing(seen.backups, seen.certificate)
        if sentence:
            self._window.standing.stand(tone, sentence, ((act, work),))
        else:
            self._window.standing.clear()
        if seen.due and self._job is None and self._failed_on != self._session.now().date():
            self.back_up("daily")

    def _missing(self, outlook: Outlook, certificate: str) -> tuple[str, str, str, Callable[[], object]]:
        """Tone and sentence of what has to be said, the word of the act that mends it, and the act; empty where all is well."""
        since = outlook.overdue_since
        if since is not None:
            return "bad", self._overdue(since), _("Back up now"), partial(self.back_up, "hand")
        if outlook.second_overdue:
            words = _(
                "The second place {place} has had no backup for more than 7 days. Plug the disk in, or choose another place."
            )
            return "bad", words.format(place=outlook.second), _("Copy there now"), self.copy_there
        if failed := State(self._session.folder).read().get("drill_failed"):
            words = _("The last trial of a restore failed: {error}").format(error=failed)
            return "bad", words, _("Back up now"), partial(self.back_up, "hand")
        if certificate:
            return "warn", certificate, _("Open settings"), self._open_certificate
        if outlook.drill_due:
            words = _("No restore was tried out for a month. A trial takes a moment and changes nothing.")
            return "info", words, _("Try a restore"), self.try_out
        return "", "", "", self.look

    def _overdue(self, since: datetime) -> str:
        days = (self._session.clock() - since).days
        if days >= 0:
            words = _("No good backup for {days} days. What was entered since then would be lost with this disk.")
            return words.format(days=days)
        words = _(
            "The last backup is dated {when}, later than this computer's clock: nobody can tell how old it is. "
            "Set the clock right and back up."
        )
        return words.format(when=formats.moment(since, self._session.branch.zone))

    def _open_certificate(self) -> None:
        from app.views.settings import SettingsPage  # heavy: all parts

        self._window.open_page("settings")
        if isinstance(page := self._window.page, SettingsPage):  # what is typed elsewhere may keep the person there
            page.show_part("certificate")

    def back_up(self, kind: str) -> None:
        """Make a backup beside the work; how it ended is said."""
        session = self._session

        def work(progress: Progress) -> Made:
            return backups.make(session.folder, kind, session.clock(), progress)

        self._job = self._window.desk.run(work, partial(self._made, kind), self._window, partial(self._not_made, kind))

    def copy_there(self) -> None:
        """Bring the newest backup to the second place."""
        self._job = self._window.desk.run(
            partial(backups.bring_newest_to_second, self._session), partial(self._made, "hand"), self._window, self._failed
        )

    def try_out(self) -> None:
        """Restore the newest backup for a trial."""
        work = partial(restoring.drill, self._session, workplace.LATEST)
        self._job = self._window.desk.run(work, self._tried, self._window, self._failed)

    def _tried(self, done: Drill) -> None:
        self._job = None
        when = f"{done.backup.local:%Y-%m-%d %H:%M}"
        self._window.desk.tell(_("The backup of {when} was restored for a trial and is whole.").format(when=when))
        self._session.changed("backup")

    def _made(self, kind: str, made: Made | None) -> None:
        self._job = None
        desk = self._window.desk
        if made is not None and made.second_failed and kind == "hand":
            desk.say("warn", made.second_failed)
        elif kind == "hand":
            desk.tell(_("Backed up and checked."))
        self._session.changed("backup")

    def _not_made(self, kind: str, error: Exception) -> None:
        State(self._session.folder).put(failed=str(error))
        if kind == "daily":
            self._failed_on = self._session.now().date()
        self._failed(error)

    def _failed(self, error: Exception) -> None:
        self._job = None
        self._window.desk.fail(error)

    def _ignore(self, error: Exception) -> None:
        if not isinstance(error, UserError | Cancelled):
            raise error

    # Closing.

    def may_close(self) -> bool:
        """Whether the window may close now; where a backup is due it closes by itself when that is made, or is asked again."""
        session = self._session
        if self._free or session.branch.sample or not self._window.isVisible() or not backups.changed(session.folder):
            return True
        if self._job is not None:  # asked again while it lasts: enough waited
            self._job.cancel()
            return True
        self._window.hold(on=True)
        self._job = self._window.desk.run(
            lambda progress: backups.make(session.folder, "closing", session.clock(), progress),
            self._close,
            self._window,
            self._not_closed,
        )
        self.patience.start()
        return False

    def hurry(self) -> None:
        """Close without waiting for anything more."""
        if self._job is not None:
            self._job.cancel()
        self._close(None)

    def be_free(self) -> None:
        """The system is shutting down: nothing must hold it up."""
        self._free = True

    def _close(self, _made: object) -> None:
        self._job, self._free = None, True
        self._window.close()

    def _not_closed(self, error: Exception) -> None:
        """Say why there is no backup; the next closing closes in any case."""
        if isinstance(error, Cancelled):
            self._close(None)
            return
        self._job, self._free = None, True
        self.patience.stop()
        self._window.hold(on=False)
        State(self._session.folder).put(failed=str(error))
        self._window.messages.show_message(
            "bad",
            _("Not backed up: {error}").format(error=error),
            ((_("Try again"), self._again), (_("Close without a backup"), self._window.close)),
        )
        if not isinstance(error, UserError):
            raise error

    def _again(self) -> None:
        self._free = False
        self._window.close()


def _seen(session: Session, _progress: Progress) -> _Seen:
    clock = " ".join(workplace.of_the_clock(session))
    return _Seen(backups.outlook(session), backups.daily_is_due(session), clock, certificates.standing(session))
