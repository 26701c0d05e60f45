"""Random texts through the whole product: saved, found, printed, written into a workbook, backed up and put back, unchanged."""

from __future__ import annotations

import io
import re
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest

from app.core import database as store
from app.core import language, search_index
from app.core import text as gate
from app.core.errors import UserError, ValidationError
from app.core.progress import Progress
from app.core.session import Session
from app.models.complaints import Complaint
from app.models.listing import COMPLAINTS, Query
from app.models.record import add, values_of
from app.reports import fonts, grid, papers, sheets, table_workbook, typesetting
from app.services import backups, cases, restoring, workplace
from app.services.restore_rights import Right
from tests.branch import new_branch
from tests.faults.trial import Trial, Tried, draw, opened
from tests.naughty.outputs import _pages, _read
from tests.naughty.pen import is_blank, refusable, stored
from tests.naughty.tables import _cell

_FIELDS = ("description", "wish", "went_wrong", "feeling", "reason")
_BLOCKS = (
    (0x4E00, 0x9FFF, 60), (0x20, 0x7E, 25), (0x3000, 0x303F, 5), (0xFF00, 0xFFEF, 4), (0xA0, 0x24F, 3), (0x370, 0x4FF, 2),
    (0x2010, 0x2027, 2), (0x3400, 0x4DBF, 1), (0x1F300, 0x1F6FF, 0.2), (0x20000, 0x2A6DF, 0.2), (0x9, 0xA, 1), (0, 0xFFFF, 0.1),
    (0, 0x1F, 0.1), (0x202A, 0x202E, 0.05),
)  # fmt: skip
_WEIGHTS = [weight for _first, _last, weight in _BLOCKS]
_PIECES = ("<b>", "</font>", "&amp;", "=1+1", "'; --", "{0}", "%s", "\\n", "_x0041_", "<img src='/etc/passwd'/>")
Record = dict[str, Any]


def _text(rng: Random) -> str:
    """Mostly Chinese, seldom anything that Unicode has; sometimes a piece that breaks programs."""
    length = rng.choice((1, 2, 3, 8, 20, 60))
    blocks = rng.choices(_BLOCKS, _WEIGHTS, k=length)
    letters = [chr(rng.randint(first, last)) for first, last, _weight in blocks]
    letters = [one if not fonts.missing(one) or rng.random() < 0.02 else "字" for one in letters]  # else hardly a page is printed
    if rng.random() < 0.2:
        letters.insert(rng.randrange(length + 1), rng.choice(_PIECES))
    return "".join(letters)


class _Run:
    """One branch, and what went wrong in it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.session = folder, new_branch(folder / "data")
        self.wrong: list[str] = []
        self.refused = self.unprintable = self.searched = 0

    def save(self, rng: Random) -> tuple[Complaint, Record]:
        """A case with a text in each of its fields; what it must hold."""
        typed = {code: _text(rng) for code in _FIELDS}
        given = {"complainant": "陈", "received_at": "2026-11-23 10:00"}
        while True:
            if is_blank(Complaint.field("description"), typed["description"]):
                typed["description"] = "霉变"
            try:
                record = add(self.session, Complaint, given | typed)
                break
            except ValidationError as error:
                self.refuse(typed, error)
        fields = {code: Complaint.field(code) for code in _FIELDS}
        return record, {code: None if is_blank(one, typed[code]) else stored(one, typed[code]) for code, one in fields.items()}

    def refuse(self, typed: dict[str, str], error: ValidationError) -> None:
        """Another word in the fields that were refused, each of which must have had a reason."""
        for code, sentence in error.errors.items():
            if not refusable(Complaint.field(code), typed[code]):
                self.wrong.append(f"{typed[code]!a} refused without need: {sentence}")
            self.refused += 1
            typed[code] = "换"

    def compare(self, where: str, record: Complaint, expected: Record, session: Session | None = None) -> None:
        found = values_of(session or self.session, Complaint.get_by_id(record.id))
        self.wrong += [
            f"{where}: {found[code]!a} instead of {expected[code]!a}" for code in _FIELDS if found[code] != expected[code]
        ]

    def search(self, rng: Random, record: Complaint, expected: Record) -> None:
        words = gate.key(expected["description"]).split(" ")
        word = max(words, key=len)
        at = rng.randrange(max(1, len(word)))
        part = word[at : at + rng.randint(1, 8)]
        if part:
            self.searched += 1
            if record.id not in {row[0] for row in COMPLAINTS.all(self.session, Query(part))}:
                self.wrong.append(f"{part!a} does not find {expected['description']!a}")

    def print(self, record: Complaint, expected: Record) -> None:
        texts = [text for text in expected.values() if text]
        try:
            content = papers.paper(self.session, papers.FORM, cases.case_of(self.session, record)).content
        except UserError as error:
            self.unprintable += 1
            if not any(fonts.missing(text) for text in texts):
                self.wrong.append(f"not printed: {error}")
            return
        # A reader program takes a hyphen at the end of a line for one that parts a word: it leaves it out, or gives a mark.
        body = _pages(content)[0]["body"].replace("-", "").replace("\x02", "")
        self.wrong += [f"not on paper: {text!a}" for text in texts if _read(text).replace("-", "") not in body]

    def list(self, known: list[tuple[Complaint, Record]]) -> None:
        path = self.folder / "list.xlsx"
        table_workbook.export(self.session, path, "投诉", COMPLAINTS, Query(), ["number", "received_at", *_FIELDS], Progress())
        sheet = openpyxl.load_workbook(io.BytesIO(path.read_bytes()), read_only=False).active
        rows = {row[0].value: row[2:] for row in sheet.iter_rows(min_row=2)}
        for record, expected in known:
            for code, cell in zip(_FIELDS, rows[record.number], strict=True):
                wanted = ("s", expected[code], "") if expected[code] else ("n", None, "")
                if _cell(cell) != wanted:
                    self.wrong.append(f"in the workbook {_cell(cell)!a} instead of {wanted!a}")

    def restore(self, known: list[tuple[Complaint, Record]]) -> None:
        path = backups.make(self.session.folder, "hand", self.session.clock()).backup.path
        place = self.folder / "restored"
        restoring.restore(place, path, workplace.LATEST, self.session.clock(), Progress(), Right("王敏"))
        session = opened(place)
        for record, expected in known:
            self.compare("restored", record, expected, session)


def through(folder: Path, times: int) -> Tried:
    """So many texts, five in each case; papers in Chinese, which is how they are read back."""
    language.choose("zh_CN")
    run, rng, known = _Run(folder), draw("texts"), []
    for _case in range(max(1, times // len(_FIELDS))):
        record, expected = run.save(rng)
        run.compare("saved", record, expected)
        run.print(record, expected)
        known.append((record, expected))
    for record, expected in known:
        run.search(rng, record, expected)
    run.list(known)
    run.restore(known)
    store.close()
    language.choose("en")
    figures = (
        f"{run.refused} refused by their field, {run.unprintable} cases not printed for want of a glyph, {run.searched} searches"
    )
    return Tried(len(known) * len(_FIELDS), tuple(run.wrong), figures)


def unescaped(folder: Path, times: int) -> Tried:
    """The control: raw markup on paper, cells by guess, words of the search not split."""
    with pytest.MonkeyPatch.context() as patch:
        bare = typesetting.lines
        patch.setattr(grid, "lines", lambda typed, *how: bare(re.sub("<[^>]*>", "", typed), *how))
        patch.setattr(sheets._prepared(), "put", lambda cell, value, formula=False: setattr(cell, "value", value))
        patch.setattr(search_index, "tokens", str.upper)
        return through(folder, times)


TRIALS = (
    Trial(
        "texts",
        "random texts of all of Unicode in the fields of cases: read again, searched by a part, printed and read from the PDF, "
        "exported and read from the workbook, backed up, restored and read",
        through, 10_000, 60,
        "raw markup, cells by guess, an index of whole words", unescaped, 200,
    ),
)  # fmt: skip
