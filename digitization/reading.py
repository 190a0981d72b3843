"""What digitization hands over: pages, lines, field readings and the whole `Recognition` of one scan."""

from __future__ import annotations

from typing import Literal

import msgspec

State = Literal["sure", "doubtful", "unread"]
"""How far a reading may be trusted: `doubtful` asks for a person's eyes, `unread` has no value."""


class Box(msgspec.Struct, frozen=True, array_like=True):
    """A rectangle in pixels, origin top left, right and bottom exclusive."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Pixels across."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Pixels down."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """The x of its centre."""
        return (self.left + self.right) / 2

    @property
    def centre(self) -> float:
        """The y of its centre."""
        return (self.top + self.bottom) / 2


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """One word as read. text: NFC; confidence: 0..100."""

    text: str
    confidence: float
    box: Box


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """Words of one line, left to right. confidence: mean of its words, 0..100."""

    text: str
    confidence: float
    box: Box
    words: tuple[Word, ...]


class PageReading(msgspec.Struct, frozen=True, kw_only=True):
    """One page. Boxes are in pixels of the page image as it lies in the scan.

    number: 1-based; width, height: px; dpi: 0 when the page has no image; rotation: degrees clockwise by which
    the image was turned to be read (0, 90, 180, 270); skew: further degrees, clockwise; confidence: mean over
    words, 0..100; flags: codes of `domain.errors.TEXTS`.
    """

    number: int
    width: int
    height: int
    dpi: int
    rotation: int
    skew: float
    blank: bool
    confidence: float
    flags: tuple[str, ...]
    lines: tuple[Line, ...]


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What the paper seems to say in one data field, and why.

    field: name in Decree 30/2020/NĐ-CP, Appendix VI (`CodeNumber`, `IssuedDate`, `SignerInfo.FullName`...), or
    `Block`, `Place`; value: "" when unread; a partial date is `YYYY` or `YYYY-MM`; confidence: 0..100;
    page, box: the evidence, None when the value was inferred and stands nowhere.
    """

    field: str
    value: str
    confidence: float
    state: State
    page: int | None = None
    box: Box | None = None


class Recognition(msgspec.Struct, frozen=True, kw_only=True):
    """Everything read from one scan. The scan itself is left as it is; `searchable_pdf` is a derivative.

    sha256: hex, of the scan's bytes; minhash: 128 numbers below 2**32, empty when there is too little text;
    text: all pages, form-feed between them.
    """

    name: str
    sha256: str
    pages: tuple[PageReading, ...]
    fields: tuple[Reading, ...]
    flags: tuple[str, ...]
    minhash: tuple[int, ...]
    text: str
    searchable_pdf: bytes

    def field(self, name: str) -> Reading | None:
        """The reading of one field, None when that field was not looked for."""
        return next((reading for reading in self.fields if reading.field == name), None)
