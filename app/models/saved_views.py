"""Lists as a person wants to see them again: search, filters, order and columns under a name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

import peewee

from app.core import fields
from app.core.database import InstantColumn, database, transaction
from app.core.errors import UserError
from app.core.fields import Field
from app.core.language import N_, _
from app.core.session import Session
from app.models import permissions, spans
from app.models.listing import Listing, Query

_NAME = Field("name", N_("Name of the view"), required=True, max_length=60)


class SavedView(peewee.Model):
    """A view of a person; `first`: the one that the list opens with."""

    branch_id = peewee.IntegerField()
    who = peewee.TextField()
    kind = peewee.TextField()
    name = peewee.TextField()
    content = peewee.TextField()
    first = peewee.BooleanField(default=False)
    changed_at = InstantColumn()

    class Meta:
        database = database
        table_name = "saved_view"
        indexes = ((("branch_id", "who", "kind", "name"), True),)


class View(NamedTuple):
    """What a list shows and how. `spans` are days as seen from today, `since` and `until` fixed ones.

    `columns`: the codes `shown`, the `order` of all, and the `widths` that somebody gave.
    """

    text: str = ""
    where: Mapping[str, tuple[str, ...]] = {}
    spans: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    sort: str = ""
    descending: bool = True
    columns: Mapping[str, Any] = {}


class Saved(NamedTuple):
    """A view under its name."""

    name: str
    first: bool
    view: View


def of(session: Session, listing: Listing) -> list[Saved]:
    """The person's views of a list, by name."""
    sql = "SELECT name, first, content FROM saved_view WHERE branch_id = ? AND who = ? AND kind = ? ORDER BY name"
    rows = database.execute_sql(sql, (session.branch.id, session.user, listing.code)).fetchall()
    return [Saved(name, bool(first), _view(json.loads(content))) for name, first, content in rows]


def find(session: Session, listing: Listing, name: str) -> View:
    """The view of that name. UserError names those there are."""
    known = of(session, listing)
    found = next((one.view for one in known if one.name == name.strip()), None)
    if found is None:
        names = _(", ").join(one.name for one in known) or _("none")
        raise UserError(_("{person} has no view “{name}” of this list. There are: {names}.").format(
            person=session.user, name=name, names=names
        ))  # fmt: skip
    return found


def first(session: Session, listing: Listing) -> Saved | None:
    """The view that the list opens with."""
    return next((one for one in of(session, listing) if one.first), None)


def keep(session: Session, listing: Listing, name: str, view: View) -> str:
    """Save a view; one of the same name is replaced. The name as it was kept; ValidationError where it is none."""
    permissions.require(session, "view.keep")
    given = _name(session, name)
    content = json.dumps(view._asdict(), default=date.isoformat)  # in ASCII: half a character may have been typed
    with transaction():
        made = SavedView.update(content=content, changed_at=session.clock()).where(*_own(session, listing, given)).execute()
        if not made:
            SavedView.create(
                branch_id=session.branch.id,
                who=session.user,
                kind=listing.code,
                name=given,
                content=content,
                changed_at=session.clock(),
            )
    return given


def rename(session: Session, listing: Listing, name: str, new: str) -> str:
    """Give a view another name. UserError where another view has it."""
    permissions.require(session, "view.keep")
    given = _name(session, new)
    with transaction():
        if given != name and any(one.name == given for one in of(session, listing)):
            raise UserError(_("There is a view “{name}” already. Choose another name.").format(name=given))
        SavedView.update(name=given).where(*_own(session, listing, name)).execute()
    return given


def drop(session: Session, listing: Listing, name: str) -> None:
    """Forget a view; it is no record."""
    permissions.require(session, "view.keep")
    with transaction():
        SavedView.delete().where(*_own(session, listing, name)).execute()


def open_with(session: Session, listing: Listing, name: str | None) -> None:
    """Let the list open with a view, or (None) with everything."""
    permissions.require(session, "view.keep")
    with transaction():
        SavedView.update(first=False).where(*_own(session, listing)).execute()
        if name is not None:
            SavedView.update(first=True).where(*_own(session, listing, name)).execute()


def _own(session: Session, listing: Listing, name: str | None = None) -> list[peewee.Expression]:
    wanted = [
        SavedView.branch_id == session.branch.id,
        SavedView.who == session.user,
        SavedView.kind == listing.code,
    ]
    return wanted if name is None else [*wanted, SavedView.name == name]


def _name(session: Session, name: str) -> str:
    return str(fields.clean((_NAME,), {"name": name.strip()}, session.now())["name"])


def _view(content: Mapping[str, Any]) -> View:
    days: Mapping[str, Any] = {code: date.fromisoformat(content[code]) for code in ("since", "until") if content.get(code)}
    where = {code: tuple(values) for code, values in content.get("where", {}).items()}
    plain = {code: content[code] for code in ("text", "sort", "descending", "columns") if code in content}
    return View(where=where, spans=tuple(content.get("spans", ())), **days, **plain)


def query_of(session: Session, listing: Listing, view: View) -> Query:
    """What a view asks of its list today. What the list no longer knows is left out."""
    known = {declared.code for declared in listing.askable()}
    since, until = spans.together(view.spans, session.now().date())
    return Query(
        text=view.text,
        where={code: values for code, values in view.where.items() if code in known},
        since=since or view.since,
        until=until or view.until,
        sort=view.sort if view.sort in listing.columns else "",
        descending=view.descending,
    )


def columns_of(listing: Listing, view: View) -> tuple[str, ...]:
    """The columns that a view shows, in its order; those of the list where it names none."""
    shown, order = view.columns.get("shown", ()), view.columns.get("order", ())
    found = tuple(code for code in (*order, *shown) if code in shown and code in listing.columns)
    return tuple(dict.fromkeys(found)) or listing.shown
