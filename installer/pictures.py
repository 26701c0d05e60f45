"""The program's mark as files: a drawing, and pictures in the sizes that desktops ask for. Needs Qt and Pillow, but no screen."""

from __future__ import annotations

import io
import re
from pathlib import Path

from app.core.paths import resources
from app.views.tokens import TOKENS

SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
ICO = (16, 20, 24, 32, 40, 48, 64, 256)
_SIDE = 512
_INNER = 0.62
"""As `icons.mark` draws it."""


def drawing() -> str:
    """The speech bubble on a square of the accent, as SVG."""
    bubble = (resources() / "icons" / "message-report.svg").read_text(encoding="utf-8")
    shapes = re.search(r"<path.*(?=</svg>)", bubble, re.DOTALL)
    assert shapes is not None
    inner = round(_SIDE * _INNER)
    place = (_SIDE - inner) / 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_SIDE}" height="{_SIDE}" viewBox="0 0 {_SIDE} {_SIDE}">'
        f'<rect width="{_SIDE}" height="{_SIDE}" rx="{_SIDE * 0.2:g}" fill="{TOKENS["accent"][0]}"/>'
        f'<g transform="translate({place:g} {place:g}) scale({inner / 24:.4f})" fill="none" stroke="{TOKENS["on-accent"][0]}" '
        f'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">{shapes.group().strip()}</g></svg>\n'
    )


def png(size: int) -> bytes:
    """The drawing as a picture of so many pixels."""
    from PySide6.QtCore import QBuffer, QByteArray, Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    picture = QImage(size, size, QImage.Format.Format_ARGB32)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(drawing().encode())).render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def write_theme(folder: Path, name: str) -> None:
    """As the folders of a desktop's icon theme."""
    for size in SIZES:
        place = folder / f"{size}x{size}" / "apps" / f"{name}.png"
        place.parent.mkdir(parents=True)
        place.write_bytes(png(size))
    drawn = folder / "scalable" / "apps" / f"{name}.svg"
    drawn.parent.mkdir(parents=True)
    drawn.write_text(drawing(), encoding="utf-8")


def write_ico(path: Path) -> None:
    """All sizes that Windows asks for in one file."""
    from PIL import Image

    drawn = [Image.open(io.BytesIO(png(size))) for size in ICO]
    drawn[-1].save(path, sizes=[(size, size) for size in ICO], append_images=drawn[:-1])
