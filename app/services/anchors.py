"""Anchors: number and head of the history as they were written down elsewhere, on papers, in workbooks, beside backups.

Inside the database a history that was cut or written anew from the start looks whole. Only an anchor tells.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from app.core import files
from app.core.database import database, explained
from app.core.errors import UserError
from app.core.language import _
from app.core.text import quoted
from app.models import history, prints
from app.services.backup_file import Manifest

RESTORED = "restore"
"""The action of the row that a restore leaves."""
_FORM = re.compile(r"(\d{1,15}):([0-9a-f]{16,64})")


class Anchor(NamedTuple):
    """The hash of row `number` of the history begins with these hexadecimal `digits`; `where` that is written, in words."""

    number: int
    digits: str
    where: str

    def __str__(self) -> str:
        return f"{self.number}:{self.digits[: history.SHORT]}"

    def means(self, other: Anchor) -> bool:
        """Whether both name the same row of the same history."""
        return self.number == other.number and (self.digits.startswith(other.digits) or other.digits.startswith(self.digits))

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


def stands(anchor: Anchor) -> bool:
    """Whether it holds, or a restore says that it belongs to what was set aside then."""
    return holds(anchor) or any(one.means(anchor) for one in set_aside(anchor.number))


class Parted(NamedTuple):
    """What a restore wrote down of the history that it set aside: its `end` (None where nobody could read it), and its anchors.

    `at`: the last row that both have in common.
    """

    at: int
    end: Anchor | None
    anchors: tuple[Anchor, ...]

    def may_explain(self, anchor: Anchor) -> bool:
        """Whether the row of an anchor may have been among those that were set aside."""
        return anchor.number > self.at and (self.end is None or anchor.number <= self.end.number)

    def as_json(self) -> str:
        """As it stands in the row of the restore."""
        end = None if self.end is None else str(self.end)
        return json.dumps({"at": self.at, "end": end, "anchors": list(map(str, self.anchors))})


def partings() -> list[Parted]:
    """Those of all restores that this history tells of. What is not as we write it tells nothing."""
    rows = database.execute_sql(
        "SELECT new FROM history WHERE action = ? AND kind = 'branch' AND new IS NOT NULL", (RESTORED,)
    ).fetchall()
    return list(filter(None, (_parted(new) for (new,) in rows)))


def _parted(written: str) -> Parted | None:
    try:
        told = json.loads(written)
        end = told["end"] and parse(told["end"])
        return Parted(int(told["at"]), end, tuple(map(parse, told["anchors"])))
    except (ValueError, KeyError, TypeError, UserError):
        return None


def set_aside(number: int) -> list[Anchor]:
    """The anchors of that row in histories that were set aside."""
    told = (one for parted in partings() for one in (*parted.anchors, *filter(None, [parted.end])))
    return [one for one in told if one.number == number]


def written_after(number: int, reading: Any) -> Iterator[Anchor]:  # noqa: ANN401 - the driver's connection
    """What a database remembers of anchors of its rows after that number: end, papers and workbooks, restores of its own."""
    last = reading.execute("SELECT id, CAST(hash AS BLOB) FROM history ORDER BY id DESC LIMIT 1").fetchone()
    end = [] if last is None else [Anchor(last[0], last[1].hex(), "")]
    papers = reading.execute("SELECT anchor FROM print WHERE anchor IS NOT NULL").fetchall()
    restores = reading.execute("SELECT new FROM history WHERE action = ? AND new IS NOT NULL", (RESTORED,)).fetchall()
    older = (one for (new,) in restores if (parted := _parted(new)) for one in (*parted.anchors, *filter(None, [parted.end])))
    yield from (one for one in (*end, *(parse(text) for (text,) in papers), *older) if one.number > number)


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


def write_daily(manifest: Manifest, place: Path) -> Path:
    """Write the anchor of the day that a backup names into the folder where it was copied to. UserError where it cannot be."""
    day = manifest.made_at.astimezone(ZoneInfo(manifest.time_zone)).date().isoformat()
    path = place / _file(manifest.branch_code, day)
    said = _("History of {branch} on {day}. Keep this file: it shows whether the history was changed later.")
    lines = (said.format(branch=manifest.branch_name, day=day), f"{manifest.history}:{manifest.head}")
    files.write_whole(path, "\r\n".join((*lines, "")).encode("utf-8-sig"))
    return path


def in_place(code: str, place: Path) -> Iterator[Anchor]:
    """Those of the daily files of the branch of that code in a folder. UserError where the folder cannot be read."""
    with explained(place):
        found = sorted(place.glob(_file(code, "*")))
        contents = [(path, path.read_bytes()[:1000].decode("utf-8", "replace")) for path in found]
    for path, text in contents:
        written = texts(text)
        if not written:
            raise UserError(_("{path} holds no anchor any more. Look at who changed it.").format(path=path))
        yield parse(written[-1], _("the file {name}").format(name=path.name))


def _file(code: str, day: str) -> str:
    branch = re.sub(r"[^\w-]", "-", code)
    return f"kesu-history-{branch}-{day}.txt"
