"""The editable calendar of the branch: days off and working weekends, first filled from what is published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import peewee

from app.core import fields
from app.core.database import DayColumn, database, transaction
from app.core.errors import ValidationError
from app.core.fields import Field
from app.core.language import _
from app.core.session import Session
from app.core.workdays import Calendar
from app.models import deadlines, history, permissions

FIRST_YEAR = 2010
_SOURCE = "holidays"


class DayMark(peewee.Model):
    """A day that differs from the usual week: `works` on a weekend, or off on a weekday; `source`: who says so."""

    day = DayColumn(primary_key=True)
    works = peewee.BooleanField()
    name = peewee.TextField(default="")
    source = peewee.TextField(default="")

    class Meta:
        database = database
        table_name = "day_mark"


class Mark(NamedTuple):
    """A marked day; `own`: set by the branch."""

    day: date
    works: bool
    name: str
    own: bool


def seed(years: range) -> int:
    """Take in what is published for these years; what the branch set itself stays. How many days were added."""
    from holidays import country_holidays  # heavy: needed when a branch starts or asks for newer years

    found = country_holidays("CN", years=years, language="zh_CN")
    rows = [(day.isoformat(), False, name, _SOURCE) for day, name in found.items() if day.weekday() < 5]
    rows += [(day.isoformat(), True, "调休上班", _SOURCE) for day in found.weekend_workdays if day.year in years]
    with transaction():
        before = DayMark.select().count()
        database.cursor().executemany(
            "INSERT INTO day_mark (day, works, name, source) VALUES (?, ?, ?, ?) ON CONFLICT (day) DO NOTHING", rows
        )
        return int(DayMark.select().count() - before)


def load() -> Calendar:
    """The calendar in force. A year counts as published once a working weekend of it is known."""
    rows = database.execute_sql("SELECT day, works FROM day_mark").fetchall()
    marks = {date.fromisoformat(day): bool(works) for day, works in rows}
    return Calendar(marks, frozenset(day.year for day, works in marks.items() if works and day.weekday() > 4))


def of_year(year: int) -> list[Mark]:
    """The marked days of a year, in order."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = DayMark.select().where(DayMark.day.between(first, last)).order_by(DayMark.day)
    return [Mark(row.day, row.works, row.name, row.source != _SOURCE) for row in rows]


def take_in(session: Session, years: range) -> int:
    """What is published for these years, also for open cases; how many days were new."""
    permissions.require(session, "calendar.edit")
    count = seed(years)
    _changed(session)
    return count


def mark_typed(session: Session, declared: tuple[Field, ...], raw: Mapping[str, object]) -> None:
    """Mark a day as it was typed: `day`, `works`, `name`."""
    values = fields.clean(declared, raw, session.now())
    mark(session, values["day"], values["works"], values.get("name") or "")


def mark(session: Session, day: date, works: bool, name: str = "") -> None:
    """Say that a day is worked or not; a day that then is as its weekday says loses its mark."""
    permissions.require(session, "calendar.edit")
    if not date(1950, 1, 1) <= day <= date(2199, 12, 31):
        raise ValidationError({"day": _("The calendar reaches from 1950 to 2199.")})
    with transaction():
        DayMark.replace(day=day, works=works, name=name, source=session.user).execute()
        history.write(session, "branch", session.branch.id, "calendar", field=day.isoformat(), new=str(works).lower(), note=name)
    _changed(session)


def _changed(session: Session) -> None:
    session.calendar = load()
    deadlines.work_out(session)
    session.changed("calendar")
