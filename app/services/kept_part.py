"""A closed month narrowed to some cases: its figures and lists from what was kept of it, as they were signed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.core.language import speaking
from app.core.session import Session
from app.services import figures, merged_figures, workbook_facts
from app.services import figures_rows as rows
from app.services.figures_content import Content
from app.services.figures_details import Column, Details, Value
from app.services.figures_listed import Listed
from app.services.figures_rows import Chosen
from app.services.figures_values import UNCLASSIFIED, Both, Figures, TrendMonth
from app.services.merged_figures import Counted, Totals
from app.services.workbook_facts import Facts, Lists, case_of

_KINDS = Both("objections", "complaints")
_Row = tuple[Value, ...]
_AT_ONCE = 500


def narrowed(session: Session, content: Content, chosen: Chosen) -> Content | None:
    """The content of the chosen cases. None where it was kept by a program that did not keep the codes of its words."""
    facts = content.facts
    if facts is None:
        return None
    with speaking(content.language):
        kept = Both(*(_Chosen(getattr(content, name).columns, facts, name, chosen) for name in _KINDS))
        details = Both(*(getattr(content, name) for name in _KINDS))
        inside = _cases(session, details, kept, content, chosen)
        lists = Lists(content.agreed, *content.listed).kept(lambda row: row if case_of(row) in inside else None)
        counted = replace(_count(session, content.figures, facts, details, kept, lists, chosen), only=chosen.only)
        listed = Listed(lists.promises, lists.follow_ups, lists.overdue, lists.owed)
        parts = Both(*(Details(one.columns, Some(one, choice)) for one, choice in zip(details, kept, strict=True)))
        return replace(
            content,
            figures=counted,
            objections=parts.objections,
            complaints=parts.complaints,
            agreed=lists.agreed,
            listed=listed,
            facts=replace(workbook_facts.of_figures(session, counted, lists.agreed, listed), words=facts.words),
        )


class _Chosen:
    """Tells which rows of a kind are chosen: by each field one of its values. Rows hold words, or a number."""

    def __init__(self, columns: Sequence[Column], facts: Facts, name: str, chosen: Chosen) -> None:
        self.places = {column.code: place for place, column in enumerate(columns)}
        self.words = {code: facts.words[f"{name}.{code}"] for code in self.places if f"{name}.{code}" in facts.words}
        self.codes = {self.places[code]: {word: one for one, word in words.items()} for code, words in self.words.items()}
        wanted: defaultdict[str, set[Value]] = defaultdict(set)
        for one in chosen.only:
            value = None if one.code == UNCLASSIFIED else self.words.get(one.field, {}).get(one.code, one.code)
            wanted[one.field].add(value)
        self._wanted = dict(wanted)

    def __call__(self, row: _Row) -> bool:
        return all(field in self.places and (row[self.places[field]] or None) in values for field, values in self._wanted.items())

    def coded(self, row: _Row) -> _Row:
        """The row with codes in place of words."""
        return tuple(
            self.codes[place].get(str(value), value) if place in self.codes and value is not None else value
            for place, value in enumerate(row)
        )

    def number(self, row: _Row) -> str:
        """Of the case."""
        return str(row[self.places["number"]])


@dataclass(frozen=True)
class Some:
    """The chosen ones of kept rows, as often as they are asked for."""

    details: Details
    chosen: Callable[[_Row], bool]

    def __iter__(self) -> Iterator[_Row]:
        return (row for row in self.details.rows if self.chosen(row))


def _cases(session: Session, details: Both[Details], kept: Both[_Chosen], content: Content, chosen: Chosen) -> set[str]:
    """The numbers of the chosen cases. One that only a list names, being over long since, was not kept: its record tells."""
    known: dict[str, bool] = {}
    for one, choice in zip(details, kept, strict=True):
        known |= {choice.number(row): choice(row) for row in one.rows}
    others = {case_of(row) for listed in (content.agreed, *content.listed) for row in listed} - known.keys()
    inside = {number for number, counts in known.items() if counts}
    for kind in chosen.kinds:
        inside.update(_of_records(session, kind, sorted(others)))
    return inside


def _of_records(session: Session, kind: rows.CaseKind, numbers: Sequence[str]) -> Iterator[str]:
    for start in range(0, len(numbers), _AT_ONCE):
        asked = numbers[start : start + _AT_ONCE]
        places = ", ".join("?" * len(asked))
        sql = f"SELECT c.number FROM {kind.table} AS c WHERE c.branch_id = ? AND c.number IN ({places}) AND {rows.counted(kind)}"
        yield from (number for (number,) in rows.fetch(sql, (session.branch.id, *asked)))


def _count(
    session: Session,
    signed: Figures,
    facts: Facts,
    details: Both[Details],
    kept: Both[_Chosen],
    lists: Lists,
    chosen: Chosen,
) -> Figures:
    cases = Both(*map(_counted, details, kept))
    totals = Totals(signed.branch_code, signed.branch_name, signed.zone, signed.period, signed.now, cases, [facts], lists)
    found = merged_figures.compute(totals)
    months = {month: figures.counts(session, month, chosen.kinds) for month in signed.period.trend_months()}
    own = Both(found.objections, found.complaints)
    return replace(
        found,
        previous=months[signed.period.previous()],
        year_before=months[signed.period.year_before()],
        trend=tuple(TrendMonth(month.start, *(own if month == signed.period else both)) for month, both in months.items()),
    )


def _counted(details: Details, choice: _Chosen) -> Counted:
    counted = Counted(details.columns, choice.places)
    known: dict[Value, Value] = {}
    for row in filter(choice, details.rows):
        told = choice.coded(row)
        counted.add(told, known)
        counted.name(_named(details.columns, told))
    return counted


def _named(columns: Iterable[Column], row: _Row) -> Mapping[str, Any]:
    return {column.code: value for column, value in zip(columns, row, strict=True)}
