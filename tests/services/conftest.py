"""The sample branch in the size that people get, made once for all tests that only read it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from app.core import database
from app.core.session import Session
from app.services import sample, sample_folder, workplace
from tests.services.figures_cases import NOW


class Year(NamedTuple):
    """Its folder, and how many records of each kind were made."""

    folder: Path
    made: sample.Summary


@pytest.fixture(scope="session")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """A year of a branch."""
    folder = tmp_path_factory.mktemp("year") / "data"
    made = sample.fill(workplace.init(folder, sample_folder.BRANCH, user="王敏", clock=lambda: NOW, sample=True))
    database.close()
    return Year(folder, made)


@pytest.fixture
def sampled(year: Year) -> Iterator[Session]:
    """The branch after that year; nothing is written to it."""
    yield workplace.open_folder(year.folder, user="王敏", clock=lambda: NOW)
    database.close()
