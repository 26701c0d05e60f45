"""What goes to the clipboard as a table comes out of a spreadsheet as it went in."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.reports.copied_table import Cell, as_html, as_text

OFFICE = shutil.which("soffice")
TEXTS = (
    "0012", "110101199003071234", "=1+1", "+8613800001111", "-5", "@SUM(1)", "first\nsecond", 'say "hi" <b>&amp;', "1/2",
    "2026-11-23", "1e5", "TRUE", "'0012", '=HYPERLINK("http://x.test","看")', "＝1+1", "1,5", "天天便利店",
)  # fmt: skip
TYPED = (
    Cell("1,260.50", Decimal("1260.50")), Cell("-12", Decimal(-12)), Cell("2026-11-23", date(2026, 11, 23)),
    Cell("2026-11-23 14:32", datetime(2026, 11, 23, 14, 32)),
)  # fmt: skip


def opened(path: Path, reader: str, folder: Path) -> list[list[Any]]:
    """The cells of the first sheet once LibreOffice has read the file."""
    home = folder / "home"
    home.mkdir()
    command = [
        str(OFFICE), f"-env:UserInstallation={home.as_uri()}/profile", "--headless", f"--infilter={reader}", "--convert-to",
        "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "out"), str(path),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120, env={**os.environ, "HOME": str(home)})
    sheet = openpyxl.load_workbook(folder / "out" / f"{path.stem}.xlsx").worksheets[0]
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed: the table cannot be opened")


@needs_office
def test_a_spreadsheet_reads_texts_as_texts_and_numbers_and_times_as_such(tmp_path: Path) -> None:
    table = [[Cell(text) for text in TEXTS], list(TYPED)]
    (tmp_path / "table.html").write_text(as_html(table), encoding="utf-8")
    texts, typed = opened(tmp_path / "table.html", "HTML (StarCalc)", tmp_path)
    assert tuple(texts) == TEXTS
    assert typed[:4] == [1260.5, -12, datetime(2026, 11, 23), datetime(2026, 11, 23, 14, 32)]


@needs_office
def test_no_text_of_the_plain_table_is_calculated(tmp_path: Path) -> None:
    (tmp_path / "table.tsv").write_text(as_text([[Cell(text)] for text in TEXTS]), encoding="utf-8")
    found = opened(tmp_path / "table.tsv", "Text - txt - csv (StarCalc):9,34,76,1", tmp_path)
    assert len(found) == len(TEXTS)
    assert found[2] == ["'=1+1"]
    assert found[6] == ["first\nsecond"]


def test_the_plain_table_has_a_line_to_a_row_and_quotes_what_would_break_it() -> None:
    table = [[Cell("a\tb"), Cell("first\nsecond"), Cell('say "hi"')], [Cell("=1+1"), Cell("-5"), Cell("-5.00", Decimal(-5))]]
    assert list(csv.reader(io.StringIO(as_text(table)), "excel-tab")) == [
        ["a\tb", "first\nsecond", 'say "hi"'],
        ["'=1+1", "'-5", "-5.00"],
    ]


def test_the_marks_of_a_page_are_words_like_others() -> None:
    assert "<script>" not in as_html([[Cell("<script>alert(1)</script>")]])
    assert "&lt;script&gt;" in as_html([[Cell("<script>alert(1)</script>")]])
