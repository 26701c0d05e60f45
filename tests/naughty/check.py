"""Whatever tells of a record tells of it as of plain words, each exchanged for the text that was written in its place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from app.core import database
from app.core.fields import Field
from app.core.session import Session
from app.reports import fonts
from app.services import workplace
from tests.naughty.outputs import Output, Tree, outputs
from tests.naughty.pen import Lines, Pen
from tests.naughty.report import BRANCH, NOW, Fault, Report
from tests.naughty.searches import FOUND, searches
from tests.naughty.tables import tables
from tests.naughty.walk import Walked, walk

_PLAIN = re.compile(r"(?:Q\d{3}Z\s*)+")


class Ways:
    """The ways in and out that are tried besides the models' own: none."""

    def begin(self, session: Session) -> None:
        """Before anything is written."""

    def through(self, name: str, declared: Sequence[Field], lines: Lines, raw: dict[str, Any]) -> dict[str, Any]:
        """What becomes of values before they are written."""
        return raw

    def outputs(self, session: Session, walked: Walked) -> Iterator[tuple[str, Callable[[], Output]]]:
        """What else tells of the records."""
        return iter(())

    def tables(self) -> Iterator[tuple[str, Callable[[], Output]]]:
        """What else tells of many records."""
        return iter(())

    def after(self, session: Session) -> Iterator[Fault]:
        """What else is to be found in the end."""
        return iter(())

    def told(self, done: int) -> None:
        """So many texts were tried."""


def check(texts: Sequence[str], folder: Path, ways: Ways | None = None) -> Report:
    """Write plain words, then one text after the other, into the same branch, and compare all that is told of them."""
    ways = ways or Ways()
    session = workplace.init(folder / "data", BRANCH, user="王敏", clock=lambda: NOW)
    try:
        ways.begin(session)
        plain = walk(Pen(session, None, ways.through), folder)
        usual = {name: ask() for name, ask in (*outputs(session, plain), *ways.outputs(session, plain))}
        walks, report = [], Report()
        for done, text in enumerate(texts, 1):
            walked = walk(Pen(session, text, ways.through), folder)
            walks.append(walked)
            report += _told(session, walked, plain, usual, ways)
            ways.told(done)
        report += _compare_tables(ways.tables(), plain, walks)
        report += Report(0, 0, tuple(ways.after(session)))
        return report + _compare_tables(tables(session), plain, walks)
    finally:
        database.close()


def _told(session: Session, walked: Walked, plain: Walked, usual: Mapping[str, Output], ways: Ways) -> Report:
    """Find the records of one text again, and compare what is told of them one by one."""
    kept, typed = exchange(plain, walked), walked.pen.typed or ""
    faults, refused = list(walked.pen.faults), len(walked.pen.refused)
    told = (*outputs(session, walked), *searches(session, walked), *ways.outputs(session, walked)) if walked.pen.kept else ()
    for name, ask in told:
        try:
            output = ask()
        except Exception as error:
            faults.append(Fault(typed, name, f"failed: {type(error).__name__}: {error}"))
            continue
        refused += bool(output.refused)
        wrong = _unexplained(output.refused, kept) if output.refused else _compared(output, usual.get(name, FOUND), kept)
        faults += [Fault(typed, name, what) for what in wrong]
    return Report(walked.pen.tried + len(told), refused, tuple(faults))


def _compared(output: Output, usual: Output, kept: Mapping[str, str]) -> Iterator[str]:
    if not isinstance(usual.tree, frozenset):
        return differences(exchanged(usual.tree, kept, usual.written), output.tree)
    texts = (text for text in usual.tree if any(word in text for word in kept))
    wanted = (str(exchanged(text, kept, usual.written)) for text in texts)
    return (f"{text!a} is not to be seen"[:200] for text in wanted if not _is_seen(text, output.tree))


def _is_seen(text: str, seen: frozenset[str]) -> bool:
    return text in seen or any(_shortened(text, one) for one in seen)


def _compare_tables(told: Iterator[tuple[str, Callable[[], Output]]], plain: Walked, walks: Sequence[Walked]) -> Report:
    found: list[Fault] = []
    count = 0
    for name, ask in told:
        count += len(walks)
        try:
            table = ask()
        except Exception as error:
            found.append(Fault("", name, f"failed: {type(error).__name__}: {error}"))
            continue
        words = _plain_cells(table.tree)
        for walked in walks:
            found += [Fault(walked.pen.typed or "", name, what) for what in _rows_compared(table, words, plain, walked)]
    return Report(count, 0, tuple(found))


def _plain_cells(tree: Tree) -> list[tuple[Any, Any]]:
    """(column, cell) of those that hold plain words and nothing else."""
    columns = ((key, cells) for key, cells in tree.items() if isinstance(key, tuple))
    return [(column, cell) for column, cells in columns for cell in cells if _PLAIN.fullmatch(str(cell[1]))]


def _rows_compared(table: Output, words: Sequence[tuple[Any, Any]], plain: Walked, walked: Walked) -> Iterator[str]:
    """The rows of the walk's own records; and what stands in a column beside plain words."""
    kept = exchange(plain, walked)
    for number in set(plain.marks()) & table.tree.keys():
        expected = exchanged({number: table.tree[number]}, kept, table.written)
        yield from differences(expected, {key: table.tree.get(key) for key in expected})
    for column, cell in words:
        wanted = tuple(exchanged(cell, kept, table.written))
        if wanted not in table.tree[column]:
            yield f"{column} lacks {wanted!a}"[:200]


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
    """The tree with each word exchanged for what was written in its place; lines that stand as JSON in it are taken apart."""
    words = re.compile("|".join(map(re.escape, kept)))
    return _exchanged(tree, lambda text: words.sub(lambda found: written(found[0], kept[found[0]]), text))


def _exchanged(tree: Tree, change: Callable[[str], str]) -> Tree:
    if isinstance(tree, str):
        return _exchanged(json.loads(tree), change) if tree.startswith(("[", "{")) else change(tree)
    if isinstance(tree, Mapping):
        return {_exchanged(key, change): _exchanged(value, change) for key, value in tree.items()}
    if isinstance(tree, list | tuple):
        return [_exchanged(value, change) for value in tree]
    return tree


def differences(expected: Tree, found: Tree, where: str = "") -> Iterator[str]:
    """In words, where two trees differ."""
    if isinstance(found, str) and isinstance(expected, Mapping | list):
        with suppress(ValueError):
            found = json.loads(found)
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        for key in expected.keys() | found.keys():
            yield from differences(expected.get(key), found.get(key), f"{where}/{key}"[-80:])
    elif isinstance(expected, list | tuple) and isinstance(found, list | tuple) and len(expected) == len(found):
        for place, (one, other) in enumerate(zip(expected, found, strict=True)):
            yield from differences(one, other, f"{where}/{place}")
    elif expected != found and not _shortened(expected, found):
        yield f"{where}: {_around(expected, found)}"


def _shortened(expected: Tree, found: Tree) -> bool:
    """Where there is no room for all of it, dots say so; marks or a title may follow them."""
    if not (isinstance(expected, str) and isinstance(found, str)):
        return False
    left, dots, right = found.rpartition("…")
    return bool(dots and left) and expected.startswith(left) and expected.endswith(right)


def _around(expected: Any, found: Any) -> str:
    """Both from shortly before they part."""
    one, other = str(expected), str(found)
    pairs = enumerate(zip(one, other, strict=False))
    place = next((place for place, (left, right) in pairs if left != right), min(len(one), len(other)))
    start = max(0, place - 12)
    return f"{other[start : place + 30]!a} instead of {one[start : place + 30]!a} at {place}"
