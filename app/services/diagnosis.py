"""How this computer and its data are, each with a judgement and what to do. Nothing personal: no names, numbers, or paths."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from app.core import log, places, program
from app.core.database import FILE_NAME, database, store_version
from app.core.formats import file_size
from app.core.language import N_, _
from app.core.progress import Progress
from app.core.session import Session
from app.models.record import KINDS
from app.services import backups, workplace
from app.services.backup_places import State

OK, HEED, ACT = "ok", "warn", "bad"
WORDS = {OK: N_("good"), HEED: N_("heed"), ACT: N_("act")}
_LITTLE, _LEAST = 2 << 30, 300 << 20
_BIG_LOG = 256 << 20
_LINES = 12
MOST = 100_000
"""Rows of a kind at which the counting stops: that there are very many is enough."""
_ATTACHED = """
SELECT (SELECT count(*) FROM (SELECT 1 FROM attachment LIMIT {0})), (SELECT coalesce(sum(size), 0) FROM
(SELECT max(size) AS size FROM (SELECT sha256, size FROM attachment LIMIT {0}) GROUP BY sha256))
"""


class Finding(NamedTuple):
    """What was looked at, how it is, the judgement, and what to do about it; empty where nothing is."""

    what: str
    value: str
    state: str = OK
    do: str = ""


def look(session: Session, _progress: Progress | None = None) -> list[Finding]:
    """All that can be said without the window. A share or a disk may hold it up, so the window asks for it beside itself."""
    return [*_program(), _tables(), *_data(session), *_kept(), *_backups(session), _check(session), _log(session)]


def _program() -> list[Finding]:
    versions = f"Python {platform.python_version()}   SQLite {store_version()}   SQLCipher {_one('PRAGMA cipher_version')}"
    return [
        Finding(_("Version"), program.version()),
        Finding(_("Libraries"), versions),
        Finding(_("System"), platform.platform()),
    ]


def _tables() -> Finding:
    """Another window may have brought them on meanwhile."""
    there, known = int(str(_one("PRAGMA user_version"))), workplace.LATEST
    do = ""
    if there > known:
        do = _("Install the newer version of the program that wrote them.")
    elif there < known:
        do = _("Close the program and open it again; it brings them up to date after a backup.")
    return Finding(_("Tables"), f"{there} / {known}", ACT if do else OK, do)


def _one(statement: str) -> object:
    found = database.execute_sql(statement).fetchone()
    return found[0] if found else "-"


def _data(session: Session) -> list[Finding]:
    free = shutil.disk_usage(session.folder).free
    state = ACT if free < _LEAST else HEED if free < _LITTLE else OK
    do = "" if state == OK else _("Make room: backups need as much as the data, and a full disk refuses to save.")
    path = session.folder / FILE_NAME
    wal = _size(path.with_name(f"{FILE_NAME}-wal"))
    sizes = f"{file_size(_size(path))} + {file_size(wal)}"
    big = _("Close all windows and commands once; then it is emptied.") if wal > _BIG_LOG else ""
    return [
        Finding(_("Disk of the data"), places.file_system(session.folder.resolve()) or _("local")),
        Finding(_("Free space"), file_size(free), state, do),
        Finding(_("Database and its log"), sizes, HEED if big else OK, big),
    ]


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _kept() -> list[Finding]:
    counts = (_number(f"(SELECT 1 FROM {kind} LIMIT {MOST + 1})") for kind in KINDS)
    files, size = database.execute_sql(_ATTACHED.format(MOST + 1)).fetchone()
    return [
        Finding(_("Records"), "   ".join(f"{_(kind.LABEL)} {count}" for kind, count in zip(KINDS.values(), counts, strict=True))),
        Finding(_("Attachments"), f"{_capped(files)}   {file_size(size)}"),
    ]


def _number(rows: str) -> str:
    return _capped(int(str(_one(f"SELECT count(*) FROM {rows}"))))


def _capped(count: int) -> str:
    return f"{MOST:,}+" if count > MOST else f"{count:,}"


def _backups(session: Session) -> list[Finding]:
    """A sample needs none."""
    seen, real = backups.outlook(session), not session.branch.sample
    made = f"{seen.newest.local:%Y-%m-%d %H:%M}" if seen.newest else _("none")
    late = real and (seen.overdue_since is not None or seen.newest is None)
    second = _("none") if seen.second is None else f"{seen.second_at:%Y-%m-%d}" if seen.second_at else _("never")
    missing = real and (seen.second is None or seen.second_overdue)
    tried = f"{seen.drill_at:%Y-%m-%d}" if seen.drill_at else _("never")
    return [
        _asked(_("Last backup"), made, ACT if late else OK, _("Press “Back up now” under Backups.")),
        _asked(_("Second place"), second, HEED if missing else OK, _("Choose a second place under Backups.")),
        _asked(
            _("Last trial of a restore"),
            tried,
            HEED if real and seen.drill_due else OK,
            _("Press “Try a restore” under Backups."),
        ),
    ]


def _check(session: Session) -> Finding:
    """Who never checked has no fault yet: the newest rows of the history are looked at on opening."""
    kept = State(session.folder)
    when, count = kept.moment("checked_at"), kept.read().get("check_faults")
    if when is None:
        return Finding(_("Last check of the data"), _("never"))
    told = _("{count} faults").format(count=count) if count else _("everything is as it should be")
    value = f"{when.astimezone(session.branch.zone):%Y-%m-%d %H:%M}   {told}"
    return _asked(_("Last check of the data"), value, ACT if count else OK, _("Press “Check data” under History."))


def _asked(what: str, value: str, state: str, do: str) -> Finding:
    return Finding(what, value, state, "" if state == OK else do)


def _log(session: Session) -> Finding:
    count = log.faults_since(log.content(), session.clock() - timedelta(days=7))
    do = _("Send this report to whoever looks after the program.") if count else ""
    return Finding(_("Faults of the program in 7 days"), str(count), HEED if count else OK, do)


def worst(findings: Iterable[Finding]) -> str:
    """The gravest judgement."""
    states = {one.state for one in findings}
    return next((state for state in (ACT, HEED) if state in states), OK)


def report(findings: Iterable[Finding]) -> str:
    """Plain text, to be copied or saved; the last lines of the log stand at its end."""
    lines = [f"[{_(WORDS[one.state])}] {one.what}: {one.value}" + (f"  → {one.do}" if one.do else "") for one in findings]
    return "\n".join([*lines, "", *last_lines()])


def last_lines() -> list[str]:
    """The end of the log."""
    return log.content().splitlines()[-_LINES:]
