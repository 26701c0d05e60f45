"""The catalogue's command: nothing gets lost when words come and go, and the check names every fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import catalogue


@pytest.fixture
def po(tmp_path: Path) -> Path:
    return tmp_path / "kesu.po"


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program of three words."""
    monkeypatch.setattr(catalogue, "ROOT", tmp_path)
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "some.py").write_text('N_("Customer"), _("Save"), _("Page {page} of {pages}")\n')
    return folder


WORDS = {"Customer": "客户", "Save": "保存", "Page {page} of {pages}": "第 {page} 页，共 {pages} 页"}


def test_words_of_the_source_are_asked_for(po: Path, source: Path) -> None:
    assert sorted(catalogue.update(path=po, source=source)) == sorted(WORDS)
    assert len(catalogue.faults(po, source)) == len(WORDS)


def test_a_complete_catalogue_has_no_fault(po: Path, source: Path) -> None:
    assert catalogue.add(WORDS, po, source) == []
    assert catalogue.faults(po, source) == []


def test_a_lost_placeholder_is_a_fault(po: Path, source: Path) -> None:
    catalogue.add(WORDS | {"Page {page} of {pages}": "第 {page} 页"}, po, source)
    assert [fault.partition(":")[0] for fault in catalogue.faults(po, source)] == ["placeholders differ"]


def test_a_word_that_comes_back_keeps_its_translation(po: Path, source: Path) -> None:
    catalogue.add(WORDS, po, source)
    program = (source / "some.py").read_text()
    (source / "some.py").write_text("")
    catalogue.update(path=po, source=source)
    assert len(catalogue.faults(po, source)) == len(WORDS)
    (source / "some.py").write_text(program)
    assert catalogue.update(path=po, source=source) == []


def test_pruning_drops_what_the_source_no_longer_has(po: Path, source: Path) -> None:
    catalogue.add(WORDS | {"Gone": "已删"}, po, source)
    assert catalogue.faults(po, source)
    catalogue.update(prune=True, path=po, source=source)
    assert catalogue.faults(po, source) == []


def test_an_edited_catalogue_asks_to_be_compiled(po: Path, source: Path) -> None:
    catalogue.add(WORDS, po, source)
    po.write_text(po.read_text(encoding="utf-8").replace("保存", "存盘"), encoding="utf-8")
    assert ["older" in fault for fault in catalogue.faults(po, source)] == [True]


def test_writing_again_changes_no_byte(po: Path, source: Path) -> None:
    catalogue.add(WORDS, po, source)
    before = po.read_bytes(), po.with_suffix(".mo").read_bytes()
    catalogue.update(path=po, source=source)
    assert (po.read_bytes(), po.with_suffix(".mo").read_bytes()) == before
