"""Encrypting a branch and working with an encrypted one: nothing readable lies in its folder, no damage goes unseen."""

from __future__ import annotations

import hashlib
import random
import threading
from pathlib import Path

import pytest

from app.core import database as store
from app.core import keyring, rewriting, sealed_files, store_file
from app.core.database import database
from app.core.errors import SignInNeeded, UserError
from app.core.session import Session
from app.models import attachments
from app.models.customers import Customer
from app.models.record import find_any
from app.services import checking, encryption, workplace
from tests.make import Make

PASSWORD = "雨后的茶园很安静没有人"
NAME, PHONE = "鑫瑞达商行绝无仅有", "13812345678"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "COST", (1, 64, 1))


@pytest.fixture
def branch(session: Session) -> Session:
    """A branch with a customer whose name is nowhere else."""
    Make(session).customer(name=NAME)
    return session


def files_with(folder: Path, words: str = NAME) -> list[str]:
    """The files under the folder in which the words can be read, in either of the encodings that SQLite knows."""
    forms = [words.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")]
    found = (path for path in folder.rglob("*") if path.is_file() and any(form in path.read_bytes() for form in forms))
    return sorted(str(path.relative_to(folder)) for path in found)


def dump() -> dict[str, list[tuple[object, ...]]]:
    names = database.execute_sql("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'").fetchall()
    return {name: database.execute_sql(f'SELECT * FROM "{name}"').fetchall() for (name,) in names}


def opened(folder: Path, password: str = PASSWORD) -> Session:
    store.close()
    return workplace.open_folder(folder, user="王敏", key=keyring.unlock(folder, "王敏", password).key)


def test_an_encrypted_branch_holds_the_same_and_works_on(branch: Session) -> None:
    before = dump()
    encryption.turn_on(branch, "王敏", PASSWORD)
    assert dump() == before
    again = opened(branch.folder)
    assert dump() == before
    assert Make(again).customer().number == "KH-0002"
    assert [row.name for row in Customer.select().where(Customer.number == "KH-0001")] == [NAME]
    for name, wanted in store.PRAGMAS:
        assert database.execute_sql(f"PRAGMA {name}").fetchone() in ((wanted,), None)


def test_it_does_not_open_without_the_key(branch: Session) -> None:
    encryption.turn_on(branch, "王敏", PASSWORD)
    store.close()
    assert keyring.exists(branch.folder)
    before = {path.name: path.read_bytes() for path in branch.folder.glob("k*")}
    with pytest.raises(SignInNeeded, match="protected by passwords"):
        workplace.open_folder(branch.folder)
    with pytest.raises(UserError, match="is damaged"):
        workplace.open_folder(branch.folder, key=bytes(32))
    assert {path.name: path.read_bytes() for path in branch.folder.glob("k*")} == before


def test_a_lost_key_file_is_named(branch: Session) -> None:
    encryption.turn_on(branch, "王敏", PASSWORD)
    store.close()
    for path in branch.folder.glob("keys*.json"):
        path.unlink()
    assert not keyring.exists(branch.folder)
    with pytest.raises(UserError, match=r"its key file keys\.json is missing\. Nothing was changed"):
        workplace.open_folder(branch.folder)


def test_a_branch_can_start_encrypted(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    with keyring.making(folder, "王敏", PASSWORD) as made:
        session = workplace.init(folder, {"code": "CD", "name": "城东分公司"}, user="王敏", key=made.key)
    Make(session).customer(name=NAME)
    assert files_with(folder) == []
    assert opened(folder).branch.name == "城东分公司"


def test_a_start_that_fails_leaves_no_key_file(tmp_path: Path) -> None:
    with pytest.raises(UserError), keyring.making(tmp_path / "new", "王敏", PASSWORD) as made:
        workplace.init(tmp_path / "new", {}, key=made.key)
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["keys.lock"]


def test_nothing_readable_lies_in_the_folder(branch: Session) -> None:
    """The control: before, the name is in the store, its log and the copy."""
    folder = branch.folder
    store.copy_to(folder / "backups" / "before-migration-1.db")
    assert files_with(folder) == ["backups/before-migration-1.db", "kesu.db-wal"]
    encryption.turn_on(branch, "王敏", PASSWORD)
    assert files_with(folder) == []
    Make(branch).customer(name=f"{NAME}二")
    store.copy_to(folder / "backups" / "copy.db")
    assert (folder / "kesu.db-wal").stat().st_size > 0
    assert files_with(folder) == []
    assert files_with(folder, "customer") == []


def test_a_copy_opens_with_the_passwords_of_its_time(branch: Session, tmp_path: Path) -> None:
    store.copy_to(branch.folder / "backups" / "plain.db")
    encryption.turn_on(branch, "王敏", PASSWORD)
    store.copy_to(branch.folder / "backups" / "copy.db")
    encryption.rekey(branch)
    keyring.set_password(branch.folder, "王敏", PASSWORD, "seven green umbrellas")
    store.close()
    for name in ("copy", "plain"):
        folder = tmp_path / name
        folder.mkdir()
        (branch.folder / "backups" / f"{name}.db").rename(folder / "kesu.db")
        (branch.folder / "backups" / f"{name}.keys.json").rename(folder / "keys.json")
        opened(folder)
        assert [row.name for row in Customer.select()] == [NAME]


def test_a_new_key_when_somebody_leaves(branch: Session) -> None:
    code = encryption.turn_on(branch, "王敏", PASSWORD)
    old = store.present_key()
    assert old is not None
    keyring.add_person(branch.folder, old, "刘洋", "seven green umbrellas")
    before, bytes_before = dump(), (branch.folder / "kesu.db").read_bytes()
    encryption.rekey(branch, without="刘洋")
    assert dump() == before
    assert store.present_key() != old
    assert not store_file.opens_with(branch.folder, old)
    assert (branch.folder / "kesu.db").read_bytes() != bytes_before
    with pytest.raises(keyring.SignInRefused):
        keyring.unlock(branch.folder, "刘洋", "seven green umbrellas")
    opened(branch.folder)
    assert keyring.unlock_by_code(branch.folder, code).key == store.present_key()


def test_plain_again(branch: Session) -> None:
    before = dump()
    encryption.turn_on(branch, "王敏", PASSWORD)
    with pytest.raises(keyring.SignInRefused):
        encryption.turn_off(branch, "王敏", "seven green umbrellas")
    encryption.turn_off(branch, "王敏", PASSWORD)
    assert not keyring.exists(branch.folder)
    store.close()
    workplace.open_folder(branch.folder)
    assert dump() == before
    assert sorted(path.name for path in branch.folder.iterdir()) == ["kesu.db", "kesu.db-shm", "kesu.db-wal", "keys.lock"]


def test_nothing_is_written_anew_beside_another_connection(branch: Session) -> None:
    before = dump()
    other = store_file.raw(branch.folder / "kesu.db", None)
    assert other.execute("SELECT count(*) FROM customer").fetchone() == (1,)
    with pytest.raises(UserError, match="Another window or command is at work"):
        encryption.turn_on(branch, "王敏", PASSWORD)
    other.close()
    assert not keyring.exists(branch.folder)
    assert dump() == before
    encryption.turn_on(branch, "王敏", PASSWORD)
    assert dump() == before


def test_a_copy_that_differs_is_not_taken(branch: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that gets lost on the way, and one that changes."""
    write = rewriting._write
    before = dump()
    for change in ("DELETE FROM coming.customer", "UPDATE coming.customer SET name = '别的'", "DROP TABLE coming.attachment"):

        def spoiled(connection: object, coming: Path, key: bytes | None, change: str = change) -> None:
            write(connection, coming, key)
            connection.execute(change)  # type: ignore[attr-defined]

        monkeypatch.setattr(rewriting, "_write", spoiled)
        with pytest.raises(UserError, match="without a difference"):
            encryption.turn_on(branch, "王敏", PASSWORD)
        assert dump() == before
        assert not keyring.exists(branch.folder)


def test_worker_threads_work_on_an_encrypted_store(branch: Session) -> None:
    encryption.turn_on(branch, "王敏", PASSWORD)
    found: list[str] = []

    def work() -> None:
        with store.connection():
            found.extend(row.name for row in Customer.select())

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    assert found == [NAME]


def test_a_newer_or_foreign_encrypted_store_is_left_alone(branch: Session) -> None:
    encryption.turn_on(branch, "王敏", PASSWORD)
    database.execute_sql(f"PRAGMA user_version = {workplace.LATEST + 1}")
    with pytest.raises(UserError, match="written by a newer program"):
        opened(branch.folder)
    connection = store_file.raw(branch.folder / "kesu.db", keyring.unlock(branch.folder, "王敏", PASSWORD).key)
    connection.execute("PRAGMA application_id = 77")
    connection.close()
    with pytest.raises(UserError, match="belongs to another program"):
        opened(branch.folder)


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="needs the system's count of bytes read")
def test_opening_does_not_read_the_whole_store(branch: Session) -> None:
    encryption.turn_on(branch, "王敏", PASSWORD)
    database.execute_sql("CREATE TABLE ballast AS SELECT randomblob(40000000) AS bytes")
    key = store.present_key()
    store.close()
    before = bytes_read()
    workplace.open_folder(branch.folder, key=key)
    assert bytes_read() - before < 1_000_000
    database.execute_sql("SELECT sum(length(hex(bytes))) FROM ballast").fetchone()
    assert bytes_read() - before > 40_000_000  # the control: the count does see pages


def bytes_read() -> int:
    lines = Path("/proc/self/io").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("rchar")).split()[1])


# Files that lie beside the store


def attached(session: Session, tmp_path: Path, content: bytes = NAME.encode() * 200_000) -> attachments.File:
    """A file of more than one piece, with the name in it."""
    source = tmp_path / "来函.txt"
    source.write_bytes(content)
    record = find_any(session, "KH-0001")
    return attachments.attach(session, record, source)


def test_attached_files_are_encrypted_and_read_as_they_came(branch: Session, tmp_path: Path) -> None:
    before = attached(branch, tmp_path)
    assert str(before.path.relative_to(branch.folder)) in files_with(branch.folder)
    encryption.turn_on(branch, "王敏", PASSWORD)
    again = attached(branch, tmp_path)  # the same content is kept once
    after = attached(branch, tmp_path, NAME.encode())
    assert files_with(branch.folder) == []
    assert (again.path, again.sha256, again.size) == (before.path, before.sha256, before.size)
    assert hashlib.sha256(before.content()).hexdigest() == before.sha256
    assert (after.content(), after.size, after.content(3)) == (NAME.encode(), len(NAME.encode()), NAME.encode()[:3])
    encryption.rekey(branch)
    later = attached(branch, tmp_path, b"later")
    assert [len(file.content()) for file in (before, after, later)] == [before.size, after.size, 5]
    encryption.turn_off(branch, "王敏", PASSWORD)
    assert hashlib.sha256(before.path.read_bytes()).hexdigest() == before.sha256
    assert later.content() == later.path.read_bytes() == b"later"


def test_a_leaver_with_the_old_keys_reads_no_later_file(branch: Session, tmp_path: Path) -> None:
    encryption.turn_on(branch, "王敏", PASSWORD)
    old = keyring.file_keys(branch.folder)
    earlier = attached(branch, tmp_path, b"earlier")
    encryption.rekey(branch)
    later = attached(branch, tmp_path, b"later")
    assert sealed_files.content(earlier.path, old) == b"earlier"
    with pytest.raises(sealed_files.Damaged):
        sealed_files.content(later.path, old)


def test_what_was_cut_off_is_gone_through_at_the_next_opening(
    branch: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        attached(branch, tmp_path, NAME.encode() * (number + 1))
    store.copy_to(branch.folder / "backups" / "copy.db")
    turns = []

    def cut_off(*given: object, **more: object) -> None:
        if turns:
            raise KeyboardInterrupt
        turns.append(rewrite(*given, **more))

    rewrite = sealed_files.rewrite
    monkeypatch.setattr(sealed_files, "rewrite", cut_off)
    with pytest.raises(KeyboardInterrupt):
        encryption.turn_on(branch, "王敏", PASSWORD)
    monkeypatch.undo()
    monkeypatch.setattr(keyring, "COST", (1, 64, 1))
    assert len(files_with(branch.folder)) == 3
    found = opened(branch.folder)
    assert files_with(branch.folder) == []
    assert [len(file.content()) for file in attachments.of(found, find_any(found, "KH-0001"))] == [27, 54, 81]


def test_a_damaged_attachment_is_said(branch: Session, tmp_path: Path) -> None:
    encryption.turn_on(branch, "王敏", PASSWORD)
    file = attached(branch, tmp_path, b"short")
    whole = file.path.read_bytes()
    for spoiled in (whole[:-1], b"k" + whole[1:], b""):
        file.path.write_bytes(spoiled)
        with pytest.raises(UserError, match=r"来函\.txt is damaged on the disk\. Put it back from a backup\."):
            file.content()


# Damage


@pytest.fixture
def encrypted(branch: Session) -> tuple[Path, bytes]:
    """The file of an encrypted store and its key, closed."""
    encryption.turn_on(branch, "王敏", PASSWORD)
    key = store.present_key()
    store.close()
    assert key is not None
    return branch.folder / "kesu.db", key


def found(path: Path, key: bytes | None, times: int) -> int:
    """How many of so many single wrong bits, drawn anew each run of the program in the same way, are found."""
    whole, draw, hits = path.read_bytes(), random.Random(14), 0
    spoiled = path.with_name("spoiled.db")
    for _turn in range(times):
        bit = draw.randrange(len(whole) * 8)
        spoiled.write_bytes(whole[: bit // 8] + bytes([whole[bit // 8] ^ 1 << bit % 8]) + whole[bit // 8 + 1 :])
        hits += bool(store_file.faults(spoiled, key))
    return hits


def test_every_single_wrong_bit_is_found(encrypted: tuple[Path, bytes], tmp_path: Path) -> None:
    path, key = encrypted
    assert store_file.faults(path, key) == []
    assert found(path, key, 200) == 200
    store_file.raw(path, key).execute(f"ATTACH '{tmp_path / 'plain.db'}' AS plain KEY ''").execute(
        "SELECT sqlcipher_export('plain')"
    )
    assert found(tmp_path / "plain.db", None, 60) < 60  # the control: without the check sum of each page some are not


DAMAGES = {
    "cut": lambda data: data[:-1],
    "cut by a page": lambda data: data[:-4096],
    "one wrong bit in the first page": lambda data: data[:2000] + bytes([data[2000] ^ 1]) + data[2001:],
    "other salt": lambda data: bytes([data[0] ^ 1]) + data[1:],
    "zeros": lambda data: bytes(len(data)),
    "nothing": lambda data: b"",
    "random": lambda data: random.Random(1).randbytes(len(data)),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_put_into_words_and_nothing_is_touched(encrypted: tuple[Path, bytes], damage: str) -> None:
    path, key = encrypted
    spoiled = DAMAGES[damage](path.read_bytes())
    path.write_bytes(spoiled)
    with pytest.raises(UserError, match=r"kesu\.db is damaged\. Nothing was changed\. Put back a backup"):
        workplace.open_folder(path.parent, key=key)
    assert path.read_bytes() == spoiled


def test_damage_inside_is_said_where_it_is_met(encrypted: tuple[Path, bytes]) -> None:
    path, key = encrypted
    data = path.read_bytes()
    path.write_bytes(data[:8192] + bytes(byte ^ (place % 4096 == 99) for place, byte in enumerate(data[8192:])))
    with pytest.raises(UserError, match="is damaged"):
        Make(workplace.open_folder(path.parent, key=key)).customer()


def test_a_check_reads_sealed_attachments(branch: Session, tmp_path: Path) -> None:
    path = tmp_path / "批号.jpg"
    path.write_bytes(random.Random(3).randbytes(3_000_000))
    kept = attachments.attach(branch, find_any(branch, "KH-0001"), path)
    encryption.turn_on(branch, "李管理", PASSWORD)
    assert checking.check(branch) == []
    lying = bytearray(kept.path.read_bytes())
    lying[2_000_000] ^= 1
    kept.path.write_bytes(lying)
    (fault,) = checking.check(branch)
    assert "not the one that was taken in" in fault.what
