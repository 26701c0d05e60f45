"""Where things lie: the program's own resources and the folder of a branch's data."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path


@cache
def resources() -> Path:
    """The folder of fonts, icons, texts and catalogues that ships with the program."""
    return Path(__file__).resolve().parents[2] / "resources"


def data_folder(asked: str | None = None) -> Path:
    """The folder of database, attachments and backups: as asked, else KESU_DATA, else the platform's."""
    chosen = asked or os.environ.get("KESU_DATA") or _usual()
    return Path(os.path.expanduser(chosen)).absolute()


def own_folder(sample: Path) -> Path:
    """The data folder to go to from that of a sample: never the sample again."""
    asked = data_folder()
    return asked if asked != sample.absolute() else _usual()


def _usual() -> Path:
    return _of_the_platform("kesu")


def sample_folder() -> Path:
    """The folder of the sample branch, never that of a real one."""
    return _of_the_platform("kesu-sample")


def _of_the_platform(name: str) -> Path:
    import platformdirs  # whoever names the folder does without

    return Path(platformdirs.user_data_dir(name, appauthor=False)).absolute()
