"""What helps at a step: short texts beside its fields, by kind of record and step, in the language in use."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from app.core.language import chosen
from app.core.paths import resources


@cache
def _texts() -> dict[str, dict[str, dict[str, list[str]]]]:
    with (resources() / "texts" / "coach.toml").open("rb") as file:
        found: dict[str, Any] = tomllib.load(file)
    return found


def of_step(kind: str, step: str) -> tuple[str, ...]:
    """Sentences for a step of a kind of record; none where nothing is to be said."""
    return tuple(_texts().get(kind, {}).get(step, {}).get(chosen(), ()))
