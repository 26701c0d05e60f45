"""Takes in a small register in a test, and looks at what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.core.session import Session
from app.services.importing import Result, open_for_import, take_in
from tests.services.workbooks import table

HEAD = "投诉编号,投诉日期,客户名称,联系电话,投诉内容,类别,办结日期"


def bring_in(
    session: Session, tmp_path: Path, text: str, kind: str = "complaints", toml: str = "", dry_run: bool = False
) -> Result:
    path = table(tmp_path / "register.csv", text)
    mapping = None
    if toml:
        mapping = tmp_path / "map.toml"
        mapping.write_text(toml, encoding="utf-8")
    with open_for_import(session, kind, path, mapping=mapping) as opened:
        return take_in(opened, dry_run=dry_run)


def counts(result: Result) -> tuple[int, int, int, int, int]:
    return result.read, result.created, result.updated, result.unchanged, len(result.rejected)


def only(table: Any, **where: object) -> Any:
    found = list(table.select().filter(**where))
    assert len(found) == 1, found
    return found[0]
