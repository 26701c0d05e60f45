"""What names and phones are compared by."""

from __future__ import annotations

import pytest

from app.core.likeness import name_key, phones


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("鑫瑞达商行", "鑫瑞达"),
        ("鑫瑞达 超市", "鑫瑞达"),
        ("鑫瑞达（商行）", "鑫瑞达"),
        ("杭州鑫瑞达商贸有限公司", "杭州鑫瑞达"),
        ("鑫瑞达烟酒经营部(个体工商户)", "鑫瑞达烟酒"),
        ("鑫瑞达商行（解放路店）", "鑫瑞达商行解放路"),
        ("ＳＵＮＮＹ　Mart Co., Ltd.", "sunnymart"),
        ("Tobacco", "tobacco"),
        ("Inc", "inc"),
        ("商行", "商行"),
        ("王商行", "王商行"),
        ("7-11便利店", "711"),
        ("——", ""),
        ("", ""),
    ],
)
def test_spelling_brackets_and_legal_form_make_no_other_name(name: str, key: str) -> None:
    assert name_key(name) == key


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("138 0000-1234", {"13800001234"}),
        ("+86 13800001234 / 0571-5550118", {"13800001234", "05715550118"}),
        ("１３８００００１２３４；12313", {"13800001234"}),
        ("无", set()),
        (None, set()),
    ],
)
def test_a_phone_field_holds_any_number_of_numbers(written: str | None, numbers: set[str]) -> None:
    assert phones(written) == numbers
