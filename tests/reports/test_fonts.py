"""Every character a name may hold is drawn, and can be copied out of the paper again."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from app.reports import fonts
from tests.reports.reading import text_of

STANDARD = Path("/work/shared/data/glyphs/tgscc_8105_characters.txt")


def drawn(text: str, bold: bool = False) -> bytes:
    """The text as it comes, forty characters a line."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pageCompression=1, invariant=1)
    for start in range(0, len(text), 1600):
        for line in range(start, min(start + 1600, len(text)), 40):
            x, y = 40.0, 800 - (line - start) / 40 * 18
            for font, part in fonts.runs(text[line : line + 40], bold):
                canvas.setFont(font, 10)
                canvas.drawString(x, y, part)
                x += fonts.width(part, 10, bold)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def standard_characters() -> str:
    if not STANDARD.exists():
        pytest.skip("the table of 8,105 standard characters is not on this machine")
    return "".join(STANDARD.read_text(encoding="utf-8").split())


@pytest.mark.parametrize("bold", [False, True])
def test_all_standard_characters_are_drawn_and_read_back(bold: bool) -> None:
    characters = standard_characters()
    assert len(characters) == 8105
    assert fonts.missing(characters) == []
    assert text_of(drawn(characters, bold)) == characters


def test_characters_beyond_the_basic_plane_read_back() -> None:
    rare = "".join(character for character in standard_characters() if ord(character) > 0xFFFF)
    assert len(rare) == 196
    assert text_of(drawn(rare)) == rare


def test_a_name_reads_back_through_another_font() -> None:
    name = "𠮷野家𬭚䶮㛃堃"
    assert fonts.missing(name) == []
    assert {font for font, _part in fonts.runs(name)} == {fonts.REGULAR, fonts.RARE}
    assert text_of(drawn(name)) == name


def test_faces_sent_by_chat_are_drawn() -> None:
    assert fonts.missing("气死了😡👎") == []
    assert text_of(drawn("气死了😡👎")) == "气死了😡👎"


def test_what_no_font_has_is_named_once() -> None:
    assert fonts.missing("\U00030000甲\U00030000\ue000") == ["\U00030000", "\ue000"]


def test_joiners_and_variation_selectors_need_no_glyph() -> None:
    assert fonts.missing("葛\U000e0100\u200d\ufe0f") == []
    assert list(fonts.runs("葛\U000e0100城")) == [(fonts.REGULAR, "葛城")]
    assert fonts.width("葛\u200b", 10) == 10


def test_the_table_of_code_points_is_utf_16_in_blocks_of_a_hundred() -> None:
    table = fonts.to_unicode("AAAAAA+Font", [0, *range(0x4E00, 0x4E00 + 120), 0x2CB5A])
    assert "<79> <D872DF5A>" in table
    assert "100 beginbfchar" in table
    assert "21 beginbfchar" in table
    assert "<00> <0000>" not in table


def test_an_upstream_font_still_cuts_the_code_point() -> None:
    """The control: the day reportlab does it right itself, our own table can go."""
    from reportlab.pdfbase.ttfonts import makeToUnicodeCMap

    assert "<2CB5A>" in makeToUnicodeCMap("F", [0x2CB5A])
