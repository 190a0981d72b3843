"""Parts of printed hand-overs: type sizes, the heading of a State paper, tables that run over pages, page feet."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor, black
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, LongTable, PageTemplate, Paragraph, TableStyle
from typing_extensions import override

from mocban.typeface import BOLD, ITALIC, MONO, REGULAR

WIDTH, HEIGHT = A4
LEFT: Final = 30 * mm
RIGHT: Final = 16 * mm
TOP: Final = 20 * mm
BOTTOM: Final = 20 * mm
INNER: Final = WIDTH - LEFT - RIGHT
SIDE: Final = 18 * mm
"""Margins left and right of a page across."""
ACROSS: Final = HEIGHT - 2 * SIDE
PORTRAIT: Final = "portrait"
LANDSCAPE: Final = "landscape"
SOFT: Final = HexColor("#5c544b")
_SPACE: Final = 2


def style(size: float, *, font: str = REGULAR, leading: float = 1.25, **more: Any) -> ParagraphStyle:
    """A paragraph style; long words break."""
    return ParagraphStyle(font, fontName=font, fontSize=size, leading=size * leading, splitLongWords=1, **more)


BODY: Final = style(13, alignment=TA_JUSTIFY, spaceAfter=3)
ITEM: Final = style(13, alignment=TA_LEFT, spaceAfter=2)
ENGLISH: Final = style(9, font=ITALIC, textColor=SOFT, alignment=TA_LEFT, spaceAfter=3)
CELL: Final = style(9.5, leading=1.15)
CELL_MIDDLE: Final = style(9.5, leading=1.15, alignment=TA_CENTER)
CELL_HEAD: Final = style(9.5, font=BOLD, leading=1.1, alignment=TA_CENTER)
SMALL: Final = style(8.5, textColor=SOFT, leading=1.2)


def text(words: str, of: ParagraphStyle) -> Paragraph:
    """A paragraph of plain text: nothing in it is markup."""
    return Paragraph(escape(words), of)


def with_english(vi: str, en: str, of: ParagraphStyle = ITEM) -> Paragraph:
    """Vietnamese, and English after it in small; both are markup."""
    return Paragraph(f'{vi} <font name="{ITALIC}" size="9" color="#5c544b">/ {en}</font>', of)


def head(words: tuple[str, str]) -> Paragraph:
    """A column's head, English beneath."""
    return Paragraph(
        f'{escape(words[0])}<br/><font name="{ITALIC}" size="7.5" color="#5c544b">{escape(words[1])}</font>', CELL_HEAD
    )


def mono(words: str, size: float = 8) -> str:
    """Markup of a root, an id or an index."""
    return f'<font name="{MONO}" size="{size}">{escape(words)}</font>'


class Box(Flowable):  # type: ignore[misc]  # published without types
    """An empty square to be ticked, in the middle of its cell."""

    def __init__(self, side: float = 4 * mm) -> None:
        super().__init__()
        self._side = side
        self._across = 0.0

    @override
    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self._across = width
        return width, self._side

    @override
    def draw(self) -> None:
        self.canv.setLineWidth(0.8)
        self.canv.rect((self._across - self._side) / 2, 0, self._side, self._side)


class Pages(BaseDocTemplate):  # type: ignore[misc]  # published without types
    """A4 upright, then across for lists; every page says what it belongs to and its number."""

    def __init__(self, out: BytesIO, *, title: str, author: str, foot: str, first: str = PORTRAIT) -> None:
        super().__init__(out, pagesize=A4, invariant=1, title=title, author=author)
        self._foot = foot
        upright = Frame(LEFT, BOTTOM, INNER, HEIGHT - TOP - BOTTOM, 0, 0, 0, 0)
        across = Frame(SIDE, BOTTOM - 2 * mm, ACROSS, WIDTH - TOP - BOTTOM + 6 * mm, 0, 0, 0, 0)
        templates = [
            PageTemplate(PORTRAIT, [upright], onPage=self._footed, pagesize=A4),
            PageTemplate(LANDSCAPE, [across], onPage=self._footed, pagesize=landscape(A4)),
        ]
        self.addPageTemplates(sorted(templates, key=lambda one: one.id != first))

    def _footed(self, canvas: Canvas, document: Any) -> None:
        width = document.pageTemplate.pagesize[0]
        left = LEFT if document.pageTemplate.id == PORTRAIT else SIDE
        canvas.setFillColor(SOFT)
        canvas.setFont(MONO, 6.5)
        canvas.drawString(left, 10 * mm, self._foot)
        canvas.setFont(REGULAR, 10)
        canvas.drawRightString(width - RIGHT, 10 * mm, f"{canvas.getPageNumber()}")
        canvas.setFillColor(black)


def run_over(heads: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]], widths: Sequence[float]) -> LongTable:
    """A ruled table over as many pages as it takes, its heads on each."""
    table = LongTable([[head(one) for one in heads], *rows], colWidths=list(widths), repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.4, black),
                ("VALIGN", (0, 0), (-1, 0), "MIDDLE"),
                ("VALIGN", (0, 1), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 3),
                ("RIGHTPADDING", (0, 0), (-1, -1), 3),
                ("TOPPADDING", (0, 0), (-1, -1), _SPACE),
                ("BOTTOMPADDING", (0, 0), (-1, -1), _SPACE + 2),
            ]
        )
    )
    return table


def wide_as(words: str, size: float, font: str = BOLD) -> float:
    """How wide a line is drawn, in points."""
    return float(stringWidth(words, font, size))
