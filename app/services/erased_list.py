"""Who was erased, as hashes beside the database: by it that is done again to older data, and registers bring nobody back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from app.core import text
from app.core.database import database, explained
from app.core.errors import UserError
from app.core.files import write_durable
from app.core.language import _
from app.core.likeness import phones
from app.core.replacing import ERASED
from app.core.session import Session

LIST = ERASED
"""The list of who was erased, in the folder of data."""


def listed(folder: Path) -> dict[str, str]:
    """Who was erased, by key, and when. UserError where the list cannot be read."""
    place = folder / LIST
    with explained(place):
        if not place.exists():
            return {}
        try:
            return dict(json.loads(place.read_text("utf-8")))
        except ValueError:
            sentence = _("{path} is damaged: it says who was erased. Put it back from a backup.")
            raise UserError(sentence.format(path=place)) from None


def keep(folder: Path, known: Mapping[str, str]) -> None:
    """Write it, whole and on the disk."""
    with explained(folder):
        write_durable(folder / LIST, json.dumps(dict(known), indent=1).encode())


def bring_together(folder: Path, coming: Path) -> None:
    """Whoever was erased, by what comes into a folder or by what lies there, is in the list that comes."""
    if known := listed(coming) | listed(folder):
        keep(coming, known)


def salt_of(session: Session) -> str:
    """The random identifier of the oldest customer. It lies in the database: whoever has only the list cannot try names."""
    rows = database.execute_sql("SELECT uid FROM customer WHERE branch_id = ? ORDER BY id LIMIT 1", (session.branch.id,))
    return "".join(uid for (uid,) in rows.fetchall())


def signs(salt: str, names: Iterable[str], numbers: Iterable[str], licences: Iterable[str]) -> set[str]:
    """How a row of a register names a customer, hashed: by licence, name with phone, the name alone where there is no phone."""
    called = sorted({number for one in numbers for number in phones(one)}) or [""]
    told = [f"licence:{text.key(one)}" for one in licences]
    told += [f"name:{text.key(name)}:{number}" for name in names for number in called]
    return {hashlib.sha256(f"kesu:{salt}:{one}".encode()).hexdigest() for one in told}


class Refusal:
    """Refuses customers of a register who were erased. The list is read once; where it is empty nothing is worked out."""

    def __init__(self, session: Session) -> None:
        self._known = listed(session.folder)
        self._salt = salt_of(session) if self._known else ""

    def demand_other(self, name: str | None, phone: str | None, licence: str | None) -> None:
        """UserError for a customer to be made new who was erased."""
        given = ([one] if one else [] for one in (name, phone, licence))
        if self._known and not self._known.keys().isdisjoint(signs(self._salt, *given)):
            raise UserError(
                _(
                    "This customer was erased, and a register does not bring the person back. Take the row out; or, where the "
                    "customer is to be kept again, enter the customer by hand and write that number in the row."
                )
            )
