"""Identities that are unique across branches and rise with time."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime

from app.core import database as store

_last_uid = [0]


def new_uid(now: datetime) -> str:
    """A UUIDv7 (RFC 9562): in order of time, and strictly rising within the program."""
    stamp = store.milliseconds(now) << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    if stamp <= _last_uid[0]:
        # By chance, not by one: a program that was forked goes on from the same last one.
        stamp = _last_uid[0] + 1 + secrets.randbits(32)
    _last_uid[0] = stamp
    return str(uuid.UUID(int=_last_uid[0]))
