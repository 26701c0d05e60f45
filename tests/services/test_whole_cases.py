"""What reads or erases a whole case knows all its parts, whatever was imported before."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["app.services.cases", "app.services.erasures"])
def test_the_entries_of_a_complaint_are_known_where_no_step_was_looked_at(module: str) -> None:
    asked = f"import {module}; from app.models.complaints import Complaint; print(*Complaint.PARTS)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert {"enquiries", "notices", "consultations", "follow_ups"} <= set(told.split())
