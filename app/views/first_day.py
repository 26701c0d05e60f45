"""The first steps of a branch: a band above the pages that leads through them, and the card with what is still open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QWidget

from app.core.language import _
from app.services import first_day
from app.services.first_day import Step
from app.views.bench_lines import Line, card
from app.views.desk import Desk
from app.views.pieces.basics import button, clear, column, label, row
from app.views.pieces.cards import NumberMark
from app.views.window import Window

_NAMED = {"backup": "choose_second"}
"""What gets the focus in a part that puts something else first."""


def open_steps(desk: Desk, steps: Sequence[Step], after: Callable[[], object]) -> QFrame:
    """The card of the workbench: each open step leads to where it is done; `after` it was put away."""

    def put_away() -> None:
        first_day.put_away(desk.preferences)
        after()

    away = button(_("Do not show again"), "link", name="first_day_away", on_click=put_away)
    made, inside = card(_title(desk), label(_progress(steps), "small"), away)
    for step in steps:
        if not step.done:
            line = Line([(_(step.title), "text", False, 1.0), (_("Go on"), "accent", False, -60.0)], ("circle-dashed", "text2"))
            line.setObjectName(f"first_{step.code}")
            line.clicked.connect(partial(desk.wanted_step.emit, step.code))
            inside.addWidget(line)
    return made


def _title(desk: Desk) -> str:
    return _("New computer") if first_day.course_of(desk.preferences) == first_day.MOVED else _("First day")


def _progress(steps: Sequence[Step]) -> str:
    done = sum(step.done for step in steps)
    return _("{done} of {total} done").format(done=done, total=len(steps))


def guide(window: Window, code: str) -> None:
    """Lead through the steps from one on, from the first open one where none is named."""
    found = window.findChild(Guide)
    made = found if isinstance(found, Guide) else Guide(window)
    made.begin(code)


class Guide(QFrame):
    """Stands above the pages until it is closed. It opens the page of a step and sees by the data when that is done."""

    def __init__(self, window: Window) -> None:
        super().__init__()
        self.setObjectName("first_day")
        self.setAccessibleName(_title(window.desk))
        self.setProperty("ground", "foot")
        self._window, self._code = window, ""
        self._marks = row(gap=16)
        self._words = label("", "secondary", wrap=True)
        self.later = button(_("Do it later"), "link", name="first_later", on_click=self.close_guide)
        self.next = button(_("Next step"), "outline", key="Alt+Right", name="first_next", on_click=self.go_on)
        below = row(self._words, self.later, self.next, gap=16)
        below.setStretch(0, 1)
        layout = column(gap=6, margins=(24, 10, 24, 10))
        for line in (self._marks, below):
            layout.addLayout(line)
        self.setLayout(layout)
        window.crown(self)
        window.desk.changed.connect(self._changed)

    def _steps(self) -> tuple[Step, ...]:
        return first_day.steps(self._window.session, self._window.desk.preferences)

    def begin(self, code: str) -> None:
        """Go to a step; closed at once where there is nothing to do."""
        steps = self._steps()
        step = next((one for one in steps if (one.code == code if code else not one.done)), None)
        if step is None:
            self.close_guide()
            return
        self._code = step.code
        self._open(step)
        self._show(steps)

    def _open(self, step: Step) -> None:
        self._window.open_page(step.page)
        if step.part and (show := getattr(self._window.page, "show_part", None)):
            show(step.part)
            part = self._window.page.part()  # type: ignore[attr-defined]
            QTimer.singleShot(
                0, part, partial(_focus, part, step.code)
            )  # behind the page, which takes the focus when it is shown

    def _show(self, steps: Sequence[Step]) -> None:
        clear(self._marks)
        self._marks.addWidget(label(_title(self._window.desk), "strong"))
        for number, step in enumerate(steps, 1):
            mark = NumberMark(number)
            mark.show_state(done=step.done, active=step.code == self._code)
            go = button(_(step.title), "link", name=f"go_{step.code}", on_click=partial(self.begin, step.code))
            self._marks.addLayout(row(mark, go, gap=6))
        self._marks.addStretch(1)
        self._marks.addWidget(label(_progress(steps), "small"))
        here = next(step for step in steps if step.code == self._code)
        self._words.setText(_("This is done.") if here.done else _(here.text))
        self.next.say(self._word(steps, here))

    def _word(self, steps: Sequence[Step], here: Step) -> str:
        if here.seen and not here.done:
            return _("They are right")
        if here.code == steps[-1].code:
            return _("To the workbench")
        return _("Next step") if here.done else _("Skip")

    def _changed(self, _topics: frozenset[str]) -> None:
        """What was just done is ticked."""
        steps = self._steps()
        if self._code in {step.code for step in steps}:
            self._show(steps)

    def go_on(self) -> None:
        """To the next step; behind the last one to the workbench, where what is open stands."""
        steps = self._steps()
        place = next(place for place, step in enumerate(steps) if step.code == self._code)
        if steps[place].seen:
            first_day.looked(self._window.desk.preferences)
        if place + 1 < len(steps):
            self.begin(steps[place + 1].code)
        else:
            self.close_guide()

    def close_guide(self) -> None:
        """What is open can be taken up on the workbench."""
        self._window.desk.changed.disconnect(self._changed)
        self._window.open_page("workbench")
        self.setParent(None)
        self.deleteLater()


def _focus(part: QWidget, step: str) -> None:
    """On what the step asks for: the first field that is empty, else what it names, else what the part puts first."""
    named = part.findChild(QWidget, _NAMED[step]) if step in _NAMED else part
    form = getattr(part, "form", None)
    empty = [code for code, value in form.values().items() if value is None] if form is not None else []
    if form is not None and empty:
        form.focus_field(empty[0])
    elif named is not None:
        named.setFocus()
