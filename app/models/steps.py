"""How records move from status to status: what a step asks, when it is possible, why not, and the one way to take it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import NamedTuple

from app.core import fields
from app.core.database import transaction
from app.core.errors import Conflict, NotPermitted, RuleBroken, UserError, ValidationError
from app.core.fields import Field, Kind
from app.core.language import N_, _
from app.core.session import ROLES, Session
from app.core.text import quoted
from app.models import deputies, permissions, sight
from app.models.record import Follow, R, Record, Values, change


class Missing(NamedTuple):
    """Something that must be there before a step: where it leads to, a sentence, and the rule that asks for it (0: none).

    `field`: a field of the record, or `@` and the code of a step that brings it.
    """

    field: str
    sentence: str
    rule: int = 0


class Step(NamedTuple):
    """A step of a kind of record.

    `starts`: statuses it is possible in. `lock`: why it is not in the others, a condition (English, translated where shown).
    `rule`: the rule behind that. `do` writes, inside the transaction. `roles`: any of them may take it.
    `parts`: fields of lines by part code. `barred`: why it is locked though the status fits; empty where it is not.
    `starts_imported`: other statuses it is possible in for a case that a register brought.
    `waiver`: who gives a reason and holds the role of `waived_by` may take it with something missing, and in `waived_starts`.
    `partly`: `do` gets only what was given, for the rest has values already.
    `follower`: what in its form goes along with what a person changes.
    """

    code: str
    label: str
    roles: tuple[str, ...]
    starts: tuple[str, ...]
    do: Callable[[Session, Record, Values], Record]
    fields: tuple[Field, ...] = ()
    parts: Mapping[str, tuple[Field, ...]] = MappingProxyType({})
    lock: str = ""
    rule: int = 0
    missing: Callable[[Session, Record], list[Missing]] | None = None
    defaults: Callable[[Session, Record], Values] | None = None
    partly: bool = False
    follower: Callable[[Session, Record], Follow] | None = None
    danger: bool = False
    barred: Callable[[Session, Record], str] | None = None
    waiver: str = ""
    waived_by: str = ""
    waived_starts: tuple[str, ...] = ()
    starts_imported: tuple[str, ...] = ()

    def starts_from(self, record: Record) -> bool:
        """Whether the record's status lets it begin."""
        return record.status in self.starts or (getattr(record, "imported", False) and record.status in self.starts_imported)


class Option(NamedTuple):
    """A step as it stands for a record now: possible when it is not locked and nothing is missing.

    `waivable`: possible all the same with the reason that the step asks for; `forbidden`: locked to this person only.
    """

    step: Step
    locked: str
    missing: tuple[Missing, ...]
    waivable: bool = False
    forbidden: bool = False

    @property
    def possible(self) -> bool:
        """Whether it can be taken now."""
        return not self.locked and not self.missing


STEPS: dict[str, tuple[Step, ...]] = {}
"""The steps of each kind of record; each module of steps enters its own. Ask by `steps_of`, which imports that module."""
STEPPED = {
    "objection": "objection_steps",
    "complaint": "complaint_steps",
    "agreement": "agreement_steps",
    "dispatch": "dispatch_steps",
    "action": "actions",
    "card": "card_steps",
    "evidence": "card_steps",
    "customer": "customer_steps",
}
"""The kinds of records that have steps, with the module of each."""


def steps_of(kind: str) -> tuple[Step, ...]:
    """All steps of a kind of record in their usual order. They are imported when first asked for: a start shows lists."""
    if kind in STEPPED and kind not in STEPS:
        import_module(f"app.models.{STEPPED[kind]}")
    return STEPS.get(kind, ())


def all_steps() -> tuple[Step, ...]:
    """The steps of all kinds."""
    return tuple(step for kind in STEPPED for step in steps_of(kind))


def held(session: Session) -> frozenset[str]:
    """The roles of the acting person, those of a deputy included; none of somebody who may do nothing any more."""
    session.heed(session)
    if session.barred:
        return frozenset()
    return session.roles if session.roles >= set(ROLES) else session.roles.union(deputies.roles(session))


def option(session: Session, record: Record, step: Step, roles: frozenset[str] | None = None) -> Option:
    """How a step stands for a record. `roles`: those of the acting person, where they are known already."""
    roles = held(session) if roles is None else roles
    if sight.is_withheld(record):
        return Option(step, record.frozen() or "", ())
    if not step.starts_from(record):
        waivable = step.waived_by in roles and record.status in step.waived_starts
        return Option(step, _(step.lock) or _("Not possible in this state."), (), waivable)
    if session.barred:
        return Option(step, session.barred, (), forbidden=True)
    if not roles.intersection(step.roles):
        return Option(step, _("This needs the role {role}.").format(role=_(ROLES[step.roles[0]])), (), forbidden=True)
    if step.barred is not None and (why := step.barred(session, record)):
        return Option(step, why, ())
    missing = tuple(step.missing(session, record)) if step.missing else ()
    return Option(step, "", missing, bool(missing) and step.waived_by in roles)


def options(session: Session, record: Record) -> list[Option]:
    """All steps of a record's kind, possible or not, in their usual order."""
    roles = held(session)
    return [option(session, record, step, roles) for step in steps_of(record.KIND)]


def step_of(record: Record, code: str) -> Step:
    """The step of that code. UserError where the kind has none."""
    for step in steps_of(record.KIND):
        if step.code == code:
            return step
    known = ", ".join(step.code for step in steps_of(record.KIND))
    raise UserError(_("There is no step “{step}”. Possible names: {known}.").format(step=quoted(code), known=known))


def take(session: Session, record: R, code: str, raw: Mapping[str, object] | None = None, *, version: int | None = None) -> R:
    """Take a step, all or nothing. RuleBroken, NotPermitted or ValidationError say why it cannot be.

    Conflict where the record moved on since it was read.
    """
    step = step_of(record, code)
    with session.changed.after(), transaction():
        present: R = type(record).get_by_id(record.id)
        if present.status != record.status or (version is not None and present.version != version):
            raise Conflict(
                _("{number} was changed by {person} meanwhile. Look at it again before the next step.").format(
                    number=present.number, person=present.changed_by
                )
            )
        stand = option(session, present, step)
        if not (stand.waivable and step_values(session, step, raw or {})[step.waiver]):
            _demand(present, stand)
        done: R = step.do(session, present, step_values(session, step, raw or {}))
    return done


def void(session: Session, record: R, reason: str) -> R:
    """Mark a record void; it stays, with its number and reason."""
    if any(step.code == "void" for step in steps_of(record.KIND)):
        return take(session, record, "void", {"reason": reason})
    permissions.require(session, f"{record.KIND}.void")
    given = fields.clean((REASON,), {"reason": reason}, session.now())["reason"]
    if reason_not := record.frozen():
        raise UserError(reason_not)
    with session.changed.after(), transaction():
        return change(session, record, {}, action="void", note=given, status="voided", void_reason=given)


REASON = Field("reason", N_("Reason"), Kind.MEMO, required=True)


def _demand(record: Record, stand: Option) -> None:
    step = stand.step
    if stand.forbidden:
        raise NotPermitted(stand.locked)
    if stand.locked:
        sentence = _("{number}: {step} is not possible. {why}")
        raise RuleBroken(
            step.rule, _named(step.rule, sentence.format(number=record.number, step=_(step.label), why=stand.locked))
        )
    for missing in stand.missing:
        raise RuleBroken(
            missing.rule, _named(missing.rule, _("{number}: {why}").format(number=record.number, why=missing.sentence))
        )


def _named(rule: int, sentence: str) -> str:
    """The sentence with the rule behind it."""
    return _("{sentence} (rule {rule})").format(sentence=sentence, rule=rule) if rule else sentence


def step_values(session: Session, step: Step, raw: Mapping[str, object]) -> Values:
    """Typed values of what a step asks; every field is there, None where nothing was given, but for steps that want a part."""
    errors: dict[str, str] = {}
    values: Values = {} if step.partly else {declared.code: None for declared in step.fields}
    try:
        values |= fields.clean(step.fields, {code: value for code, value in raw.items() if code not in step.parts}, session.now())
    except ValidationError as error:
        errors |= error.errors
    for code, declared in step.parts.items():
        values[code] = []
        for place, line in enumerate(_lines(code, raw.get(code) or [], errors)):
            try:
                values[code].append(fields.clean(declared, line, session.now()))
            except ValidationError as error:
                errors |= {f"{code}[{place}].{name}": sentence for name, sentence in error.errors.items()}
    if errors:
        raise ValidationError(errors)
    return values


def _lines(code: str, raw: object, errors: dict[str, str]) -> list[Mapping[str, object]]:
    if isinstance(raw, list | tuple) and all(isinstance(line, Mapping) for line in raw):
        return list(raw)
    errors[code] = _("A list of lines is wanted here.")
    return []
