"""The monthly workbook: numbers as numbers, text as text, and totals that a spreadsheet counts again from the details."""

from __future__ import annotations

import atexit
import io
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet._writer import ALL_TEMP_FILES

from app.core import database as store
from app.core import language
from app.core.errors import Cancelled
from app.core.progress import Progress
from app.core.session import Session
from app.models.complaints import Complaint
from app.reports import recount, sheets, workbook
from app.services import figures, figures_content, figures_details, workplace
from app.services.periods import Period, month_of, quarter_of
from tests.services.figures_cases import NOW, Cases
from tests.services.plain_rows import put
from tests.services.test_figures import agreement

NOVEMBER = month_of(date(2026, 11, 1))
DAY = 86_400_000
OFFICE = shutil.which("soffice")


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    folder = tmp_path_factory.mktemp("month") / "data"
    opened = workplace.init(folder, {"code": "CD", "name": "城东 & 城西分公司"}, user="王敏", clock=lambda: NOW)
    Cases(opened, 3, size=120, since=420)
    complaint = Complaint.select().first()
    agreement(opened, complaint, 1, date(2026, 10, 20), "300.00", status="voided")
    agreement(opened, complaint, 2, date(2026, 11, 3), "450.50", status="signed", proposal=7)
    course(complaint.id)
    yield opened
    store.close()


def course(agreed: int) -> None:
    """Promises, follow-ups and a delivery of what was agreed, some of them with names that no formula may mistake."""
    chance = Random(5)
    for case in Complaint.select():
        day = int(case.received_at.timestamp() * 1000)
        for place in range(chance.randrange(3)):
            due, kept = day + chance.randrange(9) * DAY, chance.choice([None, day + chance.randrange(12) * DAY])
            names = {"handler": chance.choice(["陈志强", "*", "=1+1", None]), "customer_name": "#N/A", "given_at": day}
            subject, status = chance.choice(["reply", "visit", "delivery"]), chance.choice(["open", "kept", "moved", "voided"])
            times = {"due": due, "due_day": 0, "kept_at": kept, "kept_at_day": 0}
            put("promise", number=f"{case.number}-C{place}", case=case.number, subject=subject, status=status, **times, **names)
        score, process = chance.choice([None, 2, 4, 5]), chance.choice([None, 3, 5])
        put("follow_up", parent_id=case.id, at=day + 8 * DAY, at_day=0, result_score=score, process_score=process, who="刘洋")
    put("dispatch", id=1, number="PF-1", complaint_id=agreed, status="accepted")
    put("dispatch_line", parent_id=1, position=0, proposal=7, place=0, quantity=450_500)
    put("delivery", parent_id=1, line=1, quantity=200_250, at=int(NOW.timestamp() * 1000), at_day=0)


def made(session: Session, period: Period = NOVEMBER) -> bytes:
    return workbook.render(figures_content.gather(session, period))


def read(content: bytes | Path, **how: Any) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content) if isinstance(content, bytes) else content, **how)


@cache
def office_home() -> Path:
    """One profile for all that a process calculates: LibreOffice takes its time to make one."""
    home = Path(mkdtemp(prefix="kesu-office-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    return home


def recalculated(contents: Mapping[str, bytes], folder: Path) -> dict[str, openpyxl.Workbook]:
    """What LibreOffice makes of them when it calculates every formula; it is started once for all, for that takes longest."""
    sources = [folder / f"{name}.xlsx" for name in contents]
    for source, content in zip(sources, contents.values(), strict=True):
        source.write_bytes(content)
    out, home = folder / "out", office_home()
    command = [
        str(OFFICE),
        f"-env:UserInstallation=file://{home}/profile",
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        str(out),
        *map(str, sources),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120, env={**os.environ, "HOME": str(home)})
    return {source.stem: read(out / source.name, data_only=True) for source in sources}


def verdicts(book: openpyxl.Workbook) -> dict[str, list[str]]:
    words = {"一致", "不一致", "agrees", "differs"}
    return {
        sheet.title: [cell.value for row in sheet.iter_rows() for cell in row if cell.value in words]
        for sheet in book
        if sheet.title not in ("异议明细", "投诉明细", "Objection details", "Complaint details", "口径", "Definitions", "kesu")
    }


needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed: the checks cannot be calculated")


@pytest.fixture(scope="module")
def calculated(session: Session, tmp_path_factory: pytest.TempPathFactory) -> dict[str, openpyxl.Workbook]:
    """Workbooks that a spreadsheet has calculated."""
    with language.speaking("zh_CN"):
        chinese = {"month": made(session), "quarter": made(session, quarter_of(date(2026, 8, 1))), "changed": changed(session)}
    with language.speaking("en"):
        english = {"empty": made(session, month_of(date(2024, 5, 1))), "hostile": hostile(session)}
    return recalculated(chinese | english, tmp_path_factory.mktemp("calculated"))


@needs_office
@pytest.mark.parametrize("period", ["month", "quarter"])
def test_every_check_agrees_when_calculated(calculated: dict[str, openpyxl.Workbook], period: str) -> None:
    found = verdicts(calculated[period])
    assert {word for words in found.values() for word in words} == {"一致"}
    assert all(found.values()), found
    assert sum(map(len, found.values())) > 90


def changed(session: Session) -> bytes:
    """A month in which somebody changed a case by hand, and a line on each sheet."""
    book = read(made(session))
    details = book["异议明细"]
    heads = {cell.value: cell.column for cell in details[4]}
    row = next(
        row for row in range(5, 60) if details.cell(row, heads["本期"]).value == "是" and details.cell(row, heads["内容"]).value
    )
    details.cell(row, heads["内容"]).value = "别的"
    details.cell(row, heads["处理时长（小时）"]).value = 9999
    for name, head, wrong in (
        ("承诺", "结果", "别的"),
        ("满意度", "经办人", "某人"),
        ("超期清单", "超期天数", 999),
        ("补偿", "欠发", 0.5),
    ):
        listed = [cell for line in book[name].iter_rows() for cell in line if cell.value == head][-1]
        book[name].cell(listed.row + 1, listed.column).value = wrong
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@needs_office
def test_a_changed_case_makes_its_checks_differ(calculated: dict[str, openpyxl.Workbook]) -> None:
    """The control: a check that always agrees would prove nothing."""
    found = verdicts(calculated["changed"])
    assert found["按内容"].count("不一致") >= 2
    assert all("不一致" in found[name] for name in ("承诺", "满意度", "超期清单", "补偿"))
    assert "不一致" in found["汇总"]
    assert "不一致" not in found["趋势"]


@needs_office
def test_english_checks_agree_and_an_empty_month_has_nothing_to_differ(calculated: dict[str, openpyxl.Workbook]) -> None:
    found = verdicts(calculated["empty"])
    assert {word for words in found.values() for word in words} == {"agrees"}


def test_the_sheets_stand_in_their_order(session: Session) -> None:
    language.choose("zh_CN")
    names = [
        "汇总",
        "按内容",
        "按原因",
        "按客户",
        "按经办人",
        "按产品",
        "处理方法",
        "投诉",
        "补偿",
        "承诺",
        "满意度",
        "趋势",
        "超期清单",
        "异议明细",
        "投诉明细",
        "口径",
    ]
    book = read(made(session))
    assert book.sheetnames == [*names, "kesu"]
    assert book["kesu"].sheet_state == "veryHidden"
    del book["kesu"]
    assert book.calculation.fullCalcOnLoad
    for sheet in book:
        assert sheet.freeze_panes
        assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth) == ("9", 1) or sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows
        assert sheet.oddFooter.center.text
        assert "城东 && 城西" in sheet.oddHeader.left.text or "城东 & 城西" in sheet.oddHeader.left.text
    charts = {sheet.title: len(sheet._charts) for sheet in book if sheet._charts}
    assert charts == {
        "汇总": 3,
        "按内容": 2,
        "按原因": 1,
        "按客户": 1,
        "按经办人": 1,
        "按产品": 1,
        "处理方法": 1,
        "投诉": 2,
        "补偿": 1,
        "承诺": 2,
        "满意度": 1,
        "趋势": 1,
        "超期清单": 1,
    }


def test_details_hold_each_case_once_without_formulas(session: Session) -> None:
    language.choose("zh_CN")
    book = read(made(session))
    found = figures.compute(session, NOVEMBER)
    for name, expected in (("异议明细", found.objections), ("投诉明细", found.complaints)):
        rows = list(book[name].iter_rows(min_row=5))
        numbers = [row[1].value for row in rows]
        assert len(numbers) == len(set(numbers))
        assert sum(row[0].value == "是" for row in rows) == expected
        assert all(cell.data_type != "f" for row in rows for cell in row)
        assert all(isinstance(row[2].value, datetime | date) for row in rows)
        assert book[name].auto_filter.ref.startswith("A4:")
        assert book[name].print_area


def test_totals_are_numbers_not_formulas(session: Session) -> None:
    found = figures.compute(session, NOVEMBER)
    overview = read(made(session))["Overview"]
    said = {row[0].value: [cell.value for cell in row[1:4]] for row in overview.iter_rows(min_row=5, max_col=5) if row[0].value}
    assert said["This period"] == [found.objections, found.complaints, found.objections + found.complaints]
    assert said["Compensation agreed (yuan)"][1] == 150.5
    assert said["Share ended"][:2] == pytest.approx(list(found.close_rate))
    assert said["Open cases"][2] == found.backlog
    assert said["Share of promises kept"][2] == pytest.approx(found.promise_kept_rate)
    assert said["Share solved in time"][1] == pytest.approx(found.on_time_rate)
    assert said["Share satisfied"][1] == pytest.approx(found.satisfied_rate)


def test_hostile_words_stay_words(session: Session) -> None:
    """Handlers and customers whose names are formulas, errors, wildcards or escapes."""
    found = figures.compute(session, NOVEMBER)
    names = ["=1+1", "+86", "-1", "@SUM(A1)", "#N/A", "*", "?", "_x0041_", "1E5", "100000", "\U0001f602", "TRUE", "'quoted'"]
    shares = tuple(figures.Share(name, name, 1, 1 / len(names)) for name in names)
    hostile = replace(found, shares={**found.shares, "by_handler": shares, "complaints_by_handler": ()})
    empty = figures_details.Details(figures_details.objections(session, NOVEMBER).columns, iter(()))
    other = figures_details.Details(figures_details.complaints(session, NOVEMBER).columns, iter(()))
    book = read(workbook.render(workbook.Content(hostile, empty, other, (), "=cmd|'/c calc'!A1", date(2026, 11, 23))))
    cells = [row[0] for row in book["By handler"].iter_rows(min_row=5, max_row=4 + len(names))]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.value for cell in cells} == {*(set(names) - {"_x0041_"}), "_x005F_x0041_"}
    assert all(cell.quotePrefix for cell in cells if cell.value.startswith(("=", "+", "-", "@")))


HOSTILE = ["=1+1", "+86", "#N/A", "*", "?", "_x0041_", "1E5", "100000", "a", "A", "\U0001f602", ">1"]


def hostile(session: Session) -> bytes:
    """A month whose handlers have names that a formula may mistake."""
    columns = figures_details.objections(session, NOVEMBER).columns
    codes = [column.code for column in columns]
    rows = [
        tuple({"in_period": True, "number": f"N{n}", "handler": name}.get(code) for code in codes)
        for n, name in enumerate(HOSTILE)
    ]
    found = figures.compute(session, month_of(date(2024, 5, 1)))
    shares = tuple(figures.Share(name, name, 1, 1 / len(HOSTILE)) for name in HOSTILE)
    counted = replace(found, objections=len(HOSTILE), shares={**found.shares, "by_handler": shares})
    details = figures_details.Details(columns, iter(rows))
    other = figures_details.Details(figures_details.complaints(session, NOVEMBER).columns, iter(()))
    return workbook.render(workbook.Content(counted, details, other, (), "x", date(2026, 11, 23)))


@needs_office
def test_hostile_words_are_recounted_exactly(calculated: dict[str, openpyxl.Workbook]) -> None:
    book = calculated["hostile"]
    assert verdicts(book)["By handler"] == ["agrees"] * (len(HOSTILE) + 1)
    assert {row[0].value for row in book["By handler"].iter_rows(min_row=5, max_row=4 + len(HOSTILE))} == set(HOSTILE)


def test_many_labels_are_recounted_the_quick_way_only_where_that_is_safe() -> None:
    detail = recount.Detail("'d'!${c}$5:${c}$9", {"in_period": "A", "handler": "B"}, 1_000_000)
    labels = recount.Labels(["KH-0001", "陈志强", "1E5", "a*b", "Bob", "bob"], detail)
    quick = [
        labels.count(detail, "handler", "$A5", label).startswith("COUNTIFS")
        for label in ("KH-0001", "陈志强", "1E5", "a*b", "Bob")
    ]
    assert quick == [True, True, False, False, False]


def test_long_texts_are_never_cut_unseen() -> None:
    long = "异" * 40_000
    kept = sheets.safe(long)
    assert len(kept.encode("utf-16-le")) // 2 <= sheets.LONGEST
    assert "40000 characters in all" in kept
    assert sheets.safe("异" * 32_767) == "异" * 32_767
    assert len(sheets.safe("\U0001f602" * 20_000).encode("utf-16-le")) // 2 <= sheets.LONGEST


def test_exporting_can_be_cancelled(session: Session) -> None:
    progress = Progress()
    progress.cancel()
    content = workbook.Content(
        figures.compute(session, NOVEMBER),
        figures_details.objections(session, NOVEMBER),
        figures_details.complaints(session, NOVEMBER),
        (),
        "王敏",
        date(2026, 11, 23),
    )
    with pytest.raises(Cancelled):
        workbook.render(content, progress)
    assert not ALL_TEMP_FILES


@pytest.mark.parametrize("chosen", ["zh_CN", "en"])
def test_labels_of_a_classification_differ_from_each_other(chosen: str) -> None:
    """The checks find rows by their labels."""
    language.choose(chosen)
    for axes in figures.AXES:
        for axis in axes:
            words = list(figures.words_of(axis.choices).values())
            assert len(words) == len(set(words)), axis.figure


def test_sheet_names_are_taken_by_excel() -> None:
    assert sheets.sheet_title("a/b:c*[d]?") == "a b c  d"
    assert sheets.sheet_title("投诉", ["投诉"]) == "投诉 2"
    assert len(sheets.sheet_title("x" * 50, ["x" * 31])) == 31
