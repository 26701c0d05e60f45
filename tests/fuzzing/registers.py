"""Registers that come in: text tables, workbooks, mappings, cells, notations of days."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.fuzzing.harness import Harness, Try, file_of, memory_folder, parts, shared
from tests.naughty.strings import CHOSEN

KINDS = ("customers", "products", "objections", "complaints")
NOW = datetime(2026, 11, 23, 14, 32, tzinfo=ZoneInfo("Asia/Shanghai"))
_HEADS = {
    "customers": "客户名称,电话,许可证号,地址,标签\n鑫瑞达商行,13800001234,XK-99,建设路 1 号,大户\n",
    "products": "品名,代码,单位,批发价\n云岭（硬）,YL01,条,126.50\n",
    "objections": "日期,客户,异议内容,类别\n2024-1-5 14:30,鑫瑞达商行,订十条只给两条,需求\n",
    "complaints": '编号,投诉日期,客户,投诉内容,赔偿金额,数量\n1,2024年1月5日 下午2:30,鑫瑞达,六条霉变,"1,260.50",6\n',
}
_MAPPING = """kind = "complaints"
sheet = "表1"
header_row = 2

[columns]
description = ["投诉内容", "补充"]
received_at = "日期"

[values.channel]
"来电" = "phone"
"*" = "letter"

[defaults]
channel = "phone"
received_at = 2024-01-05

[formats]
received_at = ["%Y.%m.%d", "roc", "excel"]
"""


def _tables(folder: Path) -> Try:
    from app.services import register_headers, register_values
    from app.services.register_files import open_register
    from app.services.register_mapping import Mapping
    from app.services.register_targets import targets

    known = {kind: targets(kind) for kind in KINDS}
    place = memory_folder()

    def one(data: bytes) -> None:
        kind, encoding = (
            KINDS[data[0] % 4] if data else KINDS[0],
            (None, "gbk", "utf-16", "utf-8")[data[0] // 4 % 4] if data else None,
        )
        if data[1:].startswith((b"PK\x03\x04", b"\xd0\xcf", b"\x09\x00\x04", b"\x09\x02\x06", b"\x09\x04\x06")):
            return  # a process of its own each time: tried as its parts elsewhere
        with file_of(place, data[1:], "t.csv") as path, open_register(path, encoding=encoding) as register:
            sheet = register.sheets[0]
            fields = {code: target.field for code, target in known[kind].items()}
            header = register_headers.recognise(sheet.rows(), kind, fields)
            if header is None:
                return
            reader = register_values.RowReader(Mapping(kind).with_columns(_names(header), header.row), header, known[kind], NOW)
            seen: Counter[str] = Counter()
            for row, cells in register_values.mapped_rows(sheet.rows(), reader):
                reader.read(row, cells)
                register_values.row_key(cells, seen)

    return one


def _names(header: Any) -> dict[str, tuple[str, ...]]:
    return {code: tuple(header.names[place] for place in places) for code, places in header.columns.items()}


def _table_seeds() -> Iterator[bytes]:
    import gzip

    for number, text in enumerate(_HEADS.values()):
        for encoding in ("utf-8-sig", "gb18030", "utf-16", "utf-16-le"):
            yield bytes([number]) + text.encode(encoding)
        yield bytes([number]) + gzip.compress(text.encode())
        yield bytes([number]) + text.replace(",", "\t").replace("\n", "\r\n").encode()
        yield from (
            bytes([number]) + (text + f'"{one}",{one},2024-1-5,x\n').encode("utf-8", "surrogatepass") for one in CHOSEN.values()
        )
    yield from (b"\3" + content for content in shared("*.csv", 20_000))


_FAR = re.compile(rb"[A-Za-z]{4,}[0-9]+\"|[0-9]{7,}\"")
"""A place that no sheet has: the reader asks for more memory than there is and ends its process, which is a sentence."""


def _workbooks(folder: Path) -> Try:
    from app.services import register_cells, register_files

    place = memory_folder()

    def one(data: bytes) -> None:
        sheet, words, book, styles = parts(data, 4)
        if _FAR.search(sheet):
            return
        path = place / "t.xlsx"
        _workbook(path, sheet, words, book or _BOOK, styles)
        out = io.StringIO()
        try:
            register_cells._print_sheets(str(path), "", out)
        except Exception:  # the process of its own turns whatever it is into one line
            return
        spool = io.BytesIO(out.getvalue().encode("utf-8", "surrogatepass") + b'{"end": true}\n')
        _names, sheets = register_files._index(path, "", spool)
        for one in sheets:
            list(one.rows())

    return one


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_BOOK = (
    f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
).encode()
_SHEET = (
    f'<worksheet xmlns="{_MAIN}"><dimension ref="A1:C3"/><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c>'
    '<c r="B1" t="inlineStr"><is><t>b</t></is></c></row><row r="3"><c r="C3" s="1"><v>45296.604</v></c>'
    '<c r="D3" t="b"><v>1</v></c><c r="E3"><f>1/0</f><v>1e308</v></c><c r="F3" t="e"><v>#N/A</v></c>'
    '<c r="G3" t="d"><v>2024-01-05T10:00:00</v></c></row>'
    '</sheetData><mergeCells><mergeCell ref="A1:A3"/></mergeCells></worksheet>'
).encode()
_SST = f'<sst xmlns="{_MAIN}"><si><t>词</t></si><si><r><t>a</t></r></si></sst>'.encode()
_STYLES = f'<styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>'.encode()
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)


def _relation(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'


def _workbook(path: Path, sheet: bytes, words: bytes, book: bytes, styles: bytes) -> None:
    """The parts of a workbook put together, so that what changes is what the readers look at."""
    rels = f'<Relationships xmlns="{_PACKAGE}/relationships">%s</Relationships>'
    inner = _relation(1, "worksheet", "worksheets/sheet1.xml") + _relation(2, "sharedStrings", "sharedStrings.xml")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", rels % _relation(1, "officeDocument", "xl/workbook.xml"))
        archive.writestr("xl/workbook.xml", book)
        archive.writestr("xl/_rels/workbook.xml.rels", rels % (inner + _relation(3, "styles", "styles.xml")))
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        archive.writestr("xl/sharedStrings.xml", words)
        archive.writestr("xl/styles.xml", styles)


def _workbook_seeds() -> Iterator[bytes]:
    yield b"\n%%\n".join((_SHEET, _SST, _BOOK, _STYLES))
    yield b"\n%%\n".join((_SHEET.replace(b'"A1"', b'"XFD1048576"'), _SST))
    yield b"\n%%\n".join((b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + _SHEET.replace(b">b<", b">&x;<"), _SST))
    yield from (b"\n%%\n".join((_SHEET, _SST.replace("词".encode(), one.encode("utf-8", "ignore")))) for one in CHOSEN.values())


def _mappings(folder: Path) -> Try:
    from app.services.register_mapping import read_mapping, write_mapping
    from app.services.register_targets import targets

    known = {kind: targets(kind) for kind in KINDS}
    place = memory_folder()

    def one(data: bytes) -> None:
        kind = KINDS[len(data) % 4]
        with file_of(place, data, "m.toml") as path:
            mapping = read_mapping(path, kind, known[kind])
            path.write_text(write_mapping(mapping), encoding="utf-8")
            again = read_mapping(path, kind, known[kind])
            assert repr(again) == repr(mapping), "what is written reads otherwise"

    return one


def _mapping_seeds() -> Iterator[bytes]:
    from app.services.register_targets import targets

    yield _MAPPING.encode()
    yield from (path.read_bytes() for path in sorted(Path("tests/mappings").glob("*.toml")))
    for kind in KINDS:
        codes = list(targets(kind))
        yield (f'kind = "{kind}"\n[columns]\n' + "".join(f'{json.dumps(code)} = "{code}"\n' for code in codes)).encode()


def _values(folder: Path) -> Try:
    import atheris

    from app.services import register_values
    from app.services.register_dates import check_formats
    from app.services.register_headers import Header
    from app.services.register_mapping import Mapping
    from app.services.register_targets import targets

    known = {kind: targets(kind) for kind in KINDS}

    def one(data: bytes) -> None:
        given = atheris.FuzzedDataProvider(data)
        kind = KINDS[given.ConsumeIntInRange(0, 3)]
        codes = list(known[kind])
        columns = {code: (place,) for place, code in enumerate(codes)}
        patterns = (given.ConsumeUnicode(12), given.PickValueInList(["excel", "roc", "%d.%m.%Y %H:%M", "%Y%m%d"]))
        formats = {} if check_formats(patterns) else {code: patterns for code in codes if given.ConsumeBool()}
        pairs = {given.ConsumeUnicode(6): given.PickValueInList(["true", "1", "phone", 5, 1.5])}
        mapping = Mapping(kind, values={given.PickValueInList(codes): pairs}, formats=formats)
        header = Header(1, tuple(codes), columns)
        reader = register_values.RowReader(mapping, header, known[kind], NOW)
        cells = tuple(_cell(given) for _code in codes)
        for _turn in range(2):  # the second time some are remembered
            reader.read(2, cells)
        reader.is_header(cells)
        reader.text_of(cells, codes[0])

    return one


def _cell(given: Any) -> object:
    kind = given.ConsumeIntInRange(0, 7)
    if kind < 4:
        return given.ConsumeUnicode(24) or None
    if kind == 4:
        return given.ConsumeInt(8)
    if kind == 5:
        return given.ConsumeFloat()
    days = given.ConsumeIntInRange(1, date.max.toordinal())
    if kind == 6:
        return datetime.fromordinal(days) + timedelta(seconds=given.ConsumeIntInRange(0, 86_399))
    return given.PickValueInList([date.fromordinal(days), time(given.ConsumeIntInRange(0, 23)), True, None])


def _value_seeds() -> Iterator[bytes]:
    yield bytes(range(256)) * 4
    yield b"\0" * 600
    yield from (one.encode("utf-8", "surrogatepass") * 20 for one in ("13800001234", "2024-1-5 14:30", "1,260.50 元", "是", "CD"))


def _days(folder: Path) -> Try:
    from app.core import times
    from app.core.errors import UserError
    from app.services import register_dates

    def one(data: bytes) -> None:
        text, pattern = (part.decode("utf-8", "surrogateescape") for part in parts(data, 2, b"\0"))
        formats = (pattern, "roc", "excel") if pattern and register_dates.check_formats((pattern,)) is None else ()
        for read in (
            lambda: register_dates.read_moment(text),
            lambda: register_dates.read_moment(text, formats),
            lambda: times.parse_moment(text, NOW),
            lambda: times.parse_day(text, NOW.date()),
            lambda: register_dates.read_time(text),
        ):
            try:
                read()
            except UserError:
                continue

    return one


def _day_seeds() -> Iterator[bytes]:
    from app.services.register_dates import NOTATIONS, TIMES

    for day in (*NOTATIONS, "今天", "昨天 14:30", "11-23", "周四", "1131029", "民国113/10/29"):
        yield day.encode()
        yield from (f"{day} {clock}".encode() for clock in TIMES)
    yield b"23.11.2026 14:30\0%d.%m.%Y %H:%M"
    yield b"2026W475\0%GW%V%u"
    yield b"5 Jan 24\0%d %b %y"


def _gate(folder: Path) -> Try:
    from app.core import fields, text
    from app.core.errors import UserError
    from app.core.fields import Choice, Field, Kind
    from app.core.formats import as_json, show

    choices = (Choice("a", "Photo"), Choice("b", "Invoice"))
    declared = [Field("f", "Reason", kind, choices=choices if kind in (Kind.CHOICE, Kind.TAGS) else ()) for kind in Kind]
    declared += [field.but(happened=True) for field in declared if field.kind in (Kind.DATE, Kind.MOMENT)]

    def one(data: bytes) -> None:
        given = data.decode("utf-8", "surrogatepass") if not data.startswith(b"\xff") else data.decode("utf-16", "surrogatepass")
        assert text.tame(given) == text.tame(text.tame(given)), "taming twice is another name"
        text.key(given), text.digits(given), text.quoted(given), text.trim_ends(given)
        for field in declared:
            try:
                value = fields.read(field, given, NOW)
            except UserError:
                continue
            show(field, value, NOW)
            as_json(value, UTC)
            if field.kind in (Kind.MONEY, Kind.QUANTITY, Kind.INTEGER) and value is not None:
                assert fields.read(field, str(value), NOW) == value, "what was read reads otherwise"
        admitted = text.admit(given)
        assert text.admit(admitted) == admitted, "what came in would be refused"

    def quiet(data: bytes) -> None:
        try:
            one(data)
        except UnicodeDecodeError:
            return

    return quiet


def _gate_seeds() -> Iterator[bytes]:
    yield from (one.encode("utf-8", "surrogatepass") for one in CHOSEN.values())
    yield from (
        one.encode() for one in ("1,260.00", "¥ 1260元", "-0.001", ".5", "1e5", "１２３", "+86 138-0000-1234", "2026-11-23 14:20")
    )
    yield from shared("blns*.txt", 60_000, 2)


HARNESSES = {
    "tables": Harness("text tables: encoding, separator, header, rows as values", _tables, _table_seeds),
    "workbooks": Harness("parts of a workbook, read as by the process of its own", _workbooks, _workbook_seeds),
    "mappings": Harness("mappings in TOML, and written back", _mappings, _mapping_seeds),
    "values": Harness("cells of every kind as values of every field", _values, _value_seeds),
    "days": Harness("notations of days and times", _days, _day_seeds),
    "gate": Harness("the gate for text, and every kind of field", _gate, _gate_seeds),
}
