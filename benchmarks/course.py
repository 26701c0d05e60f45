"""What the course of cases leaves in a made store: promises, dispatch orders, calls back, corrective actions; and the cards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from random import Random
from typing import Any

from app.core import database as core
from app.core import search_index
from app.core.database import database
from app.core.session import Session
from app.models import classifications as of
from app.models import history
from app.models.actions import Action
from app.models.cards import Card
from app.models.dispatches import Dispatch
from app.models.promises import Promise
from app.models.record import Record
from benchmarks import texts
from benchmarks.rows import COMMON, DAY, common, insert

Case = Mapping[str, Any]
DEPARTMENTS = ("warehouse", "finance", "marketing")


def _day(at: int) -> str:
    return f"{core.instant(at):%Y-%m-%d}"


def _next(table: str) -> int:
    return int(database.execute_sql(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").fetchone()[0])


def _enter(session: Session, kind: type[Record], columns: str, rows: Sequence[Sequence[object]]) -> None:
    """Rows of a kind of record, found by the search and told by the history as those that the program adds."""
    insert(kind.KIND, columns, rows)
    names = columns.split()
    named = (dict(zip(names, row, strict=True)) for row in rows)
    search_index.put(kind.KIND, ((row["id"], kind.search_text(row)) for row in named))
    history.write_many(session, kind.KIND, (int(str(row[0])) for row in rows), "add", "")


_PROMISE = (
    f"{COMMON} case subject due due_day customer_id customer_name given_at given_at_day given_by kept_at kept_at_day handler note"
)


def promises(session: Session, cases: Iterable[Case], began: str) -> None:
    """The reply that each case was promised, kept, late, broken or owed; whoever is called back was promised that, too."""
    first, rows = _next("promise"), []
    for case in cases:
        given = [("reply", case["promised_at"], case["replied_at"])]
        if case.get("follow_up_at"):
            given.append(("follow_up", case["promised_at"] + 3 * DAY, None))
        for place, (subject, due, kept) in enumerate(given, 1):
            over = case["closed_at"] is not None
            status = "broken" if over and kept is None else "open" if kept is None else "kept" if kept <= due else "late"
            own = common(session, first + len(rows), f"{case['number']}-C{place}", status, case[began])
            whom = (case["customer_id"], case["customer_name"], case[began], False, "王敏")
            rows.append((*own, case["number"], subject, due, False, *whom, kept, False, case["handler"], None))
    _enter(session, Promise, _PROMISE, rows)


_ORDER = (
    f"{COMMON} complaint_id agreement department due accepted_by accepted_at accepted_at_day done_at done_at_day chased_at_day "
    "customer_name"
)


def orders(session: Session, random: Random, cases: Iterable[Case]) -> None:
    """A dispatch order of each case; those of closed ones are done."""
    first, rows, lines, done = _next("dispatch"), [], [], []
    for case in cases:
        at = case["replied_at"]
        status = "done" if case["status"] in ("closed", "following_up") else random.choice(("issued", "accepted"))
        taken = at + DAY // 4 if status != "issued" else None
        over = at + DAY if status == "done" else None
        number = first + len(rows)
        own = common(session, number, case["number"].replace("TS", "PF"), status, at)
        what = (case["id"], None, random.choice(DEPARTMENTS), _day(at + random.randrange(1, 6) * DAY))
        rows.append((*own, *what, "赵库管" if taken else None, taken, False, over, False, False, case["customer_name"]))
        lines.append((0, number, "replace", "同批次外产品", 6000, "条", 6000 if over else 0, case["id"], 1))
        if over:
            done.append((0, number, over, False, 1, 6000, "店主", "签收单", "赵库管"))
    _enter(session, Dispatch, _ORDER, rows)
    insert("dispatch_line", "position parent_id remedy description quantity unit delivered proposal place", lines)
    insert("delivery", "position parent_id at at_day line quantity received_by proof who", done)


def calls_back(random: Random, cases: Iterable[Case]) -> None:
    """How satisfied the customers of closed cases were."""
    rows = ((0, one["id"], one["closed_at"], False, "phone", True, one["satisfaction"], random.randrange(1, 6)) for one in cases)
    insert("follow_up", "position parent_id at at_day way reached result_score process_score", rows)


_ACTION = (
    f"{COMMON} complaint_id root_cause cause lasting department person due check_on done_at done_at_day checked_at_day "
    "published_at_day customer_name"
)


def actions(session: Session, random: Random, cases: Iterable[Case]) -> None:
    """A corrective action of each of these cases; of those that are open one is under way."""
    first, rows = _next("action"), []
    for case in cases:
        at = case["received_at"]
        status = random.choice(("effective", "effective", "done")) if case["closed_at"] else "open"
        done = at + 6 * DAY if status != "open" else None
        own = common(session, first + len(rows), case["number"].replace("TS", "ZG"), status, at)
        what = (case["id"], "入库验收漏检", case["cause"], "逐批抽检", random.choice(DEPARTMENTS), case["handler"])
        days = (_day(at + 7 * DAY), _day(at + 37 * DAY))
        rows.append((*own, *what, *days, done, False, False, False, case["customer_name"]))
    _enter(session, Action, _ACTION, rows)


def cards(session: Session, random: Random, count: int, at: int) -> None:
    """Objection cards, most of them published."""
    rows = []
    for number in range(1, count + 1):
        status = random.choice(("published", "published", "published", "rehearsed", "discussed", "collected", "retired"))
        own = common(session, number, f"YK-{number:04}", status, at)
        axes = (random.choice(of.CONTENTS).code, random.choice(of.CAUSES).code)
        words = (texts.wish(random), *axes, "货源按近三月动销排，我把明细带来了。", random.choice(of.METHODS).code)
        rows.append((*own, *words, at if status in ("published", "retired") else None, False, 1))
    _enter(session, Card, f"{COMMON} words content cause answer method published_at published_at_day edition", rows)
