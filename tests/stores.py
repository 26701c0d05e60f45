"""What a database holds, table by table, so that two can be compared; and a branch with something of everything."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from app.core.database import FILE_NAME
from app.models import attachments
from tests.make import Make


def tables_of(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables of the database in a folder."""
    connection = sqlite3.connect(f"{(folder / FILE_NAME).as_uri()}?mode=ro", uri=True)
    try:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'search_*'").fetchall()
        names += connection.execute("SELECT name FROM sqlite_master WHERE name GLOB 'search_*_key'").fetchall()
        return {name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for (name,) in names}
    finally:
        connection.close()


def entered_in(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """The same without what restores wrote down of themselves: what comes back is equal but for that."""
    tables = tables_of(folder)
    return tables | {"history": [row for row in tables["history"] if "restore" not in row]}


def files_of(folder: Path) -> dict[str, bytes]:
    """The attachments by name."""
    return {path.name: path.read_bytes() for path in (folder / "attachments").glob("*/*")}


def fill(make: Make, tmp_path: Path) -> None:
    """A case at its end, an objection, a card, and two files."""
    customer = make.customer(tags=["大户"])
    record = make.complaint(customer=customer.number, description="霉变，烟纸发黄\n第二行")
    make.steps(make.objection(customer=customer.number), "escalate")
    for name, content in (("发票.jpg", b"\xff\xd8photo"), ("说明.txt", "情况".encode() * 1000)):
        source = tmp_path / name
        source.write_bytes(content)
        attachments.attach(make.session, record, source, "photo")
