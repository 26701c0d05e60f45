"""The stages of an objection card: collected, discussed, rehearsed, published, retired. And what is done with evidence."""

from __future__ import annotations

from app.core.language import N_, _
from app.core.session import Session
from app.core.times import day_of
from app.models.cards import PUBLISHERS, Card, Minutes, Rehearsal, lacking
from app.models.record import Record, Values, change
from app.models.steps import REASON, STEPS, Missing, Step

_ANY = ("clerk", "handler", "manager", "head")
_UNPUBLISHED = ("collected", "discussed", "rehearsed")


def _noted(session: Session, record: Record, step: str, part: str, status: str, values: Values) -> Record:
    """A line of minutes or notes, and what was changed about the card on that occasion."""
    line = {declared.code: values[declared.code] for declared in record.PARTS[part].FIELDS}
    line["held_on"] = line["held_on"] or day_of(session.clock(), session.branch.zone)
    changes = {code: values[code] for code in ("answer", "method") if values.get(code) is not None}
    return change(session, record, changes, action=step, added={part: [line]}, status=status)


def _discuss(session: Session, record: Record, values: Values) -> Record:
    return _noted(session, record, "discuss", "minutes", "discussed", values)


def _rehearse(session: Session, record: Record, values: Values) -> Record:
    return _noted(session, record, "rehearse", "rehearsals", "rehearsed", values)


def _as_it_stands(session: Session, record: Record) -> Values:
    """Today, and what the card says so far."""
    return {"held_on": day_of(session.clock(), session.branch.zone), "answer": record["answer"], "method": record["method"]}


def _complete(session: Session, record: Record) -> list[Missing]:
    return [Missing("@rehearse" if code == "rehearsals" else code, why) for code, why in lacking(session, record).items()]


def _publish(session: Session, record: Record, values: Values) -> Record:
    edition = record.edition + (record.published_at is not None)
    note = _("Edition {n}").format(n=edition)
    given = {"published_at": session.clock(), "retired_reason": None}
    return change(session, record, given, action="publish", note=note, status="published", edition=edition)


def _retire(session: Session, record: Record, values: Values) -> Record:
    reason = values["reason"]
    return change(session, record, {"retired_reason": reason}, action="retire", note=reason, status="retired")


def _void(session: Session, record: Record, values: Values) -> Record:
    return change(session, record, {}, action="void", note=values["reason"], status="voided", void_reason=values["reason"])


CARD_STEPS: tuple[Step, ...] = (
    Step(
        "discuss",
        N_("Discuss"),
        _ANY,
        (*_UNPUBLISHED, "retired"),
        _discuss,
        (*Minutes.FIELDS, Card.field("answer"), Card.field("method")),
        lock=N_("Possible before publishing, and with a retired card."),
        defaults=_as_it_stands,
    ),
    Step(
        "rehearse",
        N_("Rehearse"),
        _ANY,
        ("discussed", "rehearsed"),
        _rehearse,
        (*Rehearsal.FIELDS, Card.field("answer")),
        lock=N_("Possible once the card was discussed."),
        defaults=_as_it_stands,
    ),
    Step(
        "publish",
        N_("Publish"),
        PUBLISHERS,
        ("rehearsed",),
        _publish,
        lock=N_("Possible once the card was rehearsed."),
        missing=_complete,
    ),
    Step(
        "retire",
        N_("Retire"),
        PUBLISHERS,
        ("published",),
        _retire,
        (REASON,),
        lock=N_("Possible with a published card."),
        danger=True,
    ),
    Step(
        "void",
        N_("Void"),
        _ANY,
        _UNPUBLISHED,
        _void,
        (REASON,),
        lock=N_("A card that was published is retired, not voided."),
        danger=True,
    ),
)
STEPS["card"] = CARD_STEPS
STEPS["evidence"] = (Step("void", N_("Void"), _ANY, ("active",), _void, (REASON,), lock=N_("Void already."), danger=True),)
