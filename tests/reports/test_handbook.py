"""The handbook on paper: every chapter on the page that the contents name, with its pictures."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pypdfium2
import pytest

from app.core import language
from app.core.language import _
from app.reports import papers_handbook
from app.services import handbook
from tests.commands.desk import Desk
from tests.commands.desk import desk as desk
from tests.commands.desk import template as template
from tests.reports.reading import pages_of, text_of

NOW = datetime(2026, 11, 23, 6, 32, tzinfo=UTC)


@cache
def paper_in(code: str) -> bytes:
    with language.speaking(code):
        return papers_handbook.render(NOW)


def flat(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_every_chapter_stands_on_the_page_that_the_contents_name(code: str) -> None:
    language.choose(code)
    pages = pages_of(paper_in(code))
    head = f"{_('Kesu Desk')} · {_('Handbook')}"  # which stands at the end of its page's text, or before the first line
    contents, words = "\n".join(pages[1:4]).replace(head, "\n"), text_of(paper_in(code))
    for one in handbook.chapters():
        found = re.search(rf"(?:^|\s){re.escape(one.title)}\s*(\d+)", contents)
        assert found, one.title
        assert flat(one.title) in flat(pages[int(found[1]) - 1])
        assert [piece.text for piece in handbook.pieces(one) if piece.kind == "heading" and flat(piece.text) not in words] == []


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_pictures_and_outline_are_there(code: str) -> None:
    language.choose(code)
    document = pypdfium2.PdfDocument(paper_in(code))
    shown = sum(piece.kind == "picture" for one in handbook.chapters() for piece in handbook.pieces(one))
    drawn = sum(len(list(page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]))) for page in document)
    titles = [item.get_title() for item in document.get_toc()]
    document.close()
    assert drawn == shown > 10
    assert [one.title for one in handbook.chapters() if one.title not in titles] == []


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_short_cells_of_a_table_stand_on_one_line(code: str) -> None:
    language.choose(code)
    lines = {line.strip() for page in pages_of(paper_in(code)) for line in page.splitlines()}
    tables = [piece.rows for name in ("settings", "workbench") for piece in handbook.pieces(handbook.chapter(name)) if piece.rows]
    assert [row[0] for rows in tables for row in rows if not any(line.startswith(row[0]) for line in lines)] == []


def test_the_same_handbook_gives_the_same_bytes() -> None:
    language.choose("en")
    assert papers_handbook.render(NOW) == paper_in("en")


def test_the_command_writes_it_without_a_branch(desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / "handbook.pdf"
    desk.folder = tmp_path / "nothing"
    told = desk.run("document", "handbook", "--out", out, "--json").json
    assert told == {"file": str(out)}
    assert out.read_bytes().startswith(b"%PDF")
    assert not desk.folder.exists()
    assert "of no record" in desk.run("document", "handbook", "TS-202611-0001", "--out", out).err
