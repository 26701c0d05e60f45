"""A screen of its own with a person before it: real keys go to the program, and pictures are taken.

Needs Xvfb, openbox, xdotool, xclip and ImageMagick.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE, _ANSWER, _CALM = 60.0, 2.0, 1.0


class Person:
    """Types where the focus is; `watched` is the file that `installer.watched` writes the focus to."""

    def __init__(self, display: str, watched: Path, pictures: Path) -> None:
        self._display, self._watched, self._pictures = display, watched, pictures
        self._taken = 0

    def _do(self, *command: str) -> None:
        subprocess.run(command, check=True, env={**os.environ, "DISPLAY": self._display}, stdout=subprocess.DEVNULL)

    def key(self, *names: str) -> None:
        """Press keys one after the other, each as `xdotool` names it."""
        for name in names:
            self._do("xdotool", "key", "--clearmodifiers", name)
            time.sleep(0.15)

    def types(self, text: str) -> None:
        """Type text; Chinese is pasted, for there is no input method here."""
        if text.isascii():
            self._do("xdotool", "type", "--delay", "60", text)
        else:
            settings = {**os.environ, "DISPLAY": self._display}
            command = ("xclip", "-selection", "clipboard")
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, input=text, text=True, env=settings)
            self.key("ctrl+v")
        time.sleep(0.4)

    def focus(self) -> str:
        """The name of what has the focus."""
        lines = self._watched.read_text(encoding="utf-8").splitlines() if self._watched.exists() else []
        return next((line for line in reversed(lines) if line), "")

    def waits_for(self, *names: str) -> str:
        """Until one of these has the focus."""
        until = time.monotonic() + PATIENCE
        while self.focus() not in names:
            if time.monotonic() > until:
                self.picture("stuck")
                raise AssertionError(f"{names} did not get the focus; {self.focus()} has it")
            time.sleep(0.1)
        return self.focus()

    def rests(self) -> None:
        """Until the focus has stayed where it is for a moment: the program is done with what was asked."""
        size, since = self._size(), time.monotonic()
        while time.monotonic() - since < _CALM:
            time.sleep(0.1)
            if self._size() != size:
                size, since = self._size(), time.monotonic()

    def _size(self) -> int:
        return self._watched.stat().st_size if self._watched.exists() else 0

    def tabs_to(self, name: str, most: int = 90) -> None:
        """Press Tab until the focus is there."""
        self.rests()
        for _turn in range(most):
            if self.focus() == name:
                return
            before = self._size()
            self.key("Tab")
            until = time.monotonic() + _ANSWER
            while self._size() == before and time.monotonic() < until:
                time.sleep(0.05)
        self.picture("stuck")
        raise AssertionError(f"Tab does not reach {name}; {self.focus()} has the focus")

    def step(self, code: str, *typed: tuple[str, str]) -> None:
        """Take a step of a case: reach its button, fill what it asks, do it."""
        self.tabs_to(f"act_{code}")
        self.key("Return")
        time.sleep(0.6)
        for name, text in typed:
            self.tabs_to(name)
            self.key("ctrl+a")
            self.types(text)
        self.tabs_to(f"do_{code}")
        self.key("Return")
        time.sleep(1.2)

    def picture(self, name: str) -> Path:
        """What is on the screen now."""
        time.sleep(0.6)
        self._taken += 1
        path = self._pictures / f"{self._taken:02}-{name}.png"
        self._do("import", "-window", "root", str(path))
        return path


@contextmanager
def screen() -> Iterator[str]:
    """The display of an office screen with a window manager."""
    read, write = os.pipe()
    command = ("Xvfb", "-noreset", "-displayfd", str(write), "-screen", "0", "1366x768x24", "-nolisten", "tcp")
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    display = f":{os.read(read, 20).decode().strip()}"
    manager = subprocess.Popen(["openbox"], env={**os.environ, "DISPLAY": display}, stderr=subprocess.DEVNULL)
    try:
        yield display
    finally:
        for process in (manager, server):
            process.terminate()
            process.wait()
        os.close(read)  # not earlier: the server writes its line in two pieces
