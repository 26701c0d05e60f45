"""The sample branch: every state is there, it is the same each time, and it reads like a branch at work."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.core import database
from app.core.errors import Cancelled, UserError
from app.core.progress import Progress
from app.core.session import Session
from app.models import card_use, evidence, history, proposals, saved_views, unfinished
from app.models import classifications as of
from app.models.agreements import Agreement
from app.models.attachments import Attachment
from app.models.cards import Card, proofs_of
from app.models.complaints import Complaint
from app.models.customers import Contact, Customer
from app.models.evidence import Evidence
from app.models.listing import COMPLAINTS
from app.models.objections import Objection
from app.models.products import Product
from app.models.record import Record, values_of
from app.services import figures, periods, sample, sample_texts, workplace
from app.services.sample_days import WorkingDays
from tests.services.conftest import Year

NOW = datetime(2026, 11, 23, 6, 32, tzinfo=UTC)
TODAY = NOW.date()
SMALL = {"customers": 20, "objections": 40, "complaints": 30}
KINDS: tuple[type[Record], ...] = (Customer, Product, Objection, Complaint, Agreement, Card, Evidence)


def branch(folder: Path, now: datetime = NOW) -> Session:
    values = {"code": "CD", "name": "城东分公司"}
    return workplace.init(folder, values, user="王敏", clock=lambda: now, sample=True)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A small sample, only read by the tests."""
    session = branch(tmp_path_factory.mktemp("sample") / "data")
    sample.fill(session, **SMALL)
    yield session
    database.close()


@pytest.fixture(autouse=True)
def _connected(request: pytest.FixtureRequest) -> None:
    """A test with a branch of its own leaves another database bound."""
    if "small" in request.fixturenames:
        database.open_database(request.getfixturevalue("small").folder)


def statuses(kind: type[Record]) -> Counter[str]:
    return Counter(record.status for record in kind.select())


def content(session: Session) -> list[Any]:
    """Everything that the branch holds but uids."""
    rows: list[Any] = [
        (
            record.number,
            record.status,
            record.version,
            record.created_at,
            record.created_by,
            record.changed_at,
            values_of(session, record),
        )
        for kind in KINDS
        for record in kind.select().order_by(kind.id)
    ]
    rows += [
        (one.text, one.cost, one.status, one.proposed_at) for one in proposals.Proposal.select().order_by(proposals.Proposal.id)
    ]
    told = "id, at, who, kind, record_id, action, field, old, new, note"  # salts are drawn by chance
    rows += database.database.execute_sql(f"SELECT {told} FROM history ORDER BY id").fetchall()
    return rows


def test_every_state_is_there_in_the_smallest_usual_sample(small: Session) -> None:
    assert set(statuses(Objection)) == {choice.code for choice in of.OBJECTION_STATUSES}
    assert set(statuses(Complaint)) == {choice.code for choice in of.COMPLAINT_STATUSES}
    assert {"draft", "released", "signed"} <= set(statuses(Agreement))
    assert (statuses(Objection).total(), statuses(Complaint).total()) == (40, 30)


def test_a_returned_proposal_is_being_worked_on_again(small: Session) -> None:
    last = [proposals.latest(case) for case in Complaint.select().where(Complaint.status == "investigating")]
    assert "returned" in [proposal.status for proposal in last if proposal is not None and proposal.round == 1]


def test_proposals_of_different_cost_wait_for_approval(small: Session) -> None:
    waiting = [proposals.latest(case) for case in Complaint.select().where(Complaint.status == "proposed")]
    costs = [proposal.cost for proposal in waiting if proposal is not None]
    assert len(set(costs)) == len(costs) >= 3
    assert max(costs) > small.settings["limit_manager"] > min(costs) > small.settings["limit_handler"]


@pytest.mark.parametrize("kind", [Complaint, Objection])
def test_answers_are_overdue_and_due_today(small: Session, kind: type[Record]) -> None:
    owed = [
        case.promised_at.astimezone(small.branch.zone).date()
        for case in kind.select().where(kind.replied_at.is_null())
        if case.promised_at
    ]
    assert min(owed) < TODAY
    assert TODAY in owed


def test_numbers_follow_time(small: Session) -> None:
    for kind, moment in ((Complaint, "received_at"), (Objection, "occurred_at")):
        cases = list(kind.select().order_by(kind.number))
        assert [getattr(case, moment) for case in cases] == sorted(getattr(case, moment) for case in cases)
    assert Customer.get(Customer.number == "KH-0001").name == "鑫瑞达商行"


def test_nothing_happens_after_yesterday_or_before_the_first_month(small: Session) -> None:
    midnight = datetime.combine(TODAY, time(), small.branch.zone)
    done = [at for (at,) in history.History.select(history.History.at).tuples()]
    assert max(done) < midnight
    assert min(case.received_at for case in Complaint.select()) >= datetime(2025, 11, 1, tzinfo=small.branch.zone)
    assert all(done == sorted(done) for kind in KINDS for done in histories(kind))


def histories(kind: type[Record]) -> Iterator[list[datetime]]:
    return ([entry.at for entry in history.of(kind.KIND, record.id)] for record in kind.select())


def test_an_escalated_objection_is_linked_with_its_complaint(small: Session) -> None:
    for objection in Objection.select().where(Objection.status == "escalated"):
        assert objection.closed_at is not None
        assert objection.what in objection.complaint.description
        assert objection.complaint.customer_id == objection.customer_id
        assert objection.complaint.received_at >= objection.occurred_at


def test_cards_stand_in_every_stage_and_are_used(small: Session) -> None:
    assert set(statuses(Card)) == {choice.code for choice in of.CARD_STATUSES}
    cards = list(Card.select())
    assert {card.edition for card in cards} == {1, 2}
    assert any(card.from_objection for card in cards)
    used = card_use.usage(cards)
    assert sum(one.used for one in used.values()) >= 4
    assert all(used[card.id].used == 0 for card in cards if card.published_at is None)


def test_some_evidence_has_expired_and_a_card_in_use_rests_on_it(small: Session) -> None:
    faults = {proof.number: evidence.fault(small, proof) for proof in Evidence.select()}
    assert any(faults.values())
    assert not all(faults.values())
    used = [proof.number for card in Card.select().where(Card.status == "published") for proof in proofs_of(card)]
    assert any(faults[number] for number in used)


def test_a_batch_recurs(small: Session) -> None:
    made = TODAY - timedelta(days=80)
    lines = [line for case in Complaint.select() for line in values_of(small, case)["product_lines"]]
    assert sum(line["batch"] == f"{made:%Y%m%d}-B07" for line in lines) >= 2


def test_no_sentence_shows_its_braces(small: Session) -> None:
    told = str(content(small))
    assert not re.search(r"[{]\w+[}]|None[，。]", told.replace("{}", ""))


def test_phones_are_of_nobody(small: Session) -> None:
    phones = [row.phone for kind in (Customer, Contact, Complaint) for row in kind.select() if row.phone]
    assert phones
    assert all(re.fullmatch(r"13[789] 0000 \d{4}|0571-5550 \d{4}", phone) for phone in phones)


def test_two_forms_are_unfinished(small: Session) -> None:
    assert [entry.kind for entry in unfinished.of(small)] == ["complaint", "objection"]


def test_rare_characters_are_among_the_names(small: Session) -> None:
    names = "".join(customer.name for customer in Customer.select())
    assert set("𠮷㐂䶮堃喆淼") <= set(names)


def test_the_same_seed_and_day_give_the_same_branch(small: Session, tmp_path: Path) -> None:
    first = content(small)
    again = branch(tmp_path / "again", NOW + timedelta(hours=5))
    sample.fill(again, **SMALL)
    assert content(again) == first


def test_another_seed_gives_another_branch(small: Session, tmp_path: Path) -> None:
    first = content(small)
    other = branch(tmp_path / "other")
    sample.fill(other, seed=2, **SMALL)
    assert content(other) != first


def test_a_stopped_sample_leaves_nothing(tmp_path: Path) -> None:
    class Impatient(Progress):
        def report(self, done: int, total: int | None, sentence: str) -> None:
            if done > 20:
                self.cancel()

    session = branch(tmp_path / "data")
    with pytest.raises(Cancelled):
        sample.fill(session, **SMALL, progress=Impatient())
    assert [kind.select().count() for kind in KINDS] == [0] * len(KINDS)
    assert session.branch.legal_name == ""


def test_a_branch_at_work_is_left_alone(tmp_path: Path) -> None:
    session = branch(tmp_path / "data")
    sample.fill(session, customers=2, objections=0, complaints=0)
    with pytest.raises(UserError, match="holds records already"):
        sample.fill(session)


@pytest.mark.parametrize("numbers", [(1, 0, 0), (1, 1, 0), (1, 0, 1), (3, 5, 9), (40, 9, 3)])
@pytest.mark.parametrize("months", [1, 3])
def test_any_size_can_be_made(tmp_path: Path, numbers: tuple[int, int, int], months: int) -> None:
    customers, objections, complaints = numbers
    session = branch(tmp_path / "data", datetime(2026, 3, 1, 1, tzinfo=UTC))
    made = sample.fill(session, customers=customers, objections=objections, complaints=complaints, months=months)
    assert (made.customers, made.objections, made.complaints) == numbers


@pytest.mark.parametrize("wrong", [{"customers": 0}, {"months": 0}, {"objections": -1}])
def test_senseless_numbers_are_refused(tmp_path: Path, wrong: dict[str, int]) -> None:
    with pytest.raises(UserError):
        sample.fill(branch(tmp_path / "data"), **wrong)


def test_the_texts_hold_known_codes_and_enough_to_tell() -> None:
    library = sample_texts.load()
    fields = {
        field.code: {choice.code for choice in field.choices}
        for kind in (Complaint, Objection)
        for field in kind.FIELDS
        if field.choices
    }
    stories = [*library.complaints.values(), *library.objections]
    assert {story for card in library.cards for story in (*card.stories, card.origin)} - {"", "*"} <= {
        story.code for story in library.objections
    }
    assert {code for card in library.cards for code in card.evidence} <= {proof.code for proof in library.proofs}
    wrong = [
        (story.code, code) for story in stories for code, value in story.values.items() if value and value not in fields[code]
    ]
    assert wrong == []
    assert {method for story in library.objections for method in story.methods} <= fields["method"]
    assert {story.becomes for story in library.objections} - {""} <= set(library.complaints)
    told = {text for story in library.complaints.values() for text in story.says["description"]}
    told |= {text for story in library.objections for text in story.says["what"]}
    assert len(told) >= 120
    assert all(len(sentences) <= 6 for story in stories for sentences in story.says.values())


def test_time_does_not_run_back_at_the_end_of_the_sample() -> None:
    days = WorkingDays(NOW.date(), 1, ZoneInfo("Asia/Shanghai"))
    before = days.at(days.end - 1)
    for beyond in (0, 5, 700):
        assert before < days.at(days.end + beyond) < days.nice(days.end + beyond)


def test_the_default_sample_is_lively(year: Year, sampled: Session) -> None:
    assert year.made[:4] == (200, 24, 600, 150)
    found = figures.compute(sampled, periods.month_of(date(2026, 11, 1)))
    causes = found.pareto.causes
    assert sum(row.count for row in causes[: len(causes) // 2]) > sum(row.count for row in causes) * 0.65
    assert all(month.objections and month.complaints for month in found.trend)
    assert found.compensation_cost > 1000
    assert 0.2 < (found.same_day_reply_rate or 0) < 0.95
    said = [case.what for case in Objection.select().order_by(Objection.id)]
    assert all(said[place] not in said[place + 1 : place + 4] for place in range(len(said)))
    assert len(set(said)) > 150
    assert {case.handler for case in Complaint.select() if case.handler} == {"王敏", "刘洋", "孙丽", "陈志强"}
    assert {file.shows for file in Attachment.select()} == {"product_photo", "batch_photo"}
    assert Attachment.select().count() > 30
    assert [one.name for one in saved_views.of(sampled, COMPLAINTS)] == ["产品质量", "紧急未结"]
