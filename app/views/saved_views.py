"""The menu 视图 of a list: views that the person saved, and what can be done with them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from app.core.errors import UserError
from app.core.language import _
from app.models import saved_views
from app.models.listing import Listing
from app.models.saved_views import Saved, View
from app.views import style
from app.views.desk import Desk
from app.views.messages import Dialog
from app.views.pieces.basics import action, label, menu_button


class Views(QObject):
    """Knows which view a list shows: `name`, empty for none.

    `seen` gives what the list shows now (None: rows that were picked out, which cannot be saved), `show` lets it show a
    view or, for None, everything.
    """

    def __init__(
        self,
        desk: Desk,
        listing: Listing,
        seen: Callable[[], View | None],
        show: Callable[[View | None], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._desk, self._listing, self._seen, self._show, self._parent = desk, listing, seen, show, parent
        self.name = ""
        self.menu = QMenu(parent)
        self.menu.aboutToShow.connect(self.fill)
        self.button = menu_button(_("View"), self.menu, name="views")

    def open_first(self) -> bool:
        """Show the view that the list opens with, where there is one."""
        first = saved_views.first(self._desk.session, self._listing)
        if first is not None:
            self.choose(first)
        return first is not None

    def choose(self, saved: Saved) -> None:
        """Show a view."""
        self.name = saved.name
        self._show(saved.view)
        self.tell()

    def everything(self) -> None:
        """No view: all rows and the usual columns."""
        self.name = ""
        self._show(None)
        self.tell()

    def tell(self) -> None:
        """Say on the button which view is shown, and whether something was changed since."""
        current = self._current()
        name = style.metrics().elidedText(current.name, Qt.TextElideMode.ElideRight, style.px(160)) if current else ""
        words = _("View: {name}").format(name=name) if current else _("View")
        self.button.say(_("{view} (changed)").format(view=words) if current and self._differs(current) else words)

    def _known(self) -> list[Saved]:
        return saved_views.of(self._desk.session, self._listing)

    def _current(self) -> Saved | None:
        return next((one for one in self._known() if one.name == self.name), None) if self.name else None

    def _differs(self, current: Saved) -> bool:
        return self._seen() != current.view

    def fill(self) -> None:
        """The views there are, then the acts."""
        self.menu.clear()
        current = self._current()
        for one in self._known():
            words = _("{name} (opens first)").format(name=one.name) if one.first else one.name
            self._checkable(words, one.name == self.name, partial(self.choose, one)).setObjectName(f"view_{one.name}")
        self._checkable(_("Everything"), current is None, self.everything).setObjectName("view_none")
        self.menu.addSeparator()
        possible = self._seen() is not None
        self._act("keep_view", _("Save as view …"), self.ask_name).setEnabled(possible)
        if current is not None:
            differs = possible and self._differs(current)
            self._act("save_view", _("Save changes"), partial(self.keep, current.name)).setEnabled(differs)
            self._act("rename_view", _("Rename …"), partial(self.ask_name, current.name))
            self._checkable(_("Open the list with it"), current.first, self._open_with).setObjectName("first_view")
            self._act("drop_view", _("Delete view"), self.drop)

    def _act(self, name: str, words: str, act: Callable[[], object]) -> QAction:
        made = action(self.menu, words.replace("&", "&&"), act)
        made.setObjectName(name)
        return made

    def _checkable(self, words: str, on: bool, act: Callable[[], object]) -> QAction:
        made = action(self.menu, words.replace("&", "&&"), act)
        made.setCheckable(True)
        made.setChecked(on)
        return made

    def ask_name(self, old: str = "") -> None:
        """For what is shown now or, where a view is named, for that one anew."""
        taken = {one.name for one in self._known()}
        _NameDialog(old, taken, partial(self._rename, old) if old else self.keep, self._parent).ask()

    def keep(self, name: str) -> None:
        """Save what is shown now under a name."""
        seen = self._seen()
        assert seen is not None
        self.name = saved_views.keep(self._desk.session, self._listing, name, seen)
        self.tell()
        self._desk.tell(_("View “{name}” saved.").format(name=self.name))

    def _rename(self, old: str, new: str) -> None:
        self.name = saved_views.rename(self._desk.session, self._listing, old, new)
        self.tell()

    def _open_with(self) -> None:
        current = self._current()
        if current is not None:
            saved_views.open_with(self._desk.session, self._listing, None if current.first else current.name)

    def drop(self) -> None:
        """Forget the view; what is shown stays, and a toast can bring it back."""
        current = self._current()
        if current is None:
            return
        saved_views.drop(self._desk.session, self._listing, current.name)
        self.tell()
        self._desk.tell(_("View “{name}” deleted.").format(name=current.name), partial(self._bring_back, current))

    def _bring_back(self, dropped: Saved) -> None:
        saved_views.keep(self._desk.session, self._listing, dropped.name, dropped.view)
        if dropped.first:
            saved_views.open_with(self._desk.session, self._listing, dropped.name)
        self.tell()


class _NameDialog(Dialog):
    """Asks for the name of a view; what is wrong with it is said below."""

    def __init__(self, old: str, taken: set[str], keep: Callable[[str], None], parent: QWidget) -> None:
        super().__init__(_("Rename view") if old else _("Save as view"), "", parent)
        self._taken, self._keep, self._old = taken, keep, old
        self.edit = QLineEdit(old)
        self.edit.setObjectName("view_name")
        self.edit.setAccessibleName(_("Name of the view"))
        self.edit.selectAll()
        self._said = label("", "hint", wrap=True)
        for widget in (label(_("Name of the view"), "small"), self.edit, self._said):
            self.body.addWidget(widget)
        self.offer("", _("Cancel"))
        self._button = self.offer("save", _("Save"), "primary", default=True, closes=False)
        self._button.clicked.connect(lambda _checked=False: self._save())
        self.edit.textChanged.connect(lambda _text: self._heed())
        self.edit.setFocus()

    def _heed(self) -> None:
        taken = self.edit.text().strip() in self._taken and not self._old
        self._said.setText(_("This replaces the view of the same name.") if taken else "")

    def _save(self) -> None:
        try:
            self._keep(self.edit.text())
        except UserError as error:
            self._said.setText(str(error))
        else:
            self.end("save")
