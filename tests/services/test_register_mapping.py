"""Columns are recognised by their usual names or as a mapping says, wherever the header stands."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from app.core import language
from app.core.errors import UserError
from app.services.register_headers import Header, header_key, locate, recognise, usual_headers
from app.services.register_mapping import Mapping, read_mapping, write_mapping
from app.services.register_targets import KINDS, targets
from tests.data_checks.registers import MAPPINGS

EXAMPLE = """
kind = "complaints"
sheet = "2024年"
header_row = 3
[columns]
number = "编号"
received_at = "投诉日期"
address = ["区", "街道"]
class = "类别"
solved_on_spot = "当场解决"
[values.class]
"质量" = "product"
"*" = "service"
[values.solved_on_spot]
"是" = true
[defaults]
channel = "phone"
promised_at = 2024-01-05
[formats]
received_at = ["%Y.%m.%d", "%Y年%m月%d日", "excel"]
"""


def mapping_of(tmp_path: Path, text: str, kind: str = "complaints") -> Mapping:
    (tmp_path / "map.toml").write_text(text, encoding="utf-8")
    return read_mapping(tmp_path / "map.toml", kind, targets(kind))


def fields(kind: str) -> dict[str, object]:
    return {code: target.field for code, target in targets(kind).items()}


def test_a_table_of_values_that_holds_none_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    mapping = mapping_of(tmp_path, '[columns]\nclass = "类别"\n[values.class]\n')
    assert not mapping.values
    assert mapping_of(tmp_path, write_mapping(mapping)) == mapping


def test_a_mapping_is_read_and_written_back(tmp_path: Path) -> None:
    mapping = mapping_of(tmp_path, EXAMPLE)
    assert mapping.columns["address"] == ("区", "街道")
    assert mapping.values["solved_on_spot"] == {"是": True}
    assert mapping.defaults == {"channel": "phone", "promised_at": "2024-01-05"}
    assert mapping_of(tmp_path, write_mapping(mapping)) == mapping


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[columns]\nrecieved_at = 'x'", "Is “received_at” meant"),
        ("colums = 1", "Is “columns” meant"),
        ("kind = 'customers'", "is for customers, not for complaints"),
        ("[columns", "no valid TOML"),
        ("columns = 3", "must be a table"),
        ("[columns]\nclass = 3", "needs a text"),
        ("[values]\nclass = 3", "must be a table"),
        ("[formats]\nreceived_at = 'dd.mm'", "no date notation"),
        ("header_row = 'x'", "header_row"),
        ("[values.class]\nx = [1]", "needs a text, a number"),
    ],
)
def test_mistakes_in_a_mapping_are_said(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence) as raised:
        mapping_of(tmp_path, text)
    assert str(raised.value).startswith("map.toml")


def test_odd_headers_survive_being_written(tmp_path: Path) -> None:
    mapping = Mapping("complaints", {"number": ('a"b\\c\n\td',), "class": ("=x#[y]",)}, {"class": {'"': "product", "": "self"}})
    assert mapping_of(tmp_path, write_mapping(mapping)) == mapping


@pytest.mark.parametrize("kind", KINDS)
def test_usual_headers_belong_to_fields(kind: str) -> None:
    unknown = usual_headers(kind).keys() - targets(kind).keys()
    assert unknown == set()


@pytest.mark.parametrize("path", sorted(MAPPINGS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_kept_mapping_can_be_read(path: Path) -> None:
    kind = tomllib.loads(path.read_text(encoding="utf-8"))["kind"]
    assert read_mapping(path, kind, targets(kind)).columns


def test_headers_are_found_below_a_title_and_whatever_their_width_or_case() -> None:
    rows = [
        (2, ("2024年客户投诉登记表",)),
        (3, (None, "制表：办公室")),
        (5, ("序号", "投诉编号 ", "受理日期*", "客户　名称", "投诉内容（必填）", "联系电话:")),
        (6, ("1", "A1", "2024-1-5", "甲", "乙", "1")),
    ]
    header = recognise(rows, "complaints", fields("complaints"))  # type: ignore[arg-type]
    assert header is not None
    assert header.row == 5
    assert header.columns == {"number": (1,), "received_at": (2,), "customer": (3,), "description": (4,), "phone": (5,)}


def test_english_headers_and_our_own_words_are_recognised() -> None:
    rows = [(1, ("Complaint ID", "DATE  RECEIVED", "Consumer complaint narrative", "Complaint class", "closed_at"))]
    header = recognise(rows, "complaints", fields("complaints"))  # type: ignore[arg-type]
    assert header is not None
    assert header.columns == {"number": (0,), "received_at": (1,), "description": (2,), "class": (3,), "closed_at": (4,)}


@pytest.mark.parametrize("chosen", ["zh_CN", "en"])
def test_our_own_headings_are_recognised_in_both_languages(chosen: str) -> None:
    labels = targets("customers")["licence"].field.label, targets("customers")["name"].field.label
    for spoken in ("zh_CN", "en"):
        language.choose(spoken)
        heads = tuple(language._(label) for label in labels)
        language.choose(chosen)
        header = recognise([(1, heads)], "customers", fields("customers"))  # type: ignore[arg-type]
        assert header is not None
        assert header.columns == {"licence": (0,), "name": (1,)}


def test_nothing_is_recognised_in_what_is_no_register() -> None:
    assert recognise([(1, ("foo", "bar")), (2, (1, None))], "complaints", fields("complaints")) is None  # type: ignore[arg-type]


def test_mapped_headers_are_found_and_missing_ones_named() -> None:
    rows = [(1, ("title",)), (4, ("编号", " 投诉 日期", "x"))]
    found = locate(rows, {"number": ("编号",), "received_at": ("投诉 日期",)})
    assert isinstance(found, Header)
    assert (found.row, dict(found.columns)) == (4, {"number": (0,), "received_at": (1,)})
    assert locate(rows, {"number": ("编号",), "class": ("类别",)}) == ("类别",)


def test_a_stated_header_row_goes_before_another_that_fits() -> None:
    rows = [(1, ("a", "b")), (2, ("b", "a")), (3, ("1", "2"))]
    found = locate(rows, {"number": ("a",)}, row=2)
    assert isinstance(found, Header)
    assert (found.row, found.columns["number"]) == (2, (1,))
    elsewhere = locate(rows, {"number": ("a",)}, row=9)
    assert isinstance(elsewhere, Header)
    assert elsewhere.row == 1


def test_marks_around_a_header_do_not_matter() -> None:
    assert {header_key(name) for name in ("电话", "电话：", "*电话", " 电话 (必填)", "电话*", "电　 话")} == {"电话"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a = " + "[" * 50_000, "is no valid TOML"),
        ("header_row = " + "9" * 5000, "is no valid TOML"),
        ("header_row = true", "header_row must be the number of a line"),
        ('[columns]\nnumber = " "', "needs a text"),
        ("# " + "x" * (1 << 20), "is too long for a mapping"),
    ],
    ids=["lists without end", "a number too long", "true", "a blank header", "too long"],
)
def test_a_hostile_mapping_is_refused_with_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        mapping_of(tmp_path, text)


def test_a_mapping_that_is_not_utf_8_is_said(tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_bytes(b'kind = "\xb9\xab"')
    with pytest.raises(UserError, match="is not UTF-8 from byte 9 on"):
        read_mapping(tmp_path / "map.toml", "complaints", targets("complaints"))
