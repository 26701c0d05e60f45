"""What belongs to this desk alone: who sits here, language, look; and what the program is made of."""

from __future__ import annotations

import os
import platform
from functools import partial

from PySide6.QtCore import QUrl, qVersion
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from app.core.database import store_version
from app.core.language import LANGUAGES, N_, _, chosen
from app.core.program import version
from app.core.session import USER, named
from app.core.settings import THEMES
from app.views import style
from app.views.desk import Desk
from app.views.licences import LicencesDialog
from app.views.pieces.basics import button, label, row
from app.views.pieces.cards import Card
from app.views.pieces.choosers import Segments
from app.views.pieces.heads import Elided
from app.views.preview import pair_grid

_PERCENT = {str(scale): f"{scale * 100:.0f} %" for scale in style.SCALES}
_OPEN = N_("no password, not encrypted: whoever opens the folder can read it")
_SIGNED_IN = N_("encrypted; everybody signs in")


class DeskPart(QWidget):
    """Each choice is kept and, but for the language, acts at once."""

    dirty = False

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        kept = desk.preferences
        self.user = QLineEdit(desk.session.user)
        self.user.setObjectName("user")
        self.user.setMaxLength(USER.max_length)
        self.user.setMaximumWidth(style.px(260))
        self.user.editingFinished.connect(self.set_user)
        self.user.setReadOnly(not desk.session.open)
        languages = [(code, word) for code, word in LANGUAGES.items()]
        self.language = Segments(languages, str(kept.get("language") or chosen()), name="language")
        self.language.chosen.connect(self.set_language)
        self.theme = Segments([(one.code, _(one.label)) for one in THEMES], str(kept.get("theme", style.SYSTEM)), name="theme")
        self.theme.chosen.connect(partial(self._set_look, "theme"))
        scale = str(kept.get("scale", 1.0))
        self.scale = Segments(list(_PERCENT.items()), scale if scale in _PERCENT else "1.0", name="scale")
        self.scale.chosen.connect(self.set_scale)
        notices = [("1", _("Remind")), ("0", _("Do not remind"))]
        self.notify = Segments(notices, "1" if kept.get("notify", True) else "0", name="notify")
        self.notify.chosen.connect(lambda code: kept.put("notify", code == "1"))
        self._later = label("", "hint")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._card())
        layout.addStretch(1)
        self.setFocusProxy(self.user)

    def _card(self) -> Card:
        card = Card(_("This desk"), _("kept on this computer, not shared"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(14)
        lines: tuple[tuple[str, QWidget, str | QWidget], ...] = (
            (_("My name"), self.user, _("stands on what I write down, sign and print")),
            (_("Language"), self.language, self._later),
            (_("Colours"), self.theme, ""),
            (_("Size of type"), self.scale, ""),
            (_("Reminders by the system"), self.notify, _("how much waits, never whose")),
        )
        for place, (word, widget, hint) in enumerate(lines):
            widget.setAccessibleName(word)
            beside = hint if isinstance(hint, QWidget) else label(hint, "hint")
            grid.addWidget(label(word, "secondary"), place, 0)
            grid.addLayout(row(widget, beside, None, gap=12), place, 1)
        grid.setColumnStretch(1, 1)
        card.body.addLayout(grid)
        return card

    def refresh(self) -> None:
        """The name may have been set elsewhere."""
        self.user.setText(self._desk.session.user)

    def save(self) -> None:
        """Everything is kept as soon as it is chosen; the name may still be in the making."""
        self.set_user()

    def set_user(self) -> None:
        """Who acts from now on; an empty name is none."""
        name = " ".join(self.user.text().split()) if self._desk.session.open else ""
        if not name or name == self._desk.session.user:
            self.user.setText(self._desk.session.user)
            return
        if self._desk.attempt(lambda: named(name)):
            self._desk.preferences.put("user", name)
            self._desk.session.user = name
            self._desk.session.changed("settings")

    def set_language(self, code: str) -> None:
        """From the next start on."""
        self._desk.preferences.put("language", code)
        self._later.setText("" if code == chosen() else _("from the next start on"))

    def set_scale(self, code: str) -> None:
        """The size of type, at once."""
        self._set_look("scale", float(code))

    def _set_look(self, name: str, value: object) -> None:
        self._desk.preferences.put(name, value)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme = str(self._desk.preferences.get("theme", style.SYSTEM))
        style.apply(app, theme, float(self._desk.preferences.get("scale", 1.0)))
        restyle = getattr(self.window(), "restyle", None)
        if restyle is not None:
            restyle()


class AboutPart(QWidget):
    """Versions, where the data lies, the input method, licences."""

    dirty = False

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        book = button(_("Handbook"), icon="help", name="handbook", on_click=partial(desk.go, "help"))
        folder = button(_("Open data folder"), icon="folder-open", name="data_folder", on_click=self.open_folder)
        self.diagnose = button(_("Diagnosis"), icon="shield-check", name="diagnosis", on_click=self.show_diagnosis)
        parts = button(_("Parts and licences"), icon="file-certificate", name="licences", on_click=self.show_licences)
        layout.addWidget(_facts(_("Kesu Desk"), self.facts()))
        layout.addLayout(row(book, folder, self.diagnose, parts, None))
        layout.addStretch(1)
        self.setFocusProxy(book)

    def facts(self) -> list[tuple[str, str]]:
        """What helps whoever looks after the program."""
        session = self._desk.session
        found = [
            (_("Version"), version()),
            ("Python", f"{platform.python_version()}   Qt {qVersion()}   SQLite {store_version()}"),
            (_("System"), platform.platform()),
            (_("Data folder"), str(session.folder)),
            (_("Protection"), _(_OPEN if session.open else _SIGNED_IN)),
            (_("Screen"), f"{style.look().family or QApplication.font().family()}   {self.devicePixelRatioF():.2f}×"),
        ]
        asked = os.environ.get("KESU_IM_ASKED", "")
        if asked:
            words = _("{asked} is asked for, but this Qt has no plugin for it; ibus is used instead.").format(asked=asked)
            found.append((_("Input method"), words))
        return found

    def open_folder(self) -> None:
        """In the system's file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._desk.session.folder)))

    def show_diagnosis(self) -> None:
        """How this computer and its data are."""
        from app.views.diagnosis import show_diagnosis  # heavy: few ask

        show_diagnosis(self._desk, self.diagnose)

    def show_licences(self) -> None:
        """What it is made of."""
        LicencesDialog(self).ask()

    def refresh(self) -> None:
        """Nothing here changes."""

    def save(self) -> None:
        """Nothing is typed here."""


def _facts(title: str, facts: list[tuple[str, str]]) -> Card:
    card = Card(title)
    # A path has no place to break, but a tool tip.
    card.body.addLayout(pair_grid([(word, Elided(text, selectable=True) if os.sep in text else text) for word, text in facts]))
    return card
