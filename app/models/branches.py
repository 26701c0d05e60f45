"""The branch that the database serves, and the values of its settings."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import peewee

from app.core import fields
from app.core.database import InstantColumn, database, transaction
from app.core.errors import UserError, ValidationError
from app.core.fields import Field, Kind
from app.core.language import N_, _
from app.core.pinyin import pinyin_of
from app.core.session import Branch, Session
from app.core.settings import SETTINGS, Settings
from app.models import deadlines, history, numbering, permissions, warnings

FIELDS = (
    Field("code", N_("Branch code"), Kind.CODE, required=True, max_length=20),
    Field("name", N_("Branch name"), required=True, max_length=100),
    Field("address", N_("Address"), max_length=200),
    Field("phone", N_("Phone"), Kind.PHONE, max_length=50, warn=warnings.phone),
    Field("legal_name", N_("Legal name"), max_length=200, hint=N_("As it stands on agreements")),
    Field("credit_code", N_("Unified social credit code"), Kind.CODE, max_length=30, warn=warnings.credit_code),
    Field("representative", N_("Representative"), max_length=50),
    Field("letterhead", N_("Letterhead"), max_length=200),
)


class BranchRow(peewee.Model):
    """A branch; one in an embedded database."""

    code = peewee.TextField(unique=True)
    name = peewee.TextField()
    address = peewee.TextField(default="")
    phone = peewee.TextField(default="")
    legal_name = peewee.TextField(default="")
    credit_code = peewee.TextField(default="")
    representative = peewee.TextField(default="")
    letterhead = peewee.TextField(default="")
    time_zone = peewee.TextField(default="Asia/Shanghai")
    sample = peewee.BooleanField(default=False)
    created_at = InstantColumn()

    class Meta:
        database = database
        table_name = "branch"


class SettingRow(peewee.Model):
    """A setting that was changed from its default."""

    branch_id = peewee.IntegerField()
    code = peewee.TextField()
    value = peewee.TextField()

    class Meta:
        database = database
        table_name = "setting"
        primary_key = peewee.CompositeKey("branch_id", "code")


_ENDINGS = ("有限责任公司", "有限公司", "分公司", "营销部", "公司")
_ASIDE = r"[（(].*?[)）]|[^\w\s]"
"""What a name says besides, as （筹）, and marks that are no letters."""
_LONGEST_CODE = 6


def suggested_code(name: str) -> str:
    """A code for a branch of that name: the initials of what is its own, behind the company's; empty where none can be made."""
    own = re.sub(_ASIDE, "", name).strip()
    for ending in _ENDINGS:
        own = own.removesuffix(ending)
    own = own.rpartition("公司")[2]
    initials = pinyin_of(own or name)[1].upper()
    return "".join(letter for letter in initials if letter.isascii() and letter.isalnum())[:_LONGEST_CODE]


def create(values: Mapping[str, object], session: Session, *, sample: bool = False) -> Branch:
    """Enter the branch of a new database."""
    cleaned = fields.clean(FIELDS, values, session.now())
    with transaction():
        row = BranchRow.create(
            **{code: value or "" for code, value in cleaned.items()}, sample=sample, created_at=session.clock()
        )
    return _branch(row)


def _branch(row: BranchRow) -> Branch:
    names = (field.code for field in FIELDS)
    return Branch(id=row.id, time_zone=row.time_zone, sample=row.sample, **{name: getattr(row, name) for name in names})


def only() -> Branch | None:
    """The branch of the open database; None where none was entered yet."""
    row = BranchRow.select().order_by(BranchRow.id).first()
    return None if row is None else _branch(row)


def edit(session: Session, values: Mapping[str, object]) -> None:
    """Change the branch's own data; the session knows it afterwards."""
    permissions.require(session, "branch.edit")
    cleaned = fields.clean(FIELDS, values, session.now(), complete=False)
    with transaction():
        before = {code: getattr(session.branch, code) for code in cleaned}
        BranchRow.update(**{code: value or "" for code, value in cleaned.items()}).where(
            BranchRow.id == session.branch.id
        ).execute()
        for code, value in cleaned.items():
            if (value or "") != before[code]:
                history.write(session, "branch", session.branch.id, "edit", field=code, old=before[code], new=value or "")
    changed: dict[str, Any] = {code: value or "" for code, value in cleaned.items()}
    session.branch = session.branch._replace(**changed)
    session.changed("branch")


def load_settings(branch_id: int) -> Settings:
    """The settings in force for a branch."""
    rows = database.execute_sql("SELECT code, value FROM setting WHERE branch_id = ?", (branch_id,)).fetchall()
    kinds = {declared.code: declared for declared, _default in SETTINGS}
    return Settings({code: _setting(kinds[code], value) for code, value in rows if code in kinds})


def _setting(declared: Field, kept: str) -> object:
    value = json.loads(kept)
    return Decimal(value) if declared.kind is Kind.MONEY else value


def _kept(value: object) -> str:
    return "" if value is None else str(value)


def _refused(code: str, sentence: str) -> ValidationError:
    label = next(declared.label for declared, _default in SETTINGS if declared.code == code)
    return ValidationError({code: _("{field}: {sentence}").format(field=_(label), sentence=sentence)})


_PATTERNS = tuple(declared.code for declared, _default in SETTINGS if declared.code.startswith("pattern_"))


def change_settings(session: Session, values: Mapping[str, object]) -> None:
    """Set what is given; ValidationError where a value cannot be."""
    permissions.require(session, "settings.edit")
    cleaned = fields.clean((declared for declared, _default in SETTINGS), values, session.now(), complete=False)
    for code, value in cleaned.items():
        if code.startswith("pattern_"):
            try:
                numbering.check_pattern(value)
            except UserError as error:
                raise _refused(code, str(error)) from None
    patterns = [cleaned.get(code, session.settings[code]) for code in _PATTERNS]
    if len(patterns) != len(set(patterns)):
        given = next(code for code in _PATTERNS if code in cleaned and patterns.count(cleaned[code]) > 1)
        raise _refused(given, _("Another kind of record is numbered so already. Write another pattern."))
    if cleaned.get("limit_manager", session.settings["limit_manager"]) < cleaned.get(
        "limit_handler", session.settings["limit_handler"]
    ):
        raise _refused("limit_manager", _("The manager's limit cannot be below the handler's."))
    with transaction():
        for code, value in cleaned.items():
            old = session.settings[code]
            if value != old:
                kept = json.dumps(str(value) if isinstance(value, Decimal) else value, ensure_ascii=False)
                SettingRow.replace(branch_id=session.branch.id, code=code, value=kept).execute()
                history.write(session, "branch", session.branch.id, "setting", field=code, old=_kept(old), new=_kept(value))
    session.settings = load_settings(session.branch.id)
    if any(code.startswith(("contact_", "solution_", "closing_")) for code in cleaned):
        deadlines.work_out(session)
    session.changed("settings")
