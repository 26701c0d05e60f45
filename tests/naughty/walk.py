"""One text through the whole life of every kind of record: forms, lines, steps, branch, clauses, attachments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from app.core.database import transaction
from app.core.fields import Field
from app.core.session import USER, named
from app.core.settings import SETTINGS
from app.models import agreements, attachments, branches, clauses, numbering, steps
from app.models.agreements import Agreement, AgreementLine
from app.models.clauses import Clause
from app.models.complaints import Complaint
from app.models.customers import Customer
from app.models.objections import Objection
from app.models.products import Product
from app.models.record import Record, add, edit, find, typed_fields
from tests.naughty.pen import Pen, is_text

_REMEDY = {"remedy": "money", "quantity": "2", "unit_price": "150", "amount": "300"}
CLAUSE = clauses.TEXT.but(code="clauses")
PATTERNS = tuple(declared for declared, _default in SETTINGS if declared.code.startswith("pattern_"))
_DAY, _BEFORE = "2026-11-24", "2026-11-20"


@dataclass(frozen=True)
class Walked:
    """What was written with which pen: the records by their part in the walk."""

    pen: Pen
    records: Mapping[str, Record]

    def marks(self) -> list[str]:
        """What the program itself gave these records: numbers, and hashes in full and as papers show them."""
        hashes = [record.content_hash for record in self.records.values() if isinstance(record, Agreement)]
        numbers = [record.number for record in self.records.values()]
        return [*numbers, *filter(None, hashes), *(digest[:12] for digest in hashes if digest)]


def walk(pen: Pen, folder: Path) -> Walked:
    """Write everywhere; `folder` takes the file that is attached."""
    with pen.session.changed.after(), transaction():  # hundreds of commits would wait for the disk
        return _Walk(pen, folder).go()


class _Walk:
    def __init__(self, pen: Pen, folder: Path) -> None:
        self.pen, self.session, self.folder = pen, pen.session, folder
        self.hour = pen.session.clock() - timedelta(hours=1)

    def go(self) -> Walked:
        self.branch()
        customer, product = self.customer(), self.product()
        records: dict[str, Record] = {"customer": customer, "product": product}
        records |= self.objections(customer, product)
        records |= self.complaints(customer, product)
        return Walked(self.pen, {name: find(self.session, type(one), one.number) for name, one in records.items()})

    def branch(self) -> None:
        self.pen.send("branch", lambda raw: branches.edit(self.session, raw), branches.FIELDS)
        self.pen.send("clauses", lambda raw: clauses.keep(self.session, [Clause((), raw["clauses"])]), (CLAUSE,))
        for one in PATTERNS:
            usual = self.session.settings[one.code]
            self.pen.offer("settings", one, lambda text, one=one: branches.change_settings(self.session, {one.code: text}))
            branches.change_settings(self.session, {one.code: usual})
        self.pen.offer("session", USER, named)
        (number,) = numbering.reserve(self.session, "complaint")
        self.pen.send("blank", lambda raw: numbering.void_reserved(self.session, number, raw["reason"]), (numbering.REASON,))

    def add(self, kind: type[Record], name: str, given: Mapping[str, Any], lines: Mapping[str, Any] | None = None) -> Any:
        parts = {code: (kind.PARTS[code].FIELDS, line) for code, line in (lines or {}).items()}
        return self.pen.send(name, lambda raw: add(self.session, kind, raw), typed_fields(kind), given, parts)

    def step(self, record: Any, code: str, name: str = "", /, lines: Mapping[str, Any] | None = None, **given: Any) -> Any:
        present = type(record).get_by_id(record.id)
        step = steps.step_of(present, code)
        parts = {part: (fields, (lines or {})[part]) for part, fields in step.parts.items()}
        name = f"{name or record.KIND}.{code}"
        return self.pen.send(name, lambda raw: steps.take(self.session, present, code, raw), step.fields, given, parts)

    def void(self, record: Record, name: str) -> Any:
        return self.pen.send(name, lambda raw: steps.void(self.session, record, raw["reason"]), (steps.REASON,))

    def customer(self) -> Any:
        gone = add(self.session, Customer, {"name": "已关店"})
        self.void(gone, "customer.void")
        return self.add(Customer, "customer", {}, {"contacts": {}})

    def product(self) -> Any:
        gone = add(self.session, Product, {"name": "已停产"})
        self.void(gone, "product.void")
        return self.add(Product, "product", {})

    def objections(self, customer: Any, product: Any) -> dict[str, Record]:
        given = {"customer": customer.number, "product": product.number, "occurred_at": self.hour}
        record = self.add(Objection, "objection", given)
        record = self.step(record, "promise", promised_at=_DAY)
        record = self.step(record, "reply", result=None)
        record = self.step(record, "close", satisfaction=4)
        void = add(self.session, Objection, given | {"what": "登记错了"})
        void = self.step(self.step(void, "promise", promised_at=_DAY), "reply")
        return {"objection": record, "void objection": self.step(void, "void")}

    def complaints(self, customer: Any, product: Any) -> dict[str, Record]:
        given = {"customer": customer.number, "received_at": self.hour}
        record = self.add(Complaint, "complaint", given, self.lines(product))
        record = self.step(record, "sign")
        record = self.step(record, "accept", promised_at=_DAY)
        record = self.step(record, "promise", promised_at=_DAY)
        record = self.step(record, "investigate", at=self.hour)
        record = steps.take(self.session, record, "propose", {"text": "先前的", "lines": [_REMEDY]})
        record = self.step(record, "return")
        record = self.step(record, "propose", lines={"lines": _REMEDY})
        record = self.step(record, "approve", way="on_paper")
        self.attach(record)
        record, *editions = self.agreement(record)
        record = self.step(record, "close")
        plain = given | {"description": "另一件"}
        void = steps.take(self.session, add(self.session, Complaint, plain), "sign")
        self.refer(void)
        void = self.step(self.step(void, "hand-over", handed_to="warehouse"), "void")
        waived = self.waived(plain)
        agreed = dict(zip(("first agreement", "agreement"), editions, strict=True))
        return {"complaint": record, "void complaint": void, "waived complaint": waived} | agreed

    def refer(self, record: Record) -> None:
        """Numbers of other records."""
        ways: dict[str, Callable[[str], Any]] = {"customer": lambda text: text, "product_lines": lambda text: [{"product": text}]}
        for code, way in ways.items():
            declared = Complaint.field("customer" if code == "customer" else "product")
            self.pen.offer("complaint", declared, lambda text, code=code, way=way: self.edited(record, {code: way(text)}))

    def edited(self, record: Record, values: Mapping[str, Any]) -> Record:
        return edit(self.session, record, values, record.version)

    def lines(self, product: Any) -> dict[str, Mapping[str, Any]]:
        of_product = {"product": product.number, "produced_on": _BEFORE, "quantity": "50", "defective_quantity": "6"}
        return {
            "product_lines": of_product,
            "loss_lines": {"item": "parking", "amount": "29.50"},
            "enquiries": {"at": self.hour},
        }

    def agreement(self, complaint: Any) -> tuple[Any, Any, Any]:
        """Drawn up and void, drawn up again and edited, replaced by one with the branch's clauses, released and signed."""
        complaint = self.step(complaint, "agreement", deadline=_DAY)
        first = self.step(self.edited_lines(complaint), "void")
        asked = steps.step_of(complaint, "agreement").fields
        plain = {one.code: "原先的" for one in asked if is_text(one)} | {"deadline": _DAY}
        complaint = steps.take(self.session, complaint, "agreement", plain)
        self.edit("agreement", self.current(complaint), typed_fields(Agreement))
        complaint = steps.take(self.session, complaint, "agreement", plain | {"clauses": None})
        agreement = self.step(self.current(complaint), "release")
        complaint = self.step(complaint, "reply")
        return complaint, first, self.step(agreement, "sign-agreement")

    def edited_lines(self, complaint: Any) -> Any:
        line = {"remedy": "money", "amount": "300"}
        present = self.current(complaint)
        present = self.edited(present, {"lines": [line]})
        return self.edit("agreement", present, (), {"lines": (AgreementLine.FIELDS, line)})

    def current(self, complaint: Any) -> Agreement:
        found = agreements.current(self.session, complaint)
        assert found is not None
        return found

    def edit(self, name: str, record: Any, declared: Sequence[Field], lines: Mapping[str, Any] | None = None) -> Any:
        return self.pen.send(name, lambda raw: self.edited(record, raw), declared, None, lines)

    def waived(self, plain: Mapping[str, Any]) -> Any:
        record = add(self.session, Complaint, plain)
        road: Iterable[tuple[str, Mapping[str, Any]]] = (
            ("sign", {}),
            ("accept", {"promised_at": _DAY}),
            ("investigate", {"findings": "属实"}),
            ("propose", {"text": "致歉", "lines": [{"remedy": "apology"}]}),
            ("reply", {"reply_text": "已致歉"}),
        )
        for code, asked in road:
            record = steps.take(self.session, record, code, asked)
        return self.step(record, "waive")

    def attach(self, record: Record) -> None:
        if not can_be_a_file(self.folder, self.pen.typed or ""):
            self.pen.refused["attachment.name"] = "the system has no such files"
        self.pen.send("attachment", lambda raw: self.attached(record, raw["name"], raw["shows"]), attachments.FIELDS)

    def attached(self, record: Record, name: str, shows: str) -> object:
        (self.folder / name).write_bytes(b"1")
        return attachments.attach(self.session, record, self.folder / name, shows)


def can_be_a_file(folder: Path, name: str) -> bool:
    """Whether the system lets a file be called so."""
    if Path(name).name != name:
        return False
    try:
        (folder / name).write_bytes(b"1")
    except (OSError, ValueError):
        return False
    return True
