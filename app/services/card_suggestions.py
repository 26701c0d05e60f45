"""Which published cards fit what a customer is saying, best first: by the words in common, then by content and cause."""

from __future__ import annotations

from collections import Counter
from math import log, sqrt
from typing import NamedTuple

from app.core import search_index
from app.core.session import Session
from app.models import card_use
from app.models.card_use import Usage
from app.models.cards import Card, faults

MOST = 5
_LEAST = 0.07
"""Likeness below this is chance: a few words that everybody says."""
_SAME_CONTENT, _SAME_CAUSE = 0.04, 0.10
_CANDIDATES = 1000
_FILLERS = frozenset("的了吗呢吧啊呀嘛我你您他她它们这那是不就都也还要有没在和跟说个一")


class Suggestion(NamedTuple):
    """A card to answer with; `faults` are sentences about evidence that no longer holds."""

    card: Card
    usage: Usage
    faults: tuple[str, ...]


def suggest(
    session: Session, words: str, content: str | None = None, cause: str | None = None, most: int = MOST
) -> list[Suggestion]:
    """The published cards that fit; of equally fitting ones those that helped more often first."""
    candidates = _candidates(session, words, content, cause)
    likeness = _likeness(words, candidates)
    rank = {card.id: likeness[card.id] + _same(card, content, cause) for card in candidates}
    fitting = [card for card in candidates if likeness[card.id] >= _LEAST or _same(card, content, cause) >= _SAME_CAUSE]
    if not words.strip():
        fitting = candidates
    usage = card_use.usage(fitting)
    best = sorted(fitting, key=lambda card: (-round(rank[card.id], 2), -usage[card.id].helped, card.id))
    return [Suggestion(card, usage[card.id], faults(session, card)) for card in best[:most]]


def _candidates(session: Session, words: str, content: str | None, cause: str | None) -> list[Card]:
    """Published cards that share two characters with the words, or have the content or the cause."""
    found = search_index.sharing(Card.KIND, words)
    alike = f"t.id IN (SELECT found.rowid FROM {found.source} WHERE {found.sql})" if found else "0"
    return Card.fetch(
        f"t.branch_id = ? AND t.status = 'published' AND ({alike} OR t.content = ? OR t.cause = ?) LIMIT {_CANDIDATES}",
        session.branch.id,
        *(found.parameters if found else ()),
        content,
        cause,
    )


def _same(card: Card, content: str | None, cause: str | None) -> float:
    return (_SAME_CONTENT if content and card.content == content else 0) + (_SAME_CAUSE if cause and card.cause == cause else 0)


def _likeness(words: str, cards: list[Card]) -> dict[int, float]:
    """Card → 0 to 1: how much of both texts is the same, rare pairs of characters counting more."""
    typed, told = _telling(words), {card.id: _telling(card.words) for card in cards}
    seen = Counter(pair for pairs in told.values() for pair in pairs)

    def weight(pairs: frozenset[str]) -> float:
        return sum(log(1 + len(cards) / seen[pair]) if seen[pair] else log(1 + len(cards)) for pair in pairs)

    whole = weight(typed) or 1
    return {number: weight(typed & pairs) / sqrt(whole * (weight(pairs) or 1)) for number, pairs in told.items()}


def _telling(words: str) -> frozenset[str]:
    """The pairs that tell something: not those of two words that stand in every sentence."""
    return frozenset(pair for pair in search_index.pairs_of(words) if not _FILLERS.issuperset(pair))
