"""All trials, in the order of the report."""

from __future__ import annotations

from tests.faults import around, copies, damage, erased, formulas, kills, migrations, names, opening, power, texts, writes
from tests.faults.trial import Trial

_MODULES = (kills, power, writes, names, migrations, copies, damage, around, formulas, erased, texts, opening)
TRIALS: tuple[Trial, ...] = tuple(trial for module in _MODULES for trial in module.TRIALS)
