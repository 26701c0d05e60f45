"""更正: in what a closed month would be different if it were counted today, and who changed that, when and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from app.core import formats
from app.core.language import N_, _, speaking
from app.core.language import chosen as language
from app.core.session import Session
from app.models.agreements import Agreement
from app.models.complaints import Complaint
from app.models.objections import Objection
from app.models.promises import Promise
from app.models.record import KINDS, Record
from app.services import closing, figures, figures_content, figures_json, restated_figures
from app.services.closing import Closed
from app.services.figures_content import Content
from app.services.figures_details import AgreedRow, Column, Details, Value
from app.services.figures_rows import ALL, Chosen
from app.services.figures_values import Figures
from app.services.periods import Period
from app.services.restated_acts import Acts

WHATS = {
    "entered": N_("Came in"),
    "left": N_("No longer counted"),
    "changed": N_("Changed"),
    "figure": N_("Figure"),
}
"""What can be different."""
_UNCOUNTED = frozenset(
    (
        "status",
        "closed_at",
        "result",
        "replied_at",
        "what",
        "description",
        "customer_name",
        "product_name",
        "source_reference",
        "solution_due",
        "solved_at",
    )
)
"""Columns that no figure is counted from: words, and times that count only by what follows from them."""
_OF_EVERY_ROW = frozenset(("in_period", "ended", "closed_in_period", "hours", "age", "in_time"))
_OF_ANY_ROW = _OF_EVERY_ROW | {"number"}
_FOLLOWS_FROM_ENDED = frozenset(("closed_in_period", "hours", "age"))


@dataclass(frozen=True)
class Restated:
    """A difference. `what`: a code of WHATS; `kind` and `number`: of the record, or `figure` and the code of a figure.

    `before` is what was kept; both are None where a case is not counted. Nobody (`who` is empty) changed a figure, and what
    follows from another case.
    """

    what: str
    kind: str
    number: str
    field: str = ""
    label: str = ""
    before: Value | Decimal = None
    after: Value | Decimal = None
    who: str = ""
    at: datetime | None = None
    action: str = ""
    act: str = ""
    why: str = ""


@dataclass(frozen=True)
class Report:
    """What there is to say of a period: of a closed month (`closed`) what was kept, and what is different today."""

    content: Content
    closed: Closed | None = None
    restated: tuple[Restated, ...] = ()


def report(session: Session, period: Period, chosen: Chosen = ALL) -> Report:
    """The kept content of a closed month, else what the records say now. UserError where what was kept is damaged."""
    kept = closing.closed(session, period, chosen)
    if kept is None:
        return Report(figures_content.gather(session, period, chosen=chosen))
    return Report(kept.content, kept, tuple(of(session, kept)))


def of(session: Session, closed: Closed) -> list[Restated]:
    """The differences: objections, complaints and agreements by their numbers, then figures. Nothing is changed.

    They are told in the language in which the month was closed, as is what was kept.
    """
    with speaking(closed.content.language or language()):
        return _of(session, closed)


def _of(session: Session, closed: Closed) -> list[Restated]:
    today = figures_content.gather(session, closed.content.figures.period, chosen=closed.chosen)
    told = Acts(session, closed.freeze.history_id)
    found: list[Restated] = []
    for kind, name in ((Objection, "objections"), (Complaint, "complaints")):
        found += _of_cases(told, kind, name, closed, today)
    found += _of_agreements(told, closed.content.agreed, today.agreed)
    for listed in _LISTS:
        found += _of_list(told, listed, closed.content, today)
    missing = (name.removeprefix("figures.") for name in closed.missing)
    numbers = restated_figures.differing(closed.content.figures, today.figures, missing)
    return found + [Restated("figure", "figure", one.code, "", one.label, one.before, one.after) for one in numbers]


def _of_cases(told: Acts, kind: type[Record], name: str, closed: Closed, today: Content) -> Iterator[Restated]:
    kept_rows: Details = getattr(closed.content, name)
    rows: Details = getattr(today, name)
    known = {column.code for column in kept_rows.columns} - {one.removeprefix(f"{name}.") for one in closed.missing}
    kept = _Side(kind, kept_rows.columns, closed.content.figures, known)
    present = _Side(kind, rows.columns, today.figures, known)
    for number, (before, after) in sorted(_differing(kept, kept_rows.rows, present, rows.rows).items()):
        yield from _difference(told, _Case(kind, number, kept, present), before, after)


_Row = tuple[Value, ...]
_Pair = tuple[Mapping[str, Value] | None, Mapping[str, Value] | None]


def _differing(kept: _Side, before: Iterable[_Row], today: _Side, after: Iterable[_Row]) -> dict[str, _Pair]:
    """The cases that are not the same on both sides, by their numbers.

    Both are read side by side in their order, nearly the same; only what waits for its other half is held.
    """
    found: dict[str, _Pair] = {}
    waiting: tuple[dict[str, _Row], dict[str, _Row]] = ({}, {})
    same_columns = kept.columns == today.columns

    def settle(number: str, was: _Row, now: _Row) -> None:
        pair = (kept.named(was), today.named(now))
        if any(kept.code(code, value) != today.code(code, pair[1][code]) for code, value in pair[0].items()):
            found[number] = pair

    left, right = iter(before), iter(after)
    was, now = next(left, None), next(right, None)
    while was is not None or now is not None:
        one, other = (None if row is None else side.number(row) for side, row in ((kept, was), (today, now)))
        if one == other:
            if not same_columns or was != now:
                settle(str(one), was, now)  # type: ignore[arg-type]
            was, now = next(left, None), next(right, None)
        elif one in waiting[1]:
            settle(str(one), was, waiting[1].pop(str(one)))  # type: ignore[arg-type]
            was = next(left, None)
        elif other in waiting[0]:
            settle(str(other), waiting[0].pop(str(other)), now)  # type: ignore[arg-type]
            now = next(right, None)
        else:
            if was is not None:
                waiting[0][str(one)], was = was, next(left, None)
            if now is not None:
                waiting[1][str(other)], now = now, next(right, None)
    found |= {number: (kept.named(row), None) for number, row in waiting[0].items()}
    return found | {number: (None, today.named(row)) for number, row in waiting[1].items()}


class _Side:
    """The rows of one kind as they were kept, or as they are today."""

    def __init__(self, kind: type[Record], columns: tuple[Column, ...], counted: Figures, known: set[str]) -> None:
        self.columns = columns
        self.labels = {column.code: column.label for column in columns}
        self._places = {column.code: place for place, column in enumerate(columns)}
        self.counted = [column.code for column in columns if column.code in known and column.code not in _UNCOUNTED]
        # That of complaints is counted by follow-ups, which are a list of their own.
        self._satisfied = kind is Objection
        axes = figures.AXES.objections if kind is Objection else figures.AXES.complaints
        self._codes = {
            axis.column: {share.label: share.code for share in counted.shares[axis.figure]}
            for axis in axes
            if not axis.column.endswith("_id")
        }

    def number(self, row: tuple[Value, ...]) -> str:
        """The number of the case."""
        return str(row[self._places["number"]])

    def named(self, row: tuple[Value, ...]) -> dict[str, Value]:
        """What is counted of a row, by column."""
        values = {code: row[self._places[code]] for code in self.counted}
        if not values["in_period"]:
            values = {code: value if code in _OF_ANY_ROW else None for code, value in values.items()}
        if "satisfaction" in values and not self._satisfied:
            values["satisfaction"] = None
        return values

    def code(self, column: str, value: Value) -> object:
        """A value without the words of a language or edition of the program."""
        return self._codes[column].get(str(value), value) if column in self._codes and value is not None else value


class _Case(NamedTuple):
    """A case that differs, and the sides that tell its values."""

    kind: type[Record]
    number: str
    kept: _Side
    today: _Side


def _difference(
    told: Acts, case: _Case, before: Mapping[str, Value] | None, after: Mapping[str, Value] | None
) -> Iterator[Restated]:
    if before is None or after is None:
        what = "entered" if before is None else "left"
        yield Restated(what, case.kind.KIND, case.number, **told.of_case(case.kind, case.number, what)._asdict())
        return
    differing = [code for code, was in before.items() if case.kept.code(code, was) != case.today.code(code, after[code])]
    if "in_period" in differing:
        differing = [code for code in differing if code in _OF_EVERY_ROW]
    if "ended" in differing:
        differing = [code for code in differing if code not in _FOLLOWS_FROM_ENDED]
    for code in differing:
        act = told.of_case(case.kind, case.number, code)._asdict()
        label = case.today.labels[code]
        yield Restated("changed", case.kind.KIND, case.number, code, label, before[code], after[code], **act)


def _of_agreements(told: Acts, kept: tuple[AgreedRow, ...], today: tuple[AgreedRow, ...]) -> Iterator[Restated]:
    """Agreements whose lines count otherwise, by what they cost in the month."""
    before, after = _by_agreement(kept), _by_agreement(today)
    for number in sorted(before.keys() | after.keys()):
        was, now = before.get(number), after.get(number)
        if was != now:
            what = "entered" if was is None else "left" if now is None else "changed"
            label = _("Cost (yuan)")
            act = told.of_number(Agreement, number)
            yield Restated(what, Agreement.KIND, number, "amount", label, _cost(was), _cost(now), **act._asdict())


class _List(NamedTuple):
    """Rows beside the cases from which figures are counted: of which record each is, and what of it counts, in words."""

    name: str
    kind: type[Record]
    label: str
    number: Callable[[Any], str]
    counted: Callable[[Any], str]
    comes_and_goes: bool = True
    """Whether it is told here that a record came in or is counted no longer."""


_LISTS = (
    _List("promises", Promise, N_("Promise"), lambda row: row.number, lambda row: _(row.outcome)),
    _List("follow_ups", Complaint, N_("Follow-up scores"), lambda row: row.complaint, lambda row: str(row.result)),
    _List(
        "owed",
        Agreement,
        N_("Delivered quantity"),
        lambda row: row.line.agreement,
        lambda row: f"{formats.quantity(row.line.delivered)} {row.line.unit}",
        comes_and_goes=False,
    ),
)


def _of_list(told: Acts, listed: _List, kept: Content, today: Content) -> Iterator[Restated]:
    before, after = ({}, {})  # type: dict[str, list[str]], dict[str, list[str]]
    for content, found in ((kept, before), (today, after)):
        for row in getattr(content.listed, listed.name):
            found.setdefault(listed.number(row), []).append(listed.counted(row))
    for number in sorted(before.keys() | after.keys()):
        was, now = (_(", ").join(side[number]) if number in side else None for side in (before, after))
        if was != now and (listed.comes_and_goes or None not in (was, now)):
            what = "entered" if was is None else "left" if now is None else "changed"
            act = told.of_number(listed.kind, number)._asdict()
            yield Restated(what, listed.kind.KIND, number, listed.name, _(listed.label), was, now, **act)


def _by_agreement(rows: tuple[AgreedRow, ...]) -> dict[str, list[tuple[Any, ...]]]:
    found: dict[str, list[tuple[Any, ...]]] = {}
    for line, _complaint in rows:
        counted = (line.edition, line.signed_on, line.remedy, line.quantity, line.unit, line.amount, line.sign)
        found.setdefault(line.agreement, []).append(counted)
    return found


def _cost(lines: list[tuple[Any, ...]] | None) -> Decimal | None:
    return None if lines is None else sum((line[-2] for line in lines), Decimal("0.00"))


def as_json(session: Session, made: Report) -> dict[str, Any]:
    """The figures, and of a closed month when and by whom it was closed, and what is different today."""
    said = figures_json.as_json(made.content.figures)
    return said if made.closed is None else said | _closed_json(session, made.closed, made.restated, said)


def _closed_json(session: Session, closed: Closed, restated: Sequence[Restated], said: Mapping[str, Any]) -> dict[str, Any]:
    freeze, zone = closed.freeze, session.branch.zone
    missing = (name.removeprefix("figures.") for name in closed.missing)
    at = formats.as_json(freeze.at, zone)
    frozen = {"at": at, "by": freeze.who, "sha256": freeze.sha256, "missing": list(closed.missing)}
    rows = [asdict(one) for one in restated]
    for row in rows:
        row |= {side: _json(row[side]) for side in ("before", "after")} | {"at": formats.as_json(row["at"], zone)}
        del row["label"], row["act"]
    return {figure: None for figure in missing if figure in said} | {"frozen": frozen, "restated": rows}


def _json(value: Value | Decimal) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:.2f}" if isinstance(value, Decimal) else value


def sides(one: Restated) -> tuple[str, str]:
    """What was kept and what is today, in words."""
    part = next((name for name in one.number.split(".") if name.endswith("_rate")), "") if one.what == "figure" else ""
    as_percent = part not in ("", "complaint_rate")
    return _shown(one.before, as_percent), _shown(one.after, as_percent)


def _shown(value: Value | Decimal, as_percent: bool) -> str:
    if value is None or isinstance(value, bool):
        return "—" if value is None else _("yes") if value else _("no")
    if isinstance(value, float):
        return formats.percent(value) if as_percent else f"{value:,.2f}".rstrip("0").rstrip(".")
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return formats.money(value) if isinstance(value, Decimal) else str(value)


def of_records(restated: Iterable[Restated]) -> int:
    """How many of the differences are of records; the others are figures that follow."""
    return sum(one.what != "figure" for one in restated)


def what_of(one: Restated) -> str:
    """In which way it is different, in words."""
    return _(WHATS[one.what])


def kind_of(one: Restated) -> str:
    """The kind of record, in words; empty of a figure."""
    return _(KINDS[one.kind].LABEL) if one.kind in KINDS else ""
