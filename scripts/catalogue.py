"""Keep the catalogue of the program's words: gather them from the source, take in translations, compile, check.

python scripts/catalogue.py update            words of the source into the catalogue
python scripts/catalogue.py update --prune    the same, and drop words that the source no longer has
python scripts/catalogue.py add WORDS.json    update, then take in {"English": "中文"}
python scripts/catalogue.py check             exit 1 and name what is missing, unused or out of step
"""

from __future__ import annotations

import argparse
import gettext
import io
import json
import os
import string
import sys
import tempfile
import tokenize
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "app"
PO = ROOT / "resources" / "locale" / "zh_CN" / "LC_MESSAGES" / "kesu.po"
KEYWORDS = {"_": None, "N_": None}
# The header carries no dates: two people who add words must not meet in a line that says nothing.
HEADER = """msgid ""
msgstr ""
"Project-Id-Version: kesu\\n"
"Language: zh_CN\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
FIXED = datetime(2026, 1, 1, tzinfo=UTC)


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def source_words(source: Path = SOURCE) -> set[str]:
    """Every msgid in the source; a file that is being written just now is named and passed over."""
    words: set[str] = set()
    for path in sorted(source.rglob("*.py")):
        try:
            words |= {str(found[1]) for found in extract_from_file("python", path, keywords=KEYWORDS) if found[1]}
        except (SyntaxError, tokenize.TokenError) as error:
            say(f"{path.relative_to(ROOT)} cannot be read: {error}")
    return words


def load(path: Path) -> dict[str, Message]:
    """The catalogue's entries, those that were out of use among them."""
    if not path.exists():
        return {}
    catalog = read_po(io.BytesIO(path.read_bytes()), locale="zh_CN")
    return {str(entry.id): entry for entry in [*catalog, *catalog.obsolete.values()] if entry.id}


def merged(entries: dict[str, Message], words: set[str], prune: bool = False) -> Catalog:
    catalog = Catalog(locale="zh_CN", creation_date=FIXED, revision_date=FIXED)
    for word in sorted(words):
        known = entries.get(word)
        catalog.add(word, string=known.string if known else "", user_comments=known.user_comments if known else ())
    if not prune:
        unused = (word for word in sorted(entries.keys() - words) if entries[word].string)
        catalog.obsolete.update({word: Message(word, string=entries[word].string) for word in unused})
    return catalog


def replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f"{path.suffix}.{os.getpid()}.tmp")
    part.write_bytes(content)
    part.replace(path)


def write(catalog: Catalog, path: Path) -> None:
    """The .po sorted and without line numbers, so that its differences stay small, and the .mo beside it."""
    text = io.BytesIO()
    write_po(text, catalog, width=0, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=False)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    replace(path, HEADER.encode() + text.getvalue())
    replace(path.with_suffix(".mo"), compiled.getvalue())


@contextmanager
def alone() -> Iterator[None]:
    """One writer at a time: the catalogue is one file and several people add to it."""
    try:
        import fcntl  # not on Windows, where nobody shares a working tree
    except ImportError:
        yield
        return
    with (Path(tempfile.gettempdir()) / "kesu-catalogue.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def update(prune: bool = False, path: Path = PO, source: Path = SOURCE) -> list[str]:
    with alone():
        catalog = merged(load(path), source_words(source), prune)
        write(catalog, path)
    return [str(entry.id) for entry in catalog if entry.id and not entry.string]


def add(given: dict[str, str], path: Path = PO, source: Path = SOURCE) -> list[str]:
    """Take in translations; one whose word is not in the source yet is kept until it is. Returns what still lacks one."""
    with alone():
        entries, words = load(path), source_words(source)
        for word, translation in given.items():
            before = entries.get(word)
            if before and before.string and before.string != translation:
                say(f"changed: {word!r}: {before.string} → {translation}")
            entries[word] = Message(word, string=translation)
        for word in sorted(given.keys() - words):
            say(f"not in the source: {word!r}")
        catalog = merged(entries, words)
        write(catalog, path)
    return [str(entry.id) for entry in catalog if entry.id and not entry.string]


def placeholders(text: str) -> set[str] | None:
    """The names in braces; None where the text is no format."""
    try:
        return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return None


def faults(path: Path = PO, source: Path = SOURCE) -> list[str]:
    words, found = source_words(source), []
    catalog = read_po(io.BytesIO(path.read_bytes()), locale="zh_CN") if path.exists() else Catalog(locale="zh_CN")
    entries = {str(entry.id): entry for entry in catalog if entry.id}
    for word in sorted(words):
        entry = entries.get(word)
        if entry is None or not entry.string:
            found.append(f"missing: {word!r}")
        elif entry.fuzzy:
            found.append(f"fuzzy: {word!r}")
        elif placeholders(word) != placeholders(str(entry.string)):
            found.append(f"placeholders differ: {word!r} / {entry.string!r}")
    unused = (entries.keys() - words) | {str(word) for word in catalog.obsolete}
    found += [f"not in the source (update --prune drops it): {word!r}" for word in sorted(unused)]
    if not compiled_is_current(path, {word: str(entry.string) for word, entry in entries.items() if entry.string}):
        found.append(f"{path.with_suffix('.mo').name} is older than {path.name}: run update")
    return found


def compiled_is_current(path: Path, expected: dict[str, str]) -> bool:
    try:
        with path.with_suffix(".mo").open("rb") as compiled:
            translations = gettext.GNUTranslations(compiled)
    except OSError:
        return False
    # The compiled form tells nothing else about its words; its private mapping is the only list of them.
    held = {word: text for word, text in translations._catalog.items() if word}  # type: ignore[attr-defined] # noqa: SLF001
    return held == expected


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("update").add_argument("--prune", action="store_true")
    commands.add_parser("add").add_argument("words", type=Path, nargs="+")
    commands.add_parser("check")
    chosen = parser.parse_args(arguments)
    if chosen.command == "check":
        found = faults()
        print("\n".join(found) if found else "The catalogue is complete.")
        return 1 if found else 0
    if chosen.command == "add":
        given: dict[str, str] = {}
        for words in chosen.words:
            given |= json.loads(words.read_text(encoding="utf-8"))
        lacking = add(given)
    else:
        lacking = update(chosen.prune)
    print(f"{len(lacking)} words have no translation yet.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
