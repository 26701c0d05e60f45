"""Enumerations made quickly are those that Python makes."""

from __future__ import annotations

import enum
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6 import QtCore, QtGui, QtWidgets

from app.views import enumerations

ROOT = Path(__file__).resolve().parents[2]


def of_qt() -> Iterator[type[enum.Enum]]:
    """Every enumeration of Qt that the window may come to use."""
    owners = (getattr(module, name) for module in (QtCore, QtGui, QtWidgets) for name in dir(module))
    for name, found in ((name, getattr(owner, name, None)) for owner in owners for name in dir(owner)):
        if isinstance(found, enum.EnumType) and found.__name__ == name and len(found.__members__):
            yield found


def described(made: Any) -> dict[str, Any]:
    """Everything that Python keeps with an enumeration and with its members, in words of any enumeration."""

    def told(value: Any) -> Any:
        if isinstance(value, enum.property):  # how Python 3.12 keeps members
            return "member", made._member_map_[value.name]._name_
        if isinstance(value, made):
            return "member", value._name_
        if isinstance(value, dict):
            return [(key, told(one)) for key, one in value.items()]
        return getattr(value, "__func__", value)

    kept = {name: told(value) for name, value in vars(made).items()}
    members = {name: {**vars(one), "__objclass__": one.__objclass__ is made} for name, one in made.__members__.items()}
    return {**kept, "members": members, "missing": _answer(made, 1 << 20), "listed": [one.name for one in made]}


def _answer(made: Any, value: int) -> str:
    try:
        return repr(made(value))
    except ValueError as error:
        return str(error)


def usual(kind: type[enum.Enum], name: str, members: list[tuple[str, int]]) -> type[enum.Enum]:
    """As Python makes it."""
    return enumerations._usual(kind, name, members, module=enumerations.__name__, boundary=enum.KEEP)  # type: ignore[no-any-return]


def test_nearly_all_of_qt_s_enumerations_are_made_quickly_and_are_the_same() -> None:
    left: list[str] = []
    seen = 0
    for known in of_qt():
        kind = next(base for base in known.__mro__ if base in (enum.IntFlag, enum.Flag, enum.IntEnum, enum.Enum))
        members = [(name, one._value_) for name, one in known.__members__.items()]
        if not enumerations.is_simple(kind, members):
            left.append(known.__qualname__)
            continue
        assert described(enumerations.quick(kind, known.__name__, members)) == described(usual(kind, known.__name__, members))
        seen += 1
    assert seen > 500
    assert len(left) < 10, left


@pytest.mark.parametrize("members", [[("One", 1), ("Two", 2)], [("Two", 2), ("One", 1), ("Uno", 1)], [("Both", 3), ("None_", 0)]])
@pytest.mark.parametrize("kind", [enum.Enum, enum.IntEnum, enum.Flag, enum.IntFlag])
def test_small_ones_with_other_names_and_out_of_order(kind: type[enum.Enum], members: list[tuple[str, int]]) -> None:
    assert described(enumerations.quick(kind, "Some", members)) == described(usual(kind, "Some", members))
    wrong = [(name, value + 1) for name, value in members]  # the control: a difference is seen
    assert described(enumerations.quick(kind, "Some", wrong)) != described(usual(kind, "Some", members))
    assert described(enumerations.quick(kind, "Some", members)) == described(usual(kind, "Some", members))  # nothing is shared


@pytest.mark.parametrize(
    ("kind", "members"),
    [
        (enum.Enum, [("name", 1)]),
        (enum.Enum, [("mro", 1)]),
        (enum.IntEnum, [("real", 1)]),
        (enum.IntEnum, [("__doc__", 1)]),
        (enum.Flag, [("All", -1)]),
    ],
)
def test_what_python_treats_apart_is_left_to_python(kind: type[enum.Enum], members: list[tuple[str, int]]) -> None:
    assert not enumerations.is_simple(kind, members)
    assert enumerations.is_simple(kind, [("One", 1)])


_LOADED = """
import enum
from app.views import qt
qt.load()
from app.views import enumerations
made = []
usual = enumerations.quick
enumerations.quick = lambda *given: made.append(given[1]) or usual(*given)
import pickle
from PySide6.QtCore import Qt
both = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
travelled = pickle.loads(pickle.dumps(Qt.Key.Key_A))
print(Qt.Key.__module__, Qt.Key.__qualname__, travelled is Qt.Key.Key_A, both.value, "Key" in made)
Ours = enum.Enum("Ours", "ONE TWO")
same = pickle.loads(pickle.dumps(Ours.TWO)) is Ours.TWO
print(Ours.__module__, same, enum.Flag("Ours", [("ONE", 1)]).ONE.value, "Ours" in made)
kept = enum.Flag("Ours", "A B", boundary=enum.KEEP), enum.Flag("Ours", {"A": enum.auto()}, boundary=enum.KEEP)
class Own(enum.Enum):
    def __init__(self, value):
        self.twice = 2 * value
named = enum.Enum("Ours", [("A", 1)], boundary=enum.KEEP, module="there")
print(kept[0].B.value, kept[1].A.value, Own("Ours", [("A", 1)], boundary=enum.KEEP).A.twice, named.__module__, "Ours" in made)
"""


def test_qt_loaded_by_the_program_makes_them_so_and_nobody_else_does() -> None:
    done = subprocess.run([sys.executable, "-c", _LOADED], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split("\n")[:3] == ["PySide6.QtCore Qt.Key True 33 True", "__main__ True 1 False", "2 1 2 there False"]
