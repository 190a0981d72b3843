"""Set text on A4 sheets: lines are broken, justified, and remembered, so that the truth of each page is known."""

from __future__ import annotations

from functools import cache
from typing import Final

from PIL import Image, ImageDraw, ImageFont

SHEET_MM: Final = (210, 297)
MARGINS_MM: Final = (30, 20, 18, 20)
"""Left, top, right, bottom; Decree 30/2020 App. I asks for 30-35, 20-25, 15-20, 20-25."""
INK: Final = (28, 28, 34)

_FILES: Final = {
    "": "LiberationSerif-Regular.ttf",
    "b": "LiberationSerif-Bold.ttf",
    "i": "LiberationSerif-Italic.ttf",
    "bi": "LiberationSerif-BoldItalic.ttf",
    "m": "LiberationMono-Regular.ttf",
    "mb": "LiberationMono-Bold.ttf",
    "s": "DejaVuSans.ttf",
}


@cache
def font(style: str, points: float, dpi: int) -> ImageFont.FreeTypeFont:
    """A font found on the system. styles: regular, b, i, bi, m (typewriter), mb, s (stamps)."""
    return ImageFont.truetype(_FILES[style], round(points * dpi / 72))


class Typesetter:
    """Sheets of one document. Positions are in pixels of `dpi`; `lines[n]` holds what stands on sheet n."""

    def __init__(self, dpi: int, leading: float = 1.42) -> None:
        """`leading`: distance of lines as a multiple of the size of type."""
        self.dpi = dpi
        self.leading = leading
        self.sheets: list[Image.Image] = []
        self.lines: list[list[str]] = []
        self.left, self.top, self.right, self.bottom = (self.px(mm) for mm in MARGINS_MM)
        self.width, self.height = (self.px(mm) for mm in SHEET_MM)
        self.y = 0
        self.new_sheet()

    def px(self, mm: float) -> int:
        """Millimetres in pixels."""
        return round(mm * self.dpi / 25.4)

    def new_sheet(self) -> None:
        """Go on at the top of a white sheet."""
        self.sheets.append(Image.new("RGB", (self.width, self.height), "white"))
        self.lines.append([])
        self.y = self.top

    @property
    def draw(self) -> ImageDraw.ImageDraw:
        """The pen on the current sheet."""
        return ImageDraw.Draw(self.sheets[-1])

    def note(self, line: str) -> None:
        """Remember a line as standing on the current sheet."""
        self.lines[-1].append(line)

    def room(self, mm: float) -> None:
        """Make sure that so much room is left, on a new sheet if need be."""
        if self.y + self.px(mm) > self.height - self.bottom:
            self.new_sheet()

    def centered(self, text: str, x0: int, x1: int, y: int, style: str, points: float) -> int:
        """One line centered between two x; returns the y below it."""
        face = font(style, points, self.dpi)
        self.draw.text(((x0 + x1 - face.getlength(text)) / 2, y), text, font=face, fill=INK)
        self.note(text)
        return y + round(points * 1.25 * self.dpi / 72)

    def flush(self, text: str, x: int, y: int, style: str, points: float) -> None:
        """One line from an x on."""
        self.draw.text((x, y), text, font=font(style, points, self.dpi), fill=INK)
        self.note(text)

    def wrapped(self, text: str, style: str, points: float, width: int, indent: int = 0) -> list[str]:
        """The lines into which a text breaks within a width."""
        face = font(style, points, self.dpi)
        lines: list[str] = []
        current = ""
        for word in text.split():
            longer = f"{current} {word}".strip()
            if current and face.getlength(longer) > width - (0 if lines else indent):
                lines.append(current)
                current = word
            else:
                current = longer
        return [*lines, current]

    def paragraph(self, text: str, style: str = "", points: float = 14) -> None:
        """A justified paragraph with its first line indented; it goes over to a new sheet where it must."""
        width, indent = self.width - self.left - self.right, self.px(12)
        lines = self.wrapped(text, style, points, width, indent)
        step = round(points * self.leading * self.dpi / 72)
        for number, line in enumerate(lines):
            if self.y + step > self.height - self.bottom:
                self.new_sheet()
            start = indent if number == 0 else 0
            self._justified(line, self.left + start, width - start, style, points, number == len(lines) - 1)
            self.y += step
        self.y += self.px(1.6)

    def _justified(self, line: str, x: float, width: float, style: str, points: float, is_last: bool) -> None:
        face = font(style, points, self.dpi)
        words = line.split()
        gap = face.getlength(" ")
        if not is_last and len(words) > 1:
            gap = (width - sum(face.getlength(word) for word in words)) / (len(words) - 1)
        for word in words:
            self.draw.text((x, self.y), word, font=face, fill=INK)
            x += face.getlength(word) + gap
        self.note(line)

    def typed(self, text: str, indent: int = 5, points: float = 11.5) -> None:
        """A typewritten paragraph: fixed pitch, ragged right."""
        face = font("m", points, self.dpi)
        columns = int((self.width - self.left - self.right) / face.getlength("m"))
        step = round(points * self.leading * self.dpi / 72)
        start = round(indent * face.getlength("m"))
        lines = self.wrapped(text, "m", points, round(columns * face.getlength("m")), start)
        for number, line in enumerate(lines):
            if self.y + step > self.height - self.bottom:
                self.new_sheet()
            self.type_line(line, self.left + (start if number == 0 else 0), self.y, points)
            self.y += step

    def type_line(self, line: str, x: float, y: float, points: float = 11.5, style: str = "m") -> None:
        """One typewritten line; letters sit a little high or low and strike unevenly, the same way every time."""
        face = font(style, points, self.dpi)
        for place, letter in enumerate(line):
            chance = (place * 7919 + ord(letter) * 104729 + len(line) * 31) % 97
            shade = 25 + chance % 60
            rise = (chance % 5 - 2) * self.dpi / 400
            at = (x + place * face.getlength("m"), y + rise)
            self.draw.text(at, letter, font=face, fill=(shade, shade, shade + 8))
        self.note(line)

    def table(self, rows: list[list[str]], points: float = 12) -> None:
        """A ruled table; columns share the width by their longest words and texts."""
        widths = self._column_widths(rows, points)
        for number, row in enumerate(rows):
            style = "b" if number == 0 else ""
            pairs = zip(row, widths, strict=True)
            cells = [self.wrapped(cell, style, points, width - self.px(3)) for cell, width in pairs]
            step = round(points * 1.3 * self.dpi / 72)
            height = step * max(len(lines) for lines in cells) + self.px(2)
            if self.y + height > self.height - self.bottom:
                self.new_sheet()
            self._row(cells, widths, height, step, style, points)
            self.note(" ".join(cell for cell in row if cell))
            self.y += height
        self.y += self.px(5)

    def _row(
        self, cells: list[list[str]], widths: list[int], height: int, step: int, style: str, points: float
    ) -> None:
        x = self.left
        for lines, width in zip(cells, widths, strict=True):
            self.draw.rectangle((x, self.y, x + width, self.y + height), outline=INK, width=max(1, self.dpi // 130))
            for place, line in enumerate(lines):
                at = (x + self.px(1.5), self.y + self.px(1) + place * step)
                self.draw.text(at, line, font=font(style, points, self.dpi), fill=INK)
            x += width

    def _column_widths(self, rows: list[list[str]], points: float) -> list[int]:
        face = font("b", points, self.dpi)
        longest = [min(max(face.getlength(row[place]) for row in rows), self.px(70)) for place in range(len(rows[0]))]
        whole = self.width - self.left - self.right
        padded = [length + self.px(4) for length in longest]
        return [round(length * whole / sum(padded)) for length in padded]
