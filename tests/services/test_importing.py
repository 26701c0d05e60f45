"""What becomes of the rows of a register: created, filled up, unchanged or rejected with a reason, and never twice."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from app.core import language
from app.core.database import database
from app.core.errors import Cancelled, NotPermitted, UserError
from app.core.progress import Progress
from app.core.search_index import condition
from app.core.session import Session
from app.models import history
from app.models.complaints import Complaint
from app.models.customers import Customer
from app.models.objections import Objection
from app.models.promises import Promise
from app.models.record import values_of
from app.reports import table_workbook
from app.services.importing import open_for_import, rejected_rows, take_in
from app.services.register_mapping import write_mapping
from tests.make import Make
from tests.services.taking_in import HEAD, bring_in, counts, only
from tests.services.workbooks import table, workbook


def test_a_row_becomes_an_imported_case_with_its_own_number(session: Session, tmp_path: Path) -> None:
    result = bring_in(session, tmp_path, f"{HEAD}\nA-7,2024-1-5,鑫瑞达商行,13800001234,六条霉变,product,2024-1-8\n")
    assert counts(result) == (1, 1, 0, 0, 0)
    case = only(Complaint)
    values = values_of(session, case)
    assert case.number == "TS-202401-0001"
    assert (case.status, case.imported, case.source_key) == ("closed", True, None)
    assert values["source_reference"] == "A-7"
    assert values["received_at"] == date(2024, 1, 5)
    assert values["closed_at"] == date(2024, 1, 8)
    assert values["class"] == "product"
    customer = only(Customer)
    assert values["customer"] == customer.number == "KH-0001"
    assert (customer.name, customer.phone) == ("鑫瑞达商行", "13800001234")
    assert [entry.action for entry in history.of("complaint", case.id)] == ["import"]
    found = condition("complaint", "霉变")
    assert found is not None
    hits = database.execute_sql(f"SELECT rowid FROM {found.source} WHERE {found.sql}", found.parameters)
    assert hits.fetchall() == [(case.id,)]


def test_without_an_end_a_case_is_open(session: Session, tmp_path: Path) -> None:
    bring_in(session, tmp_path, f"{HEAD}\nA-7,2024-1-5 14:30,甲,,乙,,\n")
    case = only(Complaint)
    assert (case.status, case.received_at) == ("registered", datetime(2024, 1, 5, 6, 30, tzinfo=UTC))
    bring_in(session, tmp_path, "异议日期,客户,异议内容,当场解决\n2024-1-5,甲,太贵,是\n", "objections")
    objection = only(Objection)
    assert (objection.status, objection.solved_on_spot, objection.imported) == ("open", True, True)


def test_customer_and_words_may_be_missing_but_not_the_day(session: Session, tmp_path: Path) -> None:
    result = bring_in(session, tmp_path, "投诉编号,投诉日期\n1,2024-1-5\n2,\n")
    assert counts(result) == (2, 1, 0, 0, 1)
    assert result.rejected[0].row == 3
    assert "is missing" in result.rejected[0].reason
    assert not Customer.select().count()


def test_running_twice_creates_nothing_twice(session: Session, tmp_path: Path) -> None:
    text = f"{HEAD}\nA-7,2024-1-5,甲,,乙,,\n,2024-1-6,丙,,丁,,\n"
    assert counts(bring_in(session, tmp_path, text)) == (2, 2, 0, 0, 0)
    assert counts(bring_in(session, tmp_path, text)) == (2, 0, 0, 2, 0)
    assert (Complaint.select().count(), Customer.select().count()) == (2, 2)


def test_equal_rows_without_a_number_are_cases_of_their_own(session: Session, tmp_path: Path) -> None:
    line = "2024-1-5,甲,乙\n"
    text = "投诉日期,客户,投诉内容\n" + line * 3
    assert counts(bring_in(session, tmp_path, text)) == (3, 3, 0, 0, 0)
    assert counts(bring_in(session, tmp_path, text + line)) == (4, 1, 0, 3, 0)
    assert Customer.select().count() == 1


def test_of_repeated_numbers_the_first_row_wins(session: Session, tmp_path: Path) -> None:
    result = bring_in(session, tmp_path, f"{HEAD}\n1,2024-1-5,,,first,,\n1,2024-1-6,,,second,,\n1,nonsense,,,third,,\n")
    assert counts(result) == (3, 1, 0, 2, 0)
    assert only(Complaint).description == "first"


def test_a_number_whose_first_row_is_refused_comes_in_with_the_next(session: Session, tmp_path: Path) -> None:
    result = bring_in(session, tmp_path, f"{HEAD}\n1,2024-1-5,,,first,,2023-1-1\n1,2024-1-6,,,second,,\n")
    assert counts(result) == (2, 1, 0, 0, 1)
    assert only(Complaint).description == "second"


def test_a_known_number_fills_only_what_is_empty(session: Session, tmp_path: Path) -> None:
    bring_in(session, tmp_path, f"{HEAD}\n1,2024-1-5,,,first,,\n")
    result = bring_in(session, tmp_path, f"{HEAD}\n1,2024-2-2,甲,123456789,other,product,2024-1-9\n")
    assert counts(result) == (1, 0, 1, 0, 0)
    case = only(Complaint)
    values = values_of(session, case)
    assert (values["description"], values["received_at"]) == ("first", date(2024, 1, 5))
    assert (values["class"], values["phone"], values["closed_at"]) == ("product", "123456789", date(2024, 1, 9))
    assert values["customer"] == only(Customer, name="甲").number
    assert case.customer_name == "甲"
    assert case.status == "closed"
    changed = {entry.field for entry in history.of("complaint", case.id) if entry.field}
    assert {"class", "phone", "closed_at", "customer"} <= changed
    assert counts(bring_in(session, tmp_path, f"{HEAD}\n1,2024-2-2,甲,123456789,other,product,2024-1-9\n")) == (1, 0, 0, 1, 0)


def test_what_a_register_fills_in_later_keeps_or_breaks_what_was_promised(session: Session, tmp_path: Path) -> None:
    head = "投诉编号,投诉日期,投诉内容,承诺答复时间,答复时间,办结日期"
    toml = """kind = "complaints"
[columns]
source_reference = "投诉编号"
received_at = "投诉日期"
description = "投诉内容"
promised_at = "承诺答复时间"
replied_at = "答复时间"
closed_at = "办结日期"
"""
    bring_in(session, tmp_path, f"{head}\n1,2024-1-5,a,2024-1-8,,\n2,2024-1-5,b,2024-1-8,,\n3,2024-1-5,c,,,\n", toml=toml)
    later = "1,2024-1-5,a,2024-1-8,2024-1-8,2024-1-9\n2,2024-1-5,b,2024-1-8,,2024-1-9\n3,2024-1-5,c,2024-1-8,2024-1-9,2024-1-9"
    bring_in(session, tmp_path, f"{head}\n{later}\n", toml=toml)
    assert [one.status for one in Promise.select().order_by(Promise.case)] == ["kept", "broken", "late"]
    assert [case.solved_at is None for case in Complaint.select().order_by(Complaint.id)] == [False, True, False]


def test_a_case_of_our_own_is_not_moved_by_a_register(session: Session, tmp_path: Path, make: Make) -> None:
    own = make.complaint(source_reference="12315-1")
    result = bring_in(session, tmp_path, "编号,投诉日期,办结日期,处理结果,严重程度\n12315-1,2024-1-5,2026-11-23,赔了,urgent\n")
    assert counts(result) == (1, 0, 1, 0, 0)
    now = make.again(own)
    assert (now.status, now.closed_at, now.result, now.severity) == (own.status, None, None, "urgent")


def test_our_own_numbers_are_known_in_a_list_that_comes_back(session: Session, tmp_path: Path, make: Make) -> None:
    own = make.complaint()
    result = bring_in(session, tmp_path, f"编号,投诉日期,投诉内容\n{own.number},2026-11-23,x\n")
    assert counts(result) == (1, 0, 0, 1, 0)


def test_a_void_case_stays_as_it_is(session: Session, tmp_path: Path, make: Make) -> None:
    own = make.complaint(source_reference="9")
    make.steps(own, ("void", {"reason": "重复"}))
    assert counts(bring_in(session, tmp_path, "编号,投诉日期,严重程度\n9,2024-1-5,urgent\n")) == (1, 0, 0, 1, 0)


def test_unknown_tags_are_left_out_and_counted(session: Session, tmp_path: Path) -> None:
    result = bring_in(session, tmp_path, "投诉日期,投诉内容,标签\n2024-1-5,甲,市场信息、老年人\n2024-1-6,乙,老年人\n")
    assert counts(result) == (2, 2, 0, 0, 0)
    assert result.unmapped["tags"]["老年人"] == 2
    assert [case.tags for case in Complaint.select().order_by(Complaint.id)] == [("market_information",), None]


def test_unknown_classifications_are_left_open_and_counted(session: Session, tmp_path: Path) -> None:
    head = "异议日期,客户,异议内容,异议类别,性质\n"
    lines = "".join(f"2024-1-5,甲,{n},？,genuine\n" for n in range(12))
    result = bring_in(session, tmp_path, head + lines + "2024-1-5,甲,x,价格,\n", "objections")
    assert counts(result) == (13, 13, 0, 0, 0)
    assert result.unmapped["content"]["？"] == 12
    assert Objection.select().where(Objection.nature == "genuine").count() == 12


def test_values_are_mapped_and_defaults_fill_empty_cells(session: Session, tmp_path: Path) -> None:
    toml = """
    [columns]
    received_at = "日"
    class = "类别"
    solved_on_spot = "当场"
    result = "结果"
    channel = "渠道"
    [values.class]
    "质量" = "product"
    "*" = "service"
    [values.solved_on_spot]
    "已" = true
    [values.result]
    "None" = ""
    [defaults]
    channel = "phone"
    severity = "urgent"
    [formats]
    received_at = ["%d.%m.%Y"]
    """
    text = "日,类别,当场,结果,渠道\n05.01.2024,质量,已,None,\n06.01.2024,？,否,好,传真\n07.01.2024,,,none at all,fax\n"
    result = bring_in(session, tmp_path, text, toml=toml)
    assert counts(result) == (3, 3, 0, 0, 0)
    cases = [values_of(session, case) for case in Complaint.select().order_by(Complaint.id)]
    assert [case["class"] for case in cases] == ["product", "service", None]
    assert [case["solved_on_spot"] for case in cases] == [True, False, None]
    assert [case["result"] for case in cases] == [None, "好", "none at all"]
    assert cases[0]["channel"] == "phone"
    assert cases[2]["channel"] == "fax"
    assert {case["severity"] for case in cases} == {"urgent"}


def test_values_without_a_column_are_warned_about(session: Session, tmp_path: Path) -> None:
    toml = '[columns]\nreceived_at = "日"\n[values.class]\n"质量" = "product"\n'
    assert "class" in bring_in(session, tmp_path, "日\n2024-1-5\n", toml=toml).warnings[0]


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ('[columns]\nreceived_at = "日"\nclass = "日"\n[values.class]\nx = "nonsense"\n', "class the value “nonsense”"),
        ('[columns]\nreceived_at = "日"\n[defaults]\nchannel = "smoke"\n', "smoke"),
        ('[columns]\nreceived_at = "Tag"\n', "Missing: Tag"),
        ('[columns]\nreceived_at = "日"\nnumber = "日"\nsource_reference = "日"\n', "one outside number"),
    ],
)
def test_a_mapping_that_cannot_work_is_refused_at_once(session: Session, tmp_path: Path, toml: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        bring_in(session, tmp_path, "日\n2024-1-5\n", toml=toml)


def test_rejected_rows_say_row_column_value_and_reason(session: Session, tmp_path: Path) -> None:
    phone = "1" * 101
    lines = ("1,2024-13-5,,,x,,", f"2,2024-1-5,,{phone},x,,", "3,2024-1-5,,,x,,2024-1-4", "4,2030-1-5,,,x,,", "5,1899-1-5,,,x,,")
    result = bring_in(session, tmp_path, "\n".join(("登记表", "", HEAD, *lines)))
    assert counts(result) == (5, 0, 0, 0, 5)
    assert [(one.row, one.column, one.value) for one in result.rejected] == [
        (4, "投诉日期", "2024-13-5"),
        (5, "联系电话", phone),
        (6, "办结日期", "2024-1-4"),
        (7, "投诉日期", "2030-1-5"),
        (8, "投诉日期", "1899-1-5"),
    ]
    reasons = [one.reason for one in result.rejected]
    words = ("does not exist", "101 characters", "cannot lie before", "future", "before 1900")
    assert all(word in reason for word, reason in zip(words, reasons, strict=True))
    shown = result.as_json()["rejected"]
    assert isinstance(shown, list)
    assert shown[2] == {"row": 6, "column": "办结日期", "value": "2024-1-4", "reason": reasons[2]}
    assert list(rejected_rows(result))[2] == (("3", "2024-1-5", "", "", "x", "", "2024-1-4"), reasons[2])


def test_a_corrected_rejects_workbook_comes_in_by_the_same_mapping(session: Session, tmp_path: Path) -> None:
    toml = 'sheet = "2024年"\nheader_row = 3\n[columns]\nnumber = "编号"\nreceived_at = "日期"\n'
    (tmp_path / "map.toml").write_text(toml, encoding="utf-8")
    path = workbook(tmp_path / "again.xlsx", [("编号", "日期", "Reason"), ("7", "2024-1-5", "was wrong")], title="Rejected")
    with open_for_import(session, "complaints", path, mapping=tmp_path / "map.toml") as opened:
        assert counts(take_in(opened)) == (1, 1, 0, 0, 0)


@pytest.mark.parametrize("row", [3, 9])
def test_rejects_find_their_header_whatever_line_the_mapping_names(session: Session, tmp_path: Path, row: int) -> None:
    toml = f'header_row = {row}\n[columns]\nnumber = "编号"\nreceived_at = "日期"\n'
    (tmp_path / "map.toml").write_text(toml, encoding="utf-8")
    lines = [("编号", "日期", "Reason"), *((str(number), "2024-1-5", "was wrong") for number in range(1, 5))]
    path = workbook(tmp_path / "again.xlsx", lines, title="Rejected")
    with open_for_import(session, "complaints", path, mapping=tmp_path / "map.toml") as opened:
        assert opened.header.row == 1
        assert counts(take_in(opened)) == (4, 4, 0, 0, 0)


def test_a_header_far_down_is_found_where_the_mapping_names_it(session: Session, tmp_path: Path) -> None:
    filled = "".join(f"封面,{line}\n" for line in range(300))
    text = f"{filled}编号,日期\n1,2024-1-5\n"
    toml = 'header_row = 301\n[columns]\nnumber = "编号"\nreceived_at = "日期"\n'
    assert counts(bring_in(session, tmp_path, text, toml=toml)) == (1, 1, 0, 0, 0)


def test_a_mapping_may_name_the_header_row_alone(session: Session, tmp_path: Path) -> None:
    text = "编号,投诉日期,投诉内容\n1,2024-1-5,旧表\n编号,投诉日期\n2,2024-1-6\n"
    assert counts(bring_in(session, tmp_path, text, toml="header_row = 3\n")) == (1, 1, 0, 0, 0)
    assert only(Complaint).source_reference == "2"


def test_a_dry_run_counts_and_writes_nothing(session: Session, tmp_path: Path) -> None:
    heard: list[str] = []
    session.changed.connect(lambda topic, number: heard.append(topic))
    text = f"{HEAD}\n1,2024-1-5,甲,,x,,\n1,2024-1-5,甲,,x,,\n2,x,甲,,x,,\n"
    assert counts(bring_in(session, tmp_path, text, dry_run=True)) == (3, 1, 0, 1, 1)
    assert (Complaint.select().count(), Customer.select().count(), heard) == (0, 0, [])
    assert counts(bring_in(session, tmp_path, text)) == (3, 1, 0, 1, 1)
    assert heard == ["complaint"]


def test_the_mapping_in_use_can_be_written_out_and_used(session: Session, tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", f"x\n{HEAD}\n1,2024-1-5,甲,,x,,\n")
    with open_for_import(session, "complaints", path) as opened:
        assert opened.mapping.header_row == 2
        written = write_mapping(opened.mapping)
        assert opened.preview()[0].values["received_at"] == date(2024, 1, 5)
    assert 'received_at = "投诉日期"' in written
    assert counts(bring_in(session, tmp_path, path.read_text(), toml=written)) == (1, 1, 0, 0, 0)


def test_cancelling_leaves_nothing_behind(session: Session, tmp_path: Path) -> None:
    class Impatient(Progress):
        def report(self, done: int, total: int | None, sentence: str) -> None:
            if done > 1_500:
                self.cancel()

    path = table(tmp_path / "a.csv", "投诉日期,客户\n" + "".join(f"2024-1-5,甲{n}\n" for n in range(5_000)))
    with open_for_import(session, "complaints", path) as opened, pytest.raises(Cancelled):
        take_in(opened, progress=Impatient())
    written = history.History.select().where(history.History.kind != "branch").count()
    assert (Complaint.select().count(), Customer.select().count(), written) == (0, 0, 0)


def test_a_file_that_breaks_off_leaves_nothing_behind(session: Session, tmp_path: Path) -> None:
    lines = "".join(f"2024-1-5,甲{n}\n" for n in range(3_000))
    with pytest.raises(UserError, match="quotation mark"):
        bring_in(session, tmp_path, f'投诉日期,客户\n{lines}2024-1-5,"open\n')
    assert Complaint.select().count() == 0


def test_a_file_without_any_known_column_is_refused(session: Session, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"No column of register\.csv is recognised"):
        bring_in(session, tmp_path, "a,b\n1,2\n")


def test_a_header_repeated_on_every_page_is_no_row(session: Session, tmp_path: Path) -> None:
    text = f"{HEAD}\n1,2024-1-5,,,x,,\n\n{HEAD}\n2,2024-1-5,,,y,,\n"
    assert counts(bring_in(session, tmp_path, text)) == (2, 2, 0, 0, 0)


def test_a_line_of_a_part_that_lacks_its_name_rejects_the_row(session: Session, tmp_path: Path) -> None:
    result = bring_in(session, tmp_path, "投诉日期,产品名称,批号\n2024-1-5,,B1\n2024-1-5,云岭,B1\n")
    assert counts(result) == (2, 1, 0, 0, 1)
    assert result.rejected[0].column == "产品名称"


def test_cells_of_a_workbook_come_in_as_they_are_meant(session: Session, tmp_path: Path) -> None:
    rows = [
        ("投诉编号", "投诉日期", "投诉内容", "满意度", "联系电话", "办结日期"),
        (1001, datetime(2024, 1, 5, 14, 30), 12.0, 4.0, 13800001234, datetime(2024, 1, 6)),
    ]
    with open_for_import(session, "complaints", workbook(tmp_path / "a.xlsx", rows)) as opened:
        assert counts(take_in(opened)) == (1, 1, 0, 0, 0)
    values = values_of(session, only(Complaint))
    assert (values["source_reference"], values["description"]) == ("1001", "12")
    assert (values["satisfaction"], values["phone"]) == (4, "13800001234")
    assert values["closed_at"] == date(2024, 1, 6)


def test_columns_chosen_by_a_person_are_taken(session: Session, tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", "编号,foo,bar\n7,2024-1-5,words\n")
    with open_for_import(session, "complaints", path) as opened:
        chosen = opened.with_columns({"received_at": (1,), "description": (2,)})
        assert chosen.mapping.columns == {"received_at": ("foo",), "description": ("bar",)}
        assert counts(take_in(chosen)) == (1, 1, 0, 0, 0)
    assert only(Complaint).description == "words"


def test_what_nobody_sees_in_a_register_is_left_out_and_counted(session: Session, tmp_path: Path) -> None:
    first = 'N\x801,2024-1-5,诚信\x9f商行,"It\u00e2\x80\x99s late\u202e\n\x7f霉变\t两条"'
    path = table(tmp_path / "a.csv", f"投诉编号,投诉日期,客户名称,投诉内容\n{first}\nN2,2024-1-5,诚信商行,\x80\n")
    for expected in ((2, 2, 0, 0, 0), (2, 0, 0, 2, 0)):
        with open_for_import(session, "complaints", path) as opened:
            result = take_in(opened)
        assert counts(result) == expected
        assert result.warnings == ("Invisible control characters that other programs left in the register are not taken in: 7.",)
    one, second = Complaint.select().order_by(Complaint.id)
    assert (one.source_reference, one.description) == ("N1", "It\u00e2s late\n霉变\t两条")
    assert (one.customer_name, second.customer_name, second.description) == ("诚信商行", "诚信商行", None)
    assert one.customer_id == second.customer_id


def test_text_is_kept_as_it_came(session: Session, tmp_path: Path) -> None:
    text = ' ＡＢＣ，"x"\t=1+1 𠮷野家 ﬁ '
    path = workbook(tmp_path / "a.xlsx", [("投诉日期", "投诉内容"), ("2024-1-5", text)])
    with open_for_import(session, "complaints", path) as opened:
        take_in(opened)
    assert only(Complaint).description == text


def test_who_may_not_write_may_not_import(session: Session, tmp_path: Path) -> None:
    barred = dataclasses.replace(session, roles=frozenset({"handler"}))
    with pytest.raises(NotPermitted):
        bring_in(barred, tmp_path, f"{HEAD}\n1,2024-1-5,,,x,,\n")


@pytest.mark.parametrize("spoken", ["zh_CN", "en"])
def test_rejects_come_in_once_they_are_corrected(session: Session, tmp_path: Path, spoken: str) -> None:
    language.choose(spoken)
    first = bring_in(session, tmp_path, f"{HEAD}\n1,2024-2-30,甲,,x,,\n2,2024-2-31,甲,,y,,\n")
    path = tmp_path / "rejects.xlsx"
    path.write_bytes(table_workbook.rejects(first.headers, rejected_rows(first)))
    book = load_workbook(path)
    for row in book.active.iter_rows(min_row=2):
        assert row[1].value.startswith("2024-2-3")
        row[1].value = "2024-2-29"
    book.save(path)
    with open_for_import(session, "complaints", path) as opened:
        assert "cause" not in opened.mapping.columns
        again = take_in(opened)
    assert (counts(again), again.unmapped) == ((2, 2, 0, 0, 0), {})
    assert values_of(session, Complaint.get())["cause"] is None
