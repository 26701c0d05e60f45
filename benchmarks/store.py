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
from app.services import workplace
from benchmarks import course, texts
from benchmarks import rows as row_writing
from benchmarks.rows import COMMON, DAY, common, insert

NOW = datetime(2026, 11, 23, 6, 32, tzinfo=UTC)
QUIET_MONTH = datetime(2026, 6, 1, tzinfo=UTC)
"""A month of `QUIET` complaints in a store of any size."""
QUIET = 400
MONTHS = 120
_HANDLERS = 40
_BATCH = 20_000


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
    modules = (search_index, texts, course, row_writing)
    made_of = (*sorted(workplace.MIGRATIONS.glob("[0-9]*.py")), *(Path(one.__file__ or "") for one in modules), Path(__file__))
    return sha256(b"".join(path.read_bytes() for path in made_of)).hexdigest()[:12]


def make(size: int, folder: Path) -> None:
    """Write a new store: customers, products, cards, complaints and objections with what became of them, history, search."""
    session = workplace.init(folder, {"code": "CD", "name": "城东分公司"}, user="王敏", clock=lambda: NOW)
    random = Random(size)
    database.execute_sql("PRAGMA synchronous = OFF")
    indexes = take_indexes_away()
    try:
        with database.atomic("IMMEDIATE"):
            customers = _customers(session, random, max(200, size // 20))
            products = _products(session)
            course.cards(session, random, max(50, size // 500), milliseconds(NOW - timedelta(days=900)))
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


def _batches(numbers: Iterable[int]) -> Iterator[list[int]]:
    waiting = iter(numbers)
    while batch := list(islice(waiting, _BATCH)):
        yield batch


def _customers(session: Session, random: Random, count: int) -> list[str]:
    names = [texts.shop(random, number) for number in range(count)]
    at = milliseconds(NOW - timedelta(days=4000))
    rows, people = [], []
    for number, name in enumerate(names, 1):
        phone, since = texts.phone(random), NOW - timedelta(days=random.randrange(3000))
        lost = since + timedelta(days=random.randrange(3000)) if random.random() < 0.02 else None
        own = common(session, number, f"KH-{number:04}", "lost" if lost else "active", at)
        kind = (random.choice(of.TIERS).code, "retailer", f"城东{random.randrange(60)}线", "", "", f"{since:%Y-%m-%d}")
        rows.append((*own, name, phone, phone, *kind, *((f"{lost:%Y-%m-%d}", milliseconds(lost)) if lost else (None, None))))
        birthday = f"{1960 + random.randrange(40)}-{random.randrange(1, 13):02}-{random.randrange(1, 29):02}"
        people.append((0, number, texts.person(random), birthday, True))
    named = "name phone phone_digits tier type route pinyin initials customer_since lost_on lost_until"
    insert("customer", f"{COMMON} {named}", rows)
    insert("contact", "position parent_id name birthday main", people)
    search_index.put("customer", ((row[0], f"{row[3]} {row[10]} {row[11]}") for row in rows))
    return names


def _products(session: Session) -> list[str]:
    names = texts.products()
    at = milliseconds(NOW - timedelta(days=4000))
    rows = [(*common(session, n, f"CP-{n:04}", "active", at), name, f"P{n:03}", "条", True) for n, name in enumerate(names, 1)]
    insert("product", f"{COMMON} name code unit active", rows)
    search_index.put("product", ((row[0], f"{row[3]} {row[10]}") for row in rows))
    return names


def _moments(random: Random, size: int) -> list[int]:
    """When the cases came in, in order: evenly over `MONTHS`, but for the quiet month."""
    end = milliseconds(NOW)
    start = end - MONTHS * 30 * DAY
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
    insert("counter", "branch_id kind period last", rows)


def _state(random: Random, received: int) -> tuple[str, int | None, int | None, int]:
    """Status, reply, end, promise: cases older than a month are over, younger ones mostly not."""
    end, replied = received + random.randrange(2 * 3_600_000, 9 * DAY), received + random.randrange(3_600_000, 3 * DAY)
    promised = received + 2 * DAY
    now = milliseconds(NOW)
    if end < now and (now - received > 30 * DAY or random.random() < 0.5):
        return ("voided" if random.random() < 0.01 else "closed"), replied, end, promised
    if replied < now:
        return "replied", replied, None, promised
    return random.choice(("registered", "accepted", "investigating")), None, None, promised


def _stage(random: Random, status: str) -> str:
    """Where exactly a complaint is that was replied to, or that is enquired about."""
    if status == "replied":
        return random.choice(("replied", "agreed", "executing", "following_up"))
    return random.choice(("investigating", "proposed")) if status == "investigating" else status


_COMPLAINT = (
    f"{COMMON} customer_keys round imported received_at_day signed_at_day handed_at_day promised_at_day replied_at_day "
    "closed_at_day customer_id product_id customer_name complainant phone address channel class severity description wish cause "
    "handler recorder received_at signed_at promised_at replied_at closed_at satisfaction valid contact_due solution_due "
    "contacted_at solved_at follow_up_at follow_up_by"
)


def _complaints(session: Session, random: Random, size: int, customers: list[str], products: list[str]) -> None:
    moments = _moments(random, size)
    numbers = _numbers("TS", moments)
    handlers = [texts.person(random) for _number in range(_HANDLERS)]
    _count_up(session, "complaint", numbers)
    names = _COMPLAINT.split()
    for batch in _batches(range(size)):
        rows = [_complaint(session, random, n + 1, numbers[n], moments[n], customers, products, handlers) for n in batch]
        insert("complaint", _COMPLAINT, rows)
        named = [dict(zip(names, row, strict=True)) for row in rows]
        search_index.put("complaint", ((row["id"], Complaint.search_text(row)) for row in named))
        history.write_many(session, "complaint", (row["id"] for row in named), "add", "")
        insert("product_line", "position parent_id product_id batch quantity symptom", (_line(random, row) for row in named))
        _went_on(session, random, named)


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
    status, score = _stage(random, status), random.randrange(1, 6) if closed else None
    called_back = f"{NOW + timedelta(days=random.randrange(-3, 6)):%Y-%m-%d}" if status == "following_up" else None
    return (
        *common(session, number, name, status, at), "", 1, False, False, False, False, False, False, False,
        customer + 1, product + 1, customers[customer], texts.person(random), texts.phone(random),
        f"城东区解放路{number % 900}号",
        choice(of.CHANNELS).code, choice(of.COMPLAINT_CLASSES).code, choice(of.SEVERITIES).code,
        texts.description(random, products[product], number), texts.wish(random), choice(of.CAUSES).code, choice(handlers),
        "王敏",
        at, at + 600_000, promised, replied, closed, score, random.random() < 0.7, at + DAY, at + 9 * DAY,
        replied or (None if status in ("registered", "accepted") else at + DAY // 2), replied,
        called_back, "王敏" if called_back else None,
    )  # fmt: skip


def _went_on(session: Session, random: Random, cases: list[dict[str, Any]]) -> None:
    """What came of complaints: of a tenth of the closed ones and of all that are under way there is an agreement."""
    course.promises(session, cases, "received_at")
    bound = [one for one in cases if one["status"] in ("agreed", "executing", "following_up")]
    tenth = [one for one in cases if one["status"] == "closed" and one["id"] % 10 == 0]
    waiting = [one for one in cases if one["status"] == "proposed"]
    _propose(random, waiting, "proposed")
    _agree(session, random, [*tenth, *bound])
    course.orders(session, random, [*tenth, *(one for one in bound if one["status"] != "agreed")])
    course.calls_back(random, [one for one in cases if one["status"] == "closed"])
    course.actions(
        session, random, [one for one in cases if one["id"] % 50 == 0 and one["status"] not in ("registered", "voided")]
    )


def _line(random: Random, row: dict[str, Any]) -> tuple[object, ...]:
    return (0, row["id"], row["product_id"], f"{20260101 + random.randrange(300)}-B{random.randrange(99):02}", 50_000, "发霉")


def _agree(session: Session, random: Random, rows: list[dict[str, Any]]) -> None:
    """A proposal, its approval and a signed agreement for some cases; they share the case's row id."""
    cost, remedies = _propose(random, rows, "approved")
    approvals = ((row["id"], "approved", "program", "李卫东", "", "同意", row["replied_at"]) for row in rows)
    insert("approval", "proposal_id result way who paper_approver opinion at", approvals)
    signed = {row["id"]: f"{core.instant(row['replied_at']):%Y-%m-%d}" for row in rows}
    agreements = (
        (
            *common(session, row["id"], row["number"].replace("TS", "XY"), "signed", row["replied_at"]),
            1, "", 0, 0, row["id"], 2,
            cost[row["id"]], "城东分公司", row["customer_name"], row["description"], signed[row["id"]],
            row["customer_name"],
        )
        for row in rows
    )  # fmt: skip
    insert(
        "agreement",
        f"{COMMON} edition content_hash print_count template complaint_id copies cost party_a party_b facts signed_on "
        "customer_name",
        agreements,
    )
    insert("agreement_line", _REMEDIES, remedies)


_REMEDIES = "position parent_id remedy description unit quantity unit_price amount"


def _propose(random: Random, rows: list[dict[str, Any]], status: str) -> tuple[dict[int, int], list[tuple[object, ...]]]:
    """Proposals with a line each: what they cost by case, and the lines."""
    cost = {row["id"]: random.randrange(1000, 90_000) for row in rows}
    at = {row["id"]: row["replied_at"] or row["contacted_at"] for row in rows}
    proposal = ((row["id"], row["id"], 1, "换货并致歉", "陈志强", cost[row["id"]], at[row["id"]], status) for row in rows)
    insert("proposal", "id complaint_id round text proposed_by cost proposed_at status", proposal)
    remedies = [(0, row["id"], "replace", "同批次外产品", "条", 6000, cost[row["id"]] // 6, cost[row["id"]]) for row in rows]
    insert("remedy_line", _REMEDIES, remedies)
    return cost, remedies


_OBJECTION = (
    f"{COMMON} customer_keys imported occurred_at_day promised_at_day replied_at_day closed_at_day fed_back_at_day "
    "customer_id product_id customer_name channel what expression nature content family cause method handler occurred_at "
    "promised_at replied_at closed_at solved_on_spot satisfaction card_id"
)


def _objections(session: Session, random: Random, size: int, customers: list[str], products: list[str]) -> None:
    moments = _moments(random, size)
    numbers = _numbers("YY", moments)
    handlers = [texts.person(random) for _number in range(_HANDLERS)]
    _count_up(session, "objection", numbers)
    names = _OBJECTION.split()
    for batch in _batches(range(size)):
        rows = [_objection(session, random, n + 1, numbers[n], moments[n], customers, products, handlers) for n in batch]
        insert("objection", _OBJECTION, rows)
        named = [dict(zip(names, row, strict=True)) for row in rows]
        course.promises(session, named, "occurred_at")
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
        *common(session, number, name, status, at), "", False, False, False, False, False, False,
        customer + 1, product + 1, customers[customer], choice(of.CHANNELS).code,
        texts.description(random, products[product], number),
        *(choice(axis).code for axis in axes), choice(handlers), at, promised, replied, closed, random.random() < 0.4,
        random.randrange(1, 6) if closed else None, random.randrange(1, 50) if closed and random.random() < 0.2 else None,
    )  # fmt: skip
