"""A clerk at work: real verbs one after the other, and what is told of each record after its commit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from app.core.session import Session
from app.models import attachments
from app.models.record import Record, edit, find_any, values_of
from tests.make import Make

_ROAD: tuple[tuple[str, dict[str, Any]], ...] = (
    ("sign", {}), ("accept", {"promised_at": "2026-11-24", "told_by": "phone"}), ("investigate", {"findings": "属实"}),
    ("propose", {"text": "更换", "lines": [{"remedy": "replace", "quantity": "6", "unit": "条", "unit_price": "230"}]}),
    ("approve", {}), ("reply", {"reply_text": "换"}), ("waive", {"reason": "不需要"}), ("dispatch", {"told_by": "phone"}),
)  # fmt: skip


def told(session: Session, record: Record) -> dict[str, Any]:
    """What is on the disk of a record, by what the program itself says of it."""
    present = type(record).get_by_id(record.id)
    files = sorted(one.sha256 for one in attachments.of(session, present))
    own = {code: value for code, value in values_of(session, present).items() if code != "customer_name"}  # follows the customer
    values = repr(sorted(own.items()))
    return {"number": present.number, "version": present.version, "status": present.status, "values": values, "files": files}


def work(session: Session, rng: Random, place: Path | None = None) -> Iterator[dict[str, Any]]:
    """Customers, cases and their steps without end; of each what is told after the verb. Files where there is a `place`."""
    make = Make(session)
    while True:
        contacts = [{"name": f"周{rng.randint(1, 99)}", "phone": f"137{rng.randint(10_000_000, 99_999_999)}", "main": True}]
        customer = make.customer(
            name=f"鑫瑞达{rng.randint(1, 10**6)}商行", contacts=contacts, background="长" * rng.randint(0, 900)
        )
        yield told(session, customer)
        if rng.random() < 0.3:
            yield told(session, make.objection(customer=customer.number))
        product = make.product(name=f"云岭{rng.randint(1, 10**9)}", code=f"YL{rng.randint(1, 10**9)}")
        yield told(session, product)
        lines = [{"product": product.number, "quantity": str(count + 1)} for count in range(rng.randint(1, 3))]
        case = make.complaint(customer=customer.number, description="霉变" * rng.randint(1, 400), product_lines=lines)
        yield told(session, case)
        if place is not None:
            source = place / f"{rng.random()}.jpg"
            source.write_bytes(b"\xff\xd8" + rng.randbytes(rng.randint(1, 30_000)))
            attachments.attach(session, case, source, "photo")
            yield told(session, case)
        for code, values in _ROAD[: rng.randint(0, len(_ROAD))]:
            case = make.steps(case, (code, values))
            yield told(session, case)
        customer = edit(session, make.again(customer), {"name": f"金桥{rng.randint(1, 10**6)}"}, make.again(customer).version)
        yield told(session, customer)


def lost(session: Session, said: list[dict[str, Any]]) -> list[str]:
    """What was acknowledged and is not there, or not as it was told; the verb that was under way may be there or not."""
    newest = {one["number"]: one for one in said}
    wrong = []
    for number, one in newest.items():
        try:
            found = told(session, find_any(session, number))
        except Exception as error:
            wrong.append(f"{number} is lost: {error}")
            continue
        ahead = found["version"] - one["version"]
        if ahead < 0 or (not ahead and (found["values"], found["status"]) != (one["values"], one["status"])):
            wrong.append(f"{number} is not as it was told: version {found['version']} instead of {one['version']}")
        if not set(one["files"]) <= set(found["files"]):
            wrong.append(f"{number} lost a file")
    return wrong


def line(one: dict[str, Any]) -> bytes:
    """As it goes through a pipe."""
    return json.dumps(one).encode() + b"\n"


def read(content: bytes) -> list[dict[str, Any]]:
    """What came out of the pipe whole."""
    lines = content.split(b"\n")[:-1]
    for one in lines:
        if one.startswith(b"!"):
            raise AssertionError(one.decode())
    return [json.loads(one) for one in lines]
