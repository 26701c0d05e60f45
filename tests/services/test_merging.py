"""Branches' workbooks merged: each case once, what was changed or does not fit named, sums as an independent count gives them."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import fields
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import openpyxl
import pytest

from app.core import database as store
from app.core import language
from app.core.errors import Cancelled, UserError
from app.core.progress import Progress
from app.core.session import Session
from app.core.text import admit
from app.reports import workbook
from app.services import branch_workbooks, figures_by, figures_content, merging, workbook_facts, workplace
from app.services.branch_workbooks import Unusable
from app.services.periods import days
from tests.naughty.strings import CHOSEN
from tests.reports.test_workbook import office_home
from tests.services.branches import NOVEMBER, OCTOBER, Sent, edited, send, written
from tests.services.figures_cases import NOW, Cases

OFFICE = shutil.which("soffice")


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Sent]:
    folder = tmp_path_factory.mktemp("sent")
    language.choose("zh_CN")
    return {code: send(folder, code, more=hostile if code == "CD" else None) for code in ("CD", "XC", "001")}


def admitted(texts: Iterable[str]) -> Iterator[str]:
    """Those that can be stored."""
    for one in texts:
        with suppress(UserError):
            yield admit(one)


def hostile(session: Session) -> None:
    """Texts of cases that a spreadsheet or its format could take for something else."""
    rows = store.database.execute_sql("SELECT id FROM objection ORDER BY occurred_at DESC").fetchall()
    for (key,), text in zip(
        rows, [*admitted(CHOSEN.values()), *("#N/A", "一致", "_x0041_", "007", "1E5", " a ", "TRUE")], strict=False
    ):
        store.database.execute_sql("UPDATE objection SET what = ?, result = ? WHERE id = ?", (text, text, key))


@pytest.fixture
def given(sent: dict[str, Sent], tmp_path: Path) -> Path:
    """A folder with what the three branches sent."""
    folder = tmp_path / "given"
    folder.mkdir()
    for one in sent.values():
        shutil.copy(one.path, folder)
    return folder


def faults(merged: merging.Merged) -> list[tuple[str, str, bool]]:
    return [(fault.where, fault.sentence, fault.lost) for fault in merged.faults]


def read_details(path: Path, sheet: str) -> list[dict[str, Any]]:
    """The rows of a detail sheet by their heads, without any of the program."""
    rows = openpyxl.load_workbook(path)[sheet].iter_rows(min_row=4, values_only=True)
    heads = next(rows)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def reason(path: Path) -> tuple[str, str]:
    with pytest.raises(Unusable) as raised:
        branch_workbooks.read(path)
    return raised.value.code, str(raised.value)


def test_a_workbook_gives_the_figures_of_its_branch_again(sent: dict[str, Sent]) -> None:
    """All of them but names that only a branch knows, exactly as the branch counted them from its database."""
    language.choose("zh_CN")
    for code, one in sent.items():
        with merging.gather([one.path]) as merged:
            (found,) = merged.branches
        for field in fields(found):
            if field.name not in ("shares", "pareto", "zone"):
                assert getattr(found, field.name) == getattr(one.figures, field.name), (code, field.name)
        for figure, rows in one.figures.shares.items():
            counted = [(row.count, row.share, row.satisfied_rate) for row in found.shares[figure]]
            assert counted == [(row.count, row.share, row.satisfied_rate) for row in rows], figure
            if "customer" not in figure and "handler" not in figure:
                assert found.shares[figure] == rows
        assert found.pareto.causes == one.figures.pareto.causes


def test_sums_are_those_of_an_independent_count(given: Path, sent: dict[str, Sent]) -> None:
    language.choose("zh_CN")
    with merging.gather([given]) as merged:
        whole = merged.whole
    objections = [row for path in given.iterdir() for row in read_details(path, "异议明细")]
    complaints = [row for path in given.iterdir() for row in read_details(path, "投诉明细")]
    own = [row for row in objections if row["本期"] == "是"]
    assert (whole.objections, len({row["唯一标识"] for row in objections})) == (len(own), len(objections))
    assert whole.complaints == sum(row["本期"] == "是" for row in complaints)
    hours = [row["处理时长（小时）"] for row in objections if row["处理时长（小时）"] is not None]
    assert whole.handling_hours_median.objections == pytest.approx(median(hours))
    contents = {row.label: row.count for row in whole.shares["by_content"]}
    for label, count in contents.items():
        assert count == sum((row["内容"] or "未归类") == label for row in own)
    assert whole.close_rate.objections == sum(row["期末已结"] == "是" for row in own) / len(own)
    assert whole.active_customers == sum(one.figures.active_customers for one in sent.values())
    assert whole.trend[-2].objections == sum(one.figures.trend[-2].objections for one in sent.values())
    assert whole.compensation_cost == sum(one.figures.compensation_cost for one in sent.values())
    assert merged.complete


def test_times_are_exact_and_days_stay_days(sent: dict[str, Sent], tmp_path: Path) -> None:
    book = branch_workbooks.read(sent["CD"].path)
    columns = [column.code for column in branch_workbooks.COLUMNS["objections"]]
    times = [row[columns.index("occurred_at")] for row in book.cases["objections"]]
    assert {type(one) for one in times} == {date, datetime}
    assert any(isinstance(one, datetime) and one.microsecond == 0 for one in times)


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed: nothing else saves workbooks here")
def test_saved_again_by_another_program_unchanged_it_is_accepted(sent: dict[str, Sent], tmp_path: Path) -> None:
    home = office_home()
    profile = f"-env:UserInstallation=file://{home}/profile"
    kind = "xlsx:Calc MS Excel 2007 XML"
    files = [str(one.path) for one in sent.values()]
    command = [str(OFFICE), profile, "--headless", "--convert-to", kind, "--outdir", str(tmp_path / "out"), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=120, env={**os.environ, "HOME": str(home)})
    for one in sent.values():
        again = branch_workbooks.read(tmp_path / "out" / one.path.name)
        assert again.path.read_bytes() != one.path.read_bytes()
        before = branch_workbooks.read(one.path)
        assert (again.facts, again.seal, again.zone) == (before.facts, before.seal, before.zone)
        assert spelt(again) == spelt(before)


def spelt(book: branch_workbooks.BranchWorkbook) -> list[list[object]]:
    """The values, however a program writes a character that no file may hold."""
    rows = [row for rows in book.cases.values() for row in rows]
    return [[workbook_facts.plain(value) if isinstance(value, str) else value for value in row] for row in rows]


def test_saved_again_with_sorted_rows_and_a_sheet_of_notes_it_is_accepted(sent: dict[str, Sent], tmp_path: Path) -> None:
    def sort(book: openpyxl.Workbook) -> None:
        sheet = book["异议明细"]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
        for place, row in enumerate(reversed(rows), 5):
            for column, value in enumerate(row, 1):
                sheet.cell(place, column).value = value
        book.create_sheet("备注")["A1"] = "已核对"

    again = branch_workbooks.read(edited(sent["CD"].path, tmp_path / "sorted.xlsx", sort))
    assert again.seal == branch_workbooks.read(sent["CD"].path).seal


CHANGES = {
    "a content": ("异议明细", 5, 6, "别的"),
    "hours": ("投诉明细", 6, 3, date(2026, 10, 3)),
    "a total": ("汇总", 5, 2, 1),
    "an amount": ("补偿", 12, 8, 0.5),
    "a new row": ("异议明细", 400, 2, "YY-1"),
    "the hidden sheet": ("kesu", 4, 2, '"CD2"'),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_cell_changed_by_hand_is_named(sent: dict[str, Sent], tmp_path: Path, change: tuple[str, int, int, Any]) -> None:
    name, row, column, value = change

    def set_cell(book: openpyxl.Workbook) -> None:
        assert book[name].cell(row, column).value != value
        book[name].cell(row, column).value = value

    code, sentence = reason(edited(sent["CD"].path, tmp_path / "changed.xlsx", set_cell))
    assert code == branch_workbooks.CHANGED
    assert f"“{name}”" in sentence


def test_a_deleted_row_and_a_deleted_sheet_are_named(sent: dict[str, Sent], tmp_path: Path) -> None:
    path = edited(sent["CD"].path, tmp_path / "a.xlsx", lambda book: book["投诉明细"].delete_rows(7))
    assert "投诉明细" in reason(path)[1]
    path = edited(sent["CD"].path, tmp_path / "b.xlsx", lambda book: book.remove(book["趋势"]))
    assert "趋势" in reason(path)[1]


def test_other_files_are_named_each_with_its_reason(sent: dict[str, Sent], given: Path) -> None:
    whole = sent["CD"].path.read_bytes()
    (given / "cut.xlsx").write_bytes(whole[: len(whole) // 2])
    openpyxl.Workbook().save(given / "foreign.xlsx")
    (given / "huge.xlsx").write_bytes(b"PK\x03\x04" + bytes(21 << 20))
    with zipfile.ZipFile(given / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/workbook.xml", bytes(210 << 20))
    (given / "~$CD.xlsx").write_bytes(b"x")
    shutil.copy(sent["CD"].path, given / "copy.xlsx")
    with merging.gather([given]) as merged:
        found = {fault.where: fault for fault in merged.faults}
        assert {one.file for one in merged.sources} | set(found) == {one.name for one in given.iterdir()} - {"~$CD.xlsx"}
        assert {name for name, fault in found.items() if fault.lost} == {"cut.xlsx", "foreign.xlsx", "huge.xlsx", "bomb.xlsx"}
    assert "damaged" in found["cut.xlsx"].sentence
    assert "no monthly workbook" in found["foreign.xlsx"].sentence
    assert "20 MB" in found["huge.xlsx"].sentence
    assert "200 MB" in found["bomb.xlsx"].sentence
    assert merged.whole.objections == sum(one.figures.objections for one in sent.values())


@pytest.fixture
def branch(tmp_path: Path) -> Iterator[Session]:
    session = workplace.init(tmp_path / "own", {"code": "CD", "name": "城东分公司"}, user="王敏", clock=lambda: NOW)
    Cases(session, 7, size=20, since=60)
    yield session
    store.close()


def test_other_months_are_left_out_and_equal_numbers_of_them_refused(branch: Session, given: Path, tmp_path: Path) -> None:
    other = written(branch, tmp_path / "november.xlsx", NOVEMBER).path
    with merging.gather([given, other]) as merged:
        assert merged.period == OCTOBER
        ((name, sentence, lost),) = faults(merged)
    assert (name, lost) == ("november.xlsx", True)
    assert "2026-11" in sentence
    with pytest.raises(UserError, match="different periods"):
        merging.gather([given / "CD.xlsx", other])
    with merging.gather([given / "XC.xlsx", other], period=NOVEMBER) as merged:
        assert [one.code for one in merged.sources] == ["CD"]
    with pytest.raises(UserError, match=r"No file could be merged.*XC\.xlsx"):
        merging.gather([given / "XC.xlsx"], period=NOVEMBER)


def test_of_two_workbooks_of_a_branch_the_later_counts(branch: Session, tmp_path: Path) -> None:
    folder = tmp_path / "twice"
    folder.mkdir()
    first = written(branch, folder / "first.xlsx")
    branch.clock = lambda: NOW + timedelta(hours=2)
    Cases(branch, 8, size=20, since=60)
    second = written(branch, folder / "second.xlsx")
    assert first.figures.objections != second.figures.objections
    with merging.gather([folder]) as merged:
        assert merged.whole.objections == second.figures.objections
        ((name, sentence, lost),) = faults(merged)
    assert (name, lost) == ("first.xlsx", True)
    assert "second.xlsx was made later" in sentence


def test_two_branches_with_one_code_are_both_left_out(given: Path, tmp_path: Path) -> None:
    other = send(tmp_path, "CD", name="城北分公司", size=5).path
    with merging.gather([given, other]) as merged:
        assert {one.code for one in merged.sources} == {"XC", "001"}
        assert len([fault for fault in merged.faults if "have the code CD" in fault.sentence]) == 2


def test_a_case_that_two_branches_hold_counts_once(branch: Session, tmp_path: Path) -> None:
    """A branch that went on from a copy of another one's database."""
    folder = tmp_path / "shared"
    folder.mkdir()
    first = written(branch, folder / "a.xlsx").figures
    store.database.execute_sql("UPDATE branch SET code = 'DD', name = '新分公司'")
    store.close()
    copied = workplace.open_folder(tmp_path / "own", user="王敏", clock=lambda: NOW)
    written(copied, folder / "b.xlsx")
    with merging.gather([folder]) as merged:
        assert (merged.whole.objections, merged.whole.complaints) == (first.objections, first.complaints)
        assert merged.branches[1].objections == 0
        told = faults(merged)
        rows = sum(len(list(details.rows)) for details in merged.read_details())
    ((name, sentence, lost),) = told
    assert (name, lost) == ("b.xlsx", True)
    assert sentence.startswith(f"{rows} cases (YY-")
    assert "also stand in a.xlsx" in sentence
    assert not merged.complete


def test_a_part_of_a_month_is_not_merged(branch: Session, tmp_path: Path) -> None:
    chosen = figures_by.chosen(branch, [("handler", "刘洋")])
    path = tmp_path / "part.xlsx"
    path.write_bytes(workbook.render(figures_content.gather(branch, OCTOBER, chosen=chosen)))
    code, sentence = reason(path)
    assert code == branch_workbooks.PARTIAL
    assert "刘洋" in sentence


def test_missing_and_unexpected_branches_are_named(given: Path, tmp_path: Path) -> None:
    listed = tmp_path / "expected.csv"
    listed.write_text("分公司代码,名称\nCD,城东\nHH,黄河\nXC,西城\n", encoding="gb18030")
    language.choose("zh_CN")
    expected = merging.expected_in(listed)
    language.choose("en")
    assert expected == ("CD", "HH", "XC")
    with merging.gather([given], expected=expected) as merged:
        assert [(name, lost) for name, _sentence, lost in faults(merged)] == [("HH", True), ("001.xlsx", False)]
        assert "incomplete" in merged.whole.branch_name


def test_other_versions_and_other_moments_are_said(
    branch: Session, given: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    period = days(date(2026, 11, 1), date(2026, 11, 30))
    folder = tmp_path / "open"
    folder.mkdir()
    written(branch, folder / "a.xlsx", period)
    store.database.execute_sql("UPDATE branch SET code = 'DD'")
    branch.branch = branch.branch._replace(code="DD")
    branch.clock = lambda: NOW + timedelta(days=1)
    monkeypatch.setattr(workbook_facts, "version", lambda: "9.9")
    store.database.execute_sql("UPDATE objection SET uid = uid || 'x'")
    store.database.execute_sql("UPDATE complaint SET uid = uid || 'x'")
    written(branch, folder / "b.xlsx", period)
    with merging.gather([folder]) as merged:
        told = {name: sentence for name, sentence, _lost in faults(merged)}
        assert merged.complete
    assert "as of 2026-11-23 14:32" in told["a.xlsx"]
    assert "9.9" in told["b.xlsx"]


def test_reading_can_be_cancelled_and_leaves_nothing(given: Path) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        merging.gather([given], progress=progress)


def test_an_empty_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no \.xlsx file"):
        merging.gather([tmp_path])


def test_the_sum_over_cells_is_the_same_for_what_programs_change() -> None:
    def total(*rows: tuple[object, ...]) -> str:
        found = workbook_facts.CellSum(("agrees", "differs"))
        for row in rows:
            found.add(row)
        return str(found)

    one = total(("a", 1, None, "agrees"), (datetime(2026, 11, 3), "x\ny", 0.1 + 0.2))
    assert one == total((date(2026, 11, 3), "x\r\ny ", 0.3), (), ("a", 1.0, "", None), (None, ""))
    assert one != total(("a", 1, None), (datetime(2026, 11, 3, 0, 0, 0, 1000), "x\ny", 0.3))
    assert total(("a", "b")) != total(("b", "a")) != total(("a", None, "b"))
    assert total(("a",), ("a",)) != total(("a",))
    assert total(("_x005F_x0041_",)) == total(("_x0041_",))
