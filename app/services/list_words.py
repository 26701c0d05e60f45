"""What a list was asked for, in words: for its register, where nobody sees the chips."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from app.core import formats
from app.core.fields import YES_NO, Field, Kind
from app.core.language import _
from app.models.listing import OPEN, UNCLASSIFIED, Listing, Query


def conditions(listing: Listing, query: Query) -> list[str]:
    """Search, filters and days that are on, each as “field: values”; the order last."""
    asked = [_pair(_("Search"), query.text.strip())] if query.text.strip() else []
    if query.ids is not None:
        asked.append(_("{count} chosen").format(count=f"{len(query.ids):,}"))
    asked += [
        _pair(_(declared.label), _(", ").join(_value(declared, one) for one in values))
        for declared, values in _filters(listing, query)
    ]
    if query.since is not None or query.until is not None:
        asked.append(_pair(_(listing.field(listing.dated).label), _days(query.since, query.until)))
    return [*asked, _order(listing, query)]


def _filters(listing: Listing, query: Query) -> Iterator[tuple[Field, tuple[str, ...]]]:
    for code, values in query.where.items():
        yield listing.field(code), values


def _pair(name: str, value: str) -> str:
    return _("{title}: {value}").format(title=name, value=value)


def _value(declared: Field, value: str) -> str:
    if declared.code == "status" and value == OPEN:
        return _("Not ended")
    if declared.kind is Kind.BOOLEAN:
        return next((_(one.label) for one in YES_NO if one.code == value), value)
    return _("Not classified") if value == UNCLASSIFIED else formats.label(declared, value)


def _days(since: date | None, until: date | None) -> str:
    if since == until:
        return str(since)
    return _("{first} to {last}").format(first=since or "…", last=until or "…")


def _order(listing: Listing, query: Query) -> str:
    by = _(listing.field(query.sort or listing.sort).label)
    way = _("descending") if query.descending else _("ascending")
    return _("sorted by {field}, {way}").format(field=by, way=way)
