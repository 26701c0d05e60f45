"""Lists: search, filters, dates, order, pages and counts; two statements to a page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest

from app.core import search_index
from app.core.database import database
from app.core.errors import UserError
from app.core.fields import Kind
from app.core.session import ROLES, Session
from app.models import listing
from app.models.bulk import New, insert_many
from app.models.complaints import Complaint
from app.models.customers import Customer
from app.models.listing import COMPLAINTS, CUSTOMERS, LISTINGS, OBJECTIONS, UNCLASSIFIED, Listing, Query
from app.models.record import edit
from app.models.steps import take
from tests.make import Make
from tests.models.stands import action_in, agreement_in, complaint_in, dispatch_in


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL that runs inside."""
    seen: list[str] = []
    # What begins with a comment is the search index at its own work.
    database.connection().set_trace_callback(lambda sql: None if sql.startswith("--") else seen.append(sql))
    try:
        yield seen
    finally:
        database.connection().set_trace_callback(None)


def ids(session: Session, of: Listing, query: Query, offset: int = 0, limit: int = 50) -> list[int]:
    return [row[0] for row in of.page(session, query, offset, limit)]


@pytest.fixture
def shop(make: Make) -> Make:
    """Complaints 1–6 of two customers, received a day apart: 6 is the newest."""
    first, second = make.customer().number, make.customer(name="老王百货", phone="13900005678").number
    now = make.session.clock()
    for place in range(6):
        make.complaint(
            customer=first if place % 2 else second,
            received_at=now - timedelta(days=6 - place),
            severity=(None, "general", "urgent")[place % 3],
            description=f"第{place + 1}件：霉变",
            tags=[["crisis_warning"], ["market_information", "crisis_warning"], []][place % 3],
        )
    return make


def test_the_newest_come_first_and_pages_follow_each_other(shop: Make) -> None:
    assert ids(shop.session, COMPLAINTS, Query()) == [6, 5, 4, 3, 2, 1]
    pages = [ids(shop.session, COMPLAINTS, Query(), offset, 4) for offset in (0, 4, 8)]
    assert pages == [[6, 5, 4, 3], [2, 1], []]


@pytest.mark.parametrize("code", COMPLAINTS.columns)
@pytest.mark.parametrize("descending", [True, False])
def test_every_column_sorts_and_ties_are_stable(shop: Make, code: str, descending: bool) -> None:
    query = Query(sort=code, descending=descending)
    whole = ids(shop.session, COMPLAINTS, query)
    assert sorted(whole) == [1, 2, 3, 4, 5, 6]
    assert ids(shop.session, COMPLAINTS, query, 0, 3) + ids(shop.session, COMPLAINTS, query, 3, 3) == ids(
        shop.session, COMPLAINTS, query
    )


def test_sorting_sorts(shop: Make) -> None:
    assert ids(shop.session, COMPLAINTS, Query(sort="number", descending=False)) == [1, 2, 3, 4, 5, 6]
    assert ids(shop.session, COMPLAINTS, Query(sort="customer_name", descending=False)) == [1, 3, 5, 2, 4, 6]
    assert ids(shop.session, COMPLAINTS, Query(text="霉变", sort="received_at", descending=False)) == [1, 2, 3, 4, 5, 6]


def test_names_are_sorted_as_they_sound(make: Make) -> None:
    names = ("张记", "阿福", "Kiosk", "重庆小面", "诚信商行", "䶮龙", "北门烟酒")
    for name in names:
        number = make.customer(name=name).number
        make.complaint(customer=number)
        make.objection(customer=number)
    in_order = ["阿福", "北门烟酒", "诚信商行", "重庆小面", "Kiosk", "䶮龙", "张记"]
    for of, code in ((CUSTOMERS, "name"), (COMPLAINTS, "customer_name"), (OBJECTIONS, "customer_name")):
        place = 1 + of.columns.index(code)
        for descending in (False, True):
            shown = [row[place] for row in of.page(make.session, Query(sort=code, descending=descending), 0, 9)]
            assert shown == (in_order[::-1] if descending else in_order)


def test_a_list_is_not_sorted_by_what_it_does_not_show(session: Session) -> None:
    with pytest.raises(UserError, match="cannot be sorted by “uid; DROP”"):
        COMPLAINTS.page(session, Query(sort="uid; DROP"), 0, 9)


@pytest.mark.parametrize(
    ("where", "rows"),
    [
        ({"severity": ("urgent",)}, [6, 3]),
        ({"severity": ("urgent", "general")}, [6, 5, 3, 2]),
        ({"severity": (UNCLASSIFIED,)}, [4, 1]),
        ({"severity": (UNCLASSIFIED, "urgent")}, [6, 4, 3, 1]),
        ({"customer": ("KH-0002",)}, [5, 3, 1]),
        ({"customer": ("KH-0099",)}, []),
        ({"status": ("draft",)}, [6, 5, 4, 3, 2, 1]),
        ({"status": (listing.OPEN,)}, [6, 5, 4, 3, 2, 1]),
        ({"number": ("TS-202611-0003",)}, [3]),
        ({"tags": ("crisis_warning",)}, [5, 4, 2, 1]),
        ({"tags": ("market_information", UNCLASSIFIED)}, [6, 5, 3, 2]),
        ({"tags": ("market%",)}, []),
        ({"severity": ("urgent",), "customer": ("KH-0001",)}, [6]),
        ({"external": ("yes",)}, []),
    ],
)
def test_filters_narrow(shop: Make, where: dict[str, tuple[str, ...]], rows: list[int]) -> None:
    assert ids(shop.session, COMPLAINTS, Query(where=where)) == rows
    assert COMPLAINTS.count(shop.session, Query(where=where)) == (len(rows), False)
    assert ids(shop.session, COMPLAINTS, Query("霉变", where=where)) == rows
    assert COMPLAINTS.count(shop.session, Query("霉变", where=where)) == (len(rows), False)


def test_open_cases_are_neither_ended_nor_void(make: Make) -> None:
    for state in ("draft", "agreed", "closed", "voided"):
        complaint_in(make, state)
    assert ids(make.session, COMPLAINTS, Query(where={"status": (listing.OPEN,)})) == [2, 1]


def test_a_filter_on_no_field_is_said(session: Session) -> None:
    with pytest.raises(UserError, match="no field “colour”"):
        COMPLAINTS.page(session, Query(where={"colour": ("red",)}), 0, 9)
    with pytest.raises(UserError, match="neither yes nor no"):
        COMPLAINTS.page(session, Query(where={"external": ("maybe",)}), 0, 9)


def test_both_days_of_a_span_are_included_in_local_time(make: Make) -> None:
    edges = [
        datetime(2026, 11, 9, 15, 59, 59, tzinfo=UTC),
        datetime(2026, 11, 9, 16, tzinfo=UTC),
        datetime(2026, 11, 11, 15, 59, tzinfo=UTC),
    ]
    for moment in (*edges, datetime(2026, 11, 11, 16, tzinfo=UTC)):
        make.complaint(received_at=moment)
    assert ids(make.session, COMPLAINTS, Query(since=date(2026, 11, 10), until=date(2026, 11, 11))) == [3, 2]
    make.customer(customer_since="2026-11-10")
    span = Query(since=date(2026, 11, 10), until=date(2026, 11, 10))
    assert len(CUSTOMERS.page(make.session, span, 0, 9)) == 1


@pytest.mark.parametrize(
    ("typed", "rows"),
    [("老王", [5, 3, 1]), ("lwbh", [5, 3, 1]), ("第2件", [2]), ("第２件：", [2]), ("霉变 xrd", [6, 4, 2]), ("无", [])],
)
def test_the_search_finds_numbers_names_pinyin_and_words(shop: Make, typed: str, rows: list[int]) -> None:
    assert ids(shop.session, COMPLAINTS, Query(typed)) == rows
    assert COMPLAINTS.count(shop.session, Query(typed)) == (len(rows), False)


@pytest.mark.parametrize("roles", [frozenset({"handler"}), frozenset({"head"})])
@pytest.mark.parametrize("kept", ["L20261101", "Ｌ２０２６１１０１"])
@pytest.mark.parametrize("typed", ["L20261101", "ｌ２０２６１１０１", "261101"])
def test_a_complaint_is_found_by_the_batches_of_its_products(make: Make, kept: str, typed: str, roles: frozenset[str]) -> None:
    product = make.product().number
    one = make.complaint(product_lines=[{"product": product, "batch": "A-1"}, {"product": product, "batch": kept}])
    make.session.roles = roles
    assert ids(make.session, COMPLAINTS, Query(typed)) == [one.id]
    assert ids(make.session, COMPLAINTS, Query("a-1")) == [one.id]
    make.session.roles = frozenset(ROLES)
    edit(make.session, one, {"product_lines": [{"product": product, "batch": "A-1"}]}, one.version)
    assert ids(make.session, COMPLAINTS, Query(typed)) == []


@pytest.mark.parametrize("typed", ["\x07", "\u202e", " \t", "\ud800"])
def test_a_search_for_nothing_visible_shows_everything(shop: Make, typed: str) -> None:
    assert len(ids(shop.session, COMPLAINTS, Query(typed))) == 6
    assert COMPLAINTS.count(shop.session, Query(typed)) == (6, False)


def test_exactly_the_asked_rows(shop: Make) -> None:
    assert ids(shop.session, COMPLAINTS, Query(ids=(2, 5))) == [5, 2]
    assert ids(shop.session, COMPLAINTS, Query(ids=())) == []
    assert COMPLAINTS.count(shop.session, Query(ids=())) == (0, False)
    many = Query(ids=tuple(range(1, 100_000)))
    assert (COMPLAINTS.count(shop.session, many).rows, len(ids(shop.session, COMPLAINTS, many))) == (6, 6)


def test_a_page_is_two_statements_whatever_it_shows(shop: Make) -> None:
    COMPLAINTS.page(shop.session, Query(), 0, 50)
    for query in (Query(), Query(sort="handler"), Query(where={"severity": ("urgent",)}, since=date(2026, 1, 1))):
        with statements() as seen:
            COMPLAINTS.page(shop.session, query, 0, 50)
        assert len(seen) == 2, seen
    with statements() as seen:
        COMPLAINTS.page(shop.session, Query("霉变"), 0, 50)
    assert len(seen) <= 3, seen


def test_rows_hold_what_their_columns_say(make: Make) -> None:
    product = make.product()
    timed = make.complaint(product_lines=[{"product": product.number}], received_at="2026-11-22 09:30")
    make.complaint(received_at="2026-11-20")
    first, second = COMPLAINTS.page(make.session, Query(), 0, 9)
    row = dict(zip(("id", *COMPLAINTS.columns), first, strict=True))
    assert (row["id"], row["number"], row["status"], row["product"]) == (timed.id, timed.number, "draft", "云岭（硬）")
    assert row["received_at"] == datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
    assert second[1 + COMPLAINTS.columns.index("received_at")] == date(2026, 11, 20)
    (numbered, _other) = COMPLAINTS.all(make.session, Query(), numbers=True)
    assert numbered[1 + COMPLAINTS.columns.index("product")] == "CP-0001"


def test_every_list_shows_its_kind(make: Make) -> None:
    agreement_in(make, "signed")
    dispatch_in(make, "issued")
    action_in(make, "open")
    make.product()
    make.objection()
    make.card(evidence_lines=[{"evidence": make.evidence().number}])
    for name, of in LISTINGS.items():
        rows = of.page(make.session, Query(), 0, 9)
        assert rows, name
        assert {len(row) for row in rows} == {len(of.columns) + 1}
        assert set(of.shown) <= set(of.columns)
        assert all(of.field(code).kind in (Kind.CHOICE, Kind.BOOLEAN) or code == "handler" for code in of.filters)
        assert of.total(make.session) == len(rows)


@pytest.mark.parametrize("listing", LISTINGS.values(), ids=LISTINGS)
def test_no_two_columns_of_a_list_are_called_alike(listing: Listing) -> None:
    labels = [one.label for one in listing.fields()]
    assert len(labels) == len(set(labels))


def test_a_case_names_its_customer_and_the_number_of_it(make: Make) -> None:
    make.complaint(customer=make.customer(name="诚信商行").number)
    ((_id, *row),) = COMPLAINTS.page(make.session, Query(), 0, 9)
    told = dict(zip(COMPLAINTS.columns, row, strict=True))
    assert (told["customer_name"], told["customer"]) == ("诚信商行", "KH-0001")


def test_where_a_record_stands(shop: Make) -> None:
    assert COMPLAINTS.position(shop.session, Query(), 4) == 2
    assert COMPLAINTS.position(shop.session, Query(where={"severity": ("urgent",)}), 4) is None


def test_voided_records_are_still_listed(shop: Make) -> None:
    take(shop.session, Complaint.get_by_id(3), "void", {"reason": "重复"})
    assert ids(shop.session, COMPLAINTS, Query(where={"status": ("voided",)})) == [3]


def test_large_results_are_counted_to_a_cap_and_still_all_reached(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "COUNT_CAP", 5)
    monkeypatch.setattr(listing, "FILTERED_CAP", 7)
    insert_many(make.session, Customer, [New({"name": f"商行{n}", "tier": "key"}) for n in range(9)])
    assert CUSTOMERS.count(make.session, Query("商行")) == (5, True)
    assert CUSTOMERS.count(make.session, Query(where={"tier": ("key",)})) == (7, True)
    assert CUSTOMERS.count(make.session, Query()) == (9, False)
    assert [row[0] for row in CUSTOMERS.all(make.session, Query("商行"))] == [9, 8, 7, 6, 5, 4, 3, 2, 1]
    assert len(list(CUSTOMERS.all(make.session, Query("商行"), 3))) == 3
    pages = [ids(make.session, CUSTOMERS, Query("商行"), start, 3) for start in (0, 3, 4, 6)]
    assert pages == [[9, 8, 7], [6, 5, 4], [5, 4, 3], [3, 2, 1]]
    counted = CUSTOMERS.count(make.session, Query("商行"))
    assert [row[0] for row in CUSTOMERS.page(make.session, Query("商行"), 3, 3, counted)] == [6, 5, 4]


def test_objections_are_listed_like_complaints(make: Make) -> None:
    make.objection(nature="hidden", content="price")
    assert ids(make.session, OBJECTIONS, Query("订十条", where={"nature": ("hidden",)})) == [1]


def test_a_day_finds_all_moments_of_it_in_the_branchs_zone(make: Make) -> None:
    early = make.complaint(received_at="2026-11-20 00:00").number
    late, day = make.complaint(received_at="2026-11-20 23:59").number, make.complaint(received_at="2026-11-20").number
    make.complaint(received_at="2026-11-19 23:59")
    make.complaint(received_at="2026-11-21 00:00")

    def found(*wanted: str) -> set[str]:
        return {row[1] for row in COMPLAINTS.all(make.session, Query(where={"received_at": wanted}))}

    assert found("2026-11-20") == {early, late, day}
    assert found("2026-11-20 23:59") == {late}
    assert len(found("2026-11-20", "2026-11-21")) == 4


def test_all_open_cases_and_one_more_status_may_be_asked_for_together(shop: Make) -> None:
    take(shop.session, Complaint.get_by_id(3), "void", {"reason": "x"})
    assert ids(shop.session, COMPLAINTS, Query(where={"status": (listing.OPEN,)})) == [6, 5, 4, 2, 1]
    assert ids(shop.session, COMPLAINTS, Query(where={"status": (listing.OPEN, "voided")})) == [6, 5, 4, 3, 2, 1]
