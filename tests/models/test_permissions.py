"""What is said to somebody who may not, and which verbs ask for the password again."""

from __future__ import annotations

import pytest

from app.core.errors import NotPermitted, PasswordNeeded
from app.core.session import Session
from app.models.permissions import RULES, reads, refusal, require

GRAVE = {
    *("certificate.edit", "customer.erase", "customer.tell", "list.export", "figures.export", "branch.archive", "staff.edit"),
    *("passwords.switch", "backup.restore", "export.schedule"),
}
"""Export, erasure, roles, passwords, and what puts other data in place."""


def signed_in(session: Session, *roles: str, must_change: bool = False) -> Session:
    """Somebody in a branch with passwords, who gave theirs a while ago."""
    session.open, session.roles, session.must_change, session.proved_at = False, frozenset(roles), must_change, None
    return session


@pytest.mark.parametrize(
    ("verb", "roles", "sentence"),
    [
        ("customer.add", ("clerk",), ""),
        ("customer.add", ("admin", "manager"), ""),
        ("customer.add", ("head", "admin"), "This needs the role clerk or handler or manager."),
        ("customer.erase", ("admin",), "This needs the role branch head."),
        ("staff.edit", ("head",), "This needs the role administrator."),
        ("staff.edit", ("admin",), ""),
        ("customer.devour", ("admin", "head", "manager", "handler", "clerk"), "Nobody may do this."),
        ("view.keep", ("handler",), ""),
    ],
)
def test_why_not_is_said(session: Session, verb: str, roles: tuple[str, ...], sentence: str) -> None:
    assert refusal(signed_in(session, *roles), verb) == sentence


def test_who_must_choose_a_password_may_nothing_before(session: Session) -> None:
    signed_in(session, must_change=True)
    for verb in RULES:
        with pytest.raises(NotPermitted, match=r"^Choose a password of your own first\.$"):
            require(session, verb)
    assert refusal(session, "customer.devour") == "Nobody may do this."


@pytest.mark.parametrize("verb", RULES)
def test_what_lets_much_out_or_cannot_be_undone_asks_again_and_nothing_else(session: Session, verb: str) -> None:
    signed_in(session, *RULES[verb].roles)
    if verb in GRAVE:
        with pytest.raises(PasswordNeeded, match=r"^Give your password once more to go on\.$"):
            require(session, verb)
    else:
        require(session, verb)
    session.prove()
    require(session, verb)


def test_who_may_not_is_refused_before_the_password_is_asked_for(session: Session) -> None:
    with pytest.raises(NotPermitted, match=r"^This needs the role branch head\.$") as refused:
        require(signed_in(session, "clerk"), "customer.erase")
    assert type(refused.value) is NotPermitted


@pytest.mark.parametrize(
    ("role", "read"),
    [
        ("clerk", {"", "masked"}), ("handler", {"", "masked", "restricted"}), ("manager", {"", "masked", "restricted"}),
        ("head", {""}), ("admin", {""}),
    ],
)  # fmt: skip
def test_who_reads_what_is_guarded(session: Session, role: str, read: set[str]) -> None:
    signed_in(session, role)
    assert {guard for guard in ("", "masked", "restricted") if reads(session, guard) is True} == read


def test_what_a_person_may_is_looked_up_before_it_is_decided(session: Session) -> None:
    def heed(asked: Session) -> None:
        asked.roles = frozenset({"clerk"})

    signed_in(session, "admin").heed = heed
    assert refusal(session, "customer.add") == ""
