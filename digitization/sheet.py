"""One page from image to lines: judged raw, cleaned, straightened, read, turned if it was upside down, looked at twice.

A `Sheet` is what the readers of data fields work on: all boxes upright, in pixels of the straightened image.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec
import pikepdf

from digitization import handwriting, orientation, quality, recognition, second_look, treatment
from digitization.frame import Frame
from digitization.pages import IDENTITY, Matrix, PageImage, contents, page_image
from digitization.programs import pdftoppm
from digitization.reading import Line
from digitization.second_look import Upright
from digitization.treatment import Gray

_POOR: Final = 72.0
_FEW_WORDS: Final = 25
_BETTER: Final = 6.0
_A4_WIDTH_INCHES: Final = 8.27
_SKEWED_DEGREES: Final = 3.0
_MOST_WORKING_PX: Final = 20_000_000
"""A sheet of A2 at the working resolution; a larger one is read coarser."""
TIMED_OUT: Final = "recognition-timed-out"


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A page as read. lines, header_left, header_right, header_raw, signature: upright boxes.

    header_left, header_right, signature: the second look at those crops; header_raw: the left header read again
    without any cleaning, to cross-check the number; stamps: what stands in red at the head of the first page, which
    cleaning drops; placed: unit square of the image to the page, in points;
    whole: the page is one stored image and nothing else.
    """

    number: int
    frame: Frame
    dpi: int
    placed: Matrix = IDENTITY
    blank: bool = False
    whole: bool = True
    flags: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    header_left: tuple[Line, ...] = ()
    header_right: tuple[Line, ...] = ()
    header_raw: tuple[Line, ...] = ()
    signature: tuple[Line, ...] = ()
    stamps: tuple[Line, ...] = ()

    @property
    def confidence(self) -> float:
        """Mean over words, 0..100."""
        return recognition.confidence(self.lines)


def read_sheet(scan: Path, number: int) -> Sheet:
    """Read page `number` (1-based) of an admitted scan. A page without an image is an unread sheet, not an error."""
    try:
        with pikepdf.open(scan) as pdf:
            page = pdf.pages[number - 1]
            found = page_image(scan, page, number)
            if found is None:
                return _without_image(page, number)
        with recognition.page_budget():
            return read_image(found, number)
    except pdftoppm.TooSlowError:
        sheet = unread_sheet(number)
        return msgspec.structs.replace(sheet, flags=(*sheet.flags, TIMED_OUT))
    except Exception:  # noqa: BLE001  # whatever a page that nobody could foresee raises, the other pages are read
        return unread_sheet(number)


def read_image(found: PageImage, number: int) -> Sheet:
    """Read one page image. Deterministic: the same image gives the same sheet."""
    raw = treatment.red_channel(found.image)
    dpi = found.dpi if found.dpi > 30 else round(min(raw.shape) / _A4_WIDTH_INCHES)
    scale = min(treatment.working_scale(dpi), (_MOST_WORKING_PX / max(raw.size, 1)) ** 0.5)
    frame = Frame(width=found.image.width, height=found.image.height, scale=scale, rotation=found.rotation)
    sheet = Sheet(number=number, frame=frame, dpi=dpi, placed=found.placed, whole=found.whole, flags=found.flags)
    if quality.is_blank(raw, dpi):
        return msgspec.structs.replace(sheet, blank=True, flags=(*sheet.flags, "blank-page"))
    working, working_dpi = treatment.resized(raw, frame), round(dpi * scale)
    cleaned = treatment.clean(working, working_dpi)
    try:
        frame, page, lines = _read_upright(cleaned, frame, working_dpi)
        sheet = msgspec.structs.replace(sheet, frame=frame, lines=lines)
        sheet = _look_again(sheet, page, working, found)
        sheet = msgspec.structs.replace(sheet, stamps=_stamps(sheet, found, working_dpi))
    except recognition.TimedOutError:
        return msgspec.structs.replace(sheet, flags=(*sheet.flags, TIMED_OUT))
    return msgspec.structs.replace(sheet, flags=(*sheet.flags, *_faults(sheet, cleaned, found.rotation)))


def unread_sheet(number: int) -> Sheet:
    """A page of which nothing could be had."""
    frame = Frame(width=0, height=0)
    return Sheet(number=number, frame=frame, dpi=0, whole=False, flags=("page-unread",))


def _without_image(page: pikepdf.Page, number: int) -> Sheet:
    drawn = contents(page)
    empty = not (drawn.images or drawn.shows_text or drawn.paints)
    sheet = unread_sheet(number)
    return msgspec.structs.replace(sheet, blank=True, flags=("blank-page",)) if empty else sheet


def _read_upright(cleaned: Gray, frame: Frame, dpi: int) -> tuple[Frame, Upright, tuple[Line, ...]]:
    """Straighten and read; where that reads badly, ask a strip of the page whether another way up is better."""
    turned = cleaned if not frame.rotation else treatment.quarter_turned(cleaned, frame.rotation)
    lying = orientation.lie(turned)
    rotation = (frame.rotation + (90 if lying.sideways else 0)) % 360
    frame = msgspec.structs.replace(frame, rotation=rotation, skew=lying.skew)
    page, lines = _read(cleaned, frame, dpi)
    if recognition.confidence(lines) >= _POOR and recognition.count(lines) >= _FEW_WORDS:
        return frame, page, lines
    quarters = (180,) if recognition.count(lines) >= _FEW_WORDS else (180, 90, 270)
    for quarter in quarters:
        other = msgspec.structs.replace(frame, rotation=(rotation + quarter) % 360)
        if _reads_better(cleaned, other, page, lines):
            return other, *_read(cleaned, other, dpi)
    return frame, page, lines


def _read(cleaned: Gray, frame: Frame, dpi: int) -> tuple[Upright, tuple[Line, ...]]:
    page = Upright(treatment.straighten(cleaned, frame), dpi)
    return page, recognition.read(page.image, segmentation=recognition.COLUMN, dpi=dpi)


def _reads_better(cleaned: Gray, other: Frame, page: Upright, lines: tuple[Line, ...]) -> bool:
    turned = Upright(treatment.straighten(cleaned, other), page.dpi)
    again = second_look.read_crop(turned, second_look.densest_strip(turned))
    return recognition.count(again) >= 3 and recognition.confidence(again) > recognition.confidence(lines) + _BETTER


def _look_again(sheet: Sheet, page: Upright, working: Gray, found: PageImage) -> Sheet:
    """The crops: headers on the first page, the signature wherever one is announced."""
    lines, flags = sheet.lines, sheet.flags
    left, right, bare = tuple[Line, ...](), tuple[Line, ...](), tuple[Line, ...]()
    if sheet.number == 1:
        at = second_look.headers(page, lines)
        left, right = second_look.read_crop(page, at.left), second_look.read_crop(page, at.right)
        uncleaned = Upright(treatment.straighten(working, sheet.frame), page.dpi)
        bare = second_look.read_crop(uncleaned, at.number or at.left)
        if handwriting.seen(found.image, sheet.frame, (*left, *lines)):
            flags = (*flags, "number-handwritten")
        lines = second_look.header_replaced(lines, left, right)
    box = second_look.signature_box(page, lines)
    signature = second_look.read_crop(page, box) if box is not None else ()
    for again in (left, right, signature):
        lines = (*lines, *second_look.regained(lines, again))
    return msgspec.structs.replace(
        sheet, lines=lines, header_left=left, header_right=right, header_raw=bare, signature=signature, flags=flags
    )


def _stamps(sheet: Sheet, found: PageImage, dpi: int) -> tuple[Line, ...]:
    red = treatment.red_ink(found.image, sheet.frame) if sheet.number == 1 else None
    return () if red is None else second_look.read_stamps(Upright(treatment.straighten(red, sheet.frame), dpi))


def _faults(sheet: Sheet, cleaned: Gray, page_rotation: int) -> list[str]:
    faults = {
        "low-resolution": sheet.dpi < quality.LEAST_DPI,
        "skewed": abs(sheet.frame.skew) >= _SKEWED_DEGREES,
        "rotated": sheet.frame.rotation != page_rotation,
        "blurred": quality.is_blurred(cleaned),
        "cut-margin": quality.is_cut(cleaned),
        "poorly-read": bool(sheet.lines) and sheet.confidence < _POOR,
    }
    return [flag for flag, is_so in faults.items() if is_so]
