"""What all papers have in common, shown on the agreement and the forms."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pypdfium2
import pytest

from app.core import language
from app.core.errors import UserError
from app.reports import fonts, pdf
from app.reports.documents.agreement import agreement_sheaf
from app.reports.documents.approval_sheet import ApprovalSheet, approval_sheaf
from app.reports.documents.objection_record import ObjectionRecord, objection_sheaf
from app.reports.documents.registration_form import RegistrationForm, form_sheaf
from app.reports.layout import Block, Text
from app.reports.pdf import Sheaf, bind
from app.reports.typesetting import Style
from tests.naughty.strings import LIST, published
from tests.reports import samples, samples_course
from tests.reports.reading import pages_of, text_of

BODY = Style(10)
PAPERS: dict[str, Callable[[], bytes]] = {
    "agreement": lambda: bind(agreement_sheaf(samples.agreement())),
    "registration": lambda: bind(form_sheaf(samples.registration_form())),
    "blank": lambda: bind(form_sheaf(samples.blank_form())),
    "objection": lambda: bind(objection_sheaf(samples.objection_record())),
    "approval": lambda: bind(approval_sheaf(samples.approval_sheet())),
    "empty registration": lambda: bind(form_sheaf(RegistrationForm(samples.paper()))),
    "empty objection": lambda: bind(objection_sheaf(ObjectionRecord(samples.paper()))),
    "empty approval": lambda: bind(approval_sheaf(ApprovalSheet(samples.paper(), "TS-1"))),
}
COURSE = samples_course.ORDINARY | samples_course.EMPTY
PAPERS |= {name: partial(lambda make: bind(make()), make) for name, make in (COURSE | samples_course.HUGE).items()}


@pytest.fixture(params=["zh_CN", "en"])
def _both_languages(request: pytest.FixtureRequest, _english: None) -> None:
    language.choose(request.param)


def note(text: str, **paper: str) -> bytes:
    return bind(Sheaf(replace(samples.paper(), **paper), "说明", [Text(text, BODY)]))  # type: ignore[arg-type]


@pytest.mark.usefixtures("_both_languages")
@pytest.mark.parametrize("name", PAPERS)
def test_the_same_content_gives_the_same_bytes(name: str) -> None:
    assert PAPERS[name]() == PAPERS[name]()


@pytest.mark.usefixtures("_both_languages")
@pytest.mark.parametrize("name", PAPERS)
def test_no_page_is_blank_and_each_says_where_it_belongs(name: str) -> None:
    pages = pages_of(PAPERS[name]())
    for number, page in enumerate(pages, 1):
        lines = page.splitlines()
        assert len(lines) > 4
        assert any("城东分公司" in line for line in lines[:2])
        count = language._("Page {page} of {pages}").format(page=number, pages=len(pages))
        assert count in page
        assert "2026-11-24 10:12" in page


def test_title_author_and_language_are_known_to_readers() -> None:
    document = pypdfium2.PdfDocument(note("甲"))
    facts = document.get_metadata_dict()
    document.close()
    assert (facts["Title"], facts["Author"], facts["Subject"]) == ("说明 TS-202611-0032", "陈志强", "TS-202611-0032")


MARKUP = (
    '<img src="/etc/passwd"/>',
    "A<b",
    "&amp;",
    "<para><font size=99>x</para>",
    "a & b < c > d",
    "{page} %s \\n",
    "]]>",
    '<a href="x">',
)


@pytest.mark.parametrize("text", MARKUP)
def test_markup_is_printed_as_it_was_typed(text: str) -> None:
    assert "".join(text.split()) in text_of(note(text))
    form = replace(samples.registration_form(), customer=text, description=text, opinion_by=text)
    assert text_of(bind(form_sheaf(form))).count("".join(text.split())) >= 3


def test_each_naughty_string_is_printed_or_refused_by_a_sentence() -> None:
    if not LIST.is_file():
        pytest.skip(f"the naughty strings are not in {LIST} (KESU_TEST_DATA)")
    texts = [text for text in published() if text.isprintable()]
    drawable = [text for text in texts if not fonts.missing(text)]
    assert len(drawable) > 350
    for text in drawable:
        assert plain(text) in plain(text_of(note(text)))
    for text in set(texts) - set(drawable):
        with pytest.raises(UserError, match=r"U\+"):
            note(text)


def plain(text: str) -> str:
    """What a reader program makes of it: ligatures taken apart, invisible characters and blanks gone."""
    visible = "".join(character for character in text if not fonts.invisible(character))
    return "".join(unicodedata.normalize("NFKC", visible).split())


def test_a_character_without_a_font_is_named_with_its_place() -> None:
    form = replace(samples.registration_form(), complainant="张\U00030000", description="退货\ue000")
    with pytest.raises(UserError) as refused:
        bind(form_sheaf(form))
    assert "U+30000, Complainant" in str(refused.value)
    assert "U+E000, What happened" in str(refused.value)


def test_a_mark_stands_behind_every_page() -> None:
    language.choose("zh_CN")
    blocks: list[Block] = [Text("字" * 4000, BODY)]
    pages = pages_of(bind(Sheaf(replace(samples.paper(), mark=pdf.DRAFT), "说明", blocks)))
    assert len(pages) > 1
    assert all("草稿" in page for page in pages)
    assert "草稿" not in text_of(note("甲"))


@pytest.mark.usefixtures("_both_languages")
def test_each_page_of_the_sample_branch_says_so_in_its_foot_and_nothing_else_differs() -> None:
    real, sample = agreement_sheaf(samples.agreement()), agreement_sheaf(samples.agreement())
    marked = bind(replace(sample, paper=replace(sample.paper, sample=True)))
    pages, said = pages_of(bind(real)), language._("Sample")
    assert [page.replace(f"{said} ", "", 1) for page in pages_of(marked)] == pages
    assert all(said not in page for page in pages)


def test_a_memo_of_20000_characters_comes_out_whole() -> None:
    memo = (samples.LONG * 400)[:20_000]
    assert "".join(memo.split()) in _without_frame(note(memo))
    form = bind(form_sheaf(replace(samples.registration_form(), description=memo)))
    assert _without_frame(form).count("乙") == memo.count("乙")


def _without_frame(paper: bytes) -> str:
    """The text of all pages without letterhead and foot."""
    pages = [page.splitlines() for page in pages_of(paper)]
    frame = ("城东分公司", "No. ", "Printed", "Page ")
    return "".join("".join(line.split()) for page in pages for line in page if not line.startswith(frame))


def test_a_long_letterhead_wraps_beside_the_number() -> None:
    paper = note("甲", address="很长的地址" * 30)
    assert "很长的地址" * 30 in text_of(paper).replace("No.TS-202611-0032", "")
