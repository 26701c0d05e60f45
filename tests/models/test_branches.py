"""The branch's own data and its settings."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from app.core.errors import NotPermitted, ValidationError
from app.core.session import Session
from app.models import branches, history
from app.services import workplace


def test_the_branch_can_be_edited_and_remembers_it(session: Session) -> None:
    branches.edit(session, {"phone": "0755-86121234", "legal_name": "云岭烟草有限公司城东分公司"})
    assert (session.branch.phone, session.branch.name) == ("0755-86121234", "城东分公司")
    assert [(one.field, one.old, one.new) for one in history.of("branch", session.branch.id)] == [
        ("phone", "", "0755-86121234"), ("legal_name", "", "云岭烟草有限公司城东分公司"),
    ]  # fmt: skip
    again = workplace.open_folder(session.folder)
    assert again.branch == session.branch
    with pytest.raises(ValidationError):
        branches.edit(session, {"name": ""})


def test_settings_hold_from_now_on_and_after_opening_again(session: Session) -> None:
    branches.change_settings(session, {"limit_handler": "１００", "copies": "3", "pattern_customer": "K{n}"})
    for found in (session.settings, workplace.open_folder(session.folder).settings):
        assert (found["limit_handler"], found["copies"], found["pattern_customer"]) == (Decimal("100.00"), 3, "K{n}")
        assert found["limit_manager"] == Decimal("5000.00")
    trace = [(one.action, one.field, one.old, one.new) for one in history.of("branch", session.branch.id)]
    assert ("setting", "limit_handler", "200.00", "100.00") in trace


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"copies": "0"}, "copies"),
        ({"copies": "10"}, "copies"),
        ({"copies": ""}, "copies"),
        ({"performance_days": "1.5"}, "performance_days"),
        ({"limit_handler": "6000"}, "limit_manager"),
        ({"limit_manager": "-1"}, "limit_manager"),
        ({"pattern_complaint": "TS"}, "pattern_complaint"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_settings_that_cannot_be_are_refused_as_a_whole(session: Session, values: Mapping[str, object], wrong: str) -> None:
    with pytest.raises(ValidationError) as caught:
        branches.change_settings(session, {"limit_manager": "5500"} | dict(values))
    assert set(caught.value.errors) == {wrong}
    assert workplace.open_folder(session.folder).settings["limit_manager"] == 5000


@pytest.mark.parametrize("pattern", ["TS", "KH-{n:04}", "甲\n乙"])
def test_the_sentence_names_the_setting_that_cannot_be(session: Session, pattern: str) -> None:
    with pytest.raises(ValidationError, match=r"^Number of a complaint: ") as caught:
        branches.change_settings(session, {"pattern_complaint": pattern})
    assert "\n" not in str(caught.value)


def test_only_the_administrator_sets(session: Session) -> None:
    session.roles = frozenset({"clerk", "manager"})
    with pytest.raises(NotPermitted, match="administrator"):
        branches.change_settings(session, {"copies": "3"})
    with pytest.raises(NotPermitted):
        branches.edit(session, {"name": "城西"})
