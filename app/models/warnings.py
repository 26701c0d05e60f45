"""What is odd in a phone or identity number, but allowed: kept as typed, warned about, never refused."""

from __future__ import annotations

from app.core import text
from app.core.language import _


def phone(value: str) -> str | None:
    """A phone that no Chinese network would dial."""
    digits = text.digits(value)
    if any(character.isalpha() for character in value):
        return _("This is no usual phone number. It is kept as typed.")
    if len(digits) < 5 or len(digits) > 20:
        return _("A phone number with {count} digits is unusual. It is kept as typed.").format(count=len(digits))
    if digits.startswith("1") and len(digits) not in (5, 11) and not digits.startswith("123"):
        return _("A mobile number has 11 digits, this one {count}. It is kept as typed.").format(count=len(digits))
    return None


def credit_code(value: str) -> str | None:
    """A 统一社会信用代码 (GB 32100-2015) whose check character does not fit."""
    from stdnum.cn import uscc  # heavy: only a form that holds a code pays for it

    return (
        None
        if uscc.is_valid(value)
        else _("The check character of this credit code does not fit. Compare it; saving is possible.")
    )


def party_identity(value: str) -> str | None:
    """What identifies a party, judged by its form: an identity number, a credit code, or a licence number, which has no check."""
    plain = text.key(value).upper()
    if len(plain) != 18:
        return None
    return identity_number(plain) if plain[:17].isdigit() and plain[6:8] in ("19", "20") else credit_code(plain)


def identity_number(value: str) -> str | None:
    """A resident identity number (GB 11643-1999) whose check digit does not fit."""
    from stdnum.cn import ric  # heavy: only a form that holds a number pays for it

    return (
        None
        if ric.is_valid(value)
        else _("The check digit of this identity number does not fit. Compare it; saving is possible.")
    )
