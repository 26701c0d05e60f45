"""A period as a branch head reads it: the figures beside the earlier ones, what is missing, who has how much, what is overdue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from app.core.language import N_, _
from app.core.progress import Progress
from app.core.session import Session
from app.core.times import day_of
from app.services import closing, figure_words, figures_by, figures_listed, period_lines
from app.services import figures_course as course
from app.services import figures_rows as rows
from app.services.figures_content import Content
from app.services.figures_rows import ALL, Chosen
from app.services.figures_values import UNCLASSIFIED, Both, Figures, Only, Share, TrendMonth
from app.services.period_lines import Earlier, Line
from app.services.periods import Period

COMPARED = (
    ("handler", N_("Handlers")),
    ("tier", N_("Value tiers")),
    ("product", N_("Products")),
    ("customer", N_("Customers")),
    ("channel", N_("Channels")),
)
"""What cases can be told apart by in the table that compares, with the word for all of them."""
MOST_MEMBERS = 8
_MISSING = (
    ("by_content", "objections", N_("objections without content")),
    ("by_cause", "objections", N_("objections without cause")),
    ("complaints_by_class", "complaints", N_("complaints without class")),
    ("complaints_by_cause", "complaints", N_("complaints without cause")),
    ("by_customer", "objections", N_("objections without customer")),
    ("complaints_by_customer", "complaints", N_("complaints without customer")),
)


class Missing(NamedTuple):
    """Cases that lack what figures are told apart by: the figure whose unclassified row they are, and how many."""

    figure: str
    words: str
    cases: int


class Counted(NamedTuple):
    """Objections and complaints of one value of a field."""

    code: str
    label: str
    cases: int


class Kept(NamedTuple):
    """What fell due in the period: the figure that it is the rate of, its words, and how much was met or missed."""

    figure: str
    words: str
    met: int
    missed: int


@dataclass(frozen=True)
class Report:
    """Figures, the earlier ones, what fell due, and what else the period can be narrowed by: field → (code, words)."""

    figures: Figures
    kept: tuple[Kept, ...]
    compared: tuple[Earlier, ...]
    offered: Mapping[str, tuple[tuple[str, str], ...]]

    @property
    def earlier(self) -> tuple[Earlier, ...]:
        """The earlier periods of which something is known."""
        return tuple(one for one in self.compared if one.known)

    @property
    def unknown(self) -> tuple[str, ...]:
        """What the others are called."""
        return tuple(one.when for one in self.compared if not one.known)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The main figures with their changes."""
        return period_lines.lines(self.figures, self.earlier)

    @property
    def trend(self) -> tuple[TrendMonth, ...]:
        """The months up to the period's end that have begun."""
        today = day_of(self.figures.now, self.figures.zone)
        return tuple(one for one in self.figures.trend if one.month <= today)

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What should be filled in for the charts to be complete."""
        found = (Missing(code, _(words), _unknown(self.figures.shares[code])) for code, _kind, words in _MISSING)
        return tuple(one for one in found if one.cases)

    @property
    def unfinished(self) -> bool:
        """Whether the period is not over."""
        return self.figures.now < self.figures.period.bounds(self.figures.zone)[1]

    def notes(self, until: str) -> Iterator[str]:
        """What one must know to read the figures; `until`: the time of an unfinished period, as it is written there."""
        if self.unfinished:
            yield _("Not over yet: counted until {time}, while the earlier periods are whole ones.").format(time=until)
        if self.empty:
            yield _("No objection and no complaint came in during this period.")
        for when in self.unknown:
            yield _("There are no records from {when} to compare with.").format(when=when)
        if self.figures.signed:
            yield figure_words.of_signed(self.figures)

    @property
    def empty(self) -> bool:
        """Whether nothing came in."""
        return not (self.figures.objections or self.figures.complaints)


@dataclass(frozen=True)
class Member:
    """The cases of one person, product …: its code and words, and their figures."""

    code: str
    label: str
    figures: Figures


def load(session: Session, period: Period, chosen: Chosen = ALL, progress: Progress | None = None) -> Report:
    """Count the period and those it is compared with. UserError if it lies in the future."""
    told = progress or Progress()
    periods = (period, *period_lines.earlier_periods(period))
    closed = closing.closed(session, period, chosen)
    counted = [_counted(session, one, chosen, told, (place, len(periods))) for place, one in enumerate(periods)]
    whole = closing.figures_of(session, period) if chosen.only else counted[0]
    compared = zip(period_lines.when_words(period), counted[1:], strict=True)
    offered = {field: _offered(whole, field) for field in ("handler", "product", "customer")}
    fell_due = _kept(session, period, chosen) if closed is None else _kept_then(closed.content)
    return Report(counted[0], fell_due, tuple(Earlier(*pair) for pair in compared), offered)


def members(session: Session, counted: Figures, field: str, progress: Progress | None = None) -> tuple[Member, ...]:
    """The period's cases by a field of COMPARED, those with most cases first, each counted by itself."""
    others = [(one.field, one.code) for one in counted.only if one.field != field]
    told, found = progress or Progress(), []
    most = together(counted, field)[:MOST_MEMBERS]
    for place, one in enumerate(most):
        chosen = figures_by.chosen(session, [*others, (field, one.code)])
        found.append(Member(one.code, one.label, _counted(session, counted.period, chosen, told, (place, len(most)))))
    return tuple(found)


def _kept(session: Session, period: Period, chosen: Chosen) -> tuple[Kept, ...]:
    span = rows.span(session, period)
    found = (
        ("promise_kept_rate", _("Promises"), course.promises(session, span, chosen.kinds)),
        ("on_time_rate", _("Deadlines of complaints"), course.deadlines(session, span, chosen.kinds.complaints)),
    )
    return tuple(
        Kept(figure, words, sum(one.in_time for one in due), sum(not one.in_time for one in due))
        for figure, words, due in found
        if due
    )


def _kept_then(content: Content) -> tuple[Kept, ...]:
    """The same of a month that was closed, from what was kept of it."""
    promises = [row.outcome == figures_listed.IN_TIME for row in content.listed.promises]
    place = [column.code for column in content.complaints.columns].index("in_time")
    deadlines = [bool(row[place]) for row in content.complaints.rows if row[place] is not None]
    found = (("promise_kept_rate", _("Promises"), promises), ("on_time_rate", _("Deadlines of complaints"), deadlines))
    return tuple(Kept(figure, words, sum(due), len(due) - sum(due)) for figure, words, due in found if due)


def _counted(session: Session, period: Period, chosen: Chosen, told: Progress, place: tuple[int, int]) -> Figures:
    told.step(*place, _("Counting"))
    return closing.figures_of(session, period, chosen)


def conditions(only: Iterable[Only]) -> list[tuple[str, str]]:
    """What was chosen, as `figures_by.chosen` reads it."""
    return [(one.field, one.code) for one in only]


def _unknown(shares: tuple[Share, ...]) -> int:
    return next((one.count for one in shares if one.code == UNCLASSIFIED), 0)


def _offered(counted: Figures, field: str) -> tuple[tuple[str, str], ...]:
    return tuple((one.code, one.label) for one in together(counted, field) if one.code != UNCLASSIFIED)[:40]


def together(counted: Figures, field: str) -> list[Counted]:
    """The values of a field over both kinds of cases: most cases first, the unclassified last."""
    sums: dict[str, int] = {}
    labels: dict[str, str] = {}
    for figure in Both(f"by_{field}", f"complaints_by_{field}"):
        for one in counted.shares[figure]:
            sums[one.code] = sums.get(one.code, 0) + one.count
            labels[one.code] = one.label
    order = sorted(sums, key=lambda code: (code == UNCLASSIFIED, -sums[code], code))
    return [Counted(code, labels[code], sums[code]) for code in order]
