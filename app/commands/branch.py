"""Commands on the branch as a whole: init and demo."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from app.commands.common import TerminalProgress, password, print_json, say, within
from app.core import database, paths
from app.core.language import _
from app.core.session import Session
from app.services import staffing, workplace

if TYPE_CHECKING:
    from app.services.sample import Summary


class Size(NamedTuple):
    """How large one thing of the sample is."""

    usual: int
    least: int
    most: int


SIZES = {
    "customers": Size(200, 1, 100_000),
    "objections": Size(600, 0, 1_000_000),
    "complaints": Size(150, 0, 100_000),
    "months": Size(13, 1, 120),
}


def declare(name: str, parser: argparse.ArgumentParser) -> None:
    """The arguments of each command."""
    if name == "init":
        parser.add_argument("--branch-code", required=True, metavar=_("CODE"))
        parser.add_argument("--branch-name", required=True, metavar=_("NAME"))
        parser.add_argument("--address", default="", metavar=_("ADDRESS"))
        parser.add_argument("--admin", metavar=_("NAME"), help=_("with passwords; who looks after the program"))
    else:
        parser.add_argument("--out", metavar=_("FOLDER"), help=_("where one of each document and the workbook are written"))
        parser.add_argument("--seed", type=int, default=1, metavar=_("N"))
        for name, size in SIZES.items():
            parser.add_argument(f"--{name}", type=int, default=size.usual, metavar=_("N"))
        parser.add_argument("--no-window", action="store_true", help=_("only make it, open no window"))
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def run(asked: argparse.Namespace) -> int:
    """Do the command."""
    return _init(asked) if asked.command == "init" else _demo(asked)


def _init(asked: argparse.Namespace) -> int:
    folder = paths.data_folder(getattr(asked, "data", None))
    values = {"code": asked.branch_code, "name": asked.branch_name, "address": asked.address}
    if asked.admin is not None:
        from app.commands.staff import say_code  # only where there are passwords

        begun = staffing.start(folder, values, asked.admin, password())
        say_code(asked.json, begun.session, begun.code)
        return 0
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
    for name, size in SIZES.items():
        within(name, getattr(asked, name), size.least, size.most)
    chosen_folder = getattr(asked, "data", None) or os.environ.get("KESU_DATA")
    folder = paths.data_folder(chosen_folder) if chosen_folder else paths.sample_folder()
    out = None if asked.out is None else Path(asked.out)
    if out is not None:
        with database.explained(out):  # before the long work, not after it
            out.mkdir(parents=True, exist_ok=True)
    session, summary = _filled(asked, folder)
    files = [] if out is None else _papers(session, out)
    if asked.json:
        print_json({"data": str(folder), **summary._asdict()} | ({"files": files} if files else {}))
    else:
        say("\n".join((_("The sample branch is in {folder}.").format(folder=folder), *files)))
    if asked.no_window or not _has_screen():
        return 0
    from app.views.application import open_window  # heavy: only the window pays for Qt

    database.close()
    return open_window(folder, getattr(asked, "user", ""), getattr(asked, "lang", None))


def _papers(session: Session, out: Path) -> list[str]:
    from app.commands.sample_papers import write_all  # heavy: the documents' libraries

    return [str(path) for path in write_all(session, out)]


def _has_screen() -> bool:
    return sys.platform in ("win32", "darwin") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("QT_QPA_PLATFORM")
    )


def _filled(asked: argparse.Namespace, folder: Path) -> tuple[Session, Summary]:
    """The sample branch made anew, and what is in it. UserError where the folder holds a real one."""
    from app.services import sample, sample_folder  # heavy: its texts are needed here only

    sizes = {name: getattr(asked, name) for name in SIZES}
    with sample_folder.making(folder, getattr(asked, "user", "")) as session:
        return session, sample.fill(session, seed=asked.seed, progress=TerminalProgress(), **sizes)
