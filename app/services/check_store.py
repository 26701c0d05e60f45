"""Whether the database file is sound, the search finds the records that there are, and what is worked out is right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from app.core import search_index, soundness, text
from app.core.database import database
from app.core.language import _
from app.core.progress import Progress
from app.core.session import Session
from app.models import customers, tallies
from app.models import record as records
from app.models.record import KINDS, Record
from app.services.faults import Fault, names, told

_BATCH = 1_000
_FOLLOWING = ("complaint", "objection")
"""Kinds that show the name of their customer."""


def check(session: Session, progress: Progress) -> Iterator[Fault]:
    """References, columns that are worked out, search."""
    yield from _references()
    yield from _derived(session, progress)
    yield from _tallies()
    for kind in KINDS.values():
        yield from _search(kind, progress)


def file(progress: Progress) -> Iterator[Fault]:
    """The file itself; where it is damaged nothing else that is read of it says anything."""
    broken = soundness.integrity(progress, _("Checking the database file"))
    if broken:
        yield Fault(
            _("The database file is damaged: {message}").format(message=names(broken)),
            str(database.database),
            _("Do not work on. Check the disk, and put the newest good backup into another folder."),
        )


def _references() -> Iterator[Fault]:
    for table, row, other in soundness.lost_references()[:100]:
        yield Fault(
            _("A row names another one that is not there."),
            _("{table} {row}, naming {other}").format(table=table, row=row, other=other),
            _("Put back a backup from before, or ask who worked on the database with another program."),
        )


def _tallies() -> Iterator[Fault]:
    wrong = [_(KINDS[kind].LABEL) for kind in tallies.wrong()]
    if wrong:
        yield Fault(
            _("The tally that figures are read from is not that of the records."),
            _("tally of {kinds}").format(kinds=_(", ").join(wrong)),
            _("“Repair” counts them anew."),
            tallies.count_anew,
        )


def _search(kind: type[Record], progress: Progress) -> Iterator[Fault]:
    wrong = list(_wrongly_found(kind, progress))
    strange = search_index.strangers(kind.KIND)
    if not wrong and not strange:
        return
    parts = [
        _("{count} records are not found as they are: {numbers}").format(count=f"{len(wrong):,}", numbers=names(wrong))
    ] * bool(wrong)
    parts += [_("{count} entries have no record").format(count=f"{strange:,}")] * bool(strange)
    yield Fault(
        _("The search does not fit the records: {what}.").format(what=_("; ").join(parts)),
        _("search of {kind}").format(kind=_(kind.LABEL)),
        _("“Repair” makes it anew."),
        partial(_index_anew, kind),
    )


def _rows(kind: type[Record]) -> Iterator[list[Any]]:
    after = 0
    while rows := kind.fetch("t.id > ? ORDER BY t.id LIMIT ?", after, _BATCH):
        yield rows
        after = rows[-1].id


def _wrongly_found(kind: type[Record], progress: Progress) -> Iterator[str]:
    sentence = _("Checking the search of {kind}").format(kind=_(kind.LABEL))
    total, done = kind.select().count(), 0
    for rows in _rows(kind):
        progress.step(done, total, sentence)
        done += len(rows)
        known = search_index.keys(kind.KIND, rows[0].id, rows[-1].id)
        yield from (row.number for row in rows if known.get(row.id) != text.key(kind.search_text(row.__data__)))


def _index_anew(kind: type[Record]) -> None:
    search_index.empty(kind.KIND)
    for rows in _rows(kind):
        search_index.put(kind.KIND, ((row.id, kind.search_text(row.__data__)) for row in rows))


def _derived(session: Session, progress: Progress) -> Iterator[Fault]:
    """What can be worked out from the records as they are; deadlines stand as they were when the case was saved."""
    yield from told(_differing(session, KINDS["customer"], progress))
    yield from told(_differing(session, KINDS["agreement"], progress))
    yield from told(_misnamed(progress))


def _differing(session: Session, kind: type[Record], progress: Progress) -> Iterator[Fault]:
    rows = (row for some in _rows(kind) for row in some)
    for row in progress.over(rows, kind.select().count(), _("Checking what is worked out")):
        right = kind.derive(session, records.values_of(session, row))
        wrong = {code: value for code, value in right.items() if getattr(row, code) != value}
        if wrong:
            yield _wrong(row.number, wrong, partial(_put_right, session, row, wrong))


def _put_right(session: Session, row: Record, columns: Mapping[str, Any]) -> None:
    row.rewrite(row.id, **columns)
    records.index(session, type(row).get_by_id(row.id))


def _misnamed(progress: Progress) -> Iterator[Fault]:
    """Records that show another name than their customer's."""
    found: dict[int, list[str]] = {}
    for kind in KINDS.values():
        progress.step(0, None, _("Checking what is worked out"))
        for number, customer in database.execute_sql(_shown(kind)).fetchall() if _shown(kind) else ():
            found.setdefault(customer, []).append(number)
    for customer, numbers in found.items():
        yield _wrong(names(numbers), ("customer_name",), partial(_show_name, customer))


def _shown(kind: type[Record]) -> str:
    columns = kind._meta.fields  # noqa: SLF001 - peewee's own way to a table's columns
    if "customer_name" not in columns or not {"customer", "complaint"} & columns.keys():
        return ""
    case = "" if "customer" in columns else "JOIN complaint AS c ON c.id = t.complaint_id"
    customer = "c.customer_id" if case else "t.customer_id"
    return (
        f'SELECT t.number, k.id FROM "{kind.KIND}" AS t {case} JOIN customer AS k ON k.id = {customer} '
        "WHERE t.customer_name IS NOT k.name ORDER BY t.id"
    )


def _show_name(customer: int) -> None:
    customers.show_on_cases(KINDS["customer"].get_by_id(customer))


def _wrong(where: str, columns: Iterable[str], mend: Callable[[], object]) -> Fault:
    what = _("Columns that the program works out are not right: {columns}.").format(columns=names(columns))
    return Fault(what, where, _("“Repair” works them out anew."), mend)
