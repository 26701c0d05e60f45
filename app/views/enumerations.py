"""Qt's enumerations, made quickly: a start makes some 280 of them with 3,700 members, which Python's own way makes one by one."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from typing import Any

_enumerations: Any = enum.EnumType
_usual: Callable[..., Any] = _enumerations._create_


def make_quickly() -> None:
    """From now on, what PySide asks Python's `enum` for is made by `quick`; for everybody else nothing changes."""
    _enumerations._create_ = _made


def _made(kind: type[enum.Enum], name: str, members: Any, **how: Any) -> type[enum.Enum]:  # noqa: ANN401 - as Enum takes them
    ours = how.get("boundary") is enum.KEEP and how.get("type") is None and members  # nobody else asks for that without flags
    return (quick if ours else _usual)(kind, name, members, **how)


def quick(kind: type[enum.Enum], name: str, members: Iterable[tuple[str, int]], **how: Any) -> type[enum.Enum]:  # noqa: ANN401
    """The enumeration as `Enum(name, members)` makes it: an empty one, filled by hand.

    Python's own way puts a stand-in for each member in the class, which removes itself again and looks through all bases.
    """
    made: Any = _usual(kind, name, (), **how)
    flags, mask, single = issubclass(kind, enum.Flag), 0, 0
    names, by_name, by_value = made._member_names_, made._member_map_, made._value2member_map_
    hashable = getattr(made, "_hashable_values_", [])  # since Python 3.13
    for word, value in members:
        member = by_value.get(value)
        if member is None:
            member = made._new_member_(made, value) if made._use_args_ else made._new_member_(made)
            vars(member).update(_value_=value, _name_=word, __objclass__=made, _sort_order_=len(names))
            by_value[value] = member
            hashable.append(value)
            if not flags or (value.bit_count() == 1 and value > 0):
                names.append(word)
                single |= value
            mask |= value
        by_name[word] = member
        type.__setattr__(made, word, member)
    if flags:
        made._flag_mask_, made._singles_mask_, made._all_bits_ = mask, single, 2 ** mask.bit_length() - 1
        if names != sorted(names, key=lambda one: by_name[one]._value_):
            made._iter_member_ = made._iter_member_by_def_
    return made  # type: ignore[no-any-return]
