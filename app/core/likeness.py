"""What names of businesses and phone numbers are compared by: spelling, brackets and the legal form make no other one."""

from __future__ import annotations

import re
from functools import lru_cache

from app.core import text

FORMS = (
    *("有限责任公司", "股份有限公司", "有限公司", "个体工商户", "分公司", "公司"),
    *("经营部", "门市部", "营业部", "批发部", "小卖部", "便利店", "商贸行", "贸易行", "商行", "商店", "超市", "商贸", "店"),
)
"""Endings that say what a business is, not which; the longer ones first."""
_WORDS = frozenset({"co", "ltd", "limited", "inc", "llc", "corp", "corporation", "company"})
_LEAST = 2
"""What is left of a name must still tell it from others."""
_BETWEEN_WORDS = r"[\W_]+"
_BETWEEN_PHONES = r"[;；,，、/|\n]"
_SHORTEST_PHONE = 7


def squeezed(name: str) -> str:
    """The name without width, case, blanks, brackets and marks."""
    return "".join(re.split(_BETWEEN_WORDS, text.key(name)))


def name_key(name: str) -> str:
    """The squeezed name without the usual endings (商行, 有限公司, Ltd)."""
    words = [word for word in re.split(_BETWEEN_WORDS, text.key(name)) if word]
    while len(words) > 1 and words[-1] in _WORDS:
        words.pop()
    key = "".join(words)
    while form := next((form for form in FORMS if key.endswith(form) and len(key) - len(form) >= _LEAST), ""):
        key = key.removesuffix(form)
    return key


@lru_cache(maxsize=4096)
def phones(written: str | None) -> frozenset[str]:
    """The numbers in a phone field, as digits without the country code of China.

    Remembered, for a customer that comes in with a register is looked for, kept in mind and written.
    """
    found = set()
    for part in re.split(_BETWEEN_PHONES, written or ""):
        digits = text.digits(part)
        if len(digits) > 11 and digits.startswith(("86", "0086")):
            digits = digits.removeprefix("00").removeprefix("86")
        if len(digits) >= _SHORTEST_PHONE:
            found.add(digits)
    return frozenset(found)
