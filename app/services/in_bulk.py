"""The same done to many records: each in its own transaction, by its own verb and rules; one summary at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from app.core.errors import Cancelled, UserError
from app.core.fields import Field, Kind
from app.core.language import _
from app.core.progress import Progress
from app.core.session import Session
from app.models import steps
from app.models.record import Record, edit

MOST = 10_000
"""Records at one go: as many as a filtered list reaches."""
ASSIGNED = {"objection": "handler", "customer": "customer_manager"}
"""The field that says whose a record is; a complaint is handed over by its step."""
_VOIDED_PLAINLY = ("customer", "product")


class Refused(NamedTuple):
    """A record that stayed as it was, and why."""

    id: int
    number: str
    sentence: str


class Summary(NamedTuple):
    """What became of each record: numbers of those done, those refused, and how many were not tried because it was stopped."""

    done: tuple[str, ...]
    refused: tuple[Refused, ...]
    left: int

    def sentence(self) -> str:
        """How many of each."""
        words = _("{done} done, {refused} refused.") if self.refused else _("{done} done.")
        if self.left:
            words += " " + _("Stopped: {left} not tried.")
        return words.format(done=f"{len(self.done):,}", refused=f"{len(self.refused):,}", left=f"{self.left:,}")

    def table(self) -> str:
        """The refused ones for a clipboard: number and sentence, a line each."""
        return "\n".join(f"{one.number}\t{one.sentence}" for one in self.refused)


def each(
    session: Session,
    kind: type[Record],
    ids: Sequence[int],
    do: Callable[[Record], object],
    progress: Progress,
    sentence: str,
) -> Summary:
    """Do something to each record as it is now. What one refuses stops no other; stopped, what is done stays done."""
    done: list[str] = []
    refused: list[Refused] = []
    with session.changed.after():
        try:
            for place, record_id in enumerate(ids):
                progress.step(place, len(ids), sentence)
                _one(kind.get_by_id(record_id), do, done, refused)
        except Cancelled:
            return Summary(tuple(done), tuple(refused), len(ids) - len(done) - len(refused))
    return Summary(tuple(done), tuple(refused), 0)


def _one(record: Record, do: Callable[[Record], object], done: list[str], refused: list[Refused]) -> None:
    try:
        do(record)
    except UserError as error:
        refused.append(Refused(record.id, record.number, _why(record.number, error)))
    else:
        done.append(record.number)


def _why(number: str, error: UserError) -> str:
    """On one line, and without the number that stands before it already."""
    sentence = " ".join(str(error).split("\n"))
    return sentence.removeprefix(f"{number}: ").removeprefix(f"{number}：")


def classified_by(kind: type[Record]) -> tuple[Field, ...]:
    """The classifications that a person sets in the form of a kind."""
    return tuple(one for one in kind.FIELDS if one.kind is Kind.CHOICE and not one.by_step and not one.derived)


def classify(
    session: Session, kind: type[Record], ids: Sequence[int], code: str, value: str, progress: Progress | None = None
) -> Summary:
    """Set one classification of all."""

    def do(record: Record) -> object:
        return edit(session, record, {code: value}, record.version)

    return each(session, kind, ids, do, progress or Progress(), _("Classifying"))


def asked_to_assign(kind: type[Record]) -> tuple[Field, ...]:
    """What is asked for when records of a kind are assigned to somebody; nothing where they cannot be."""
    if kind.KIND in ASSIGNED:
        return (kind.field(ASSIGNED[kind.KIND]).but(required=True),)
    step = next((one for one in steps.steps_of(kind.KIND) if one.code == "hand-over"), None)
    return tuple(one.but(required=one.required or one.code == "handler") for one in step.fields) if step else ()


def assign(
    session: Session, kind: type[Record], ids: Sequence[int], values: Mapping[str, object], progress: Progress | None = None
) -> Summary:
    """Give all to one person: `values` of the fields that are asked for."""

    def do(record: Record) -> object:
        if kind.KIND in ASSIGNED:
            return edit(session, record, values, record.version)
        return steps.take(session, record, "hand-over", values)

    return each(session, kind, ids, do, progress or Progress(), _("Assigning"))


def void(session: Session, kind: type[Record], ids: Sequence[int], reason: str, progress: Progress | None = None) -> Summary:
    """Mark all void, with one reason."""
    return each(session, kind, ids, lambda record: steps.void(session, record, reason), progress or Progress(), _("Voiding"))


def acts(kind: type[Record]) -> frozenset[str]:
    """What can be done in bulk with records of a kind: `classify`, `assign`, `void`."""
    voided = kind.KIND in _VOIDED_PLAINLY or any(step.code == "void" for step in steps.steps_of(kind.KIND))
    possible = {"classify": classified_by(kind), "assign": asked_to_assign(kind), "void": voided}
    return frozenset(code for code, there in possible.items() if there)
