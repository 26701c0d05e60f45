"""A database of any number of complaints, made quickly and kept in the cache folder: written straight into the tables."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from app.core import database as core
from app.core import search_index
from app.core.database import database, milliseconds
from app.core.session import Session
from app.models import classifications as of
from app.models import history
from app.models.complaints import Complaint
from app.models.objections import Objection
from app.models.record import new_uid
from app.services import workplace
from benchmarks import texts

NOW = datetime(2026, 11, 23, 6, 32, tzinfo=UTC)
QUIET_MONTH = datetime(2026, 6, 1, tzinfo=UTC)
"""A month of `QUIET` complaints in a store of any size."""
QUIET = 400
MONTHS = 120
_HANDLERS = 40
_BATCH = 20_000
_DAY = 86_400_000


@dataclass(frozen=True)
class Store:
    """A made database: its folder, how many complaints it holds, and the session that works with it."""

    size: int
    folder: Path
    session: Session


def opened(size: int, cache: Path) -> Store:
    """The store of that size, made where the cache has none of the present tables. Close it with `core.close()`."""
    folder = cache / f"{size}-{_print_of_tables()}"
    if not core.exists(folder):
        for old in cache.glob(f"{size}-*"):
            shutil.rmtree(old)
        waiting = cache / f"making-{size}"
        shutil.rmtree(waiting, ignore_errors=True)
        make(size, waiting)
        waiting.rename(folder)
    return Store(size, folder, workplace.open_folder(folder, user="王敏", clock=lambda: NOW))


def _print_of_tables() -> str:
    """Changes with the migrations, the search and what is written here."""
    made_of = (*sorted(workplace.MIGRATIONS.glob("[0-9]*.py")), Path(search_index.__file__), Path(texts.__file__), Path(__file__))
    return sha256(b"".join(path.read_bytes() for path in made_of)).hexdigest()[:12]


def make(size: int, folder: Path) -> None:
    """Write a new store: customers, products, complaints with lines, proposals and agreements, objections, history, search."""
    session = workplace.init(folder, {"code": "CD", "name": "城东分公司"}, user="王敏", clock=lambda: NOW)
    random = Random(size)
    database.execute_sql("PRAGMA synchronous = OFF")
    indexes = take_indexes_away()
    try:
        with database.atomic("IMMEDIATE"):
            customers = _customers(session, random, max(200, size // 20))
            products = _products(session)
            _complaints(session, random, size, customers, products)
            _objections(session, random, max(200, size // 4), customers, products)
        for statement in indexes:
            database.execute_sql(statement)
        database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        core.close()


def take_indexes_away() -> list[str]:
    """Drop them all; the statements that make them again."""
    rows = database.execute_sql("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").fetchall()
    for name, _sql in rows:
        database.execute_sql(f'DROP INDEX "{name}"')
    return [sql for _name, sql in rows]


def _insert(table: str, columns: str, rows: Iterable[Sequence[object]]) -> None:
    names = ", ".join(f'"{name}"' for name in columns.split())
    places = ", ".join("?" for _name in columns.split())
    database.cursor().executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)


def _batches(numbers: Iterable[int]) -> Iterator[list[int]]:
    waiting = iter(numbers)
    while batch := list(islice(waiting, _BATCH)):
        yield batch


_COMMON = "id uid branch_id number status created_by changed_by created_at changed_at version"


def _common(session: Session, number: int, name: str, status: str, at: int) -> tuple[object, ...]:
    return (number, new_uid(core.instant(at)), session.branch.id, name, status, "王敏", "王敏", at, at, 1)


def _customers(session: Session, random: Random, count: int) -> list[str]:
    names = [texts.shop(random, number) for number in range(count)]
    at = milliseconds(NOW - timedelta(days=4000))
    rows = []
    for number, name in enumerate(names, 1):
        phone = texts.phone(random)
        own = _common(session, number, f"KH-{number:04}", "active", at)
        rows.append((*own, name, phone, phone, random.choice(of.TIERS).code, "retailer", f"城东{random.randrange(60)}线", "", ""))
    _insert("customer", f"{_COMMON} name phone phone_digits tier type route pinyin initials", rows)
    search_index.put("customer", ((row[0], f"{row[3]} {row[10]} {row[11]}") for row in rows))
    return names


def _products(session: Session) -> list[str]:
    names = texts.products()
    at = milliseconds(NOW - timedelta(days=4000))
    rows = [(*_common(session, n, f"CP-{n:04}", "active", at), name, f"P{n:03}", "条", True) for n, name in enumerate(names, 1)]
    _insert("product", f"{_COMMON} name code unit active", rows)
    search_index.put("product", ((row[0], f"{row[3]} {row[10]}") for row in rows))
    return names


def _moments(random: Random, size: int) -> list[int]:
    """When the cases came in, in order: evenly over `MONTHS`, but for the quiet month."""
    end = milliseconds(NOW)
    start = end - MONTHS * 30 * _DAY
    first, last = milliseconds(QUIET_MONTH - timedelta(hours=8)), milliseconds(QUIET_MONTH + timedelta(days=29, hours=16))
    quiet = min(QUIET, size // 2)
    moments = [random.randrange(first, last) for _number in range(quiet)]
    while len(moments) < size:
        moment = random.randrange(start, end)
        if not first <= moment < last:
            moments.append(moment)
    return sorted(moments)


def _numbers(pattern: str, moments: Sequence[int]) -> list[str]:
    """Numbers of each month in a row, as the program gives them."""
    given: dict[str, int] = {}
    found = []
    for moment in moments:
        month = f"{core.instant(moment + 8 * 3_600_000):%Y%m}"
        given[month] = given.get(month, 0) + 1
        found.append(f"{pattern}-{month}-{given[month]:04}")
    return found


def _count_up(session: Session, kind: str, numbers: Iterable[str]) -> None:
    last = {number.split("-")[1]: int(number.split("-")[2]) for number in numbers}
    rows = [(session.branch.id, kind, month, most) for month, most in last.items()]
    _insert("counter", "branch_id kind period last", rows)


def _state(random: Random, received: int) -> tuple[str, int | None, int | None, int]:
    """Status, reply, end, promise: cases older than a month are over, younger ones mostly not."""
    end, replied = received + random.randrange(2 * 3_600_000, 9 * _DAY), received + random.randrange(3_600_000, 3 * _DAY)
    promised = received + 2 * _DAY
    now = milliseconds(NOW)
    if end < now and (now - received > 30 * _DAY or random.random() < 0.5):
        return ("voided" if random.random() < 0.01 else "closed"), replied, end, promised
    if replied < now:
        return "replied", replied, None, promised
    return random.choice(("registered", "accepted", "investigating")), None, None, promised


_COMPLAINT = (
    f"{_COMMON} customer_keys round imported received_at_day signed_at_day handed_at_day promised_at_day replied_at_day "
    "closed_at_day customer_id product_id customer_name complainant phone address channel class severity description wish cause "
    "handler recorder received_at signed_at promised_at replied_at closed_at satisfaction valid"
)


def _complaints(session: Session, random: Random, size: int, customers: list[str], products: list[str]) -> None:
    moments = _moments(random, size)
    numbers = _numbers("TS", moments)
    handlers = [texts.person(random) for _number in range(_HANDLERS)]
    _count_up(session, "complaint", numbers)
    names = _COMPLAINT.split()
    for batch in _batches(range(size)):
        rows = [_complaint(session, random, n + 1, numbers[n], moments[n], customers, products, handlers) for n in batch]
        _insert("complaint", _COMPLAINT, rows)
        named = [dict(zip(names, row, strict=True)) for row in rows]
        search_index.put("complaint", ((row["id"], Complaint.search_text(row)) for row in named))
        history.write_many(session, "complaint", (row["id"] for row in named), "add", "")
        _insert("product_line", "position parent_id product_id batch quantity symptom", (_line(random, row) for row in named))
        _agree(session, random, [row for row in named if row["status"] == "closed" and row["id"] % 10 == 0])


def _complaint(
    session: Session,
    random: Random,
    number: int,
    name: str,
    at: int,
    customers: list[str],
    products: list[str],
    handlers: list[str],
) -> tuple[object, ...]:
    choice = random.choice
    status, replied, closed, promised = _state(random, at)
    customer, product = random.randrange(len(customers)), random.randrange(len(products))
    score = random.randrange(1, 6) if closed else None
    return (
        *_common(session, number, name, status, at), "", 1, False, False, False, False, False, False, False,
        customer + 1, product + 1, customers[customer], texts.person(random), texts.phone(random),
        f"城东区解放路{number % 900}号",
        choice(of.CHANNELS).code, choice(of.COMPLAINT_CLASSES).code, choice(of.SEVERITIES).code,
        texts.description(random, products[product], number), texts.wish(random), choice(of.CAUSES).code, choice(handlers),
        "王敏",
        at, at + 600_000, promised, replied, closed, score, random.random() < 0.7,
    )  # fmt: skip


def _line(random: Random, row: dict[str, Any]) -> tuple[object, ...]:
    return (0, row["id"], row["product_id"], f"{20260101 + random.randrange(300)}-B{random.randrange(99):02}", 50_000, "发霉")


def _agree(session: Session, random: Random, rows: list[dict[str, Any]]) -> None:
    """A proposal, its approval and a signed agreement for some cases; they share the case's row id."""
    cost = {row["id"]: random.randrange(1000, 90_000) for row in rows}
    proposal = ((row["id"], row["id"], 1, "换货并致歉", "陈志强", cost[row["id"]], row["replied_at"], "approved") for row in rows)
    _insert("proposal", "id complaint_id round text proposed_by cost proposed_at status", proposal)
    remedies = [(0, row["id"], "replace", "同批次外产品", "条", 6000, cost[row["id"]] // 6, cost[row["id"]]) for row in rows]
    lines = "position parent_id remedy description unit quantity unit_price amount"
    _insert("remedy_line", lines, remedies)
    approvals = ((row["id"], "approved", "program", "李卫东", "", "同意", row["replied_at"]) for row in rows)
    _insert("approval", "proposal_id result way who paper_approver opinion at", approvals)
    agreements = (
        (
            *_common(session, row["id"], row["number"].replace("TS", "XY"), "signed", row["closed_at"]),
            1, "", 0, 0, row["id"], 2,
            cost[row["id"]], "城东分公司", row["customer_name"], row["description"], f"{core.instant(row['closed_at']):%Y-%m-%d}",
            row["customer_name"],
        )
        for row in rows
    )  # fmt: skip
    _insert(
        "agreement",
        f"{_COMMON} edition content_hash print_count template complaint_id copies cost party_a party_b facts signed_on "
        "customer_name",
        agreements,
    )
    _insert("agreement_line", lines, remedies)


_OBJECTION = (
    f"{_COMMON} customer_keys imported occurred_at_day promised_at_day replied_at_day closed_at_day fed_back_at_day "
    "customer_id product_id customer_name channel what expression nature content family cause method handler occurred_at "
    "promised_at replied_at closed_at solved_on_spot satisfaction"
)


def _objections(session: Session, random: Random, size: int, customers: list[str], products: list[str]) -> None:
    moments = _moments(random, size)
    numbers = _numbers("YY", moments)
    handlers = [texts.person(random) for _number in range(_HANDLERS)]
    _count_up(session, "objection", numbers)
    names = _OBJECTION.split()
    for batch in _batches(range(size)):
        rows = [_objection(session, random, n + 1, numbers[n], moments[n], customers, products, handlers) for n in batch]
        _insert("objection", _OBJECTION, rows)
        named = (dict(zip(names, row, strict=True)) for row in rows)
        search_index.put("objection", ((row["id"], Objection.search_text(row)) for row in named))
        history.write_many(session, "objection", (row[0] for row in rows), "add", "")


def _objection(
    session: Session,
    random: Random,
    number: int,
    name: str,
    at: int,
    customers: list[str],
    products: list[str],
    handlers: list[str],
) -> tuple[object, ...]:
    choice: Callable[[Sequence[Any]], Any] = random.choice
    status, replied, closed, promised = _state(random, at)
    status = {"replied": "replied", "closed": "closed", "voided": "voided"}.get(status, "promised")
    customer, product = random.randrange(len(customers)), random.randrange(len(products))
    axes = (of.EXPRESSIONS, of.NATURES, of.CONTENTS, of.FAMILIES, of.CAUSES, of.METHODS)
    return (
        *_common(session, number, name, status, at), "", False, False, False, False, False, False,
        customer + 1, product + 1, customers[customer], choice(of.CHANNELS).code,
        texts.description(random, products[product], number),
        *(choice(axis).code for axis in axes), choice(handlers), at, promised, replied, closed, random.random() < 0.4,
        random.randrange(1, 6) if closed else None,
    )  # fmt: skip
