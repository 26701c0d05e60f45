"""A customer in months that were closed: the rows that were kept lose the person, every figure in them stays."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from app.core.database import database
from app.core.language import _
from app.core.session import Session
from app.models import history
from app.models.frozen_months import FrozenMonth
from app.services.erased_texts import redacted
from app.services.kept_content import unpacked


@dataclass(frozen=True)
class Gone:
    """Who goes: `numbers` of the customer and its cases, `names` (text → what stands for it), and `fields` whose texts go."""

    numbers: frozenset[str]
    names: dict[str, str]
    fields: Collection[str]


def clear(session: Session, gone: Gone) -> int:
    """Write what was kept anew without the person, inside the caller's transaction; how many closings changed.

    A closing gets another check code then, which stands in the history.
    """
    changed = 0
    closings = database.execute_sql("SELECT id FROM frozen_month WHERE branch_id = ? ORDER BY id", (session.branch.id,))
    for (number,) in closings.fetchall():
        if (digest := _cleared(number, gone)) is not None:
            database.execute_sql("UPDATE frozen_month SET sha256 = ? WHERE id = ?", (digest, number))
            history.write(session, FrozenMonth.KIND, number, history.ERASED, field="content_hash", new=digest)
            changed += 1
    return changed


def _cleared(closing: int, gone: Gone) -> str | None:
    """The new hash of a closing; None where nothing in it tells of the person."""
    digest, changed, columns = hashlib.sha256(), False, dict[str, list[str]]()
    rows = database.execute_sql("SELECT id, part, content FROM frozen_part WHERE frozen_id = ? ORDER BY id", (closing,))
    for row, part, content in rows.fetchall():
        text = unpacked(content).decode("ascii")
        lines = text.splitlines()
        if part not in columns:
            columns[part] = _codes(json.loads(lines[0]))
        without = "".join(f"{_line(line, columns[part], gone)}\n" for line in lines)
        digest.update(without.encode("ascii"))
        if without != text:
            changed = True
            database.execute_sql("UPDATE frozen_part SET content = ? WHERE id = ?", (zlib.compress(without.encode()), row))
    return digest.hexdigest() if changed else None


def _codes(first: object) -> list[str]:
    """The codes of the columns where a part is a table, which its first line says."""
    table = isinstance(first, list) and all(isinstance(one, dict) and "code" in one and "form" in one for one in first)
    return [str(one["code"]) for one in first] if table and isinstance(first, list) else []


def _line(line: str, columns: list[str], gone: Gone) -> str:
    if not any(number in line for number in gone.numbers):
        return line
    return json.dumps(_without(json.loads(line), columns, gone), separators=(",", ":"))


def _without(value: Any, columns: list[str], gone: Gone) -> Any:  # noqa: ANN401 - what JSON holds
    if isinstance(value, dict):
        theirs = not gone.numbers.isdisjoint(_texts(value.values()))
        return {code: _cell(one, code, theirs, columns, gone) for code, one in value.items()}
    if isinstance(value, list):
        theirs = not gone.numbers.isdisjoint(_texts(value))
        codes = columns if len(columns) == len(value) else [""] * len(value)
        return [_cell(one, code, theirs, columns, gone) for code, one in zip(codes, value, strict=True)]
    return value


def _texts(values: Any) -> list[str]:  # noqa: ANN401 - what JSON holds
    return [one for one in values if isinstance(one, str)]


def _cell(value: Any, code: str, theirs: bool, columns: list[str], gone: Gone) -> Any:  # noqa: ANN401 - what JSON holds
    if not isinstance(value, str):
        return _without(value, columns, gone)
    if not theirs or not value or value in gone.numbers:
        return value
    if value in gone.names:
        return gone.names[value]
    return _("[erased]") if code in gone.fields else redacted(value, gone.names)
