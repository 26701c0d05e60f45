"""A branch with passwords and people in it, for tests; argon2 costs next to nothing there."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core import database, keyring
from app.core.session import Session
from app.services import staffing

ADMIN, PASSWORD = "王敏", "雨后的茶园很安静没有人"
OWN = "山路上有三棵老核桃树"


def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are stretched as little as can be."""
    monkeypatch.setattr(keyring, "COST", (1, 64, 1))


def protected(session: Session) -> Session:
    """The same branch with passwords; 王敏 is signed in with all roles."""
    staffing.protect(session, ADMIN, PASSWORD)
    return session


def join(session: Session, name: str, *roles: str) -> str:
    """Somebody is entered and has chosen a password of their own: `OWN`."""
    once = staffing.add(session, {"name": name, "roles": roles}).password
    staffing.change_password(signed_in(session, name, once), once, OWN)
    signed_in(session, ADMIN, PASSWORD)
    return name


def signed_in(session: Session, name: str, password: str = OWN) -> Session:
    """A session of that person, by the same clock."""
    database.close()
    return staffing.sign_in(Path(session.folder), name, password, clock=session.clock)
