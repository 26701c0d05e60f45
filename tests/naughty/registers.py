"""Registers as a way in: each text is a row that holds it in every column of text, once as CSV, once as a workbook."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from app.core import database
from app.core.fields import TEXTS
from app.core.session import Session
from app.models.record import values_of
from app.reports import table_workbook
from app.services import importing, workplace
from app.services.register_targets import KINDS, Target, targets
from tests.naughty.pen import TURNING, is_blank, refusable, stored
from tests.naughty.report import BRANCH, NOW, Fault, Report

Row = dict[str, str]
_HALF = re.compile("[\ud800-\udfff]")
_FOUND_BY = ("number", "source_reference", "customer", "product")
"""By these rows find records that are here already."""
_NUMBER, _DAY = "number", "2026-11-20"


def check_registers(texts: Sequence[str], folder: Path) -> Report:
    """Take all of them in, and compare the records with what stood in the cells."""
    report = Report()
    for kind in KINDS:
        for ending, write in WRITERS.items():
            place = folder / f"{kind}.{ending}"
            session = workplace.init(place, BRANCH, user="王敏", clock=lambda: NOW)
            try:
                report += _Register(session, kind, place / f"register.{ending}", write).check(_fit(texts, ending))
            finally:
                database.close()
    return report


def _fit(texts: Sequence[str], ending: str) -> list[str]:
    """What such a file can hold at all."""
    return [one for one in texts if (_fits_csv if ending == "csv" else _fits_xlsx)(one)]


def _fits_csv(text: str) -> bool:
    """A text file has no half characters, and no zeros; an apostrophe before a sign is taken off again."""
    guarded = ("'=", "'+", "'-", "'@", "'\t", "'\r")
    return _HALF.search(text) is None and "\0" not in text and not text.startswith(guarded)


def _fits_xlsx(text: str) -> bool:
    """What XML has no sign for is left spelt out by the reader; an error is no text."""
    return _HALF.search(text) is None and not set(text) & {"\ufffe", "\uffff"} and not text.startswith("#")


def _seen(text: str) -> str:
    """What is left of the text of another program: nobody could delete what is not seen."""
    return "".join(one for one in text if one in "\t\n\r" or (unicodedata.category(one) != "Cc" and one not in TURNING))


def _csv(path: Path, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([heads, *rows])


def _xlsx(path: Path, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    path.write_bytes(table_workbook.rejects(heads, [(row, "") for row in rows]))


WRITERS: Mapping[str, Callable[[Path, Sequence[str], Sequence[Sequence[str]]], None]] = {"csv": _csv, "xlsx": _xlsx}


class _Register:
    def __init__(self, session: Session, kind: str, path: Path, write: Callable[..., None]) -> None:
        self.session, self.kind, self.path, self.write = session, kind, path, write
        found = targets(kind)
        texts = (code for code, one in found.items() if one.field.kind in TEXTS and not one.only and code not in _FOUND_BY)
        self.texts = {code: found[code] for code in texts}
        self.usual = {code: _DAY for code in ("received_at", "occurred_at") if code in found}
        self.parties = [code for code in ("customer", "product") if code in found]
        self.faults: list[Fault] = []
        self.refused = 0

    def check(self, texts: Sequence[str]) -> Report:
        """First only read, to see what is refused; then take in, with plain words in the place of that."""
        rows = [self._row(number, text) for number, text in enumerate(texts)]
        with self._opened(rows) as opened:
            for row, read in zip(rows, opened.preview(len(rows)), strict=True):
                self._judge(row, read.errors)
        with self._opened(rows) as opened:
            result = importing.take_in(opened)
        self.faults += [Fault(one.value, self._where(one.column), f"rejected: {one.reason}") for one in result.rejected]
        self.faults += self._compared(rows)
        return Report(len(rows) * len(self.texts), self.refused, tuple(self.faults))

    def _row(self, number: int, text: str) -> Row:
        cells = {code: f"{number}号" if self._missing(one, text) else text for code, one in self.texts.items()}
        return {_NUMBER: f"N{number:04}"} | self.usual | dict.fromkeys(self.parties, f"{number}号") | cells

    def _missing(self, target: Target, text: str) -> bool:
        return target.field.required and is_blank(target.field, _seen(text))

    def _opened(self, rows: Sequence[Row]) -> importing.Opened:
        heads = list(rows[0])
        self.write(self.path, heads, [list(row.values()) for row in rows])
        mapping = self.path.with_suffix(".toml")
        mapping.write_text("[columns]\n" + "".join(f'{head} = "{head}"\n' for head in heads), encoding="utf-8")
        return importing.open_for_import(self.session, self.kind, self.path, mapping=mapping)

    def _judge(self, row: Row, errors: Mapping[str, str]) -> None:
        for code, target in self.texts.items():
            typed = _seen(row[code])
            why = "" if is_blank(target.field, typed) else refusable(target.field, typed)
            if bool(why) != (code in errors):
                self.faults.append(Fault(typed, self._where(code), f"{why or 'nothing'} is wrong, it says {errors.get(code)!r}"))
            if code in errors:
                self.refused += 1
                row[code] = f"{row[_NUMBER]}词"

    def _where(self, code: str) -> str:
        return f"{self.path.name} of {self.kind}.{code}"

    def _compared(self, rows: Sequence[Row]) -> Iterator[Fault]:
        table = KINDS[self.kind]
        own = table.number if self.kind in ("customers", "products") else table.source_reference
        found = {getattr(one, own.name): one for one in table.select()}
        for row in rows:
            record = found.get(row[_NUMBER])
            if record is None:
                yield Fault(str(row), self._where(_NUMBER), "did not come in")
                continue
            values = values_of(self.session, record)
            for code, target in self.texts.items():
                yield from self._cell(row[code], code, target, self._value(values, target))

    def _cell(self, typed: str, code: str, target: Target, value: object) -> Iterator[Fault]:
        typed = _seen(typed)
        expected = None if is_blank(target.field, typed) else stored(target.field, typed)
        if value != expected:
            yield Fault(typed, self._where(code), f"came in as {value!a}")

    def _value(self, values: Mapping[str, Any], target: Target) -> object:
        return (values[target.part][0] if target.part else values)[target.field.code]
