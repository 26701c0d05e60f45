"""Qt's enumerations, made quickly: a start makes some 280 of them with 3,700 members, which Python's own way makes one by one."""

from __future__ import annotations

import enum
import sys
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

_enumerations: Any = enum.EnumType
_usual: Callable[..., Any] = _enumerations._create_


def make_quickly() -> None:
    """From now on, what PySide asks Python's `enum` for is made by `quick`; for everybody else nothing changes."""
    _enumerations._create_ = _made


# The parameters are named as in `enum`, which since Python 3.13 passes them by name.
def _made(kind: type[enum.Enum], class_name: str, names: Any, **how: Any) -> type[enum.Enum]:  # noqa: ANN401
    if how.get("boundary") is enum.KEEP and how.get("type") is None and names:  # nobody else asks for that without flags
        return quick(kind, class_name, names)
    # As Python finds it, which would now find `enum` itself.
    how["module"] = how.get("module") or sys._getframe(2).f_globals.get("__name__")  # noqa: SLF001 - no other way to the caller
    return _usual(kind, class_name, names, **how)  # type: ignore[no-any-return]


@cache
def _empty(kind: type[enum.Enum]) -> dict[str, Any]:
    return dict(vars(_usual(kind, "", (), boundary=enum.KEEP, module=__name__)))


def quick(kind: type[enum.Enum], name: str, members: Iterable[tuple[str, int]]) -> type[enum.Enum]:
    """The enumeration as `Enum(name, members)` makes it: a copy of an empty one, filled by hand.

    Python's own way puts a stand-in for each member in the class, which removes itself again and looks through all bases.
    PySide itself writes the module and the place into what it gets.
    """
    kept = {key: type(value)() if isinstance(value, list | dict) else value for key, value in _empty(kind).items()}
    made: Any = type.__new__(enum.EnumType, name, (kind,), kept)
    flags, mask, single = issubclass(kind, enum.Flag), 0, 0
    new, numbers, put = made._new_member_, made._use_args_, type.__setattr__
    names, by_name, by_value = made._member_names_, made._member_map_, made._value2member_map_
    hashable = getattr(made, "_hashable_values_", [])  # since Python 3.13
    for word, value in members:
        member = by_value.get(value)
        if member is None:
            by_value[value] = member = new(made, value) if numbers else new(made)
            member._value_, member._name_, member.__objclass__, member._sort_order_ = value, word, made, len(names)
            hashable.append(value)
            if not flags or (value.bit_count() == 1 and value > 0):
                names.append(word)
                single |= value
            mask |= value
        by_name[word] = member
        put(made, word, member)
    if flags:
        made._flag_mask_, made._singles_mask_, made._all_bits_ = mask, single, 2 ** mask.bit_length() - 1
        if names != sorted(names, key=lambda one: by_name[one]._value_):
            made._iter_member_ = made._iter_member_by_def_
    return made  # type: ignore[no-any-return]
