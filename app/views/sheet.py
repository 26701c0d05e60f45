"""The one style sheet of the application: filling resources/sheet.qss with colours and measures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from app.core.paths import resources


@cache
def template() -> str:
    """The sheet as it is kept: `$token` is a colour, `@14` a measure that follows the size of type."""
    return (resources() / "sheet.qss").read_text(encoding="utf-8").partition("*/")[2]


def filled(colours: Mapping[str, str], theme: str, pictures: str, scale: float) -> str:
    """The sheet of one theme; `pictures` is a folder in slashes. KeyError where the sheet names a colour that there is not."""
    values = {**colours, "theme": theme, "pictures": pictures}
    coloured = re.sub(r"\$([a-z][a-z0-9-]*)", lambda found: values[found[1]], template())
    return re.sub(r"@(\d+)", lambda found: str(round(int(found[1]) * scale)), coloured)
