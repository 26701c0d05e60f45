"""Guarded fields stay masked on every way out of the program for whoever may not read them, and stand there for the others."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from app.commands import lists, records
from app.core.errors import NotPermitted, UserError
from app.core.progress import Progress
from app.core.session import ROLES, Session
from app.models import history, permissions, sight
from app.models.agreements import current
from app.models.conflicts import conflict
from app.models.customer_queries import suggest
from app.models.customers import Contact, Customer
from app.models.listing import LISTINGS, Query
from app.models.permissions import RULES
from app.models.record import KINDS, typed_fields, values_of
from app.reports import papers, papers_list, papers_month, papers_period, table_workbook
from app.services import cases, changes, duplicates, figures_content, periods, person_data, timeline, trail
from tests.guarded import BLIND, SECRETS, Guarded, fill, found_in, guarded_fields
from tests.make import Make
from tests.models.stands import complaint_in
from tests.reports.reading import text_of
from tests.staffed import join, protected, quick, signed_in

RECORDS = {"customer.phone", "customer.contacts.phone", "customer.background", "complaint.phone"}
AGREEMENT = {"agreement.party_b_identity", "agreement.party_b_phone"}


@pytest.fixture
def held(make: Make) -> Guarded:
    return fill(make)


def _told(capsys: pytest.CaptureFixture[str], act: Callable[[], object]) -> str:
    capsys.readouterr()
    act()
    return capsys.readouterr().out


def _workbook(path: Path) -> str:
    book = load_workbook(path)
    return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None)


class Ways:
    """The ways out, each as the text that somebody gets; named by what they are."""

    def __init__(self, session: Session, held: Guarded, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.session, self.held, self.place, self.capsys = session, held, place, capsys

    def lists(self) -> str:
        return str([row for one in LISTINGS.values() for row in one.page(self.session, Query(), 0, 100)])

    def searches(self) -> str:
        asked = Query(text="鑫瑞达")
        return str([row for one in LISTINGS.values() for row in one.page(self.session, asked, 0, 100)])

    def suggestions(self) -> str:
        return str(suggest(self.session, SECRETS["customer.phone"][0][-4:]))

    def workbooks_of_lists(self) -> str:
        path = self.place / "list.xlsx"
        told = []
        for listing in LISTINGS.values():
            table_workbook.export(self.session, path, "单", listing, Query(), listing.columns, Progress())
            told.append(_workbook(path))
        return "\n".join(told)

    def registers_on_paper(self) -> str:
        made = (papers_list.register(self.session, one, Query(), one.columns[:9]) for one in LISTINGS.values())
        return "\n".join(map(text_of, made))

    def list_command(self) -> str:
        asked = argparse.Namespace(where=[], search="", sort="", view=None, limit=None)
        run = (argparse.Namespace(**vars(asked), kind=kind, json=json) for kind in LISTINGS for json in (False, True))
        return _told(self.capsys, lambda: [lists.run(one) for one in run])

    def show_command(self) -> str:
        def show(number: str, json: bool) -> None:
            records.run(argparse.Namespace(command="show", number=number, json=json, reveal=[]))

        return _told(self.capsys, lambda: [show(one.number, json) for one in self.held for json in (False, True)])

    def history_list(self) -> str:
        return str(trail.TRAIL.page(self.session, Query(), 0, 1000)) + str(list(trail.TRAIL.all(self.session, Query())))

    def history_on_paper(self) -> str:
        return text_of(papers_list.register(self.session, trail.TRAIL, Query(), trail.TRAIL.columns))

    def changes_of_records(self) -> str:
        return str([changes.of_record(self.session, one) for one in self.held])

    def time_lines(self) -> str:
        lines = [timeline.of_case(self.session, one) for one in self.held]
        return str([*lines, timeline.of_customer(self.session, self.held.customer)])

    def conflicts(self) -> str:
        typed = {"phone": "1", "background": "别的", "contacts": [{"name": "陈建国", "phone": "1"}]}
        return str(conflict(self.session, self.held.customer, values_of(self.session, self.held.customer), typed).differences)

    def workbook_of_the_month(self) -> str:
        path = self.place / "month.xlsx"
        content = figures_content.gather(self.session, periods.read("2026-11", date(2026, 11, 23)))
        papers_month.write(self.session, path, content)
        return _workbook(path)

    def duplicates(self) -> str:
        return str(duplicates.check(self.session, Progress()))


EXPECTED: dict[str, set[str]] = {
    "lists": {"customer.phone", "complaint.phone"},
    "searches": {"customer.phone", "complaint.phone"},
    "suggestions": {"customer.phone"},
    "workbooks_of_lists": {"customer.phone", "complaint.phone"},
    "registers_on_paper": {"customer.phone"},
    "list_command": {"customer.phone", "customer.background", "complaint.phone", *AGREEMENT},
    "show_command": RECORDS | AGREEMENT,
    "history_list": RECORDS | AGREEMENT,
    "history_on_paper": RECORDS | AGREEMENT,
    "changes_of_records": RECORDS | AGREEMENT,
    "time_lines": {"customer.phone", "customer.background", "complaint.phone", *AGREEMENT},
    "conflicts": {"customer.phone", "customer.contacts.phone", "customer.background"},
    "workbook_of_the_month": set(),
    "duplicates": set(),
}
"""What stands there for somebody who reads everything; the last two never show such a field."""


def test_every_guarded_field_is_looked_for() -> None:
    assert guarded_fields() == set(SECRETS)


def test_every_way_is_walked() -> None:
    assert {name for name, way in vars(Ways).items() if callable(way) and not name.startswith("_")} == set(EXPECTED)


@pytest.mark.parametrize("way", EXPECTED)
def test_what_may_not_be_read_does_not_come_out(
    way: str, session: Session, held: Guarded, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (records, lists):
        monkeypatch.setattr(module, "open_session", lambda _asked: session)
    session.roles = BLIND
    assert found_in(getattr(Ways(session, held, tmp_path, capsys), way)()) == set()
    session.roles = frozenset(ROLES)
    assert found_in(getattr(Ways(session, held, tmp_path, capsys), way)()) == EXPECTED[way]


def test_a_clerk_reads_phones_but_not_the_note(session: Session, held: Guarded) -> None:
    session.roles = frozenset({"clerk"})
    case = cases.seen(session, cases.load(session, held.customer.number))
    assert found_in(str(case.values)) == {"customer.phone", "customer.contacts.phone"}
    assert case.values["background"] == "—"


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13800000001", "138****0001"),
        ("138 0000 0001", "138 **** 0001"),
        ("0571-55500123", "057*-****0123"),
        ("55500123", "******23"),
        ("12345", "****5"),
        ("110", "***"),
        ("13800000001/13900000002", "138****0001/139****0002"),
        ("110101199003074258", "110***********4258"),
        ("陈老板13800000001", "陈老板*******0001"),
    ],
)
def test_a_mask_keeps_the_ends_and_hides_most(number: str, masked: str) -> None:
    assert sight.mask(number) == masked


def test_who_may_not_read_finds_by_a_whole_number_or_its_last_digits_only(session: Session, held: Guarded) -> None:
    phone, contact = (SECRETS[field][0] for field in ("customer.phone", "customer.contacts.phone"))
    case = SECRETS["complaint.phone"][0]

    def hits(typed: str) -> list[int]:
        listed = [len(LISTINGS[kind].page(session, Query(text=typed), 0, 9)) for kind in ("customers", "complaints")]
        assert [LISTINGS[kind].count(session, Query(text=typed)).rows for kind in ("customers", "complaints")] == listed
        return [*listed, len(suggest(session, typed))]

    probes = (phone[:5], phone[3:7], phone[:10], phone[-5:], contact[:8], case[:7], case[2:10], f"鑫瑞达 {phone[:6]}")
    assert all(sum(hits(typed)) for typed in probes)
    session.roles = BLIND
    assert [hits(typed) for typed in probes] == [[0, 0, 0]] * len(probes)
    spaced = f"{phone[:3]} {phone[3:7]} {phone[7:]}"
    for typed in (phone, spaced, phone[-4:], contact, contact[-4:], f"鑫瑞达 {phone}"):
        assert hits(typed) == [1, 0, 1], typed
    for typed in (case, case[-4:]):
        assert hits(typed) == [0, 1, 0], typed
    assert hits("18") == [1, 0, 1]  # of the address


def test_restricted_text_is_in_no_index(session: Session, held: Guarded) -> None:
    for kind in KINDS.values():
        assert not {one.code for one in kind.FIELDS if one.restricted} & set(kind.FOUND_BY)
    assert LISTINGS["customers"].page(session, Query(text="债务纠纷"), 0, 9) == []


def test_a_list_is_neither_narrowed_nor_sorted_by_what_may_not_be_read(session: Session, held: Guarded) -> None:
    asked = Query(where={"background": (SECRETS["customer.background"][0],)})
    assert len(LISTINGS["customers"].page(session, asked, 0, 9)) == 1
    session.roles = BLIND
    with pytest.raises(NotPermitted):
        LISTINGS["customers"].page(session, asked, 0, 9)
    with pytest.raises(UserError, match="cannot be sorted"):
        LISTINGS["customers"].page(session, Query(sort="phone"), 0, 9)


def revealed(record: object) -> list[tuple[str, str | None, str]]:
    entries = history.of(record.KIND, record.id)  # type: ignore[attr-defined]
    return [(one.who, one.field, one.note) for one in entries if one.action == sight.REVEAL]


def test_a_look_stands_in_the_history(session: Session, held: Guarded, capsys: pytest.CaptureFixture[str]) -> None:
    session.roles = BLIND
    for code in ("phone", "contacts", "background"):
        sight.reveal(session, Customer, held.customer.id, code)
    assert revealed(held.customer) == [(session.user, code, "") for code in ("phone", "contacts", "background")]
    events = timeline.of_case(session, held.customer)
    assert [one.text for one in events if one.action == sight.REVEAL] == ["Background note", "Contacts", "Phone"]
    assert history.of("customer", held.customer.id)[-1].old is None
    assert timeline.last_step(session, held.complaint).action == "agreement"  # type: ignore[union-attr]


def test_who_reads_it_anyway_leaves_no_look_behind(session: Session, held: Guarded) -> None:
    sight.reveal(session, Customer, held.customer.id, "phone")
    papers.paper(session, papers.FORM, cases.load(session, held.complaint.number))
    assert revealed(held.customer) == revealed(held.complaint) == []


def test_who_may_not_look_is_told_why_and_nothing_is_written(session: Session, held: Guarded) -> None:
    session.roles = frozenset({"admin"})
    with pytest.raises(NotPermitted, match="clerk or handler or manager or branch head"):
        sight.reveal(session, Customer, held.customer.id, "phone")
    with pytest.raises(UserError, match="“name” is no field"):
        sight.reveal(session, Customer, held.customer.id, "name")
    assert revealed(held.customer) == []


def test_the_command_reveals_a_field_and_leaves_the_others(
    session: Session, held: Guarded, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "open_session", lambda _asked: session)
    session.roles = BLIND
    asked = argparse.Namespace(command="show", number=held.customer.number, json=True, reveal=["contacts"])
    told = json.loads(_told(capsys, lambda: records.run(asked)))
    assert told["contacts"][0]["phone"] == SECRETS["customer.contacts.phone"][0]
    assert (told["phone"], told["background"]) == ("138****2222", "—")
    assert revealed(held.customer) == [(session.user, "contacts", "")]


PAPERS = {
    papers.FORM: {"complaint.phone"},
    papers.RECEIPT: {"complaint.phone"},
    papers.FOLLOW_UP: {"complaint.phone"},
    papers.AGREEMENT: AGREEMENT,
    papers.CASE_FILE: {"complaint.phone", *AGREEMENT},
    papers.APPROVAL: set(),
}


@pytest.mark.parametrize("document", PAPERS)
def test_a_paper_shows_the_number_and_is_a_look(document: str, session: Session, held: Guarded) -> None:
    """Once for a sitting, however often it is shown; a paper without numbers is none."""
    session.roles = BLIND
    for _again in range(2):
        made = papers.paper(session, document, cases.load(session, held.complaint.number))
    assert found_in(text_of(made.content)) == PAPERS[document]
    assert revealed(held.complaint) == ([(session.user, None, document)] if PAPERS[document] else [])


def test_the_sheet_before_a_visit_shows_phones_but_no_restricted_note(session: Session, held: Guarded) -> None:
    session.roles = BLIND
    made = papers.paper(session, papers.VISIT, cases.load(session, held.customer.number))
    assert found_in(text_of(made.content)) == {"customer.phone", "customer.contacts.phone"}
    assert revealed(held.customer) == [(session.user, None, "visit")]


def test_the_report_on_a_period_shows_nobodys_number(session: Session, held: Guarded) -> None:
    made = papers_period.render(session, periods.read("2026-11", date(2026, 11, 23)))
    assert found_in(text_of(made.content)) == set()


def test_a_person_gets_all_that_is_kept(session: Session, held: Guarded) -> None:
    session.roles = BLIND
    told = str(person_data.as_json(session, held.customer))
    assert found_in(told) == set(SECRETS)


def test_who_prints_papers_with_numbers_may_look_at_them() -> None:
    assert set(RULES["paper.print"].roles) <= set(RULES["masked.reveal"].roles)
    for guard, rule in permissions.READERS.items():
        assert set(rule.roles) <= set(RULES[f"{guard}.reveal"].roles)


def test_who_writes_numbers_reads_them() -> None:
    """What they type starts from what they see of others."""
    readers = set(permissions.READERS["masked"].roles)
    for name, kind in KINDS.items():
        if any(one.masked for one in typed_fields(kind)):
            assert set(RULES[f"{name}.add"].roles) | set(RULES[f"{name}.edit"].roles) <= readers


def test_who_draws_an_agreement_up_without_reading_the_numbers_keeps_them(session: Session, make: Make) -> None:
    """The step starts from what is known; a form or a script gives back the masks that it was shown, or nothing."""
    customer = make.customer(licence="330102111111")
    complaint = complaint_in(make, "replied", customer=customer.number)
    session.roles = BLIND
    for given in ({}, {"party_b_phone": sight.mask(customer.phone), "party_b_identity": sight.mask(customer.licence)}):
        make.steps(complaint, ("agreement", given))
        made = current(session, make.again(complaint))
        assert made is not None
        assert (made.party_b_phone, made.party_b_identity) == (customer.phone, customer.licence)


def test_an_open_branch_reads_everything(session: Session, held: Guarded) -> None:
    assert session.open
    case = cases.load(session, held.customer.number)
    assert cases.seen(session, case) is case


def test_somebody_who_signed_in_reads_by_their_roles(session: Session, held: Guarded, monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)
    protected(session)
    for name, role, phone in (("周强", "head", "138****2222"), ("李静", "clerk", "13810012222")):
        here = signed_in(session, join(session, name, role))
        case = cases.seen(here, cases.load(here, held.customer.number))
        assert (case.values["phone"], case.values["background"]) == (phone, "—")


def test_contacts_are_guarded_by_their_phones() -> None:
    assert sight.guard_of(Customer, "contacts") == Contact.field("phone").guard == "masked"
