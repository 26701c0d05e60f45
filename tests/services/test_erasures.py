"""An erased customer leaves no trace in any file, and no figure changes but for the label."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core import database, search_index, store_file
from app.core.errors import NotPermitted, UserError, ValidationError
from app.core.progress import Progress
from app.models import attachments, history, merges, prints, unfinished
from app.models.agreements import Agreement
from app.models.complaints import Complaint
from app.models.customer_queries import suggest
from app.models.customers import Customer
from app.models.listing import COMPLAINTS, CUSTOMERS, Query
from app.models.record import edit, find, values_of
from app.reports import table_workbook
from app.services import checking, closing, erased_list, erased_traces, erasures, figures, periods, retention, workplace
from app.services.figures_json import as_json
from tests.make import Make
from tests.models.stands import agreement_in
from tests.services.taking_in import bring_in, counts

PERSON = (
    "龘靐齉",
    "龘靐",
    "13800005678",
    "西街七号",
    "爨麤",
    "13700001111",
    "爨老板",
    "骉犇路",
    "夔姑娘",
    "我家孩子",
    "龘靐齉身份证",
)
"""All that tells of the customer in the tests; no other text here holds a piece of it."""


@pytest.fixture
def customer(make: Make, tmp_path: Path) -> Customer:
    """A customer with closed cases, contacts, a log, attachments, a form half typed and a changed name."""
    one = make.customer(
        name="龘靐店",
        phone="13800005678",
        address="西街七号",
        route="城东",
        contacts=[{"name": "爨麤", "phone": "13700001111", "main": True}],
    )
    one = edit(make.session, one, {"name": "龘靐齉"}, one.version)
    one = make.steps(one, ("log", {"kind": "visit", "at": "2026-11-20", "text": "龘靐齉说我家孩子病了"}))
    objection = make.objection(customer=one.number, what="爨老板嫌贵", who="爨老板")
    make.steps(objection, ("close", {"solved_on_spot": True, "satisfaction": 5, "result": "爨老板满意"}))
    case = make.complaint(
        customer=one.number,
        complainant="爨老板",
        phone="13700001111",
        address="骉犇路",
        end_user="夔姑娘",
        description="我家孩子",
        product_lines=[{"product": make.product().number, "batch": "龘靐齉07"}],
    )
    for name, shows in (("龘靐齉身份证.jpg", "licence"), ("龘靐齉批号.jpg", "batch_photo")):
        (tmp_path / name).write_bytes(f"{name} 龘靐齉身份证".encode() if shows == "licence" else b"box")
        attachments.attach(make.session, case, tmp_path / name, shows)
    ending = {"reason": "爨老板不再要求", "satisfaction": 4, "result": "爨老板走了", "lesson": "爨麤要早打电话"}
    make.steps(case, "sign", ("close", ending))
    unfinished.keep(make.session, "complaint", "龘靐齉", {"description": "我家孩子"})
    unfinished.keep(make.session, "complaint.investigate", "", {"findings": "我家孩子"}, number=case.number)
    found: Customer = make.again(one)
    return found


def traces(folder: Path) -> set[str]:
    """What of the person stands in any file of the folder."""
    read = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    read += [path.name.encode() for path in folder.rglob("*")]
    return {text for text in PERSON if any(text.encode() in content for content in read)}


def counted(make: Make) -> str:
    """All figures of the month, the customer's label apart."""
    period = periods.read("2026-11", make.session.now().date())
    told = str(as_json(figures.compute(make.session, period)))
    return told.replace("龘靐齉", "*").replace("Erased customer KH-0001", "*")


def test_an_erased_customer_leaves_no_trace_and_no_other_figure(make: Make, customer: Customer) -> None:
    other = make.complaint(customer=make.customer(name="别家", referred_by="龘靐齉").number)
    before = counted(make)
    assert traces(make.session.folder) >= set(PERSON) - {"龘靐齉身份证"}
    done = erasures.erase(make.session, customer, "2026-11-23 书面申请")
    assert done.clean
    assert (done.plan.complaints, done.plan.objections, done.plan.contacts, done.plan.log, done.plan.files) == (1, 1, 1, 1, 1)
    assert traces(make.session.folder) == set()
    assert counted(make) == before
    assert make.again(customer).name == "Erased customer KH-0001"
    case = Complaint.get(Complaint.customer == customer.id)
    assert (case.customer_name, case.complainant, case.lesson) == ("Erased customer KH-0001", "[erased]", "[erased]要早打电话")
    assert [file.name for file in attachments.of(make.session, case)] == ["[erased]批号.jpg"]
    assert COMPLAINTS.count(make.session, Query(text="爨老板")).rows == 0
    assert COMPLAINTS.count(make.session, Query(text=other.number)).rows == 1
    assert suggest(make.session, "龘靐") == []
    assert unfinished.of(make.session) == []
    assert checking.check(make.session) == []


def test_lists_and_reports_that_were_asked_for_by_name_no_longer_say_it(make: Make, customer: Customer, tmp_path: Path) -> None:
    session, columns = make.session, CUSTOMERS.columns
    for asked in ("龘靐齉", "别家"):
        table_workbook.export(session, tmp_path / "单.xlsx", "单", CUSTOMERS, Query(text=asked), columns, Progress())
    prints.keep_file(session, prints.MONTH_PAPER, b"%PDF", "2026-11，客户：龘靐齉")
    erasures.erase(session, customer, "申请")
    assert traces(session.folder) == set()
    told = [one.note for one in history.of("branch", session.branch.id) if one.action in ("export", "print")]
    assert [("别家" in note, note == "") for note in told] == [(False, True), (True, False), (False, True)]
    assert checking.check(session) == []


def test_without_the_sweep_the_name_stays_in_the_files(make: Make, customer: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erased_traces, "sweep", lambda _progress: True)
    erasures.erase(make.session, customer, "申请")
    assert traces(make.session.folder)


def test_a_search_index_holds_what_was_deleted_until_it_is_put_together_anew(make: Make) -> None:
    for number in range(100):
        search_index.put("customer", [(number, f"别家{number}")])
    for name in ("爨麤", "别家"):
        search_index.put("customer", [(1000, name)])

    def found() -> bool:
        database.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return "麤".encode() in (make.session.folder / database.FILE_NAME).read_bytes()

    assert found()
    search_index.compact()
    assert not found()


def test_others_save_while_a_search_index_is_put_together_anew(make: Make) -> None:
    for number in range(100):
        search_index.put("customer", [(number, f"别家{number}")])
    other = store_file.raw(make.session.folder / database.FILE_NAME, None)
    other.execute("PRAGMA busy_timeout = 0")
    saved = 0

    class Between(Progress):
        def report(self, _done: int, _total: int | None, _sentence: str) -> None:
            nonlocal saved
            other.execute("UPDATE branch SET phone = ?", (f"{saved}",))
            saved += 1

    search_index.compact(Between())
    other.close()
    assert saved >= 1


def test_a_sweep_that_is_stopped_goes_on_when_the_folder_is_opened_again(make: Make, customer: Customer) -> None:
    erasures.begin(make.session, customer, "申请")
    stopped = Progress()
    stopped.cancel()
    assert not erased_traces.finish(make.session.folder, stopped)
    assert (make.session.folder / erased_traces.MARK).exists()
    database.close()
    workplace.open_folder(make.session.folder, user="王敏", clock=make.session.clock)
    assert traces(make.session.folder) == set()
    assert not (make.session.folder / erased_traces.MARK).exists()


def test_an_erasure_during_the_sweep_of_another_one_is_followed_up_itself(make: Make, customer: Customer) -> None:
    file = make.session.folder.parent / "他人.txt"
    file.write_text("骉犇", encoding="utf-8")
    other = make.customer(name="后来的")
    attachments.attach(make.session, other, file)
    (kept,) = attachments.of(make.session, other)
    erasures.begin(make.session, customer, "申请")
    begun = False

    class Between(Progress):
        def report(self, _done: int, _total: int | None, _sentence: str) -> None:
            nonlocal begun
            if not begun:
                begun = True
                erasures.begin(make.session, other, "申请")

    assert erased_traces.finish(make.session.folder, Between())
    assert begun
    assert attachments.place_of(make.session.folder, kept.sha256).exists()
    assert erased_traces.finish(make.session.folder)
    assert not attachments.place_of(make.session.folder, kept.sha256).exists()
    assert not (make.session.folder / erased_traces.MARK).exists()


def test_an_open_case_and_a_missing_reason_and_right_refuse(make: Make, customer: Customer) -> None:
    case = make.complaint(customer=customer.number)
    with pytest.raises(UserError, match=case.number):
        erasures.erase(make.session, customer, "申请")
    make.steps(case, ("void", {"reason": "重复"}))
    with pytest.raises(ValidationError):
        erasures.erase(make.session, customer, " ")
    make.session.roles = frozenset({"clerk"})
    with pytest.raises(NotPermitted):
        erasures.erase(make.session, customer, "申请")
    assert make.again(customer).name == "龘靐齉"
    assert erased_list.listed(make.session.folder) == {}


def test_a_signed_agreement_stays_until_its_time_is_over(make: Make) -> None:
    agreement: Agreement = agreement_in(make, "signed")
    case = agreement.complaint
    make.steps(case, ("close", {"satisfaction": 4, "reason": "已履行", "result": "好"}))
    kept = values_of(make.session, agreement)
    done = erasures.erase(make.session, case.customer, "申请")
    assert [one.number for one in done.plan.kept] == [agreement.number]
    assert done.plan.kept[0].until.year == agreement.signed_on.year + 3
    assert values_of(make.session, make.again(agreement)) == kept | {"customer_name": f"Erased customer {case.customer.number}"}
    assert make.again(case).description == "[erased]"
    make.session.clock.advance(days=3 * 366)  # type: ignore[attr-defined]
    again = erasures.erase(make.session, make.again(case.customer), "保存期满")
    assert again.plan.kept == ()
    assert make.again(agreement).party_b == "[erased]"


def test_who_was_erased_is_erased_again_after_older_data_came_back(make: Make, customer: Customer, tmp_path: Path) -> None:
    with database.snapshot(make.session.folder / database.FILE_NAME) as reading:
        database.copy_to(tmp_path / "older.db", reading, Progress())
    erasures.erase(make.session, customer, "申请")
    assert erasures.apply_again(make.session) == []
    database.close()
    (make.session.folder / database.FILE_NAME).write_bytes((tmp_path / "older.db").read_bytes())
    database.open_database(make.session.folder)
    assert find(make.session, Customer, customer.number).name == "龘靐齉"
    assert erasures.apply_again(make.session) == [customer.number]
    assert traces(make.session.folder) == set()
    assert "龘" not in (make.session.folder / erased_list.LIST).read_text("utf-8")


def test_customers_are_due_when_their_last_case_is_older_than_the_retention(make: Make, customer: Customer) -> None:
    assert retention.due(make.session) == []
    make.session.clock.advance(days=3 * 366)  # type: ignore[attr-defined]
    assert [one.number for one in retention.due(make.session)] == [customer.number]
    assert make.again(customer).name == "龘靐齉"
    erasures.erase(make.session, customer, "保存期满")
    assert retention.due(make.session) == []


def test_what_was_merged_goes_too_and_a_merged_record_points_to_its_survivor(make: Make, customer: Customer) -> None:
    keep = make.customer(name="别家")
    merges.merge(make.session, keep, customer)
    with pytest.raises(UserError, match=keep.number):
        erasures.erase(make.session, make.again(customer), "申请")
    erasures.erase(make.session, make.again(keep), "申请")
    assert traces(make.session.folder) == set()
    assert checking.check(make.session) == []


def test_months_that_were_closed_lose_the_person_and_keep_their_figures(make: Make, customer: Customer) -> None:
    other = make.complaint(customer=make.customer(name="别家", phone="13711112222").number, description="别家的话")
    make.session.clock.advance(days=10)  # type: ignore[attr-defined]
    period = periods.read("2026-11", make.session.now().date())
    closing.close(make.session, period)

    def kept() -> tuple[str, str]:
        found = closing.closed(make.session, period)
        assert found is not None
        rows = [*found.content.complaints.rows, *found.content.objections.rows]
        return str(as_json(found.content.figures)), f"{rows} {found.content}"

    figures_before, rows_before = kept()
    assert "爨老板" in rows_before
    erasures.erase(make.session, customer, "申请")
    figures_after, rows_after = kept()
    assert figures_after == figures_before.replace("龘靐齉", "Erased customer KH-0001")
    assert {text for text in PERSON if text in rows_after} == set()
    assert "别家的话" in rows_after
    assert other.number in rows_after
    assert checking.check(make.session) == []


def test_who_was_erased_is_not_offered_and_begins_no_new_case(make: Make, customer: Customer) -> None:
    case = next(one for one in Complaint.select().where(Complaint.customer == customer.id))
    erasures.erase(make.session, customer, "书面申请")
    again = make.again(customer)
    assert suggest(make.session, again.number) == []
    assert suggest(make.session, "Erased customer") == []
    for begin in (make.complaint, make.objection):
        with pytest.raises(ValidationError) as refused:
            begin(customer=again.number)
        assert "enter the customer anew" in refused.value.errors["customer"]
    with pytest.raises(UserError, match="enter the customer anew"):
        edit(make.session, again, {"name": "龘靐齉"}, again.version)
    with pytest.raises(UserError, match="enter the customer anew"):
        make.steps(again, ("log", {"kind": "visit", "text": "又来了"}))
    kept = make.steps(make.again(case), ("reopen", {"reason": "判决要求重新处理"}))
    assert edit(make.session, kept, {"customer": again.number, "channel": "phone"}, kept.version).customer.number == again.number


def test_a_register_brings_nothing_to_an_erased_customer(make: Make, customer: Customer, tmp_path: Path) -> None:
    erasures.erase(make.session, customer, "书面申请")
    named = f"投诉编号,投诉日期,客户名称,投诉内容\nA2,2026-11-20,{customer.number},又来投诉\n"
    [rejected] = bring_in(make.session, tmp_path, named).rejected
    assert "enter the customer anew" in rejected.reason
    again = f"客户编号,客户名称,地址\n{customer.number},龘靐齉,西街七号\n"
    assert counts(bring_in(make.session, tmp_path, again, "customers")) == (1, 0, 0, 1, 0)
    assert make.again(customer).address is None


def test_what_a_full_disk_kept_after_the_erasure_is_swept_when_the_folder_is_opened_again(
    make: Make, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is done and cannot be taken back: so it is no error, and what is left to do is not forgotten."""

    def full(_progress: Progress | None) -> bool:
        raise database.driver.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(erased_traces, "sweep", full)
        assert not erasures.erase(make.session, customer, "申请").clean
    assert traces(make.session.folder)
    database.close()
    workplace.open_folder(make.session.folder, user="王敏", clock=make.session.clock)
    assert traces(make.session.folder) == set()
    assert not (make.session.folder / erased_traces.MARK).exists()


def test_a_file_of_an_erased_customer_that_could_not_be_deleted_goes_when_the_folder_is_opened_again(
    make: Make, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "held by another program")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        assert not erasures.erase(make.session, customer, "申请").clean
    assert "龘靐齉身份证" in traces(make.session.folder)
    database.close()
    workplace.open_folder(make.session.folder, user="王敏", clock=make.session.clock)
    assert traces(make.session.folder) == set()
    kept = [path for path in (make.session.folder / "attachments").glob("*/*") if path.is_file()]
    assert len(kept) == 1


@pytest.mark.parametrize("licence", ["", "XK-99"])
def test_a_register_brings_no_erased_person_back_under_a_new_number(make: Make, tmp_path: Path, licence: str) -> None:
    customer = make.customer(name="龘靐齉", phone="13800005678", licence=licence or None)
    erasures.erase(make.session, customer, "书面申请")
    head = "投诉编号,投诉日期,客户名称,联系电话,投诉内容\n"
    cases = f"{head}A2,2026-11-20,龘靐齉,138 0000 5678,霉变\nA3,2026-11-20,龘靐齉,13911112222,霉变\n"
    [rejected] = bring_in(make.session, tmp_path, cases).rejected
    assert (rejected.row, "by hand" in rejected.reason) == (2, True)
    people = f"客户名称,电话,许可证号\n龘靐齉,13800005678,\n又一家,13700000000,{licence}\n"
    result = bring_in(make.session, tmp_path, people, "customers")
    assert len(result.rejected) == (2 if licence else 1)
    by_hand = make.customer(name="龘靐齉", phone="13800005678")
    assert not bring_in(make.session, tmp_path, cases).rejected
    assert Complaint.get(Complaint.source_reference == "A2").customer_id == by_hand.id


def test_the_list_of_the_erased_tells_nobody_without_the_database(make: Make, customer: Customer) -> None:
    erasures.erase(make.session, customer, "书面申请")
    known = erased_list.listed(make.session.folder).keys()
    assert known & erased_list.signs(erased_list.salt_of(make.session), ["龘靐齉"], ["13800005678"], [])
    assert not known & erased_list.signs("", ["龘靐齉"], ["13800005678"], [])
