"""The objection cards of the sample branch: from whom they come, how they ripen, and what they rest on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from app.core.fields import Value
from app.core.session import Session
from app.models.cards import Card
from app.models.evidence import Evidence
from app.models.objections import Objection
from app.models.record import add, edit, find
from app.models.steps import take
from app.services.sample_desk import Desk, Life
from app.services.sample_texts import CardStory

_STAGES = ("collected", "discussed", "rehearsed", "published", "retired")
_ANY = "*"
_WAITS = (0.012, 0.01, 0.008, 0.5)
"""Before each further stage, and before a card is edited, as parts of the sample's time."""


def lives(desk: Desk) -> Iterator[tuple[float, Life]]:
    """The evidence at the beginning, and what happens to each card."""
    yield 0.0, _enter_evidence(desk)
    for story in desk.library.cards:
        yield _minute(desk, story.begun), _live(desk, story)


def _minute(desk: Desk, part: float) -> float:
    return desk.days.start + part * (desk.days.end - desk.days.start)


def _day(desk: Desk, part: float | None) -> date | None:
    first = desk.days.day(desk.days.start)
    return None if part is None else first + timedelta(days=round(part * (desk.days.today - first).days))


def _enter_evidence(desk: Desk) -> Life:
    for proof in desk.library.proofs:
        validity: dict[str, Value] = {"valid_from": _day(desk, proof.since), "valid_to": _day(desk, proof.until)}
        made = add(desk.by(desk.library.names["people"]["manager"]), Evidence, {**validity, **proof.values})
        desk.proofs[proof.code] = made.number
        yield desk.minute


def _live(desk: Desk, story: CardStory) -> Life:
    people = desk.library.names["people"]
    card, at = _collected(desk, story), story.begun
    if card is None:
        return
    stage = _STAGES.index(story.stage) if story.stage in _STAGES else 0
    for place, step in enumerate(("discuss", "rehearse", "publish", "retire")[:stage]):
        at += _WAITS[place]
        yield _minute(desk, at)
        who = people["manager"] if step in ("publish", "retire") else people["handlers"][0]
        card = take(desk.by(who), card, step, _asked(story, step))
        _offer(desk, story, card)
    if story.stage == "voided":
        yield desk.minute + 20
        take(desk.by(people["handlers"][0]), card, "void", {"reason": story.reason})
    if story.edited:
        yield _minute(desk, at + _WAITS[-1])
        edit(desk.by(people["manager"]), card, {"answer": story.edited}, card.version)


def _collected(desk: Desk, story: CardStory) -> Card | None:
    """Made of an objection of its kind that was solved, where there is one; else by hand. None: of any, and there is none."""
    who = desk.by(desk.library.names["people"]["handlers"][0])
    made = _from_solved(desk, who, story.origin)
    if story.origin == _ANY:
        return made
    rests_on = [{"evidence": desk.proofs[code]} for code in story.evidence]
    values: dict[str, Value] = {**story.values, "evidence_lines": rests_on}
    return add(who, Card, values) if made is None else edit(who, made, values, made.version)


def _from_solved(desk: Desk, who: Session, origin: str) -> Card | None:
    """A card of the last solved objection of that story which none was made of yet; None where there is none."""
    solved = [(number, found) for code, found in desk.solved.items() if origin in (code, _ANY) for number in found]
    if not solved:
        return None
    number, found = max(solved)
    found.remove(number)
    return find(who, Card, take(who, find(who, Objection, number), "make-card").number)


def _asked(story: CardStory, step: str) -> dict[str, Value]:
    if step == "discuss":
        return {"text": story.minutes[0], "present": "陈志强、刘洋、孙丽、王敏"}
    if step == "rehearse":
        return {"note": story.rehearsals[0], "players": "一人扮客户，一人答，两人看"}
    return {"reason": story.reason} if step == "retire" else {}


def _offer(desk: Desk, story: CardStory, card: Card) -> None:
    """Objections of its stories are answered with it as long as it is published."""
    for code in story.stories:
        known = [number for number in desk.cards.get(code, []) if number != card.number]
        desk.cards[code] = [*known, card.number] if card.status == "published" else known
