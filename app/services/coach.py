"""What helps at a step: short texts beside its fields, by kind of record and step, in the language in use."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from app.core.language import N_, _, chosen
from app.core.paths import resources
from app.models.objections import STEP_NAMES
from app.models.steps import steps_of


@cache
def _texts() -> dict[str, dict[str, dict[str, list[str]]]]:
    with (resources() / "texts" / "coach.toml").open("rb") as file:
        found: dict[str, Any] = tomllib.load(file)
    return found


def of_step(kind: str, step: str) -> tuple[str, ...]:
    """Sentences for a step of a kind of record; none where nothing is to be said."""
    return tuple(_texts().get(kind, {}).get(step, {}).get(chosen(), ()))


KINDS = {
    "complaint": N_("Complaints"),
    "agreement": N_("Agreements"),
    "dispatch": N_("Dispatch orders"),
    "action": N_("Corrective actions"),
    "objection": N_("Objections"),
}


def everything() -> list[tuple[str, list[tuple[str, tuple[str, ...]]]]]:
    """All of them: under the name of each kind of record its steps with their sentences, and the five steps of a talk at last."""
    found = [(_(title), [(_(step.label), of_step(kind, step.code)) for step in steps_of(kind)]) for kind, title in KINDS.items()]
    found.append((_("The five steps"), [(_(word), of_step("objection_steps", code)) for code, word in STEP_NAMES]))
    return [(title, [(step, said) for step, said in told if said]) for title, told in found]
