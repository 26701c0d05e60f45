"""Systems that are too old are refused in both languages, before Qt is loaded."""

from __future__ import annotations

import pytest

import run
from app import cli
from app.core import old_systems


@pytest.mark.parametrize("windows", [(6, 1), (6, 2), (6, 3)])
def test_windows_before_10_is_refused(windows: tuple[int, int]) -> None:
    chinese, english = old_systems.refusal(windows=windows)
    assert "Windows 7" in chinese
    assert "too old" in english


@pytest.mark.parametrize("libc", ["glibc 2.17", "glibc 2.27"])
def test_an_old_glibc_is_named(libc: str) -> None:
    assert all(libc.split()[1] in sentence for sentence in old_systems.refusal(libc=libc))


def test_the_door_for_old_pythons_says_the_same() -> None:
    assert old_systems.refusal(windows=(6, 1)) == run.WINDOWS_TOO_OLD
    assert run.too_old() == []


def test_others_are_let_through() -> None:
    for libc in ("glibc 2.28", "glibc 2.36", "musl 1.2", "", "glibc x"):
        assert old_systems.refusal(libc=libc) == []
    assert old_systems.refusal(windows=(10, 0)) == []
    assert old_systems.of_this_system() == []


def test_the_window_is_not_opened_on_a_system_that_is_too_old(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sentences = old_systems.refusal(windows=(6, 1))
    monkeypatch.setattr(old_systems, "of_this_system", lambda: sentences)
    assert cli.run([]) == 1
    assert capsys.readouterr().err.splitlines() == sentences
