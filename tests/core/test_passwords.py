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
    assert set(caught.value.errors) == {"password"}
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


def test_both_ends_of_the_length_will_do() -> None:
    words = "雨后的茶园很安静没有人"
    assert passwords.fault(words[:10]) is None
    assert passwords.fault(words[:9]) == "The password needs at least 10 characters; a sentence is easy to remember."
    long = "".join(chr(0x4E00 + 7 * place) for place in range(201))
    assert passwords.fault(long[:200]) is None
    assert passwords.fault(long) == "The password may have at most 200 characters."
    for sign in ("\x07", "\ud800", "\x85"):
        assert passwords.fault(words + sign) == "The password holds an invisible control character. Type it again."
    assert passwords.fault(words + "\u200d") is None


def test_a_password_that_will_do_is_no_error_and_one_that_will_not_says_why() -> None:
    passwords.check("雨后的茶园很安静没有人", "王敏")
    with pytest.raises(ValidationError) as told:
        passwords.check("password123")
    assert str(told.value) == (
        "This password is among the first that are guessed. Choose several words that have nothing to do with each other."
    )
    passwords.check("wangmin seven teas", "王敏")
    with pytest.raises(ValidationError):
        passwords.check("wang min 19 x", "Wang Min")


@pytest.mark.parametrize(
    ("bare", "left"),
    [("qwertyx", 1), ("ytrewqx", 1), ("abcd", 0), ("abc", 3), ("6789x5432", 1), ("7890x", 1), ("zxcvbnmlkjhg", 0), ("qwezxc", 6),
     ("1qaz2wsx", 0), ("bcdefbcde", 0), ("0123x", 1), ("xyzqpw", 6)],
)  # fmt: skip
def test_runs_along_keys_and_alphabet_count_for_nothing(bare: str, left: int) -> None:
    assert passwords._without_runs(bare) == left


def test_a_code_is_five_groups_of_five_whose_last_letter_follows_from_the_others() -> None:
    code = passwords.new_code()
    assert [len(group) for group in code.split("-")] == [5] * 5
    letters = code.replace("-", "")
    assert passwords.read_code(code) == letters
    weighed = sum(place * passwords.LETTERS.index(letter) for place, letter in enumerate(letters[:24], 1))
    assert letters[24] == passwords.LETTERS[weighed % 31]
    assert set("".join(passwords.new_code() for _turn in range(60))) == {*passwords.LETTERS, "-"}
    for typed, sentence in (
        ("O0I1L" + "A" * 30, "A recovery code has no 0 1 I L O. Look at the sheet again."),
        ("0O1IL!", "A recovery code has no 0 1 I L O. Look at the sheet again."),
        ("0O1IL!？ß\u0142", "A recovery code has no 0 1 I L O. Look at the sheet again."),
        (letters[:-1], "A recovery code has 25 letters; 24 were typed."),
        (letters + "A", "A recovery code has 25 letters; 26 were typed."),
    ):
        with pytest.raises(ValidationError) as told:
            passwords.read_code(typed)
        assert told.value.errors == {"code": sentence}
        assert not passwords.is_code(typed)
    wrong = letters[:-1] + next(letter for letter in passwords.LETTERS if letter != letters[-1])
    with pytest.raises(ValidationError) as told:
        passwords.read_code(wrong)
    assert set(told.value.errors) == {"code"}
    assert not passwords.is_code(wrong)
    assert passwords.is_code(code.lower())


def test_what_is_tried_first_is_a_list_of_passwords_alone() -> None:
    assert not [one for one in passwords.blocked() if not one or one.startswith("#")]


@pytest.mark.parametrize(
    ("password", "name", "guessed"),
    [
        ("王敏王敏茶园水19900101", "王敏", True),
        ("王敏王敏茶园水19900101", "刘洋", False),
        ("王敏王敏茶园水19900101", "王", False),
        ("wangminqzpt", "wangmin", False),
        ("wangminqzp1", "wangmin", True),
        ("wqwzwpwwwww", "w", False),
        ("aabbabaabbba", "", True),
        ("wm/1990/0101", "", True),
        ("xkpzxkpzxkpz", "", True),
        ("xkpzxkpzxkpzx", "", True),
        ("xkpzxkpzxkpzxy", "", False),
        ("2008080877xkp1", "", True),
        ("2008080877xkpv1", "", False),
    ],
)
def test_names_repetitions_and_initials_with_numbers_are_guessed(password: str, name: str, guessed: bool) -> None:
    assert (passwords.fault(password, name) is not None) is guessed
