"""Pictures that handlers of the sample branch took: a carton with its spots, the batch on its label; drawn anew for each case."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from app.models.attachments import attach
from app.services.sample_case import Case

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

_SIZE = (960, 720)
_TABLES = ((196, 178, 152), (168, 160, 150), (206, 200, 190))
_CARTONS = ((152, 34, 38), (24, 74, 122), (176, 140, 62), (36, 104, 70))
_OFTEN = 0.4


def take(case: Case) -> None:
    """The handler takes pictures of faulty goods, not always, and keeps them with the case."""
    rng = Random(f"{case.record.number} pictures")  # its own: the story stays as it is
    if not case.story.about_product or rng.random() > _OFTEN:
        return
    session = case.desk.by(case.handler)
    with TemporaryDirectory() as folder:
        for name, shows, draw in (("外包装.jpg", "product_photo", _carton), ("批号.jpg", "batch_photo", _batch)):
            path = Path(folder) / name
            _picture(rng, draw, path)
            attach(session, case.record, path, shows)


def _picture(rng: Random, draw: Callable[[Random, ImageDraw], None], path: Path) -> None:
    from PIL import Image, ImageDraw, ImageFilter  # heavy: pictures are rare

    made = Image.new("RGB", _SIZE, rng.choice(_TABLES))
    draw(rng, ImageDraw.Draw(made))
    made.rotate(rng.uniform(-4, 4), fillcolor=made.getpixel((0, 0))).filter(ImageFilter.BoxBlur(1)).save(path, quality=80)


def _carton(rng: Random, pen: ImageDraw) -> None:
    colour = rng.choice(_CARTONS)
    shade = tuple(part * 3 // 4 for part in colour)
    pen.polygon([(190, 240), (690, 240), (790, 160), (290, 160)], fill=shade)
    pen.polygon([(690, 240), (790, 160), (790, 480), (690, 570)], fill=shade)
    pen.rectangle((190, 240, 690, 570), fill=colour)
    pen.rectangle((250, 300, 630, 400), fill=(238, 232, 214))
    _lines(rng, pen, (270, 320), 3, 320)
    for _spot in range(rng.randint(9, 22)):
        x, y, size = rng.randint(200, 650), rng.randint(410, 540), rng.randint(6, 26)
        grey = rng.randint(120, 200)
        pen.ellipse((x, y, x + size, y + size * 2 // 3), fill=(grey, grey, grey - 30))


def _batch(rng: Random, pen: ImageDraw) -> None:
    pen.rectangle((140, 180, 820, 540), fill=(238, 234, 222))
    _lines(rng, pen, (180, 220), 4, 420)
    x = 180
    while x < 760:
        width = rng.choice((3, 3, 6, 9))
        pen.rectangle((x, 390, x + width, 500), fill=(30, 30, 30))
        x += width + rng.choice((4, 6, 10))


def _lines(rng: Random, pen: ImageDraw, start: tuple[int, int], count: int, width: int) -> None:
    """Print that is too small to be read."""
    for place in range(count):
        y = start[1] + place * 26
        pen.rectangle((start[0], y, start[0] + rng.randint(width // 2, width), y + 11), fill=(70, 66, 60))
