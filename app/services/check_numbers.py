"""Whether no number was given twice, and each that is missing is explained."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import pairwise

from app.core.database import database
from app.core.language import _
from app.core.progress import Progress
from app.core.session import Session
from app.models import numbering
from app.models.record import KINDS, Record
from app.services.faults import Fault, names, told

_BROUGHT = ("customer", "product")
"""Kinds whose registers bring numbers along."""


def check(session: Session, progress: Progress) -> Iterator[Fault]:
    """Kind by kind."""
    for place, kind in enumerate(KINDS.values()):
        progress.step(place, len(KINDS), _("Checking the numbers"))
        yield from _twice(session, kind)
        if kind.COUNTED:
            yield from told(_gaps(session, kind))


def _twice(session: Session, kind: type[Record]) -> Iterator[Fault]:
    """Editions of an agreement share theirs."""
    edition = ", edition" if "edition" in kind._meta.fields and kind.KIND == "agreement" else ""  # noqa: SLF001 - peewee's own way
    sql = f'SELECT number FROM "{kind.KIND}" NOT INDEXED WHERE branch_id = ? GROUP BY number{edition} HAVING count(*) > 1'
    found = [number for (number,) in database.execute_sql(sql, (session.branch.id,)).fetchall()]
    if found:
        yield Fault(
            _("A number was given twice."),
            names(found),
            _("Somebody worked on the database with another program. Find out which record came later, and write it down anew."),
        )


def _gaps(session: Session, kind: type[Record]) -> Iterator[Fault]:
    """Counts that were given and are neither a record nor a blank form, nor passed over for a number that a register brought."""
    used, brought = _used(session, kind)
    rows = database.execute_sql(
        "SELECT period, last FROM counter WHERE branch_id = ? AND kind = ?", (session.branch.id, kind.KIND)
    )
    for period, last in rows.fetchall():
        least = brought.get(period, 0)
        known = sorted({least, last + 1, *(n for n in used.get(period, ()) if least < n <= last)})
        missing = [_span(before + 1, after - 1) for before, after in pairwise(known) if after - before > 1]
        if missing:
            yield Fault(
                _("Numbers are missing, and nothing explains why."),
                _("{kind} {period}: {numbers}").format(kind=_(kind.LABEL), period=period, numbers=names(missing)),
                _("Look into the backups for the records that had them. They are not given again."),
            )
        beyond = [n for n in used.get(period, ()) if n > last]
        if beyond:
            yield Fault(
                _("The count of the numbers has fallen behind what was given."),
                _("{kind} {period}: {numbers}").format(
                    kind=_(kind.LABEL), period=period, numbers=_span(min(beyond), max(beyond))
                ),
                _("“Repair” sets it forward."),
                partial(_set_forward, session, kind, period, max(beyond)),
            )


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def _set_forward(session: Session, kind: type[Record], period: str, most: int) -> None:
    database.execute_sql(
        "UPDATE counter SET last = ? WHERE branch_id = ? AND kind = ? AND period = ? AND last < ?",
        (most, session.branch.id, kind.KIND, period, most),
    )


def _used(session: Session, kind: type[Record]) -> tuple[dict[str, set[int]], dict[str, int]]:
    """By period, the counts of records and blank forms, by any pattern ever set; and the last one that was brought along."""
    shapes = [numbering.shape(session, pattern) for pattern in _patterns(session, kind)]
    used: dict[str, set[int]] = {}
    brought: dict[str, int] = {}
    for number, came in _numbers(session, kind):
        for found in filter(None, (shape.fullmatch(number) for shape in shapes)):
            period, count = numbering.counted(found)
            used.setdefault(period, set()).add(count)
            if came and kind.KIND in _BROUGHT:
                brought[period] = max(brought.get(period, 0), count)
    return used, brought


def _patterns(session: Session, kind: type[Record]) -> Iterable[str]:
    code = f"pattern_{kind.KIND}"
    rows = database.execute_sql("SELECT old FROM history WHERE kind = 'branch' AND action = 'setting' AND field = ?", (code,))
    return dict.fromkeys((session.settings[code], *(old for (old,) in rows.fetchall() if old)))


def _numbers(session: Session, kind: type[Record]) -> Iterator[tuple[str, bool]]:
    imported = "EXISTS (SELECT 1 FROM history AS h WHERE h.kind = ? AND h.record_id = t.id AND h.action = 'import')"
    rows = database.execute_sql(
        f'SELECT t.number, {imported} FROM "{kind.KIND}" AS t WHERE t.branch_id = ?', (kind.KIND, session.branch.id)
    )
    yield from ((number, bool(came)) for number, came in rows.fetchall())
    rows = database.execute_sql("SELECT number FROM reserved WHERE branch_id = ? AND kind = ?", (session.branch.id, kind.KIND))
    yield from ((number, False) for (number,) in rows.fetchall())
