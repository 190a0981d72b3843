"""A mark of classification is seen: printed, or stamped in red, which the cleaning of a page drops."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from digitization import extraction, treatment
from digitization.frame import Frame
from digitization.pages import IDENTITY, PageImage
from digitization.second_look import Upright, read_stamps
from digitization.sheet import Sheet, read_image
from tests.digitization import paper

RED = (205, 35, 45)


def page(mark: str, ink: tuple[int, int, int], turned: float) -> Image.Image:
    """The first page of a decision in colour, with a framed mark under its number."""
    image = paper.drawn(paper.DECISION[:8]).convert("RGB")
    pen = ImageDraw.Draw(image)
    left, top, right, bottom = pen.textbbox((200, 235), mark, font=paper.font(34))
    pen.text((200, 235), mark, font=paper.font(34), fill=ink)
    pen.rectangle((left - 12, top - 9, right + 12, bottom + 10), outline=ink, width=4)
    return image.rotate(turned, fillcolor=(250, 250, 250))


@pytest.mark.parametrize(
    ("mark", "turned", "seen"),
    [("TUYỆT MẬT", 0, True), ("TỐI MẬT", 2, True), ("MẬT", 0, True), ("HỎA TỐC", 0, False), ("MẬT ĐỘ", 0, False)],
)
def test_a_red_stamp_is_read_apart(mark: str, turned: float, *, seen: bool) -> None:
    """Given a page with a red stamp in a frame, when its red is read, then only marks of classification are told."""
    frame = Frame(width=paper.A4[0], height=paper.A4[1], skew=-turned)
    red = treatment.red_ink(page(mark, RED, turned), frame)
    assert red is not None
    stamps = read_stamps(Upright(treatment.straighten(red, frame), paper.DPI))
    assert ("secrecy-mark" in extraction.flags([Sheet(number=1, frame=frame, dpi=paper.DPI, stamps=stamps)])) == seen


def test_a_mark_is_seen_on_a_page_upside_down() -> None:
    """Given a stamped page delivered upside down, when read whole, then it is flagged; a gray page has no red."""
    image = page("TUYỆT MẬT", RED, 180)
    found = PageImage(image=image, dpi=paper.DPI, placed=IDENTITY, rotation=0, whole=True, flags=())
    sheet = read_image(found, 1)
    assert "secrecy-mark" in extraction.flags([sheet])
    assert treatment.red_ink(image.convert("L"), sheet.frame) is None
    for mode in ("P", "PA", "RGBA", "CMYK", "YCbCr"):
        assert treatment.red_ink(image.convert(mode), sheet.frame) is not None
