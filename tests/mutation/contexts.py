"""A plugin of pytest: which tests come by which line of one module (KESU_TEST_MODULE), written as JSON (KESU_TEST_LINES).

What fixtures run for a test counts for it; what runs when a module is imported counts for none.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import coverage
import pytest

_MODULE, _LINES = os.environ["KESU_TEST_MODULE"], os.environ["KESU_TEST_LINES"]
_watching = coverage.Coverage(data_file=None, config_file=False, include=[_MODULE])
_watching.start()
_tests: list[str] = []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """From the first fixture to the last."""
    test = item.nodeid.partition("[")[0]
    _watching.switch_context(test)
    _tests.append(test)
    result = yield
    _watching.switch_context("")
    return result


def pytest_sessionfinish() -> None:
    """Write what was seen."""
    _watching.stop()
    seen = _watching.get_data().contexts_by_lineno(_MODULE)
    lines = {line: sorted({one for one in tests if one}) for line, tests in seen.items()}
    Path(_LINES).write_text(json.dumps({"tests": list(dict.fromkeys(_tests)), "lines": lines}), encoding="utf-8")
