"""Whatever tells of a record tells of it as of plain words, each exchanged for the text that was written in its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from app.core import database
from app.core.session import Session
from app.reports import fonts
from app.services import workplace
from tests.naughty.outputs import Output, Tree, outputs
from tests.naughty.pen import Fault
from tests.naughty.searches import FOUND, searches
from tests.naughty.tables import tables
from tests.naughty.walk import Walked, walk

NOW = datetime(2026, 11, 23, 6, 32, tzinfo=UTC)
_PLAIN = re.compile(r"(?:Q\d{3}Z\s*)+")


class Report(NamedTuple):
    """How much was tried, how much of it was refused by a sentence, and what went wrong."""

    tried: int
    refused: int
    faults: tuple[Fault, ...]

    def __add__(self, other: object) -> Report:
        assert isinstance(other, Report)
        return Report(self.tried + other.tried, self.refused + other.refused, self.faults + other.faults)


def check(texts: Iterable[str], folder: Path) -> Report:
    """Write plain words, then one text after the other, into the same branch, and compare all that is told of them."""
    session = workplace.init(folder / "data", {"code": "CD", "name": "城东分公司"}, user="王敏", clock=lambda: NOW)
    try:
        plain = walk(session, None, folder)
        usual = {name: ask() for name, ask in outputs(session, plain)}
        found = [_one(session, text, folder, plain, usual) for text in texts]
        whole = _compare_tables(session, plain, [walked for walked, _report in found])
        return sum((report for _walked, report in found), whole)
    finally:
        database.close()


def _one(session: Session, typed: str, folder: Path, plain: Walked, usual: Mapping[str, Output]) -> tuple[Walked, Report]:
    """Write one text, find its records again, and compare what is told of them one by one."""
    walked = walk(session, typed, folder)
    kept = exchange(plain, walked)
    faults = list(walked.pen.faults)
    refused = len(walked.pen.refused)
    for name, ask in (*outputs(session, walked), *searches(session, walked)):
        try:
            output = ask()
        except Exception as error:
            faults.append(Fault(typed, name, f"failed: {type(error).__name__}: {error}"))
            continue
        refused += bool(output.refused)
        wrong = _unexplained(output.refused, kept) if output.refused else _compared(output, usual.get(name, FOUND), kept)
        faults += [Fault(typed, name, what) for what in wrong]
    return walked, Report(walked.pen.tried + len(usual), refused, tuple(faults))


def _compared(output: Output, usual: Output, kept: Mapping[str, str]) -> Iterator[str]:
    return differences(exchanged(usual.tree, kept, usual.written), output.tree)


def _compare_tables(session: Session, plain: Walked, walks: Sequence[Walked]) -> Report:
    found: list[Fault] = []
    count = 0
    for name, table in tables(session):
        count += len(walks)
        for walked in walks:
            found += [Fault(walked.pen.typed or "", name, what) for what in _rows_compared(table, plain, walked)]
    return Report(count, 0, tuple(found))


def _rows_compared(table: Output, plain: Walked, walked: Walked) -> Iterator[str]:
    """The rows of the walk's own records; and what stands in a column beside plain words."""
    kept = exchange(plain, walked)
    for number in set(plain.marks()) & table.tree.keys():
        expected = exchanged({number: table.tree[number]}, kept, table.written)
        yield from differences(expected, {key: table.tree.get(key) for key in expected})
    columns = {key: cells for key, cells in table.tree.items() if isinstance(key, tuple)}
    for column, cell in [(key, cell) for key, cells in columns.items() for cell in cells if _PLAIN.fullmatch(str(cell[1]))]:
        expected = tuple(exchanged(cell, kept, table.written))
        if expected not in columns[column]:
            yield f"{column} lacks {expected!a}"[:200]


def exchange(plain: Walked, walked: Walked) -> dict[str, str]:
    """What stands in the place of plain words, and of the numbers of their records."""
    return walked.pen.kept | dict(zip(plain.marks(), walked.marks(), strict=True))


def _unexplained(sentence: str, kept: Mapping[str, str]) -> Iterator[str]:
    """A paper is refused for characters that no font has, and names them."""
    lacking = {one for text in kept.values() for one in fonts.missing(text)}
    if not any(f"U+{ord(one):04X}" in sentence for one in lacking):
        yield f"refused without need: {sentence}"
    if "\n" in sentence:
        yield f"no clear sentence: {sentence!a}"


def exchanged(tree: Tree, kept: Mapping[str, str], written: Callable[[str, str], str]) -> Tree:
    """The tree with each word exchanged for what was written in its place."""
    words = re.compile("|".join(map(re.escape, kept)))
    return _exchanged(tree, lambda text: words.sub(lambda found: written(found[0], kept[found[0]]), text))


def _exchanged(tree: Tree, change: Callable[[str], str]) -> Tree:
    if isinstance(tree, str):
        return change(tree)
    if isinstance(tree, Mapping):
        return {_exchanged(key, change): _exchanged(value, change) for key, value in tree.items()}
    if isinstance(tree, list | tuple):
        return [_exchanged(value, change) for value in tree]
    return tree


def differences(expected: Tree, found: Tree, where: str = "") -> Iterator[str]:
    """In words, where two trees differ."""
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        for key in expected.keys() | found.keys():
            yield from differences(expected.get(key), found.get(key), f"{where}/{key}"[-80:])
    elif isinstance(expected, list | tuple) and isinstance(found, list | tuple) and len(expected) == len(found):
        for place, (one, other) in enumerate(zip(expected, found, strict=True)):
            yield from differences(one, other, f"{where}/{place}")
    elif expected != found:
        yield f"{where}: {_around(expected, found)}"


def _around(expected: Any, found: Any) -> str:
    """Both from shortly before they part."""
    one, other = str(expected), str(found)
    pairs = enumerate(zip(one, other, strict=False))
    place = next((place for place, (left, right) in pairs if left != right), min(len(one), len(other)))
    start = max(0, place - 12)
    return f"{other[start : place + 30]!a} instead of {one[start : place + 30]!a} at {place}"
