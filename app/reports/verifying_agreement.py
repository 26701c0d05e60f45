"""What a PDF of an agreement says, compared with what this database prints for the edition that it names.

A paper that was printed on another day, or saved again elsewhere, is another file. Its text has then to be that of ours, word
for word, in the language of the paper, and it has to look like ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import product, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from app.core import language
from app.core.errors import NotPermitted
from app.core.language import _
from app.core.session import Session
from app.models import sight
from app.models.agreements import Agreement
from app.reports import papers_agreement
from app.reports.documents.agreement import Agreement as AgreementPaper
from app.reports.documents.agreement import agreement_sheaf
from app.reports.papers_case import frame
from app.reports.pdf import DRAFT, FOOT, VOID, bind
from app.reports.verdicts import CHANGED, UNKNOWN, Verdict, drafted, of_edition, stand
from app.services import anchors, cases

if TYPE_CHECKING:
    import pypdfium2
    from PIL.Image import Image

_TITLE = "Agreement on an objection or complaint"
_EXCERPT = 24
_DOCUMENT = "agreement"
_COPY = "·"  # a copy that is marked has a head of two lines, whatever the mark says
_SCALE, _DARK = 2, 128  # pixels to a point; greys below are ink
_HAIR, _SPECKS = 2, 8  # how far away a stroke is looked for, in pixels, and how many of them may miss theirs


def read(session: Session, document: pypdfium2.PdfDocument) -> Verdict:
    """The verdict on a PDF whose file is not known."""
    for spoken in language.LANGUAGES:
        with language.speaking(spoken):
            top = _height_of_title(document)
            named = None if top is None else _named(document, top)
        if top is not None and named is not None:
            return _compared(session, _Given(document, top, spoken), *named)
    return Verdict(UNKNOWN, _("This database issued no such file, and it names no agreement."), "")


class _Given(NamedTuple):
    """A paper to be looked at: where its title begins, in points from the foot of its page, and the language it is in."""

    document: pypdfium2.PdfDocument
    top: float
    spoken: str


def _height_of_title(document: pypdfium2.PdfDocument) -> float | None:
    page = document[0].get_textpage()
    found = page.search(_(_TITLE), match_case=True).get_next()
    return None if found is None else float(page.get_charbox(found[0])[3])


def _named(document: pypdfium2.PdfDocument, top: float) -> tuple[str, int] | None:
    """Number and edition that stand at the head of the first page."""
    form = re.escape(f"{_('No. {number}')} {_('version {version}')}")
    form = re.sub(r"(\\ )+", r"\\s+", form).replace(r"\{number\}", "(.+?)").replace(r"\{version\}", r"(\d+)")
    found = re.search(form, document[0].get_textpage().get_text_bounded(bottom=top))
    return None if found is None else (found[1], int(found[2]))


def text_of(document: pypdfium2.PdfDocument) -> str:
    """All that stands in a file, without blanks."""
    return "".join("".join(page.get_textpage().get_text_range().split()) for page in document)


def _body(page: pypdfium2.PdfPage, top: float) -> str:
    """The text of a page between head and foot, without blanks."""
    return "".join(page.get_textpage().get_text_bounded(bottom=FOOT, top=top + 1).split())


def _compared(session: Session, given: _Given, number: str, edition: int) -> Verdict:
    found = Agreement.fetch("t.branch_id = ? AND t.number = ? AND t.edition = ?", session.branch.id, number, edition)
    if not found:
        told = _("It names {number}, edition {edition}, which this database does not have.")
        return Verdict(UNKNOWN, told.format(number=number, edition=edition), "", number, edition)
    with language.speaking(given.spoken):
        said = "".join(_body(page, given.top) for page in given.document)
        if said.startswith(_(DRAFT)):
            return drafted(found[0])
        matched, rest, right = _consumed(said, list(_variants(session, found[0], anchors.texts(text_of(given.document)) or [""])))
        alike = not rest and _looks_alike(given, matched)
    if rest:
        return of_edition(found[0], CHANGED, _told(session, found[0], rest, right))
    if not alike:
        told = _("It reads like {number}, edition {edition}, but it does not look like it: something was drawn over it.")
        return of_edition(found[0], CHANGED, told)
    return stand(session, found[0])


class _Variant(NamedTuple):
    """A form in which an edition may have been printed: before or after it was signed, valid or with a watermark."""

    data: AgreementPaper
    text: str


def _variants(session: Session, record: Agreement, written: Sequence[str]) -> Iterator[_Variant]:
    """With the anchors that are written on the paper: whether they hold is another question."""
    case = cases.load(session, record.complaint.number)
    edition = next(one for one in case.editions if (one.number, one.edition) == (record.number, record.edition))
    paper = frame(session, record.number, version=record.edition)
    valid = replace(papers_agreement.content(session, case, edition, paper), released=True)
    unsigned = replace(valid, customer=replace(valid.customer, signed_by="", signed_on=None))
    for signed in dict.fromkeys((valid, unsigned)):
        for mark, anchor in product(("", VOID), written):
            yield _variant(replace(signed, paper=replace(paper, mark=mark), anchor=anchor))


def _variant(data: AgreementPaper) -> _Variant:
    with _printed(data) as (document, top):
        return _Variant(data, "".join(_body(page, top) for page in document))


@contextmanager
def _printed(data: AgreementPaper, copy: str = "") -> Iterator[tuple[pypdfium2.PdfDocument, float]]:
    """Our own paper, read back, and where its title begins."""
    import pypdfium2  # heavy: start-up must not pay for it

    document = pypdfium2.PdfDocument(bind(agreement_sheaf(replace(data, paper=replace(data.paper, copy=copy)))))
    try:
        top = _height_of_title(document)
        assert top is not None  # each begins with it
        yield document, top
    finally:
        document.close()


def _consumed(said: str, variants: Sequence[_Variant]) -> tuple[list[_Variant], str, str]:
    """The variants that a text is made of, one after the other; what is left of it, and what should stand there."""
    matched: list[_Variant] = []
    while said:
        fitting = next((one for one in variants if said.startswith(one.text)), None)
        if fitting is None:
            nearest = max(variants, key=lambda one: _common(one.text, said))
            return matched, said, nearest.text
        matched.append(fitting)
        said = said[len(fitting.text) :]
    return matched, "", ""


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    differing = (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return next(differing, min(len(one), len(other)))


def _told(session: Session, record: Agreement, said: str, right: str) -> str:
    """Where two texts part: that tells what the paper says, so it is a look as the paper itself is."""
    try:
        if sight.is_withheld(record):
            sight.look_at_kept(session, record.KIND, record.id, _DOCUMENT)
        sight.look_at_paper(session, record.KIND, record.id, _DOCUMENT)
    except NotPermitted:
        return _(
            "It is not {number}, edition {edition}, as it was agreed. Where it differs is told to who may read the agreement."
        )
    return _difference(said, right)


def _difference(said: str, right: str) -> str:
    """A sentence on where two texts part, with a place for number and edition."""
    common = _common(said, right)
    found, wanted = (text[max(0, common - 6) :][:_EXCERPT].replace("{", "{{").replace("}", "}}") for text in (said, right))
    told = _("It is not {number}, edition {edition}, as it was agreed: it says “{found}” where “{wanted}” stood.")
    return told.replace("{found}", found).replace("{wanted}", wanted)


def _looks_alike(given: _Given, matched: Sequence[_Variant]) -> bool:
    """Whether the pages look like ours. Under a head of another height, as with an older letterhead, that cannot be said."""
    for copy in ("", _COPY):
        with ExitStack() as stack:
            printed = [stack.enter_context(_printed(one.data, copy)) for one in matched]
            if all(abs(top - given.top) < 1 for _document, top in printed):
                ours = [page for document, _top in printed for page in document]
                pairs = zip_longest(given.document, ours)
                return all(one and other and _alike(one, other, given.top) for one, other in pairs)
    return True


def _alike(one: pypdfium2.PdfPage, other: pypdfium2.PdfPage, top: float) -> bool:
    """Whether every stroke of either page has one of the other's beside it: by a hair, glyphs may stand otherwise."""
    from PIL import ImageChops  # heavy: pictures are rare

    if any(abs(a - b) > 1 for a, b in zip(one.get_size(), other.get_size(), strict=True)):
        return False
    inks = [_ink(page, top) for page in (one, other)]
    for ink, beside in (inks, inks[::-1]):
        alone = ImageChops.subtract(ink, _grown(beside))
        if alone.histogram()[255] > _SPECKS:
            return False
    return True


def _grown(ink: Image) -> Image:
    """Each stroke is wider by a hair on all sides. Pictures are moved as a whole: to look around each pixel takes longer."""
    from PIL import ImageChops, ImageOps  # heavy: pictures are rare

    grown = ImageOps.expand(ink, _HAIR)  # what is moved over the edge comes in again on the other side, but not through so much
    for across, down in ((1, 0), (0, 1)) * _HAIR:
        beside = (ImageChops.offset(grown, way * across, way * down) for way in (1, -1))
        grown = ImageChops.lighter(grown, ImageChops.lighter(*beside))
    return ImageOps.crop(grown, _HAIR)


def _ink(page: pypdfium2.PdfPage, top: float) -> Image:
    """Where the body of a page is dark, in white on black."""
    height = page.get_height()
    box = (0, int((height - top) * _SCALE), int(page.get_width() * _SCALE), int((height - FOOT) * _SCALE))
    drawn: Image = page.render(scale=_SCALE, grayscale=True).to_pil().crop(box)
    return drawn.point(lambda grey: 255 if grey < _DARK else 0)
