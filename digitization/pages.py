"""Page images out of a scan: the stored image itself where a page is one image, else a drawing of the page."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple

import pikepdf
from PIL import Image

from digitization.programs import pdftoppm

DRAWN_DPI: Final = 200
POINTS_PER_INCH: Final = 72

Matrix = tuple[float, float, float, float, float, float]
"""A PDF matrix (a b c d e f): x' = a x + c y + e, y' = b x + d y + f (ISO 32000-2, 8.3.3)."""

IDENTITY: Final[Matrix] = (1, 0, 0, 1, 0, 0)
Image.MAX_IMAGE_PIXELS = None  # the door has its own limit, and knows how large an image truly is
_TEXT_SHOWN: Final = {"Tj", "TJ", "'", '"'}
_PAINTED: Final = {"f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "sh", "BI", "INLINE IMAGE"}


class PageImage(NamedTuple):
    """The image of one page. dpi: as it lies on paper, rounded; placed: unit square to page, in points;
    rotation: the page's own /Rotate, degrees clockwise; whole: the page is this image and nothing else."""

    image: Image.Image
    dpi: int
    placed: Matrix
    rotation: int
    whole: bool
    flags: tuple[str, ...]


class Drawn(NamedTuple):
    """What a page's content draws: images with their matrices, and whether anything else is visible."""

    images: tuple[tuple[pikepdf.Stream, Matrix], ...]
    shows_text: bool
    paints: bool


def page_image(scan: Path, page: pikepdf.Page, number: int) -> PageImage | None:
    """The image of page `number` (1-based); None when the page has none that can be had."""
    drawn = contents(page)
    rotation = int(page.obj.get("/Rotate", 0)) % 360
    if len(drawn.images) == 1 and not drawn.paints and not _seen_text(drawn):
        stream, placed = drawn.images[0]
        image = _decoded(stream)
        if image is not None:
            return _stored(image, placed, rotation, whole=True, flags=())
    return _drawn_anew(scan, page, number, rotation) or _largest(drawn, rotation)


def _seen_text(drawn: Drawn) -> bool:
    # Over a scan, text is an old OCR layer: the image is what was signed and seen.
    return drawn.shows_text and not drawn.images


def contents(page: pikepdf.Page) -> Drawn:
    """Walk the page's content stream, keeping the matrix in force at each image."""
    images: list[tuple[pikepdf.Stream, Matrix]] = []
    named = page.resources.get("/XObject", pikepdf.Dictionary())
    matrix, kept, text, paints = IDENTITY, list[Matrix](), False, False
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if operator == "q":
            kept.append(matrix)
        elif operator == "Q":
            matrix = kept.pop() if kept else matrix
        elif operator == "cm":
            matrix = _times(_numbers(list(instruction.operands)), matrix)
        elif operator == "Do":
            drawn = named.get(str(instruction.operands[0]))
            if isinstance(drawn, pikepdf.Stream) and drawn.get("/Subtype") == "/Image":
                images.append((drawn, matrix))
            else:
                paints = True
        text = text or operator in _TEXT_SHOWN
        paints = paints or operator in _PAINTED
    return Drawn(tuple(images), text, paints)


def _numbers(operands: list[object]) -> Matrix:
    a, b, c, d, e, f = (float(Decimal(str(value))) for value in operands)
    return (a, b, c, d, e, f)


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _decoded(stream: pikepdf.Stream) -> Image.Image | None:
    try:
        image = pikepdf.PdfImage(stream).as_pil_image()
        image.load()
    except (pikepdf.PdfError, NotImplementedError, ValueError, OSError, KeyError, AttributeError):
        # Rare colour spaces and JBIG2 without its decoder: the page is drawn instead.
        return None
    return image


def _stored(image: Image.Image, placed: Matrix, rotation: int, *, whole: bool, flags: tuple[str, ...]) -> PageImage:
    a, b, c, d, _, _ = placed
    inches = max((a * a + b * b) ** 0.5, (c * c + d * d) ** 0.5, 1.0) / POINTS_PER_INCH
    dpi = round(max(image.size) / inches) if (a * a + b * b > c * c + d * d) == (image.width > image.height) else 0
    return PageImage(image, dpi or round(image.width / inches), placed, rotation, whole, flags)


def _drawn_anew(scan: Path, page: pikepdf.Page, number: int, rotation: int) -> PageImage | None:
    image = pdftoppm.draw(scan, number, dpi=DRAWN_DPI)
    if image is None:
        return None
    upright = image.rotate(rotation, expand=True) if rotation else image
    left, bottom, right, top = (float(value) for value in page.cropbox)
    placed = (right - left, 0.0, 0.0, top - bottom, left, bottom)
    return PageImage(upright, DRAWN_DPI, placed, rotation, whole=False, flags=("page-redrawn",))


def _largest(drawn: Drawn, rotation: int) -> PageImage | None:
    by_size = sorted(drawn.images, key=lambda one: int(one[0]["/Width"]) * int(one[0]["/Height"]), reverse=True)
    for stream, placed in by_size:
        image = _decoded(stream)
        if image is not None:
            return _stored(image, placed, rotation, whole=False, flags=("page-partly-read",))
    return None
