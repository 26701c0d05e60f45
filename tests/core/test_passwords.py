"""What a password must be, and recovery codes: each slip of the pen is found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import passwords
from app.core.errors import ValidationError


@pytest.mark.parametrize(
    "password",
    [
        "password123", "P@ssw0rd2024", "1234567890", "0123456789012", "qwertyuiop", "1qaz2wsx3edc", "zxcvbnm123", "poiuytrewq12",
        "woaini1314", "WoAiNi1314520", "5201314520", "a123456789", "wm19900101", "19900101199001",
        "13800138000", "+8613800138000",
        "13800138000a", "abcabcabcabc", "aaaaaaaaaaaa", "zhangwei1990", "admin@2024!",
        "我爱你1314520", "客诉台20261126", "王敏王敏19900101",
        "wangmin1990", "ｐａｓｓｗｏｒｄ１２３", "beijing-2008", "iloveyou1314", "abcdefghijklm",
    ],
)  # fmt: skip
def test_what_is_guessed_first_is_refused(password: str) -> None:
    for name in ("王敏", "wangmin"):
        if "王敏" in password or password.startswith("wangmin"):
            continue
        assert "first that are guessed" in (passwords.fault(password, name) or "")
    if "王敏" in password or password.startswith("wangmin"):
        assert passwords.fault(password, "王敏" if "王敏" in password else "wangmin")


@pytest.mark.parametrize(
    "password",
    [
        "雨后的茶园很安静没有人",
        "correct horse battery",
        "Tr4-kw9_mmQz",
        "seven green umbrellas",
        "我家的猫有3个名字呢",
        "张伟和他的蓝色自行车",
    ],
)
def test_words_that_have_nothing_to_do_with_each_other_will_do(password: str) -> None:
    assert passwords.fault(password, "王敏") is None


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("短密码", "at least 10"),
        ("x" * 9, "at least 10"),
        ("你好 world " * 30, "at most 200"),
        ("tea garden\x00 rain", "invisible"),
    ],
)
def test_what_cannot_be_a_password_is_said(password: str, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence) as caught:
        passwords.check(password)
    assert set(caught.value.errors) == {passwords.FIELD}
    assert password not in str(caught.value)


def test_a_code_is_read_however_it_was_copied() -> None:
    code = passwords.new_code()
    letters = code.replace("-", "")
    assert (len(letters), len(code)) == (25, 29)
    assert passwords.read_code(code) == letters
    assert passwords.read_code(f"  {code.lower().replace('-', ' ')}\n") == letters
    assert passwords.read_code("".join(chr(ord(letter) + 0xFEE0) for letter in letters)) == letters  # full width


def test_codes_differ_and_hold_no_letter_that_looks_like_another() -> None:
    codes = {passwords.new_code() for _turn in range(200)}
    assert len(codes) == 200
    assert not set("".join(codes)) & set("01ILO")


@given(st.integers(0, 24), st.integers(0, 24), st.sampled_from(passwords.LETTERS))
def test_every_wrong_letter_and_every_swapped_pair_is_found(place: int, other: int, letter: str) -> None:
    right = list(passwords.new_code().replace("-", ""))
    wrong, swapped = right.copy(), right.copy()
    wrong[place] = letter
    swapped[place], swapped[other] = right[other], right[place]
    for typed in (wrong, swapped):
        if typed == right:
            continue
        with pytest.raises(ValidationError, match="mistyped"):
            passwords.read_code("".join(typed))


@pytest.mark.parametrize(("typed", "sentence"), [("ABCDE", "25 letters; 5"), ("", "25 letters; 0"), ("O0I1L", "no 0 1 I L O")])
def test_what_is_no_code_is_said(typed: str, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        passwords.read_code(typed)
