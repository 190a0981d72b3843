"""Seals, incoming stamps and signatures: what lies over the text of a real paper."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from reference.drawing.typesetting import Typesetter, font

RED: Final = (205, 38, 48)
BLUE: Final = (40, 52, 140)


def seal(page: Typesetter, text: str, center: tuple[int, int]) -> None:
    """A round seal, 36 mm, with its text in the ring, a star, and the word MẪU (specimen), laid over the sheet."""
    radius = page.px(18)
    layer = Image.new("RGBA", (2 * radius + 20, 2 * radius + 20), (0, 0, 0, 0))
    draw, middle = ImageDraw.Draw(layer), radius + 10
    for inset, width in ((0, 0.9), (4.9, 0.45)):
        edge = page.px(inset)
        box = (10 + edge, 10 + edge, 10 + 2 * radius - edge, 10 + 2 * radius - edge)
        draw.ellipse(box, outline=(*RED, 210), width=max(2, page.px(width)))
    _ring(layer, page, text, middle, radius - page.px(2.5))
    points = [
        (middle + page.px(size) * math.sin(turn), middle - page.px(2) - page.px(size) * math.cos(turn))
        for step in range(10)
        for turn, size in [(step * math.pi / 5, 5.5 if step % 2 == 0 else 2.3)]
    ]
    draw.polygon(points, fill=(*RED, 200))
    face = font("b", 8, page.dpi)
    draw.text((middle - face.getlength("MẪU") / 2, middle + page.px(4.5)), "MẪU", font=face, fill=(*RED, 210))
    page.sheets[-1].paste(layer, (center[0] - middle, center[1] - middle), layer)


def _ring(layer: Image.Image, page: Typesetter, text: str, middle: int, radius: float) -> None:
    face = font("s", min(7.5, 250 / len(text)), page.dpi)
    spread = math.radians(300)
    for place, letter in enumerate(text):
        turn = -spread / 2 + spread * (place + 0.5) / len(text)
        size = page.px(6)
        glyph = Image.new("RGBA", (size, size), (0, 0, 0, 0))
        ImageDraw.Draw(glyph).text((size / 2, size / 2), letter, font=face, fill=(*RED, 215), anchor="mm")
        glyph = glyph.rotate(-math.degrees(turn), resample=Image.Resampling.BICUBIC)
        x = middle + radius * math.sin(turn) - size / 2
        y = middle - radius * math.cos(turn) - size / 2
        layer.alpha_composite(glyph, (round(x), round(y)))


def incoming(page: Typesetter, organ: str, number: str, day: str, at: tuple[int, int]) -> None:
    """The receiving office's stamp: its own number and date, which are not the document's."""
    draw, (x, y) = page.draw, at
    width, height = page.px(46), page.px(20)
    draw.rectangle((x, y, x + width, y + height), outline=BLUE, width=max(2, page.px(0.5)))
    for place, line in enumerate((organ, "CÔNG VĂN ĐẾN", f"Số: {number}  Ngày: {day}")):
        face = font("b" if place < 2 else "", 9, page.dpi)
        draw.text((x + (width - face.getlength(line)) / 2, y + page.px(1.5 + 6 * place)), line, font=face, fill=BLUE)
        page.note(line)


def signature(page: Typesetter, center: tuple[int, int], dice: np.random.Generator, ink: tuple[int, int, int]) -> None:
    """A scribble that is nobody's signature, about 35 mm wide."""
    steps = np.linspace(0, 1, 160)
    waves = sum(
        dice.uniform(0.3, 1) / order * np.sin(order * 6.3 * steps + dice.uniform(0, 6)) for order in (1, 2, 3, 5)
    )
    x = center[0] + (steps - 0.5) * page.px(32) + page.px(4) * np.sin(9 * steps + dice.uniform(0, 6))
    y = center[1] + np.asarray(waves) * page.px(4.5)
    points = [(float(a), float(b)) for a, b in zip(x, y, strict=True)]
    page.draw.line(points, fill=ink, width=max(2, page.px(0.55)), joint="curve")
