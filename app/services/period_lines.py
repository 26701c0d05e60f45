"""The main figures of a period in words, each beside those of the period before and of a year ago: for the page and the paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from app.core import formats
from app.core.language import N_, _
from app.services.figures_values import Figures
from app.services.periods import Kind, Period

Number = int | float | Decimal
KEY = ("complaints", "objections", "on_time_rate", "promise_kept_rate", "satisfied_rate", "compensation_cost")
"""The figures that say most, by their codes."""


class Change(NamedTuple):
    """Against an earlier period: a sentence, the difference alone, 1 for more, -1 for less, and 1 for better, -1 for worse."""

    sentence: str
    difference: str
    direction: int = 0
    good: int = 0


class Line(NamedTuple):
    """A figure: `code` and `listing` lead to its cases; `number` with its `unit`; the earlier numbers, and the changes since."""

    code: str
    listing: str
    label: str
    number: str
    unit: str
    earlier: tuple[str, ...]
    changes: tuple[Change, ...]

    @property
    def shown(self) -> str:
        """The number with a per cent sign, but without another unit."""
        return _with_unit(self.number, self.unit)


@dataclass(frozen=True)
class _Look:
    """How a number is written without its unit, and how that one is more or less than another; `points`: a rate."""

    write: Callable[[Number], str]
    unit: str
    more: str
    less: str
    points: bool = False


_COUNT = _Look(lambda value: f"{value:,}", N_("cases"), N_("{count} more than {when}"), N_("{count} fewer than {when}"))
_RATE = _Look(
    lambda value: f"{float(value) * 100:.1f}",
    "%",
    N_("{count} points above {when}"),
    N_("{count} points below {when}"),
    points=True,
)
_HOURS = _Look(
    lambda value: f"{value:,.1f}", N_("hours"), N_("{count} hours more than {when}"), N_("{count} hours less than {when}")
)
_MONEY = _Look(
    lambda value: formats.money(Decimal(value)),
    N_("yuan"),
    N_("{count} yuan more than {when}"),
    N_("{count} yuan less than {when}"),
)


class _Figure(NamedTuple):
    code: str
    listing: str
    label: str
    look: _Look
    value: Callable[[Figures], Number | None]
    better: int = 0


_FIGURES = (
    _Figure("complaints", "complaints", N_("Complaints"), _COUNT, lambda found: found.complaints),
    _Figure("objections", "objections", N_("Objections"), _COUNT, lambda found: found.objections),
    _Figure("escalated", "objections", N_("Became complaints"), _COUNT, lambda found: found.escalated),
    _Figure("same_day_reply_rate", "complaints", N_("Replied the same day"), _RATE, lambda found: found.same_day_reply_rate, 1),
    _Figure("on_time_rate", "complaints", N_("Solved in time"), _RATE, lambda found: found.on_time_rate, 1),
    _Figure("promise_kept_rate", "promises", N_("Promises kept"), _RATE, lambda found: found.promise_kept_rate, 1),
    _Figure("solved_on_spot_rate", "objections", N_("Solved on the spot"), _RATE, lambda found: found.solved_on_spot_rate, 1),
    _Figure("close_rate", "complaints", N_("Complaints closed"), _RATE, lambda found: found.close_rate.complaints, 1),
    _Figure("close_rate", "objections", N_("Objections closed"), _RATE, lambda found: found.close_rate.objections, 1),
    _Figure(
        "handling_hours_median",
        "complaints",
        N_("Handling of a complaint, median"),
        _HOURS,
        lambda found: found.handling_hours_median.complaints,
        -1,
    ),
    _Figure("repeat_rate", "complaints", N_("Complaints repeated"), _RATE, lambda found: found.repeat_rate.complaints, -1),
    _Figure("repeat_rate", "objections", N_("Objections repeated"), _RATE, lambda found: found.repeat_rate.objections, -1),
    _Figure("satisfied_rate", "complaints", N_("Share satisfied"), _RATE, lambda found: found.satisfied_rate, 1),
    _Figure("compensation_cost", "agreements", N_("Compensation"), _MONEY, lambda found: found.compensation_cost),
    _Figure("backlog", "", N_("Not ended"), _COUNT, lambda found: found.backlog),
)


class Earlier(NamedTuple):
    """What a period is compared with, and what that is called within a sentence."""

    when: str
    figures: Figures

    @property
    def known(self) -> bool:
        """Whether anything was recorded: a period from before the records began says nothing, though it can be counted."""
        found = self.figures
        return bool(found.objections or found.complaints or found.backlog or found.compensation_cost)


def lines(figures: Figures, earlier: Sequence[Earlier]) -> tuple[Line, ...]:
    """All of them, in the order of a report."""
    return tuple(_line(one, figures, earlier) for one in _FIGURES)


def earlier_periods(period: Period) -> tuple[Period, ...]:
    """What a period is compared with: the one before, and a year ago where that is another."""
    return tuple(dict.fromkeys((period.previous(), period.year_before())))


def when_words(period: Period) -> tuple[str, ...]:
    """What these are called within a sentence."""
    before = {Kind.MONTH: _("last month"), Kind.QUARTER: _("last quarter"), Kind.YEAR: _("the year before")}
    return (before.get(period.kind, _("the days before")), _("a year ago"))[: len(earlier_periods(period))]


def _line(one: _Figure, figures: Figures, earlier: Sequence[Earlier]) -> Line:
    value, look, unit = one.value(figures), one.look, _(one.look.unit)
    before = [one.value(other.figures) for other in earlier]
    number, *shown = ("—" if known is None else look.write(known) for known in (value, *before))
    changes = tuple(_change(one, value, known, other.when) for known, other in zip(before, earlier, strict=True))
    written = tuple(_with_unit(other, unit) for other in shown)
    return Line(one.code, one.listing, _(one.label), number, "" if value is None else unit, written, changes)


def _with_unit(number: str, unit: str) -> str:
    return f"{number} %" if unit == "%" and number != "—" else number


def _change(one: _Figure, value: Number | None, earlier: Number | None, when: str) -> Change:
    if value is None or earlier is None:
        return Change(_("nothing to compare from {when}").format(when=when), "—")
    look = one.look
    # As they are written: a difference that nobody can see is none.
    ours, theirs = (Decimal(look.write(number).replace(",", "")) for number in (value, earlier))
    more = ours - theirs
    if not more:
        return Change(_("as much as {when}").format(when=when), "±0")
    size, direction = f"{abs(more):,}", 1 if more > 0 else -1
    words = _(look.more if direction > 0 else look.less).format(count=size, when=when)
    signed = f"{'+' if direction > 0 else '−'}{size}"
    if look.points:
        signed = _("{count} points").format(count=signed)
    elif theirs:
        part = f"{more / theirs * 100:+.1f} %".replace("-", "−")
        signed = _("{difference} ({part})").format(difference=signed, part=part)
    return Change(words, signed, direction, direction * one.better)
