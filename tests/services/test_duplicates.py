"""Which customers may be the same one: found for a reason that is told, surely or less so, and not again once it was denied."""

from __future__ import annotations

import csv
import gzip
from itertools import islice
from typing import Any

import pytest

from app.core.database import transaction
from app.core.errors import Cancelled, UserError
from app.core.progress import Progress
from app.core.session import Session
from app.models import merges
from app.models.bulk import New, insert_many
from app.models.customers import Customer
from app.models.record import add
from app.models.steps import void
from app.services import duplicates
from tests.data_checks.registers import DATA
from tests.make import Make

NAMES = DATA / "customers" / "company_short_names_zh_28w.txt.gz"
LISTED = DATA / "customers" / "twse_listed_companies_bom.csv"


def pairs(session: Session) -> list[tuple[str, str, int, str]]:
    return [(pair.one.number, pair.other.number, pair.score, pair.why) for pair in duplicates.check(session)]


@pytest.mark.parametrize(
    ("one", "other", "score", "why"),
    [
        ({"name": "鑫瑞达商行"}, {"name": "鑫瑞达 超市"}, 80, "the same name"),
        ({"name": "鑫瑞达商行"}, {"name": "鑫睿达便利店"}, 65, "the name sounds the same"),
        ({"name": "鑫瑞达烟酒商行"}, {"name": "鑫瑞达烟酒行"}, 68, "the names are alike (91 %)"),
        (
            {"name": "鑫瑞达商行", "phone": "138 0000 1234"},
            {"name": "老王百货", "phone": "+86 13800001234"},
            75,
            "the same phone",
        ),
        ({"name": "甲记", "licence": "XK-1"}, {"name": "乙记", "licence": "XK-1"}, 97, "the same licence number"),
        ({"name": "甲记", "credit_code": "91"}, {"name": "乙记", "credit_code": "91"}, 97, "the same credit code"),
        (
            {"name": "鑫瑞达商行", "phone": "13800001234", "address": "城东路 1 号"},
            {"name": "鑫瑞达超市", "phone": "13800001234", "address": "城东路 1 号"},
            98,
            "the same phone, the same address, the same name",
        ),
    ],
)
def test_a_pair_says_why_and_how_surely(make: Make, one: dict[str, Any], other: dict[str, Any], score: int, why: str) -> None:
    for values in (one, other):
        add(make.session, Customer, values)
    make.customer(name="别家", phone="13911112222")
    assert pairs(make.session) == [("KH-0001", "KH-0002", score, why)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name": "鑫瑞达商行"}, {"name": "鑫荣达商行"}),
        ({"name": "金达商行"}, {"name": "锦达商行"}),
        ({"name": "鑫瑞达商行", "licence": "XK-1"}, {"name": "鑫瑞达超市", "licence": "XK-2"}),
        ({"name": "王敏", "type": "end_user"}, {"name": "王敏", "type": "end_user"}),
        ({"name": "甲记", "address": "城东路 1 号"}, {"name": "乙记", "address": "城东路 1 号"}),
    ],
)
def test_what_says_too_little_makes_no_pair(make: Make, one: dict[str, Any], other: dict[str, Any]) -> None:
    for values in (one, other):
        add(make.session, Customer, values)
    assert pairs(make.session) == []


def test_the_surest_come_first(make: Make) -> None:
    for name, phone in (("鑫瑞达商行", "1"), ("鑫瑞达超市", "2"), ("老王百货", "13800001234"), ("老王百货店", "13800001234")):
        make.customer(name=name, phone=phone)
    assert [(one, other) for one, other, _score, _why in pairs(make.session)] == [("KH-0003", "KH-0004"), ("KH-0001", "KH-0002")]


def test_void_and_merged_records_are_left_out(make: Make) -> None:
    first, second, third = (make.customer() for _number in range(3))
    void(make.session, second, "x")
    merges.merge(make.session, first, third)
    assert pairs(make.session) == []


def test_what_was_said_not_to_be_the_same_stays_away(make: Make) -> None:
    one, other = make.customer(), make.customer()
    make.customer()
    duplicates.dismiss(make.session, other.number, one.number)
    duplicates.dismiss(make.session, one.number, other.number)
    assert [pair[:2] for pair in pairs(make.session)] == [("KH-0001", "KH-0003"), ("KH-0002", "KH-0003")]
    duplicates.take_back(make.session, one.number, other.number)
    assert len(pairs(make.session)) == 3


def test_one_customer_is_no_pair(make: Make) -> None:
    one = make.customer()
    with pytest.raises(UserError, match="Name two"):
        duplicates.dismiss(make.session, one.number, one.number)
    with pytest.raises(UserError, match="KH-0099"):
        duplicates.dismiss(make.session, one.number, "KH-0099")


def test_the_check_can_be_stopped(make: Make) -> None:
    make.customer()
    make.customer()
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        duplicates.check(make.session, progress)


def fill(session: Session, rows: list[dict[str, Any]]) -> None:
    with transaction():
        insert_many(session, Customer, [New(values) for values in rows])


@pytest.mark.skipif(not NAMES.exists(), reason="the list of 280,000 company names is not here")
def test_variants_are_found_among_real_names(session: Session) -> None:
    with gzip.open(NAMES, "rt", encoding="utf-8") as lines:
        real = [line.strip() for line in islice(lines, 3, None, 30) if len(line.strip()) >= 3][:3_000]
    first = [{"name": f"{name}商行", "phone": f"138{place:08}"} for place, name in enumerate(real)]
    variants = [f"{real[place]} 超市" if place % 100 else f"（{real[place]}）" for place in range(0, 3_000, 50)]
    fill(session, [*first, *({"name": name} for name in variants)])
    found = duplicates.check(session)
    of_variants = {pair.other.id: pair for pair in found if pair.other.id > 3_000 and "the same name" in pair.why}
    assert sorted(of_variants) == list(range(3_001, 3_061))
    assert all((pair.one.id - 1) % 50 == 0 or pair.one.key == pair.other.key for pair in of_variants.values())
    assert len(found) < 120


@pytest.mark.skipif(not LISTED.exists(), reason="the list of listed companies is not here")
def test_two_registers_of_the_same_companies_are_brought_together(session: Session) -> None:
    with LISTED.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["總機電話"]][:400]
    fill(session, [{"name": row["公司名稱"], "phone": row["總機電話"]} for row in rows])
    fill(session, [{"name": row["公司簡稱"], "phone": row["總機電話"].replace("-", " ")} for row in rows])
    found = {(pair.one.id, pair.other.id) for pair in duplicates.check(session)}
    assert {(place, place + 400) for place in range(1, 401)} <= found
