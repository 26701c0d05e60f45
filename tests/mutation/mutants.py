"""Makes mutants of a module: those of mutmut, also where mutmut itself makes none, in tables and under decorators.

mutmut swaps functions by a trampoline, so it leaves out whatever runs when a module is imported and whatever has a decorator. The
table of permissions is the one, most of the key ring the other. Here each mutant is the whole file with one place changed.
Left out: words that people read (the catalogue is held by its own check), the case of letters (of SQL it means nothing),
annotations, imports, doc strings, and the indexes that models name, for tables are made by migrations.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators

_WORDS = ("_", "N_", "TypeVar", "NewType")
_SKIPPED = (cst.Annotation, cst.Import, cst.ImportFrom, cst.Decorator, cst.Comment, cst.FormattedStringText)


class Mutant(NamedTuple):
    """A module with one place changed; `lines` are those of the place."""

    key: str
    source: str
    line: int
    lines: range
    before: str
    after: str

    @property
    def what(self) -> str:
        """The change on one line."""
        return f"{self.before} → {self.after}"


def mutants(source: str, only: tuple[str, ...]) -> list[Mutant]:
    """Every mutant of a module, or of some of its definitions, in the order of the lines."""
    wrapper = MetadataWrapper(cst.parse_module(source))
    visitor = _Places(wrapper)
    wrapper.module.visit(visitor)
    found: list[Mutant] = []
    seen: Counter[str] = Counter()
    known: set[str] = {source}
    for node, new, top in visitor.changes:
        if only and top not in only:
            continue
        changed = wrapper.module.deep_replace(node, new).code  # type: ignore[arg-type]
        if changed in known or not _compiles(changed):
            continue
        known.add(changed)
        place = visitor.get_metadata(PositionProvider, node)
        before, after = _difference(source, changed)
        seen[text := f"{top}\n{before}\n{after}"] += 1
        key = hashlib.sha256(f"{text}\n{seen[text]}".encode()).hexdigest()[:12]
        lines = range(place.start.line, place.end.line + 1)
        found.append(Mutant(key, changed, place.start.line, lines, before, after))
    return sorted(found, key=lambda one: one.line)


def _compiles(source: str) -> bool:
    try:
        compile(source, "mutant", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def _difference(before: str, after: str) -> tuple[str, str]:
    """The lines that differ, each side on one line."""
    old, new = before.splitlines(), after.splitlines()
    while old and new and old[0] == new[0]:
        del old[0], new[0]
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    return _joined(old), _joined(new)


def _joined(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())


class _Places(cst.CSTVisitor):
    """Each place with what can stand there instead, and the top definition it belongs to."""

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, wrapper: MetadataWrapper) -> None:
        super().__init__()
        self.metadata = wrapper.resolve_many((PositionProvider,))  # type: ignore[assignment]
        self.changes: list[tuple[cst.CSTNode, cst.CSTNode, str]] = []
        self._inside = self._functions = 0
        self._top = ""

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, _SKIPPED) or _is_words(node) or _is_index(node) or _is_doc(node) or _is_for_types(node):
            return False
        if not self._inside and (name := _name_of(node)) is not None:
            self._top = name
        if isinstance(node, cst.ClassDef | cst.FunctionDef):
            self._inside += 1
        if isinstance(node, cst.FunctionDef):
            self._functions += 1
        if not isinstance(node, cst.FunctionDef | cst.ClassDef):
            self.changes += [(node, new, self._top) for new in _instead(node, bool(self._functions))]
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if isinstance(original_node, cst.ClassDef | cst.FunctionDef):
            self._inside -= 1
        if isinstance(original_node, cst.FunctionDef):
            self._functions -= 1


def _name_of(node: cst.CSTNode) -> str | None:
    """The name that a statement of the module defines, "" where it defines several or none; None of what is no statement."""
    if isinstance(node, cst.ClassDef | cst.FunctionDef):
        return node.name.value
    if isinstance(node, cst.Assign) and len(node.targets) == 1:
        return node.targets[0].target.value if isinstance(node.targets[0].target, cst.Name) else ""
    if isinstance(node, cst.AnnAssign):
        return node.target.value if isinstance(node.target, cst.Name) else ""
    return "" if isinstance(node, cst.BaseCompoundStatement | cst.SimpleStatementLine) else None


def _is_words(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value in _WORDS


def _is_index(node: cst.CSTNode) -> bool:
    """What a model says of indexes is read by nobody: migrations make the tables."""
    return (
        isinstance(node, cst.Assign)
        and isinstance(node.targets[0].target, cst.Name)
        and node.targets[0].target.value == "indexes"
    )


def _is_doc(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Expr) and isinstance(node.value, cst.SimpleString | cst.ConcatenatedString)


def _is_for_types(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.If) and isinstance(node.test, cst.Name) and node.test.value == "TYPE_CHECKING"


def _instead(node: cst.CSTNode, in_function: bool) -> Iterator[cst.CSTNode]:
    for kind, operator in mutation_operators:
        if isinstance(node, kind):
            made = list(operator(node))
            yield from made[:1] if isinstance(node, cst.BaseString) else made
    if not in_function:
        yield from _fewer(node)


def _fewer(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """A declared table that lacks one of its members."""
    if isinstance(node, cst.Tuple | cst.List | cst.Set | cst.Dict) and len(node.elements) > 1:
        for place in range(len(node.elements)):
            rest = [*node.elements[:place], *node.elements[place + 1 :]]
            if len(rest) == 1 and isinstance(node, cst.Tuple):
                rest = [rest[0].with_changes(comma=cst.Comma())]
            yield node.with_changes(elements=rest)
