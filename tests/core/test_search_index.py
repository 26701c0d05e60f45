"""The search: Chinese words of any length, any width, any mark; the same hits as looking through every key."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core import search_index, text
from app.core.database import database, transaction
from app.core.session import Session

TEXTS = (
    "TS-202611-0001 鑫瑞达商行 xinruidashanghang xrdsh 13800001234 六条霉变，有异味",
    "TS-202611-0002 新荣达食品店 xinrongda xrdspd 0755-86121234 订十条只给两条；要求补货",
    "a%b_c 'quote\" \\back *star (par) [br] {cu} ~!@#$^&=+|<>?/.,:;`-",
    "ＴＥＬ：１３９００００５６７８ 𠮷祥便利店 e\u0301clair Straße 霉 变",
    "霉变",
    "",
)


@pytest.fixture
def index(session: Session) -> Session:
    with transaction():
        search_index.put("complaint", enumerate(TEXTS, 1))
    return session


def found(typed: str) -> list[int]:
    asked = search_index.condition("complaint", typed)
    if asked is None:
        return []
    rows = database.execute_sql(
        f"SELECT found.rowid FROM {asked.source} WHERE {asked.sql} ORDER BY {asked.order}", asked.parameters
    ).fetchall()
    return sorted(number for (number,) in rows)


def by_looking(typed: str) -> list[int]:
    """What a search by LIKE over the keys finds: every word, wherever it stands."""
    words = text.key(typed).split()
    keys = {number: text.key(content) for number, content in enumerate(TEXTS, 1)}
    return [number for number, key in keys.items() if words and all(word in key for word in words)]


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        ("霉", [1, 4, 5]),
        ("霉变", [1, 5]),
        ("瑞达商", [1]),
        ("鑫瑞达商", [1]),
        ("达", [1, 2]),
        ("霉变 商行", [1]),
        ("霉变　商行", [1]),
        ("有异味，", []),
        ("，有", [1]),
        ("；要", [2]),
        (";要求", [2]),
        ("1234", [1, 2]),
        ("１２３４", [1, 2]),
        ("tel:139", [4]),
        ("ＴＥＬ：", [4]),
        ("xrd", [1, 2]),
        ("XRDSH", [1]),
        ("ts-202611-0002", [2]),
        ("%", [3]),
        ("_", [3]),
        ("b_c", [3]),
        ("a%c", []),
        ("'", [3]),
        ('"', [3]),
        ('quote"', [3]),
        ("\\back", [3]),
        ("*star", [3]),
        ("AND", []),
        ("xrd OR", []),
        ("NEAR(", []),
        ("𠮷", [4]),
        ("STRASSE", [4]),
        ("\x00霉变\ud800", [1, 5]),
        (" \n ", []),
        ("\x07", []),
    ],
)
def test_what_is_typed_is_found(index: Session, typed: str, rows: list[int]) -> None:
    assert found(typed) == rows


PIECES = st.sampled_from([piece for content in TEXTS for piece in (content, *content.split())]).flatmap(
    lambda content: st.tuples(st.integers(0, 20), st.integers(0, 6)).map(lambda cut: content[cut[0] : cut[0] + cut[1]])
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=3).map(" ".join))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
def test_the_index_finds_what_looking_through_the_keys_finds(index: Session, typed: str) -> None:
    assert found(typed) == by_looking(typed)


@pytest.mark.parametrize("typed", ["霉变" * 5000, " ".join(f"word{n}" for n in range(3000)), "".join(map(chr, range(33, 9000)))])
def test_a_whole_page_pasted_into_the_box_does_no_harm(index: Session, typed: str) -> None:
    assert found(typed) == []


def test_a_row_that_changed_is_found_by_its_new_text_only(index: Session) -> None:
    with transaction():
        search_index.put("complaint", [(5, "异味")])
    assert (found("霉变"), found("异味")) == ([1], [1, 5])
