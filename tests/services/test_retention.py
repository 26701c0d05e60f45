"""With whom the retention is over is asked of an index, and all of them are erased at one go."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.core import database
from app.core.errors import Cancelled, NotPermitted, PasswordNeeded, ValidationError
from app.core.progress import Progress
from app.models.customers import Customer
from app.services import checking, erased_traces, erasures, retention
from app.services.retention import due
from tests.make import Make
from tests.plans import plans


def ended(make: Make, name: str) -> Customer:
    """A customer whose only case is closed today."""
    case = make.objection(customer=make.customer(name=name).number)
    make.steps(case, ("close", {"solved_on_spot": True}))
    found: Customer = make.again(case.customer)
    return found


def statements(monkeypatch: pytest.MonkeyPatch, make: Make) -> list[str]:
    sent: list[str] = []
    plain = database.database.execute_sql

    def counted(sql: str, *rest: object) -> object:
        sent.append(sql)
        return plain(sql, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(database.database.obj, "execute_sql", counted)
        due(make.session, 90)
    return sent


def test_asking_who_is_due_costs_as_many_statements_for_many_as_for_one(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    ended(make, "甲")
    make.session.clock.advance(days=3 * 366)  # type: ignore[attr-defined]
    few = statements(monkeypatch, make)
    make.session.clock.advance(days=-3 * 366)  # type: ignore[attr-defined]
    for name in "乙丙丁戊己":
        ended(make, name)
    make.session.clock.advance(days=3 * 366)  # type: ignore[attr-defined]
    assert len(due(make.session)) == 6
    assert len(statements(monkeypatch, make)) == len(few)


def test_no_case_is_read_of_a_customer_whose_newest_is_too_young(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    ended(make, "甲")
    found = plans(monkeypatch, lambda: due(make.session))
    (steps,) = [steps for sql, steps in found.items() if "FROM customer AS c" in sql]
    assert [one for one in steps if one.startswith("SCAN ") and "subquery" not in one] == []
    assert sum("COVERING INDEX complaint_customer" in one or "COVERING INDEX objection_customer" in one for one in steps) >= 2


def test_who_has_no_case_an_open_one_or_an_open_promise_is_not_due(make: Make) -> None:
    make.customer(name="没有案件")
    make.complaint(customer=make.customer(name="未办结").number)
    promised = make.objection(customer=make.customer(name="已承诺").number)
    make.steps(promised, ("promise", {"promised_at": "2026-11-25 17:00"}))
    over = ended(make, "到期")
    make.session.clock.advance(days=4 * 366)  # type: ignore[attr-defined]
    assert [one.number for one in due(make.session)] == [over.number]


def test_the_last_day_counts_by_the_branch_and_a_leap_day_ends_in_march(make: Make) -> None:
    session = make.session
    session.clock.present = datetime(2028, 2, 29, 15, 59, tzinfo=UTC)  # type: ignore[attr-defined]
    leap = ended(make, "闰日")
    session.clock.present = datetime(2028, 2, 29, 16, 1, tzinfo=UTC)  # type: ignore[attr-defined]
    later = ended(make, "次日")
    session.clock.present = datetime(2031, 2, 28, 3, tzinfo=UTC)  # type: ignore[attr-defined]
    assert due(session) == []
    session.clock.present = datetime(2031, 3, 1, 3, tzinfo=UTC)  # type: ignore[attr-defined]
    assert [(one.number, f"{one.last}") for one in due(session)] == [(leap.number, "2028-02-29"), (later.number, "2028-03-01")]


def test_all_are_erased_with_one_sweep(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    customers = [ended(make, name) for name in ("龘靐齉", "爨麤", "骉犇")]
    open_case = make.complaint(customer=customers[1].number)
    sweeps: list[bool] = []
    sweep = erased_traces.sweep

    def swept(progress: Progress | None) -> bool:
        sweeps.append(sweep(progress))
        return sweeps[-1]

    monkeypatch.setattr(erased_traces, "sweep", swept)
    done = retention.erase_all(make.session, [one.id for one in customers], "保存期满")
    assert (done.clean, done.summary.done) == (True, (customers[0].number, customers[2].number))
    assert [(one.number, open_case.number in one.sentence) for one in done.summary.refused] == [(customers[1].number, True)]
    assert len(sweeps) == 1
    written = b"".join(path.read_bytes() for path in make.session.folder.rglob("*") if path.is_file())
    assert [name in written for name in ("龘靐齉".encode(), "爨麤".encode(), "骉犇".encode())] == [False, True, False]
    assert not (make.session.folder / erased_traces.MARK).exists()
    assert checking.check(make.session) == []


class _Stop(Progress):
    """Stops after the first."""

    def report(self, done: int, total: int | None, sentence: str) -> None:
        if done == 1:
            raise Cancelled


def test_stopped_who_is_erased_stays_so_and_leaves_no_trace(make: Make) -> None:
    first, second = ended(make, "龘靐齉"), ended(make, "爨麤")
    done = retention.erase_all(make.session, [first.id, second.id], "保存期满", _Stop())
    assert (done.summary.done, done.summary.left, done.clean) == ((first.number,), 1, True)
    assert not any("龘靐齉".encode() in path.read_bytes() for path in make.session.folder.rglob("*") if path.is_file())
    assert make.again(second).name == "爨麤"


def test_role_password_and_reason_are_asked_before_the_first(make: Make) -> None:
    customer = ended(make, "甲")
    with pytest.raises(ValidationError):
        retention.erase_all(make.session, [customer.id], " ")
    make.session.open, make.session.roles = False, frozenset({"head"})
    with pytest.raises(PasswordNeeded):
        retention.erase_all(make.session, [customer.id], "保存期满")
    make.session.roles = frozenset({"clerk"})
    with pytest.raises(NotPermitted):
        retention.erase_all(make.session, [customer.id], "保存期满")
    assert make.again(customer).name == "甲"
    assert not erasures.is_erased(make.session, customer)
