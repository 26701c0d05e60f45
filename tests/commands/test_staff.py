"""People on the command line: it signs in, obeys the same roles, and names the exit code of what is not permitted."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core import database
from tests.commands.desk import Desk
from tests.commands.desk import desk as desk
from tests.commands.desk import template as template
from tests.staffed import ADMIN, OWN, PASSWORD, quick


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)


class Person:
    """The command line in somebody's hands."""

    def __init__(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        self.desk, self._monkeypatch = desk, monkeypatch

    def gives(self, password: str, new: str = "") -> None:
        for variable, value in (("KESU_PASSWORD", password), ("KESU_NEW_PASSWORD", new)):
            self._monkeypatch.setenv(variable, value) if value else self._monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def person(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Person:
    """A branch whose administrator is 王敏, who gives her password."""
    made = Person(desk, monkeypatch)
    made.gives(PASSWORD)
    told = desk.run("staff", "protect", ADMIN)
    assert (told.code, "recovery code is" in told.out) == (0, True), told
    return made


def test_without_name_or_password_nothing_is_shown(person: Person) -> None:
    assert "--user" in person.desk.refused("list", "customers", code=5)
    person.gives("")
    assert "KESU_PASSWORD" in person.desk.refused("list", "customers", "--user", ADMIN, code=5)
    person.gives("不是这个密码也不是那个")
    assert person.desk.refused("list", "customers", "--user", ADMIN, code=5) == "Name or password is wrong.\n"


def test_somebody_new_chooses_a_password_and_then_does_what_the_role_allows(person: Person) -> None:
    desk, admin = person.desk, ("--user", ADMIN)
    once = desk.run("staff", "add", "李静", "--role", "clerk", "--json", *admin).json["password"]
    person.gives(once)
    assert "password of your own" in desk.refused("list", "customers", "--user", "李静", code=5)
    person.gives(once, OWN)
    assert desk.run("staff", "password", "--user", "李静").code == 0
    person.gives(OWN)
    assert desk.run("add", "customer", "--user", "李静", given={"name": "新店"}).code == 0
    assert "administrator" in desk.refused("staff", "add", "刘洋", "--role", "clerk", "--user", "李静", code=5)
    assert "branch head" in desk.refused("close-month", "2024-03", "--user", "李静", code=5)


def test_people_are_listed_changed_and_disabled(person: Person) -> None:
    desk, admin = person.desk, ("--user", ADMIN)
    desk.run("staff", "add", "李静", "--role", "clerk", "--role", "handler", *admin)
    assert "李静" in desk.run("staff", "list", *admin).out
    assert desk.run("staff", "edit", "李静", "--role", "manager", "--json", *admin).json["roles"] == ["manager"]
    assert desk.run("staff", "disable", "李静", "--json", *admin).json["status"] == "disabled"
    assert [one["status"] for one in desk.run("staff", "list", "--json", *admin).json] == ["active", "disabled"]
    assert "once with" in desk.run("staff", "reset", "李静", *admin).out
    assert "Nobody here is called" in desk.refused("staff", "disable", "没有这个人", *admin)


def test_a_deputy_is_named(person: Person) -> None:
    days = ("--from", "2026-11-23", "--until", "2026-11-30")
    person.desk.run("staff", "add", "陈志强", "--role", "manager", "--user", ADMIN)
    told = person.desk.run("staff", "deputy", ADMIN, "陈志强", "--role", "head", *days, "--user", ADMIN)
    assert (told.code, "陈志强 for 王敏" in told.out) == (0, True), told


def test_passwords_are_taken_away_again(person: Person) -> None:
    assert person.desk.run("staff", "unprotect", "--user", ADMIN).code == 0
    person.gives("")
    assert person.desk.run("list", "customers").code == 0


@pytest.mark.parametrize(
    "words",
    [("add",), ("add", "李静"), ("list", "李静"), ("edit", ADMIN), ("deputy", ADMIN), ("add", "李静", "--role", "king")],
    ids=" ".join,
)
def test_what_is_missing_is_said(person: Person, words: tuple[str, ...]) -> None:
    person.desk.refused("staff", *words, "--user", ADMIN, code=2)


def test_an_open_branch_has_no_staff(desk: Desk) -> None:
    assert "has no passwords" in desk.refused("staff", "add", "李静", "--role", "clerk")


def test_a_branch_is_started_with_an_administrator(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new = Desk(tmp_path / "new", desk._capsys)
    words = ("init", "--branch-code", "CX", "--branch-name", "城西", "--admin", ADMIN)
    monkeypatch.setenv("KESU_PASSWORD", "123456")
    assert new.run(*words).code == 1
    assert not database.exists(new.folder)
    monkeypatch.setenv("KESU_PASSWORD", PASSWORD)
    told = new.run(*words, "--json").json
    assert (told["branch"], told["admin"], len(told["recovery_code"])) == ("CX", ADMIN, 29)
    assert new.run("list", "customers").code == 5
    assert new.run("list", "customers", "--user", ADMIN).code == 0
