"""Qt's enumerations, made quickly: a start makes some 280 of them with 3,700 members, which Python's own way makes one by one."""

from __future__ import annotations

import enum
import sys
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

_KINDS = (enum.Enum, enum.IntEnum, enum.Flag, enum.IntFlag)
_enumerations: Any = enum.EnumType
_usual: Callable[..., Any] = _enumerations._create_
Members = list[tuple[str, int]]


def make_quickly() -> None:
    """From now on, what PySide asks Python's `enum` for is made by `quick`; for everybody else nothing changes."""
    _enumerations._create_ = _made


# The parameters are named as in `enum`, which since Python 3.12 passes them by name.
def _made(kind: type[enum.Enum], class_name: str, names: Any, **how: Any) -> type[enum.Enum]:  # noqa: ANN401
    if _is_asked_by_qt(kind, names, how) and is_simple(kind, names):
        return quick(kind, class_name, names)
    # As Python finds it, which would now find `enum` itself.
    how["module"] = how.get("module") or sys._getframe(2).f_globals.get("__name__")  # noqa: SLF001 - no other way to the caller
    return _usual(kind, class_name, names, **how)  # type: ignore[no-any-return]


def _is_asked_by_qt(kind: type[enum.Enum], names: object, how: Mapping[str, object]) -> bool:
    """PySide wants unknown bits kept even where there are no flags, and writes module and place in afterwards."""
    pairs = type(names) is list and names and type(names[0]) is tuple
    elsewhere = how.get("type") or how.get("module") or how.get("qualname")
    return kind in _KINDS and how.get("boundary") is enum.KEEP and bool(pairs) and not elsewhere


def is_simple(kind: type[enum.Enum], members: Members) -> bool:
    """Whether no name means something to Python already, and no flag is negative, which its versions understand differently."""
    taken, flags = _taken(kind), issubclass(kind, enum.Flag)
    return not any(word in taken or word[0] == "_" or (flags and value < 0) for word, value in members)


@cache
def _taken(kind: type[enum.Enum]) -> frozenset[str]:
    return frozenset({"mro"}.union(*map(vars, kind.__mro__)))


@cache
def _empty(kind: type[enum.Enum]) -> dict[str, Any]:
    return dict(vars(_usual(kind, "", (), boundary=enum.KEEP, module=__name__)))


def quick(kind: type[enum.Enum], name: str, members: Members) -> type[enum.Enum]:
    """The enumeration as `Enum(name, members)` makes it: a copy of an empty one, filled by hand. For those that are simple.

    Python's own way puts a stand-in for each member in the class, which removes itself again and looks through all bases.
    """
    kept = {key: type(value)() if isinstance(value, list | dict) else value for key, value in _empty(kind).items()}
    made: Any = type.__new__(enum.EnumType, name, (kind,), kept)
    flags, mask, single = issubclass(kind, enum.Flag), 0, 0
    new, numbers, put = made._new_member_, made._use_args_, type.__setattr__
    names, by_name, by_value = made._member_names_, made._member_map_, made._value2member_map_
    hashable = getattr(made, "_hashable_values_", [])  # of later versions
    for word, value in members:
        member = by_value.get(value)
        if member is None:
            by_value[value] = member = new(made, value) if numbers else new(made)
            member._value_, member._name_, member.__objclass__, member._sort_order_ = value, word, made, len(names)
            hashable.append(value)
            if not flags or value.bit_count() == 1:
                names.append(word)
                single |= value
            mask |= value
        by_name[word] = member
        put(made, word, member)
    if flags:
        made._flag_mask_, made._all_bits_ = single, 2 ** mask.bit_length() - 1
        if hasattr(made, "_singles_mask_"):  # Python 3.11.2, which Debian 12 has, knows but one mask, of single bits
            made._flag_mask_, made._singles_mask_ = mask, single
        if names != sorted(names, key=lambda one: by_name[one]._value_):
            made._iter_member_ = made._iter_member_by_def_
    return made  # type: ignore[no-any-return]
