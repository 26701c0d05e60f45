"""The part 证书 of the settings: the certificate by which the branch signs its agreements."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from app.core import formats
from app.core.certificates import PASSWORD, SHORT
from app.core.language import _
from app.models import certificates, permissions
from app.models.certificates import Held
from app.views.desk import Desk
from app.views.messages import MessageBar, confirm
from app.views.pieces.basics import button, clear, label, row
from app.views.pieces.cards import Card
from app.views.preview import pair_grid
from app.views.secrets import Secret, SecretDialog
from app.views.settings_form import ReadPart


class CertificatePart(ReadPart):
    """What is in use, and its acts; nothing is typed here."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.refresh()

    def refresh(self) -> None:
        """Read again."""
        clear(self._layout)
        session = self._desk.session
        held, why = certificates.current(session), permissions.refusal(session, "certificate.edit")
        card = Card(_("Certificate of the branch"), why or _("agreements that hold are signed with it, without any network"))
        if held is None:
            card.body.addWidget(label(_("The branch has no certificate: agreements are issued unsigned."), "secondary"))
        else:
            self._show(card, held)
        if not why:
            card.body.addLayout(self._acts(held))
        self._layout.addWidget(card)
        self._layout.addStretch(1)

    def _show(self, card: Card, held: Held) -> None:
        session = self._desk.session
        if sentence := certificates.warning(session, held):
            card.body.addWidget(MessageBar("warn", sentence))
        facts, zone = held.facts, session.branch.zone
        digits = (facts.fingerprint[start : start + 4] for start in range(0, SHORT, 4))
        pairs: list[tuple[str, str | QWidget]] = [
            (_("Issued to"), facts.subject),
            (_("Issuer"), facts.issuer),
            (_("Valid until"), formats.day(facts.valid_until.astimezone(zone).date())),
            (_("Fingerprint"), " ".join(digits)),
            (_("Set"), f"{formats.moment(held.at, zone)}   {held.who}"),
            (_("Password"), _("asked for when signing") if session.open else _("kept in the encrypted database")),
        ]
        card.body.addLayout(pair_grid(pairs))

    def _acts(self, held: Held | None) -> QHBoxLayout:
        words = _("Choose certificate") if held is None else _("Replace certificate")
        kind = "primary" if held is None else "outline"
        choose = button(words, kind, "file-certificate", name="choose_certificate", on_click=self.choose)
        self.setFocusProxy(choose)
        if held is None:
            return row(choose, None)
        return row(
            choose, button(_("Remove certificate"), "danger", "ban", name="remove_certificate", on_click=self.remove), None
        )

    def choose(self) -> None:
        """A file by the system's dialog, then its password."""
        if self._desk.permitted("certificate.edit"):
            path, _kind = QFileDialog.getOpenFileName(self, _("Choose certificate"), "", _("Certificates (*.p12 *.pfx)"))
            if path:
                self.ask_password(Path(path))

    def ask_password(self, path: Path) -> None:
        """Set the certificate of a file."""
        session = self._desk.session
        dialog = SecretDialog(
            _("Password of the certificate"),
            path.name,
            (Secret(PASSWORD, _("Password of the certificate")),),
            _("Set certificate"),
            lambda typed: certificates.choose(session, path, typed[PASSWORD]),
            parent=self.window(),
            harmless=_("Leave it"),
        )
        if dialog.ask() == "done":
            self._desk.tell(_("Agreements are signed with this certificate from now on."))
            self.setFocus()

    def remove(self) -> None:
        """Sign no more."""
        question, text = _("Remove the certificate?"), _("What was signed with it stays so; its key is deleted here.")
        if confirm(self.window(), question, text, _("Remove certificate"), _("Leave it")):
            self._desk.attempt(lambda: certificates.remove(self._desk.session))
            self.setFocus()

    def save(self) -> None:
        """Nothing is typed here."""
