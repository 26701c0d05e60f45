"""The handbook stays true: the same chapters in both languages, captions that the window has, links that lead somewhere."""

from __future__ import annotations

import re

import pytest

from app.core import language
from app.core.language import LANGUAGES, translated
from app.core.paths import resources
from app.models.steps import STEPPED, steps_of
from app.services import coach, handbook
from scripts.catalogue import SOURCE, source_words
from tests.quoted import QUOTED, bare

FOLDER = resources() / "handbook"
NAMES = [one.name for one in handbook.chapters()]
WINDOW = ("core", "models", "services", "views")
"""The rooms whose words the window shows; those of commands and papers are no captions."""
SUFFIXES = {"zh_CN": "zh", "en": "en"}


def source(code: str, name: str) -> str:
    return (FOLDER / code / f"{name}.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def words() -> set[str]:
    return set().union(*(source_words(SOURCE / room) for room in WINDOW))


@pytest.fixture(scope="module")
def captions(words: set[str]) -> dict[str, set[str]]:
    return {code: {bare(translated(word, code)) for word in words} for code in LANGUAGES}


@pytest.fixture(scope="module")
def chinese_words(words: set[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for word in words:
        found.setdefault(bare(word), set()).add(bare(translated(word, "zh_CN")))
    return found


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_chapter_is_a_file_and_each_file_a_chapter(code: str) -> None:
    assert sorted(NAMES) == sorted(path.stem for path in (FOLDER / code).iterdir())


def test_chapters_stand_under_their_readers_in_order() -> None:
    readers = [one.reader for one in handbook.chapters()]
    assert readers == sorted(readers, key=list(handbook.READERS).index)
    assert set(readers) == set(handbook.READERS)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_captions_that_are_quoted_stand_in_the_window(code: str, name: str, captions: dict[str, set[str]]) -> None:
    quoted = QUOTED[code].findall(source(code, name))
    assert [caption for caption in quoted if bare(caption) not in captions[code]] == []
    assert code == "en" or "**" not in source(code, name)


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_quote_the_same_captions(name: str, chinese_words: dict[str, set[str]]) -> None:
    chinese, english = ({bare(one) for one in QUOTED[code].findall(source(code, name))} for code in LANGUAGES)
    assert [one for one in english if not chinese_words[one] & chinese] == []
    assert chinese - {word for one in english for word in chinese_words[one]} == set()


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_have_as_many_steps_links_and_pictures(name: str) -> None:
    shapes = []
    for code in LANGUAGES:
        text = source(code, name)
        links = re.findall(r"\]\(([a-z-]+)\.md\)", text)
        pictures = re.findall(rf"\]\(\.\./pictures/([a-z]+)\.{SUFFIXES[code]}\.png\)", text)
        assert len(re.findall(r"!\[", text)) == len(pictures)
        steps = re.findall(r"^\d+\.", text, re.MULTILINE)
        headings = re.findall(r"^#+", text, re.MULTILINE)
        rows = re.findall(r"^\|", text, re.MULTILINE)
        shapes.append((sorted(links), pictures, steps, headings, len(rows)))
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize("code", LANGUAGES)
def test_titles_differ_and_begin_each_file(code: str) -> None:
    language.choose(code)
    titles = [one.title for one in handbook.chapters()]
    assert all(titles)
    assert len(set(titles)) == len(titles)
    assert [name for name in NAMES if not source(code, name).startswith("# ")] == []


def test_every_picture_is_shown_in_a_chapter() -> None:
    text = "".join(source(code, name) for code in LANGUAGES for name in NAMES)
    assert [path.name for path in (FOLDER / "pictures").iterdir() if path.name not in text] == []


@pytest.mark.parametrize("kind", STEPPED)
def test_every_step_is_helped_with(kind: str) -> None:
    assert [step.code for step in steps_of(kind) if not handbook.chapter_for([f"{kind}.{step.code}"])] == []


def test_nothing_is_helped_with_twice() -> None:
    helped = [name for one in handbook._contents().values() for name in one["helps"]]
    assert len(helped) == len(set(helped))
    steps = {f"{kind}.{step.code}" for kind in STEPPED for step in steps_of(kind)}
    assert [name for name in helped if "." in name and not name.startswith("settings.") and name not in steps] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_coach_speaks_in_the_handbook(code: str) -> None:
    language.choose(code)
    told = handbook.chapter("advice").source
    assert "{{" not in told
    for _kind, steps in coach.everything():
        for step, said in steps:
            assert step in told
            assert all(sentence in told for sentence in said)


@pytest.mark.parametrize(
    ("code", "typed", "first"),
    [
        ("zh_CN", "恢复", "restore"),
        ("zh_CN", "月结", "close-month"),
        ("zh_CN", "空白", "blank-form"),
        ("zh_CN", "派发 送达", "deliver"),
        ("zh_CN", "ＣＴＲＬ＋Ｋ", "find"),
        ("zh_CN", "U盘", "back-up"),
        ("zh_CN", "补打", "print"),
        ("zh_CN", "改电话", "add-customer"),
        ("zh_CN", "看不到电话", "customer"),
        ("zh_CN", "锁屏", "sign-in"),
        ("zh_CN", "登错了", "register-complaint"),
        ("en", "import", "import"),
        ("en", "stars", "customer"),
        ("en", "forgot password", "sign-in"),
        ("zh_CN", "怎么恢复数据", "restore"),
        ("en", "close the month", "close-month"),
        ("en", "BACK UP", "back-up"),
    ],
)
def test_search_finds(code: str, typed: str, first: str) -> None:
    language.choose(code)
    found = handbook.find(typed)
    assert first in [hit.chapter for hit in found[:3]]
    assert all(hit.title and hit.heading and hit.excerpt for hit in found)


def test_search_finds_nothing_where_nothing_is() -> None:
    language.choose("zh_CN")
    assert handbook.find("") == []
    assert handbook.find("   ") == []
    assert handbook.find("鱼") == []
    assert handbook.find("xyzzy[") == []


def test_pieces_hold_steps_tables_and_pictures() -> None:
    language.choose("en")
    found = handbook.pieces(handbook.chapter("back-up"))
    assert (found[0].kind, found[0].text) == ("heading", "Back up")
    assert [one.mark for one in found if one.kind == "item"] == ["1.", "2.", "3."]
    assert [one.mark for one in found if one.kind == "picture"] == ["backup.en.png"]
    table = next(one for one in handbook.pieces(handbook.chapter("staff")) if one.kind == "table")
    assert table.rows[0] == ("To", "do this")
    assert '"Edit"' in table.text
