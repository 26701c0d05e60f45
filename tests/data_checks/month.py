"""Figures of a month of complaints that came in with a day and no time, by the definitions and the csv module alone.

Nothing of the program is used here.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

UNCLASSIFIED = "unclassified"
OBJECTION_SHARES = ("content", "nature", "family", "cause", "channel", "method", "handler", "tier", "product", "customer")


class Complaint(NamedTuple):
    """What a row of a register tells; codes as the program gives them out."""

    received: date
    closed: date | None = None
    handler: str = ""
    channel: str = ""
    kind: str = ""
    product: str = ""
    customer: str = ""


def numbered(names: list[str], pattern: str) -> dict[str, str]:
    """Numbers in the order in which names first appear."""
    return {name: pattern.format(place) for place, name in enumerate(dict.fromkeys(name for name in names if name), 1)}


def add_months(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)


class Month:
    """A month that is over: its figures are as of its end."""

    def __init__(self, cases: list[Complaint], first: date, customers: int) -> None:
        self.all, self.first, self.end, self.customers = cases, first, add_months(first, 1), customers
        self.cases = self.within(first)

    def within(self, first: date) -> list[Complaint]:
        return [case for case in self.all if first <= case.received < add_months(first, 1)]

    def ended(self, case: Complaint) -> bool:
        return case.closed is not None and case.closed < self.end

    def share(self, values: list[str]) -> list[dict[str, Any]]:
        counted = Counter(value or UNCLASSIFIED for value in values)
        order = sorted(counted, key=lambda code: (code == UNCLASSIFIED, -counted[code], code))
        return [{"code": code, "count": counted[code], "share": counted[code] / len(values)} for code in order]

    def hours(self) -> list[int]:
        """Whole days: neither end has a time."""
        over = [case for case in self.all if case.closed is not None and self.first <= case.closed < self.end]
        return sorted((case.closed - case.received).days * 24 for case in over if case.closed is not None)

    def ages(self) -> list[int]:
        last = self.end - timedelta(days=1)
        return [(last - case.received).days for case in self.all if case.received < self.end and not self.ended(case)]

    def ageing(self) -> dict[str, int]:
        ages = self.ages()
        edges = {"<=1": (0, 1), "2-3": (2, 3), "4-7": (4, 7), "8-30": (8, 30), ">30": (31, 10**9)}
        return {name: sum(low <= age <= high for age in ages) for name, (low, high) in edges.items()}

    def repeats(self) -> int:
        """Cases that another of the same customer and class precedes within 90 days, or equals."""
        found = 0
        alike: dict[tuple[str, str], list[Complaint]] = {}
        for case in self.all:
            alike.setdefault((case.customer, case.kind), []).append(case)
        for case in self.cases:
            if case.customer and case.kind:
                others = [one for one in alike[case.customer, case.kind] if one is not case]
                found += any(timedelta(0) <= case.received - one.received <= timedelta(days=90) for one in others)
        return found

    def same_day(self) -> float | None:
        """No register says when the reply went out: what is closed counts in neither part, what is open as not replied."""
        return 0.0 if any(not self.ended(case) for case in self.cases) else None

    def on_time(self) -> float | None:
        """No register says when the reply went out: of what is open the deadline passed, of what is closed nobody knows.

        Seven working days after the first ten days of a month lie in it, whatever the holidays.
        """
        last = self.first + timedelta(days=10)
        return 0.0 if any(not self.ended(case) and case.received < last for case in self.cases) else None

    def pareto(self, values: list[str], until: Fraction | None) -> list[dict[str, Any]]:
        rows, run = [], Fraction(0)
        shares = self.share(values)
        for row in shares:
            unknown = row["code"] == UNCLASSIFIED
            if not unknown and until is not None and run >= until:
                continue
            run += 0 if unknown else Fraction(row["count"], len(values))
            rows.append(row | {"cumulative": None if unknown else float(run)})
        return rows

    def figures(self) -> dict[str, Any]:
        """Every code that complaints of a register can give."""
        count, hours = len(self.cases), self.hours()
        earlier, year = len(self.within(add_months(self.first, -1))), len(self.within(add_months(self.first, -12)))
        middle = (hours[(len(hours) - 1) // 2] + hours[len(hours) // 2]) / 2 if hours else None
        ageing = self.ageing()
        months = [add_months(self.first, back) for back in range(-12, 1)]
        return {
            "objections": 0,
            "complaints": count,
            "mom": _complaints((count - earlier) / earlier if earlier else None),
            "yoy": _complaints((count - year) / year if year else None),
            "solved_on_spot_rate": None,
            "same_day_reply_rate": self.same_day(),
            "promise_kept_rate": None,
            "on_time_rate": self.on_time(),
            "close_rate": _complaints(sum(map(self.ended, self.cases)) / count),
            "handling_hours_median": _complaints(middle),
            "handling_hours_mean": _complaints(sum(hours) / len(hours) if hours else None),
            "handling_hours_p90": _complaints(hours[-(-9 * len(hours) // 10) - 1] if hours else None),
            "satisfied_rate": None,
            "satisfaction_mean": None,
            "reopened": 0,
            "repeat_rate": _complaints(self.repeats() / count),
            "escalated": 0,
            "complaint_rate": count / self.customers * 1000 if self.customers else None,
            "valid_rate": None,
            "compensation_cost": "0.00",
            "by_remedy": [],
            "promised_vs_delivered": [],
            "content_by_nature": [],
            "silent_estimate": count * 24,
            "backlog": sum(ageing.values()),
            "ageing": ageing,
            "trend": [{"month": f"{one:%Y-%m}", "objections": 0, "complaints": len(self.within(one))} for one in months],
            "pareto": {
                "causes": self.pareto([""] * count, None),
                "customers": self.pareto([case.customer for case in self.cases], Fraction(4, 5)),
            },
            "complaints_by_class": self.share([case.kind for case in self.cases]),
            "complaints_by_cause": self.share([""] * count),
            "complaints_by_channel": self.share([case.channel for case in self.cases]),
            "complaints_by_product": self.share([case.product for case in self.cases]),
            "complaints_by_customer": self.share([case.customer for case in self.cases]),
            "complaints_by_handler": self.share([case.handler for case in self.cases]),
            "complaints_by_severity": self.share([""] * count),
            "complaints_by_tier": self.share([""] * count),
            **{f"by_{axis}": [] for axis in OBJECTION_SHARES},
        }


def _complaints(value: float | None) -> dict[str, float | None]:
    return {"objections": None, "complaints": value}
