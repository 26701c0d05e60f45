"""All harnesses by name."""

from __future__ import annotations

from tests.fuzzing import files, registers

HARNESSES = registers.HARNESSES | files.HARNESSES
