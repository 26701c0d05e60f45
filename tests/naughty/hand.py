"""The hand that holds the pen: adds, edits and moves records with the text in every field that is not given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from app.core.fields import Field
from app.models import attachments, steps
from app.models.record import Record, add, edit, typed_fields
from tests.naughty.pen import Pen, is_text

DAY, BEFORE, LATER = "2026-11-24", "2026-11-20", "2027-01-15"


class Hand:
    """`folder` takes the files that are attached."""

    def __init__(self, pen: Pen, folder: Path) -> None:
        self.pen, self.session, self.folder = pen, pen.session, folder
        self.hour = pen.session.clock() - timedelta(hours=1)

    def add(self, kind: type[Record], given: Mapping[str, Any], lines: Mapping[str, Any] | None = None) -> Any:
        """A new record."""
        parts = {code: (kind.PARTS[code].FIELDS, line) for code, line in (lines or {}).items()}
        return self.pen.send(kind.KIND, lambda raw: add(self.session, kind, raw), typed_fields(kind), given, parts)

    def step(self, record: Any, code: str, lines: Mapping[str, Any] | None = None, **given: Any) -> Any:
        """A step; of its lines those are written that are given."""
        present = type(record).get_by_id(record.id)
        step = steps.step_of(present, code)
        parts = {part: (step.parts[part], line) for part, line in (lines or {}).items()}
        name = f"{record.KIND}.{code}"
        return self.pen.send(name, lambda raw: steps.take(self.session, present, code, raw), step.fields, given, parts)

    def plainly(self, record: Any, *road: tuple[str, Mapping[str, Any]]) -> Any:
        """Steps with plain values."""
        for code, asked in road:
            record = steps.take(self.session, type(record).get_by_id(record.id), code, asked)
        return record

    def edit(self, name: str, record: Any, declared: Sequence[Field], lines: Mapping[str, Any] | None = None) -> Any:
        """Change fields and lines."""
        return self.pen.send(name, lambda raw: self.edited(record, raw), declared, None, lines)

    def edited(self, record: Any, values: Mapping[str, Any]) -> Any:
        """The record with the values."""
        return edit(self.session, record, values, type(record).get_by_id(record.id).version)

    def void(self, record: Record) -> Any:
        """The record, void."""
        return self.pen.send(
            f"{record.KIND}.void", lambda raw: steps.void(self.session, record, raw["reason"]), (steps.REASON,)
        )  # fmt: skip

    def attach(self, record: Record) -> None:
        """A file of that name, where the system has such files; another one is void."""
        if not can_be_a_file(self.folder, self.pen.typed or ""):
            self.pen.refused["attachment.name"] = "the system has no such files"
        self.pen.send("attachment", lambda raw: self._attached(record, raw["name"], raw["shows"]), attachments.FIELDS)
        file = self._attached(record, "另一个", "")
        shows = attachments.FIELDS[1:]
        self.pen.send("attachment.say", lambda raw: attachments.say(self.session, record, file.id, raw["shows"]), shows)
        self.pen.send(
            "attachment.void", lambda raw: attachments.void(self.session, record, file.id, raw["reason"]), (attachments.REASON,)
        )  # fmt: skip

    def _attached(self, record: Record, name: str, shows: str) -> attachments.File:
        (self.folder / name).write_bytes(b"1")
        return attachments.attach(self.session, record, self.folder / name, shows)

    def plain_texts(self, declared: Sequence[Field]) -> dict[str, str]:
        """Other words in all fields of text."""
        return {one.code: "原先的" for one in declared if is_text(one)}


def can_be_a_file(folder: Path, name: str) -> bool:
    """Whether the system lets a file be called so."""
    if Path(name).name != name:
        return False
    try:
        (folder / name).write_bytes(b"1")
    except (OSError, ValueError):
        return False
    return True
