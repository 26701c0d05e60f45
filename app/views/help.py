"""The page of F1: the keys in groups, and in plain words how a complaint goes. The handbook is a matter of its own."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QVBoxLayout

from app.core.language import N_, _
from app.views import style
from app.views.desk import Desk
from app.views.page import Page
from app.views.pieces.area import Area
from app.views.pieces.basics import KeyMark, label, row
from app.views.pieces.cards import Card
from app.views.pieces.heads import NARROW, Head

KEYS: tuple[tuple[str, tuple[tuple[tuple[str, ...], str], ...]], ...] = (
    (
        N_("Everywhere"),
        (
            (("F8",), N_("register a complaint")),
            (("F7",), N_("write down an objection")),
            (("Ctrl+N",), N_("new record of the kind that is seen")),
            (("Ctrl+K",), N_("search everything")),
            (("Ctrl+1", "…", "Ctrl+9"), N_("go to a page of the sidebar")),
            (("Alt+←", "Esc"), N_("back to where one came from")),
            (("F5",), N_("read again")),
            (("Ctrl+Z",), N_("undo, while the note at the foot offers it")),
            (("Ctrl+Shift+L",), N_("lock the desk, where there are passwords")),
            (("F1",), N_("this page")),
        ),
    ),
    (
        N_("In lists"),
        (
            (("Ctrl+F",), N_("to the search box; Esc empties and leaves it")),
            (("↑", "↓"), N_("choose a row; Home and End to the first and last")),
            (("Return",), N_("open the record")),
            (("Shift+↑", "Shift+↓"), N_("mark more rows, Ctrl+A all of them: classify, assign, print, void")),
            (("Ctrl+C",), N_("copy the marked rows as a table")),
            (("Ctrl+E",), N_("export what is shown to Excel")),
            (("Ctrl+P",), N_("put what is shown on paper as a register")),
            (("Ctrl+Shift+P",), N_("show or hide the preview")),
            (("Alt+↓",), N_("open a filter; Space ticks, Delete clears it")),
        ),
    ),
    (
        N_("In forms"),
        (
            (("Tab", "Return"), N_("next field; Shift+Tab goes back")),
            (("Alt+1", "…", "Alt+9"), N_("to the group with that number")),
            (("↑", "↓"), N_("choose a suggestion; in dates and numbers one more or less")),
            (("Ctrl+I",), N_("add the customer that is not found")),
            (("Ctrl+Del",), N_("take out a line of a table")),
            (("Ctrl+Shift+V",), N_("paste a chat into an objection or a complaint")),
            (("Ctrl+D",), N_("repeat how the last objection was classified")),
            (("Ctrl+S",), N_("save")),
            (("Ctrl+Return",), N_("do what the filled button says")),
            (("Ctrl+Shift+Return",), N_("save an objection and write down the next one")),
        ),
    ),
    (
        N_("With a customer"),
        (
            (("F2",), N_("edit the customer")),
            (("F6",), N_("write down a contact; a digit chooses its kind")),
            (("←", "→"), N_("choose whose value stays when two records are merged")),
            (("Ctrl+D",), N_("keep a pair of likely duplicates apart")),
        ),
    ),
    (
        N_("In the self-test"),
        (
            (("Space",), N_("show the answer")),
            (("1", "…", "4"), N_("say how well it was known")),
        ),
    ),
    (
        N_("Papers and import"),
        (
            (("Ctrl+P",), N_("print what is shown")),
            (("Ctrl+V",), N_("attach files or a picture from the clipboard to the record that is seen")),
            (("←", "→"), N_("the attached file before or behind the one that is looked at")),
            (("Ctrl+O",), N_("choose the register to take in")),
            (("Ctrl+T",), N_("try the import without writing")),
        ),
    ),
)
COURSE: tuple[tuple[str, str], ...] = (
    (N_("Register"), N_("Write down what the customer says, in the customer's words. With your signature it is registered.")),
    (N_("Accept"), N_("Somebody takes it over. What is not answered at once gets a promised time; the workbench reminds of it.")),
    (N_("Enquire"), N_("Ask at the customer's, write down what was found, read it back.")),
    (N_("Propose"), N_("Say how it shall be settled and what it costs.")),
    (
        N_("Decide"),
        N_(
            "Up to the limit the handler decides, then the manager, above that the branch head. A returned proposal is made anew."
        ),
    ),
    (N_("Reply"), N_("Tell the customer. At the promised time an answer goes out, whatever the progress.")),
    (N_("Agree"), N_("Print the agreement, have it signed, record the signature; or note why none is needed.")),
    (N_("Close"), N_("Write down the outcome and what is to be learnt from it.")),
)
_ALSO = (
    N_("A button that cannot be pressed says beside it what is missing."),
    N_("Nothing is deleted: what was a mistake is voided with a reason and stays readable."),
    N_("What is being typed is kept every few seconds and stands on the workbench until it is saved."),
    N_("History lists who did what when; “Check data” there looks at all that is kept and says what to do."),
    N_("While an input method is composing, no key of the program acts."),
)


class HelpPage(Page):
    """Keys at the left, the course of a complaint at the right."""

    nav = "help"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        keys, course = QVBoxLayout(), QVBoxLayout()
        for layout in (keys, course):
            layout.setSpacing(12)
        for title, entries in KEYS:
            keys.addWidget(_keys_card(_(title), entries))
        keys.addStretch(1)
        course.addWidget(_course_card())
        course.addWidget(_also_card())
        course.addStretch(1)
        self._columns = QHBoxLayout()
        self._columns.setSpacing(16)
        self._columns.addLayout(keys, 1)
        self._columns.addLayout(course, 1)
        head, area = Head(), Area(self._columns)
        head.show_title(self.name())
        self.build(head, area)
        # The arrow keys and Page Down read on without a click.
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(area)

    def name(self) -> str:
        """For the title of the window."""
        return _("Keys and help")

    def narrow(self, width: int) -> None:
        """Below each other where there is no room."""
        vertical = width < style.px(NARROW)
        self._columns.setDirection(QBoxLayout.Direction.TopToBottom if vertical else QBoxLayout.Direction.LeftToRight)


def _keys_card(title: str, entries: tuple[tuple[tuple[str, ...], str], ...]) -> Card:
    card = Card(title)
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(6)
    for place, (keys, words) in enumerate(entries):
        marks = [label("…", "hint") if key == "…" else KeyMark(key) for key in keys]
        holder = row(*marks, None, gap=6)
        grid.addLayout(holder, place, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(label(_(words), wrap=True), place, 1)
    grid.setColumnMinimumWidth(0, style.px(150))
    grid.setColumnStretch(1, 1)
    card.body.addLayout(grid)
    return card


def _course_card() -> Card:
    card = Card(_("How a complaint goes"))
    grid = QGridLayout()
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(8)
    for place, (step, words) in enumerate(COURSE):
        grid.addWidget(label(f"{place + 1}  {_(step)}", "strong"), place, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(label(_(words), wrap=True), place, 1)
    grid.setColumnStretch(1, 1)
    card.body.addLayout(grid)
    return card


def _also_card() -> Card:
    card = Card(_("Good to know"))
    for words in _ALSO:
        card.body.addWidget(label(_(words), wrap=True))
    return card
