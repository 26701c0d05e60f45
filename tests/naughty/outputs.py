"""What tells of one record, as trees of values in which texts can be exchanged: JSON, time line, papers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from app.core.errors import UserError
from app.core.session import Session
from app.models.complaints import Complaint
from app.models.customers import Contact, Customer
from app.models.record import Record
from app.reports import fonts, papers
from app.reports.documents import claims, objection_record, parts
from app.reports.papers_quality import without_phones
from app.services import cases, timeline
from tests.naughty.pen import WORDS, refusable, stored
from tests.naughty.walk import Walked
from tests.reports.reading import pages_of

Tree = Any
"""A text, or dicts, lists and tuples down to texts and other plain values; a frozenset of the texts that are seen at once."""
Papers = tuple[tuple[str, str, dict[str, Any]], ...]
PAPERS: Papers = (
    (papers.FORM, "complaint", {}),
    (papers.RECEIPT, "rejected complaint", {}),
    (papers.APPROVAL, "complaint", {}),
    (papers.AGREEMENT, "agreement", {"edition": 2}),
    (papers.DISPATCH, "dispatch", {}),
    (papers.FOLLOW_UP, "complaint", {}),
    (papers.NOTICE, "action", {}),
    (papers.OBJECTION, "objection", {}),
    (papers.CARDS, "card", {}),
    (papers.VISIT, "customer", {}),
)
"""On which every field that is printed at all is printed."""
OTHER_PAPERS: Papers = (
    (papers.RECEIPT, "complaint", {}),
    (papers.AGREEMENT, "first agreement", {}),
    (papers.REMINDER, "open dispatch", {}),
    (papers.LETTER, "complaint", {}),
)
SHORT = 60
_CHANGING = ("uid", "sha256", "content_hash", "path", "id", "proposal", "recurrences")
_COUNT = re.compile(r"第(\d+)页/共\d+页")
_ANCHOR = re.compile(r"历史码\d+:[0-9a-f]+")
_AGAIN = re.compile("^.{1,16}?（续）")
_LIGATURES = "\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06"
_IDENTITIES = re.compile("统一社会信用代码|许可证号|身份证号")
"""Captions that follow from the form of what is written."""
_PHONES = (Complaint.field("phone"), Customer.field("phone"), Contact.field("phone"))
_RECURRENCES = re.compile("(?<=重复情况).*?(?=二、原因分析)")
"""They are of all cases."""


@dataclass(frozen=True)
class Output:
    """What was told. `written`: how the text of a place stands there. `refused`: the sentence by which it was not told."""

    tree: Tree
    written: Callable[[str, str], str] = lambda _word, text: text
    refused: str = ""


def outputs(session: Session, walked: Walked) -> Iterator[tuple[str, Callable[[], Output]]]:
    """By name, each to be asked for."""
    for name, record in walked.records.items():
        yield f"show {name}", partial(_shown, session, record)
        yield f"time line of {name}", partial(_time_line, session, record)
    yield "cases of the customer", partial(_cases, session, walked)
    yield from printed_papers(session, walked, PAPERS)


def printed_papers(session: Session, walked: Walked, wanted: Papers) -> Iterator[tuple[str, Callable[[], Output]]]:
    """Documents of the records."""
    for document, name, how in wanted:
        if document in (papers.CARDS, papers.VISIT) and len(walked.pen.typed or "") > SHORT:
            continue  # cards go on on other cards, a visit is told shortly
        label = " ".join((document, "of", name, *map(str, how.values())))
        yield label, partial(_paper, session, document, walked.records[name], how)


def _shown(session: Session, record: Record) -> Output:
    return Output(kept(cases.as_json(session, cases.case_of(session, record))))


def _time_line(session: Session, record: Record) -> Output:
    return Output(timeline.of_case(session, record))


def _cases(session: Session, walked: Walked) -> Output:
    events = timeline.of_customer(session, walked.records["customer"])
    return Output({one.number: (one.title, one.text) for one in events})


def kept(tree: Tree) -> Tree:
    """Without what changes with every file and record."""
    if isinstance(tree, dict):
        return {code: kept(value) for code, value in tree.items() if code not in _CHANGING}
    return [kept(value) for value in tree] if isinstance(tree, list | tuple) else tree


def _paper(session: Session, document: str, record: Record, how: dict[str, Any]) -> Output:
    output = printed(lambda: papers.paper(session, document, cases.case_of(session, record), **how).content)
    return replace(output, written=_in_a_notice) if document == papers.NOTICE else output


def printed(make: Callable[[], bytes]) -> Output:
    """What a paper says; where it cannot be printed, the sentence that says why."""
    try:
        return Output(*_pages(make()))
    except UserError as error:
        return Output(None, refused=str(error))


def _pages(content: bytes) -> tuple[Tree, Callable[[str, str], str]]:
    """The frame of the pages, and the text of all of them without frames, heads of tables and blanks; how texts stand there."""
    frames, bodies = set(), []
    for page in map(_read, pages_of(content)):
        count = _COUNT.search(page)
        assert count, page
        frames.add(_ANCHOR.sub("", page[: count.start()]))
        bodies.append(page[count.end() :] if count[1] == "1" else _AGAIN.sub("", page[count.end() :]))
    return {"frame": sorted(frames), "body": _without_others("".join(bodies))}, _on_paper


def _without_others(body: str) -> str:
    """Only what was written, and stands once: a table that goes on has its head again on each page."""
    tables = (claims.product_table((), 0), claims.loss_table((), 0), parts.remedy_table(()), objection_record.steps_table(()))
    for table in tables:
        body = body.replace(bare("".join(cell.text for row in table.head for cell in row.cells)), "")
    body = body.replace("部门阅知人日期", "")
    return _RECURRENCES.sub("", _IDENTITIES.sub("…", body))


def bare(text: str) -> str:
    """Without blanks and what has no glyph: where lines break is not what was written."""
    return "".join(one for one in text if not one.isspace() and not fonts.invisible(one))


def _read(text: str) -> str:
    """As a reader program gives it: it takes ligatures apart, and has a mark of its own for a hyphen at the end of a line."""
    hyphens = text.replace("\x02", "-")
    return "".join(unicodedata.normalize("NFKC", one) if one in _LIGATURES else one for one in bare(hyphens))


def _in_a_notice(word: str, text: str) -> str:
    """A notice hides how the customer can be called, and the text may stand in the fields for that."""
    hides = any(WORDS.get(name) == word for name in WORDS if name.startswith(("action.", "complaint.action.", "complaint.desc")))
    phones = (stored(one, text) for one in _PHONES if not refusable(one, text))
    return _on_paper(word, without_phones(text, {one for one in phones if len(one) > 5}) if hides else text)


def _on_paper(word: str, text: str) -> str:
    """How a text stands on paper; each line of the clauses has its number there."""
    if word in (WORDS["complaint.agreement.clauses"], WORDS["agreement.clauses"]):
        clauses = [line for line in text.split("\n") if line.strip()]
        text = "".join(f"{number}. {line}" for number, line in enumerate(clauses, 1)).removeprefix("1. ")
    return _read(text)
