"""How a field of a record is declared, and how a value that comes in is read and checked.

One declaration serves forms, lists, imports and papers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, NamedTuple

from app.core import text as gate
from app.core import times
from app.core.errors import UserError, ValidationError
from app.core.language import N_, _

Value = Any
"""str, int, Decimal, bool, date, datetime, or None where unknown; of TAGS a tuple of codes."""


class Kind(Enum):
    TEXT = "text"
    MEMO = "memo"
    PHONE = "phone"
    CODE = "code"
    INTEGER = "integer"
    QUANTITY = "quantity"
    MONEY = "money"
    DATE = "date"
    MOMENT = "moment"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    TAGS = "tags"
    RECORD = "record"
    FILE = "file"
    """The path of a file that a step takes in; no record keeps it."""


TEXTS = (Kind.TEXT, Kind.MEMO, Kind.PHONE, Kind.CODE, Kind.FILE)


class Choice(NamedTuple):
    """One code of a classification. `hint` is shown when it is chosen; `group` is the label of its upper level."""

    code: str
    label: str
    hint: str = ""
    group: str = ""


class Field(NamedTuple):
    """A field: `label`, `hint` and `group` are English, translated where shown. Lengths in characters, `width` in logical pixels.

    `happened`: a time that must not lie in the future.
    `by_step`: set by steps of the case, not typed into its form (an import may bring it).
    `derived`: worked out when saving, never given from outside. `indexed`: lists can be sorted by it at any size.
    `refers`: the kind of record a RECORD field names by number. `warn`: a sentence where a value is odd but allowed.
    `masked`, `restricted`: whoever may not read it sees only the ends of a number, or nothing of a note (models/sight.py).
    """

    code: str
    label: str
    kind: Kind = Kind.TEXT
    required: bool = False
    choices: tuple[Choice, ...] = ()
    max_length: int = 200
    width: int = 120
    group: str = ""
    refers: str = ""
    happened: bool = False
    by_step: bool = False
    derived: bool = False
    indexed: bool = False
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    hint: str = ""
    warn: Callable[[str], str | None] | None = None
    masked: bool = False
    restricted: bool = False

    @property
    def guard(self) -> str:
        """What one must be permitted to read it; empty: to sign in."""
        return "restricted" if self.restricted else "masked" if self.masked else ""

    def but(self, **changes: Any) -> Field:  # noqa: ANN401 - the attributes of Field
        """The same field, declared otherwise in one place."""
        return self._replace(**changes)

    def choice(self, code: str) -> Choice | None:
        """The choice of that code."""
        return next((choice for choice in self.choices if choice.code == code), None)


LARGEST_MONEY = Decimal("99999999999.99")
MEMO_LENGTH = 32_000
_YES = {"true", "yes", "y", "1", "是", "有", "对", "√"}
_NO = {"false", "no", "n", "0", "否", "无", "没有", "×"}


def read(declared: Field, raw: object, now: datetime) -> Value:
    """The typed value of what was typed, imported or sent as JSON; None where nothing was. `now` is in the branch's zone.

    Raises UserError with one sentence that says what is wrong and what to write instead.
    """
    if isinstance(raw, str):
        if declared.kind not in (Kind.TEXT, Kind.MEMO, Kind.FILE):
            raw = gate.trim_ends(raw)
        raw = gate.admit(raw)
    if raw is None or (isinstance(raw, str) and not raw.strip()) or raw in ((), []):
        return None
    if isinstance(raw, dict) or (isinstance(raw, _LISTS) and declared.kind is not Kind.TAGS):
        raise UserError(_("One value is wanted here, not a list."))
    value = _READERS[declared.kind](declared, raw, now)
    _check_range(declared, value)
    return value


_LISTS = (list, tuple, set)


def _read_text(declared: Field, raw: object, now: datetime) -> str:
    if isinstance(raw, bool):
        raise UserError(_("A text is wanted here, not true or false."))
    value = raw if isinstance(raw, str) else str(raw)
    limit = MEMO_LENGTH if declared.kind is Kind.MEMO else declared.max_length
    if len(value) > limit:
        raise UserError(
            _(
                "{length} characters are too many, {limit} are possible. Shorten the text or put the rest into an attachment."
            ).format(length=len(value), limit=limit)
        )
    if "\n" in value and declared.kind is not Kind.MEMO:
        raise UserError(_("This field holds one line. Take out the line break."))
    return value


_NUMBER = r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|[+-]?\.[0-9]+"
"""A number as people write it. A comma is taken for thousands only: 1,26 is not 126."""
_LONGEST_NUMBER = 60


def _number(raw: object) -> Decimal:
    if isinstance(raw, int | float | Decimal) and not isinstance(raw, bool):
        value = Decimal(str(raw))
    else:
        plain = unicodedata.normalize("NFKC", str(raw)).replace(" ", "").strip("¥元")
        readable = len(plain) <= _LONGEST_NUMBER and re.fullmatch(_NUMBER, plain)
        value = Decimal(plain.replace(",", "")) if readable else Decimal("NaN")
    if not value.is_finite():
        raise UserError(_("“{text}” is no number. Write it like 1260.00.").format(text=gate.quoted(raw)))
    return value


def _places(raw: object, value: Decimal, places: int) -> Decimal:
    rounded = value.quantize(Decimal(1).scaleb(-places))
    if rounded != value:
        raise UserError(
            _("{text} has more than {places} decimal places. Round it first.").format(text=gate.quoted(raw), places=places)
        )
    return rounded + 0  # a minus before nothing is dropped


def _read_money(declared: Field, raw: object, now: datetime) -> Decimal:
    value = _number(raw)
    if not 0 <= value <= LARGEST_MONEY:
        raise UserError(_("An amount lies between 0.00 and {most}.").format(most=f"{LARGEST_MONEY:,.2f}"))
    return _places(raw, value, 2)


def _read_quantity(declared: Field, raw: object, now: datetime) -> Decimal:
    value = _number(raw)
    if not 0 <= value <= 1_000_000_000:
        raise UserError(_("A quantity lies between 0 and 1,000,000,000."))
    return _places(raw, value, 3).normalize() + 0


def _read_integer(declared: Field, raw: object, now: datetime) -> int:
    value = _number(raw)
    if value != value.to_integral_value() or abs(value) > 1_000_000_000:
        raise UserError(_("“{text}” is no whole number.").format(text=gate.quoted(raw)))
    return int(value)


def _check_range(declared: Field, value: Value) -> None:
    if (declared.minimum is not None and value < declared.minimum) or (declared.maximum is not None and value > declared.maximum):
        raise UserError(
            _("{value} is out of range: {least} to {most}.").format(
                value=value,
                least="…" if declared.minimum is None else declared.minimum,
                most="…" if declared.maximum is None else declared.maximum,
            )
        )


def _check_when(declared: Field, day: date, future: bool) -> None:
    if day < times.EARLIEST:
        raise UserError(_("{day} lies before 1900. Check the year.").format(day=day.isoformat()))
    if day.year > 2200:
        raise UserError(_("{day} lies too far ahead. Check the year.").format(day=day.isoformat()))
    if declared.happened and future:
        raise UserError(_("{day} lies in the future, but this has already happened. Check the date.").format(day=day.isoformat()))


def _read_date(declared: Field, raw: object, now: datetime) -> date:
    if isinstance(raw, datetime):
        raw = times.day_of(times.to_utc(raw), now.tzinfo) if raw.tzinfo and now.tzinfo else raw.date()
    day = raw if isinstance(raw, date) else times.parse_day(str(raw), now.date(), ahead=not declared.happened)
    _check_when(declared, day, day > now.date())
    return day


def _read_moment(declared: Field, raw: object, now: datetime) -> times.Moment:
    assert now.tzinfo is not None
    if isinstance(raw, datetime):
        moment: times.Moment = times.to_utc(raw if raw.tzinfo else raw.replace(tzinfo=now.tzinfo))
    else:
        moment = raw if isinstance(raw, date) else times.parse_moment(str(raw), now, ahead=not declared.happened)
    _check_when(declared, times.day_of(moment, now.tzinfo), times.before(now, moment, now.tzinfo))
    return moment


def _read_boolean(declared: Field, raw: object, now: datetime) -> bool:
    if isinstance(raw, bool):
        return raw
    plain = gate.key(str(raw))
    if plain in _YES or plain in _NO:
        return plain in _YES
    raise UserError(_("“{text}” is neither yes nor no.").format(text=gate.quoted(raw)))


def _read_choice(declared: Field, raw: object, now: datetime) -> str:
    if declared.choice(str(raw)):
        return str(raw)
    plain = gate.key(str(raw))
    meant = [choice.code for choice in declared.choices if plain in _names(choice)]
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise UserError(
            _("“{text}” can mean several choices: {choices}.").format(text=gate.quoted(raw), choices=_(", ").join(meant))
        )
    raise UserError(
        _("“{text}” is not among the choices: {choices}.").format(
            text=gate.quoted(raw), choices=_(", ").join(_(choice.label) for choice in declared.choices[:12])
        )
    )


def _names(choice: Choice) -> set[str]:
    """What a choice may be called: its code or its words, with or without those of its upper level."""
    words = {choice.label, _(choice.label)}
    if choice.group:
        words |= {f"{choice.group}·{choice.label}", f"{_(choice.group)}·{_(choice.label)}"}
    return {gate.key(word) for word in (choice.code, *words)}


def _read_tags(declared: Field, raw: object, now: datetime) -> tuple[str, ...] | None:
    items: Iterable[object] = raw if isinstance(raw, _LISTS) else re.split("[,，、]", str(raw))
    if any(isinstance(item, (bool, dict, *_LISTS)) for item in items):
        raise UserError(_("Words are wanted here."))
    words = [gate.admit(str(item).strip()) for item in items if str(item).strip()]
    reader = _read_choice if declared.choices else _read_text
    return tuple(dict.fromkeys(reader(declared, word, now) for word in words)) or None


def _read_record(declared: Field, raw: object, now: datetime) -> Value:
    return raw


_READERS: Mapping[Kind, Callable[[Field, object, datetime], Value]] = {
    Kind.TEXT: _read_text,
    Kind.MEMO: _read_text,
    Kind.PHONE: _read_text,
    Kind.CODE: _read_text,
    Kind.INTEGER: _read_integer,
    Kind.QUANTITY: _read_quantity,
    Kind.MONEY: _read_money,
    Kind.DATE: _read_date,
    Kind.MOMENT: _read_moment,
    Kind.BOOLEAN: _read_boolean,
    Kind.CHOICE: _read_choice,
    Kind.TAGS: _read_tags,
    Kind.RECORD: _read_record,
    Kind.FILE: _read_text,
}


def clean(declared: Iterable[Field], raw: Mapping[str, object], now: datetime, *, complete: bool = True) -> dict[str, Value]:
    """The typed values of all declared fields that `raw` names (`complete`: missing required ones are errors too).

    Raises ValidationError with a sentence per field, also for a code that is not declared.
    """
    errors: dict[str, str] = {}
    values: dict[str, Value] = {}
    by_code = {one.code: one for one in declared}
    for code in raw:
        if code not in by_code:
            errors[code] = _("There is no field “{code}”.").format(code=gate.quoted(code))
    for code, one in by_code.items():
        if code in raw:
            try:
                values[code] = read(one, raw[code], now)
            except UserError as error:
                errors[code] = _("{field}: {sentence}").format(field=_(one.label), sentence=error)
        if one.required and values.get(code) is None and code not in errors and (complete or code in raw):
            errors[code] = _("{field} is missing.").format(field=_(one.label))
    if errors:
        raise ValidationError(errors)
    return values


def warnings(declared: Iterable[Field], values: Mapping[str, Value]) -> dict[str, str]:
    """Field → sentence for what is odd but allowed."""
    found: dict[str, str] = {}
    for one in declared:
        value = values.get(one.code)
        if one.warn and isinstance(value, str) and (sentence := one.warn(value)):
            found[one.code] = sentence
    return found


YES_NO = (Choice("true", N_("yes")), Choice("false", N_("no")))
