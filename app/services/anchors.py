"""Anchors: number and head of the history as they were written down elsewhere, on papers, in workbooks, beside backups.

Inside the database a history that was cut or written anew from the start looks whole. Only an anchor tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from app.core import files
from app.core.database import database, explained
from app.core.errors import UserError
from app.core.language import _
from app.core.session import Session
from app.core.text import quoted
from app.models import history, prints

_FORM = re.compile(r"(\d{1,15}):([0-9a-f]{16,64})")


class Anchor(NamedTuple):
    """The hash of row `number` of the history begins with these hexadecimal `digits`; `where` that is written, in words."""

    number: int
    digits: str
    where: str

    def holds(self, digest: bytes) -> bool:
        """Whether that row of a history is the one that is meant."""
        return digest.hex().startswith(self.digits)


def parse(text: str, where: str = "") -> Anchor:
    """An anchor as it stands on a paper. UserError where it is none."""
    found = _FORM.fullmatch("".join(text.split()).casefold())
    if found is None:
        sentence = _("“{text}” is no anchor. Write it as it stands on the paper: a number, a colon, and at least 16 digits.")
        raise UserError(sentence.format(text=quoted(text)))
    return Anchor(int(found[1]), found[2], where or _("the anchor {text}").format(text=found[0]))


def texts(text: str) -> list[str]:
    """The anchors that stand in a text, each once."""
    return list(dict.fromkeys(found[0] for found in _FORM.finditer(text)))


def holds(anchor: Anchor) -> bool:
    """Whether the history of this database has the row that the anchor means; the chain before it is not looked at."""
    row = database.execute_sql("SELECT CAST(hash AS BLOB) FROM history WHERE id = ?", (anchor.number,)).fetchone()
    return anchor.number == 0 if row is None else anchor.holds(row[0])


def issued(newest: int | None = None) -> Iterator[Anchor]:
    """Those that went out with papers and workbooks, as far as this database remembers; the `newest` ones first."""
    rows = database.execute_sql(
        "SELECT anchor, id, document FROM print WHERE anchor IS NOT NULL ORDER BY id DESC LIMIT ?",
        (-1 if newest is None else newest,),
    ).fetchall()
    titles = prints.TITLES | prints.FILES
    for text, number, document in rows:
        title = _(titles.get(document, document))
        yield parse(text, _("print {number}, {document}").format(number=number, document=title))


def write_daily(session: Session, place: Path) -> Path:
    """Write today's anchor into a folder that others look after, as the second place of backups. UserError where it cannot be."""
    head, day = history.head(), session.now().date()
    path = place / _file(session, day.isoformat())
    said = _("History of {branch} on {day}. Keep this file: it shows whether the history was changed later.")
    lines = (said.format(branch=session.branch.name, day=day.isoformat()), f"{head.number}:{head.hash.hex()}")
    files.write_whole(path, "\r\n".join((*lines, "")).encode("utf-8-sig"))
    return path


def in_place(session: Session, place: Path) -> Iterator[Anchor]:
    """Those of the daily files of this branch in a folder. UserError where the folder cannot be read."""
    with explained(place):
        found = sorted(place.glob(_file(session, "*")))
        contents = [(path, path.read_bytes()[:1000].decode("utf-8", "replace")) for path in found]
    for path, text in contents:
        written = texts(text)
        if not written:
            raise UserError(_("{path} holds no anchor any more. Look at who changed it.").format(path=path))
        yield parse(written[-1], _("the file {name}").format(name=path.name))


def _file(session: Session, day: str) -> str:
    branch = re.sub(r"[^\w-]", "-", session.branch.code)
    return f"kesu-history-{branch}-{day}.txt"
