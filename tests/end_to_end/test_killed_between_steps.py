"""A program that is killed between any two steps leaves the case at one of them, whole."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from app.core import database as store
from app.core.database import database
from app.models import dispatches
from app.models.complaints import Complaint
from app.models.history import History
from app.services import workplace
from tests.end_to_end.program import ROOT, compiled_once

# The way of a case, each step told on standard output after it is in the database.
CHILD = """
import sys
from pathlib import Path
from app.services import workplace
from app.models import agreements, dispatches
from app.models.complaints import Complaint
from app.models.customers import Customer
from app.models.record import add, find
from app.models.steps import take

session = workplace.open_folder(Path(sys.argv[1]), user="王敏")
customer = add(session, Customer, {"name": "鑫瑞达商行"}).number
line = {"remedy": "replace", "quantity": "6", "unit": "条", "unit_price": "230"}

def say(record):
    print(record.number, record.status, flush=True)

while True:
    record = add(session, Complaint, {"customer": customer, "received_at": "今天", "description": "霉变"})
    say(record)
    for step, values in (
        ("sign", {}), ("accept", {"promised_at": "明天", "told_by": "phone"}), ("investigate", {"findings": "属实"}),
        ("propose", {"text": "更换", "lines": [line]}), ("approve", {}), ("reply", {"reply_text": "换"}),
        ("waive", {"reason": "不需要"}), ("dispatch", {"told_by": "phone"}),
    ):
        record = take(session, record, step, values)
        say(record)
    for order in dispatches.open_of(record):
        take(session, take(session, order, "accept", {}), "deliver", {})
    record = find(session, Complaint, record.number)
    say(record)
    for step, values in (("follow-up", {"result_score": 5}), ("close", {})):
        record = take(session, record, step, values)
        say(record)
"""
NEXT = (
    "draft", "registered", "accepted", "investigating", "proposed", "approved", "replied", "agreed", "executing",
    "following_up", "following_up", "closed",
)  # fmt: skip


def told_before_it_was_killed(folder: Path, lines: int) -> list[tuple[str, str]]:
    """Number and status of each step that was acknowledged before the end."""
    command, environment = [sys.executable, "-c", CHILD, str(folder)], compiled_once(os.environ)
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        told = [child.stdout.readline() for _line in range(lines)]
        child.kill()
        told += child.stdout.readlines()
    pairs = (line.split() for line in told if line.endswith("\n"))
    return [(number, status) for number, status in pairs]


@pytest.mark.skipif(sys.platform == "win32", reason="a killed process of Windows is tested elsewhere")
def test_a_killed_program_leaves_each_case_at_one_of_its_steps(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    workplace.init(folder, {"code": "CD", "name": "城东分公司"})
    store.close()
    rng = Random(7)
    for _round in range(5):
        told = told_before_it_was_killed(folder, rng.randint(3, 30))
        assert told
        workplace.open_folder(folder)
        assert database.execute_sql("PRAGMA integrity_check").fetchone() == ("ok",)
        for number, steps in Counter(number for number, _status in told).items():
            case = Complaint.get(Complaint.number == number)
            assert case.status in NEXT[steps - 1 : steps + 1], (number, steps, case.status)
            added = History.select().where(History.kind == "complaint", History.record_id == case.id, History.action == "add")
            assert added.count() == 1
            assert all(dispatches.lines_of(one) for one in dispatches.of_case(case))
        store.close()
