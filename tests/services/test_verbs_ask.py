"""Each verb that writes or lets something out asks the table of who may."""

from __future__ import annotations

import ast
from pathlib import Path

APP = Path(__file__).resolve().parents[2] / "app"
WRITERS = {"transaction", "whole_file", "coming_file", "write_whole", "write_durable"}
NO_VERBS = {
    "models.attachments.sweep": "what a broken-off attaching left, which no record names",
    "models.branches.create": "a new database has nobody yet",
    "models.deadlines.work_out": "brings deadlines along after what a verb changed",
    "models.history.erase": "inside the transaction of a verb",
    "models.history.erase_asked": "inside the transaction of a verb",
    "models.history.write": "what every verb leaves behind",
    "models.history.write_many": "what every verb leaves behind",
    "models.objection_steps.register": "adds and takes steps, which ask",
    "models.staff.enter_first": "a new database, or turning passwords on, which asks",
    "models.staff.note_password": "follows a proof by password or recovery code, or a reset, which asks",
    "models.steps.take": "steps name their roles themselves",
    "models.unfinished.drop": "the form was saved, or thrown away by whom it belongs to",
    "models.workdays.seed": "what is published; the verb is take_in",
    "services.anchors.write_daily": "a number and a hash, by the program itself",
    "services.erased_kept.close": "after a verb erased something, or an update of the tables",
    "services.erased_list.bring_together": "part of a restore, which asks",
    "services.erased_list.keep": "part of an erasure or a restore, which ask",
    "services.erased_traces.finish": "after a verb deleted something",
    "services.erased_traces.note": "after a verb deleted something",
    "services.restoring.put_in_place": "by a right that was asked for: services.restore_rights",
    "services.restoring.restore": "by a right that was asked for: services.restore_rights",
    "services.scheduled_export.end": "the verb is withdraw; or who registered it is disabled, which asks",
    "services.unarchiving.take_in": "a new database has nobody yet",
    "services.sample.fill": "the sample branch is made in an open branch only",
    "services.workplace.open_folder": "fills a calendar that an older version left empty",
    "reports.papers.keep_record": "prints.record_print asks",
    "reports.papers_many.keep_records": "prints.record_print asks",
    "reports.papers_many.write_together": "prints.record_print asks, before the file is there",
    "reports.papers_many.write_each": "prints.record_print asks, before the file is there",
    "reports.papers_period.write": "prints.keep_file asks, before the file is there",
    "reports.table_workbook.write_list": "the verb is export; this only writes the rows it is given",
}


def called(function: ast.FunctionDef) -> set[str]:
    calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return {one.id if isinstance(one, ast.Name) else getattr(one, "attr", "") for one in calls}


def reached(name: str, functions: dict[str, ast.FunctionDef]) -> set[str]:
    """What a function calls, by way of others of its module too."""
    waiting, seen, found = [name], set(), set()
    while waiting:
        here = waiting.pop()
        if here not in seen:
            seen.add(here)
            found |= called(functions[here])
            waiting += [one for one in found if one in functions]
    return found


def verbs_that_do_not_ask(root: Path) -> list[str]:
    """The public functions of the rooms that write a database or a file without asking the table."""
    missing = []
    for path in sorted(one for room in ("models", "services", "reports") for one in (root / room).rglob("*.py")):
        functions = {node.name: node for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)}
        for name in functions:
            found = reached(name, functions)
            if not name.startswith("_") and found & WRITERS and "require" not in found:
                missing.append(".".join((*path.relative_to(root).with_suffix("").parts, name)))
    return missing


def test_every_verb_that_writes_or_lets_out_asks_the_table() -> None:
    assert sorted(verbs_that_do_not_ask(APP)) == sorted(NO_VERBS)


def test_a_verb_without_a_rule_is_found(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    text = "def wipe(session):\n    _all(session)\n\ndef _all(session):\n    with transaction():\n        pass\n"
    (tmp_path / "models" / "news.py").write_text(text)
    assert verbs_that_do_not_ask(tmp_path) == ["models.news.wipe"]
    (tmp_path / "models" / "news.py").write_text(text.replace("_all(session)\n\n", 'permissions.require(session, "x")\n\n'))
    assert verbs_that_do_not_ask(tmp_path) == []
