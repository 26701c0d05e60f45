"""What a password must be, and the recovery code: how it is made, written and read."""

from __future__ import annotations

import re
import secrets
import unicodedata
from contextlib import suppress
from functools import cache

from app.core import text
from app.core.errors import ValidationError
from app.core.language import _
from app.core.paths import resources

FIELD = "password"
SHORTEST, LONGEST = 10, 200
_ROWS = (
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
)
_STAND_INS = str.maketrans("@01$3", "aolse")
"""Signs that stand for letters, as in p@ssw0rd."""

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Of recovery codes: 31, a prime, so that the check letter finds every wrong letter and every swapped pair."""
LENGTH, GROUP = 25, 5
"""24 letters by chance (118 bits) and the check letter."""


def normal(password: str) -> str:
    """One password however it was typed: full-width letters of an input method count as plain ones."""
    return unicodedata.normalize("NFKC", password)


def check(password: str, name: str = "") -> None:
    """ValidationError for a password that is too short or among those tried first; `name` is its owner's."""
    if sentence := fault(password, name):
        raise ValidationError({FIELD: sentence})


def fault(password: str, name: str = "") -> str | None:
    """What is wrong with a password, None where it will do."""
    typed = normal(password)
    if len(typed) < SHORTEST:
        return _("The password needs at least {count} characters; a sentence is easy to remember.").format(count=SHORTEST)
    if len(typed) > LONGEST:
        return _("The password may have at most {count} characters.").format(count=LONGEST)
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in typed):
        return _("The password holds an invisible control character. Type it again.")
    if _is_common(typed.casefold(), text.key(name).replace(" ", "")):
        return _(
            "This password is among the first that are guessed. Choose several words that have nothing to do with each other."
        )
    return None


def _is_common(typed: str, name: str) -> bool:
    """Whether it is known, or made as most are: a known word, a name, a number or a date, and something before or behind."""
    forms = [re.sub(r"[\W_]+", "", form) for form in (typed, typed.strip("0123456789!?.#*").translate(_STAND_INS))]
    return typed in blocked() or any(_is_simple(form, name) for form in forms)


def _is_simple(bare: str, name: str) -> bool:
    core = bare.strip("0123456789")
    return (
        bare in blocked()
        or core in blocked()
        or len(set(bare)) < 4
        or len(core) < 4  # initials and a birthday, a phone number, any number
        or re.fullmatch(r"(.{1,5})\1+.?", bare) is not None
        or _without_runs(bare) < 4
        or (len(name) > 1 and len(core.replace(name, "")) < 4)
    )


def _without_runs(bare: str) -> int:
    """Letters that are left without runs along rows of keys, alphabet and digits, either way."""
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        for length in range(len(row), 3, -1):
            for start in range(len(row) - length + 1):
                bare = bare.replace(row[start : start + length], "")
    return len(bare)


@cache
def blocked() -> frozenset[str]:
    """The passwords that are tried first."""
    lines = (resources() / "texts" / "blocked_passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def new_code() -> str:
    """A recovery code as it is printed: five groups of five letters."""
    drawn = "".join(secrets.choice(LETTERS) for _place in range(LENGTH - 1))
    whole = drawn + _check_letter(drawn)
    return "-".join(whole[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def is_code(typed: str) -> bool:
    """Whether what was typed where a password is asked for is a recovery code."""
    with suppress(ValidationError):
        return bool(read_code(typed))
    return False


def read_code(typed: str) -> str:
    """The letters of a code as typed, in any case and with any blanks. ValidationError where it is mistyped."""
    letters = re.sub(r"[\W_]+", "", normal(typed)).upper()
    strange = sorted({letter for letter in letters if letter not in LETTERS})
    if strange:
        raise ValidationError(
            {"code": _("A recovery code has no {letters}. Look at the sheet again.").format(letters=" ".join(strange[:5]))}
        )
    if len(letters) != LENGTH:
        raise ValidationError(
            {
                "code": _("A recovery code has {count} letters; {found} were typed.").format(count=LENGTH, found=len(letters)),
            }
        )
    if _check_letter(letters[:-1]) != letters[-1]:
        raise ValidationError(
            {"code": _("A letter of the recovery code is mistyped. Compare it with the sheet, group by group.")}
        )
    return letters


def _check_letter(letters: str) -> str:
    return LETTERS[sum((place + 1) * LETTERS.index(letter) for place, letter in enumerate(letters)) % len(LETTERS)]
