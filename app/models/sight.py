"""What a person may read of a guarded field: all of it, the ends of a number, or nothing. Who may, says permissions.py.

Whatever leaves the models for a person's eyes goes through here. Papers do not: they need the number, and are a look.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from app.core import text
from app.core.database import transaction
from app.core.errors import UserError, ValidationError
from app.core.fields import Field, Value
from app.core.language import _
from app.core.session import Session
from app.models import history, permissions, personal
from app.models.tables import KINDS, Row, fields_of

HIDDEN = "—"
"""What stands in place of a restricted note."""
KEPT = "kept"
"""The guard of all texts of a record that is withheld."""
REVEAL = "reveal"
"""The action in the history: somebody looked at a field, or opened a paper that shows it."""
_BETWEEN = r"([;；,，、/|\n])"
_HEAD, _TAIL = 3, 4


def mask(number: str) -> str:
    """138****0001. A short number keeps less, so that more than half of it is hidden."""
    return "".join(_masked(part) for part in re.split(_BETWEEN, number))


def _masked(number: str) -> str:
    places = [place for place, sign in enumerate(number) if sign.isalnum()]
    tail = _TAIL if len(places) > 2 * _TAIL else len(places) // 4
    head = _HEAD if len(places) >= _HEAD + 2 * _TAIL else 0
    hidden = set(places[head : len(places) - tail])
    return "".join("*" if place in hidden else sign for place, sign in enumerate(number))


def reads(session: Session, declared: Field) -> bool:
    """Whether the acting person reads the field as it stands."""
    return permissions.reads(session, declared.guard)


def shown(session: Session, declared: Field, value: Value) -> Value:
    """What the acting person reads of a value; nothing is nothing for everybody."""
    if value is None or value == "" or reads(session, declared):
        return value
    return HIDDEN if declared.restricted else mask(str(value))


def shown_of(session: Session, record: Row, declared: Field, value: Value) -> Value:
    """What the acting person reads of a value of a record."""
    if is_withheld(record) and value and declared.code in personal.closed(type(record)):
        return HIDDEN
    return shown(session, declared, value)


def guarded(session: Session, declared: Iterable[Field]) -> list[tuple[int, Field]]:
    """The fields that the acting person does not read as they stand, with their places."""
    return [(place, one) for place, one in enumerate(declared) if not reads(session, one)]


def is_withheld(record: Row) -> bool:
    """Whether a record stays only because the law has it kept: nobody reads its texts without a look that is recorded."""
    return bool(getattr(record, "withheld", False))


def shown_values(
    session: Session,
    table: type[Row],
    values: Mapping[str, Value],
    looked: Collection[str] = (),
    *,
    withheld: bool = False,
) -> dict[str, Value]:
    """The values of a record with its parts as the acting person reads them. `looked`: fields and parts that were revealed."""
    told = closed_values(table, values, looked) if withheld else dict(values)
    for _place, one in guarded(session, table.FIELDS):
        if one.code in told and one.code not in looked:
            told[one.code] = shown(session, one, told[one.code])
    for code, part in parts_of(table).items():
        if code in told and code not in looked and guarded(session, part.FIELDS):
            told[code] = [shown_values(session, part, line) for line in told[code] or ()]
    return told


def closed_values(table: type[Row], values: Mapping[str, Value], looked: Collection[str] = ()) -> dict[str, Value]:
    """The values of a record that is withheld, as everybody reads them; its parts too."""
    closed, told = personal.closed(table), dict(values)
    for code, value in values.items():
        if code in closed and code not in looked and value:
            told[code] = HIDDEN
        elif (part := parts_of(table).get(code)) is not None and code not in looked:
            told[code] = [closed_values(part, line) for line in value or ()]
    return told


def parts_of(table: type[Row]) -> Mapping[str, type[Row]]:
    """The parts of a kind of record; a part has none itself."""
    found: Mapping[str, type[Row]] = getattr(table, "PARTS", {})
    return found


def entry(session: Session, kind: str, one: history.Entry) -> history.Entry:
    """A row of the history with its values as the acting person reads them."""
    table = KINDS.get(kind)
    if table is None or one.field is None or (one.old is None and one.new is None):
        return one
    if declared := fields_of(table).get(one.field):
        return one._replace(old=shown(session, declared, one.old), new=shown(session, declared, one.new))
    part = parts_of(table).get(one.field)
    if part is None or not guarded(session, part.FIELDS):
        return one
    return one._replace(old=_lines(session, part, one.old), new=_lines(session, part, one.new))


def _lines(session: Session, part: type[Row], kept: str | None) -> str | None:
    """Lines as the history keeps them: a list, or the one line that came."""
    if not kept:
        return kept
    lines = json.loads(kept)
    told = (
        shown_values(session, part, lines) if isinstance(lines, dict) else [shown_values(session, part, line) for line in lines]
    )
    return json.dumps(told, ensure_ascii=False)


def refusal(session: Session, guard: str) -> str:
    """Why the acting person may not look at fields of a guard, in words; empty where they may."""
    return "" if permissions.reads(session, guard) else permissions.refusal(session, f"{guard}.reveal")


def guard_of(table: type[Row], code: str, *, withheld: bool = False) -> str:
    """The guard of a field, or of a part that has such a field; UserError where it has none."""
    if withheld and (code in personal.closed(table) or code in parts_of(table)):
        return KEPT
    fields = [fields_of(table)[code]] if code in fields_of(table) else getattr(parts_of(table).get(code), "FIELDS", ())
    found: str = next((one.guard for one in fields if one.guard), "")
    if not found:
        raise UserError(_("“{code}” is no field that is masked or restricted.").format(code=text.quoted(code)))
    return found


def reveal(session: Session, kind: type[Row], record_id: int, code: str, *, withheld: bool = False) -> None:
    """The acting person looks at a guarded field of a record, or at all lines of a part: that stands in the history.

    NotPermitted where they may not; nothing is written where they read it anyway.
    """
    guard = guard_of(kind, code, withheld=withheld)
    if permissions.reads(session, guard):
        return
    permissions.require(session, f"{guard}.reveal")
    with transaction():
        history.write(session, getattr(kind, "KIND", ""), record_id, REVEAL, field=code)
    session.changed("history")


def look_at_kept(session: Session, kind: str, record_id: int, what: str) -> None:
    """The acting person opens what is kept of an erased customer, a paper or a file: that stands in the history, once a sitting.

    NotPermitted where they may not. Nobody reads it without: PIPL art. 47 lets it be stored, and no more.
    """
    looked = (kind, record_id, f"{KEPT} {what}")
    permissions.require(session, "kept.reveal")
    if looked in session.looked:
        return
    with transaction():
        history.write(session, kind, record_id, REVEAL, note=what)
    session.looked.add(looked)
    session.changed("history")


def look_at_paper(session: Session, kind: str, record_id: int, document: str) -> None:
    """A paper shows phones and identities in full. Whoever does not read them anyway looks, once for a record and sitting."""
    looked = (kind, record_id, document)
    if permissions.reads(session, "masked") or looked in session.looked:
        return
    permissions.require(session, "masked.reveal")
    with transaction():
        history.write(session, kind, record_id, REVEAL, note=document)
    session.looked.add(looked)


def admitted(session: Session, table: type[Row], present: Mapping[str, Value], given: Mapping[str, Value]) -> dict[str, Value]:
    """What somebody typed over a record, without the masks they were shown.

    ValidationError where they change what they cannot see.
    A value that is not there yet can be added by everybody, and whoever may look at a field may change it.
    """
    errors: dict[str, str] = {}
    values = dict(given)
    for _place, one in guarded(session, table.FIELDS):
        if one.code in values and (kept := present.get(one.code)) is not None:
            values[one.code] = _kept(session, one, kept, values[one.code], one.code, errors)
    for code, part in parts_of(table).items():
        hidden = [one for _place, one in guarded(session, part.FIELDS)]
        if hidden and values.get(code):
            values[code] = _kept_lines(session, hidden, code, present.get(code) or [], values[code], errors)
    if errors:
        raise ValidationError(errors)
    return values


def _kept(session: Session, declared: Field, kept: Value, given: Value, place: str, errors: dict[str, str]) -> Value:
    if given in (kept, shown(session, declared, kept)):
        return kept
    if why := refusal(session, declared.guard):
        sentence = _("{field} is hidden from you and cannot be changed. {why}")
        errors[place] = sentence.format(field=_(declared.label), why=why)
    return given


def clear_lines(
    session: Session, table: type[Row], code: str, known: Sequence[Mapping[str, Value]], given: Sequence[Mapping[str, Value]]
) -> list[dict[str, Value]]:
    """Lines of a part as the acting person was shown them, or typed over them, with what is kept in place of the masks.

    Whoever shows them asks `reveal` first.
    """
    hidden = [one for _place, one in guarded(session, parts_of(table)[code].FIELDS)]
    return _matched(session, hidden, known, given)[0] if hidden else [dict(line) for line in given]


def _kept_lines(
    session: Session,
    hidden: Sequence[Field],
    code: str,
    known: Sequence[Mapping[str, Value]],
    given: Sequence[Mapping[str, Value]],
    errors: dict[str, str],
) -> list[dict[str, Value]]:
    """The lines that show what was shown are as they were; of what is left the one in its place was typed over."""
    lines, strange, left = _matched(session, hidden, known, given)
    for place in strange:
        before = known[place] if place < len(known) and known[place] in left else {}
        for one in hidden:
            if before.get(one.code) is not None:
                where = f"{code}[{place}].{one.code}"
                lines[place][one.code] = _kept(session, one, before[one.code], lines[place].get(one.code), where, errors)
    return lines


def _matched(
    session: Session, hidden: Sequence[Field], known: Sequence[Mapping[str, Value]], given: Sequence[Mapping[str, Value]]
) -> tuple[list[dict[str, Value]], list[int], list[Mapping[str, Value]]]:
    """Lines have no number: one that shows what was shown of a known line is that line.

    The lines with what is kept, the places of those that are no known line, and the known lines that are left.
    """
    lines, left = [dict(line) for line in given], list(known)
    strange: list[int] = []
    for place, line in enumerate(lines):
        same = [one for one in left if all(line.get(f.code) == shown(session, f, one.get(f.code)) for f in hidden)]
        if not same:
            strange.append(place)
            continue
        nearest = max(same, key=lambda one: sum(one.get(field) == value for field, value in line.items()))
        left.remove(nearest)
        lines[place] = line | {one.code: nearest.get(one.code) for one in hidden}
    return lines, strange, left
