"""Makes odd workbooks and tables for tests: what clerks, other programs and attackers hand over."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from app.core.errors import UserError
from app.services.register_files import Row, open_register

_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="{excel}.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{excel}.worksheet+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="{target}" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/>'
    "</Relationships>"
)
_BOOK = (
    '<?xml version="1.0"?>{doctype}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_SHEET = (
    '<?xml version="1.0"?>{doctype}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "{dimension}<sheetData>{rows}</sheetData></worksheet>"
)


def raw_workbook(path: Path, rows: str, *, doctype: str = "", dimension: str = "", extra: dict[str, bytes] | None = None) -> Path:
    """A workbook of one sheet whose XML is given."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        excel = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        archive.writestr("[Content_Types].xml", _TYPES.format(excel=excel))
        archive.writestr("_rels/.rels", _RELATIONS.format(kind="officeDocument", target="xl/workbook.xml"))
        archive.writestr("xl/workbook.xml", _BOOK.format(doctype=""))
        sheets = _RELATIONS.format(kind="worksheet", target="worksheets/sheet1.xml")
        parts = {"xl/_rels/workbook.xml.rels": sheets.encode()} | (extra or {})
        archive.writestr("xl/worksheets/sheet1.xml", _SHEET.format(doctype=doctype, dimension=dimension, rows=rows))
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def shared_text(path: Path, text: str, cells: int) -> Path:
    """A workbook whose cells all share one text: small as a file, large in memory."""
    rows = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, cells + 1))
    words = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{text}</t></si></sst>'
    sheet = _RELATIONS.format(kind="worksheet", target="worksheets/sheet1.xml").removesuffix("</Relationships>")
    shared = _RELATIONS.format(kind="sharedStrings", target="sharedStrings.xml").rpartition("<Relationship ")[2]
    relations = f"{sheet}<Relationship {shared.replace('rId1', 'rId2')}"
    extra = {"xl/sharedStrings.xml": words.encode(), "xl/_rels/workbook.xml.rels": relations.encode()}
    return raw_workbook(path, rows, extra=extra)


def inline(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def workbook(path: Path, rows: Iterable[Iterable[Any]], *, title: str = "Sheet1", merged: Iterable[str] = ()) -> Path:
    """A workbook as Excel would write it; rows from the first line on."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    book.save(path)
    return path


def table(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def rows_or_sentence(path: Path) -> list[Row] | str:
    """What a person gets: the rows of all sheets, or why there are none. Anything else is our fault and raised."""
    try:
        with open_register(path) as register:
            return [row for sheet in register.sheets for row in sheet.rows()]
    except UserError as error:
        return str(error)
