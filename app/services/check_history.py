"""Whether the history is the one that was written: each row hangs on the one before, and anchors elsewhere agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from app.core import chain, formats
from app.core.database import database, instant
from app.core.language import _
from app.core.progress import Progress
from app.core.session import Session
from app.core.soundness import readable_text
from app.models import history
from app.services import anchors
from app.services.anchors import Anchor
from app.services.faults import Fault, number_of, told

_BATCH = 5_000
_FIRST = -(2**63)
"""Below every row that there could be, also one that was slipped in before the first."""
_LATELY = 200
"""Rows that are looked at when a branch is opened, and as many anchors at most."""
_COLUMNS = (
    "id, at, who, kind, record_id, action, field, old, new, note, CAST(salt AS BLOB), CAST(seal AS BLOB), CAST(hash AS BLOB)"
)


class _Row(NamedTuple):
    id: int
    at: int
    who: str
    kind: str
    record_id: int
    action: str
    field: str | None
    old: str | None
    new: str | None
    note: str
    salt: bytes | None
    seal: bytes | None
    hash: bytes

    @property
    def values(self) -> tuple[str | None, str | None, str]:
        """What its seal covers."""
        return self.old, self.new, self.note

    @property
    def empty(self) -> bool:
        """Whether it has no values."""
        return self.values == (None, None, "")

    @property
    def erased(self) -> bool:
        """Whether it had values that are gone."""
        return self.seal is not None and self.salt is None and self.empty

    def true(self) -> bool:
        """Whether its values are those that were sealed, as far as they are there."""
        if self.salt is None:
            return self.empty
        return chain.seal(self.salt, self.values) == self.seal


def check(session: Session, progress: Progress, known: Iterable[Anchor]) -> Iterator[Fault]:
    """The whole history, against all anchors that are known."""
    yield from guarded()
    walk = _Walk(session, list(known))
    total = history.head().number
    yield from told(walk.faults(progress, total))
    yield from told(walk.broken_anchors())
    yield from told(walk.unexplained())


def lately(session: Session) -> Iterator[Fault]:
    """The last rows and the anchors issued last: what can be said without reading all of it."""
    yield from guarded()
    walk = _Walk(session, [], after=max(0, history.head().number - _LATELY))
    yield from told(walk.faults(Progress(), None))
    yield from told(_not_held(one) for one in anchors.issued(_LATELY) if not anchors.stands(one))


def guarded() -> Iterator[Fault]:
    """Whether the database itself refuses to change the history."""
    found = dict(
        database.execute_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'history'").fetchall()
    )
    if found != chain.TRIGGERS:
        yield Fault(
            _("The database no longer refuses to change the history."),
            _("the triggers of the history"),
            _("Somebody worked on the database with another program. Find out who; “repair” puts them back."),
            _guard,
        )


def _guard() -> None:
    found = database.execute_sql("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'history'").fetchall()
    for (name,) in found:
        quoted = name.replace('"', '""')
        database.execute_sql(f'DROP TRIGGER "{quoted}"')
    for statement in chain.TRIGGERS.values():
        database.execute_sql(statement)


class _Walk:
    """Goes through the rows in their order and remembers what can be judged only at the end."""

    def __init__(self, session: Session, known: list[Anchor], after: int = 0) -> None:
        self._session = session
        self._number = after
        self._before = chain.START
        if after:
            row = database.execute_sql("SELECT CAST(hash AS BLOB) FROM history WHERE id = ?", (after,)).fetchone()
            self._before = row[0] if row else b""
        self._anchors: dict[int, list[Anchor]] = {}
        for one in known:
            self._anchors.setdefault(one.number, []).append(one)
        self._failed: list[Anchor] = []
        self._erased: dict[tuple[str, int], int] = {}

    def faults(self, progress: Progress, total: int | None) -> Iterator[Fault]:
        """Rows that were changed, are missing, or whose values are not those that were sealed."""
        with readable_text():
            for row in progress.over(self._rows(), total, _("Checking the history")):
                self._heed(row)
                if fault := self._fault(row):
                    yield fault
                self._number, self._before = row.id, row.hash

    def _rows(self) -> Iterator[_Row]:
        after = self._number or _FIRST
        sql = f"SELECT {_COLUMNS} FROM history WHERE id > ? ORDER BY id LIMIT {_BATCH}"
        while rows := database.execute_sql(sql, (after,)).fetchall():
            yield from map(_Row._make, rows)
            after = rows[-1][0]

    def _heed(self, row: _Row) -> None:
        self._failed += [one for one in self._anchors.pop(row.id, ()) if not one.holds(row.hash)]
        record = (row.kind, row.record_id)
        if row.erased:
            self._erased.setdefault(record, row.id)
        elif row.action == history.ERASED:
            self._erased.pop(record, None)

    def _fault(self, row: _Row) -> Fault | None:
        if chain.link(self._before, (*row[:7], row.seal)) != row.hash:
            missing = row.id - self._number - 1
            what = (
                _("{count} rows of the history are missing before this one.").format(count=f"{missing:,}")
                if missing > 0
                else _("This row of the history, or the one before it, is not the one that was written.")
            )
            return Fault(what, self._place(row), _found_out())
        if not row.true():
            return Fault(
                _("The values in this row of the history are not those that were written."), self._place(row), _found_out()
            )
        return None

    def _place(self, row: _Row) -> str:
        record = number_of(row.kind, row.record_id)
        when = formats.moment(instant(row.at), self._session.branch.zone) if isinstance(row.at, int) else str(row.at)
        return _("history {number}: {time}, {person}, {record}").format(number=row.id, time=when, person=row.who, record=record)

    def broken_anchors(self) -> Iterator[Fault]:
        """After all rows: anchors that name another row than the one that is here, or one that is not."""
        beyond = (one for some in self._anchors.values() for one in some if one.number > 0)
        yield from (_not_held(one) for one in (*self._failed, *beyond) if not anchors.stands(one))

    def unexplained(self) -> Iterator[Fault]:
        """After all rows: values that are gone although nobody erased them."""
        for (kind, record_id), number in self._erased.items():
            yield Fault(
                _("Values are gone from the history although nobody erased them."),
                _("history {number}, {record}").format(number=number, record=number_of(kind, record_id)),
                _found_out(),
            )


def _not_held(anchor: Anchor) -> Fault:
    gone = database.execute_sql("SELECT 1 FROM history WHERE id = ?", (anchor.number,)).fetchone() is None
    what = (
        _("The history has lost its end: row {number} was written down, and is not here.")
        if gone
        else _("The history was written anew: row {number} is not the one that was written down.")
    )
    restored = any(parted.may_explain(anchor) for parted in anchors.partings())
    return Fault(what.format(number=anchor.number), anchor.where, _compared_with_restore() if restored else _found_out())


def _compared_with_restore() -> str:
    return _(
        "A backup was restored, and what was entered between it and the restore is set aside: see the history. If this was "
        "written in that time it is explained; if not, do not work on, and keep this folder as it is."
    )


def _found_out() -> str:
    return _("Do not work on. Keep this folder as it is, put a backup from before into another folder, and compare the two.")
