"""The consolidated workbook: branches beside each other, every number counted again by formula from the cases of all."""

from __future__ import annotations

import io
import random
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet._writer import ALL_TEMP_FILES

from app.core import language
from app.core.errors import Cancelled
from app.core.progress import Progress
from app.reports import consolidated
from app.reports.consolidated_tables import _places
from app.services import branch_workbooks, merging
from tests.reports.test_workbook import needs_office, recalculated, verdicts
from tests.services.branches import Sent, send


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> list[Sent]:
    folder = tmp_path_factory.mktemp("sent")
    language.choose("zh_CN")
    return [send(folder, code) for code in ("CD", "XC", "001")]


def made(sent: list[Sent], *, more: tuple[Path, ...] = (), expected: tuple[str, ...] = ()) -> bytes:
    language.choose("zh_CN")
    with merging.gather([*(one.path for one in sent), *more], expected=expected) as merged:
        return consolidated.render(merged, "王敏", date(2026, 11, 2))


def table(book: openpyxl.Workbook, name: str) -> dict[str, dict[str, Any]]:
    """The rows of a sheet by branch, by their heads."""
    heads, *rows = list(book[name].iter_rows(min_row=4, values_only=True))
    return {str(row[0]): dict(zip(map(str, heads), row, strict=True)) for row in rows if row[0]}


def read(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


@pytest.fixture(scope="module")
def calculated(sent: list[Sent], tmp_path_factory: pytest.TempPathFactory) -> dict[str, openpyxl.Workbook]:
    """Workbooks that a spreadsheet has calculated: as it is made, and with a case that was given to another branch by hand."""
    book = read(made(sent))
    details = book["异议明细"]
    assert details["B5"].value.startswith("001 ")
    details["B5"].value = "CD 城东分公司"
    out = io.BytesIO()
    book.save(out)
    return recalculated({"made": made(sent), "changed": out.getvalue()}, tmp_path_factory.mktemp("calculated"))


@needs_office
def test_every_check_agrees_when_calculated(calculated: dict[str, openpyxl.Workbook]) -> None:
    found = verdicts(calculated["made"])
    assert {word for words in found.values() for word in words} == {"一致"}
    for name in ("各单位数量", "各单位处理", "单位×异议内容", "单位×投诉类别", "单位×原因", "单位×渠道", "单位×客户等级"):
        assert len(found[name]) == 4, name


@needs_office
def test_a_case_of_another_branch_makes_its_checks_differ(calculated: dict[str, openpyxl.Workbook]) -> None:
    """The control: a check that always agrees would prove nothing."""
    found = verdicts(calculated["changed"])
    assert found["各单位数量"].count("不一致") == found["单位×异议内容"].count("不一致") == 2
    assert "不一致" not in found["按内容"]


def test_branches_stand_beside_each_other_with_all_together(sent: list[Sent]) -> None:
    book = read(made(sent))
    counts, handling = table(book, "各单位数量"), table(book, "各单位处理")
    assert list(counts)[-1] == "全部单位"
    for one in sent:
        name = f"{one.figures.branch_code} {one.figures.branch_name}"
        assert counts[name]["异议"] == one.figures.objections
        assert counts[name]["补偿金额（元）"] == pytest.approx(float(one.figures.compensation_cost))
        assert handling[name]["投诉办结率"] == pytest.approx(one.figures.close_rate.complaints)
    whole = sum(one.figures.complaints for one in sent)
    ended = sum((one.figures.close_rate.complaints or 0) * one.figures.complaints for one in sent)
    assert counts["全部单位"]["投诉"] == whole
    assert handling["全部单位"]["投诉办结率"] == pytest.approx(ended / whole)
    averaged = sum(one.figures.close_rate.complaints or 0 for one in sent) / 3
    assert handling["全部单位"]["投诉办结率"] != pytest.approx(averaged)


def test_what_was_read_and_what_did_not_fit_stand_in_it(sent: list[Sent], tmp_path: Path) -> None:
    bad = tmp_path / "坏.xlsx"
    bad.write_bytes(b"=1+1")
    book = read(made(sent, more=(bad,), expected=("CD", "XC", "001", "=HH")))
    rows = list(book["汇总来源"].iter_rows(values_only=True))
    files = {row[0]: row for row in rows if row[0] and str(row[0]).endswith(".xlsx")}
    assert set(files) == {"CD.xlsx", "XC.xlsx", "001.xlsx", "坏.xlsx"}
    assert files["坏.xlsx"][1] == "未汇总"
    assert any(row[0] == "=HH" and "没有该单位" in row[2] for row in rows)
    assert all(cell.data_type != "f" for row in book["汇总来源"].iter_rows() for cell in row)
    assert "不完整" in book["汇总"]["A2"].value
    assert files["CD.xlsx"][9] == branch_workbooks.read(sent[0].path).seal[:32]


def test_details_hold_each_case_once_with_its_branch(sent: list[Sent]) -> None:
    book = read(made(sent))
    for name, count in (("异议明细", "objections"), ("投诉明细", "complaints")):
        heads, *rows = list(book[name].iter_rows(min_row=4, values_only=True))
        told = [dict(zip(heads, row, strict=True)) for row in rows]
        assert len({row["唯一标识"] for row in told}) == len(told)
        assert sum(row["本期"] == "是" for row in told) == sum(getattr(one.figures, count) for one in sent)
        assert {row["分支机构"] for row in told} == {"CD 城东分公司", "XC 西城分公司", "001 南郊*分公司"}
        assert all(row["客户编号"].startswith(f"{row['分支机构'].split()[0]}·") for row in told if row["客户编号"])


def test_a_consolidated_workbook_is_not_merged_again(sent: list[Sent], tmp_path: Path) -> None:
    path = tmp_path / "all.xlsx"
    path.write_bytes(made(sent))
    with merging.gather([path, sent[0].path]) as merged:
        ((where, _sentence, lost),) = merged.faults
    assert (where, lost) == ("all.xlsx", False)


def test_writing_can_be_cancelled(sent: list[Sent]) -> None:
    progress = Progress()
    with merging.gather([sent[0].path]) as merged:
        progress.cancel()
        with pytest.raises(Cancelled):
            consolidated.render(merged, "", date(2026, 11, 2), progress)
    assert not ALL_TEMP_FILES


def test_equal_branches_share_a_rank() -> None:
    assert _places([0.5, None, 0.9, 0.5, 0.1], 1) == [2, None, 1, 2, 4]
    assert _places([0.5, None, 0.9, 0.5, 0.1], -1) == [2, None, 4, 2, 1]
    chance = random.Random(1)
    values = [chance.randrange(10) for _ in range(50)]
    assert _places(values, 1) == [1 + sum(other > value for other in values) for value in values]
