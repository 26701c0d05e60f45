"""Lists and rejected rows as workbooks: what comes out is what went in."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from app.core import language
from app.core.fields import Choice, Field, Kind
from app.reports import table_workbook
from app.services.register_files import open_register
from tests.naughty.strings import LIST, published

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIELDS = (
    Field("number", "Number", Kind.CODE),
    Field("received_at", "Received at", Kind.MOMENT),
    Field("class", "Class", Kind.CHOICE, choices=(Choice("product", "Because of product"),)),
    Field("cost", "Cost (yuan)", Kind.MONEY),
    Field("valid", "Complaint valid", Kind.BOOLEAN),
    Field("identity", "Identity", Kind.CODE),
    Field("description", "What happened", Kind.MEMO),
)
ROW = (
    "TS-202611-0001",
    datetime(2026, 11, 20, 1, 30, tzinfo=UTC),
    "product",
    Decimal("1260.50"),
    True,
    "110101199003077571",
    "=1+1\n第二行",
)


def read(content: bytes) -> list[tuple[object, ...]]:
    return [tuple(cell.value for cell in row) for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows()]


def test_numbers_and_times_are_such_and_identity_numbers_stay_text() -> None:
    heads, row = read(table_workbook.render("投诉", FIELDS, [ROW], SHANGHAI))
    assert heads[0] == "Number"
    assert row == (ROW[0], datetime(2026, 11, 20, 9, 30), "Because of product", 1260.5, "yes", ROW[5], ROW[6])


def test_days_without_a_time_and_unknown_values() -> None:
    _heads, row = read(table_workbook.render("投诉", FIELDS, [("1", date(2026, 11, 20), None, None, None, None, None)], SHANGHAI))
    assert row == ("1", datetime(2026, 11, 20), None, None, None, None, None)


def test_days_among_times_are_shown_without_a_clock() -> None:
    times = [Field(f"at_{place}", f"At {place}", Kind.MOMENT) for place in range(3)]
    days = (date(2026, 11, 20), datetime(2026, 11, 20, 1, 30, tzinfo=UTC), date(2025, 1, 2))
    sheet = openpyxl.load_workbook(io.BytesIO(table_workbook.render("投诉", times, [days, days[::-1]], SHANGHAI))).active
    shown = [[(cell.value, cell.number_format) for cell in line] for line in sheet.iter_rows(min_row=2)]
    first = [
        (datetime(2026, 11, 20), "yyyy-mm-dd"),
        (datetime(2026, 11, 20, 9, 30), "yyyy-mm-dd hh:mm"),
        (datetime(2025, 1, 2), "yyyy-mm-dd"),
    ]
    assert shown == [first, first[::-1]]


def test_a_list_speaks_chinese() -> None:
    language.choose("zh_CN")
    sheet = openpyxl.load_workbook(io.BytesIO(table_workbook.render("投诉", FIELDS, [ROW], SHANGHAI))).active
    assert (sheet.title, sheet["E2"].value, sheet["A1"].value) == ("投诉", "是", "编号")


def test_what_the_sample_branch_prints_says_so_in_its_foot() -> None:
    language.choose("zh_CN")
    for sample, said in ((True, "示例"), (False, None)):
        made = table_workbook.render("投诉", FIELDS, [ROW], SHANGHAI, sample=sample)
        assert openpyxl.load_workbook(io.BytesIO(made)).active.oddFooter.left.text == said


def test_a_file_that_cannot_be_finished_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "list.xlsx"
    target.write_bytes(b"earlier")
    with pytest.raises(ZeroDivisionError):
        table_workbook.write_list(target, "x", FIELDS, (1 / 0 for _ in range(3)), SHANGHAI)  # type: ignore[misc]
    assert [path.name for path in tmp_path.iterdir()] == ["list.xlsx"]
    assert target.read_bytes() == b"earlier"
    table_workbook.write_list(target, "x", FIELDS, [ROW], SHANGHAI)
    assert target.read_bytes()[:2] == b"PK"


def test_rejected_rows_come_back_as_they_came(tmp_path: Path) -> None:
    heads = ("编号", "客户名称", "投诉内容")
    rows = [
        (("0001", "鑫瑞达", "=HYPERLINK(1)"), "日期不存在"),
        (("2", "", "a\nb"), "没有客户"),
        (("3", "_x0041_", "控制\x07符", "第四格"), "控制字符"),
    ]
    path = tmp_path / "rejects.xlsx"
    path.write_bytes(table_workbook.rejects(heads, rows))
    with open_register(path) as register:
        found = [cells for _line, cells in register.sheets[0].rows()]
    assert found[0] == (*heads, "Reason for rejection")
    assert found[1] == ("0001", "鑫瑞达", "=HYPERLINK(1)", "日期不存在")
    assert found[2] == ("2", None, "a\nb", "没有客户")
    assert found[3] == ("3", "_x0041_", "控制\x07符", "控制字符", "第四格")


@pytest.mark.parametrize("earlier", ["Reason for rejection", "未导入的原因"])
def test_new_reasons_take_the_place_of_those_that_came_along(tmp_path: Path, earlier: str) -> None:
    path = tmp_path / "rejects.xlsx"
    rows = [(("1", "旧原因", "x"), "新原因"), (("2",), "新原因")]
    path.write_bytes(table_workbook.rejects(("编号", earlier, "备注"), rows))
    with open_register(path) as register:
        found = [cells for _line, cells in register.sheets[0].rows()]
    assert found == [("编号", "备注", "Reason for rejection"), ("1", "x", "新原因"), ("2", None, "新原因")]


@pytest.mark.skipif(not LIST.is_file(), reason=f"the naughty strings are not in {LIST} (KESU_TEST_DATA)")
def test_naughty_strings_come_out_as_they_went_in() -> None:
    strings = published()
    field = (Field("text", "Text", Kind.MEMO),)
    found = openpyxl.load_workbook(io.BytesIO(table_workbook.render("x", field, [(text,) for text in strings], SHANGHAI))).active
    for text, (cell,) in zip(strings, found.iter_rows(min_row=2), strict=True):
        assert cell.data_type in ("s", "inlineStr", "n")
        if text.isprintable():
            assert (cell.value or "") == text
