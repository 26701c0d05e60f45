"""Text tables (.csv, .tsv, .txt, .csv.gz): encoding and separator found out, records streamed with their physical lines."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from app.core.errors import UserError
from app.core.files import reason
from app.core.language import _
from app.core.progress import Progress

MOST_TEXT = 500 << 20
MOST_LINE = 4 << 20
MOST_CELL = 1_000_000
MOST_COLUMNS = 16_384
DELIMITERS = ",;\t|"
_BLOCK = 1 << 20
_SAMPLE = 64 << 10
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FORMULA = ("'=", "'+", "'-", "'@", "'\t", "'\r")
_PAGES = (b"<html", b"<!doctype", b"<table", b"<?xml", b"%pdf", b"{\\rtf", b"\x89png", b"\xff\xd8\xff", b"gif8")


@dataclass(frozen=True)
class Table:
    """How a text table is read; `lines` counts its physical lines."""

    path: Path
    packed: bool
    encoding: str
    delimiter: str
    lines: int


def open_table(path: Path, *, packed: bool, encoding: str | None, progress: Progress) -> Table:
    """Look at the whole file once. UserError if it is no text, or not the text it was said to be."""
    try:
        sample = _sample(path, packed)
        chosen = _named(encoding) if encoding else _encoding(path, packed, sample, progress)
        lines = _check(path, packed, chosen, progress)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise UserError(_("{file} is a damaged packed file. Have it sent again.").format(file=path.name)) from None
    except OSError as error:
        raise UserError(_("{file} can't be read: {reason}.").format(file=path.name, reason=reason(error))) from None
    return Table(path, packed, chosen, _delimiter(path, packed, chosen), lines)


def rows(table: Table) -> Iterator[tuple[int, tuple[str | None, ...]]]:
    """The filled records, each with the physical line it starts on."""
    csv.field_size_limit(MOST_CELL)  # the module's own limit would cut long complaints
    record: list[str] = []
    with _text(table.path, table.packed, table.encoding) as stream:
        reader = csv.reader(_lines(stream, table.path, record), delimiter=table.delimiter)
        line = 1
        while True:
            before = record.copy()
            record.clear()
            try:
                cells = next(reader, None)
            except csv.Error:  # the only one left without strictness: a cell beyond the limit
                raise _unreadable(table.path, line, _("a cell has more than {most} characters").format(most=MOST_CELL)) from None
            if cells is None:
                return _check_quotes(table, before, reader.line_num + 1 - len(before))
            if any(cells):
                yield line, _tidy(table.path, line, cells)
            line = reader.line_num + 1


def _unreadable(path: Path, line: int, reason: str) -> UserError:
    return UserError(_("{file} can't be read from line {line} on: {reason}.").format(file=path.name, line=line, reason=reason))


def _check_quotes(table: Table, record: list[str], line: int) -> None:
    """A quotation mark that is never closed would swallow the rest of the file without a word."""
    try:
        list(csv.reader(record, delimiter=table.delimiter, strict=True))
    except csv.Error as error:
        if "end of data" in str(error):
            raise _unreadable(table.path, line, _("a quotation mark is not closed")) from None


def _tidy(path: Path, line: int, cells: list[str]) -> tuple[str | None, ...]:
    if len(cells) > MOST_COLUMNS:
        raise _unreadable(path, line, _("it has more than {most} columns").format(most=MOST_COLUMNS))
    while cells and not cells[-1]:
        cells.pop()
    # Our own CSV guards what a spreadsheet would take for a formula by an apostrophe.
    return tuple([(cell[1:] if cell[0] == "'" and cell.startswith(_FORMULA) else cell) if cell else None for cell in cells])


def _lines(stream: IO[str], path: Path, record: list[str]) -> Iterator[str]:
    while line := stream.readline(MOST_LINE):
        if len(line) >= MOST_LINE:
            sentence = _("{file} is no table: a line has more than {most} characters.")
            raise UserError(sentence.format(file=path.name, most=MOST_LINE))
        record.append(line)
        yield line


def _bytes(path: Path, packed: bool) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path)) if packed else path.open("rb")


def _text(path: Path, packed: bool, encoding: str) -> IO[str]:
    return io.TextIOWrapper(cast("io.BufferedReader", _bytes(path, packed)), encoding=encoding, newline="")


def _sample(path: Path, packed: bool) -> bytes:
    with _bytes(path, packed) as stream:
        sample = stream.read(_SAMPLE)
    if sample.lstrip().lower().startswith(_PAGES) or sample.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UserError(
            _("{file} is no table that can be read. Open it in Excel or WPS and save it as .xlsx or .csv.").format(file=path.name)
        )
    return sample


def _named(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
        "".encode(name)
    except (LookupError, UnicodeError):  # "undefined" is one that encodes nothing
        raise UserError(_("There is no encoding “{name}”. Write utf-8, utf-16 or gb18030.").format(name=encoding)) from None
    # GBK and GB2312 are parts of GB18030, and Excel writes characters beyond them under their name.
    return {"gbk": "gb18030", "gb2312": "gb18030", "utf-8": "utf-8-sig"}.get(name, name)


def _encoding(path: Path, packed: bool, sample: bytes, progress: Progress) -> str:
    for mark, name in _BOMS:
        if sample.startswith(mark):
            return name
    if wide := _without_mark(sample):
        return wide
    if b"\0" in sample:
        raise UserError(_("{file} is no table but binary data.").format(file=path.name))
    if _decodes(path, packed, "utf-8", progress):
        return "utf-8"
    if _mostly_utf8(sample):
        raise _broken(path, "utf-8")
    if _looks_chinese(sample) and _decodes(path, packed, "gb18030", progress):
        return "gb18030"
    return "cp1252" if _decodes(path, packed, "cp1252", progress) else "latin-1"


def _without_mark(sample: bytes) -> str:
    """UTF-16 without a mark shows by the zero bytes of its separators and line ends."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 50 < len(sample) or min(even, odd) * 10 > max(even, odd):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _decodes(path: Path, packed: bool, encoding: str, progress: Progress) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with _bytes(path, packed) as stream:
            while block := stream.read(_BLOCK):
                progress.step(0, None, _("Reading {file}").format(file=path.name))
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _mostly_utf8(sample: bytes) -> bool:
    decoded = sample.decode("utf-8", errors="replace")
    bad = decoded.count("\ufffd")
    good = sum(character > "\x7f" for character in decoded) - bad
    return good > 20 * bad


def _looks_chinese(sample: bytes) -> bool:
    """Whether most high bytes form pairs of the common characters (rows 16–55 of GB 2312) and full-width signs."""
    pairs = others = at = 0
    while at < len(sample) - 1:
        lead, trail = sample[at], sample[at + 1]
        if lead < 0x80:
            at += 1
            continue
        if (0xB0 <= lead <= 0xD7 or lead in (0xA1, 0xA3)) and trail >= 0xA1:
            pairs += 1
        else:
            others += 1
        at += 2
    return pairs > others


def _broken(path: Path, encoding: str) -> UserError:
    return UserError(
        _("{file} is not {encoding} throughout. Name its encoding, or save it anew as CSV UTF-8.").format(
            file=path.name, encoding=encoding.removesuffix("-sig").upper()
        )
    )


def _check(path: Path, packed: bool, encoding: str, progress: Progress) -> int:
    """The number of physical lines; UserError where the bytes are not of that encoding or are too many."""
    lines = size = 0
    try:
        for block in _blocks(path, packed, encoding):
            progress.step(0, None, _("Reading {file}").format(file=path.name))
            lines += block.count("\n") or block.count("\r")
            size += len(block)
            if size > MOST_TEXT:
                sentence = _("{file} unpacks to more than {most} MB of text. Divide it.")
                raise UserError(sentence.format(file=path.name, most=MOST_TEXT >> 20))
    except UnicodeError:
        raise _broken(path, encoding) from None
    return lines + 1


def _blocks(path: Path, packed: bool, encoding: str) -> Iterator[str]:
    with _text(path, packed, encoding) as stream:
        while block := stream.read(_BLOCK):
            yield block


def _delimiter(path: Path, packed: bool, encoding: str) -> str:
    """The separator by which most of the first lines fall into equally many cells."""
    with _text(path, packed, encoding) as stream:
        sample = stream.read(_SAMPLE)
    lines = io.StringIO(sample, newline="").readlines()
    if len(sample) == _SAMPLE and len(lines) > 1:
        lines.pop()
    csv.field_size_limit(MOST_CELL)
    return max(DELIMITERS, key=lambda delimiter: _agreement(lines, delimiter))


def _agreement(lines: list[str], delimiter: str) -> tuple[int, int]:
    try:
        widths = Counter(len(cells) for cells in csv.reader(lines, delimiter=delimiter) if any(cells))
    except csv.Error:
        return 0, 0
    several = {width: count for width, count in widths.items() if width > 1}
    if not several:
        return 0, 0
    width = max(several, key=lambda width: (several[width], width))
    return several[width] * width, several[width]
