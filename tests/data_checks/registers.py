"""Published registers to take in, and what is in them, counted by the csv module alone."""

from __future__ import annotations

import csv
import gzip
import os
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("KESU_TEST_DATA") or ROOT.parent / "shared" / "data")
MAPPINGS = ROOT / "tests" / "mappings"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"the published registers are not in {DATA} (KESU_TEST_DATA)")


class Counted(NamedTuple):
    """What an import of a file must come to."""

    read: int
    created: int
    rejected: int


class Case(NamedTuple):
    """A file, what it holds, its mapping and its independent count."""

    file: str
    kind: str
    mapping: str
    count: Callable[[Path], Counted]

    @property
    def path(self) -> Path:
        return DATA / self.file

    @property
    def toml(self) -> Path:
        return MAPPINGS / f"{self.mapping}.toml"


def rows(path: Path) -> list[dict[str, str]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def all_of(path: Path) -> Counted:
    """Every row comes in."""
    count = len(rows(path))
    return Counted(count, count, 0)


def numbered(column: str, number: str) -> Callable[[Path], Counted]:
    """Every number comes in once; the column is one that no number repeats."""

    def count(path: Path) -> Counted:
        found = rows(path)
        assert all(row[column] for row in found)
        return Counted(len(found), len({row[number] for row in found}), 0)

    return count


def american(text: str) -> date:
    return datetime.strptime(text.split(" ")[0], "%m/%d/%Y").date()


def cfpb_closed(path: Path) -> Counted:
    """A case cannot be closed before it was received."""
    found = rows(path)
    wrong = sum(american(row["date_closed"]) < american(row["date_received"]) for row in found)
    return Counted(len(found), len(found) - wrong, wrong)


def nyc(path: Path) -> Counted:
    """Controls in damaged texts are left out; an end before the beginning is refused."""
    form = "%m/%d/%Y %I:%M:%S %p"
    found, wrong = rows(path), 0
    for row in found:
        closed = row["Closed Date"]
        early = bool(closed) and datetime.strptime(closed, form) < datetime.strptime(row["Created Date"], form)
        wrong += early
    return Counted(len(found), len(found) - wrong, wrong)


def chicago(path: Path) -> Counted:
    """The first row of a number that can come in makes the case; rows before it that contradict themselves are refused."""
    taken: set[str] = set()
    read = wrong = 0
    for row in rows(path):
        read += 1
        if row["cr_id"] in taken:
            continue
        if row["closed_date"] and row["closed_date"] < row["complaint_date"]:
            wrong += 1
        else:
            taken.add(row["cr_id"])
    return Counted(read, len(taken), wrong)


def by_month(path: Path, column: str, pattern: str) -> Counter[str]:
    """How many rows a month has, for numbers that are taken once."""
    return Counter(datetime.strptime(row[column], pattern).strftime("%Y-%m") for row in rows(path))


SMALL = (
    Case("customers/twse_listed_companies_bom.csv", "customers", "twse_listed_companies", numbered("公司名稱", "公司代號")),
    Case("customers/ny_retail_food_stores.csv", "customers", "ny_retail_food_stores", numbered("DBA Name", "License Number")),
    Case("complaints/cfpb_2016-09.csv", "complaints", "cfpb_with_number", numbered("Issue", "Complaint ID")),
    Case("complaints/cfpb_2019-2020_sample.csv", "complaints", "cfpb_with_number", numbered("Issue", "Complaint ID")),
    Case("complaints/cfpb_2013_no_narrative.csv", "complaints", "cfpb_2013", all_of),
    Case("complaints/cfpb_closed_with_resolution_bom.csv", "complaints", "cfpb_closed", cfpb_closed),
    Case("complaints/nyc311_2018-06.csv", "complaints", "nyc311", nyc),
    Case("complaints/nyc311_2025-03.csv", "complaints", "nyc311", nyc),
    Case("complaints/asap_reviews_zh_dev_sample.csv", "objections", "asap_reviews", numbered("reviewbody", "index")),
    Case("complaints/asap_reviews_zh_train_sample.csv", "objections", "asap_reviews", numbered("reviewbody", "index")),
)
CHICAGO = Case("complaints/chicago_complaints_1967-1999.csv.gz", "complaints", "chicago_1967-1999", chicago)
WORKBOOKS = (
    ("complaints/chicago_complainants_2000-2007_report.xls", "complaints", "chicago_report"),
    ("complaints/chicago_complaint_categories.xlsx", "products", "chicago_categories"),
)
