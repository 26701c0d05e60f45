"""Two versions of one record: what tells them apart, as shown to the person who saves the older one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.core import formats
from app.core.errors import Conflict, Difference
from app.core.fields import Field, Value
from app.core.language import _
from app.core.session import Session
from app.models import sight
from app.models.tables import Part, Row

Values = dict[str, Value]


def plain(value: Value) -> Value:
    """Another record by its number."""
    return value.number if isinstance(value, Row) else value


def conflict(session: Session, present: Row, theirs: Values, mine: Values) -> Conflict:
    """What is said to whoever saves an older copy: both sides, field by field. `theirs`: the values that are kept."""
    theirs = sight.shown_values(session, type(present), theirs)
    differences = [
        Difference(code, label, show(mine[code]), show(theirs[code]))
        for code, label, show in _shown(session, present)
        if code in mine and plain(mine[code]) != theirs[code]
    ]
    return Conflict(
        _(
            "{number} was saved by {person} at {time} meanwhile. Nothing of yours was written; compare both and save again."
        ).format(number=present.number, person=present.changed_by, time=formats.moment(present.changed_at, session.branch.zone)),
        tuple(differences),
    )


def _shown(session: Session, record: Row) -> Iterator[tuple[str, str, Callable[[Value], str]]]:
    """Code, label and way to show of each field and part."""
    now = session.now()
    for declared in record.FIELDS:

        def one(value: Value, declared: Field = declared) -> str:
            return formats.show(declared, plain(value), now)

        yield declared.code, _(declared.label), one
    for code, part in record.PARTS.items():

        def lines(value: Value, part: type[Part] = part) -> str:
            told = ((formats.show(field, plain(line.get(field.code)), now) for field in part.FIELDS) for line in value)
            return "\n".join(" · ".join(filter(None, words)) for words in told)

        yield code, _(part.LABEL), lines
