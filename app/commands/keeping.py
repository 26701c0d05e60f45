"""Commands that keep a branch safe: backup, restore, archive, unarchive."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from app.commands.common import PASSWORD, TerminalProgress, open_session, password, print_json, print_table, say
from app.core import database, formats, paths
from app.core.errors import SignInNeeded, UserError
from app.core.language import _
from app.core.lock import WindowLock
from app.core.session import Session, system_clock
from app.services import archiving, backup_places, backups, restore_rights, restoring, unarchiving, workplace
from app.services.backup_places import Backup
from app.services.restore_rights import Given, Question
from app.services.restoring import TOLD, Present

RECOVERY_CODE, BACKUP_PASSWORD, BACKUP_CODE = "KESU_RECOVERY_CODE", "KESU_BACKUP_PASSWORD", "KESU_BACKUP_CODE"


def declare(name: str, parser: argparse.ArgumentParser) -> None:
    """The arguments of each command."""
    if name == "backup":
        parser.add_argument(
            "dest", nargs="?", type=Path, metavar=_("FOLDER"), help=_("only there; else backups/ and the second place")
        )
        parser.add_argument("--list", action="store_true", help=_("make none: the backups that are there, newest first"))
        parser.add_argument("--try", dest="trial", action="store_true", help=_("make none: restore the newest one for a trial"))
    elif name == "restore":
        parser.add_argument("file", type=Path, metavar="FILE.kesu")
        parser.add_argument("--yes", action="store_true", help=_("do not ask before present data is set aside"))
    elif name == "archive":
        parser.add_argument("out", type=Path, metavar="OUT.zip")
    else:
        parser.add_argument("file", type=Path, metavar="IN.zip")
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def run(asked: argparse.Namespace) -> int:
    """Do the command; 3 where attachments are missing or the second place could not be reached."""
    commands = {"backup": _backup, "restore": _restore, "archive": _archive, "unarchive": _unarchive}
    return commands[asked.command](asked)


def _folder(asked: argparse.Namespace) -> Path:
    return paths.data_folder(getattr(asked, "data", None))


def _backup(asked: argparse.Namespace) -> int:
    if asked.list:
        return _list(asked)
    session = open_session(asked)
    session.require("clerk")
    if asked.trial:
        return _trial(asked, session)
    made = backups.make(session.folder, "hand", session.clock(), TerminalProgress(), place=asked.dest)
    missing = made.backup.manifest.missing
    if asked.json:
        print_json({**_as_json(made.backup), "second": made.second_failed or None})
    else:
        told = [
            _("Backed up and checked: {file} ({size}).").format(file=made.backup.path, size=formats.file_size(made.backup.size))
        ]
        told += [_missing(len(missing))] if missing else []
        say("\n".join([*told, *([made.second_failed] if made.second_failed else [])]))
    return 3 if missing or made.second_failed else 0


def _trial(asked: argparse.Namespace, session: Session) -> int:
    done = restoring.drill(session, workplace.LATEST, TerminalProgress())
    if asked.json:
        print_json({**_as_json(done.backup), "missing": done.missing})
    else:
        when = f"{done.backup.local:%Y-%m-%d %H:%M}"
        told = [_("The backup of {when} was restored for a trial and is whole.").format(when=when)]
        say("\n".join([*told, *([_missing(done.missing)] if done.missing else [])]))
    return 3 if done.missing else 0


def _missing(count: int) -> str:
    return _("Attachments that are gone or damaged: {count}.").format(count=count)


def _list(asked: argparse.Namespace) -> int:
    found = backup_places.listed(asked.dest or backup_places.home(_folder(asked)))
    if asked.json:
        print_json([_as_json(one) for one in found.backups])
        return 0
    head = [_("Made"), _("Occasion"), *(_(word) for _table, word in TOLD), _("Size"), _("File")]
    rows = [
        [
            f"{one.local:%Y-%m-%d %H:%M}",
            one.why,
            *(f"{one.manifest.counts.get(table, 0):,}" for table, _word in TOLD),
            formats.file_size(one.size),
            str(one.path),
        ]
        for one in found.backups
    ]
    print_table(head, rows)
    for path in found.unreadable:
        say(_("{file} is damaged or no backup.").format(file=path))
    return 0


def _as_json(backup: Backup) -> dict[str, object]:
    manifest = backup.manifest
    return {
        "file": str(backup.path),
        "size": backup.size,
        "kind": manifest.kind,
        "made_at": backup.local.isoformat(timespec="seconds"),
        "branch": manifest.branch_code,
        "counts": dict(manifest.counts),
        "history": manifest.history,
        "attachments": manifest.files,
        "missing": len(manifest.missing),
    }


def _restore(asked: argparse.Namespace) -> int:
    folder, progress = _folder(asked), TerminalProgress()
    workplace.is_expected(folder)  # goes on with a restore that was broken off
    backup = restoring.look(asked.file, workplace.LATEST, progress)
    with WindowLock(folder):
        user = getattr(asked, "user", "") or workplace.user_name()
        right = restore_rights.of_folder(folder, asked.file, user, system_clock(), partial(_credentials, asked))
        database.know(folder, right.here)
        if workplace.is_expected(folder) and not asked.yes:
            _ask(backup, restoring.present(folder))
        done = restoring.restore(folder, asked.file, workplace.LATEST, system_clock(), progress, right)
    if asked.json:
        aside = str(done.aside) if done.aside else None
        print_json(
            {
                **_as_json(done.backup),
                "data": str(folder),
                "aside": aside,
                "missing": done.missing,
                "caution": done.caution or None,
            }
        )
    else:
        told = [_("{file} is back in {folder}.").format(file=asked.file.name, folder=folder)]
        told += [_("What was there lies in {folder}.").format(folder=done.aside)] if done.aside else []
        told += [done.caution] if done.caution else []
        say("\n".join([*told, *([_missing(done.missing)] if done.missing else [])]))
    return 3 if done.missing else 0


def _credentials(asked: argparse.Namespace, question: Question, attempt: Callable[[Given], None]) -> None:
    """Name, and password or recovery code, of who restores: from the environment, or asked for on a terminal."""
    user = getattr(asked, "user", "")
    if not user:
        words = _("{text} Write --user NAME; the password comes from {variable}.")
        raise SignInNeeded(words.format(text=question.text, variable=PASSWORD))
    code, word = (BACKUP_CODE, BACKUP_PASSWORD) if question.of_backup else (RECOVERY_CODE, PASSWORD)
    if given := os.environ.get(code):
        attempt(Given(user, given, by_code=True))
        return
    if question.of_backup:
        print(question.text, file=sys.stderr)
    attempt(Given(user, password(word)))


def _ask(backup: Backup, there: Present | None) -> None:
    """Both sides are shown; UserError unless the person agrees."""
    if not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
        raise UserError(_("The folder holds data. Write --yes to set it aside and put the backup in its place."))
    lines = [[_("Now"), _last(there.last_at if there else None, backup), *_numbers(there)]]
    lines.append([_("Backup"), _last(backup.manifest.last_at, backup), *_numbers(Present(backup.manifest.counts, None))])
    head = ["", _("Last entry"), *(_(word) for _table, word in TOLD)]
    print("\n".join("\t".join(line) for line in (head, *lines)), file=sys.stderr)
    print(_("Set the present data aside and put the backup in its place? Write yes:"), end=" ", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().casefold() not in ("yes", "y", "是"):
        raise UserError(_("Nothing was changed."))


def _last(at: datetime | None, backup: Backup) -> str:
    return "—" if at is None else f"{at.astimezone(backup.local.tzinfo):%Y-%m-%d %H:%M}"


def _numbers(there: Present | None) -> list[str]:
    return ["—" if there is None else f"{there.counts.get(table, 0):,}" for table, _word in TOLD]


def _archive(asked: argparse.Namespace) -> int:
    done = archiving.write(open_session(asked), asked.out, TerminalProgress())
    if asked.json:
        print_json({"file": str(asked.out), "counts": done.counts, "attachments": done.files, "missing": len(done.missing)})
    else:
        told = _("Everything is in {file}, readable by whoever has it. Keep it as safe as the data itself.").format(
            file=asked.out
        )
        say("\n".join([told, *([_missing(len(done.missing))] if done.missing else [])]))
    return 3 if done.missing else 0


def _unarchive(asked: argparse.Namespace) -> int:
    folder = _folder(asked)
    counts = unarchiving.take_in(asked.file, folder, system_clock(), TerminalProgress())
    session = workplace.open_folder(folder, user=getattr(asked, "user", ""))
    if asked.json:
        print_json({"branch": session.branch.code, "data": str(folder), "counts": counts})
    else:
        say(_("{name} is ready in {folder}.").format(name=session.branch.name, folder=folder))
    return 0
