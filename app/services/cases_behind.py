"""The cases behind a figure of some cases only, as a page that was narrowed needs them; of all cases `figures_cases` answers."""

from __future__ import annotations

from datetime import timedelta

from app.core.database import milliseconds
from app.core.session import Session
from app.models.listing import LISTINGS
from app.services import figures_cases, kept_cases
from app.services import figures_rows as rows
from app.services.figures_cases import Behind
from app.services.figures_rows import ALL, CaseKind, Chosen
from app.services.kept_cases import SATISFIED_BY_METHOD as SATISFIED_BY_METHOD
from app.services.periods import Period


def cases(
    session: Session, period: Period, figure: str, code: str = "", chosen: Chosen = ALL, listing: str = ""
) -> tuple[Behind, ...]:
    """As `figures_cases.cases`, of the chosen cases; `listing`: of this kind of record only. Lists without a row are left out."""
    found = kept_cases.cases(session, period, figure, code, chosen)
    if found is None:
        by_method = figure == SATISFIED_BY_METHOD
        found = _of_method(session, period, code) if by_method else figures_cases.cases(session, period, figure, code)
        found = tuple(_within(session, one, chosen) if chosen.only else one for one in found)
    narrowed = (one for one in found if listing in ("", one.listing))
    return tuple(one for one in narrowed if weight(session, one))


def weight(session: Session, behind: Behind) -> int:
    """How many rows the list has; it counts as far as a list reaches."""
    return LISTINGS[behind.listing].count(session, behind.query).rows


def _of_method(session: Session, period: Period, code: str) -> tuple[Behind, ...]:
    """Objections handled by a method of which is known how satisfied the customer was."""
    (behind,) = figures_cases.cases(session, period, "by_method", code)
    scored = {"satisfaction": tuple(str(score) for score in range(1, 6))}
    return (_asked(behind, where={**behind.query.where, **scored}),)


def _asked(behind: Behind, **values: object) -> Behind:
    """The same list asked for something else."""
    return behind._replace(query=behind.query._replace(**values))  # type: ignore[arg-type]


def _within(session: Session, behind: Behind, chosen: Chosen) -> Behind:
    """Of a list its rows that are, or belong to, a chosen case."""
    if behind.listing == "agreements":
        ids = _kept("agreement AS a", "a.id", behind, f"a.complaint_id IN ({_all(chosen.kinds.complaints)})")
        return _asked(behind, ids=ids)
    if behind.listing == "promises":
        either = " OR ".join(f'p."case" IN ({_all(kind, "number")})' for kind in chosen.kinds)
        return _asked(behind, ids=_kept("promise AS p", "p.id", behind, f"({either})"))
    kind = chosen.kinds.objections if behind.listing == "objections" else chosen.kinds.complaints
    if behind.query.ids is not None:
        return _asked(behind, ids=_kept(f"{kind.table} AS c", "c.id", behind, kind.only))
    since, until = behind.query.since, behind.query.until
    assert since is not None
    assert until is not None
    bounds = (milliseconds(bound) for bound in Period(since, until + timedelta(days=1)).bounds(session.branch.zone))
    sql = f"SELECT c.id FROM {kind.table} AS c WHERE {rows.of_period(kind)}"
    return _asked(behind, ids=tuple(number for (number,) in rows.fetch(sql, (session.branch.id, *bounds))))


def _all(kind: CaseKind, column: str = "id") -> str:
    return f"SELECT c.{column} FROM {kind.table} AS c WHERE {kind.only}"


def _kept(source: str, column: str, behind: Behind, condition: str) -> tuple[int, ...]:
    listed = ", ".join(map(str, behind.query.ids or ())) or "NULL"
    sql = f"SELECT {column} FROM {source} WHERE {column} IN ({listed}) AND {condition}"
    return tuple(number for (number,) in rows.fetch(sql, ()))
