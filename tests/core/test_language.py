"""The catalogue is read in two pieces; gettext's own reading is the control."""

from __future__ import annotations

import gettext

from app.core.language import translated
from app.core.paths import resources


def test_every_message_has_the_words_that_gettext_itself_reads() -> None:
    with (resources() / "locale" / "zh_CN" / "LC_MESSAGES" / "kesu.mo").open("rb") as file:
        known = vars(gettext.GNUTranslations(file))["_catalog"]
    known.pop("")
    assert len(known) > 1000
    assert {message: translated(message, "zh_CN") for message in known} == known


def test_a_message_without_words_stays_as_it_is() -> None:
    assert translated("nobody translated this", "zh_CN") == "nobody translated this"
