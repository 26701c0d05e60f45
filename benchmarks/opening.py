"""Opening a case with its lines, proposal, agreement and history, beside the same rows by raw statements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.services import cases
from benchmarks import raw
from benchmarks.store import Store
from benchmarks.timing import Result, race

_ENTRIES = ("notice", "consultation", "change", "escalation", "extension", "assessment", "follow_up")
_OF_CASE = (
    "SELECT * FROM product_line WHERE parent_id = ? ORDER BY position",
    "SELECT * FROM loss_line WHERE parent_id = ? ORDER BY position",
    "SELECT * FROM enquiry WHERE parent_id = ? ORDER BY position",
    "SELECT k.* FROM complaint AS c JOIN customer AS k ON k.id = c.customer_id WHERE c.id = ?",
    "SELECT t.* FROM complaint AS c JOIN contact AS t ON t.parent_id = c.customer_id WHERE c.id = ?",
    "SELECT * FROM proposal WHERE complaint_id = ?",
    "SELECT r.* FROM proposal AS p JOIN remedy_line AS r ON r.parent_id = p.id WHERE p.complaint_id = ?",
    "SELECT a.* FROM proposal AS p JOIN approval AS a ON a.proposal_id = p.id WHERE p.complaint_id = ?",
    "SELECT * FROM agreement WHERE complaint_id = ?",
    "SELECT l.* FROM agreement AS a JOIN agreement_line AS l ON l.parent_id = a.id WHERE a.complaint_id = ?",
    "SELECT p.* FROM agreement AS a JOIN print AS p ON p.kind = 'agreement' AND p.record_id = a.id WHERE a.complaint_id = ?",
    "SELECT * FROM attachment WHERE kind = 'complaint' AND record_id = ?",
    "SELECT * FROM history WHERE kind = 'complaint' AND record_id = ? ORDER BY id",
    *(
        f"SELECT * FROM {part} WHERE parent_id = ? ORDER BY position"
        for part in ("notice", "consultation", '"change"', "escalation")
    ),
    *(f"SELECT * FROM {part} WHERE parent_id = ? ORDER BY position" for part in ("extension", "assessment", "follow_up")),
    "SELECT * FROM dispatch WHERE complaint_id = ?",
    "SELECT l.* FROM dispatch AS d JOIN dispatch_line AS l ON l.parent_id = d.id WHERE d.complaint_id = ?",
    "SELECT l.* FROM dispatch AS d JOIN delivery AS l ON l.parent_id = d.id WHERE d.complaint_id = ?",
    'SELECT p.* FROM complaint AS c JOIN promise AS p ON p.branch_id = 1 AND p."case" = c.number WHERE c.id = ?',
    "SELECT * FROM action WHERE complaint_id = ?",
    "SELECT number FROM objection WHERE complaint_id = ?",
)


def measure(store: Store) -> Iterator[Result]:
    """A closed case of the middle of the store."""
    middle = "SELECT number FROM complaint WHERE id IN (SELECT complaint_id FROM agreement WHERE id > ?) ORDER BY id LIMIT 1"
    with raw.connection(store) as floor:
        number = floor.execute(middle, (store.size // 2,)).fetchone()[0]
        assert cases.load(store.session, number).editions
        both = race(lambda: cases.load(store.session, number), lambda: _read(floor, number), 25)
        yield Result("open", "case with agreement", store.size, *both, 20.0)


def _read(connection: Any, number: str) -> list[object]:  # noqa: ANN401 - the driver's connection
    case = connection.execute("SELECT * FROM complaint WHERE branch_id = 1 AND number = ?", (number,)).fetchone()
    return [case, *(connection.execute(sql, (case[0],)).fetchall() for sql in _OF_CASE)]
