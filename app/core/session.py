"""Who acts, for which branch, when, and who wants to know of changes: built once at the door and passed to everything."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.core import fields
from app.core.errors import NotPermitted
from app.core.fields import Field
from app.core.language import N_, _
from app.core.settings import Settings
from app.core.times import uptime
from app.core.workdays import Calendar

ROLES = {
    "clerk": N_("clerk"),
    "handler": N_("handler"),
    "manager": N_("manager"),
    "head": N_("branch head"),
    "admin": N_("administrator"),
}
"""The codes of the roles with their words."""


USER = Field("user", N_("User"), required=True, max_length=50)


def named(typed: str) -> str:
    """The name of who acts, as it will stand on all that is written. ValidationError where it cannot."""
    name: str = fields.clean((USER,), {USER.code: typed}, system_clock())[USER.code]
    return name


class Branch(NamedTuple):
    """The branch this installation serves; `id` is its row, `zone` its time zone."""

    id: int
    code: str
    name: str
    address: str = ""
    phone: str = ""
    legal_name: str = ""
    credit_code: str = ""
    representative: str = ""
    letterhead: str = ""
    time_zone: str = "Asia/Shanghai"
    sample: bool = False

    @property
    def zone(self) -> ZoneInfo:
        """The branch's time zone; “local” always means it."""
        return ZoneInfo(self.time_zone)

    @property
    def shown(self) -> str:
        """The name as a window says it: a sample is never taken for a real branch."""
        return _("Sample: {branch}").format(branch=self.name) if self.sample else self.name


class Changed:
    """Tells listeners the topic (kind of record) and number of what was saved, after the commit."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[str, str], None]] = []
        self._once: list[Callable[[frozenset[str]], None]] = []
        self._held = _Held()

    def connect(self, listener: Callable[[str, str], None]) -> None:
        """Call `listener(topic, number)` after each change."""
        self._listeners.append(listener)

    def connect_once(self, listener: Callable[[frozenset[str]], None]) -> None:
        """Call `listener(topics)` once after all that was saved together."""
        self._once.append(listener)

    def __call__(self, topic: str, number: str = "") -> None:
        if self._held.back is not None:
            self._held.back[(topic, number)] = None
        else:
            self._tell([(topic, number)])

    def _tell(self, told: list[tuple[str, str]]) -> None:
        for topic, number in told:
            for listener in self._listeners:
                listener(topic, number)
        topics = frozenset(topic for topic, _number in told)
        for once in self._once if topics else ():
            once(topics)

    @contextmanager
    def after(self) -> Iterator[None]:
        """Hold back what is told inside until the outermost block ends well; put it around a transaction."""
        if self._held.back is not None:
            yield
            return
        self._held.back = {}
        try:
            yield
            told = list(self._held.back)
        finally:
            self._held.back = None
        self._tell(told)


class _Held(threading.local):
    """What is held back; long work on one thread must not hold back what another saves meanwhile."""

    back: dict[tuple[str, str], None] | None = None


def system_clock() -> datetime:
    """The present instant in UTC, to the millisecond that the database keeps."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


PROVED_FOR = 300
"""Seconds for which a password that was given is not asked for again."""


@dataclass
class Session:
    """One person at work. In an open branch (no passwords) the person holds all roles.

    `proved_at`: when the person last gave their password, by `uptime`, which nobody can set. `must_change`: they signed in by
    a password for one time, and hold no role until they have chosen their own.
    """

    branch: Branch
    user: str
    folder: Path
    settings: Settings = field(default_factory=Settings)
    clock: Callable[[], datetime] = system_clock
    roles: frozenset[str] = frozenset(ROLES)
    open: bool = True
    changed: Changed = field(default_factory=Changed)
    calendar: Calendar = field(default_factory=Calendar)
    proved_at: float | None = None
    certificate_password: tuple[str, float] = field(default=("", 0.0), repr=False)
    """The password of the branch's certificate, where the person gave it, and when by `uptime`."""
    uptime: Callable[[], float] = uptime
    must_change: bool = False
    looked: set[tuple[str, int, str]] = field(default_factory=set)
    """Papers that show guarded fields and were opened in this sitting: kind, record, document."""
    barred: str = ""
    """Why the person may do nothing any more, though they are signed in: disabled meanwhile, or given another password."""
    heed: Callable[[Session], None] = field(default=lambda _session: None, repr=False)
    """Reads again what the person may do, for it may have been changed elsewhere; asked before each verb."""
    notices: tuple[str, ...] = ()
    """What was noticed while opening: sentences to be said once."""

    def now(self) -> datetime:
        """The present in the branch's zone."""
        return self.clock().astimezone(self.branch.zone)

    def prove(self) -> None:
        """The person has just given their password."""
        self.proved_at = self.uptime()

    def proved(self) -> bool:
        """Whether what is grave may be done without asking for the password again."""
        return self.open or (self.proved_at is not None and self.uptime() - self.proved_at < PROVED_FOR)

    def require(self, role: str) -> None:
        """NotPermitted unless the person holds the role."""
        self.heed(self)
        if role not in self.roles:
            raise NotPermitted(_("This needs the role {role}.").format(role=_(ROLES[role])))
