"""How blocks fall on pages."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.reports.grid import Cell, Grid, Row, memo_row
from app.reports.layout import Block, Entry, Placed, Signatures, Text, paginate
from app.reports.typesetting import Style

BODY = Style(10, spacing=1)
ROOM = 300.0


def paragraph(count: int) -> Text:
    return Text("\n".join(f"第{number}行" for number in range(count)), BODY)


def heading() -> Text:
    return Text("标题", BODY, with_next=True)


def signatures() -> Signatures:
    return Signatures([[Entry("甲方"), Entry("日期")]])


def rows(count: int) -> list[Row]:
    return [Row([Cell(str(number), 1)], 25) for number in range(count)]


def kinds(pages: list[list[Placed]]) -> list[list[str]]:
    return [[type(placed.block).__name__ for placed in page] for page in pages]


def test_text_flows_over_pages_and_leaves_no_single_line() -> None:
    first, second = paginate([paragraph(31)], ROOM)
    assert [len(page[0].block.rows) for page in (first, second)] == [29, 2]  # type: ignore[attr-defined]


def test_a_heading_goes_along_with_its_text() -> None:
    assert kinds(paginate([paragraph(28), heading(), paragraph(4)], ROOM)) == [["Text"], ["Text", "Text"]]


def test_signatures_take_the_end_of_the_text_along() -> None:
    pages = paginate([paragraph(29), signatures()], ROOM)
    assert kinds(pages) == [["Text"], ["Text", "Signatures"]]
    assert len(pages[1][0].block.rows) == 2  # type: ignore[attr-defined]


def test_signatures_take_the_last_clause_and_its_heading_along() -> None:
    pages = paginate([paragraph(25), heading(), paragraph(1), signatures()], ROOM)
    assert kinds(pages) == [["Text"], ["Text", "Text", "Signatures"]]


def test_the_head_of_a_table_stands_on_each_page() -> None:
    head = [Row([Cell("栏目", 1)], 25)]
    pages = paginate([Grid(rows(40), head)], ROOM)
    grids = [page[0].block for page in pages]
    assert [len(grid.rows) for grid in grids] == [11, 11, 11, 7]  # type: ignore[attr-defined]
    assert all(grid.head == head for grid in grids)  # type: ignore[attr-defined]


def test_joined_rows_are_not_parted() -> None:
    pair = [Row([Cell("上", 1)], 25), Row([Cell("下", 1)], 25, joined=True)]
    first, _second = paginate([Grid([*rows(11), *pair])], ROOM)
    assert len(first[0].block.rows) == 11  # type: ignore[attr-defined]


def test_a_long_cell_goes_on_with_its_caption() -> None:
    pages = paginate([Grid([memo_row("经过", "字" * 3000, foot="签字")])], ROOM)
    parts = [page[0].block.rows[0].cells for page in pages]  # type: ignore[attr-defined]
    assert len(parts) > 2
    assert [cells[0].text for cells in parts] == ["经过", *["经过 (continued)"] * (len(parts) - 1)]
    assert "".join(row.text for cells in parts for row in cells[1].rows) == "字" * 3000
    assert [bool(cells[1].foot) for cells in parts] == [False] * (len(parts) - 1) + [True]


block = st.one_of(
    st.integers(1, 70).map(paragraph),
    st.just(0).map(lambda _: heading()),
    st.just(0).map(lambda _: signatures()),
    st.integers(1, 40).map(lambda count: Grid(rows(count))),
    st.integers(1, 4000).map(lambda count: Grid([memo_row("经过", "字" * count)])),
)


@given(st.lists(block, max_size=12))
def test_whatever_comes_nothing_is_drawn_outside_or_left_out(blocks: list[Block]) -> None:
    lines = sum(len(one.rows) for one in blocks if isinstance(one, Text))
    pages = paginate(blocks, ROOM)
    placed = [one for page in pages for one in page]
    assert all(one.down >= 0 and one.down + one.block.height <= ROOM + 0.1 for one in placed)
    assert sum(len(one.block.rows) for one in placed if isinstance(one.block, Text)) == lines
    assert all(pages) or not blocks
    for page in pages:
        edges = [(one.down, one.down + one.block.height) for one in page]
        assert all(above[1] <= below[0] + 0.01 for above, below in pairwise(edges))
