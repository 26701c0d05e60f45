"""Signing a PDF with a certificate, and looking at the signature of one. Nothing here asks a network, and nothing could.

A signature counts only where it covers all of the file but itself. Whether a certificate is trusted is not asked of
authorities: it is one of ours, by its fingerprint, or it is not.
"""

from __future__ import annotations

import re
import sys
from datetime import datetime
from io import BytesIO
from types import ModuleType
from typing import NamedTuple

from app.core.certificates import Facts, facts_of
from app.core.language import N_

FIELD = "KesuSignature"
# Modules of pyHanko that fetch from a network, with what is imported from them; the libraries they need are not brought along.
_FETCHING = (
    ("pyhanko.sign.timestamps.aiohttp_client", "HTTPTimeStamper"),
    ("pyhanko_certvalidator.fetchers.aiohttp_fetchers", "AIOHttpFetcherBackend"),
)
UNREADABLE = N_("It carries a signature that cannot be read.")
SEVERAL = N_("It carries several signatures, and the branch signs once: something was added afterwards.")
ADDED = N_("Something was added to the file after it was signed: the signature does not cover all of it.")
PARTIAL = N_("The signature leaves out a part of the file, which may have been changed.")
CHANGED = N_("The file was changed after it was signed.")
FORGED = N_("The signature was not made with the certificate that it names.")


class Signed(NamedTuple):
    """What was found of a file's signature: `problem` is one of the sentences above, or empty; `by` None where nobody can say."""

    problem: str
    by: Facts | None = None


class _Refused:
    """Stands for what would fetch."""

    def __init__(self, *_arguments: object, **_named: object) -> None:
        raise RuntimeError("no network")


def _without_network() -> None:
    for name, what in _FETCHING:
        if name not in sys.modules:
            module = ModuleType(name)
            setattr(module, what, _Refused)
            sys.modules[name] = module


def sign(pdf: bytes, certificate: bytes, password: str, now: datetime) -> bytes:
    """The PDF followed by a signature of all of it, which permits no change. `certificate` is one that was `opened` before."""
    _without_network()
    import asyncio  # heavy: rare

    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # heavy: rare
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter  # heavy: rare
    from pyhanko.sign.signers import SimpleSigner  # heavy: rare
    from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup  # heavy: rare
    from pyhanko.sign.signers.pdf_byterange import SignatureObject  # heavy: rare
    from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes  # heavy: rare

    signer = SimpleSigner.load_pkcs12_data(certificate, (), password.encode())
    step = PdfCMSEmbedder().write_cms(field_name=FIELD, writer=IncrementalPdfFileWriter(BytesIO(pdf)))
    next(step)
    place = SignatureObject(timestamp=now, subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED, bytes_reserved=32_768)
    step.send(SigObjSetup(place, SigMDPSetup("sha256", certify=True, docmdp_perms=MDPPerm.NO_CHANGES)))
    digest, output = step.send(SigIOSetup("sha256"))
    told = PdfCMSSignedAttributes(signing_time=now)
    step.send(asyncio.run(signer.async_sign(digest.document_digest, "sha256", signed_attr_settings=told)))
    signed: bytes = output.getvalue()
    return signed


def has_signature(pdf: bytes) -> bool:
    """Whether a file says that it is signed: what a signature covers cannot stand in a compressed part."""
    return b"/ByteRange" in pdf


def examine(pdf: bytes) -> Signed:
    """What the signature of such a file is worth."""
    _without_network()
    from pyhanko.pdf_utils.reader import PdfFileReader  # heavy: rare

    try:
        found = PdfFileReader(BytesIO(pdf), strict=False).embedded_signatures
        if len(found) != 1:
            return Signed(SEVERAL if found else UNREADABLE)
        return _examined(pdf, found[0])
    except (Exception, RecursionError):  # a foreign file may make anything of the parser; it is no good then
        return Signed(UNREADABLE)


def _examined(pdf: bytes, found: object) -> Signed:
    from cryptography import x509  # heavy: rare
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity  # heavy: rare
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature  # heavy: rare

    assert isinstance(found, EmbeddedPdfSignature)
    by = facts_of(x509.load_der_x509_certificate(found.signer_cert.dump()))
    intact, valid = validate_sig_integrity(found.signer_info, found.signer_cert, "data", found.compute_digest())
    if problem := _uncovered(pdf, list(found.byte_range), len(found.pkcs7_content)):
        return Signed(problem, by)
    return Signed("" if intact and valid else FORGED if intact else CHANGED, by)


def _uncovered(pdf: bytes, covered: list[int], size: int) -> str:
    """What is wrong with what a signature covers: it has to be all of the file but its own digits between brackets."""
    if len(covered) != 4 or covered[0] != 0 or min(covered) < 0:
        return PARTIAL
    _start, before, after, rest = map(int, covered)
    if after + rest < len(pdf):
        return ADDED
    own = pdf[before:after]
    whole = after + rest == len(pdf) and after - before == 2 * size + 2
    return "" if whole and re.fullmatch(rb"<[0-9A-Fa-f]*>", own) else PARTIAL
