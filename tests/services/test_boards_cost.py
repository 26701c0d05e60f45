"""What boards and lists cost: no statement of them reads a whole table, and each board goes through the index on what is open."""

from __future__ import annotations

import pytest

from app.core.session import Session
from app.models.complaints import Complaint
from app.models.listing import LISTINGS, Query
from app.services import cases, promise_board, workbench
from tests.make import Make
from tests.models.stands import complaint_in
from tests.plans import plans

_LAST_ROWS = "ORDER BY id DESC LIMIT"
"""The last rows of a table are read from its end, and no further."""


def whole_tables(found: dict[str, list[str]]) -> list[tuple[str, str]]:
    """The statements that read a table from one end to the other."""
    scans = ((sql, step) for sql, steps in found.items() for step in steps if step.startswith("SCAN "))
    return [(sql, step) for sql, step in scans if _LAST_ROWS not in sql and not _harmless(sql, step)]


def _harmless(sql: str, step: str) -> bool:
    name = step.split()[1]
    limited = name == "p" and "LIMIT ?) AS p" in sql
    forms = name in ("unfinished", "t1") and '"unfinished"' in sql
    return limited or forms or "subquery" in step or "INDEX" in step


@pytest.fixture(autouse=True)
def _cases(make: Make) -> None:
    complaint_in(make, "executing", customer=make.customer().number)


def test_the_workbench_reads_only_what_waits(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    found = plans(monkeypatch, lambda: workbench.load(session))
    assert whole_tables(found) == []
    late = next(steps for sql, steps in found.items() if "'issued', 'accepted'" in sql)
    assert any("dispatch_status (branch_id=? AND status=? AND due<?)" in step for step in late), late
    waiting = next(steps for sql, steps in found.items() if "p.status = 'proposed'" in sql)
    assert any("INDEX proposal_status" in step for step in waiting), waiting
    calls = next(steps for sql, steps in found.items() if "follow_up_at <=" in sql)
    assert any("INDEX complaint_follow_up" in step for step in calls), calls
    assert all("INDEX promise_status" in " ".join(steps) for sql, steps in found.items() if "FROM promise" in sql)


def test_a_case_reads_nothing_of_the_rest_of_its_branch(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    (number,) = (one.number for one in Complaint.fetch("t.status = 'executing'"))
    found = plans(monkeypatch, lambda: cases.load(session, number))
    assert whole_tables(found) == []
    assert [(sql, step) for sql, steps in found.items() for step in steps if step.endswith("(branch_id=?)")] == []


@pytest.mark.parametrize("handler", ["", "王敏"])
def test_the_board_of_promises_reads_only_what_is_owed(session: Session, monkeypatch: pytest.MonkeyPatch, handler: str) -> None:
    def board() -> None:
        promise_board.owed(session, handler=handler)
        promise_board.count(session)
        promise_board.falling_due(session, session.clock())

    found = plans(monkeypatch, board)
    assert whole_tables(found) == []
    for sql, steps in found.items():
        index = "promise_due (branch_id=? AND due>? AND due<?)" if "due > " in sql else "promise_status (branch_id=? AND status=?"
        assert any(f"INDEX {index}" in step for step in steps), (sql, steps)


@pytest.mark.parametrize("name", LISTINGS)
def test_a_list_finds_its_first_page_by_an_index(session: Session, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    listing = LISTINGS[name]

    def read() -> None:
        listing.page(session, Query(), 0, 50)
        listing.page(session, Query(where={"status": (listing.statuses[0].code,)}), 0, 50)

    found = plans(monkeypatch, read)
    assert whole_tables(found) == []
    pages = [steps for sql, steps in found.items() if sql.startswith("SELECT c.id FROM")]
    assert pages
    # The editions of one agreement are put in order where they are met.
    assert not any("TEMP B-TREE FOR ORDER" in step for step in pages[0]), pages[0]


@pytest.mark.parametrize(
    ("name", "code"), [("customers", "name"), ("complaints", "customer_name"), ("objections", "customer_name")]
)
def test_names_are_sorted_by_an_index(session: Session, monkeypatch: pytest.MonkeyPatch, name: str, code: str) -> None:
    found = plans(monkeypatch, lambda: LISTINGS[name].page(session, Query(sort=code), 0, 50))
    steps = next(steps for sql, steps in found.items() if sql.startswith("SELECT c.id FROM"))
    assert any(f"INDEX {LISTINGS[name].code}_sound" in step for step in steps), steps
    assert not any("TEMP B-TREE" in step for step in steps), steps
