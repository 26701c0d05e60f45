"""What the commands share: opening the branch, reading JSON, printing, showing progress."""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NoReturn

from app.core import keyring, paths
from app.core.errors import NotPermitted, SignInNeeded, UserError, WrongUsage
from app.core.files import reason
from app.core.language import _
from app.core.progress import Progress
from app.core.session import Session
from app.core.text import quoted
from app.services import staffing, workplace

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
MOST_JSON = 16 << 20
"""Bytes of a record, far above the longest texts of all its fields."""


PASSWORD, NEW_PASSWORD = "KESU_PASSWORD", "KESU_NEW_PASSWORD"
CERTIFICATE_PASSWORD = "KESU_CERTIFICATE_PASSWORD"


def open_session(asked: argparse.Namespace, *, changing: bool = False) -> Session:
    """The branch that `--data` names; `--user` signs in where there are passwords. `changing`: to choose a password of their own.

    SignInNeeded where no name or password is given, NotPermitted with a password for one time.
    """
    folder, user = paths.data_folder(getattr(asked, "data", None)), getattr(asked, "user", "")
    session = _signed_in(folder, user) if keyring.exists(folder) else workplace.open_folder(folder, user=user)
    for sentence in session.notices:
        print(sentence, file=sys.stderr)
    if session.must_change and not changing:
        raise NotPermitted(_("Choose a password of your own first: kesu staff password --user NAME."))
    return session


def _signed_in(folder: Path, user: str) -> Session:
    if not user:
        raise SignInNeeded(
            _("The data in {folder} are protected by passwords. Write --user NAME; the password comes from {variable}.").format(
                folder=folder, variable=PASSWORD
            )
        )
    return staffing.sign_in(folder, user, password())


def password(variable: str = PASSWORD) -> str:
    """Of who acts: from the environment, or asked for on a terminal. SignInNeeded where there is neither."""
    return _secret(variable, _("Password"))


def new_password() -> str:
    """The password that is chosen now, likewise."""
    return _secret(NEW_PASSWORD, _("New password"))


def certificate_password() -> str:
    """Of the certificate of the branch, likewise."""
    return _secret(CERTIFICATE_PASSWORD, _("Password of the certificate"))


def _secret(variable: str, word: str) -> str:
    found = os.environ.get(variable) or ""
    if not found and sys.stdin is not None and sys.stdin.isatty():
        from getpass import getpass

        found = getpass(f"{word}: ")
    if not found:
        raise SignInNeeded(_("A password is needed. Put it into {variable}.").format(variable=variable))
    return found


def within(option: str, value: int, least: int, most: int) -> None:
    """WrongUsage for a number that an option cannot have."""
    if not least <= value <= most:
        raise WrongUsage(_("--{option} lies between {least} and {most}.").format(option=option, least=least, most=most))


def condition(text: str) -> tuple[str, str]:
    """Field and value of FIELD=VALUE."""
    field, sign, value = text.partition("=")
    if not sign:
        raise UserError(_("“{text}” is no condition. Write FIELD=VALUE.").format(text=quoted(text)))
    return field, value


def read_json(path: str) -> dict[str, object]:
    """The object in a JSON file (`-`: standard input). UserError says where it is wrong."""
    name = _("Standard input") if path == "-" else path or "“”"
    content = _parsed(name, _bytes(name, path))
    if not isinstance(content, dict):
        raise UserError(_("{path} must hold one JSON object with field codes as keys.").format(path=name))
    return content


def take_version(values: dict[str, object]) -> int | None:
    """The version that the values name, taken out of them; None where they name none."""
    if "version" not in values:
        return None
    version = values.pop("version")
    if not isinstance(version, int) or isinstance(version, bool):
        raise UserError(_("“version” must be the number that `show` gave."))
    return version


def _bytes(name: str, path: str) -> bytes:
    try:
        if path == "-":
            content = sys.stdin.buffer.read(MOST_JSON + 1) if sys.stdin else b""
        else:
            with open(path, "rb") as file:
                content = file.read(MOST_JSON + 1)
    except OSError as error:
        raise UserError(_("{path} cannot be read: {reason}.").format(path=name, reason=reason(error))) from None
    if len(content) > MOST_JSON:
        raise UserError(
            _("{path} has more than {most} MB, far more than a record can hold. Check the file.").format(
                path=name, most=MOST_JSON >> 20
            )
        )
    return content


def _parsed(name: str, content: bytes) -> object:
    try:
        return json.loads(content.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_refuse)
    except UnicodeDecodeError as error:
        raise UserError(
            _("{path} is not UTF-8 from byte {place} on. Save it as UTF-8.").format(path=name, place=error.start + 1)
        ) from None
    except json.JSONDecodeError as error:
        raise UserError(
            _("{path} is no JSON: line {line}, column {column}. Mend it and try again.").format(
                path=name, line=error.lineno, column=error.colno
            )
        ) from None
    except (ValueError, InvalidOperation, RecursionError):
        raise UserError(
            _("{path} holds a number that cannot be read, or lists within lists without end. Check the file.").format(path=name)
        ) from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)  # NaN and Infinity are no JSON


def print_json(content: object) -> None:
    """JSON on standard output."""
    say(json.dumps(content, ensure_ascii=False, indent=2))


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table for people."""
    say("\n".join(table_lines(head, rows)))


def table_lines(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A line per row, a tab between columns."""
    yield "\t".join(head)
    for row in rows:
        yield "\t".join(on_one_line(cell) for cell in row)


def on_one_line(cell: str) -> str:
    """The text without what would break a line or a column, or give a terminal orders."""
    return _CONTROLS.sub(" ", cell)


def say(text: str) -> None:
    """Text on standard output, in UTF-8 whatever the terminal thinks.

    A reader that has seen enough, as `head`, is no failure: the rest goes nowhere. UserError where it cannot be written.
    """
    try:
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left over must not fail again at the end
        if not isinstance(error, BrokenPipeError):
            why = _("standard output is closed") if isinstance(error, io.UnsupportedOperation) else reason(error)
            raise UserError(
                _("The result cannot be written: {reason}. What was asked for is done all the same.").format(reason=why)
            ) from None


class TerminalProgress(Progress):
    """One line on a terminal that is written over, and gone in the end; nothing where the output goes elsewhere."""

    every = 500

    def report(self, done: int, total: int | None, sentence: str) -> None:
        """Show how far it is."""
        if not sys.stderr.isatty():
            return
        far = f" {done:,} / {total:,}" if total else f" {done:,}" if done else ""
        over = bool(total) and done >= (total or 0)
        print("\r\033[K" if over else f"\r{sentence}{far}\033[K", end="", file=sys.stderr, flush=True)
