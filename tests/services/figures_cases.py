"""Random cases of a branch, and the figures of a period recomputed from them one by one, slowly and plainly."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from statistics import fmean, median
from typing import Any

from app.core.session import Session
from app.models import classifications as of
from app.models.bulk import New, insert_many
from app.models.complaints import Complaint
from app.models.customers import Customer
from app.models.objections import Objection
from app.models.products import Product
from app.models.record import add
from app.services.periods import Period

Case = dict[str, Any]
NOW = datetime(2026, 11, 23, 6, 32, tzinfo=UTC)


def codes(choices: Iterable[of.Choice]) -> list[str | None]:
    return [*[choice.code for choice in choices][:4], None]


def local(case: Case, code: str, session: Session) -> date:
    value = case[code]
    return value.astimezone(session.branch.zone).date() if isinstance(value, datetime) else value


def instant(case: Case, code: str, session: Session) -> datetime:
    value = case[code]
    if isinstance(value, datetime):
        return value
    return datetime(value.year, value.month, value.day, tzinfo=session.branch.zone).astimezone(UTC)


class Cases:
    """What was put into the branch."""

    def __init__(self, session: Session, seed: int, size: int = 300, since: int = 500) -> None:
        self.session, self.chance, self.since = session, random.Random(seed), since
        self.customers = [
            add(session, Customer, {"name": f"店{n}", "tier": self.chance.choice(codes(of.TIERS))}) for n in range(12)
        ]
        self.products = [add(session, Product, {"name": f"品{n}"}) for n in range(4)]
        self.objections = [self._objection() for _ in range(size)]
        self.complaints = [self._complaint() for _ in range(size)]
        insert_many(session, Objection, [self._new(case) for case in self.objections])
        insert_many(session, Complaint, [self._new(case) for case in self.complaints])

    def _new(self, case: Case) -> New:
        extra = {"status": case["status"], "imported": case["imported"], "round": case.get("round", 1)}
        if "round" not in case:
            del extra["round"]
        plain = {code: value for code, value in case.items() if code not in extra and code != "product"}
        return New(plain, extra=extra | {"product": case["product"]})

    def _moment(self, earliest: datetime) -> datetime | date:
        span = max(int((NOW - earliest).total_seconds()), 1)
        moment = earliest + timedelta(seconds=min(self.chance.randrange(span), self.chance.randrange(20 * 86_400)))
        return moment.astimezone(self.session.branch.zone).date() if self.chance.random() < 0.3 else moment

    def _case(self, began: str) -> Case:
        pick = self.chance.choice
        start = NOW - timedelta(seconds=self.chance.randrange(self.since * 86_400))
        day = start.astimezone(self.session.branch.zone).date()
        case: Case = {began: day if self.chance.random() < 0.3 else start, "imported": pick([True, False]), "status": "open"}
        case |= {
            "customer": pick([*self.customers, None]),
            "product": pick([*self.products, None]),
            "cause": pick(codes(of.CAUSES)),
        }
        case |= {"channel": pick(codes(of.CHANNELS)), "handler": pick(["陈志强", "刘洋", None]), "satisfaction": None}
        case |= {"replied_at": pick([None, self._moment(start)]), "closed_at": None}
        if self.chance.random() < 0.8:
            case |= {"closed_at": self._moment(start), "status": "closed", "satisfaction": pick([None, 1, 3, 4, 5])}
        if self.chance.random() < 0.1:
            case["status"] = "voided"
        return case

    def _objection(self) -> Case:
        pick = self.chance.choice
        case = self._case("occurred_at") | {"what": "订十条只给两条", "solved_on_spot": pick([True, False, None])}
        case |= {"content": pick(codes(of.CONTENTS)), "nature": pick(codes(of.NATURES)), "family": pick(codes(of.FAMILIES))}
        if case["status"] == "closed" and self.chance.random() < 0.2:
            case["status"] = "escalated"
        return case | {"method": pick(codes(of.METHODS))}

    def _complaint(self) -> Case:
        pick = self.chance.choice
        case = self._case("received_at") | {
            "description": "六条霉变",
            "valid": pick([True, False, None]),
            "round": pick([1, 1, 2]),
        }
        if case["status"] == "open":
            case["status"] = "accepted"
        return case | {"class": pick(codes(of.COMPLAINT_CLASSES)), "severity": pick(codes(of.SEVERITIES))}


class Plainly:
    """The figures by going through all cases for each of them."""

    def __init__(self, cases: Cases, period: Period) -> None:
        self.cases, self.session, self.period = cases, cases.session, period
        self.start, self.end = period.bounds(self.session.branch.zone)
        self.now = min(self.end, NOW)

    def all_of(self, kind: str) -> list[Case]:
        cases = self.cases.objections if kind == "objections" else self.cases.complaints
        return [case for case in cases if case["status"] != "voided"]

    def began(self, kind: str) -> str:
        return "occurred_at" if kind == "objections" else "received_at"

    def of(self, kind: str, period: Period | None = None) -> list[Case]:
        chosen = period or self.period
        return [case for case in self.all_of(kind) if chosen.start <= local(case, self.began(kind), self.session) < chosen.end]

    def ended(self, case: Case) -> bool:
        """At the end of the period, or by now: what happens in this very moment has happened."""
        closed = case["closed_at"] is not None and instant(case, "closed_at", self.session)
        return bool(closed) and closed < self.end and closed <= NOW

    def counted(self, kind: str, value: Callable[[Case], str | None]) -> dict[str, int]:
        found: dict[str, int] = {}
        for case in self.of(kind):
            code = value(case) or "unclassified"
            found[code] = found.get(code, 0) + 1
        return found

    def hours(self, kind: str) -> list[float]:
        found = []
        for case in self.all_of(kind):
            closed = case["closed_at"]
            if not self.ended(case) or instant(case, "closed_at", self.session) < self.start:
                continue
            began = case[self.began(kind)]
            if isinstance(began, datetime) and isinstance(closed, datetime):
                found.append((closed - began).total_seconds() / 3600)
            else:
                whole = local(case, "closed_at", self.session) - local(case, self.began(kind), self.session)
                found.append(whole.days * 24.0)
        return sorted(found)

    def same_day(self) -> float | None:
        counted = []
        for case in self.of("complaints"):
            replied = case["replied_at"] is not None
            if not replied and case["imported"] and self.ended(case):
                continue
            counted.append(replied and local(case, "replied_at", self.session) == local(case, "received_at", self.session))
        return sum(counted) / len(counted) if counted else None

    def repeats(self, kind: str) -> int:
        return sum(any(self._precedes(kind, other, case) for other in self.all_of(kind)) for case in self.of(kind))

    def _precedes(self, kind: str, other: Case, case: Case) -> bool:
        began, topic = self.began(kind), "content" if kind == "objections" else "class"
        if other is case or case["customer"] is None or case[topic] is None:
            return False
        if other["customer"] is not case["customer"] or other[topic] != case[topic]:
            return False
        one, two = instant(other, began, self.session), instant(case, began, self.session)
        if isinstance(other[began], datetime) and isinstance(case[began], datetime):
            return two - timedelta(days=90) <= one <= two
        zone = self.session.branch.zone
        earliest = (two - timedelta(days=90)).astimezone(zone).date()
        return earliest <= local(other, began, self.session) <= local(case, began, self.session)

    def ages(self) -> list[int]:
        today = (self.now - timedelta(milliseconds=self.now == self.end)).astimezone(self.session.branch.zone).date()
        found = [0] * 5
        for kind in ("objections", "complaints"):
            for case in self.all_of(kind):
                if (
                    instant(case, self.began(kind), self.session) > self.now
                    or local(case, self.began(kind), self.session) >= self.period.end
                ):
                    continue
                if self.ended(case):
                    continue
                age = (today - local(case, self.began(kind), self.session)).days
                found[(age > 1) + (age > 3) + (age > 7) + (age > 30)] += 1
        return found


def p90(values: list[float]) -> float:
    return next(value for rank, value in enumerate(values, 1) if rank * 10 >= 9 * len(values))


def summary(values: list[float]) -> tuple[float, float, float] | tuple[None, None, None]:
    return (median(values), fmean(values), p90(values)) if values else (None, None, None)
