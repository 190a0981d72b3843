"""Pages as images: blank, crooked, upside down, coarse; and the way back from what was read to where it stands."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageDraw, ImageFilter

from digitization import handwriting, orientation, quality, treatment
from digitization.frame import Frame
from digitization.pages import contents, page_image
from digitization.reading import Box, Word
from digitization.recognition import line_of
from digitization.treatment import Gray
from tests.digitization import paper


def gray(image: Image.Image) -> Gray:
    """The pixels of a page."""
    return np.asarray(image.convert("L"))


def test_a_blank_page_is_blank_in_spite_of_specks_and_stains() -> None:
    """Given an empty page with dirt and one with two lines of text, when judged raw, then only the first is blank."""
    sparse = paper.drawn((paper.DECISION[0], paper.DECISION[1]))
    assert quality.is_blank(gray(paper.blank()), paper.DPI)
    assert not quality.is_blank(gray(sparse), paper.DPI)


@pytest.mark.parametrize("angle", [-6.0, -1.3, 0.0, 2.5, 7.5])
def test_skew_is_found_to_a_fifth_of_a_degree(angle: float) -> None:
    """Given a page turned by a small angle, when its lie is judged, then the angle that straightens it is found."""
    crooked = paper.drawn(paper.DECISION).rotate(angle, Image.Resampling.BICUBIC, fillcolor=250)
    lying = orientation.lie(treatment.clean(gray(crooked), paper.DPI))
    assert not lying.sideways
    assert lying.skew == pytest.approx(-angle, abs=0.2)


def test_a_page_on_its_side_is_seen() -> None:
    """Given a page scanned sideways, when its lie is judged, then its lines run down."""
    turned = paper.drawn(paper.DECISION).rotate(90, expand=True)
    assert orientation.lie(treatment.clean(gray(turned), paper.DPI)).sideways


def test_cleaning_takes_red_stamps_streaks_and_borders_and_leaves_ink() -> None:
    """Given a stained page with a red stamp, a streak and a black border, when cleaned, then only the ink is left."""
    page = Image.new("RGB", (800, 600), (235, 225, 190))
    page.paste((220, 40, 50), (100, 100, 300, 130))
    page.paste((90, 90, 90), (600, 0, 603, 600))
    page.paste((10, 10, 10), (0, 0, 60, 600))
    page.paste((20, 20, 60), (400, 300, 460, 306))
    cleaned = treatment.clean(treatment.red_channel(page), 150)
    assert cleaned[115, 200] > 200, "the stamp"
    assert cleaned[500, 601] > 200, "the streak"
    assert cleaned[300, 20] > 200, "the border"
    assert cleaned[303, 430] < 60, "the ink"


def test_blur_is_seen() -> None:
    """Given the same page sharp and blurred, when judged, then the second is said to be blurred."""
    sharp = paper.drawn(paper.DECISION)
    assert not quality.is_blurred(treatment.clean(gray(sharp), paper.DPI))
    assert quality.is_blurred(treatment.clean(gray(sharp.filter(ImageFilter.GaussianBlur(3))), paper.DPI))


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("skew", [0.0, 4.0, -7.0])
@pytest.mark.parametrize("scale", [1.0, 2.0, 0.5])
def test_a_dot_is_found_again_where_it_lies_in_the_scan(rotation: int, skew: float, scale: float) -> None:
    """Given a dot on a page, when the page is resized, turned and straightened, then the way back ends at the dot."""
    page = np.full((400, 300), 255, dtype=np.uint8)
    page[96:104, 196:204] = 0
    frame = Frame(width=300, height=400, scale=scale, rotation=rotation, skew=skew)
    upright = np.asarray(treatment.straighten(treatment.resized(page, frame), frame))
    rows, columns = np.nonzero(upright < 128)
    x, y = frame.point(float(columns.mean()) + 0.5, float(rows.mean()) + 0.5)
    assert (x, y) == pytest.approx((200, 100), abs=2.5)


def test_the_stored_image_is_taken_with_its_resolution_and_place() -> None:
    """Given a plain scan, when its page image is taken, then it is the stored one, whole, with dpi and matrix."""
    with pikepdf.open(io.BytesIO(paper.scan(paper.blank()))) as pdf:
        found = page_image(paper_path(), pdf.pages[0], 1)
        drawn = contents(pdf.pages[0])
    assert found is not None
    assert (found.image.size, found.dpi, found.whole, found.flags) == (paper.A4, paper.DPI, True, ())
    assert drawn.images[0][1][0] == pytest.approx(595.2)


def paper_path() -> Path:
    """A file that is never opened: a stored image needs no drawing."""
    return Path("absent.pdf")


def test_a_fax_page_of_one_bit_is_taken() -> None:
    """Given a CCITT group 4 page, when its image is taken, then ink is black on white."""
    page = paper.drawn(paper.DECISION).convert("1", dither=Image.Dither.NONE)
    with pikepdf.open(io.BytesIO(paper.fax(page))) as pdf:
        found = page_image(paper_path(), pdf.pages[0], 1)
    assert found is not None
    assert found.whole
    assert 0.8 < float(gray(found.image).mean()) / 255 < 1


@pytest.mark.parametrize(
    ("size", "ink", "by_hand"),
    [(26, (20, 20, 20), False), (26, (30, 40, 150), True), (44, (20, 20, 20), True)],
    ids=["print", "blue pen", "tall black pen"],
)
def test_a_number_written_by_hand_is_told_by_its_ink(size: int, ink: tuple[int, int, int], *, by_hand: bool) -> None:
    """Given a number in print, in blue or in larger strokes than the print beside it, only print is print."""
    page = Image.new("RGB", (600, 300), (240, 235, 220))
    pen = ImageDraw.Draw(page)
    words: list[Word] = []
    for x, text, points, fill in (
        (100, "Số:", 26, (20, 20, 20)),
        (150, "125", size, ink),
        (240, "/QĐ-UBND", 26, (20, 20, 20)),
    ):
        pen.text((x, 160), text, font=paper.font(points), fill=fill, anchor="ls")
        box = Box(*(round(at) for at in pen.textbbox((x, 160), text, font=paper.font(points), anchor="ls")))
        words.append(Word(text=text, confidence=90.0, box=box))
    frame = Frame(width=600, height=300)
    assert handwriting.seen(page, frame, (line_of(words),)) is by_hand
