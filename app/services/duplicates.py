"""A check of all customers: which records may be the same one, why, and how surely; but for those that are not, as a person said.

Comparing each with each would take minutes: records are compared only with those that share a key, a sound or a rare pair of
characters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from app.core.database import database, milliseconds, transaction
from app.core.errors import UserError
from app.core.language import _
from app.core.likeness import FORMS, squeezed
from app.core.pinyin import pinyin_of
from app.core.progress import Progress
from app.core.session import Session
from app.models import permissions
from app.models.customers import Customer
from app.models.merges import NotSame
from app.models.record import find

LEAST_SCORE = 60
MOST = 2_000
"""Pairs that are shown; nobody goes through more at one sitting."""
_ALIKE = 80
"""Names whose keys are at least so similar, in per cent, are compared further."""
_BLOCK = 120
"""Records that share a pair of characters; what more share says nothing."""
_SHORTEST = 3
"""Shorter keys differ by too little to be called similar, or to sound the same."""
_SURE = {"licence": 0.97, "credit_code": 0.97, "phone": 0.75, "address": 0.5, "name": 0.8, "sound": 0.65, "similar": 0.75}
_NAMES = ("name", "sound", "similar")
_PERSON = 0.5
"""How much a name says where it is a person's, and not a shop's."""
_ANOTHER = 0.7
"""What is left of the likeness of names where both have a licence of their own."""


class One(NamedTuple):
    """A customer as it is compared."""

    id: int
    number: str
    name: str
    key: str
    sound: str
    type: str | None
    phones: frozenset[str]
    licence: str | None
    credit_code: str | None
    address: str


class Pair(NamedTuple):
    """Two records that may be the same customer: the older one first, how surely (per cent), and why, in words."""

    one: One
    other: One
    score: int
    why: str


def check(session: Session, progress: Progress | None = None) -> list[Pair]:
    """The pairs that are likely enough, the surest first, at most `MOST`."""
    told = progress or Progress()
    every = _read(session)
    found: dict[tuple[int, int], dict[str, float]] = defaultdict(dict)
    for code, groups in _same(every):
        for one, other in _pairs(groups):
            found[one, other][code] = 1.0
    for one, other, alike in _similar(every, told):
        found[one, other].setdefault("similar", alike)
    apart = _apart(session)
    pairs = (_pair(every[one], every[other], why) for (one, other), why in found.items())
    likely = (pair for pair in pairs if pair.score >= LEAST_SCORE and (pair.one.id, pair.other.id) not in apart)
    return sorted(likely, key=lambda pair: (-pair.score, pair.one.id, pair.other.id))[:MOST]


def _read(session: Session) -> list[One]:
    sql = (
        "SELECT id, number, name, name_key, pinyin, type, phone_keys, licence, credit_code, coalesce(address, '') FROM customer"
        " WHERE branch_id = ? AND status NOT IN ('voided', 'merged') ORDER BY id"
    )
    rows = database.execute_sql(sql, (session.branch.id,)).fetchall()
    forms = tuple((form, pinyin_of(form)[0]) for form in FORMS)
    return [_one(row, forms) for row in rows]


def _one(row: Sequence[Any], forms: Iterable[tuple[str, str]]) -> One:
    place, number, name, key, pinyin, kind, numbers, licence, code, address = row
    return One(
        place, number, name, key, _sound(name, key, pinyin, forms), kind, frozenset(numbers.split()), licence, code, address
    )


def _sound(name: str, key: str, pinyin: str, forms: Iterable[tuple[str, str]]) -> str:
    """The pinyin of the name without its endings; empty where it is too short to be told by its sound."""
    if len(key) < _SHORTEST:
        return ""
    sound, cut = squeezed(pinyin), len(squeezed(name)) - len(key)
    for form, spoken in forms:
        if cut >= len(form) and sound.endswith(spoken):
            sound, cut = sound.removesuffix(spoken), cut - len(form)
    return sound


def _same(every: Sequence[One]) -> Iterator[tuple[str, Iterable[list[int]]]]:
    """Places of records that share a value, by what they share."""
    for code in ("licence", "credit_code", "phone", "address", "name", "sound"):
        groups: dict[str, list[int]] = defaultdict(list)
        for place, one in enumerate(every):
            for value in _values(one, code):
                groups[value].append(place)
        yield code, (group for group in groups.values() if 1 < len(group) <= _BLOCK)


def _values(one: One, code: str) -> Iterable[str]:
    if code == "phone":
        return one.phones
    value = one.key if code == "name" else getattr(one, code)
    return (value,) if value else ()


def _pairs(groups: Iterable[list[int]]) -> Iterator[tuple[int, int]]:
    for group in groups:
        for place, one in enumerate(group):
            for other in group[place + 1 :]:
                yield one, other


def _similar(every: Sequence[One], progress: Progress) -> Iterator[tuple[int, int, float]]:
    """Records whose names are written alike, with the likeness between 0 and 1; some come more than once."""
    blocks = list(_blocks(every))
    for block in progress.over(blocks, len(blocks), _("Comparing customers")):
        yield from _alike({place: every[place].key for place in block})


def _alike(keys: dict[int, str]) -> Iterator[tuple[int, int, float]]:
    from rapidfuzz import fuzz, process  # heavy: only this check needs it

    for one in list(keys)[:-1]:
        key = keys.pop(one)
        for other_key, score, other in process.extract(key, keys, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=None):
            if key != other_key:
                yield one, other, score / 100


def _blocks(every: Sequence[One]) -> Iterator[list[int]]:
    """Places of records whose keys share a pair of characters that few have; the commonest pairs (市场, 便利) are left out."""
    sharing: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(every):
        if len(one.key) >= _SHORTEST:
            for pair in {one.key[start : start + 2] for start in range(len(one.key) - 1)}:
                sharing[pair].append(place)
    for block in sharing.values():
        if 1 < len(block) <= _BLOCK:
            yield block


def _pair(one: One, other: One, why: dict[str, float]) -> Pair:
    """Names count once, by what says most; everything else adds to it."""
    named = _PERSON if "end_user" in (one.type, other.type) else 1.0
    if one.licence and other.licence and one.licence != other.licence:
        named *= _ANOTHER
    doubt = 1 - max((named * alike * _SURE[code] for code, alike in why.items() if code in _NAMES), default=0.0)
    for code in why.keys() - set(_NAMES):
        doubt *= 1 - _SURE[code]
    return Pair(one, other, round(100 * (1 - doubt)), _words(why))


def _words(why: dict[str, float]) -> str:
    words = {
        "licence": _("the same licence number"),
        "credit_code": _("the same credit code"),
        "phone": _("the same phone"),
        "address": _("the same address"),
        "name": _("the same name"),
        "sound": _("the name sounds the same"),
        "similar": _("the names are alike ({percent} %)").format(percent=round(100 * why.get("similar", 0))),
    }
    told = [code for code in words if code in why]
    names = [code for code in told if code in _NAMES]
    return _(", ").join(words[code] for code in told if code not in names[1:])


def _apart(session: Session) -> set[tuple[int, int]]:
    return set(NotSame.select(NotSame.one, NotSame.other).where(NotSame.branch_id == session.branch.id).tuples())


def standing(session: Session, pairs: Sequence[Pair]) -> list[Pair]:
    """Those of the pairs that still are: neither merged or void nor kept apart meanwhile."""
    apart = _apart(session)
    sql = "SELECT id FROM customer WHERE branch_id = ? AND status IN ('merged', 'voided')"
    gone = {row for (row,) in database.execute_sql(sql, (session.branch.id,)).fetchall()}
    return [pair for pair in pairs if (pair.one.id, pair.other.id) not in apart and not gone & {pair.one.id, pair.other.id}]


def dismiss(session: Session, number: str, other: str) -> None:
    """Remember that two customers are not the same."""
    permissions.require(session, "customer.merge")
    one, two = _ids(session, number, other)
    with session.changed.after(), transaction():
        database.execute_sql(
            "INSERT INTO not_same (branch_id, one_id, other_id, at, who) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (session.branch.id, one, two, milliseconds(session.clock()), session.user),
        )
        session.changed(Customer.KIND, number)


def take_back(session: Session, number: str, other: str) -> None:
    """Forget that two customers were said not to be the same."""
    permissions.require(session, "customer.merge")
    one, two = _ids(session, number, other)
    with session.changed.after(), transaction():
        NotSame.delete().where(NotSame.one == one, NotSame.other == two).execute()
        session.changed(Customer.KIND, number)


def _ids(session: Session, number: str, other: str) -> tuple[int, int]:
    one, two = sorted(find(session, Customer, each).id for each in (number, other))
    if one == two:
        raise UserError(_("{number} is one customer. Name two.").format(number=number))
    return one, two
