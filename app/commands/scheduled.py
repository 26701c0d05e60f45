"""Statistics that a scheduled task writes: into a folder, each month once, from the first working day on."""

from __future__ import annotations

import argparse
import os
from datetime import timedelta
from pathlib import Path

from app.commands.common import print_json, say
from app.core import keyring, paths
from app.core.database import explained
from app.core.errors import WrongUsage
from app.core.language import _
from app.core.session import Session
from app.reports import papers_month
from app.services import scheduled_export
from app.services.periods import Period


def declare(parser: argparse.ArgumentParser) -> None:
    """The arguments that say where and when."""
    parser.add_argument("--out", metavar=_("FILE.xlsx|FOLDER/"), help=_("in a folder it is named by branch and period"))
    told = _("with a folder, for a daily task: nothing before the first working day of the month, and nothing twice")
    parser.add_argument("--on-first-working-day", action="store_true", help=told)
    parser.add_argument("--register", action="store_true", help=_("with passwords: let such a task of this account do that"))
    parser.add_argument("--withdraw", action="store_true", help=_("take that back"))


def check(asked: argparse.Namespace) -> None:
    """WrongUsage for what does not go together."""
    if asked.on_first_working_day and not (asked.out and _is_folder(asked.out)):
        raise WrongUsage(_("--on-first-working-day needs --out with a folder: write its name with / at the end."))
    if asked.register and not asked.on_first_working_day:
        raise WrongUsage(_("--register belongs to --on-first-working-day."))
    if asked.on_first_working_day and (asked.first or asked.last or asked.by or asked.month not in (None, "last")):
        raise WrongUsage(_("--on-first-working-day writes the whole last month: leave the period and --by out."))


def opened(asked: argparse.Namespace) -> Session | None:
    """The session of a task that was registered; None where somebody acts, or there are no passwords."""
    folder = paths.data_folder(getattr(asked, "data", None))
    if not asked.on_first_working_day or asked.register or getattr(asked, "user", "") or not keyring.exists(folder):
        return None
    return scheduled_export.open_for(folder, Path(asked.out))


def registers(asked: argparse.Namespace, session: Session) -> bool:
    """Whether it is about the registration alone, which is done and said."""
    if asked.withdraw:
        scheduled_export.withdraw(session)
        told = _("The task exports nothing any more.")
    elif asked.register:
        kept = scheduled_export.register(session, Path(asked.out))
        words = _(
            "Workbooks go into {folder} from now on, by a task of this account. Its secret lies in {file}: it opens the data."
        )
        told = words.format(folder=Path(asked.out).absolute(), file=kept)
    else:
        return False
    if asked.json:
        print_json({"registered": str(Path(asked.out).absolute()) if asked.register else None})
    else:
        say(told)
    return True


def place(asked: argparse.Namespace, session: Session, period: Period) -> Path | None:
    """The file to be written, its folder made; None where none is asked for."""
    if asked.out is None:
        return None
    if not _is_folder(asked.out):
        return Path(asked.out)
    folder = Path(asked.out)
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return folder / papers_month.file_name(session, period)


def _is_folder(out: str) -> bool:
    """Only what is written as one: a slip must not fill a folder that happens to be there."""
    return out.endswith(("/", os.sep))


def nothing_to_do(asked: argparse.Namespace, session: Session, path: Path | None) -> bool:
    """Whether the task has nothing to do today, which is said. A day on which the machine was off is made up for on the next."""
    if not asked.on_first_working_day or path is None:
        return False
    today = session.now().date()
    first = session.calendar.after(today.replace(day=1) - timedelta(days=1), 1)
    if today < first:
        reason = _("Nothing to do before {day}, the first working day of the month.").format(day=first.isoformat())
    elif path.exists():
        reason = _("{file} is there already: nothing to do.").format(file=path)
    else:
        return False
    if asked.json:
        print_json({"nothing_to_do": reason})
    else:
        say(reason)
    return True
