"""What stands for a module is given to who imports it, and becomes the module when something is asked of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from app.core.later import Later, later

ROOT = Path(__file__).resolve().parents[2]
_STAND_IN = """
import sys
from app.core.later import Later, later
later("hashlib", "hmac")
import hashlib, hmac
print(isinstance(hashlib, Later), "_hashlib" in sys.modules)
print(hashlib.sha256(b"").hexdigest()[:8], hmac.compare_digest("a", "a"))
import hashlib as known
print(isinstance(known, Later), known.sha256 is hashlib.sha256)
from hmac import digest
print(len(digest(b"k", b"m", "sha256")))
"""


def test_a_module_is_imported_when_something_of_it_is_asked_for() -> None:
    done = subprocess.run([sys.executable, "-c", _STAND_IN], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines() == ["True False", "e3b0c442 True", "False True", "32"]


def test_a_module_that_is_there_stays() -> None:
    later("json")
    assert not isinstance(sys.modules["json"], Later)
