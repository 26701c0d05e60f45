"""The documentation is true where that can be checked: links, pictures, commands, figures, colours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.cli import COMMANDS
from app.models.steps import STEPS
from app.services import figures as counted
from app.services import figures_json, periods, workplace
from app.views.tokens import TOKENS

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
_LINK = re.compile(r"\]\(([^)#\s]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_pictures_lead_somewhere(page: Path) -> None:
    links = [link for link in _LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_command_is_documented_and_no_other() -> None:
    told = set(re.findall(r"^\| `kesu ([a-z-]+)", (ROOT / "docs/commands.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert told == {name for name, _module, _line in COMMANDS}


def test_every_step_is_documented() -> None:
    text = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    assert workplace.LATEST  # opening a folder declares the steps
    assert [step.code for steps in STEPS.values() for step in steps if f"`{step.code}`" not in text] == []


def test_every_figure_is_defined(session: object) -> None:
    told = set(re.findall(r"`([a-z_0-9]+)`", (ROOT / "docs/figures.md").read_text(encoding="utf-8")))
    codes = set(figures_json.as_json(counted.compute(session, periods.read("this", session.now().date()))))  # type: ignore[attr-defined,arg-type]
    assert codes - told - {"branch", "period", "month", "now"} == set()


def test_colours_are_those_of_the_table() -> None:
    told = re.findall(
        r"^\| ([a-z0-9-]+) \| `(#\w+)` \| `(#\w+)` \|$", (ROOT / "docs/look.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert {name: (light, dark) for name, light, dark in told} == TOKENS
