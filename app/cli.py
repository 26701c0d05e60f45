"""The door of the command line: which commands there are, what all of them take, and how failures are told."""

from __future__ import annotations

import argparse
import gettext
import logging
import os
import sys
from collections.abc import Callable, Sequence

from app.core import database, language, paths
from app.core.errors import Cancelled, UserError
from app.core.language import N_, _

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
    ("import", "registers", N_("take in a register (.xlsx, .xls, .csv)")),
    ("document", "papers", N_("print a document as PDF")),
    ("statistics", "papers", N_("the figures of a period, and the workbook")),
)
"""Command, the module of `app.commands` that declares and runs it, and its line of help."""

# Words that argparse takes from the catalogue.
_PARSER_WORDS = (
    N_("usage: "), N_("options"), N_("positional arguments"), N_("show this help message and exit"),
    N_("the following arguments are required: %s"), N_("unrecognized arguments: %s"), N_("%(prog)s: error: %(message)s\n"),
    N_("argument %(argument_name)s: %(message)s"), N_("expected one argument"), N_("invalid %(type)s value: %(value)r"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"), N_("not allowed with argument %s"),
)  # fmt: skip

Command = Callable[[argparse.Namespace], int]


def _module(name: str) -> object:
    """The module of a command; only the one that runs is imported, start-up must not pay for the others."""
    from importlib import import_module

    return import_module(f"app.commands.{name}")


def _common() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument(
        "--data", metavar=_("FOLDER"), help=_("folder of the database, the attachments and the backups (also KESU_DATA)")
    )
    common.add_argument("--user", metavar=_("NAME"), help=_("who acts"))
    common.add_argument("--lang", choices=tuple(language.LANGUAGES), help=_("language (also KESU_LANG)"))
    return common


def parser(command: str | None = None) -> argparse.ArgumentParser:
    """The parser; only the arguments of `command` are declared in full."""
    common = _common()
    top = argparse.ArgumentParser(
        prog="kesu", parents=[common], description=_("Kesu Desk: objections and complaints from the first word to the end")
    )
    commands = top.add_subparsers(
        dest="command", metavar=_("COMMAND"), title=_("commands"), description=_("without one, the window opens")
    )
    for name, module, line in COMMANDS:
        sub = commands.add_parser(name, parents=[common], help=_(line), description=_(line))
        if name == command:
            _module(module).declare(name, sub)  # type: ignore[attr-defined]
    return top


def _speak(arguments: Sequence[str]) -> None:
    """Choose the language before anything is said, the parser's own words included."""
    asked = next((arguments[place + 1] for place, one in enumerate(arguments[:-1]) if one == "--lang"), None)
    asked = asked or next((one.partition("=")[2] for one in arguments if one.startswith("--lang=")), None)
    language.choose(asked if asked in language.LANGUAGES else language.preferred())
    os.environ["LANGUAGE"] = language.chosen()
    gettext.bindtextdomain("kesu", str(paths.resources() / "locale"))
    gettext.textdomain("kesu")


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments ask; returns the exit code.

    0 done, 1 failed or refused, 2 wrong usage, 3 done in part, 4 a fault found, 5 not permitted.
    """
    _speak(arguments)
    names = {name for name, _module_name, _line in COMMANDS}
    command = next((one for one in arguments if one in names), None)
    try:
        asked = parser(command).parse_args(arguments)
    except SystemExit as stopped:
        return int(stopped.code or 0)
    if asked.command is None:
        return window(asked)
    module = next(module for name, module, _line in COMMANDS if name == asked.command)
    return _told(lambda: int(_module(module).run(asked)))  # type: ignore[attr-defined]


def window(asked: argparse.Namespace) -> int:
    """Open the window, as the program does without a command."""
    from app.views.application import open_window  # heavy: only the window pays for Qt

    return _told(
        lambda: open_window(
            paths.data_folder(getattr(asked, "data", None)), getattr(asked, "user", ""), getattr(asked, "lang", None)
        )
    )


def _told(work: Callable[[], int]) -> int:
    """Run, and turn every failure into one line on standard error."""
    try:
        return work()
    except UserError as error:
        print(" ".join(str(error).split("\n")), file=sys.stderr)
        return error.exit_code
    except (KeyboardInterrupt, Cancelled):
        print(_("Stopped. Nothing was changed."), file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except Exception as error:
        logging.getLogger("kesu").debug("unexpected", exc_info=True)
        print(
            _("This is a fault of the program: {error}. Nothing was changed.").format(error=f"{type(error).__name__}: {error}"),
            file=sys.stderr,
        )
        return 1
    finally:
        database.close()
