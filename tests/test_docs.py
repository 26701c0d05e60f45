"""The documentation is true where that can be checked: links, pictures, commands, options, steps, figures, colours, pragmas."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from importlib import import_module
from pathlib import Path

import pytest

from app.cli import COMMANDS
from app.core.database import PRAGMAS
from app.core.session import Session
from app.models.attachments import SHOWS
from app.models.record import KINDS
from app.models.steps import all_steps
from app.services import figures as counted
from app.services import figures_json, periods, workplace
from app.services.register_targets import KINDS as REGISTERS
from app.services.register_targets import targets
from app.views.tokens import TOKENS

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md"), *ROOT.glob("resources/handbook/**/*.md")]
)
PICTURES = sorted(ROOT.glob("resources/handbook/pictures/*.png"))
LARGEST_PICTURE, ALL_PICTURES = 120_000, 4_000_000
_LINK = re.compile(r"\]\(([^)#\s]+)")


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_pictures_lead_somewhere(page: Path) -> None:
    links = [link for link in _LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_pages_speak_of_the_product_alone(page: Path) -> None:
    """Nobody who reads them has what lies beside this repository."""
    outside = re.findall(r"\.\./shared|/work/|/tmp/|\b(?:pypi\.org|registry\.npmjs)", page.read_text(encoding="utf-8"))
    assert outside == []


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_pictures_are_small_and_of_an_office_screen(picture: Path) -> None:
    head = picture.read_bytes()[:24]
    assert picture.stat().st_size < LARGEST_PICTURE
    width, height = int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
    assert (width, height) == (1366, 768) or (width < 1000 and height < 768)  # a window, or a dialog


def test_all_pictures_together_are_small() -> None:
    assert 0 < sum(picture.stat().st_size for picture in PICTURES) < ALL_PICTURES


def test_every_command_is_documented_and_no_other() -> None:
    told = re.findall(r"^### `kesu ([a-z-]+)`", text_of("docs/commands.md"), re.MULTILINE)
    assert told == [name for name, _module, _line in COMMANDS]


@pytest.mark.parametrize(("name", "module"), [(name, module) for name, module, _line in COMMANDS])
def test_every_option_is_documented_and_no_other(name: str, module: str) -> None:
    parser = ArgumentParser(add_help=False)
    import_module(f"app.commands.{module}").declare(name, parser)
    declared = {option for action in parser._actions for option in action.option_strings} - {"--json"}
    section = re.split(r"^### ", text_of("docs/commands.md"), flags=re.MULTILINE)
    usage = next(one for one in section if one.startswith(f"`kesu {name}`")).partition("`\n\n")[2]
    told = "\n".join(line for line in usage.splitlines() if line.startswith(f"`kesu {name}"))
    assert set(re.findall(r"--[a-z-]+", told)) == declared


@pytest.mark.parametrize("page", ["docs/commands.md", "docs/records-and-rules.md"])
def test_every_step_is_documented(page: str) -> None:
    assert workplace.LATEST  # opening a folder declares the steps
    text = text_of(page)
    assert [step.code for step in all_steps() if f"`{step.code}`" not in text] == []


def test_every_record_and_part_is_documented() -> None:
    text = text_of("docs/records-and-rules.md")
    assert [name for name in KINDS if f"| {name} " not in text] == []
    assert [part for kind in KINDS.values() for part in kind.PARTS if f"`{part}`" not in text] == []


@pytest.mark.parametrize("page", ["docs/commands.md", "docs/records-and-rules.md"])
def test_what_files_can_show_is_documented(page: str) -> None:
    text = text_of(page)
    assert [choice.code for choice in SHOWS if f"`{choice.code}`" not in text] == []


def test_fields_of_registers_that_are_named_exist() -> None:
    known = {code for kind in REGISTERS for code in targets(kind)}
    told = set(re.findall(r"`((?:loss|contact|customer)_[a-z_]+)`", text_of("docs/commands.md"))) - {"loss_lines"}
    assert told - known == set()
    assert {code for code in known if code.startswith("loss_")} <= told


def test_every_figure_is_defined_and_no_other(session: Session) -> None:
    told = set(re.findall(r"^\| `([a-z_0-9]+)` \|", text_of("docs/figures.md"), re.MULTILINE))
    codes = set(figures_json.as_json(counted.compute(session, periods.read("this", session.now().date()))))
    assert told == codes - {"branch", "period", "month", "now"}


def test_colours_are_those_of_the_table() -> None:
    told = re.findall(r"^\| `([a-z0-9-]+)` \| `(#\w+)` \| `(#\w+)` \|", text_of("docs/look.md"), re.MULTILINE)
    assert {name: (light, dark) for name, light, dark in told} == TOKENS


def test_pragmas_are_those_that_are_set() -> None:
    told = dict(re.findall(r"^\| `([a-z_]+)` \| (\w+)", text_of("docs/protection.md"), re.MULTILINE))
    assert told == {name: str(value) for name, value in PRAGMAS}
