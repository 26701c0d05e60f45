"""The gate by which text enters, and the keys by which it is found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import text
from app.core.errors import UserError

CHARACTERS = st.text(st.characters(exclude_categories=("Cs", "Cc")))


def test_line_ends_of_all_systems_become_one() -> None:
    assert text.admit("一\r\n二\r三\n四\t五") == "一\n二\n三\n四\t五"


@pytest.mark.parametrize("code", [0, 7, 0x0B, 0x1F, 0x7F, 0x85, 0x9F, 0xD800, 0xDFFF, 0x202A, 0x202E, 0x2066, 0x2069])
def test_control_characters_are_refused_with_their_place(code: int) -> None:
    with pytest.raises(UserError, match=rf"Character 3 .* U\+{code:04X}\."):
        text.admit(f"霉变{chr(code)}了")


def test_a_sentence_repeats_what_was_typed_on_one_line_and_no_more_than_is_needed() -> None:
    assert text.quoted("甲\t乙\n丙\u2028丁") == "甲 乙 丙 丁"
    assert text.quoted("长" * 41) == "长" * 40 + "…"


@pytest.mark.parametrize("kept", ["𠮷家杂货", "👩‍👩‍👧", "e\u0301", "ﬁ", "\ufeff", "\u200b中", "٣", "ｔｅｌ：１３８"])
def test_what_is_odd_but_legal_stays_as_it_is(kept: str) -> None:
    assert text.admit(kept) == kept


@given(CHARACTERS)
def test_the_gate_changes_nothing_that_it_lets_through(typed: str) -> None:
    try:
        assert text.admit(typed) == typed
    except UserError:
        assert any(0x202A <= ord(one) <= 0x2069 for one in typed)


def test_invisible_ends_of_a_phone_are_cut_off() -> None:
    assert text.trim_ends("\u202d 138 0000 1234\u202c\ufeff\n") == "138 0000 1234"


def test_a_phone_of_invisible_characters_only_is_empty() -> None:
    assert text.trim_ends("\u202d\u202c ") == ""


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("ＴＳ－２０２６：（１）；，", "ts-2026:(1);,"),
        ("  A\u3000 b\n c ", "a b c"),
        ("Straße", "strasse"),
        ("a\x00b", "a b"),
        ("", ""),
    ],
)
def test_keys_know_no_width_no_case_and_one_blank(typed: str, key: str) -> None:
    assert text.key(typed) == key


@given(CHARACTERS)
def test_half_characters_and_controls_never_reach_the_search(typed: str) -> None:
    text.key(f"{typed}\ud800\x00").encode()


def test_digits_of_a_phone_are_found_in_any_width() -> None:
    assert text.digits("（0755）８６-1234 转 5") == "07558612345"
