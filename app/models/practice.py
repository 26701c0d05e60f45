"""Self-test with objection cards: which of them a person should answer today, by the published FSRS schedule.

The front is the customer's words, the back the answer. When a card comes again is the library's matter; it is kept per person.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import peewee

from app.core.database import InstantColumn, database, transaction
from app.core.session import Session
from app.core.times import day_of, instant_of
from app.models import permissions
from app.models.cards import Card, published

if TYPE_CHECKING:
    import fsrs

RATINGS = (1, 2, 3, 4)
"""Again, hard, good, easy."""
NEW_A_DAY = 10
"""Cards that a person sees for the first time on one day; more would only come back unlearnt."""


class Practice(peewee.Model):
    """How a person stands with a card: `state` as the library writes it, of the edition that was seen last."""

    branch_id = peewee.IntegerField()
    who = peewee.TextField()
    card = peewee.ForeignKeyField(Card, index=False)
    edition = peewee.IntegerField()
    first_at = InstantColumn()
    reviewed_at = InstantColumn()
    due = InstantColumn()
    reviews = peewee.IntegerField()
    state = peewee.TextField()

    class Meta:
        database = database
        indexes = ((("branch_id", "who", "card"), True),)


class Today(NamedTuple):
    """What is left for today, in order, and how many cards were answered today."""

    cards: tuple[Card, ...]
    answered: int


def today(session: Session) -> Today:
    """The cards that are due today: those that waited longest, then new ones, then those that come again later today."""
    now, start, end = session.clock(), *_day(session)
    mine = (Practice.branch_id == session.branch.id) & (Practice.who == session.user)
    known = {one.card_id: one for one in Practice.select().where(mine)}
    cards = published(session)
    seen = [(card, known[card.id]) for card in cards if card.id in known]
    again = sorted(((_due(card, one), card.id, card) for card, one in seen), key=lambda entry: entry[:2])
    first = sum(one.first_at >= start for one in known.values())
    fresh = [card for card in cards if card.id not in known][: max(0, NEW_A_DAY - first)]
    waiting = [card for due, _place, card in again if due <= now]
    later = [card for due, _place, card in again if now < due < end]
    return Today((*waiting, *fresh, *later), sum(one.reviewed_at >= start for one in known.values()))


def _day(session: Session) -> tuple[datetime, datetime]:
    """The first instant of today and of tomorrow."""
    day, zone = day_of(session.clock(), session.branch.zone), session.branch.zone
    return instant_of(day, zone), instant_of(day + timedelta(days=1), zone)


def _due(card: Card, one: Practice) -> datetime:
    """A new edition says something else: it is due at once."""
    due: datetime = one.due if one.edition == card.edition else one.reviewed_at
    return due


def next_day(session: Session) -> date | None:
    """The next day after today on which a card is due; None where none is."""
    _start, end = _day(session)
    mine = (Practice.branch_id == session.branch.id) & (Practice.who == session.user)
    alive = Practice.card.in_(Card.select(Card.id).where(Card.status == "published"))
    due = Practice.select(peewee.fn.MIN(Practice.due)).where(mine, alive, Practice.due >= end).scalar(as_tuple=False)
    return None if due is None else day_of(due, session.branch.zone)


def rate(session: Session, card: Card, rating: int) -> datetime:
    """Keep how well the person answered, 1 to 4; when the card comes again."""
    permissions.require(session, "card.practise")
    with session.changed.after(), transaction():
        before = _of(session, card)
        after = _reviewed(before, card, rating, session.clock())
        kept = {"edition": card.edition, "reviewed_at": session.clock(), "due": after.due, "state": after.to_json()}
        if before is None:
            Practice.create(branch_id=session.branch.id, who=session.user, card=card, first_at=session.clock(), reviews=1, **kept)
        else:
            Practice.update(reviews=Practice.reviews + 1, **kept).where(Practice.id == before.id).execute()
    return after.due


def outlook(session: Session, card: Card) -> tuple[timedelta, ...]:
    """After how long the card would come again, for each rating."""
    before, now = _of(session, card), session.clock()
    return tuple(_reviewed(before, card, rating, now).due - now for rating in RATINGS)


def _of(session: Session, card: Card) -> Practice | None:
    found: Practice | None = Practice.get_or_none(
        Practice.branch_id == session.branch.id, Practice.who == session.user, Practice.card == card.id
    )
    return found


def _reviewed(before: Practice | None, card: Card, rating: int, now: datetime) -> fsrs.Card:
    """What the library makes of an answer. Its random spread of days is left out: a colleague sees the same days."""
    import fsrs  # heavy: nobody who does not practise pays for it

    state = fsrs.Card(card_id=card.id, due=now) if before is None else fsrs.Card.from_json(before.state)
    return fsrs.Scheduler(enable_fuzzing=False).review_card(state, fsrs.Rating(rating), now)[0]
