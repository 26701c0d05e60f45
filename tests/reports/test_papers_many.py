"""The same document of many records: one file or a file each, refusals named, each issue kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.errors import UserError
from app.models import prints
from app.models.agreements import Agreement
from app.models.cards import Card
from app.models.complaints import Complaint
from app.models.prints import Print
from app.reports import papers_many
from app.reports.papers import AGREEMENT, APPROVAL, CARDS, FORM, TITLES
from tests.make import Make
from tests.models.stands import agreement_in
from tests.reports.reading import pages_of, text_of


def test_a_document_of_each_goes_into_one_file_in_order(make: Make, tmp_path: Path) -> None:
    cases = [make.complaint(description=f"第{place}件") for place in (1, 2, 3)]
    made = papers_many.make(make.session, FORM, Complaint, [case.id for case in reversed(cases)])
    assert made.summary.sentence() == "3 done."
    path = tmp_path / "表.pdf"
    papers_many.write_together(make.session, path, made.issued)
    content = path.read_bytes()
    starts = [next(number for number, page in enumerate(pages_of(content)) if case.number in page) for case in cases]
    assert starts == sorted(starts, reverse=True)
    assert [len(prints.of(case)) for case in cases] == [1, 1, 1]


def test_a_record_without_that_document_is_refused_and_the_others_printed(make: Make) -> None:
    draft, proposed = make.complaint(), make.proposed()
    made = papers_many.make(make.session, APPROVAL, Complaint, [draft.id, proposed.id])
    assert [one.record.number for one in made.issued] == [proposed.number]
    assert [one.number for one in made.summary.refused] == [draft.number]
    assert proposed.number in text_of(made.issued[0].content)


def test_files_of_one_name_get_numbers_and_nothing_is_written_over(make: Make, tmp_path: Path) -> None:
    agreement = agreement_in(make, "released")
    make.steps(agreement.complaint, "agreement")
    editions = list(Agreement.select().order_by(Agreement.edition))
    assert len(editions) == 2
    made = papers_many.make(make.session, AGREEMENT, Agreement, [one.id for one in editions])
    written = papers_many.write_each(make.session, tmp_path, made.issued)
    name = f"Processing agreement {agreement.number}"
    assert [path.name for path in written] == [f"{name}.pdf", f"{name} (2).pdf"]
    assert [path.read_bytes() for path in written] == [one.content for one in made.issued]
    assert papers_many.write_each(make.session, tmp_path, made.issued[:1]) == [tmp_path / f"{name} (3).pdf"]


def test_a_file_that_cannot_be_written_leaves_no_entry(make: Make, tmp_path: Path) -> None:
    made = papers_many.make(make.session, FORM, Complaint, [make.complaint().id])
    with pytest.raises(UserError, match="cannot be written"):
        papers_many.write_each(make.session, tmp_path / "nowhere", made.issued)
    assert Print.select().count() == 0


def test_every_document_of_a_list_is_known() -> None:
    assert {document for documents in papers_many.DOCUMENTS.values() for document in documents} <= set(TITLES)


def test_marked_cards_share_their_pages_and_each_is_counted(make: Make, tmp_path: Path) -> None:
    cards = [make.card("published") for _time in range(3)]
    made = papers_many.make(make.session, CARDS, Card, [card.id for card in cards])
    (issued,) = made.issued
    assert issued.numbers == ["YK-0001", "YK-0002", "YK-0003"]
    papers_many.write_together(make.session, tmp_path / "cards.pdf", made.issued)
    assert len(pages_of((tmp_path / "cards.pdf").read_bytes())) == 1
    assert [len(prints.of(card)) for card in cards] == [1, 1, 1]
