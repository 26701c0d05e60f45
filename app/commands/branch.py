"""Commands on the branch as a whole: init and demo."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from app.commands.common import TerminalProgress, print_json, say
from app.core import database, paths
from app.core.language import _, chosen
from app.core.session import Session
from app.services import workplace


def declare(name: str, parser: argparse.ArgumentParser) -> None:
    """The arguments of each command."""
    if name == "init":
        parser.add_argument("--branch-code", required=True, metavar=_("CODE"))
        parser.add_argument("--branch-name", required=True, metavar=_("NAME"))
        parser.add_argument("--address", default="", metavar=_("ADDRESS"))
    else:
        parser.add_argument("--out", metavar=_("FOLDER"), help=_("where one of each document and the workbook are written"))
        for option, default in (
            ("--seed", 1),
            ("--customers", 200),
            ("--objections", 600),
            ("--complaints", 150),
            ("--months", 13),
        ):
            parser.add_argument(option, type=int, default=default, metavar=_("N"))
        parser.add_argument("--no-window", action="store_true", help=_("only make it, open no window"))
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def run(asked: argparse.Namespace) -> int:
    """Do the command."""
    return _init(asked) if asked.command == "init" else _demo(asked)


def _init(asked: argparse.Namespace) -> int:
    folder = paths.data_folder(getattr(asked, "data", None))
    values = {"code": asked.branch_code, "name": asked.branch_name, "address": asked.address}
    session = workplace.init(folder, values, user=getattr(asked, "user", ""))
    if asked.json:
        print_json({"branch": session.branch.code, "data": str(folder)})
    else:
        say(
            _("{name} is ready in {folder}. It has no passwords: whoever opens the folder can read it.").format(
                name=session.branch.name, folder=folder
            )
        )
    return 0


def _demo(asked: argparse.Namespace) -> int:
    folder = (
        paths.data_folder(getattr(asked, "data", None))
        if getattr(asked, "data", None) or os.environ.get("KESU_DATA")
        else paths.sample_folder()
    )
    session = _fill(asked, folder)
    if asked.out:
        from app.commands.papers import write_all  # heavy: the documents' libraries

        written = write_all(session, Path(asked.out))
        say("\n".join(str(path) for path in written))
    if asked.no_window or not _has_screen():
        return 0
    from app.views.application import open_window  # heavy: only the window pays for Qt

    database.close()
    return open_window(folder, getattr(asked, "user", ""), chosen())


def _has_screen() -> bool:
    return sys.platform in ("win32", "darwin") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("QT_QPA_PLATFORM")
    )


def _fill(asked: argparse.Namespace, folder: Path) -> Session:
    """Make the sample branch anew. UserError where the folder holds a real one."""
    from app.services import sample, sample_folder  # heavy: its texts are needed here only

    session = sample_folder.start(folder, getattr(asked, "user", ""))
    try:
        summary = sample.fill(
            session,
            seed=asked.seed,
            customers=asked.customers,
            objections=asked.objections,
            complaints=asked.complaints,
            months=asked.months,
            progress=TerminalProgress(),
        )
    except BaseException:
        sample_folder.remove(folder)
        raise
    if asked.json:
        print_json({"data": str(folder), **summary._asdict()})
    else:
        say(_("The sample branch is in {folder}.").format(folder=folder))
    return session
