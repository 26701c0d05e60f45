"""The rooms of the program: who may import whom, which room a library lives in, and how big things may grow."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("core", "models", "services", "reports", "views", "doors")
# Each library stays where it is named; a library that is not named here may be used by every room.
LIBRARIES = {
    "PySide6": ("views",),
    "shiboken6": ("views",),
    "pypdfium2": ("views", "reports"),
    "peewee": ("core.database", "models", "services"),
    "playhouse": ("core.database", "models", "services"),
    "sqlcipher3": ("core.database", "core.store_file", "core.soundness"),
    "sqlite3": ("core.database",),
    "reportlab": ("reports",),
    "markdown_it": ("services.handbook",),
    "fsrs": ("models.practice",),
    "argon2": ("core.wrapping",),
    "cryptography": ("core.wrapping", "core.sealed_files", "core.certificates", "core.pdf_signatures", "core.signing"),
    "pyhanko": ("core.pdf_signatures",),
    "openpyxl": ("reports", "services.register_files", "services.register_cells"),
    "python_calamine": ("services.register_files", "services.register_cells"),
}
# Start-up pays for Qt, peewee and our own code only: these are imported where they are used.
HEAVY = {
    *("reportlab", "openpyxl", "python_calamine", "pypinyin", "stdnum", "pypdfium2", "lxml", "PIL", "markdown_it"),
    *("fsrs", "holidays", "rapidfuzz", "argon2", "cryptography", "pyhanko"),
}
NETWORK = {"socket", "ssl", "http", "ftplib", "smtplib", "imaplib", "xmlrpc", "requests", "urllib3", "aiohttp", "httpx"}
"""The program opens no connection."""
LONGEST_FILE, LONGEST_FUNCTION, DEEPEST = 400, 60, 3
NESTING = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.Match)


class Import(NamedTuple):
    source: str
    target: str
    line: int
    at_start: bool
    for_types: bool

    def __str__(self) -> str:
        return f"{self.source}:{self.line} imports {self.target}"


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT / "app").with_suffix("").parts)


@cache
def files(folder: str = "app") -> tuple[Path, ...]:
    return tuple(sorted((ROOT / folder).rglob("*.py")))


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(text_of(path), str(path))


@cache
def modules() -> dict[str, ast.Module]:
    return {module_of(path): tree_of(path) for path in files()}


def room_of(module: str) -> str:
    first = module.split(".")[0]
    return first if first in ROOMS else "doors"


def imports_in(
    node: ast.AST, late: bool = False, for_types: bool = False
) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool, bool]]:
    """Each import below a node, whether it waits until a function runs, and whether it is for the type checker alone."""
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, (ast.Import, ast.ImportFrom)):
            yield inner, late, for_types
        elif isinstance(inner, ast.stmt | ast.ExceptHandler | ast.match_case):
            in_function = isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef))
            typing = isinstance(inner, ast.If) and ast.unparse(inner.test) == "TYPE_CHECKING"
            yield from imports_in(inner, late or in_function, for_types or typing)


@cache
def imports() -> tuple[Import, ...]:
    found: list[Import] = []
    for module, tree in modules().items():
        for node, late, for_types in imports_in(tree):
            assert isinstance(node, ast.Import) or node.level == 0, f"{module}:{node.lineno} imports relatively"
            before = "" if isinstance(node, ast.Import) else f"{node.module}."
            at_start = not late and not for_types
            found += [Import(module, f"{before}{alias.name}", node.lineno, at_start, for_types) for alias in node.names]
    return tuple(found)


def our_module(target: str) -> str | None:
    """The module of ours that an import reaches: a whole module or a name in it."""
    if not target.startswith("app."):
        return None
    name = target.removeprefix("app.")
    return name if name in modules() else name.rpartition(".")[0]


def test_a_room_imports_only_rooms_to_its_left() -> None:
    ours = ((found, our_module(found.target)) for found in imports())
    assert [str(i) for i, to in ours if to and ROOMS.index(room_of(to)) > ROOMS.index(room_of(i.source))] == []


def test_libraries_stay_in_their_rooms() -> None:
    def allowed(found: Import) -> bool:
        rooms = LIBRARIES.get(found.target.split(".")[0])
        return rooms is None or any(found.source == room or found.source.startswith(f"{room}.") for room in rooms)

    assert [str(found) for found in imports() if not allowed(found)] == []


def test_nothing_of_ours_reaches_for_a_network() -> None:
    ways = (*NETWORK, "urllib.request", "PySide6.QtNetwork", "PySide6.QtWebEngineCore", "PySide6.QtWebSockets")
    found = (one for one in imports() if any(f"{one.target}.".startswith(f"{way}.") for way in ways))
    assert [str(one) for one in found] == []


def test_heavy_libraries_are_imported_where_they_are_used() -> None:
    assert [str(found) for found in imports() if found.at_start and found.target.split(".")[0] in HEAVY] == []


def test_our_own_modules_are_imported_at_the_top() -> None:
    """An import inside a function is how a cycle hides; where start-up must not pay for a module, a word says so."""
    late = (found for found in imports() if not found.at_start and our_module(found.target) and room_of(found.source) != "doors")
    assert [str(found) for found in late if not found.for_types and not said_to_be_heavy(found)] == []


def said_to_be_heavy(found: Import) -> bool:
    path = next(path for path in files() if module_of(path) == found.source)
    return "# heavy: " in text_of(path).splitlines()[found.line - 1]


def test_nobody_asks_a_layout_for_its_items() -> None:
    """Python would hold an item that Qt let go of: another widget at its address ends the program. `basics.lying` knows, too."""
    asking = ("itemAt", "itemAtPosition")
    calls = [(path.name, node.lineno) for path in files() for node in ast.walk(tree_of(path)) if called(node) in asking]
    assert calls == []


def called(node: ast.AST) -> str:
    """The method that is called there."""
    return node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""


def test_modules_do_not_import_each_other_in_a_circle() -> None:
    graph: dict[str, set[str]] = {module: set() for module in modules()}
    for found in imports():
        if (target := our_module(found.target)) and target != found.source and not found.for_types:
            graph[found.source].add(target)
    TopologicalSorter(graph).prepare()  # a circle raises CycleError, which names it


def test_packages_hold_no_code_of_their_own() -> None:
    assert [module for module, tree in modules().items() if module.endswith("__init__") and tree.body] == []


def test_importing_does_nothing() -> None:
    """At module level stand declarations: no loop, no `with`, and no call whose result is thrown away."""
    work = (ast.For, ast.While, ast.With, ast.Try)
    found = [
        f"{module}:{node.lineno}"
        for module, tree in modules().items()
        if module != "__main__"
        for node in tree.body
        if isinstance(node, work) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call))
    ]
    assert found == []


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def depth(node: ast.AST) -> int:
    """How deep blocks stand in blocks; `elif` is no deeper than its `if`."""
    return max((below(inner) for inner in ast.iter_child_nodes(node)), default=0)


def below(node: ast.AST) -> int:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
        return 0
    if isinstance(node, ast.If) and len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
        then = 1 + max((below(inner) for inner in node.body), default=0)
        return max(then, below(node.orelse[0]))
    return depth(node) + isinstance(node, NESTING)


def too_big(path: Path) -> Iterator[str]:
    where = path.relative_to(ROOT)
    if (length := len(text_of(path).splitlines())) > LONGEST_FILE:
        yield f"{where}: {length} lines"
    functions = (node for node in ast.walk(tree_of(path)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
    for function in functions:
        if (length := lines_of(function)) > LONGEST_FUNCTION:
            yield f"{where}:{function.lineno} {function.name}: {length} lines"
        if depth(function) > DEEPEST:
            yield f"{where}:{function.lineno} {function.name}: {depth(function)} blocks deep"


@pytest.mark.parametrize("folder", ["app", "scripts", "benchmarks", "tests"])
def test_files_and_functions_stay_small(folder: str) -> None:
    assert [fault for path in files(folder) for fault in too_big(path)] == []


def test_every_module_says_what_it_holds() -> None:
    assert [module for module, tree in modules().items() if tree.body and not ast.get_docstring(tree)] == []


def test_only_known_libraries_are_used() -> None:
    """What the program imports is in its own rooms, the standard library or the declared dependencies."""
    declared = {"PySide6", "shiboken6", "lxml", "openpyxl", "peewee", "playhouse", "PIL", "platformdirs", "pypdfium2", "fsrs"}
    declared |= {"pypinyin", "python_calamine", "stdnum", "reportlab", "sqlcipher3", "tzdata", "app", "holidays", "rapidfuzz"}
    declared |= {"argon2", "cryptography", "markdown_it", "pyhanko"}
    known = declared | set(sys.stdlib_module_names)
    assert [str(found) for found in imports() if found.target.split(".")[0] not in known] == []
