"""What this desk remembers between starts: window, columns, look, language, who sits here. A file, not shared."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from app.core.errors import UserError
from app.core.files import write_whole

FILE_NAME = "desk.json"


class Preferences:
    """A small JSON file, written whole under a temporary name. What cannot be read or written costs memory, never work."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._values: dict[str, Any] = {}
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            kept = {}
        if isinstance(kept, dict):
            self._values = kept

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - JSON
        """What was remembered under a name."""
        return self._values.get(name, default)

    def put(self, name: str, value: Any) -> None:  # noqa: ANN401 - JSON
        """Remember a JSON value."""
        if self._values.get(name) == value:
            return
        self._values[name] = value
        with suppress(UserError):
            write_whole(self._path, json.dumps(self._values, ensure_ascii=False, indent=1).encode())
