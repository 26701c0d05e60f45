"""Contrasts of the colour table, and that the pictures of the sheet follow it."""

from __future__ import annotations

import pytest

from app.core.paths import resources
from app.views.tokens import CONTRASTS, DARK, LIGHT, column, contrast


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_text_and_borders_can_be_told_from_their_grounds(theme: str) -> None:
    colours = column(theme)
    weak = [
        f"{front} on {ground}: {contrast(colours[front], colours[ground]):.2f}"
        for front, grounds, least in CONTRASTS
        for ground in grounds
        if contrast(colours[front], colours[ground]) < least
    ]
    assert weak == []


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize(
    ("picture", "token"), [("tick", "on-accent"), ("arrow", "text2"), ("tick-off", "text3"), ("arrow-off", "text3")]
)
def test_pictures_of_the_sheet_have_the_colours_of_the_table(theme: str, picture: str, token: str) -> None:
    drawn = (resources() / "icons" / "sheet" / f"{picture}-{theme}.svg").read_text(encoding="utf-8")
    assert f'stroke="{column(theme)[token]}"' in drawn


def test_contrast_of_black_and_white() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
