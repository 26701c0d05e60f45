"""The figures of a period by the definitions alone, from plain rows: dicts of what the database holds, one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
NOBODY = "unclassified"
AGES = {"<=1": (-(10**6), 1), "2-3": (2, 3), "4-7": (4, 7), "8-30": (8, 30), ">30": (31, 10**6)}
AXES = {
    "objection": {
        f"by_{name}": name
        for name in ("content", "nature", "family", "cause", "channel", "method", "handler", "tier", "product", "customer")
    },
    "complaint": {
        f"complaints_by_{name}": name
        for name in ("class", "cause", "channel", "product", "customer", "handler", "severity", "tier")
    },
}
BEGINS = {"objection": "occurred_at", "complaint": "received_at"}
TOPIC = {"objection": "content", "complaint": "class"}
MORAL = {"apology", "thanks"}


class FromRows:
    """Tables by name, each a list of rows; days [start, end) in local time; `present` is the wall clock."""

    def __init__(self, tables: dict[str, list[Row]], start: date, end: date, zone: ZoneInfo, present: datetime) -> None:
        self.tables, self.start, self.end, self.zone = tables, start, end, zone
        self.present = present.astimezone(zone)
        self.over = self.present.date() >= end

    # Times

    def local(self, row: Row, code: str) -> datetime | None:
        if row[code] is None:
            return None
        seconds, rest = divmod(row[code], 1000)
        return datetime.fromtimestamp(seconds, self.zone) + timedelta(milliseconds=rest)

    def day(self, row: Row, code: str) -> date:
        found = self.local(row, code)
        assert found is not None
        return found.date()

    def happened(self, row: Row, code: str) -> bool:
        """By now: before the end of the period, and not after the present."""
        return row[code] is not None and self.day(row, code) < self.end and row[code] <= self.present.timestamp() * 1000

    def not_after(self, one: Row, first: str, other: Row, second: str) -> bool:
        if one[f"{first}_day"] or other[f"{second}_day"]:
            return self.day(one, first) <= self.day(other, second)
        return bool(one[first] <= other[second])

    def fell_due(self, row: Row, code: str) -> bool:
        if row[code] is None or not self.start <= self.day(row, code) < self.end:
            return False
        if self.over:
            return True
        return self.day(row, code) < self.present.date() if row[f"{code}_day"] else self.happened(row, code)

    # Cases

    def standing(self, kind: str) -> list[Row]:
        return [row for row in self.tables[kind] if row["status"] != "voided"]

    def cases(self, kind: str, start: date | None = None, end: date | None = None) -> list[Row]:
        first, after = start or self.start, end or self.end
        return [row for row in self.standing(kind) if first <= self.day(row, BEGINS[kind]) < after]

    def value(self, kind: str, row: Row, name: str) -> str:
        customers = {one["id"]: one for one in self.tables["customer"]}
        if name == "tier":
            return (customers[row["customer_id"]]["tier"] if row["customer_id"] else None) or NOBODY
        if name in ("customer", "product"):
            return next((one["number"] for one in self.tables[name] if one["id"] == row[f"{name}_id"]), NOBODY)
        return row[name] or NOBODY

    def distribution(self, values: list[str]) -> list[Row]:
        order = sorted(set(values), key=lambda code: (code == NOBODY, -values.count(code), code))
        return [{"code": code, "count": values.count(code), "share": values.count(code) / len(values)} for code in order]

    def pareto(self, values: list[str], until: Fraction | None) -> list[Row]:
        rows, run = [], 0
        for row in self.distribution(values):
            if row["code"] == NOBODY:
                rows.append(row | {"cumulative": None})
            elif until is None or Fraction(run, len(values)) < until:
                run += row["count"]
                rows.append(row | {"cumulative": run / len(values)})
        return rows

    def repeats(self, kind: str, row: Row) -> bool:
        began, topic = BEGINS[kind], TOPIC[kind]
        if row["customer_id"] is None or row[topic] is None:
            return False
        same = (one for one in self.standing(kind) if one["id"] != row["id"] and one["customer_id"] == row["customer_id"])
        return any(one[topic] == row[topic] and self._within(one, row, began) for one in same)

    def _within(self, earlier: Row, row: Row, began: str) -> bool:
        """Ninety times 24 hours; where one is a day, from the day on which that instant lies."""
        if earlier[f"{began}_day"] or row[f"{began}_day"]:
            first = datetime.fromtimestamp(row[began] / 1000 - 90 * 86_400, self.zone).date()
            return first <= self.day(earlier, began) <= self.day(row, began)
        return bool(0 <= row[began] - earlier[began] <= 90 * 86_400_000)

    def hours(self, kind: str) -> list[float]:
        began, found = BEGINS[kind], []
        for row in self.standing(kind):
            if not self.happened(row, "closed_at") or self.day(row, "closed_at") < self.start:
                continue
            if row[f"{began}_day"] or row["closed_at_day"]:
                found.append((self.day(row, "closed_at") - self.day(row, began)).days * 24.0)
            else:
                found.append((row["closed_at"] - row[began]) / 3_600_000)
        return sorted(found)

    def open_ages(self) -> list[int]:
        last = self.end - timedelta(days=1) if self.over else self.present.date()
        return [
            (last - self.day(row, BEGINS[kind])).days
            for kind in BEGINS
            for row in self.standing(kind)
            if self.happened(row, BEGINS[kind]) and not self.happened(row, "closed_at")
        ]

    # The course of cases

    def promises(self) -> list[bool]:
        due = [row for row in self.tables["promise"] if row["status"] != "voided" and self.fell_due(row, "due")]
        return [row["kept_at"] is not None and self.not_after(row, "kept_at", row, "due") for row in due]

    def solutions(self) -> list[bool]:
        found = []
        for row in self.standing("complaint"):
            if not self.fell_due(row, "solution_due"):
                continue
            answer = "solved_at" if row["solved_at"] is not None or row["status"] != "rejected" else "closed_at"
            paused = row["paused_at"] is not None and self.not_after(row, "paused_at", row, "solution_due")
            unknown = row["imported"] and self.happened(row, "closed_at")
            if row[answer] is None and not paused and not unknown:
                found.append(False)
            elif row[answer] is not None:
                found.append(paused or self.not_after(row, answer, row, "solution_due"))
        return found

    def scores(self) -> list[int]:
        complaints = {row["id"]: row for row in self.standing("complaint")}
        told = [row for row in self.tables["follow_up"] if row["result_score"] is not None]
        found = [
            row["result_score"]
            for row in told
            if row["parent_id"] in complaints and self.happened(row, "at") and self.day(row, "at") >= self.start
        ]
        asked = {row["parent_id"] for row in told}
        for row in complaints.values():
            ended = self.happened(row, "closed_at") and self.day(row, "closed_at") >= self.start
            if ended and row["imported"] and row["satisfaction"] is not None and row["id"] not in asked:
                found.append(row["satisfaction"])
        return found

    def signed(self) -> Iterable[list[Row]]:
        """Of each agreement that stands: its signed editions, oldest first."""
        for number in sorted({row["number"] for row in self.tables["agreement"]}):
            editions = sorted(
                (row for row in self.tables["agreement"] if row["number"] == number), key=lambda row: row["edition"]
            )
            valid = [row for row in editions if row["status"] != "voided"]
            if valid and valid[-1]["signed_on"] is not None:
                yield [row for row in editions if row["signed_on"] is not None]

    def own(self, edition: Row) -> bool:
        return self.start.isoformat() <= str(edition["signed_on"]) < self.end.isoformat()

    def lines(self, edition: Row) -> list[Row]:
        found = (row for row in self.tables["agreement_line"] if row["parent_id"] == edition["id"])
        return sorted(found, key=lambda row: row["position"])

    def costs(self) -> dict[str, tuple[int, int]]:
        """By remedy: how many lines, and fen."""
        signs = [
            (line, sign)
            for chain in self.signed()
            for before, edition in zip([None, *chain], chain, strict=False)
            if self.own(edition)
            for counted, sign in ((edition, 1), (before, -1))
            if counted is not None
            for line in self.lines(counted)
        ]
        found: dict[str, tuple[int, int]] = {}
        for line, sign in signs:
            count, cost = found.get(line["remedy"], (0, 0))
            found[line["remedy"]] = (count + sign, cost + sign * (line["amount"] or 0))
        return {code: both for code, both in found.items() if both != (0, 0)}

    def owed(self) -> dict[tuple[str, str], tuple[Decimal, Decimal]]:
        """By remedy and unit: agreed, delivered."""
        last = [[row for row in chain if str(row["signed_on"]) < self.end.isoformat()][-1:] for chain in self.signed()]
        found: dict[tuple[str, str], tuple[Decimal, Decimal]] = {}
        for edition in (edition for editions in last for edition in editions if self.own(edition)):
            for place, line in enumerate(self.lines(edition)):
                agreed, unit = self.measured(line)
                so_far = found.get((line["remedy"], unit), (Decimal(0), Decimal(0)))
                found[line["remedy"], unit] = (so_far[0] + agreed, so_far[1] + self.delivered(edition, place))
        return found

    def measured(self, line: Row) -> tuple[Decimal, str]:
        amount, quantity = Decimal(line["amount"] or 0) / 100, line["quantity"]
        if line["remedy"] not in MORAL and amount and (line["remedy"] in ("money", "refund") or quantity is None):
            return amount, "元"
        return (Decimal(quantity) / 1000, line["unit"] or "") if quantity else (Decimal(1), "次")

    def delivered(self, edition: Row, place: int) -> Decimal:
        """What arrived of a line; an edition without a proposal was dispatched by nobody."""
        wanted = (edition["proposal"], place)
        orders = {row["id"] for row in self.tables["dispatch"] if row["complaint_id"] == edition["complaint_id"]}
        lines = {
            (line["parent_id"], line["position"] + 1)
            for line in self.tables["dispatch_line"]
            if line["parent_id"] in orders and (line["proposal"], line["place"]) == wanted and line["proposal"]
        }
        arrived = (
            one for one in self.tables["delivery"] if (one["parent_id"], one["line"]) in lines and self.happened(one, "at")
        )
        return Decimal(sum(one["quantity"] for one in arrived)) / 1000

    def active(self) -> int:
        day = (self.end - timedelta(days=1) if self.over else self.present.date()).isoformat()
        return sum(
            row["status"] not in ("voided", "merged")
            and (row["customer_since"] is None or row["customer_since"] <= day)
            and (row["status"] == "active" or (row["lost_on"] or "") > day or (row["ended_on"] or "") > day)
            for row in self.tables["customer"]
        )

    # All together

    def figures(self) -> dict[str, Any]:
        """Every code but comparisons and trend, as the program's JSON has it, without labels."""
        cases = {kind: self.cases(kind) for kind in BEGINS}
        objections, complaints = cases["objection"], cases["complaint"]
        promises, solutions, scores = self.promises(), self.solutions(), self.scores()
        replied = [self._same_day(row) for row in complaints]
        replies = [one for one in replied if one is not None]
        judged = [row["valid"] for row in complaints if row["valid"] is not None]
        ages, costs, active = self.open_ages(), self.costs(), self.active()
        causes = [self.value(kind, row, "cause") for kind in BEGINS for row in cases[kind]]
        customers = [self.value(kind, row, "customer") for kind in BEGINS for row in cases[kind]]
        hours = {kind: self.hours(kind) for kind in BEGINS}
        return {
            "objections": len(objections),
            "complaints": len(complaints),
            "solved_on_spot_rate": part(bool(row["solved_on_spot"]) for row in objections),
            "same_day_reply_rate": part(replies),
            "promise_kept_rate": part(promises),
            "on_time_rate": part(solutions),
            "close_rate": both(lambda kind: part(self.happened(row, "closed_at") for row in cases[kind])),
            "repeat_rate": both(lambda kind: part(self.repeats(kind, row) for row in cases[kind])),
            "handling_hours_median": both(lambda kind: middle(hours[kind])),
            "handling_hours_mean": both(lambda kind: sum(hours[kind]) / len(hours[kind]) if hours[kind] else None),
            "handling_hours_p90": both(lambda kind: ninetieth(hours[kind])),
            "satisfied_rate": part(score > 3 for score in scores),
            "satisfaction_mean": sum(scores) / len(scores) if scores else None,
            "reopened": sum(row["round"] > 1 for row in complaints),
            "escalated": sum(row["status"] == "escalated" and self.happened(row, "closed_at") for row in objections),
            "valid_rate": part(map(bool, judged)),
            "complaint_rate": len(complaints) * 1000 / active if active else None,
            "compensation_cost": f"{Decimal(sum(cost for _count, cost in costs.values())) / 100:.2f}",
            "by_remedy": {code: (count, f"{Decimal(cost) / 100:.2f}") for code, (count, cost) in costs.items()},
            "promised_vs_delivered": self.owed(),
            "backlog": len(ages),
            "ageing": {name: sum(low <= age <= high for age in ages) for name, (low, high) in AGES.items()},
            "silent_estimate": len(complaints) * 24,
            "content_by_nature": sorted({(row["content"] or NOBODY, row["nature"] or NOBODY) for row in objections}),
            "pareto": {"causes": self.pareto(causes, None), "customers": self.pareto(customers, Fraction(4, 5))},
            **{
                figure: self.distribution([self.value(kind, row, name) for row in cases[kind]])
                for kind, axes in AXES.items()
                for figure, name in axes.items()
            },
        }

    def _same_day(self, row: Row) -> bool | None:
        if row["replied_at"] is None:
            return None if row["imported"] and self.happened(row, "closed_at") else False
        return self.day(row, "replied_at") == self.day(row, "received_at")

    def satisfied_by_method(self, method: str) -> float | None:
        found = [
            row for row in self.cases("objection") if (row["method"] or NOBODY) == method and row["satisfaction"] is not None
        ]
        return part(row["satisfaction"] >= 4 for row in found)


def part(of: Iterable[bool]) -> float | None:
    found = list(of)
    return found.count(True) / len(found) if found else None


def both(of: Callable[[str], float | None]) -> dict[str, float | None]:
    return {"objections": of("objection"), "complaints": of("complaint")}


def middle(ordered: list[float]) -> float | None:
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2 if ordered else None


def ninetieth(ordered: list[float]) -> float | None:
    return next((value for rank, value in enumerate(ordered, 1) if rank * 10 >= 9 * len(ordered)), None)
