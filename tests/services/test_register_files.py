"""Registers are read whatever wrote them; what can't be read is refused by a sentence, in time and within memory."""

from __future__ import annotations

import gzip
import os
import sys
import time
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.styles import PatternFill

from app.core.errors import Cancelled, UserError
from app.core.progress import Progress
from app.services import register_files
from app.services.register_files import Row, open_register
from tests.services.workbooks import inline, raw_workbook, rows_or_sentence, shared_text, table, workbook

HEAD, LINE = ("编号", "客户名称", "投诉日期"), ("7", "鑫瑞达商行", "2024-1-5")
PLAIN = "编号,客户名称,投诉日期\n7,鑫瑞达商行,2024-1-5\n"


def rows_of(path: Path, **how: str) -> list[Row]:
    with open_register(path, **how) as register:
        return [row for sheet in register.sheets for row in sheet.rows()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "utf-32"])
def test_text_is_read_in_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    assert rows_of(table(tmp_path / "a.csv", PLAIN, encoding)) == [(1, HEAD), (2, LINE)]


def test_a_named_encoding_is_taken(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", PLAIN, "gbk")
    assert rows_of(path, encoding="gb2312") == [(1, HEAD), (2, LINE)]
    with pytest.raises(UserError, match="not UTF-8"):
        rows_of(path, encoding="utf-8")
    with pytest.raises(UserError, match="There is no encoding"):
        rows_of(path, encoding="klingon")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes are those of Unix")
def test_what_can_be_read_only_once_is_no_register(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(UserError, match="Name a file"):
            rows_of(path)


def test_an_encoding_that_encodes_nothing_is_unknown(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no encoding"):
        rows_of(table(tmp_path / "a.csv", PLAIN), encoding="undefined")


def test_a_text_damaged_in_one_place_is_not_read_as_something_else(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(PLAIN.encode() * 50 + b"8,\xff\xfe,x\n")
    with pytest.raises(UserError, match="not UTF-8 throughout"):
        rows_of(path)


@pytest.mark.parametrize("delimiter", list(",;\t|"))
def test_the_separator_is_found(tmp_path: Path, delimiter: str) -> None:
    text = delimiter.join(HEAD) + "\n" + delimiter.join(('"a,b;c"', '"two\nlines"', '"""x"""')) + "\n"
    assert rows_of(table(tmp_path / "a.csv", text)) == [(1, HEAD), (2, ("a,b;c", "two\nlines", '"x"'))]


def test_lines_are_the_physical_ones_with_empty_lines_and_cells_of_several_lines(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", '\n\na,b\r\n"1\r\n2",x\r\n,,\r\n\r\n3,y')
    assert rows_of(path) == [(3, ("a", "b")), (4, ("1\r\n2", "x")), (8, ("3", "y"))]


def test_a_quotation_mark_that_stays_open_is_named_with_its_line(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", 'a,b\n1,"x\n2,y\n3,z\n')
    with pytest.raises(UserError, match="from line 2 on: a quotation mark is not closed"):
        rows_of(path)


def test_the_apostrophe_that_our_csv_puts_before_a_formula_is_taken_off(tmp_path: Path) -> None:
    assert rows_of(table(tmp_path / "a.csv", "a,b\n'=1+1,'quoted'\n")) == [(1, ("a", "b")), (2, ("=1+1", "'quoted'"))]


def test_a_packed_table_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(PLAIN.encode()))
    assert rows_of(path) == [(1, HEAD), (2, LINE)]
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(UserError, match=r"a\.csv\.gz"):
        rows_of(path)


def test_a_packed_table_that_grows_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register_files.register_text, "MOST_TEXT", 5_000_000)
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" * 3_000_000))
    with pytest.raises(UserError, match="unpacks to more than"):
        rows_of(path)


def test_one_endless_line_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no table"):
        rows_of(table(tmp_path / "a.csv", "x" * 5_000_000))


def test_cells_of_a_workbook_keep_their_kind(tmp_path: Path) -> None:
    row = ("007", 7, 7.5, date(2024, 1, 5), datetime(2024, 1, 5, 14, 30), True, None, "文\n字")
    with_days = (*row[:3], datetime(2024, 1, 5), *row[4:])
    found = rows_of(workbook(tmp_path / "a.xlsx", [with_days]))
    assert found == [(1, row)]


def test_a_name_does_not_matter(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEAD]).rename(tmp_path / "a.csv")
    assert rows_of(path) == [(1, HEAD)]
    assert rows_of(table(tmp_path / "b.xlsx", PLAIN))[0] == (1, HEAD)


def test_a_cell_merged_downwards_stands_in_each_of_its_rows(tmp_path: Path) -> None:
    rows = [("客户", "内容"), ("甲", "一"), (None, "二"), (None, "三"), (None, "四"), ("乙", "五")]
    found = rows_of(workbook(tmp_path / "a.xlsx", rows, merged=["A2:A4"]))
    assert [cells for _row, cells in found] == [*rows[:2], ("甲", "二"), ("甲", "三"), rows[4], rows[5]]


def test_thousands_of_empty_formatted_rows_cost_nothing(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEAD)
    for line in range(2, 5_000):
        sheet.cell(line, 3).fill = PatternFill("solid", fgColor="FFFF00")
    sheet.cell(6_000, 1, "8")
    book.save(tmp_path / "a.xlsx")
    assert rows_of(tmp_path / "a.xlsx") == [(1, HEAD), (6_000, ("8",))]


def test_a_stated_extent_up_to_the_last_column_is_not_believed(tmp_path: Path) -> None:
    cells = f'<row r="1">{inline("A1", "x")}<c r="XFD1" s="0"/></row><row r="1048576"><c r="XFD1048576"/></row>'
    path = raw_workbook(tmp_path / "a.xlsx", cells, dimension='<dimension ref="A1:XFD1048576"/>')
    assert rows_of(path) == [(1, ("x",))]


@pytest.mark.parametrize("far", ["XFD1048576", "WVP9999999", "NNNNNNNNNNF3"])
def test_cells_that_lie_far_apart_are_refused(tmp_path: Path, far: str) -> None:
    """The reader may end its process where a column is none: that is a sentence, too."""
    rows = f'<row r="1">{inline("A1", "x")}</row><row r="1048576">{inline(far, "y")}</row>'
    with pytest.raises(UserError, match="lie far apart"):
        rows_of(raw_workbook(tmp_path / "a.xlsx", rows))


def test_a_workbook_that_unpacks_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = raw_workbook(tmp_path / "a.xlsx", "", extra={"xl/media/zeros.bin": bytes(210 << 20)})
    start = time.monotonic()
    with pytest.raises(UserError, match="unpacks to more than"):
        rows_of(path)
    assert time.monotonic() - start < 2


def test_a_workbook_of_too_many_parts_is_refused(tmp_path: Path) -> None:
    path = raw_workbook(tmp_path / "a.xlsx", "", extra={f"xl/{number}.xml": b"" for number in range(200)})
    with pytest.raises(UserError, match="200 parts"):
        rows_of(path)


def test_a_workbook_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register_files, "MOST_BYTES", 1 << 10)
    with pytest.raises(UserError, match="Save it as CSV"):
        rows_of(workbook(tmp_path / "a.xlsx", [HEAD]))


@pytest.mark.parametrize("entity", ['<!ENTITY x SYSTEM "file:///etc/passwd">', '<!ENTITY x "inside">'])
def test_entities_are_not_followed(tmp_path: Path, entity: str) -> None:
    rows = f'<row r="1">{inline("A1", "&x;")}{inline("B1", "y")}</row>'
    path = raw_workbook(tmp_path / "a.xlsx", rows, doctype=f"<!DOCTYPE w [{entity}]>")
    assert "root:" not in str(rows_or_sentence(path))


def test_entities_that_grow_do_no_harm(tmp_path: Path) -> None:
    laughs = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    path = raw_workbook(tmp_path / "a.xlsx", f'<row r="1">{inline("A1", "&a9;")}</row>', doctype=f"<!DOCTYPE w [{laughs}]>")
    start = time.monotonic()
    assert len(str(rows_or_sentence(path))) < 200
    assert time.monotonic() - start < 10


def test_a_workbook_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register_files, "MOST_SECONDS", 0)
    with pytest.raises(UserError, match="took longer than"):
        rows_of(workbook(tmp_path / "a.xlsx", [HEAD] * 20_000))


def test_a_reader_out_of_memory_gives_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register_files, "_READER", "nowhere")  # the reader dies before it can say a word
    with pytest.raises(UserError, match="too large to read"):
        rows_of(workbook(tmp_path / "a.xlsx", [HEAD]))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of memory for one process")
def test_texts_that_would_fill_the_memory_are_refused(tmp_path: Path) -> None:
    path = shared_text(tmp_path / "a.xlsx", "a" * 30_000_000, 300)
    assert path.stat().st_size < 100_000
    with pytest.raises(UserError, match="too large to read"):
        rows_of(path)


def test_reading_can_be_cancelled(tmp_path: Path) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        open_register(workbook(tmp_path / "a.xlsx", [HEAD]), progress=progress)
    with pytest.raises(Cancelled):
        open_register(table(tmp_path / "a.csv", PLAIN), progress=progress)


def test_a_sheet_is_asked_for_by_name(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEAD], title="2024年 ")
    assert rows_of(path, sheet="2024年") == [(1, HEAD)]
    with pytest.raises(UserError, match=r"no sheet “2023年”\. It has: 2024年"):
        rows_of(path, sheet="2023年")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04rubbish", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "damaged"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "save it as .xlsx or .csv"),
        (b"%PDF-1.7 xx", "save it as .xlsx or .csv"),
        (b"ab\0\0\0cd\x01\x02" * 40, "binary"),
    ],
)
def test_what_is_no_table_is_said_so(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(content)
    with pytest.raises(UserError, match=sentence):
        rows_of(path)


def test_a_missing_file_and_a_folder_are_said_so(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no file"):
        open_register(tmp_path / "none.csv")
    with pytest.raises(UserError, match="is a folder"):
        open_register(tmp_path)


def test_an_archive_of_something_else_is_said_so(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.csv", PLAIN)
    with pytest.raises(UserError, match="Unpack it"):
        open_register(tmp_path / "a.zip")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(min_size=1, max_size=400))
def test_any_bytes_give_rows_or_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert isinstance(rows_or_sentence(path), str | list)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 5_000), bits=st.integers(1, 255))
def test_a_damaged_workbook_gives_rows_or_a_sentence(tmp_path: Path, place: int, bits: int) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEAD, LINE])
    content = bytearray(path.read_bytes())
    content[place % len(content)] ^= bits
    path.write_bytes(bytes(content))
    assert isinstance(rows_or_sentence(path), str | list)
