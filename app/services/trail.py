"""The history as a list: who did what when with which record, newest first, by person, kind, act, days and number of a record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast

from app.core import text
from app.core.database import database, instant, milliseconds
from app.core.fields import Choice, Field, Kind
from app.core.language import N_, _
from app.core.session import ROLES, Session
from app.core.settings import SETTINGS
from app.core.times import instant_of
from app.models import branches, prints, staff
from app.models.frozen_months import FrozenMonth
from app.models.history import Entry
from app.models.list_conditions import Condition, among, any_of, joined
from app.models.list_rows import Row
from app.models.listing import FILTERED_CAP, Count, Listing, Query
from app.models.record import KINDS, Record
from app.models.steps import all_steps
from app.services import changes, timeline

_WORDS = {
    "set": N_("Changed by a step"),
    "setting": N_("Setting changed"),
    "calendar": N_("Calendar changed"),
    "deputy": N_("Deputy named"),
    "deputy-end": N_("Deputy ended"),
    "freeze": N_("Month closed"),
    "open-again": N_("Month opened again"),
    "export": N_("Exported"),
    "archive": N_("Archive written"),
    "repair": N_("Data repaired"),
    "restore": N_("Backup restored"),
    "disable": N_("Disabled"),
    "enable": N_("Taken back"),
    "password": N_("Password changed"),
    "reset": N_("Password reset"),
    "recovery": N_("Opened by the recovery sheet"),
    "certificate-set": N_("Certificate set"),
    "certificate-removed": N_("Certificate removed"),
    "recovery-code": N_("New recovery code"),
    "schedule": N_("Scheduled export registered"),
    "schedule-end": N_("Scheduled export withdrawn"),
    "passwords-on": N_("Passwords turned on"),
    "passwords-off": N_("Passwords turned off"),
}
"""What is done to the branch as a whole, and what only this list tells."""


def _actions() -> tuple[Choice, ...]:
    words = {step.code: step.label for step in all_steps()}
    words |= {code: word for code, (word, _group) in timeline.OTHER.items()} | _WORDS
    return tuple(Choice(code, word) for code, word in words.items())


def _kinds() -> tuple[Choice, ...]:
    records = (Choice(code, kind.LABEL) for code, kind in KINDS.items())
    return (*records, Choice("branch", N_("Branch")), Choice("staff", N_("Person")), Choice(FrozenMonth.KIND, N_("Month")))


class _Done:
    """What the list is of; its rows are no records."""

    KIND = "history"
    LABEL = N_("history")
    FIELDS = (
        Field("at", N_("Date and time"), Kind.MOMENT, width=140),
        Field("who", N_("Acting person"), width=90),
        Field("action", N_("Act"), Kind.CHOICE, choices=_actions(), width=150),
        Field("kind", N_("Kind of record"), Kind.CHOICE, choices=_kinds(), width=110),
        Field("detail", N_("In detail"), Kind.MEMO, width=400),
    )


class Trail(Listing):
    """The rows of the history. A page of all of them is found by its ids, for none is ever missing."""

    @property
    def kind(self) -> type[Record]:
        """No kind of record, but declared like one."""
        return cast("type[Record]", _Done)

    def total(self, session: Session) -> int:
        """All rows."""
        return int(database.execute_sql("SELECT ifnull(max(id), 0) FROM history").fetchone()[0])

    def count(self, session: Session, query: Query) -> Count:
        """How many rows fit the query."""
        conditions = self._conditions(session, query)
        if not conditions:
            return Count(self.total(session), False)
        where, values = joined(conditions)
        sql = f"SELECT count(*) FROM (SELECT 1 FROM history AS c WHERE {where} LIMIT {FILTERED_CAP + 1}) AS fitting"
        found = int(database.execute_sql(sql, values).fetchone()[0])
        return Count(min(found, FILTERED_CAP), found > FILTERED_CAP)

    def page(self, session: Session, query: Query, offset: int, limit: int, counted: Count | None = None) -> list[Row]:
        """Rows `offset` … of the query, newest first."""
        counted = counted or self.count(session, query)
        conditions = self._conditions(session, query)
        if not conditions:
            return self._rows(session, "c.id <= ? ORDER BY c.id DESC LIMIT ?", (counted.rows - offset, limit))
        where, values = joined(_walked(conditions) if counted.capped else conditions)
        dated = query.since is not None or query.until is not None
        order = "+c.id DESC" if not counted.capped else "c.at DESC, c.id DESC" if dated else "c.id DESC"
        return self._rows(session, f"{where} ORDER BY {order} LIMIT ? OFFSET ?", (*values, limit, offset))

    def all(self, session: Session, query: Query, limit: int | None = None, *, numbers: bool = False) -> Iterator[Row]:
        """Every row of the query (or the first `limit`), newest first."""
        where, values = joined([*_walked(self._conditions(session, query)), Condition("1")])
        sql = f"SELECT c.id FROM history AS c WHERE {where} ORDER BY c.id DESC LIMIT ?"
        ids = [number for (number,) in database.execute_sql(sql, (*values, -1 if limit is None else limit)).fetchall()]
        for start in range(0, len(ids), 500):
            some = ids[start : start + 500]
            yield from self._rows(session, f"c.id IN ({', '.join('?' * len(some))}) ORDER BY c.id DESC", some)

    def known(self, session: Session, code: str, limit: int = 60) -> list[str]:
        """The different values of a column; one seek in the index each."""
        found: list[str] = [""]
        while len(found) <= limit:
            value = database.execute_sql(f"SELECT min({code}) FROM history WHERE {code} > ?", (found[-1],)).fetchone()[0]
            if value is None:
                break
            found.append(value)
        return found[1:]

    def _conditions(self, session: Session, query: Query) -> list[Condition]:
        asked = [among(f"c.{self.field(code).code}", wanted) for code, wanted in query.where.items()]
        zone = session.branch.zone
        if query.since is not None:
            asked.append(Condition("c.at >= ?", (milliseconds(instant_of(query.since, zone)),)))
        if query.until is not None:
            asked.append(Condition("c.at < ?", (milliseconds(instant_of(query.until + timedelta(days=1), zone)),)))
        if text.key(query.text):
            asked.append(_of_record(session, text.admit(query.text.strip())))
        return asked

    def _rows(self, session: Session, where: str, values: tuple[object, ...] | list[int]) -> list[Row]:
        found = database.execute_sql(f"SELECT {_READ} FROM history AS c WHERE {where}", tuple(values)).fetchall()
        entries = [(*row[:3], Entry._make((instant(row[3]), *row[4:10], bool(row[10])))) for row in found]
        numbers = _numbers({(kind, record) for _number, kind, record, _entry in entries})
        return [
            (number, *(self._told(session, code, kind, entry, numbers.get((kind, record), "")) for code in self.columns))
            for number, kind, record, entry in entries
        ]

    def _told(self, session: Session, code: str, kind: str, entry: Entry, number: str) -> Any:  # noqa: ANN401 - a value of any kind
        told = {"kind": kind, "number": number}
        if code == "detail":
            return detail(session, kind, entry)
        return told[code] if code in told else getattr(entry, code)


_READ = "c.id, c.kind, c.record_id, c.at, c.who, c.action, c.field, c.old, c.new, c.note, c.salt IS NULL AND c.seal IS NOT NULL"


def _walked(conditions: list[Condition]) -> list[Condition]:
    """The same where many rows fit: they are walked in their order, by id or time, and no other index is taken."""
    return [one if one.sql.startswith("c.at") else Condition(one.sql.replace("c.", "+c."), one.values) for one in conditions]


def _of_record(session: Session, number: str) -> Condition:
    """What was done with the records of a number; editions of an agreement share theirs."""
    pairs = [
        Condition("(c.kind = ? AND c.record_id = ?)", (code, record_id))
        for code in KINDS
        for (record_id,) in database.execute_sql(
            f'SELECT id FROM "{code}" WHERE branch_id = ? AND number = ?', (session.branch.id, number)
        ).fetchall()
    ]
    return any_of(pairs or [Condition("0")])


def _numbers(records: set[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Kind and id → number, a statement per kind."""
    found: dict[tuple[str, int], str] = {}
    named = {code: (code, "number") for code in KINDS} | {FrozenMonth.KIND: ("frozen_month", "month"), "staff": ("staff", "name")}
    for kind in {kind for kind, _record in records} & named.keys():
        ids = [record for one, record in records if one == kind]
        table, name = named[kind]
        sql = f'SELECT id, {name} FROM "{table}" WHERE id IN ({", ".join("?" * len(ids))})'
        found |= {(kind, record): number for record, number in database.execute_sql(sql, tuple(ids)).fetchall()}
    return found


_OF_BRANCH = {
    field.code: field for field in (*branches.FIELDS, *staff.FIELDS[3:], *(declared for declared, _default in SETTINGS))
}


def detail(session: Session, kind: str, entry: Entry) -> str:
    """What an entry says: the changed field with its values, or what was noted."""
    if entry.erased:
        return _("personal data, erased")
    if kind in KINDS:
        record = KINDS[kind]()
        return changes.changed(session, record, entry) if entry.field else timeline.noted(entry)
    if kind == "staff" and entry.field == "roles":
        old, new = (
            _(", ").join(_(ROLES[role]) for role in (one or "").split() if role in ROLES) for one in (entry.old, entry.new)
        )
        return _("{field}: {old} → {new}").format(field=_("Roles"), old=old or "—", new=new)
    if entry.field in _OF_BRANCH:
        old, new = entry.old or "—", entry.new or "—"
        return _("{field}: {old} → {new}").format(field=_(_OF_BRANCH[entry.field].label), old=old, new=new)
    document, colon, title = entry.note.partition(": ")
    if entry.action == "print" and document in prints.FILES:
        return f"{_(prints.FILES[document])}{colon}{title}"
    return " ".join(filter(None, (entry.field, entry.note)))


TRAIL = Trail(
    _Done.KIND,
    columns=("at", "who", "action", "kind", "number", "detail"),
    shown=("at", "who", "action", "kind", "number", "detail"),
    filters=("who", "kind", "action"),
    dated="at",
    sort="at",
    statuses=(),
)
