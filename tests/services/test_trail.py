"""The history as a list: filters, pages by id, and what each row says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.core import language
from app.core.database import database, transaction
from app.core.progress import Progress
from app.core.session import Session
from app.models import branches, history, prints
from app.models.listing import Count, Query
from app.models.record import edit
from app.reports import papers_list
from app.services import list_words
from app.services.trail import TRAIL
from tests.conftest import Clock
from tests.make import Make
from tests.services.tampering import run


def told(session: Session, **asked: object) -> list[tuple[object, ...]]:
    return [row[3:] for row in TRAIL.page(session, Query(**asked), 0, 100)]  # type: ignore[arg-type]


@pytest.fixture
def busy(make: Make, clock: Clock) -> Make:
    customer = make.customer()
    clock.advance(days=1)
    make.session.user = "刘洋"
    edit(make.session, customer, {"phone": "13800005678", "address": "西街"}, customer.version)
    clock.advance(days=1)
    make.session.user = "王敏"
    branches.edit(make.session, {"phone": "0571-1"})
    branches.change_settings(make.session, {"copies": 3})
    prints.record_print(make.session, customer, "form", b"%PDF")
    prints.keep_file(make.session, "register", b"%PDF", "客户台账")
    return make


def test_each_row_says_what_was_done_newest_first(busy: Make) -> None:
    assert told(busy.session) == [
        ("print", "branch", "", "List as PDF: 客户台账"),
        ("print", "customer", "KH-0001", "Complaint registration form × 1"),
        ("setting", "branch", "", "Copies of an agreement: 2 → 3"),
        ("edit", "branch", "", "Phone: — → 0571-1"),
        ("edit", "customer", "KH-0001", "Address: — → 西街"),
        ("edit", "customer", "KH-0001", "Phone: 13800001234 → 13800005678"),
        ("add", "customer", "KH-0001", ""),
    ]


def test_it_is_asked_by_person_kind_act_days_and_number(busy: Make) -> None:
    busy.objection(customer="KH-0001")
    assert len(told(busy.session, where={"who": ("刘洋",)})) == 2
    assert {row[1] for row in told(busy.session, where={"kind": ("branch",)})} == {"branch"}
    assert len(told(busy.session, where={"action": ("add", "print")})) == 4
    assert len(told(busy.session, since=date(2026, 11, 24), until=date(2026, 11, 24))) == 2
    assert {row[2] for row in told(busy.session, text=" KH-0001 ")} == {"KH-0001"}
    assert told(busy.session, text="KH-0009") == []
    assert len(told(busy.session, text="KH-0001", where={"who": ("王敏",), "action": ("print",)})) == 1
    assert TRAIL.known(busy.session, "who") == ["刘洋", "王敏"]
    assert TRAIL.known(busy.session, "action") == ["add", "edit", "print", "setting"]


@pytest.mark.parametrize("capped", [False, True])
@pytest.mark.parametrize(
    "asked",
    [
        Query(),
        Query(where={"who": ("刘洋",)}),
        Query(where={"kind": ("customer", "branch"), "action": ("import", "edit")}),
        Query(since=date(2026, 11, 24)),
        Query(until=date(2026, 11, 24), where={"who": ("王敏",)}),
    ],
)
def test_pages_are_the_rows_in_their_order(busy: Make, asked: Query, capped: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever way they are found: by their ids, an index, or one row after the other."""
    if capped:
        monkeypatch.setattr("app.services.trail.FILTERED_CAP", 100)
    with transaction():
        history.write_many(busy.session, "customer", range(1, 151), "import", "客户.xlsx")
        busy.session.user = "刘洋"
        history.write_many(busy.session, "customer", range(151, 301), "import", "客户.xlsx")
    every = [row[0] for row in TRAIL.all(busy.session, asked)]
    assert every == sorted(every, reverse=True)
    counted = TRAIL.count(busy.session, asked)
    assert counted == (Count(100, True) if capped and asked != Query() and len(every) > 100 else Count(len(every), False))
    paged = [row[0] for start in range(0, counted.rows, 30) for row in TRAIL.page(busy.session, asked, start, 30, counted)]
    assert paged[:100] == every[: max(100, counted.rows)][:100]


def test_all_of_a_million_rows_are_paged_without_walking_over_them(busy: Make) -> None:
    """By plan: SQLite seeks the page by its id."""
    sql = "EXPLAIN QUERY PLAN SELECT 1 FROM history AS c WHERE c.id <= 9 ORDER BY c.id DESC LIMIT 5"
    assert "USING INTEGER PRIMARY KEY" in str(run(sql))
    with transaction():
        history.write_many(busy.session, "customer", range(5_000), "import", "")
    steps: list[str] = []
    database.connection().set_trace_callback(steps.append)
    TRAIL.page(busy.session, Query(), 4_000, 100, TRAIL.count(busy.session, Query()))
    database.connection().set_trace_callback(None)
    assert not any("OFFSET" in step for step in steps)


def test_what_was_erased_says_so(busy: Make) -> None:
    with transaction():
        history.erase(busy.session, "customer", 1)
    assert [row[3] for row in told(busy.session, where={"kind": ("customer",), "who": ("刘洋",)})] == [
        "personal data, erased"
    ] * 2
    assert told(busy.session)[0][:3] == ("erase", "customer", "KH-0001")


def test_a_register_of_it_names_what_was_asked_for(busy: Make) -> None:
    language.choose("zh_CN")
    asked = Query(where={"action": ("setting",)}, since=date(2026, 11, 1), until=date(2026, 11, 30))
    assert list_words.conditions(TRAIL, asked)[:2] == ["操作：修改设置", "时间：2026-11-01 至 2026-11-30"]
    content = papers_list.register(busy.session, TRAIL, asked, TRAIL.shown, Progress())
    assert content.startswith(b"%PDF")
    papers_list.keep_record(busy.session, TRAIL, content)
    assert told(busy.session)[0] == ("print", "branch", "", "台账: 操作记录台账")


def test_a_list_that_left_as_a_workbook_is_remembered(busy: Make, tmp_path: Path) -> None:
    prints.keep_export(busy.session, "客户.xlsx; 等级：重点")
    assert told(busy.session)[0] == ("export", "branch", "", "客户.xlsx; 等级：重点")
