"""Amounts in capital Chinese numerals (人民币大写) as on bills, by the rules of the People's Bank (支付结算办法, annex 1)."""

from __future__ import annotations

from decimal import Decimal

from app.core.errors import UserError
from app.core.language import _

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
_LIMIT = Decimal(10) ** 16


def capital_amount(amount: Decimal) -> str:
    """元 in capitals, exact to the 分. UserError for a negative amount, a part of a 分 or 10^16 and more."""
    if amount.is_nan() or amount < 0 or amount >= _LIMIT or amount != round(amount, 2):
        raise UserError(
            _("{amount} cannot be written in capitals: no negative amounts, no parts of a fen.").format(amount=amount)
        )
    fen = int(amount * 100)
    whole, jiao, rest = fen // 100, fen // 10 % 10, fen % 10
    return f"人民币{_whole(whole, fen)}{_fraction(whole, jiao, rest)}"


def _whole(whole: int, fen: int) -> str:
    if not whole:
        return "" if fen else "零元"
    return f"{_integer(whole)}元"


def _fraction(whole: int, jiao: int, fen: int) -> str:
    if not jiao and not fen:
        return "整"
    if not fen:
        return f"{_DIGITS[jiao]}角整"
    if jiao:
        return f"{_DIGITS[jiao]}角{_DIGITS[fen]}分"
    return f"{'零' if whole else ''}{_DIGITS[fen]}分"


def _integer(number: int) -> str:
    """Groups of four digits; a gap of zeros, however long, is one 零 between figures (¥107,000: 壹拾万零柒仟)."""
    words = ""
    for index in reversed(range(len(_GROUPS))):
        group = number // 10 ** (4 * index) % 10_000
        if not group:
            continue
        gap = words and (group < 1000 or number // 10 ** (4 * (index + 1)) % 10 == 0)
        unit = _GROUPS[index]
        # 万亿 followed by 亿 names the 亿 once: 壹万贰仟亿.
        if unit == "万亿" and number // 10**8 % 10_000:
            unit = "万"
        words += ("零" if gap else "") + _group(group) + unit
    return words


def _group(group: int) -> str:
    words = ""
    for place in reversed(range(4)):
        digit = group // 10**place % 10
        if digit:
            words += _DIGITS[digit] + _PLACES[place]
        elif words and group % 10**place and not words.endswith("零"):
            words += "零"
    return words
