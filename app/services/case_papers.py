"""Which papers a record has now: what the print menu of its page offers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.services.cases import Case

Offered = Mapping[str, Callable[[Case], object]]


def _always(_case: Case) -> bool:
    return True


def _signed(case: Case) -> bool:
    return bool(case.record.status != "draft")


def _orders(case: Case) -> bool:
    return any(one.status != "voided" for one in case.course.orders)


_OFFERED: Mapping[str, Offered] = {
    "complaint": {
        "form": _always,
        "receipt": _signed,
        "approval": lambda case: case.rounds,
        "agreement": lambda case: case.editions,
        "dispatch": _orders,
        "follow-up": _signed,
        "letter": lambda case: any(line["batch"] and line["produced_on"] for line in case.values["product_lines"]),
        "case-file": _always,
    },
    "objection": {"objection": _always, "case-file": _always},
    "dispatch": {"dispatch": _always, "reminder": lambda case: case.record.status in ("issued", "accepted")},
    "action": {"notice": _always},
    "card": {"cards": _always},
}


def of(case: Case) -> list[str]:
    """Codes of documents, in the order of the way."""
    return [document for document, there in _OFFERED.get(case.record.KIND, {}).items() if there(case)]
