"""The least inputs that once broke something, as changed inputs found them (`python -m tests.fuzzing`)."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.core import key_file, keyring, tries, wrapping
from app.core.errors import UserError
from app.core.progress import Progress
from app.services import backup_file, register_dates, unarchiving
from app.services.register_files import open_register
from app.services.register_mapping import read_mapping
from tests.core.protected import MINE, protected
from tests.end_to_end.program import ROOT
from tests.services.workbooks import raw_workbook

_SHEETS = '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets>'


def test_a_workbook_without_a_sheet_is_said(tmp_path: Path) -> None:
    whole, path = raw_workbook(tmp_path / "whole.xlsx", ""), tmp_path / "none.xlsx"
    with zipfile.ZipFile(whole) as read, zipfile.ZipFile(path, "w") as written:
        for name in read.namelist():
            written.writestr(name, read.read(name).replace(_SHEETS.encode(), b""))
    with pytest.raises(UserError, match="damaged or no workbook"):
        open_register(path)


@pytest.mark.parametrize("notation", ["%m %m", "%d%d", "%Y-%m-%d %H:%H"])
def test_a_notation_that_names_a_part_twice_is_refused(tmp_path: Path, notation: str) -> None:
    assert register_dates.check_formats((notation,)) == notation
    path = tmp_path / "m.toml"
    path.write_text(f'[formats]\nreceived_at = "{notation}"\n', encoding="utf-8")
    with pytest.raises(UserError, match="is no date notation"):
        read_mapping(path, "complaints", {"received_at": None})


def _put(part: str, value: object) -> Callable[[dict[str, Any]], object]:
    return lambda entry: entry.update({part: value})


_ODD_ENTRIES: dict[str, Callable[[dict[str, Any]], object]] = {
    "no salt": lambda entry: entry.pop("salt"),
    "no sealed keys": _put("sealed", []),
    "sealed is a number": _put("sealed", 5),
    "a salt that is too short": _put("salt", "AAAA"),
    "a key that is too short": _put("public", "AAAA"),
    "no base64": _put("private", "A"),
    "letters that are no base64": _put("private", "钥"),
    "a cost of two numbers": _put("cost", [1, 64]),
    "a cost below the least": _put("cost", [0, 0, 0]),
    "a cost that is no number": _put("cost", ["1", "64", "1"]),
    "a name that is none": _put("name", 5),
}


@pytest.mark.parametrize("odd", _ODD_ENTRIES.values(), ids=list(_ODD_ENTRIES))
@pytest.mark.parametrize("whose", ["people", "recovery"])
def test_an_odd_entry_in_a_key_file_whose_sum_fits_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whose: str, odd: Callable[[dict[str, Any]], object]
) -> None:
    monkeypatch.setattr(keyring, "COST", (1, 64, 1))
    made = protected(tmp_path)
    body = key_file.read(tmp_path).body
    odd(body["people"]["王敏"] if whose == "people" else body["recovery"])
    key_file.write(tmp_path, body)
    _all_say_it(tmp_path, made)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("people", {"王敏": 5}),
        ("recovery", {}),
        ("macs", ["钥匙"]),
        ("macs", []),
        ("macs", [5]),
        ("files", [5]),
        ("files", ["A"]),
    ],
)
def test_an_odd_part_of_a_key_file_whose_sum_fits_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str, value: object
) -> None:
    monkeypatch.setattr(keyring, "COST", (1, 64, 1))
    made = protected(tmp_path)
    key_file.write(tmp_path, key_file.read(tmp_path).body | {part: value})
    _all_say_it(tmp_path, made)


def _all_say_it(folder: Path, made: keyring.Made) -> None:
    for act in (
        lambda: keyring.people(folder),
        lambda: keyring.unlock(folder, "王敏", MINE),
        lambda: keyring.unlock_by_code(folder, made.code),
        lambda: keyring.new_code(folder, made.key),
    ):
        with pytest.raises(UserError, match="missing or damaged"):
            act()


def test_an_odd_copy_of_the_key_file_is_mended_from_the_good_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "COST", (1, 64, 1))
    made = protected(tmp_path)
    odd = key_file.read(tmp_path).body | {"recovery": {}, "serial": 999}
    (tmp_path / key_file.FILE_NAMES[0]).write_bytes(key_file.encode(odd))
    unlocked = keyring.unlock(tmp_path, "王敏", MINE)
    assert unlocked.key == made.key
    assert "mended" in unlocked.notes[0]


def test_what_a_key_file_asks_for_costs_at_most_a_few_seconds() -> None:
    rounds, memory, _lanes = wrapping._MOST
    assert memory <= 256 * 1024  # KiB
    assert rounds * memory <= 10 * 256 * 1024


@pytest.mark.parametrize(
    "content",
    ["[" * 100_000, '{"KEY": [NaN, 0, 0]}', '{"KEY": [5, Infinity, 0]}', '{"KEY": [1e400, 0, 0]}', '{"KEY": [1, -5, 0]}'],
)
def test_an_odd_count_of_tries_counts_for_none(tmp_path: Path, content: str) -> None:
    (tmp_path / tries.FILE_NAME).write_text(content.replace("KEY", tries._code("王敏")), encoding="utf-8")
    assert tries.left(tmp_path, "王敏") == 0
    tries.begin(tmp_path, "王敏")


def test_pages_of_others_are_still_there_while_the_whole_is_saved() -> None:
    """Saved after their files were closed, PDFium read freed memory; a damaged file ended the program."""
    done = subprocess.run([sys.executable, "-c", _ENCLOSING, str(Path(__file__).with_name("damaged_form.pdf"))], cwd=ROOT)
    assert done.returncode == 0


_ENCLOSING = """
import sys
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from reportlab.pdfgen.canvas import Canvas
from app.reports.enclosures import Inset, filled, page_sizes
ours = BytesIO()
canvas = Canvas(ours)
canvas.showPage()
canvas.save()
content = Path(sys.argv[1]).read_bytes()

class Given:
    def content(self):
        return content

assert page_sizes(content)
assert filled(ours.getvalue(), [Inset(0, Given(), 0, 10, 10, 100, 100)]).startswith(b"%PDF")
"""


_MANIFEST: dict[str, Any] = {
    **{"kind": "hand", "made_at": "2026-11-23T06:32:00+00:00", "branch_code": "CD", "branch_name": "城东", "time_zone": "UTC"},
    **{"schema": 1, "size": 1, "sha256": "0" * 64, "counts": {"customer": 1}, "last_at": None, "history": 1, "head": ""},
    **{"files": 0, "files_size": 0, "missing": []},
}


@pytest.mark.parametrize(
    "odd",
    [{"counts": {"customer": float("inf")}}, {"size": float("nan")}, {"made_at": "0001-01-01T00:00:00+23:59"}, {"counts": 5}],
)
def test_a_backup_that_says_what_cannot_be_is_damaged(tmp_path: Path, odd: dict[str, Any]) -> None:
    path = tmp_path / "CD-20261123-143200_hand_h12.kesu"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("manifest.json", json.dumps(_MANIFEST))
    assert backup_file.manifest_of(path).branch_code == "CD"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("manifest.json", json.dumps(_MANIFEST | odd))
    with pytest.raises(UserError, match="damaged or no backup"):
        backup_file.manifest_of(path)


@pytest.mark.parametrize("rows", ["Infinity", "NaN", "-Infinity", "1e999"])
def test_an_archive_that_says_what_cannot_be_is_refused(tmp_path: Path, rows: str) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as made:
        said = (
            f'{{"format": "kesu-archive", "edition": 1, "schema": 1, "attachments": {{}}, "tables": {{"a": {{"rows": {rows}}}}}}}'
        )
        made.writestr("manifest.json", said)
    with pytest.raises(UserError, match="its manifest cannot be read"):
        unarchiving.take_in(path, tmp_path / "new", datetime(2026, 11, 23, tzinfo=UTC), Progress())
