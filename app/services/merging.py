"""Merges the monthly workbooks of branches: each case once, and everything that does not fit named."""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO

from app.core.errors import UserError
from app.core.formats import moment
from app.core.language import _
from app.core.program import version
from app.core.progress import Progress
from app.services import branch_workbooks
from app.services.branch_workbooks import CONSOLIDATED, Unusable
from app.services.merged_cases import Fault, Kept, Merged, Merging, keep
from app.services.periods import Period
from app.services.register_files import open_register


class _Within(Progress):
    """The progress of one file within that of all: the same sentence while it is read, and the same end."""

    def __init__(self, outer: Progress, done: int, total: int, sentence: str) -> None:
        super().__init__()
        self._outer, self._at, self._said = outer, (done, total), sentence

    def step(self, done: int, total: int | None = None, sentence: str = "") -> None:
        """Report how many files are over."""
        self._outer.step(*self._at, self._said)


def gather(
    paths: Sequence[Path],
    *,
    period: Period | None = None,
    expected: Sequence[str] = (),
    out: Path | None = None,
    progress: Progress | None = None,
) -> Merged:
    """Read files and folders, and put together what belongs together. UserError where nothing can be merged.

    `period`: that of the result, else the one that most files have. `expected`: codes of the branches that should be there.
    `out`: where the result goes; not read even if it lies in the folder.
    """
    progress = progress or Progress()
    spool = tempfile.TemporaryFile()  # noqa: SIM115 - the result closes it
    try:
        return _gathered(branch_workbooks.listed(paths, out), period, expected, spool, progress)
    except BaseException:
        spool.close()
        raise


def _gathered(files: list[Path], period: Period | None, expected: Sequence[str], spool: IO[bytes], progress: Progress) -> Merged:
    faults: list[Fault] = []
    kept = _read_all(files, spool, faults, progress)
    chosen = period or _most(kept)
    kept = _of_period(kept, chosen, faults)
    kept = sorted(_one_each(kept, faults), key=lambda one: one.facts.branch_code)
    if not kept:
        told = " ".join(f"{fault.where}: {fault.sentence}" for fault in faults)
        raise UserError(_("No file could be merged. {reasons}").format(reasons=told))
    _note(kept, expected, faults)
    return Merging(kept, chosen, spool, faults, progress).merged()


def _read_all(files: list[Path], spool: IO[bytes], faults: list[Fault], progress: Progress) -> list[Kept]:
    found: list[Kept] = []
    for place, path in enumerate(files):
        within = _Within(progress, place, len(files), _("Reading {file}").format(file=path.name))
        within.step(0)
        try:
            found.append(keep(branch_workbooks.read(path, within), spool))
        except Unusable as error:
            faults.append(Fault(path.name, str(error), error.code != CONSOLIDATED))
    progress.step(len(files), len(files), "")
    return found


def _most(kept: list[Kept]) -> Period | None:
    """The period that most workbooks are about. UserError where that is none more than another."""
    counted = Counter(one.facts.period for one in kept).most_common(2)
    if len(counted) == 2 and counted[0][1] == counted[1][1]:
        said = _(", ").join(period.label() for period, _count in counted)
        told = _("The files are of different periods ({periods}). Merge one period at a time, or name it with --month.")
        raise UserError(told.format(periods=said))
    return counted[0][0] if counted else None


def _of_period(kept: list[Kept], period: Period | None, faults: list[Fault]) -> list[Kept]:
    for one in kept:
        if one.facts.period != period:
            told = _("It is of {theirs}, not of {ours}. Ask the branch for the right month.")
            sentence = told.format(theirs=one.facts.period.label(), ours=period.label() if period else "")
            faults.append(Fault(one.path.name, sentence))
    return [one for one in kept if one.facts.period == period]


def _one_each(kept: list[Kept], faults: list[Fault]) -> Iterator[Kept]:
    """Of each branch the workbook that was made last."""
    by_code: defaultdict[str, list[Kept]] = defaultdict(list)
    for one in kept:
        by_code[one.facts.branch_code.casefold()].append(one)
    for same in by_code.values():
        same.sort(key=lambda one: one.facts.made, reverse=True)
        newest, *rest = same
        if any(one.facts.branch_name != newest.facts.branch_name for one in rest):
            faults += [_two_branches(one) for one in same]
            continue
        for one in rest:
            faults.append(_left_out(one, newest))
        yield newest


def _two_branches(one: Kept) -> Fault:
    told = _("Two branches have the code {code}. Give one of them another code and export again; neither is merged.")
    return Fault(one.path.name, told.format(code=one.facts.branch_code))


def _left_out(one: Kept, newest: Kept) -> Fault:
    if one.seal == newest.seal:
        return Fault(one.path.name, _("It is a copy of {file}. Nothing to do.").format(file=newest.path.name), False)
    told = _("{branch} sent two; {file} was made later and counts. Delete the older one if that is right.")
    return Fault(one.path.name, told.format(branch=one.label, file=newest.path.name))


def _note(kept: list[Kept], expected: Sequence[str], faults: list[Fault]) -> None:
    """Branches that are missing or were not expected, other programs, other moments."""
    present = {one.facts.branch_code.casefold() for one in kept}
    missing = [code for code in expected if code.casefold() not in present]
    told = _("Nothing usable came from this branch. Ask it for its workbook and merge again.")
    faults += [Fault(code, told) for code in missing]
    wanted = {code.casefold() for code in expected}
    last = max(one.facts.now for one in kept)
    for one in kept:
        if wanted and one.facts.branch_code.casefold() not in wanted:
            faults.append(Fault(one.path.name, _("{branch} is not on the list; it is merged.").format(branch=one.label), False))
        if one.facts.program != version():
            told = _("Made by version {theirs} of the program, merged by {ours}; the columns are the same.")
            faults.append(Fault(one.path.name, told.format(theirs=one.facts.program, ours=version()), False))
        if one.facts.now != last:
            told = _("It stands as of {theirs}, others as of {ours}. What happened in between is not in it.")
            said = told.format(theirs=_moment(one.facts.now, one), ours=_moment(last, one))
            faults.append(Fault(one.path.name, said, False))


def _moment(instant: datetime, one: Kept) -> str:
    return moment(instant, one.zone)


def expected_in(path: Path) -> tuple[str, ...]:
    """The branch codes in the first column of a table or of a text file; a heading is none. UserError where it can't be read."""
    with open_register(path) as register:
        cells = [str(row[0]).strip() for _number, row in register.sheets[0].rows() if row and row[0] is not None]
    return tuple(dict.fromkeys(cell for cell in cells if cell not in ("", "Branch code", _("Branch code"))))
