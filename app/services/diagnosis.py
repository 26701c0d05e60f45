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
from app.core.session import Session
from app.services import backups, workplace

OK, HEED, ACT = "ok", "warn", "bad"
WORDS = {OK: N_("good"), HEED: N_("heed"), ACT: N_("act")}
_LITTLE, _LEAST = 2 << 30, 300 << 20
_BIG_LOG = 256 << 20
_LINES = 12


class Finding(NamedTuple):
    """What was looked at, how it is, the judgement, and what to do about it; empty where nothing is."""

    what: str
    value: str
    state: str = OK
    do: str = ""


def look(session: Session) -> list[Finding]:
    """All that can be said without the window."""
    return [*_program(), *_data(session), _kept(session), *_backups(session), _log(session)]


def _program() -> list[Finding]:
    versions = f"Python {platform.python_version()}   SQLite {store_version()}   SQLCipher {_one('PRAGMA cipher_version')}"
    return [
        Finding(_("Version"), program.version()),
        Finding(_("Libraries"), versions),
        Finding(_("System"), platform.platform()),
        Finding(_("Tables"), f"{_one('PRAGMA user_version')} / {workplace.LATEST}"),
    ]


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


def _kept(_session: Session) -> Finding:
    tables = ("customer", "product", "objection", "complaint", "agreement", "file")
    there = set(database.get_tables())
    return Finding(_("Records"), "   ".join(f"{one} {_one(f'SELECT count(*) FROM {one}'):,}" for one in tables if one in there))


def _backups(session: Session) -> list[Finding]:
    seen = backups.outlook(session)
    made = f"{seen.newest.local:%Y-%m-%d %H:%M}" if seen.newest else _("none")
    late = _("Press “Back up now” under Backups.") if seen.overdue_since or seen.newest is None else ""
    tried = f"{seen.drill_at:%Y-%m-%d}" if seen.drill_at else _("never")
    second = _("none") if seen.second is None else f"{seen.second_at:%Y-%m-%d}" if seen.second_at else _("never")
    missing = _("Choose a second place under Backups.") if seen.second is None or seen.second_overdue else ""
    return [
        Finding(_("Last backup"), made, ACT if late else OK, late),
        Finding(_("Second place"), second, HEED if missing else OK, missing),
        Finding(
            _("Last trial of a restore"),
            tried,
            HEED if seen.drill_due else OK,
            _("Press “Try a restore” under Backups.") if seen.drill_due else "",
        ),
    ]


def _log(session: Session) -> Finding:
    count = log.faults_since(log.content(), session.clock() - timedelta(days=7))
    do = _("Send this report to whoever looks after the program.") if count else ""
    return Finding(_("Faults of the program in 7 days"), str(count), HEED if count else OK, do)


def report(findings: Iterable[Finding]) -> str:
    """Plain text, to be copied or saved; the last lines of the log stand at its end."""
    lines = [f"[{_(WORDS[one.state])}] {one.what}: {one.value}" + (f"  → {one.do}" if one.do else "") for one in findings]
    return "\n".join([*lines, "", *log.content().splitlines()[-_LINES:]])
