"""The case file: cover, index, all forms of a case, what was written down on its way, every change, and its files.

Page numbers go through all of it. Files come in three ways: pictures flow over pages, PDFs get a page for each of theirs, all
others stand in the list alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from app.core import formats
from app.core.errors import UserError
from app.core.language import _
from app.core.progress import Progress
from app.core.session import Session
from app.core.times import day_of
from app.models import attachments
from app.models.attachments import File
from app.models.complaints import Complaint
from app.models.objections import Objection
from app.reports import enclosures
from app.reports.documents.case_file import (
    Cover,
    Kept,
    Piece,
    course_sheaf,
    cover_sheaf,
    events_sheaf,
    files_sheaf,
    index_sheaf,
)
from app.reports.enclosures import Inset, Room, Shown
from app.reports.layout import MARGIN, Text
from app.reports.papers_case import frame_of
from app.reports.papers_file_forms import course, cover_facts, events, forms, records
from app.reports.pdf import Laid, Paper, Sheaf, body, draw
from app.reports.typesetting import Style
from app.services.cases import Case

_CAPTION = Style(9, spacing=1.4)
_UNKNOWN = "0000–0000"  # as wide as pages can be, until they are known
_ROOM_LEFT = 30.0  # of a page of pictures, for its title


class Enclosed(NamedTuple):
    """A file of the case: its place in the list, the record it lies with, and how it comes onto paper."""

    place: int
    record: str
    file: File
    picture: enclosures.Picture | None = None
    sizes: Sequence[tuple[float, float]] = ()

    @property
    def caption(self) -> str:
        """What stands above it."""
        shows = attachments.shown(self.file.shows)
        return " · ".join(filter(None, (_("File {number}").format(number=self.place), self.file.name, shows, self.record)))


@dataclass
class Bound:
    """A document of the case file, laid out, and the files that are on it; `first` is its first page, once that is known."""

    title: str
    number: str
    on: str
    laid: Sequence[Laid]
    files: Sequence[Enclosed] = ()
    first: int = 0

    @property
    def pages(self) -> int:
        """How many it has."""
        return sum(len(one.pages) for one in self.laid)

    @property
    def piece(self) -> Piece:
        """Its line in the index."""
        return Piece(self.title, self.number, self.on, self.first, self.first + self.pages - 1)


def case_file(session: Session, case: Case, progress: Progress | None = None) -> bytes:
    """The whole case as PDF. UserError where the record is neither complaint nor objection."""
    if not isinstance(case.record, Complaint | Objection):
        raise UserError(
            _("{number} is neither a complaint nor an objection, so it has no case file.").format(number=case.record.number)
        )
    told, paper = progress or Progress(), frame_of(session, case)
    files = _read(session, case, told)
    bound = _forms(session, case, paper)
    listed = Bound(_("Files of the case"), "", "", [Laid(files_sheaf(paper, _kept(session, files, {})))])
    enclosed = [*_pictures(paper, files), *_foreign(paper, files)]
    whole = [*bound, *([listed] if files else []), *enclosed]
    index = Laid(index_sheaf(paper, [one.piece for one in whole]))
    _count(whole, 1 + len(index.pages))
    where = {place: pages for one in enclosed for place, pages in _where(one).items()}
    listed.laid = [Laid(files_sheaf(paper, _kept(session, files, where)))]
    index = Laid(index_sheaf(paper, [one.piece for one in whole]))
    pages = 1 + len(index.pages) + sum(one.pages for one in whole)
    cover = Cover(paper, _title(case), cover_facts(session, case), pages, len(files), session.user)
    laid = [Laid(cover_sheaf(cover)), index, *(one for part in whole for one in part.laid)]
    return enclosures.filled(draw(laid, told, through=True), [inset for one in enclosed for inset in _insets(one)])


def _title(case: Case) -> str:
    return _("Complaint file") if isinstance(case.record, Complaint) else _("Objection file")


def _forms(session: Session, case: Case, paper: Paper) -> list[Bound]:
    zone = session.branch.zone
    found = [
        Bound(
            form.sheaf.title,
            form.sheaf.paper.number,
            "" if form.on is None else formats.day(day_of(form.on, zone)),
            [Laid(form.sheaf)],
        )
        for form in forms(session, case)
    ]
    noted = course(session, case)
    added = [course_sheaf(paper, noted)] if noted else []
    added.append(events_sheaf(paper, events(session, case)))
    return [*found, *(Bound(one.title, "", "", [Laid(one)]) for one in added)]


def _read(session: Session, case: Case, told: Progress) -> list[Enclosed]:
    """All files of all records of the case, looked at one after the other; void ones are only listed."""
    kept = [(record, file) for record in records(session, case) for file in attachments.of(session, record)]
    found = []
    for place, (record, file) in enumerate(kept, 1):
        told.step(place - 1, len(kept), _("Reading {name}").format(name=file.name))
        opened = attachments.looked_at(session, record, file)
        content = _content(opened) if opened.voided_at is None else b""
        sizes = enclosures.page_sizes(content) or ()
        picture = None if sizes else enclosures.picture(content)
        found.append(Enclosed(place, record.number, opened, picture, sizes))
    return found


def _content(file: File) -> bytes:
    """Its bytes, none where it is missing or damaged: that is said where it is listed."""
    try:
        return file.content()
    except UserError:
        return b""


def _pictures(paper: Paper, files: Sequence[Enclosed]) -> list[Bound]:
    """Pictures flow: those that are wider than high come in twos."""
    room, title = body(paper)[1] - _ROOM_LEFT, _("Pictures")
    there = [one for one in files if one.picture is not None]
    shown = [Shown(one.caption, one.picture, room) for one in there if one.picture is not None]
    return [Bound(title, "", "", [Laid(Sheaf(paper, title, shown))], there)] if there else []


def _foreign(paper: Paper, files: Sequence[Enclosed]) -> list[Bound]:
    """A sheet for each page of each PDF, across where that is wider than high."""
    return [
        Bound(one.file.name, one.record, "", [_sheet(paper, one, place) for place in range(len(one.sizes))], [one])
        for one in files
        if one.sizes
    ]


def _sheet(paper: Paper, one: Enclosed, place: int) -> Laid:
    across = one.sizes[place][0] > one.sizes[place][1]
    width, height = body(paper, landscape=across)
    page = _("its page {page} of {pages}").format(page=place + 1, pages=len(one.sizes))
    caption = Text(f"{one.caption} · {page}", _CAPTION, width=width)
    room = Room(width, height - caption.height - Room.before - 8)
    return Laid(Sheaf(paper, "", [caption, room], landscape=across, outline="" if place else one.file.name))


def _count(whole: Sequence[Bound], before: int) -> None:
    """Give each its first page; `before` pages stand in front."""
    for one, first in zip(whole, accumulate((one.pages for one in whole), initial=before + 1), strict=False):
        one.first = first


def _where(bound: Bound) -> dict[int, str]:
    """On which pages its files stand, by their places in the list."""
    blocks = [(page, placed.block) for page, found in enumerate(bound.laid[0].pages, bound.first) for placed in found]
    drawn = [str(page) for page, block in blocks if isinstance(block, Shown)] or [bound.piece.pages]
    return {one.place: pages for one, pages in zip(bound.files, drawn, strict=True)}


def _insets(bound: Bound) -> list[Inset]:
    """Where the pages of a PDF go."""
    found = []
    for place, laid in enumerate(bound.laid):
        for placed in laid.pages[0]:
            if isinstance(room := placed.block, Room):
                bottom = laid.frame.height - laid.frame.top - placed.down - room.height
                box = (MARGIN, bottom, room.width, room.height)
                found.append(Inset(bound.first - 1 + place, bound.files[0].file, place, *box))
    return found


def _kept(session: Session, files: Sequence[Enclosed], where: dict[int, str]) -> list[Kept]:
    zone = session.branch.zone
    return [
        Kept(
            str(one.place),
            one.file.name if one.record == files[0].record else f"{one.file.name}\n{one.record}",
            attachments.shown(one.file.shows),
            formats.file_size(one.file.size),
            one.file.sha256,
            f"{one.file.who}\n{formats.moment(one.file.at, zone)}",
            _place(one, where),
        )
        for one in files
    ]


def _place(one: Enclosed, where: dict[int, str]) -> str:
    """The pages on which it stands, or why it stands on none."""
    if one.file.voided_at is not None:
        return _("void: {reason}").format(reason=one.file.void_reason)
    if one.picture is None and not one.sizes:
        return _("as a file only") if one.file.path.exists() else _("missing on the disk")
    return where.get(one.place, _UNKNOWN)
