"""What has to be kept of an erased customer is closed: nobody reads it on any way out, and a look of who may is recorded."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from app.commands import lists, records
from app.core import database
from app.core.errors import NotPermitted, UserError
from app.core.session import ROLES, Session
from app.models import agreements, attachments, dispatches, history, sight
from app.models.customers import show_on_cases
from app.models.listing import LISTINGS, Query
from app.models.record import edit, find_any, index, values_of
from app.reports import papers
from app.services import cases, checking, erased_list, erasures, retention, workplace
from tests.branch import new_branch
from tests.conftest import Clock
from tests.make import Make
from tests.models.stands import agreement_in, complaint_in
from tests.reports.reading import text_of
from tests.services.test_sight import EXPECTED, Ways

TEXTS = ("龘靐齉", "爨麤", "骉犇路", "夔家事实", "13800005678", "夔条款", "爨收")
"""What stands in the agreement and its order, and nowhere else once the customer is erased."""


ASKS_MORE = ("workbooks_of_lists", "registers_on_paper", "history_on_paper", "workbook_of_the_month")
"""Ways that not every role may go at all."""


class Held(NamedTuple):
    """The records that hold it."""

    customer: Any
    complaint: Any
    agreement: Any
    order: Any


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A branch that holds it, to be copied, and the numbers of its records."""
    place = tmp_path_factory.mktemp("filled")
    session = new_branch(place / "data")
    numbers = [one.number for one in fill(Make(session), place)]
    database.close()
    return session.folder, numbers


@pytest.fixture
def session(filled: tuple[Path, list[str]], tmp_path: Path, clock: Clock) -> Iterator[Session]:
    folder = Path(shutil.copytree(filled[0], tmp_path / "data"))
    yield workplace.open_folder(folder, user="王敏", clock=clock)
    database.close()


@pytest.fixture
def held(session: Session, filled: tuple[Path, list[str]]) -> Held:
    return Held(*(find_any(session, number) for number in filled[1]))


def fill(make: Make, place: Path) -> Held:
    """Signed, delivered, with scan and proof; not erased yet."""
    customer = make.customer(name="龘靐齉", phone="13800005678", address="骉犇路")
    complaint = complaint_in(make, "replied", customer=customer.number)
    complaint = make.steps(complaint, "agreement")
    agreement: Any = agreements.current(make.session, complaint)
    typed = {"facts": "夔家事实", "clauses": "夔条款", "party_b_contact": "爨麤"}
    agreement = edit(make.session, agreement, typed, agreement.version)
    agreement = make.steps(agreement, "release", ("sign-agreement", {"signed_by": "爨麤"}))
    complaint = make.steps(make.again(complaint), "dispatch")
    (order, *_others) = dispatches.of_case(complaint)
    order = make.steps(order, "accept")
    order = make.steps(order, ("deliver", {"received_by": "爨收"}))
    scan = place / "龘靐齉协议.txt"
    scan.write_text("龘靐齉", "utf-8")
    attachments.attach(make.session, make.again(agreement), scan, "agreement_scan")
    attachments.attach(make.session, make.again(complaint), scan, "agreement_scan")
    make.steps(make.again(complaint), ("close", {"satisfaction": 4, "reason": "已履行", "result": "好"}))
    return Held(*(make.again(one) for one in (customer, complaint, agreement, order)))


@pytest.fixture
def kept(make: Make, held: Held) -> Held:
    return erase(make, held)


def erase(make: Make, held: Held) -> Held:
    """What is kept of it."""
    assert erasures.erase(make.session, held.customer, "书面申请").plan.kept
    return Held(*(make.again(one) for one in held))


def found_in(text: str) -> set[str]:
    plain = "".join(text.split())
    return {one for one in TEXTS if one in plain}


def looks(record: Any) -> list[tuple[str, str | None, str]]:
    return [(one.who, one.field, one.note) for one in history.of(record.KIND, record.id) if one.action == sight.REVEAL]


@pytest.mark.parametrize("way", EXPECTED)
@pytest.mark.parametrize("roles", [*([role] for role in ROLES), [*ROLES]], ids=str)
def test_nobody_reads_it_on_any_way_out(
    way: str,
    roles: list[str],
    session: Session,
    kept: Held,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if way in ("workbooks_of_lists", "registers_on_paper", "history_on_paper", "workbook_of_the_month") and not {
        "manager",
        "head",
    } & {*roles}:
        roles = [*roles, "manager"]
    for module in (records, lists):
        monkeypatch.setattr(module, "open_session", lambda _asked: session)
    session.roles = frozenset(roles)
    ways = Ways(session, kept, tmp_path, capsys)  # type: ignore[arg-type]
    assert found_in(getattr(ways, way)()) == set()


def test_before_it_was_erased_the_same_ways_tell_it(
    session: Session, held: Held, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "open_session", lambda _asked: session)
    ways = Ways(session, held, tmp_path, capsys)  # type: ignore[arg-type]
    assert found_in(ways.show_command()) == set(TEXTS)
    assert "爨麤" in ways.lists()
    assert LISTINGS["agreements"].count(session, Query(text="夔家事实")).rows == 1


def test_no_search_finds_it_by_its_words(session: Session, kept: Held) -> None:
    for text in TEXTS:
        assert [one.count(session, Query(text=text)).rows for one in LISTINGS.values()] == [0] * len(LISTINGS), text
    assert LISTINGS["agreements"].count(session, Query(text=kept.agreement.number)).rows == 1
    assert checking.check(session) == []


def test_its_papers_are_a_look_of_the_branch_head(session: Session, kept: Held) -> None:
    wanted = ((papers.AGREEMENT, kept.agreement), (papers.DISPATCH, kept.order), (papers.CASE_FILE, kept.complaint))
    for roles in ({"clerk"}, {"handler"}, {"manager"}, {"admin"}):
        session.roles = frozenset(roles)
        for document, record in wanted:
            with pytest.raises(NotPermitted):
                papers.paper(session, document, cases.load(session, record.number))
    assert looks(kept.agreement) == looks(kept.order) == []
    session.roles = frozenset({"head"})
    for document, record in wanted:
        for _again in range(2):
            made = papers.paper(session, document, cases.load(session, record.number))
        assert found_in(text_of(made.content)), document
        assert (session.user, None, document) in looks(record)


def test_a_value_is_revealed_and_that_is_written_down(session: Session, kept: Held) -> None:
    session.roles = frozenset({"manager"})
    with pytest.raises(NotPermitted, match="branch head"):
        sight.reveal(session, type(kept.agreement), kept.agreement.id, "party_b", withheld=True)
    session.roles = frozenset({"head"})
    sight.reveal(session, type(kept.agreement), kept.agreement.id, "party_b", withheld=True)
    told = cases.seen(session, cases.load(session, kept.agreement.number), ["party_b"]).values
    assert (told["party_b"], told["facts"]) == ("龘靐齉", "—")
    assert looks(kept.agreement) == [(session.user, "party_b", "")]


def test_a_file_is_closed_and_opens_by_a_look(session: Session, kept: Held) -> None:
    for record in (kept.agreement, kept.complaint):
        (file,) = attachments.of(session, record)
        assert (file.withheld, file.name) == (True, "[erased]协议.txt")
        with pytest.raises(UserError, match="closed"):
            file.content()
        session.roles = frozenset({"handler"})
        with pytest.raises(NotPermitted):
            attachments.looked_at(session, record, file)
        session.roles = frozenset({"head"})
        assert attachments.looked_at(session, record, file).content() == "龘靐齉".encode()
        assert looks(record) == [(session.user, None, file.name)]


def test_it_stays_as_it_is_and_goes_when_its_time_is_over(session: Session, make: Make, held: Held) -> None:
    before = values_of(session, held.agreement)
    customer = held.customer
    erasures.erase(session, customer, "申请")
    agreement = make.again(held.agreement)
    assert values_of(session, agreement) == before | {"customer_name": f"Erased customer {customer.number}"}
    assert agreements.content_hash(session, agreement) == agreement.content_hash
    with pytest.raises(UserError, match="stays as it is"):
        edit(session, agreement, {"facts": "别的"}, agreement.version)
    session.clock.advance(days=3 * 366)  # type: ignore[attr-defined]
    assert [one.number for one in retention.due(session)] == [customer.number]
    erasures.erase(session, make.again(customer), "保存期满")
    agreement = make.again(agreement)
    assert (agreement.withheld, agreement.party_b) == (False, "[erased]")
    assert retention.due(session) == []


def as_the_version_before_left_it(session: Session, held: Held) -> None:
    """The customer erased, and what stays of it neither marked nor closed; the tables without the marks."""
    with database.transaction():
        history.erase(session, "customer", held.customer.id, "书面申请")
        label = {"name": "Erased customer KH-0001", "phone": None, "address": None}
        type(held.customer).rewrite(held.customer.id, **label | type(held.customer).derive(session, label))
        index(session, type(held.customer).get_by_id(held.customer.id))
        show_on_cases(type(held.customer).get_by_id(held.customer.id))
    (session.folder / erased_list.LIST).write_text(f'{{"{erasures.key_of(held.customer)}": "2026-11-23"}}', "utf-8")
    for table in ("agreement", "dispatch", "attachment"):
        database.database.execute_sql(f"ALTER TABLE {table} DROP COLUMN withheld")
    for table in ("certificate", "certificate_key", "signed_edition"):
        database.database.execute_sql(f"DROP TABLE {table}")
    for table in ("customer", "complaint", "objection"):
        database.database.execute_sql(f"DROP INDEX {table}_sound")
    database.database.execute_sql("ALTER TABLE complaint DROP COLUMN batches")
    database.database.execute_sql("DELETE FROM schema_migration WHERE name >= '0012'")
    database.database.execute_sql("PRAGMA user_version = 11")
    database.close()


def test_what_an_older_version_kept_is_closed_once_the_tables_are_brought_up_to_date(session: Session, held: Held) -> None:
    as_the_version_before_left_it(session, held)
    opened = workplace.open_folder(session.folder, user="王敏", clock=session.clock)
    agreement = type(held.agreement).get_by_id(held.agreement.id)
    assert agreement.withheld
    assert [LISTINGS["agreements"].count(opened, Query(text=text)).rows for text in TEXTS] == [0] * len(TEXTS)
    for kept_one in (held.agreement, held.order):
        told = str([(one.old, one.new, one.note) for one in history.of(kept_one.KIND, kept_one.id)])
        assert found_in(told) == set()
        assert [file.name for file in attachments.of(opened, kept_one) if "龘" in file.name] == []
    assert agreement.party_b == "龘靐齉"
    assert checking.check(opened) == []


def test_the_list_of_agreements_tells_closed_ones_from_the_others(session: Session, make: Make, kept: Held) -> None:
    other = agreement_in(make, "signed")
    for wanted, expected in (("true", [kept.agreement.number]), ("false", [other.number])):
        query = Query(where={"withheld": (wanted,)})
        assert [row[1] for row in LISTINGS["agreements"].all(session, query)] == expected
        assert LISTINGS["agreements"].count(session, query).rows == 1


def test_nothing_more_is_attached_to_what_is_kept(session: Session, kept: Held, tmp_path: Path) -> None:
    (tmp_path / "后来.txt").write_text("后来", "utf-8")
    for record in (kept.agreement, kept.order):
        before = attachments.of(session, record)
        with pytest.raises(UserError, match="stays as it is"):
            attachments.attach(session, record, tmp_path / "后来.txt", "statement")
        assert attachments.of(session, record) == before
    assert attachments.attach(session, kept.complaint, tmp_path / "后来.txt", "statement").name == "后来.txt"


def test_a_list_cannot_be_asked_or_sorted_by_what_is_closed(session: Session, make: Make, kept: Held) -> None:
    """Whoever knows a name could else ask whether the customer was erased, and which one it was."""
    other = agreement_in(make, "signed")
    asked = {"agreements": (kept.agreement, ("party_b", "party_b_contact", "party_b_phone", "facts", "clauses", "signed_by"))}
    asked["dispatches"] = (kept.order, ("note",))
    for name, (record, codes) in asked.items():
        for code in codes:
            if record[code]:
                assert LISTINGS[name].count(session, Query(where={code: (str(record[code]),)})).rows == 0, code
    assert LISTINGS["agreements"].count(session, Query(where={"party_b": (str(other.party_b),)})).rows == 1
    for down in (True, False):
        rows = list(LISTINGS["agreements"].all(session, Query(sort="signed_by", descending=down)))
        assert [row[1] for row in rows] == (
            [other.number, kept.agreement.number] if down else [kept.agreement.number, other.number]
        )
