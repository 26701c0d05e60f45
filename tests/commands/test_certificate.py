"""`kesu certificate`, and what `kesu document` signs with it: what is shown, what is refused, and with which exit code."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.core import database
from app.models import attachments, prints
from app.models.agreements import Agreement
from app.models.certificates import SignedEdition
from app.services import workplace
from tests import certified
from tests.commands.desk import Desk
from tests.commands.desk import desk as desk
from tests.commands.desk import template as template
from tests.commands.test_staff import Person
from tests.commands.test_staff import person as person
from tests.staffed import ADMIN, OWN, quick

VARIABLE = "KESU_CERTIFICATE_PASSWORD"
UNSIGNED = "The branch has no certificate: agreements are issued unsigned.\n"


@pytest.fixture(autouse=True)
def _given(monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)
    monkeypatch.setenv(VARIABLE, certified.PASSWORD)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """One that holds from yesterday on, for 400 days: commands go by the clock of the computer."""
    today, path = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0), tmp_path / "branch.p12"
    path.write_bytes(certified.certificate(since=today - timedelta(days=1), until=today + timedelta(days=400)))
    return path


@pytest.fixture
def number(desk: Desk) -> str:
    """An agreement that holds."""
    case, lines = "TS-202403-0001", [{"remedy": "money", "amount": "150.00"}]
    steps: list[tuple[str, dict[str, object]]] = [
        ("sign", {}),
        ("accept", {"answered": True}),
        ("investigate", {"findings": "属实"}),
        ("propose", {"text": "补偿", "valid": True, "lines": lines}),
        ("agreement", {}),
    ]
    for step, given in steps:
        assert desk.run("step", case, step, given=given).code == 0
    (made,) = desk.run("list", "agreements", "--json").json
    assert desk.run("step", made["number"], "release").code == 0
    return str(made["number"])


def sent(desk: Desk, number: str) -> tuple[int, int, int]:
    """How often an agreement went out, how many files it has, and how many editions were signed."""
    session = workplace.open_folder(desk.folder)
    record = Agreement.get(Agreement.number == number)
    found = len(prints.of(record)), len(attachments.of(session, record)), SignedEdition.select().count()
    database.close()
    return found


def test_a_certificate_is_set_shown_and_removed(desk: Desk, file: Path) -> None:
    assert desk.run("certificate").out == UNSIGNED
    assert desk.run("certificate", "--json").json is None
    made = desk.run("certificate", "set", file)
    assert made.code == 0
    subject, issuer, until, fingerprint = made.out.rstrip("\n").split("\t")
    assert (subject, issuer, len(fingerprint)) == ("城东分公司", "城东分公司", 64)
    shown = desk.run("certificate", "show", "--json").json
    assert list(shown) == ["subject", "issuer", "serial", "fingerprint", "valid_from", "valid_until", "set_at", "set_by"]
    assert (shown["fingerprint"], shown["valid_until"][:10]) == (fingerprint, until)
    assert desk.run("certificate", "show").out == made.out
    assert desk.run("certificate", "remove").out == UNSIGNED
    assert "The branch has no certificate." in desk.refused("certificate", "remove")


def test_one_that_ends_soon_is_shown_with_the_warning(desk: Desk, tmp_path: Path) -> None:
    now, path = datetime.now(UTC), tmp_path / "short.p12"
    path.write_bytes(certified.certificate(since=now - timedelta(days=1), until=now + timedelta(days=9, hours=12)))
    assert desk.run("certificate", "set", path).out.splitlines()[1] == "The certificate expires in 9 days. Ask for the next one."


def test_what_cannot_be_set_is_refused(desk: Desk, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other.p12"
    other.write_bytes(b"hello")
    assert "There is no file" in desk.refused("certificate", "set", tmp_path / "gone.p12")
    assert "There is no file" in desk.refused("certificate", "set", tmp_path)
    assert "no certificate file" in desk.refused("certificate", "set", other)
    monkeypatch.setenv(VARIABLE, "wrong")
    assert "The password does not open this file" in desk.refused("certificate", "set", file)
    monkeypatch.delenv(VARIABLE)
    assert VARIABLE in desk.refused("certificate", "set", file, code=5)


@pytest.mark.parametrize("words", [("set",), ("show", "x.p12"), ("remove", "x.p12"), ("sign",)])
def test_wrong_usage_exits_2(desk: Desk, words: tuple[str, ...]) -> None:
    desk.refused("certificate", *words, code=2)


def test_who_may_not_set_it_may_look(person: Person, file: Path) -> None:
    desk = person.desk
    once = desk.run("staff", "add", "李静", "--role", "clerk", "--json", "--user", ADMIN).json["password"]
    assert desk.run("certificate", "set", file, "--user", ADMIN).code == 0
    person.gives(once, OWN)
    assert desk.run("staff", "password", "--user", "李静").code == 0
    person.gives(OWN)
    for words in (("set", file), ("remove",)):
        assert "This needs the role" in desk.refused("certificate", *words, "--user", "李静", code=5)
    assert "城东分公司" in desk.run("certificate", "--user", "李静").out


def test_a_document_is_signed_once_and_comes_out_the_same(desk: Desk, file: Path, number: str, tmp_path: Path) -> None:
    desk.run("certificate", "set", file)
    first, second = tmp_path / "first.pdf", tmp_path / "second.pdf"
    for path in (first, second):
        assert desk.run("document", "agreement", number, "--out", path).code == 0
    assert b"/ByteRange" in first.read_bytes()
    assert first.read_bytes() == second.read_bytes()
    assert sent(desk, number) == (2, 1, 1)
    verdict = desk.run("verify", first)
    assert (verdict.code, "the branch's: 城东分公司" in verdict.out) == (0, True)


@pytest.mark.parametrize(("given", "code", "said"), [("wrong", 1, "does not open"), ("", 5, VARIABLE)])
def test_a_document_without_the_password_is_not_written(
    desk: Desk, file: Path, number: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, code: int, said: str
) -> None:
    desk.run("certificate", "set", file)
    monkeypatch.setenv(VARIABLE, given)
    out = tmp_path / "first.pdf"
    told = desk.run("document", "agreement", number, "--out", out)
    assert (told.code, told.out, told.err.count("\n")) == (code, "", 1)
    assert said in told.err
    assert not out.exists()
    assert sent(desk, number) == (0, 0, 0)


def test_without_a_certificate_no_password_is_asked_for(
    desk: Desk, number: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE)
    out = tmp_path / "first.pdf"
    assert desk.run("document", "agreement", number, "--out", out).code == 0
    assert b"/ByteRange" not in out.read_bytes()
