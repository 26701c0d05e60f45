"""Where lines end."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.reports.typesetting import Style, lines

STYLE = Style(10)


def broken(text: str, width: float, style: Style = STYLE) -> list[str]:
    return [line.text for line in lines(text, style, width)]


def test_chinese_breaks_between_characters() -> None:
    assert broken("甲乙丙丁戊己", 30) == ["甲乙丙", "丁戊己"]


def test_a_line_does_not_begin_with_a_closing_mark() -> None:
    assert broken("甲乙丙，丁戊", 30) == ["甲乙", "丙，丁", "戊"]


def test_a_line_does_not_end_with_an_opening_mark() -> None:
    assert broken("甲乙（丙丁）", 30) == ["甲乙", "（丙", "丁）"]


def test_words_and_numbers_stay_whole() -> None:
    assert broken("编号 TS-202611-0032 已答复", 95) == ["编号 ", "TS-202611-0032 已", "答复"]


def test_what_is_wider_than_a_line_breaks_anywhere() -> None:
    rows = lines("W" * 100, STYLE, 95)
    assert "".join(row.text for row in rows) == "W" * 100
    assert all(row.width <= 95.01 for row in rows)


def test_paragraphs_and_empty_lines_are_kept() -> None:
    assert broken("甲\n\n乙", 100) == ["甲", "", "乙"]
    assert broken("", 100) == [""]


def test_the_first_line_of_a_paragraph_is_indented() -> None:
    first, second = lines("甲乙丙丁", Style(10, indent=2), 40)
    assert (first.text, first.indent, second.text, second.indent) == ("甲乙", 20, "丙丁", 0)


@given(st.text(st.sampled_from("甲乙，。（）“”ab W-1\u00a0\u3000…—%"), max_size=80), st.floats(12, 200))
def test_no_character_is_lost_and_no_line_is_too_wide(text: str, width: float) -> None:
    rows = lines(text, STYLE, width)
    assert "".join(row.text for row in rows) == text
    assert all(row.width <= width + 0.02 or len(row.text.rstrip(" ")) == 1 for row in rows)
