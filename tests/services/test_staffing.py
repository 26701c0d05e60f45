"""Staff: who signs in, with which roles; one-time passwords, people who leave, the recovery sheet, an open branch and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.core import database, formats, keyring
from app.core.errors import NotPermitted, PasswordNeeded, UserError, ValidationError
from app.core.session import ROLES, Session
from app.core.tries import SignInRefused
from app.models import deputies, history, permissions, record, staff, steps
from app.models.listing import Query
from app.models.record import KINDS, edit
from app.services import staffing, workplace
from app.services.trail import TRAIL
from tests.conftest import Clock
from tests.make import Make
from tests.staffed import ADMIN, OWN, PASSWORD, join, protected, quick, signed_in


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)


@pytest.fixture
def office(session: Session) -> Session:
    """A branch with passwords and its administrator."""
    return protected(session)


def done(kind: str, name: str) -> list[tuple[str, str | None]]:
    rows = history.database.execute_sql("SELECT action, new, note FROM history WHERE kind = ? ORDER BY id", (kind,)).fetchall()
    return [(action, new) for action, new, note in rows if name in note]


def test_an_open_branch_has_no_staff_and_one_person_holds_all_roles(session: Session) -> None:
    assert (session.open, session.roles) == (True, frozenset(ROLES))
    with pytest.raises(UserError, match="has no passwords"):
        staffing.add(session, {"name": "李静", "roles": ["clerk"]})
    assert staff.listed(session) == []


def test_who_turns_passwords_on_is_administrator_and_holds_all_roles(session: Session) -> None:
    code = staffing.protect(session, ADMIN, PASSWORD)
    assert len(code) == 29
    assert (session.open, session.user, session.roles) == (False, ADMIN, frozenset(ROLES))
    again = signed_in(session, ADMIN, PASSWORD)
    assert (again.open, again.user, again.roles) == (False, ADMIN, frozenset(ROLES))


def test_a_weak_password_leaves_the_branch_open(session: Session) -> None:
    with pytest.raises(ValidationError):
        staffing.protect(session, ADMIN, "123456")
    assert session.open
    assert not keyring.exists(session.folder)


def test_somebody_new_signs_in_by_a_password_for_one_time_and_may_do_nothing_before_changing_it(office: Session) -> None:
    entered = staffing.add(office, {"name": "李静", "roles": ["clerk", "handler"]})
    new = signed_in(office, "李静", entered.password)
    assert (new.must_change, new.roles) == (True, frozenset())
    with pytest.raises(NotPermitted, match="password of your own"):
        Make(new).customer()
    with pytest.raises(ValidationError, match="old password"):
        staffing.change_password(new, entered.password, entered.password)
    staffing.change_password(new, entered.password, OWN)
    assert (new.must_change, new.roles) == (False, frozenset({"clerk", "handler"}))
    Make(new).customer()
    again = signed_in(office, "李静", OWN)
    assert not again.must_change
    with pytest.raises(SignInRefused):
        signed_in(office, "李静", entered.password)


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(office: Session) -> None:
    said = set()
    for name in (ADMIN, "没有这个人"):
        with pytest.raises(SignInRefused) as refused:
            signed_in(office, name, "不是这个密码也不是那个")
        said.add(str(refused.value))
    assert said == {"Name or password is wrong."}


def test_names_are_unique_and_codes_are_counted(office: Session) -> None:
    assert staffing.add(office, {"name": "李静", "roles": ["clerk"]}).person.code == "02"
    with pytest.raises(ValidationError, match="on the list of staff already"):
        staffing.add(office, {"name": " 李静 ", "roles": ["clerk"]})
    with pytest.raises(ValidationError, match="Another person has this code"):
        staffing.add(office, {"name": "刘洋", "code": "02", "roles": ["clerk"]})
    with pytest.raises(ValidationError):
        staffing.add(office, {"name": "刘洋", "roles": []})
    with pytest.raises(ValidationError):
        staffing.add(office, {"name": "刘洋", "roles": ["king"]})


def test_roles_change_at_the_next_sign_in_and_stand_in_the_history(office: Session) -> None:
    join(office, "李静", "clerk")
    staff.edit(office, "李静", {"roles": ["clerk", "manager"]})
    assert signed_in(office, "李静").roles == {"clerk", "manager"}
    assert ("edit", "clerk manager") in done("staff", "李静")


def test_somebody_must_stay_administrator(office: Session) -> None:
    with pytest.raises(UserError, match="Nobody would be left"):
        staff.edit(office, ADMIN, {"roles": ["clerk"]})
    assert "admin" in staff.find(office, ADMIN).roles
    join(office, "陈志强", "admin")
    staff.edit(office, ADMIN, {"roles": ["clerk"]})
    assert office.roles == {"clerk"}
    with pytest.raises(NotPermitted, match="administrator"):
        staff.edit(office, ADMIN, {"roles": ["admin"]})


def test_somebody_works_from_one_day_to_another(office: Session, clock: Clock) -> None:
    join(office, "李静", "clerk")
    staff.edit(office, "李静", {"until": "2026-11-24"})
    clock.advance(days=1)
    assert signed_in(office, "李静").user == "李静"
    clock.advance(days=1)
    with pytest.raises(NotPermitted, match="does not work here now"):
        signed_in(office, "李静")
    with pytest.raises(ValidationError):
        staff.edit(signed_in(office, ADMIN, PASSWORD), "李静", {"until": "2020-01-01"})


def test_who_is_disabled_hands_open_cases_over_and_never_comes_in_again(office: Session) -> None:
    make = Make(office)
    join(office, "李静", "handler")
    join(office, "刘洋", "handler")
    open_case = make.steps(make.complaint(), "sign", ("accept", {"handler": "李静", "promised_at": "2026-11-24"}))
    objection = make.objection(handler="李静")
    other = make.objection(handler="刘洋")
    over = make.steps(make.objection(handler="李静"), ("void", {"reason": "重复"}))
    with pytest.raises(ValidationError, match="has 2 open records"):
        staffing.disable(office, "李静")
    for wrong in ("李静", "没有这个人"):
        with pytest.raises(UserError):
            staffing.disable(office, "李静", wrong)
    old_key = database.present_key()
    gone = staffing.disable(office, "李静", "刘洋")
    assert (gone.handed, gone.heir, gone.person.status) == (2, "刘洋", "disabled")
    assert [make.again(one).handler for one in (open_case, objection, other, over)] == ["刘洋", "刘洋", "刘洋", "李静"]
    assert any(entry.action == "hand-over" for entry in history.of("complaint", open_case.id))
    assert ("disable", "disabled") in done("staff", "李静")
    assert database.present_key() != old_key
    with pytest.raises(SignInRefused):
        signed_in(office, "李静")
    assert signed_in(office, "刘洋").user == "刘洋"


def test_nobody_disables_themself(office: Session) -> None:
    with pytest.raises(UserError, match="themself"):
        staffing.disable(office, ADMIN)


def test_an_administrator_gives_a_new_password_and_takes_somebody_back(office: Session) -> None:
    join(office, "李静", "clerk")
    once = staffing.reset(office, "李静").password
    with pytest.raises(SignInRefused):
        signed_in(office, "李静")
    assert signed_in(office, "李静", once).must_change
    signed_in(office, ADMIN, PASSWORD)
    staffing.disable(office, "李静")
    once = staffing.reset(office, "李静").password
    assert signed_in(office, "李静", once).must_change
    assert [action for action, _new in done("staff", "李静")].count("reset") == 2


def test_the_recovery_sheet_lets_an_administrator_in(session: Session) -> None:
    code = staffing.protect(session, ADMIN, PASSWORD)
    join(session, "李静", "clerk")
    database.close()
    with pytest.raises(NotPermitted, match="no administrator"):
        staffing.recover(session.folder, code, "李静", "茶壶里装着一只旧小船呢", clock=session.clock)
    found = staffing.recover(session.folder, code.lower(), ADMIN, "茶壶里装着一只旧小船呢", clock=session.clock)
    assert (found.user, found.roles) == (ADMIN, frozenset(ROLES))
    assert ("recovery", None) in done("staff", ADMIN)
    assert signed_in(session, ADMIN, "茶壶里装着一只旧小船呢").user == ADMIN
    with pytest.raises(SignInRefused):
        signed_in(session, ADMIN, PASSWORD)


def test_what_is_grave_asks_for_the_password_again_after_five_minutes(office: Session) -> None:
    now = 1000.0
    office.uptime = lambda: now
    office.prove()
    staffing.add(office, {"name": "李静", "roles": ["clerk"]})
    now += 301
    with pytest.raises(PasswordNeeded):
        staffing.add(office, {"name": "刘洋", "roles": ["clerk"]})
    Make(office).customer()
    with pytest.raises(SignInRefused):
        staffing.prove(office, "不是这个密码也不是那个")
    staffing.prove(office, PASSWORD)
    staffing.add(office, {"name": "刘洋", "roles": ["clerk"]})


def test_a_branch_without_passwords_again_is_open_as_before(office: Session) -> None:
    join(office, "李静", "clerk")
    staffing.unprotect(office, PASSWORD)
    assert (office.open, office.roles) == (True, frozenset(ROLES))
    database.close()
    plain = workplace.open_folder(office.folder, user="谁都行", clock=office.clock)
    assert (plain.open, plain.roles, plain.user) == (True, frozenset(ROLES), "谁都行")
    staffing.protect(plain, ADMIN, PASSWORD)
    with pytest.raises(SignInRefused):
        signed_in(plain, "李静")
    assert staffing.reset(signed_in(plain, ADMIN, PASSWORD), "李静").person.roles == ("clerk",)


def test_a_new_branch_starts_with_an_administrator(tmp_path: Any, clock: Clock) -> None:
    folder = tmp_path / "new"
    with pytest.raises(ValidationError):
        staffing.start(folder, {"code": "CX", "name": "城西分公司"}, ADMIN, "短", clock=clock)
    assert not database.exists(folder)
    begun = staffing.start(folder, {"code": "CX", "name": "城西分公司"}, ADMIN, PASSWORD, clock=clock)
    assert (begun.session.user, begun.session.open, begun.session.roles) == (ADMIN, False, frozenset(ROLES))
    assert [person.name for person in staff.listed(begun.session)] == [ADMIN]
    assert signed_in(begun.session, ADMIN, PASSWORD).branch.code == "CX"


def test_a_second_manager_approves_what_the_first_proposed(office: Session) -> None:
    """Rule 3 where there are people: nobody approves their own proposal."""
    join(office, "陈志强", "manager")
    case = Make(office).proposed("4000.00")
    with pytest.raises(UserError):
        Make(office).steps(case, "approve")
    other = signed_in(office, "陈志强")
    assert Make(other).steps(Make(other).again(case), "approve").status == "approved"
    with pytest.raises(NotPermitted):
        permissions.require(other, "settings.edit")
    with pytest.raises(NotPermitted, match="clerk"):
        edit(dataclass_of(other, "head"), case, {"phone": "13900000000"}, case.version)


def dataclass_of(session: Session, *roles: str) -> Session:
    session.roles, session.heed = frozenset(roles), lambda _session: None
    return session


def test_the_history_tells_what_became_of_people(office: Session) -> None:
    join(office, "李静", "clerk")
    staff.edit(office, "李静", {"roles": ["clerk", "manager"]})
    staffing.disable(office, "李静")
    rows = [dict(zip(TRAIL.columns, row[1:], strict=True)) for row in TRAIL.all(office, Query(where={"kind": ("staff",)}))]
    assert {row["number"] for row in rows} == {ADMIN, "李静"}
    assert "Roles: clerk → clerk, manager" in [row["detail"] for row in rows]
    words = {formats.label(TRAIL.field("action"), row["action"]) for row in rows}
    assert {"Disabled", "Password changed"} <= words


def test_a_deputy_stands_on_the_list_of_staff(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)
    protected(session)
    staffing.add(session, {"name": "李卫东", "roles": ("manager",)})
    given = {"principal": " 李卫东", "deputy": "没有这人", "role": "manager", "since": "2026-11-23", "until": "2026-11-30"}
    with pytest.raises(ValidationError) as refused:
        deputies.name(session, given)
    assert set(refused.value.errors) == {"deputy"}
    assert "没有这人" in refused.value.errors["deputy"]
    assert deputies.name(session, given | {"deputy": ADMIN}).principal == "李卫东"


# What is changed holds at once, also for who is signed in already.


def test_another_role_holds_from_the_next_act_on(office: Session) -> None:
    join(office, "李华", "clerk")
    clerk = signed_in(office, "李华")
    customer = record.add(clerk, KINDS["customer"], {"name": "福来商店"})
    staffing.sign_in(office.folder, ADMIN, PASSWORD, clock=office.clock)
    staff.edit(office, "李华", {"roles": ["head"]})
    with pytest.raises(NotPermitted, match="This needs the role"):
        record.edit(clerk, customer, {"name": "福来"}, customer.version)
    assert clerk.roles == {"head"}
    staff.edit(office, "李华", {"roles": ["clerk"]})
    record.edit(clerk, customer, {"name": "福来"}, customer.version)


def test_who_is_disabled_may_do_nothing_from_the_next_act_on(office: Session, make: Make) -> None:
    join(office, "李华", "clerk", "manager", "handler")
    clerk = signed_in(office, "李华")
    objection = make.objection()
    admin = signed_in(office, ADMIN, PASSWORD)
    staffing.disable(admin, "李华")
    acts: tuple[Callable[[], object], ...] = (
        lambda: record.add(clerk, KINDS["customer"], {"name": "福来商店"}),
        lambda: steps.take(clerk, objection, "escalate", {}),
        lambda: clerk.require("clerk"),
        lambda: staffing.prove(clerk, OWN),
    )
    for act in acts:
        with pytest.raises((NotPermitted, SignInRefused)):
            act()
    assert "does not work here now" in clerk.barred
    assert steps.held(clerk) == frozenset()


def test_who_got_another_password_may_do_nothing_until_they_sign_in_with_it(office: Session) -> None:
    join(office, "李华", "clerk")
    clerk = signed_in(office, "李华")
    admin = signed_in(office, ADMIN, PASSWORD)
    once = staffing.reset(admin, "李华").password
    with pytest.raises(NotPermitted, match="Your password was reset"):
        record.add(clerk, KINDS["customer"], {"name": "福来商店"})
    with pytest.raises(NotPermitted, match="Your password was reset"):
        staffing.prove(clerk, once)
    again = signed_in(office, "李华", once)
    with pytest.raises(NotPermitted, match="Choose a password of your own"):
        record.add(again, KINDS["customer"], {"name": "福来商店"})
