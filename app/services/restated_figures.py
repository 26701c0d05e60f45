"""Which numbers among the figures of a closed month would be others if they were counted today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from app.core.language import _
from app.models import classifications as of
from app.services import figure_words, figures_json
from app.services.figures import words_of
from app.services.figures_values import AGE_LABELS, AGES, UNCLASSIFIED, Figures

_DERIVED = frozenset(("branch", "period", "month", "now", "mom", "yoy", "pareto", "silent_estimate"))
"""What says nothing that other figures do not say."""
_KEYS = ("code", "content", "nature", "month", "unit")
_DERIVED_OF_ROWS = frozenset((*_KEYS, "label", "share", "cumulative"))


class Number(NamedTuple):
    """A number that is another today: its code, its words, what was kept and what is counted now."""

    code: str
    label: str
    before: Any
    after: Any


def differing(kept: Figures, today: Figures, missing: Iterable[str]) -> Iterator[Number]:
    """Every number that is another today; a row that is not there counts nothing. `missing`: figures that were not kept."""
    unknown = set(missing)
    before, after = (dict(_numbers(figures_json.as_json(one), unknown)) for one in (kept, today))
    for code in dict.fromkeys((*before, *after)):
        label, number = before.get(code) or after[code]
        nothing = _Value(label, 0 if isinstance(number, int) else None)
        was, now = before.get(code, nothing).value, after.get(code, nothing).value
        if was != now:
            yield Number(code, label, was, now)


class _Value(NamedTuple):
    label: str
    value: Any


def _numbers(said: Mapping[str, Any], missing: set[str]) -> Iterator[tuple[str, _Value]]:
    words = _part_words()
    for figure, value in said.items():
        named = figure_words.of(figure)
        if figure in _DERIVED or figure in missing:
            continue
        if isinstance(value, list):
            yield from _of_rows(figure, value, words)
        elif isinstance(value, dict):
            for part, number in value.items():
                yield f"{figure}.{part}", _Value(f"{named} · {words.get(part, part)}", number)
        else:
            yield figure, _Value(named, value)


def _part_words() -> dict[str, str]:
    """The words of what stands below a figure."""
    ages = {code: _(label) for code, label in zip(AGES, AGE_LABELS, strict=True)}
    words = {code: _(word) for code, word in figure_words.WORDS.items()}
    return words_of((*of.CONTENTS, *of.NATURES)) | ages | words | {UNCLASSIFIED: _("Unclassified")}


def _of_rows(figure: str, rows: list[dict[str, Any]], words: Mapping[str, str]) -> Iterator[tuple[str, _Value]]:
    for row in rows:
        keys = [str(row[key]) for key in _KEYS if key in row]
        told = [figure_words.of(figure), str(row.get("label") or " × ".join(words.get(key, key) for key in keys))]
        for name, value in row.items():
            if name not in _DERIVED_OF_ROWS:
                part = [] if name == "count" else [name]
                label = " · ".join((*told, *(words.get(one, one) for one in part)))
                yield ".".join((figure, *keys, *part)), _Value(label, value)
