"""台账: a list on paper as it is shown, in full, with what it was asked for."""

from __future__ import annotations

from datetime import date, timedelta

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import language
from app.core.errors import Cancelled, UserError
from app.core.progress import Progress
from app.models.listing import COMPLAINTS, CUSTOMERS, OPEN, UNCLASSIFIED, Query
from app.reports import papers_list
from app.reports.documents.register import ACROSS, SIZES, Column, fitted
from tests.make import Make
from tests.reports.reading import pages_of, text_of

LONG = "".join(f"第{place}句，开箱后烟支发霉；" for place in range(400))
SHOWN = ("number", "customer_name", "description", "status", "received_at")


@pytest.fixture
def shop(make: Make) -> Make:
    """Forty complaints a day apart, the first with a long description."""
    customer = make.customer(name="鑫瑞达商行").number
    now = make.session.clock()
    for place in range(40):
        words = LONG if place == 0 else f"第{place}件"
        make.complaint(customer=customer, description=words, received_at=now - timedelta(days=40 - place), **{"class": "product"})
    return make


def made(make: Make, query: Query, progress: Progress | None = None) -> bytes:
    return papers_list.register(make.session, COMPLAINTS, query, SHOWN, progress)


def test_every_row_stands_on_a_page_across_with_its_heads_and_page_number(shop: Make) -> None:
    content = made(shop, Query(sort="received_at", descending=False))
    document = pypdfium2.PdfDocument(content)
    sizes = {tuple(round(side) for side in document.get_page_size(place)) for place in range(len(document))}
    document.close()
    assert sizes == {(842, 595)}
    pages = pages_of(content)
    for number, page in enumerate(pages, 1):
        assert "What happened" in page
        assert f"Page {number} of {len(pages)}" in page
        assert "城东分公司" in page
        assert "Printed 2026-11-23 14:32" in page
    text = "\n".join(pages)
    places = [text.index(f"第{place}件") for place in range(1, 40)]
    assert places == sorted(places)
    assert "Complaint register" in pages[0]
    assert "40 rows; sorted by Received at, ascending" in pages[0]


def test_a_long_text_is_there_to_its_last_word(shop: Make) -> None:
    pages = pages_of(made(shop, Query(ids=(1,))))
    text = "".join("".join(page.split()) for page in pages)
    lacking = [place for place in range(400) if f"第{place}句" not in text]
    # What stands on both sides of a page's end is not found in one piece.
    assert len(lacking) < len(pages)
    assert "第399句" in text


def test_what_the_list_was_asked_for_stands_under_the_title(shop: Make) -> None:
    query = Query(
        text="件",
        where={"status": (OPEN,), "class": ("product", UNCLASSIFIED)},
        since=date(2026, 11, 1),
        until=date(2026, 11, 20),
        sort="number",
    )
    text = " ".join(pages_of(made(shop, query))[0].split())
    told = ("Search: 件", "Status: Not ended", "Complaint class: Because of product, Not classified")
    for words in (*told, "Received at: 2026-11-01 to 2026-11-20", "sorted by Number, descending"):
        assert words in text


def test_chosen_rows_alone_can_be_printed(shop: Make) -> None:
    text = text_of(made(shop, Query(ids=(2, 3))))
    assert "2chosen" in text
    assert ("第1件" in text, "第2件" in text, "第3件" in text) == (True, True, False)


def test_an_empty_list_says_so(shop: Make) -> None:
    text = " ".join(pages_of(made(shop, Query(text="没有的词")))[0].split())
    assert "0 rows" in text
    assert "none" in text


def test_in_chinese_it_is_chinese(shop: Make) -> None:
    language.choose("zh_CN")
    text = text_of(made(shop, Query(sort="received_at")))
    for words in ("投诉台账", "共40条；按投诉时间降序排列", "第1页/共"):
        assert words in text


def test_too_many_rows_are_refused_with_a_way_out(shop: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers_list, "MOST", 39)
    with pytest.raises(UserError, match="39 rows at most"):
        made(shop, Query())


class Stopped(Progress):
    """Stopped as soon as it says these words."""

    every = 1

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = words

    def report(self, done: int, total: int | None, sentence: str) -> None:
        if sentence == self._words:
            self.cancel()


@pytest.mark.parametrize("words", ["Reading", "Laying out", "Drawing pages"])
def test_it_can_be_stopped_at_any_time(shop: Make, words: str) -> None:
    with pytest.raises(Cancelled):
        made(shop, Query(), Stopped(words))


def test_a_character_that_no_font_has_is_named(make: Make) -> None:
    make.complaint(description="它写着 \U00010380 字")
    with pytest.raises(UserError, match="U\\+10380"):
        made(make, Query())


def test_every_column_of_a_list_can_be_printed(make: Make) -> None:
    make.customer()
    content = papers_list.register(make.session, CUSTOMERS, Query(), CUSTOMERS.columns)
    assert "13800001234" in text_of(content)
    assert papers_list.file_name(make.session, CUSTOMERS) == "Customer register 2026-11-23.pdf"


COLUMN = st.tuples(st.text("编号 abc", max_size=12), st.booleans(), st.text("文字 word ，", max_size=300))


@given(st.lists(COLUMN, min_size=1, max_size=30))
def test_columns_always_fill_the_page_and_none_vanishes(found: list[tuple[str, bool, str]]) -> None:
    columns = [Column(caption, whole=whole) for caption, whole, _text in found]
    size, widths = fitted(columns, [[text for _caption, _whole, text in found]])
    assert size in SIZES
    assert sum(widths) == pytest.approx(ACROSS)
    assert min(widths) > 2 * size


def test_numbers_and_times_stay_in_one_line_where_words_are_broken() -> None:
    columns = [Column("编号", whole=True), Column("内容"), Column("时间", whole=True), Column("电话", whole=True)]
    size, widths = fitted(columns, [["TS-202611-0001", "字" * 2000, "2026-11-23 14:32", "0571-5550 0123"]])
    assert size == SIZES[0]
    assert widths[1] > ACROSS / 2
