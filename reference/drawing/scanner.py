"""What a scanner and the years do to a clean sheet: paper, bleed-through, skew, speckle, noise, bits."""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

Paper = dict[str, Any]
"""The `paper` member of a document: colour (colour, gray, bilevel), dpi, skew (degrees), yellow (0-40), bleed,
speckle (dots a page), upside_down (page number), blank_after."""


def scan(sheets: list[Image.Image], paper: Paper, dice: np.random.Generator) -> list[Image.Image]:
    """The scanned pages, `dpi` of the paper, from sheets drawn twice as fine."""
    small = [_shrink(sheet) for sheet in sheets]
    if paper.get("blank_after"):
        small.append(Image.new("RGB", small[0].size, "white"))
    pages = [_scan_page(page, small[number - 1] if number else None, paper, dice) for number, page in enumerate(small)]
    turned = paper.get("upside_down", 0)
    return [page.rotate(180) if number == turned else page for number, page in enumerate(pages, start=1)]


def _shrink(sheet: Image.Image) -> Image.Image:
    return sheet.resize((sheet.width // 2, sheet.height // 2), Image.Resampling.LANCZOS)


def _scan_page(page: Image.Image, back: Image.Image | None, paper: Paper, dice: np.random.Generator) -> Image.Image:
    if paper.get("bleed") and back is not None:
        page = _bleed(page, back)
    page = _tint(page, paper.get("yellow", 0))
    sky = page.getpixel((2, 2))
    page = page.rotate(paper.get("skew", 0) + float(dice.uniform(-0.15, 0.15)), Image.Resampling.BICUBIC, fillcolor=sky)
    page = page.filter(ImageFilter.GaussianBlur(0.45))
    _speckle(page, paper.get("speckle", 0), dice)
    if paper["colour"] == "bilevel":
        return _to_bits(page, dice)
    page = _grain(page, dice)
    return page.convert("L") if paper["colour"] == "gray" else page


def _bleed(page: Image.Image, back: Image.Image) -> Image.Image:
    """The other side's ink, mirrored and faint, shows through."""
    ghost = back.transpose(Image.Transpose.FLIP_LEFT_RIGHT).filter(ImageFilter.GaussianBlur(1.6))
    faint = Image.blend(Image.new("RGB", ghost.size, "white"), ghost, 0.17)
    return ImageChops.multiply(page, faint)


def _tint(page: Image.Image, yellow: int) -> Image.Image:
    """Paper that has aged by `yellow`, a little darker towards the left edge."""
    shade = np.linspace(0.965, 1.0, page.width)[None, :, None]
    tone = np.array([250 - yellow * 0.5, 249 - yellow, 246 - yellow * 2.4]) / 255
    return Image.fromarray((np.asarray(page) * shade * tone).clip(0, 255).astype(np.uint8), "RGB")


def _speckle(page: Image.Image, dots: int, dice: np.random.Generator) -> None:
    draw = ImageDraw.Draw(page)
    for _ in range(dots):
        x, y = float(dice.uniform(0, page.width)), float(dice.uniform(0, page.height))
        size, tone = float(dice.uniform(0.4, 1.4)), int(dice.integers(40, 140))
        draw.ellipse((x - size, y - size, x + size, y + size), fill=(tone, tone, tone))


def _grain(page: Image.Image, dice: np.random.Generator) -> Image.Image:
    """Sensor noise, the same in all channels so that colour compresses well."""
    noise = dice.normal(0, 1.6, (page.height, page.width, 1))
    return Image.fromarray((np.asarray(page) + noise).clip(0, 255).astype(np.uint8), "RGB")


def _to_bits(page: Image.Image, dice: np.random.Generator) -> Image.Image:
    """One bit a pixel; the red of stamps breaks up as it does on fax-like scanners."""
    pixels = np.asarray(page).astype(np.int16)
    gray = pixels @ np.array([0.30, 0.55, 0.15])
    red = (pixels[..., 0] - pixels[..., 1]) > 60
    faded = gray + np.where(red, dice.uniform(20, 130, gray.shape), 0)
    return Image.fromarray((faded > 150).astype(np.uint8) * 255, "L").convert("1", dither=Image.Dither.NONE)
