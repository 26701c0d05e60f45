"""Signing agreements with the certificate of the branch, and what a signature is worth when a file comes back."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from app.core import certificates as files
from app.core import pdf_signatures
from app.core.errors import UserError, ValidationError
from app.core.session import Session
from app.models import certificates
from app.models.certificates import CertificateKey, CertificatePasswordNeeded
from app.reports import papers, verdicts
from app.reports.papers import AGREEMENT
from app.reports.verdicts import Verdict
from app.reports.verifying import verify
from app.services import cases
from tests import certified
from tests.conftest import Clock
from tests.make import Make
from tests.models.stands import agreement_in

Check = Callable[[bytes], Verdict]


@pytest.fixture
def check(session: Session, tmp_path: Path) -> Check:
    def verdict(content: bytes) -> Verdict:
        path = tmp_path / "brought.pdf"
        path.write_bytes(content)
        return verify(session, path)

    return verdict


def set_certificate(session: Session, folder: Path, content: bytes = b"") -> None:
    path = folder / "branch.p12"
    path.write_bytes(content or certified.certificate())
    certificates.choose(session, path, certified.PASSWORD)


def issued(session: Session, record: Any) -> bytes:
    made = papers.signed(session, papers.paper(session, AGREEMENT, cases.load(session, record.number)))
    papers.keep_record(session, made)
    return made.content


@pytest.fixture
def agreement(make: Make, session: Session, tmp_path: Path) -> Any:
    set_certificate(session, tmp_path)
    certificates.unlock(session, certified.PASSWORD)
    return agreement_in(make, "released")


@pytest.fixture
def signed(session: Session, agreement: Any) -> bytes:
    return issued(session, agreement)


def appended(content: bytes, change: Callable[[Any], object]) -> bytes:
    """What an editor adds behind a file: objects in place of others, the bytes before them as they were."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(BytesIO(content))
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def swap_annotations(writer: Any) -> None:
    from pyhanko.pdf_utils import generic

    page = writer.root["/Pages"]["/Kids"][0]
    page["/Annots"] = generic.ArrayObject()
    writer.update_container(page)


def swap_text(writer: Any) -> None:
    from pyhanko.pdf_utils import generic

    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"0 0 100 100 re f"))
    writer.update_container(page)


def by_another(content: bytes, when: Any) -> bytes:
    other = files.opened(certified.certificate("别人"), certified.PASSWORD, when)
    return pdf_signatures.sign(content, other.content, certified.PASSWORD, when)


def body_of(content: bytes) -> bytes:
    return content[: content.index(b"%%EOF\n") + len(b"%%EOF\n")]


def naively_valid(content: bytes) -> bool:
    """What a program says that asks only whether the signature fits the bytes that it names."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    found = PdfFileReader(BytesIO(content), strict=False).embedded_signatures[0]
    return all(validate_sig_integrity(found.signer_info, found.signer_cert, "data", found.compute_digest()))


def test_a_signed_agreement_is_as_issued_by_our_certificate(check: Check, signed: bytes, session: Session) -> None:
    found = check(signed)
    held = certificates.current(session)
    assert held is not None
    assert (found.code, found.by) == (verdicts.ISSUED, held.facts.fingerprint)
    assert "covers all of the file" in found.sentence
    assert "the branch's: 城东分公司" in found.sentence


def test_the_same_bytes_come_out_again_and_nothing_is_signed_twice(session: Session, agreement: Any, signed: bytes) -> None:
    again = papers.paper(session, AGREEMENT, cases.load(session, agreement.number))
    assert again.content == signed
    assert not again.unsigned
    certificates.remove(session)
    assert issued(session, agreement) == signed
    assert type(agreement).get_by_id(agreement.id).print_count == 2


def test_the_foot_names_the_certificate(session: Session, signed: bytes) -> None:
    held = certificates.current(session)
    assert held is not None
    text = pypdfium2.PdfDocument(signed)[0].get_textpage().get_text_range()
    assert f"Signed by certificate {held.facts.fingerprint[:16]}" in " ".join(text.split())


def test_a_draft_is_not_signed(session: Session, make: Make, tmp_path: Path) -> None:
    set_certificate(session, tmp_path)
    record = agreement_in(make, "draft")
    assert not papers.paper(session, AGREEMENT, cases.load(session, record.number)).unsigned


def test_without_a_certificate_all_is_as_before(session: Session, make: Make) -> None:
    assert b"/ByteRange" not in issued(session, agreement_in(make, "released"))


@pytest.mark.parametrize("change", [swap_annotations, swap_text], ids=["annotation", "shadow"])
def test_what_is_added_after_the_signature_is_told(check: Check, signed: bytes, change: Callable[[Any], object]) -> None:
    content = appended(signed, change)
    assert naively_valid(content)  # the control: to ask for a valid signature alone lets it pass
    found = check(content)
    assert found.code == verdicts.CHANGED
    assert "added to the file after it was signed" in found.sentence


def test_bytes_behind_the_end_are_told(check: Check, signed: bytes) -> None:
    assert naively_valid(signed + b"% more")
    assert check(signed + b"% more").code == verdicts.CHANGED


def test_a_shortened_byte_range_is_told(check: Check, signed: bytes) -> None:
    found = re.search(rb"/ByteRange \[0 +(\d+) +(\d+) +(\d+)", signed)
    assert found is not None
    rest = str(int(found[3]) - 20).encode().rjust(len(found[3]), b"0")
    content = signed[: found.start(3)] + rest + signed[found.end(3) :]
    assert check(content).code == verdicts.CHANGED


def test_the_signature_of_another_certificate_is_told(check: Check, signed: bytes, session: Session) -> None:
    content = by_another(body_of(signed), session.clock())
    assert naively_valid(content)
    found = check(content)
    assert found.code == verdicts.STRANGER
    assert "not one of this branch: 别人" in found.sentence


def test_a_signature_that_was_taken_off_is_told(check: Check, signed: bytes) -> None:
    found = check(body_of(signed))
    assert found.code == verdicts.UNSIGNED


def test_a_cut_file_is_told(check: Check, signed: bytes) -> None:
    try:
        assert not check(signed[:-200]).genuine
    except UserError as error:
        assert "no PDF that can be read" in str(error)  # noqa: PT017 - either is a sentence


def test_a_changed_byte_is_told(check: Check, signed: bytes) -> None:
    place = signed.index(b"(Kesu Desk)") + 1
    found = check(signed[:place] + b"X" + signed[place + 1 :])
    assert found.code == verdicts.CHANGED
    assert "changed after it was signed" in found.sentence


def test_nothing_that_could_fetch_is_loaded(signed: bytes) -> None:
    import sys

    assert signed
    assert not {"aiohttp", "requests", "certifi", "oscrypto"} & set(sys.modules)
    assert asyncio is not None


def test_an_open_branch_asks_for_the_password_again_after_five_minutes(session: Session, make: Make, tmp_path: Path) -> None:
    set_certificate(session, tmp_path)
    row = CertificateKey.get()
    assert row.password is None
    record = agreement_in(make, "released")
    with pytest.raises(CertificatePasswordNeeded):
        issued(session, record)
    with pytest.raises(ValidationError, match="does not open"):
        certificates.unlock(session, "falsch")
    moment = session.uptime()
    certificates.unlock(session, certified.PASSWORD)
    session.uptime = lambda: moment + 301
    with pytest.raises(CertificatePasswordNeeded):
        issued(session, record)


def test_an_expired_certificate_signs_nothing_and_says_so_before(
    session: Session, make: Make, tmp_path: Path, clock: Clock
) -> None:
    set_certificate(session, tmp_path, certified.certificate(until=certified.late(20)))
    held = certificates.current(session)
    assert held is not None
    assert "expires in 20 days" in certificates.warning(session, held)
    record = agreement_in(make, "released")
    clock.advance(days=21)
    assert "expired on" in certificates.warning(session, held)
    with pytest.raises(UserError, match="expired on"):
        issued(session, record)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (certified.certificate("发证", certified.ISSUING), "one of an authority"),
        (certified.certificate("网站", certified.SERVERS), "not meant for documents"),
        (certified.certificate("加密", certified.SEALING), "not meant for signing"),
        (certified.certificate("旧的", until=certified.late(-1)), "expired on"),
        (certified.certificate("新的", since=certified.late(1)), "holds only from"),
        (certified.certificate("别的", kind=certified.ed25519), "PDF readers do not check"),
        (b"hello", "no certificate file"),
    ],
    ids=["authority", "server", "encryption", "expired", "early", "ed25519", "no file"],
)
def test_a_certificate_that_cannot_sign_is_refused(session: Session, tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        set_certificate(session, tmp_path, content)
    assert certificates.current(session) is None


def test_a_removed_certificate_leaves_no_key_and_is_still_known(session: Session, check: Check, signed: bytes) -> None:
    certificates.remove(session)
    assert CertificateKey.select().count() == 0
    assert "the branch's" in check(signed).sentence
