"""Counts the cases of branches' workbooks, each once, and reads them again for the sheets of details."""

from __future__ import annotations

import pickle
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from pathlib import Path
from typing import IO, Any, NamedTuple

from app.core.language import N_, _
from app.core.program import version
from app.core.progress import Progress
from app.services import figures_details
from app.services.branch_workbooks import COLUMNS, BranchWorkbook, Row
from app.services.figures_details import Column, Details, Form, Value
from app.services.figures_values import Both, Figures
from app.services.merged_figures import Counted, Totals, compute
from app.services.periods import Period
from app.services.workbook_facts import CONSOLIDATED, Facts, Lists, case_of

BRANCH = Column("branch", N_("Branch"), Form.MEMO, 16, True)
_NAMED = 5
_KINDS = ("objections", "complaints")
_NOT_COUNTED = {"number", "what", "description", "result", "source_reference", "status", "replied_at", "closed_at"}
_NOT_COUNTED |= {"occurred_at", "received_at", "customer_name", "product_name", "uid", "solution_due", "solved_at"}


class Fault(NamedTuple):
    """What did not fit: the file or branch, and a sentence that says what is wrong and what to do.

    `lost`: something is missing in the result; else it is only to be known.
    """

    where: str
    sentence: str
    lost: bool = True


class Source(NamedTuple):
    """A file that was merged."""

    file: str
    code: str
    name: str
    now: datetime
    made: datetime
    program: str
    seal: str
    objections: int
    complaints: int
    rows: int
    """Cases in its details, those of other periods that ended or were open included."""


@dataclass
class Kept:
    """A workbook that was read, its rows waiting on disk."""

    path: Path
    facts: Facts
    seal: str
    zone: tzinfo
    places: dict[str, int]
    rows: int = 0

    @property
    def label(self) -> str:
        """Code and name: what a branch is called in every table, unlike any other."""
        return f"{self.facts.branch_code} {self.facts.branch_name}"


def keep(book: BranchWorkbook, spool: IO[bytes]) -> Kept:
    """Put the rows on disk."""
    places = {}
    for name, rows in book.cases.items():
        places[name] = spool.tell()
        pickle.dump(rows, spool, pickle.HIGHEST_PROTOCOL)
    return Kept(book.path, book.facts, book.seal, book.zone, places)


@dataclass
class Merged(AbstractContextManager["Merged"]):
    """What the consolidated workbook is made of. Close it when done: rows wait in a file on disk."""

    period: Period
    sources: tuple[Source, ...]
    faults: tuple[Fault, ...]
    whole: Figures
    branches: tuple[Figures, ...]
    """In the order of the sources, named by code and name."""
    read_details: Callable[[], Both[Details]]
    """Anew at each call: the rows are read as they are asked for."""
    lists: Lists
    facts: Facts
    spool: IO[bytes] = field(repr=False)

    @property
    def complete(self) -> bool:
        """Whether everything that was given or expected is in it."""
        return not any(fault.lost for fault in self.faults)

    def close(self) -> None:
        """Let go of the rows."""
        self.spool.close()

    def __exit__(self, *_raised: object) -> None:
        self.close()


class Merging:
    """Counts the cases of the workbooks, and reads them again for the sheets of details."""

    def __init__(
        self, kept: list[Kept], period: Period | None, spool: IO[bytes], faults: list[Fault], progress: Progress
    ) -> None:
        assert period is not None
        self.kept, self.period, self.spool, self.faults, self.progress = kept, period, spool, faults, progress
        self.owner: dict[str, int] = {}
        self.listed: dict[str, int] = {}
        self.twice: dict[tuple[int, int], list[str]] = {}
        self.shared = self._shared_products()

    def _shared_products(self) -> set[str]:
        """Numbers that mean one product wherever they appear."""
        names: defaultdict[str, set[str]] = defaultdict(set)
        for one in self.kept:
            for kind in _KINDS:
                for number, name in set(self._pairs(one, kind)):
                    names[number].add(name)
        return {number for number, called in names.items() if len(called) == 1}

    def _pairs(self, one: Kept, kind: str) -> Iterator[tuple[str, str]]:
        places = {column.code: place for place, column in enumerate(COLUMNS[kind])}
        for row in self._rows(one, kind):
            if row[places["product"]]:
                yield str(row[places["product"]]), str(row[places["product_name"]])

    def _rows(self, one: Kept, kind: str) -> list[Row]:
        self.spool.seek(one.places[kind])
        rows: list[Row] = pickle.load(self.spool)
        return rows

    def merged(self) -> Merged:
        """Everything, the faults of single cases included."""
        whole = self._totals("", _("{count} branches").format(count=len(self.kept)), self.kept)
        found = []
        for place, one in enumerate(self.kept):
            self.progress.step(place, len(self.kept), _("Counting"))
            totals = self._count(place, one)
            found.append(compute(totals))
            for own, added in zip(whole.cases, totals.cases, strict=True):
                own.extend(added)
            whole.lists = whole.lists.joined(totals.lists)
        self.faults += [self._twice(*places, numbers) for places, numbers in self.twice.items()]
        figures = compute(whole)
        if any(fault.lost for fault in self.faults):
            figures = replace(figures, branch_name=_("{count} branches, incomplete: see “Sources”").format(count=len(self.kept)))
        facts = replace(self.kept[0].facts, book=CONSOLIDATED, program=version(), branch_code="", branch_name=figures.branch_name)
        return Merged(
            self.period,
            tuple(self._source(one, counted) for one, counted in zip(self.kept, found, strict=True)),
            tuple(self.faults),
            figures,
            tuple(found),
            lambda: Both(*(self._details(kind) for kind in _KINDS)),
            whole.lists._replace(overdue=tuple(sorted(whole.lists.overdue, key=lambda row: -row.days))),
            facts,
            self.spool,
        )

    def _totals(self, code: str, name: str, kept: Sequence[Kept]) -> Totals:
        counted = [column.code for columns in COLUMNS.values() for column in columns if column.code not in _NOT_COUNTED]
        cases = Both(*(Counted(COLUMNS[kind], dict.fromkeys(counted)) for kind in _KINDS))
        now = max(one.facts.now for one in kept)
        return Totals(code, name, kept[0].zone, self.period, now, cases, [one.facts for one in kept])

    def _count(self, place: int, one: Kept) -> Totals:
        totals = self._totals(one.facts.branch_code, one.facts.branch_name, [one])
        known: dict[Value, Value] = {}
        for kind, counted in zip(_KINDS, totals.cases, strict=True):
            codes = [column.code for column in COLUMNS[kind]]
            for row in self._once(place, one, kind):
                own = self._qualified(one, codes, row)
                counted.add(own, known)
                counted.name(dict(zip(codes, own, strict=True)))
        totals.lists = self._lists(place, one)
        return totals

    def _lists(self, place: int, one: Kept) -> Lists:
        """The rows whose case counts with this workbook: with the one that has it, else with the first that names it."""
        facts = one.facts

        def named(row: Any) -> Any:  # noqa: ANN401 - a row of one of the lists
            uid = facts.uids.get(case_of(row), "")
            counts = not uid or self.owner.get(uid, self.listed.setdefault(uid, place)) == place
            return _named(facts.branch_code, row) if counts else None

        return facts.lists.kept(named)

    def _once(self, place: int, one: Kept, kind: str) -> Iterator[Row]:
        """The cases of a workbook that no earlier one had, each once; the others are named."""
        codes = [column.code for column in COLUMNS[kind]]
        uid, number = codes.index("uid"), codes.index("number")
        for row in self._rows(one, kind):
            first = self.owner.get(str(row[uid]))
            if first is None:
                self.owner[str(row[uid])] = place
                one.rows += 1
                yield row
            else:
                self.twice.setdefault((place, first), []).append(str(row[number]))

    def _twice(self, place: int, first: int, numbers: list[str]) -> Fault:
        shown = _(", ").join(numbers[:_NAMED]) + (" …" if len(numbers) > _NAMED else "")
        told = _("{count} cases ({numbers}) also stand in {file}, where they count. Ask both branches whose they are.")
        return Fault(
            self.kept[place].path.name,
            told.format(count=len(numbers), numbers=shown, file=self.kept[first].path.name),
        )

    def _qualified(self, one: Kept, codes: Sequence[str], row: Row) -> Row:
        """Numbers and names that each branch gives by itself, made different by the branch's code."""
        told = list(row)
        for place, code in enumerate(codes):
            value = row[place]
            if value and (code in ("customer", "handler") or (code == "product" and value not in self.shared)):
                told[place] = f"{one.facts.branch_code}·{value}"
        return tuple(told)

    def _source(self, one: Kept, counted: Figures) -> Source:
        facts = one.facts
        return Source(
            one.path.name,
            facts.branch_code,
            facts.branch_name,
            facts.now,
            facts.made,
            facts.program,
            one.seal,
            counted.objections,
            counted.complaints,
            one.rows,
        )

    def _details(self, kind: str) -> Details:
        columns = [replace(column, label=_(column.label)) for column in (*COLUMNS[kind][:1], BRANCH, *COLUMNS[kind][1:])]
        return Details(tuple(columns), self._told(kind))

    def _told(self, kind: str) -> Iterator[tuple[Value, ...]]:
        """The rows as they stand in a sheet: words of codes, and the branch."""
        codes = [column.code for column in COLUMNS[kind]]
        words = {code: told for code in codes if (told := figures_details.words().get(f"{kind}.{code}"))}
        uid = codes.index("uid")
        seen: set[Value] = set()
        for place, one in enumerate(self.kept):
            for row in self._rows(one, kind):
                if self.owner[str(row[uid])] == place and row[uid] not in seen:
                    seen.add(row[uid])
                    first, *rest = _worded(self._qualified(one, codes, row), codes, words)
                    yield (first, one.label, *rest)


def _worded(row: Row, codes: Iterable[str], words: dict[str, dict[str, str]]) -> Row:
    return tuple(
        words[code].get(str(value), value) if code in words and value is not None else value
        for code, value in zip(codes, row, strict=True)
    )


def _named(code: str, row: Any) -> Any:  # noqa: ANN401 - a row of one of the lists
    """The row with the branch's code before numbers and names that are the branch's own."""
    names = [name for name in ("number", "case", "complaint", "handler") if getattr(row, name, "")]
    told = {name: f"{code}·{getattr(row, name)}" for name in names}
    line = getattr(row, "line", None)
    return row._replace(**told, **({} if line is None else {"line": line._replace(agreement=f"{code}·{line.agreement}")}))
