"""An agreement as PDF, warm: laid out and drawn, beside drawing the same strings, lines and boxes with reportlab alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from typing import Any

from app.reports import papers
from app.services import cases
from benchmarks.store import Store
from benchmarks.timing import Result, race

Call = tuple[str, tuple[Any, ...], dict[str, Any]]


def measure(store: Store) -> Iterator[Result]:
    """Paper of a case that is at hand."""
    from app.core.database import database

    number = database.execute_sql(
        "SELECT number FROM complaint WHERE id IN (SELECT complaint_id FROM agreement) LIMIT 1"
    ).fetchone()[0]
    case = cases.load(store.session, number)
    for document, name in ((papers.AGREEMENT, "agreement"), (papers.FORM, "registration form")):
        ours = partial(papers.paper, store.session, document, case)
        made, calls = _recorded(lambda: ours().content)  # noqa: B023 - called at once
        again = _drawn(calls)
        assert abs(len(made) - len(again)) < len(made) / 20, f"{name}: {len(made)} bytes, drawn again {len(again)}"
        both = race(ours, partial(_drawn, calls))
        goal = 1.3 if document == papers.AGREEMENT else None
        yield Result("pdf", f"{name}, {len(made) / 1024:.0f} kB", store.size, *both, goal)


def _recorded(render: Callable[[], bytes]) -> tuple[bytes, list[Call]]:
    """What a document draws, call by call; the first is that which makes the canvas."""
    from reportlab.pdfgen import canvas

    bare, calls = canvas.Canvas, list[Call]()

    class Recorder(bare):  # type: ignore[misc, valid-type]
        """Notes the calls from outside, not those that they make."""

        def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401
            self._depth = 1
            super().__init__(*arguments, **named)
            self._depth = 0
            calls.append(("", arguments[1:], named))

        def __getattribute__(self, name: str) -> Any:  # noqa: ANN401
            found = super().__getattribute__(name)
            if name.startswith("_") or not callable(found) or self.__dict__.get("_depth"):
                return found
            return partial(self._noted, name, found)

        def _noted(self, name: str, found: Callable[..., Any], *arguments: Any, **named: Any) -> Any:  # noqa: ANN401
            calls.append((name, arguments, named))
            self.__dict__["_depth"] = 1
            try:
                return found(*arguments, **named)
            finally:
                self.__dict__["_depth"] = 0

    canvas.Canvas = Recorder  # type: ignore[misc]
    try:
        return render(), calls
    finally:
        canvas.Canvas = bare  # type: ignore[misc]


def _drawn(calls: list[Call]) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    buffer = BytesIO()
    first, *others = calls
    canvas = Canvas(buffer, *first[1], **first[2])
    for name, arguments, named in others:
        getattr(canvas, name)(*arguments, **named)
    return buffer.getvalue()
