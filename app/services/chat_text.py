"""What a text copied from a chat says of phone, time, product, batch, customer and channel. It proposes; who writes confirms."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import NamedTuple

from app.core import times
from app.core.database import database
from app.core.errors import UserError
from app.core.likeness import name_key, squeezed
from app.core.session import Session
from app.models import customer_queries
from app.models.products import Product

LONGEST = 20_000
"""Characters of a text that is looked at: more is no chat."""
_PHONE = re.compile(r"(?<![\dA-Za-z-])(?:\+?86[- ]?)?(1[3-9]\d(?:[- ]?\d{4}){2}|0\d{2,3}[- ]?\d{7,8})(?![\dA-Za-z-])")
_BATCH = re.compile(
    r"(?:批\s*[号次]|batch(?:\s*(?:no\.?|number))?|\blot\b)\s*(?:是|为)?\s*[:#]?\s*([A-Za-z0-9][A-Za-z0-9/-]{2,49})",
    re.IGNORECASE,
)
_DAY = (
    r"(?<!\d)\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?(?!\d)|(?<!\d)\d{1,2}\s*月\s*\d{1,2}\s*[日号]"
    r"|(?<![\d/.-])\d{1,2}[-/]\d{1,2}(?=\s+\d{1,2}:\d{2})|今天|今日|昨天|昨日|前天"
)
_PART = "凌晨|早上|上午|中午|下午|傍晚|晚上"
_CLOCK = rf"(?P<part>{_PART})?\s*(?P<hour>\d{{1,2}})\s*(?P<rest>:\s*\d{{2}}(?!\d)|[点时]\s*半|[点时](?:\s*\d{{1,2}}\s*分?)?)"
_MOMENT = re.compile(rf"(?P<before>.{{0,6}}?)(?P<day>{_DAY})\s*(?:{_CLOCK})?", re.DOTALL)
_SENT = re.compile(r"^\S.{0,40}?\s((?:\d{4}[-/年])?\d{1,2}[-/月]\d{1,2}日?\s+\d{1,2}:\d{2}(?::\d{2})?)\s*$", re.MULTILINE)
"""The line above each message: who sent it when."""
_NOT_HAPPENED = re.compile("生产|出厂|保质|有效|到期")
_AFTERNOON = ("下午", "傍晚", "晚上")
_TELLING = 3
"""Characters of a name that tell its bearer from others where the usual ending is left out."""
_NAMED = """
SELECT number, name, short_name FROM customer WHERE branch_id = ? AND status NOT IN ('voided', 'merged')
AND (name_key <> '' AND instr(?, name_key) > 0 OR length(short_name) >= ? AND instr(?, short_name) > 0)
"""


class Found(NamedTuple):
    """Something recognised: `code` is phone, moment, product, batch, customer or channel, `value` as a form takes it."""

    code: str
    value: str
    words: str


class Chat(NamedTuple):
    """The text as it came, and at most one thing of each code."""

    words: str
    found: tuple[Found, ...]

    def of(self, code: str) -> Found | None:
        """What was found of a code."""
        return next((one for one in self.found if one.code == code), None)


def read(session: Session, copied: str) -> Chat:
    """Look through a copied text. What is not certain is left out; of several phones that of the customer is meant."""
    words = copied.strip()[:LONGEST]
    plain = unicodedata.normalize("NFKC", words)
    phone, customer = _caller(session, list(dict.fromkeys(found[1] for found in _PHONE.finditer(plain))))
    rest = _BATCH.sub(" ", _PHONE.sub(" ", plain))
    found = (
        phone,
        _moment(rest, session.now()),
        _product(session, plain),
        _batch(_PHONE.sub(" ", plain)),
        customer or _customer(session, plain),
        _channel(plain),
    )
    return Chat(words, tuple(one for one in found if one is not None))


def _caller(session: Session, numbers: list[str]) -> tuple[Found | None, Found | None]:
    """The phone that is meant and the one customer who has it; where none is known the first phone."""
    owners = {known.number: number for number in numbers for known in customer_queries.known(session, {"phone": number})}
    if len(owners) == 1:
        (customer, number), *_rest = owners.items()
        return Found("phone", number, number), Found("customer", customer, number)
    return (Found("phone", numbers[0], numbers[0]) if numbers else None), None


def _channel(plain: str) -> Found | None:
    """WeChat, where several messages stand in the text, each under its line; one such line may be a note of anything."""
    sent = _SENT.findall(plain)
    return Found("channel", "wechat", sent[0]) if len(sent) > 1 else None


def _customer(session: Session, plain: str) -> Found | None:
    """The one customer whose name stands in the text."""
    squeeze = squeezed(plain)
    rows = database.execute_sql(_NAMED, (session.branch.id, squeeze, _TELLING, squeeze)).fetchall()
    fitting = [
        (number, name) for number, name, short in rows if squeezed(name) in squeeze or len(name_key(name)) >= _TELLING or short
    ]
    return _only("customer", fitting)


def _product(session: Session, plain: str) -> Found | None:
    """The one active product whose code or name stands in the text."""
    rows = Product.fetch("t.branch_id = ? AND t.status = 'active'", session.branch.id)
    coded = [(one.number, one.code) for one in rows if one.code and _alone(one.code, plain)]
    squeeze = squeezed(plain)
    named = [(one.number, one.name) for one in rows if len(squeezed(one.name)) > 1 and squeezed(one.name) in squeeze]
    return _only("product", coded or named)


def _alone(code: str, plain: str) -> bool:
    """A code that is no part of a longer one, and no mere number."""
    key = unicodedata.normalize("NFKC", code)
    return not key.isdigit() and bool(re.search(rf"(?<![A-Za-z0-9]){re.escape(key)}(?![A-Za-z0-9])", plain, re.IGNORECASE))


def _only(code: str, fitting: list[tuple[str, str]]) -> Found | None:
    """The one whose name holds the others; where different ones stand there nobody can tell."""
    if not fitting:
        return None
    number, name = max(fitting, key=lambda pair: len(squeezed(pair[1])))
    others = [pair for pair in fitting if pair[0] != number]
    told_apart = all(squeezed(other) in squeezed(name) and squeezed(other) != squeezed(name) for _number, other in others)
    return Found(code, number, name) if told_apart else None


def _batch(plain: str) -> Found | None:
    found = {one[1].rstrip("-/"): one[0] for one in _BATCH.finditer(plain)}
    return Found("batch", *next(iter(found.items()))) if len(found) == 1 else None


def _moment(plain: str, now: datetime) -> Found | None:
    """The first day that is named and has come, with its time where one stands behind it; not that of production."""
    for found in _MOMENT.finditer(plain):
        if _NOT_HAPPENED.search(found["before"]):
            continue
        try:
            moment = times.parse_moment(f"{found['day']} {_clock(found)}", now)
        except UserError:
            continue
        if isinstance(moment, datetime) and moment <= now:
            local = moment.astimezone(now.tzinfo)
            return Found("moment", f"{local:%Y-%m-%d %H:%M}", found[0].removeprefix(found["before"]).strip())
        if not isinstance(moment, datetime) and moment <= now.date():
            return Found("moment", moment.isoformat(), found["day"])
    return None


def _clock(found: re.Match[str]) -> str:
    """The time as `times` reads it: 下午 3 点 is 15 点; what 12 点 at night means nobody knows."""
    if not found["hour"]:
        return ""
    hour, part = int(found["hour"]), found["part"] or ""
    if part == "晚上" and hour in (0, 12):
        return ""
    later = (part in _AFTERNOON and hour < 12) or (part == "中午" and hour < 3)
    return f"{hour + 12 if later else hour}{found['rest']}"
