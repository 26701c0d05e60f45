"""The short profile of `python -m tests.faults`: each fault done a few times, and each control, which must find something."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.core import language
from tests.faults.report import Row, is_red, row
from tests.faults.trial import Trial, Tried
from tests.faults.trials import TRIALS

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a process that is cheap to kill"),
    # Newer Pythons warn of a fork beside threads; these children use none of what others hold.
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),
]


@pytest.mark.parametrize("trial", [trial for trial in TRIALS if trial.short], ids=lambda trial: trial.name)
def test_the_program_stands_it_and_the_control_does_not(trial: Trial, tmp_path: Path) -> None:
    for name in ("act", "control"):
        (tmp_path / name).mkdir()
    tried = trial.act(tmp_path / "act", trial.short)
    if "may mount nothing" in "".join(tried.wrong):
        pytest.skip("this account may mount nothing")
    assert tried.wrong == ()
    assert tried.times > 0
    assert trial.without(tmp_path / "control", trial.controls).wrong, "the control found nothing: the test proves nothing"
    language.choose("en")


def of(tried: Tried, control: Tried) -> Row:
    return row(TRIALS[0], tried, control, 1.0)


def test_a_row_is_red_where_something_went_wrong_or_the_control_found_nothing() -> None:
    good = of(Tried(500), Tried(20, ("KH-0001 is lost",)))
    assert not is_red(good)
    assert (good.times, good.result) == ("500", "0 wrong")
    assert is_red(of(Tried(500, ("KH-0001 | is lost",)), Tried(20, ("KH-0001 is lost",))))
    assert is_red(of(Tried(500), Tried(20)))
