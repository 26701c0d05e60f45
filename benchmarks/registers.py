"""Taking in a register with history and search, beside reading the same file and writing the rows that come of it in bulk."""

from __future__ import annotations

import csv
import gzip
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from app.core import database as core
from app.core import search_index
from app.core.database import database
from app.services import workplace
from app.services.importing import open_for_import, take_in
from benchmarks import texts
from benchmarks.store import NOW, Store
from benchmarks.timing import Result, milliseconds

ROWS = 5_000
GOAL = 1 / 0.6
"""At least 0.6 times the rate of the floor."""
_TABLES = ("customer", "product", "complaint", "product_line", "history", "search_customer_key", "search_complaint_key")
_HEAD = ("投诉编号", "投诉日期", "客户名称", "联系电话", "投诉内容", "产品名称", "办结日期")
_PUBLISHED = Path(os.environ.get("KESU_TEST_DATA") or "data") / "complaints" / "chicago_complaints_1967-1999.csv.gz"
_MAPPING = Path(__file__).resolve().parents[1] / "tests" / "mappings" / "chicago_1967-1999.toml"


class _Register(NamedTuple):
    """A file, its mapping, and what opens it as text."""

    path: Path
    mapping: Path | None
    opens: Callable[..., Any]


def measure(store: Store) -> Iterator[Result]:
    """A register in Chinese that was made here, and the published one of 174,136 rows where KESU_TEST_DATA has it."""
    core.close()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "register.csv"
        _write(path)
        yield _measured("made register", _Register(path, None, open), Path(folder), store.size, 3)
        if _PUBLISHED.exists():
            yield _measured("published register", _Register(_PUBLISHED, _MAPPING, gzip.open), Path(folder), store.size, 1)


def _write(path: Path) -> None:
    random, products = Random(7), texts.products()
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(_HEAD)
        for number in range(ROWS):
            product = random.choice(products)
            day = f"2025-{number % 12 + 1:02}-{number % 28 + 1:02}"
            told = texts.description(random, product, number)
            out.writerow((f"A-{number}", day, texts.shop(random, number % 300), texts.phone(random), told, product, day))


def _measured(name: str, register: _Register, folder: Path, size: int, rounds: int) -> Result:
    ours, floors = [], []
    rows = 0
    for turn in range(rounds):
        target = folder / f"{name}-{turn}"
        session = workplace.init(target, {"code": "CD", "name": "城东分公司"}, user="王敏", clock=lambda: NOW)

        def take() -> None:
            with open_for_import(session, "complaints", register.path, mapping=register.mapping) as opened:  # noqa: B023
                take_in(opened)

        ours.append(milliseconds(take))
        written = _Written()
        rows = len(written.rows["complaint"])
        core.close()
        workplace.init(folder / f"{name}-{turn}-floor", {"code": "CD", "name": "城东分公司"}, user="王敏", clock=lambda: NOW)
        floors.append(milliseconds(lambda: written.again(register)))  # noqa: B023
        core.close()
    mine, least = sorted(ours)[rounds // 2], sorted(floors)[rounds // 2]
    note = f"{rows / mine * 1000:,.0f} complaints/s, floor {rows / least * 1000:,.0f}"
    return Result("import", f"{name}, {rows:,} complaints", size, mine, least, GOAL, note=note)


class _Written:
    """The rows that an import wrote, to be written again with nothing but executemany."""

    def __init__(self) -> None:
        self.rows: dict[str, Sequence[tuple[Any, ...]]] = {}
        self._columns: dict[str, str] = {}
        for table in _TABLES:
            cursor = database.execute_sql(f"SELECT * FROM {table}")
            self._columns[table] = ", ".join(f'"{column[0]}"' for column in cursor.description)
            self.rows[table] = cursor.fetchall()

    def again(self, register: _Register) -> None:
        """Reads the file and writes the rows, the search by one statement at the end."""
        with register.opens(register.path, "rt", encoding="utf-8-sig", newline="") as file:
            read = list(csv.reader(file))
        assert len(read) > len(self.rows["complaint"])
        with core.transaction():
            cursor = database.cursor()
            for table, rows in self.rows.items():
                if rows:
                    places = ", ".join("?" * len(rows[0]))
                    cursor.executemany(f"INSERT INTO {table} ({self._columns[table]}) VALUES ({places})", rows)
            for kind in ("customer", "complaint"):
                keys = ((number, search_index.tokens(key)) for number, key in self.rows[f"search_{kind}_key"])
                cursor.executemany(f"INSERT INTO search_{kind} (rowid, tokens) VALUES (?, ?)", keys)
