"""Every step in every state on the command line: what the list calls impossible is refused in one line, and nothing changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core import database
from app.models.steps import options
from app.services import workplace
from tests.commands.desk import Desk
from tests.conftest import Clock
from tests.make import Make
from tests.models.stands import COMPLAINT_STATES, complaint_in


@pytest.mark.parametrize("state", COMPLAINT_STATES)
def test_what_is_impossible_is_refused(state: str, tmp_path: Path, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    session = workplace.init(tmp_path / "data", {"code": "CD", "name": "城东分公司"}, clock=clock)
    record = complaint_in(Make(session), state)
    found = options(session, record)
    database.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    desk = Desk(tmp_path / "data", capsys)
    impossible = [one for one in found if not one.possible and not one.waivable]
    assert impossible
    for one in impossible:
        told = desk.refused("step", record.number, one.step.code)
        why = one.locked or one.missing[0].sentence
        assert why.rstrip(".") in told, (state, one.step.code)
        rule = one.step.rule if one.locked else one.missing[0].rule
        assert (f"(rule {rule})" in told) == bool(rule), (state, one.step.code, told)
    listed = {step["step"]: step["possible"] for step in desk.run("step", record.number, "--json").json}
    assert {one.step.code: one.possible for one in found}.items() <= listed.items()
