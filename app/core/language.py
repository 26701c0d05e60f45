"""The words of the program in the user's language, through gettext. English stands in the source."""

from __future__ import annotations

import gettext
import locale
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from struct import unpack_from
from typing import Any

from app.core.paths import resources

LANGUAGES = {"zh_CN": "简体中文", "en": "English"}
DEFAULT = "zh_CN"
_NAMED_BY = ("KESU_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
"""Not asked of the locale module: it takes C.UTF-8, which names no language, for American."""

# The one thing of the program besides the database that a process has once: every sentence needs it.
_catalogue: list[gettext.NullTranslations] = [gettext.NullTranslations()]
_chosen: list[str] = ["en"]
_meanwhile: ContextVar[str | None] = ContextVar("_meanwhile", default=None)
"""The language that one thread speaks for a while, whatever was chosen."""


class Words(gettext.NullTranslations):
    """A catalogue as it is compiled here: all messages, then all their words, each ended by a zero.

    It is read in two pieces; gettext goes from message to message, which took a fiftieth of a start.
    """

    def _parse(self, fp: Any) -> None:  # noqa: ANN401 - an open file
        content = fp.read()
        messages, words = (unpack_from("<I", content, unpack_from("<I", content, place)[0] + 4)[0] for place in (12, 16))
        known = content[messages:words].decode().split("\0")
        self._known: dict[str, str] = dict(zip(known, content[words:].decode().split("\0"), strict=True))

    def gettext(self, message: str) -> str:
        """The words for a message; itself where there are none."""
        return self._known.get(message, message)


def N_(message: str) -> str:
    """Mark a declared word for translation; it is translated where it is shown."""
    return message


def _(message: str) -> str:
    """The message in the chosen language."""
    words = _catalogue[0] if _meanwhile.get() is None else _words(chosen())
    return words.gettext(message) if message else ""


def choose(language: str) -> None:
    """Speak `language` (a code of LANGUAGES) from now on."""
    _catalogue[0] = _words(language)
    _chosen[0] = language


@cache
def _words(language: str) -> gettext.NullTranslations:
    return gettext.translation("kesu", str(resources() / "locale"), [language], class_=Words, fallback=True)


def translated(message: str, language: str) -> str:
    """A message marked by N_ in a language that need not be the chosen one: a text goes on in the one it was begun in."""
    return _words(language).gettext(message)


def chosen() -> str:
    """The code of the language in use."""
    return _meanwhile.get() or _chosen[0]


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak another language inside, on this thread alone: a paper is read in the one it was written in."""
    before = _meanwhile.set(language)
    try:
        yield
    finally:
        _meanwhile.reset(before)


def preferred(environment: Mapping[str, str] = os.environ) -> str:
    """The language to start in: KESU_LANG, else the system's if we have it, else Chinese."""
    asked = next((environment[name] for name in _NAMED_BY if environment.get(name)), "")
    if not asked and sys.platform == "win32":
        asked = locale.getlocale()[0] or ""
    return next((code for code in LANGUAGES if asked.lower().startswith(code[:2])), DEFAULT)
