"""The door of the command line: which commands there are, what all of them take, and how failures are told."""

from __future__ import annotations

import argparse
import gc
import gettext
import io
import os
import re
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import TextIO

from app.core import language, log, paths
from app.core.errors import Cancelled, UserError, WrongUsage
from app.core.language import N_, _
from app.core.later import later

COMMANDS = (
    ("demo", "branch", N_("make and open a sample branch")),
    ("init", "branch", N_("start a new, empty branch")),
    ("fields", "records", N_("the fields of a kind of record")),
    ("list", "lists", N_("records as a table")),
    ("show", "records", N_("one record with everything that belongs to it")),
    ("add", "records", N_("one new record")),
    ("edit", "records", N_("change fields of a record")),
    ("attach", "files", N_("keep files with a record")),
    ("step", "records", N_("what can be done with a case, and do it")),
    ("merge-customers", "customers", N_("make one of two records of a customer, or find such")),
    ("erase", "erasing", N_("erase a customer and keep what is counted, or list whose time is over")),
    ("person", "persons", N_("everything kept about a customer, for the person who asks")),
    ("import", "registers", N_("take in a register (.xlsx, .xls, .csv)")),
    ("document", "papers", N_("print a document as PDF")),
    ("statistics", "papers", N_("the figures of a period, and the workbook")),
    ("close-month", "closing", N_("keep the figures of a month as they are, or open it again")),
    ("merge", "merging", N_("many branches' monthly workbooks in one")),
    ("certificate", "certificate", N_("the certificate by which the branch signs its agreements")),
    ("verify", "verifying", N_("whether a PDF or a workbook is what was issued here")),
    ("staff", "staff", N_("who works here, in which roles; passwords and deputies")),
    ("check", "checking", N_("whether all that is kept is whole and unchanged")),
    ("diagnose", "diagnosing", N_("how this computer and its data are, as a report that names nobody")),
    ("backup", "keeping", N_("a checked copy of everything, or the list of those there are")),
    ("restore", "keeping", N_("put a backup back; what is there is set aside")),
    ("archive", "keeping", N_("everything as JSON and files in a zip")),
    ("unarchive", "keeping", N_("a new branch from such a zip")),
)
"""Command, the module of `app.commands` that declares and runs it, and its line of help."""

# Words that argparse takes from the catalogue.
_PARSER_WORDS = (
    N_("usage: "), N_("options"), N_("positional arguments"), N_("show this help message and exit"),
    N_("the following arguments are required: %s"), N_("unrecognized arguments: %s"), N_("%(prog)s: error: %(message)s\n"),
    N_("argument %(argument_name)s: %(message)s"), N_("expected one argument"), N_("invalid %(type)s value: %(value)r"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"), N_("not allowed with argument %s"),
    N_("ignored explicit argument %r"),
)  # fmt: skip

_GLOBAL = ("--data", "--user", "--lang", "--database")
"""Options that may stand before the command, each with a value."""
_OPENED = (".kesu", ".kesu.zip")
"""Files that are opened with the program: backups and archives."""
_LONGEST = 2_000

Command = Callable[[argparse.Namespace], int]


def _module(name: str) -> object:
    """The module of a command; only the one that runs is imported, start-up must not pay for the others."""
    return import_module(f"app.commands.{name}")


def _common() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False, allow_abbrev=False, argument_default=argparse.SUPPRESS, exit_on_error=False)
    common.add_argument(
        "--data", metavar=_("FOLDER"), help=_("folder of the database, the attachments and the backups (also KESU_DATA)")
    )
    common.add_argument("--user", metavar=_("NAME"), help=_("who acts"))
    common.add_argument("--lang", choices=tuple(language.LANGUAGES), help=_("language (also KESU_LANG)"))
    common.add_argument("--database", help=argparse.SUPPRESS)  # for later; until then it is refused, not overheard
    return common


class _Version(argparse.Action):
    """Says the version and ends, as `--help` does."""

    def __call__(self, parser: argparse.ArgumentParser, *_rest: object) -> None:
        from app.core.program import version  # heavy: no start needs it

        print(f"kesu {version()}")
        parser.exit()


def parser(command: str | None = None) -> argparse.ArgumentParser:
    """The parser. Where it is known what is asked for, only that `command` is declared: argparse takes a while for each."""
    _teach_argparse()
    common = _common()
    top = argparse.ArgumentParser(
        prog="kesu",
        parents=[common],
        allow_abbrev=False,
        description=_("Kesu Desk: objections and complaints from the first word to the end"),
    )
    top.add_argument("--version", action=_Version, nargs=0, help=_("say which version this is"))
    commands = top.add_subparsers(
        dest="command", metavar=_("COMMAND"), title=_("commands"), description=_("without one, the window opens")
    )
    for name, module, line in [one for one in COMMANDS if one[0] == command] or COMMANDS:
        sub = commands.add_parser(name, parents=[common], allow_abbrev=False, help=_(line), description=_(line))
        if name == command:
            _module(module).declare(name, sub)  # type: ignore[attr-defined]
    return top


def _teach_argparse() -> None:
    """argparse asks gettext itself, which reads the whole catalogue message by message: the window does without its words."""
    os.environ["LANGUAGE"] = language.chosen()
    gettext.bindtextdomain("kesu", str(paths.resources() / "locale"))
    gettext.textdomain("kesu")


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments ask; returns the exit code. Every failure becomes one line on standard error.

    0 done, 1 failed or refused, 2 wrong usage, 3 done in part, 4 a fault found, 5 not permitted.
    """
    began = monotonic()
    code = _told(arguments)
    command = _command(arguments)
    if command in {name for name, _module, _line in COMMANDS}:
        log.note("command", name=str(command), code=code, ms=round((monotonic() - began) * 1000))
    return code


def _told(arguments: Sequence[str]) -> int:
    try:
        _open_streams()
        _speak(arguments)
        return _done(arguments)
    except UserError as error:
        log.refused(error)
        return _complain(str(error), error.exit_code)
    except (KeyboardInterrupt, Cancelled):
        return _complain(_("Stopped. Nothing was left half done."), 1)
    except Exception as error:
        when = log.fault(error)
        words = _("This is a fault of the program: {error}. Nothing was left half done. It stands in the log at {time}.")
        return _complain(words.format(error=f"{type(error).__name__}: {error}", time=f"{when:%H:%M:%S}"), 1)


def _open_streams() -> None:
    """UTF-8 whatever the system's locale says; what was closed becomes a place that swallows errors and refuses results."""
    if sys.stdout is None:
        sys.stdout = open(os.open(os.devnull, os.O_RDONLY), closefd=False)  # noqa: SIM115 - as long as the program
    if sys.stderr is None:
        sys.stderr = _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _speak(arguments: Sequence[str]) -> None:
    """Choose the language before anything is said, the parser's own words included."""
    asked = next((arguments[place + 1] for place, one in enumerate(arguments[:-1]) if one == "--lang"), None)
    asked = asked or next((one.partition("=")[2] for one in arguments if one.startswith("--lang=")), None)
    language.choose(asked if asked in language.LANGUAGES else language.preferred())


def _done(arguments: Sequence[str]) -> int:
    later("hashlib", "hmac", "secrets", "socket", "uuid")  # OpenSSL with them: no first list asks for any of it
    from app.core import store_file  # heavy: Ctrl-C while it loads is told like any other

    store_file.be_the_only_one()
    from app.core import database  # peewee with it

    try:
        with database.explained(None):
            return _dispatched(_with_values(arguments))
    finally:
        gc.enable()
        database.close()


def _with_values(arguments: Sequence[str]) -> list[str]:
    """The parser takes the value in `--sort -received_at` for an option; as `--sort=-received_at` it is understood."""
    joined: list[str] = []
    for one in arguments:
        waiting = bool(joined) and re.fullmatch("--[a-z-]+", joined[-1]) is not None
        if waiting and one.startswith("-") and one not in ("-", "-h") and not one.startswith("--"):
            joined[-1] += f"={one}"
        else:
            joined.append(one)
    return joined


def _command(arguments: Sequence[str]) -> str | None:
    """The command that is meant: the first word that is neither an option nor the value of one."""
    words = iter(arguments)
    for word in words:
        if word in _GLOBAL:
            next(words, None)
        elif not word.startswith("-"):
            return word
    return None


def _dispatched(arguments: Sequence[str]) -> int:
    command = _command(arguments)
    windowed = command is None or command.lower().endswith(_OPENED)
    try:
        asked = (_without_command(arguments) if windowed else None) or _parser_for(command, arguments).parse_args(arguments)
    except SystemExit as stopped:
        return int(stopped.code or 0)
    _check(asked)
    if asked.command is None:
        return window(asked)
    module = _module(next(module for name, module, _line in COMMANDS if name == asked.command))
    gc.enable()
    return int(module.run(asked))  # type: ignore[attr-defined]


def _parser_for(command: str | None, arguments: Sequence[str]) -> argparse.ArgumentParser:
    """All commands are told to who asks before naming one."""
    before = arguments[: arguments.index(command)] if command is not None else ()
    return parser(None if {"-h", "--help"} & {*before} else command)


def _without_command(arguments: Sequence[str]) -> argparse.Namespace | None:
    """What the window is opened with, a file of ours included; None where the whole parser is needed, to help or to complain."""
    try:
        asked, rest = _common().parse_known_args(arguments, argparse.Namespace(command=None, file=None))
    except argparse.ArgumentError:
        return None
    if len(rest) == 1 and rest[0].lower().endswith(_OPENED):
        asked.file = Path(rest.pop())
    return None if rest else asked


def _check(asked: argparse.Namespace) -> None:
    """A variable that a script forgot to fill must not lead to the usual folder or person."""
    for option in ("data", "user"):
        if getattr(asked, option, None) == "":
            raise WrongUsage(_("--{option} is empty. Leave it out, or write what is meant.").format(option=option))
    if url := getattr(asked, "database", None) or os.environ.get("KESU_DATABASE"):
        raise UserError(
            _("{url}: shared databases are not supported yet. Leave out --database and KESU_DATABASE.").format(url=url)
        )


def window(asked: argparse.Namespace) -> int:
    """Open the window, as the program does without a command."""
    from app.core import old_systems  # the commands do without it

    if sentences := old_systems.of_this_system():
        old_systems.show(sentences)
        return 1
    from app.views import qt  # heavy: only the window pays for Qt

    qt.load()
    from app.views.application import open_window  # heavy: likewise

    folder = paths.data_folder(getattr(asked, "data", None))
    return open_window(folder, getattr(asked, "user", ""), getattr(asked, "lang", None), getattr(asked, "file", None))


def _complain(sentence: str, code: int) -> int:
    """Say what went wrong in one line, over an unfinished line of progress; returns the exit code."""
    line = re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", sentence)
    if len(line) > _LONGEST:
        line = f"{line[: _LONGEST // 2]} … {line[-_LONGEST // 2 :]}"
    try:
        print(f"\r\033[K{line}" if sys.stderr.isatty() else line, file=sys.stderr, flush=True)
    except OSError:
        sys.stderr = _nowhere()  # what it could not get rid of would be tried again at the end, and change the code
    return code


def _nowhere() -> TextIO:
    """A stream for what nobody listens to."""
    return open(os.open(os.devnull, os.O_WRONLY), "w", closefd=False)
