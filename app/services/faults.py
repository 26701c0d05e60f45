"""What a check finds, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import NamedTuple, TypeVar

from app.core.language import _
from app.models.record import KINDS

MOST = 20
"""Of one sort that are told one by one."""
T = TypeVar("T")


class Fault(NamedTuple):
    """What is wrong, where, and what to do. `mend` puts it right inside a transaction; None where that would be guessing."""

    what: str
    where: str
    do: str
    mend: Callable[[], object] | None = None

    def as_json(self) -> dict[str, str]:
        """As `kesu check --json` prints it."""
        return {"what": self.what, "where": self.where, "do": self.do}


def told(found: Iterable[Fault]) -> Iterator[Fault]:
    """The first ones of a sort one by one, the rest by their count."""
    faults = iter(found)
    shown = list(islice(faults, MOST))
    yield from shown
    if more := sum(1 for _fault in faults):
        what = _("{count} more of the same kind").format(count=f"{more:,}")
        yield shown[-1]._replace(what=what, where=_("everywhere"))


def names(found: Iterable[str]) -> str:
    """The first names of a list, and how many more."""
    rest = list(found)
    more = len(rest) - MOST
    shown = _(", ").join(rest[:MOST])
    return _("{names} and {count} more").format(names=shown, count=f"{more:,}") if more > 0 else shown


def number_of(kind: str, record_id: int) -> str:
    """The number of a record, or what there is to name it by."""
    table = KINDS.get(kind)
    found = table.get_or_none(table.id == record_id) if table is not None else None
    return found.number if found is not None else f"{kind} {record_id}"
