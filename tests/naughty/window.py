"""The window as a way in and out: values go through its forms, and what its pages and lists show is read as people see it."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QPoint, qInstallMessageHandler
from PySide6.QtGui import QHelpEvent, Qt, QTextDocumentFragment
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QToolTip,
    QWidget,
)

from app.core.fields import Field
from app.core.session import Session
from app.models.listing import LISTINGS
from app.reports import fonts
from app.views import application, facts
from app.views.editors import MemoEditor, TextEditor
from app.views.forms import Form, Section, Shape
from app.views.forms import Lines as FormLines
from app.views.pieces.basics import Button
from app.views.tips import Tips
from app.views.window import Window
from tests.naughty.outputs import Output, bare
from tests.naughty.pen import Lines, is_text
from tests.naughty.strings import CHOSEN
from tests.naughty.walk import Walked

PAGES = (
    "customer", "product", "objection", "complaint", "first agreement", "agreement", "void complaint", "evidence", "card",
    "dispatch", "action",
)  # fmt: skip
WITHOUT_PAPER = tuple(name for name in PAGES if "agreement" not in name)
EDITED = ("customer", "product")
_BEFORE_QT = "\ufeff\ufffe"
"""What Qt takes for a mark of byte order at the start of a text and leaves out."""


class Screen:
    """The window of a branch, without a screen."""

    def __init__(self, session: Session) -> None:
        self.app = application.prepare(["kesu"])
        application.put_on(self.app, _Usual())  # type: ignore[arg-type]
        self.window: Window = application.make_window(self.app, session)
        self.window.resize(3000, 1600)  # wide enough that nothing is left out
        self._room, facts._WIDEST_TABLE = facts._WIDEST_TABLE, 0  # what stands side by side goes by how wide texts are
        application.Composition(self.app)
        self.app.installEventFilter(Tips(self.app))
        self.window.show()
        gc.enable()  # until the window stands none is collected
        self._forms: dict[tuple[str, ...], Form] = {}

    def typed(self, name: str, declared: Sequence[Field], lines: Lines, raw: dict[str, Any]) -> dict[str, Any]:
        """What a form with these fields gives when it was filled in."""
        form = self._form(name, declared, lines)
        form.set_values(dict.fromkeys(form.rows) | {code: [] for code in form.tables} | raw)
        for one in declared:
            if one.code in raw and is_text(one) and isinstance(raw[one.code], str):
                _type(form.editor(one.code), raw[one.code])
        given = form.values()
        return {code: given.get(code, value) for code, value in raw.items()}

    def _form(self, name: str, declared: Sequence[Field], lines: Lines) -> Form:
        key = (name, *(one.code for one in declared))
        if key not in self._forms:
            sections = (Section("", tuple(one.code for one in declared)), *(Section("", lines=part) for part in lines))
            tables = {part: FormLines(tuple(fields)) for part, (fields, _given) in lines.items()}
            shape = Shape(tuple(one.but(by_step=False) for one in declared), sections, tables, numbered=False)
            self._forms[key] = Form(shape, self.window.session.now)
        return self._forms[key]

    def outputs(self, session: Session, walked: Walked) -> Iterator[tuple[str, Callable[[], Output]]]:
        """Of the texts that the tests bring along the pages of the records, and the forms that edit them."""
        if walked.pen.typed not in (None, *CHOSEN.values()):
            return
        printable = not any(map(fonts.missing, walked.pen.kept.values()))
        for name in PAGES if printable else WITHOUT_PAPER:
            yield f"page of {name}", partial(self._page, partial(self.window.open_record, walked.records[name].number))
        for name in EDITED:
            record = walked.records[name]
            yield f"form of {name}", partial(self._page, partial(self.window.open_form, record.KIND, {"_edit": record.number}))

    def _page(self, go: Callable[[], object]) -> Output:
        with self._watched():
            go()
            self.app.processEvents()
            page = self.window.page
            page.grab()
            self.app.processEvents()  # what painting put off
            found = {*texts_of(self.window), bare(_title(self.window))}
            tips = misread(self.window)
            self._leave()
        if tips:
            raise AssertionError(f"tool tips are shown otherwise: {tips}")
        return Output(frozenset(found), _on_screen)

    def tables(self) -> Iterator[tuple[str, Callable[[], Output]]]:
        """The rows of the lists as their pages show them."""
        for code in LISTINGS:
            if code != "promises":  # they have a board of their own
                yield f"page of {code}", partial(self._list, code)

    def _list(self, code: str) -> Output:
        with self._watched():
            self.window.open_page(code)
            self.app.processEvents()
            page: Any = self.window.page
            page.grab()
            self.app.processEvents()
            model = page.table.rows
            number = next(place for place, column in enumerate(model.columns) if column.code == "number")
            rows = [[bare(model.text(row, place)) for place in range(len(model.columns))] for row in range(model.rowCount())]
            return Output({row[number]: row for row in rows}, _on_screen)

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Faults in slots and complaints of Qt, which would only be printed, are raised."""
        broken: list[str] = []
        sys.excepthook = lambda kind, error, _trace: broken.append(f"{kind.__name__}: {error}")
        before = qInstallMessageHandler(lambda _kind, _context, message: _heed(broken, message))
        try:
            yield
        finally:
            sys.excepthook = sys.__excepthook__
            qInstallMessageHandler(before)
        if broken:
            raise RuntimeError("; ".join(broken))

    def _leave(self) -> None:
        self.window.page._dirty = False  # type: ignore[attr-defined]
        self.window.open_page("help")
        self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def close(self) -> None:
        """Put everything away."""
        facts._WIDEST_TABLE = self._room
        self.window.hide()
        self.window.deleteLater()
        for form in self._forms.values():
            form.deleteLater()
        self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _heed(broken: list[str], message: str) -> None:
    """All but that there is no screen, and that no font of this computer has the script of a text."""
    if not message.startswith(("This plugin does not support", "OpenType support missing")):
        broken.append(message)


class _Usual:
    """The look of a desk that chose nothing."""

    def get(self, _name: str, usual: object = None) -> object:
        return usual


def _type(editor: Any, text: str) -> None:
    """As pasted: over what stands there."""
    if isinstance(editor, MemoEditor):
        editor.selectAll()
        editor.insertPlainText(text)
    elif isinstance(editor, TextEditor):
        editor.selectAll()
        editor.insert(text)


def texts_of(widget: QWidget) -> set[str]:
    """The texts that people see, as Qt makes them look, without blanks."""
    return {bare(text) for one in widget.findChildren(QWidget) for text in _texts(one)}


def misread(widget: QWidget) -> list[tuple[str, str]]:
    """Tool tips with what they look like, where that is something else."""
    tips = [one for one in widget.findChildren(QWidget) if one.toolTip()]
    return [(one.toolTip(), shown) for one in tips if bare(shown := _tip(one)) != bare(one.toolTip())]


def _tip(one: QWidget) -> str:
    event = QHelpEvent(QEvent.Type.ToolTip, QPoint(1, 1), one.mapToGlobal(QPoint(1, 1)))
    QApplication.sendEvent(one, event)
    return _displayed(QToolTip.text(), Qt.TextFormat.AutoText)


def _texts(one: QWidget) -> list[str]:
    if isinstance(one, QLabel):
        return [_displayed(one.text(), one.textFormat())]
    if isinstance(one, Button):
        return [one._words]
    if isinstance(one, QAbstractButton):
        return [one.text().replace("&&", "\0").replace("&", "").replace("\0", "&")]
    if isinstance(one, QLineEdit):
        return [one.text()]
    if isinstance(one, QPlainTextEdit):
        return [one.document().toRawText().replace("\u2029", "\n")]
    return _cells(one) if isinstance(one, QAbstractItemView) else []


def _cells(view: QAbstractItemView) -> list[str]:
    model = view.model()
    if model is None or model.rowCount() > 50:
        return []
    places = ((row, column) for row in range(model.rowCount()) for column in range(model.columnCount()))
    return [str(model.index(row, column).data() or "") for row, column in places]


def _displayed(text: str, form: Qt.TextFormat) -> str:
    """What is read on the screen: Qt takes some texts for markup."""
    rich = form == Qt.TextFormat.RichText or (form == Qt.TextFormat.AutoText and Qt.mightBeRichText(text))
    return QTextDocumentFragment.fromHtml(text).toPlainText() if rich else text


def _title(window: Window) -> str:
    """The title as a window manager shows it: [*] marks what is not saved."""
    return window.windowTitle().replace("[*][*]", "\0").replace("[*]", "").replace("\0", "[*]")


def _on_screen(_word: str, text: str) -> str:
    return bare(text)
