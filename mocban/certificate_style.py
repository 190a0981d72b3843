"""How a certificate looks: its colours, its letters, and text in two languages as one paragraph."""

from __future__ import annotations

from typing import Final

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_CENTER, TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph

from mocban.typeface import ITALIC, REGULAR

WIDTH, HEIGHT = A4
MARGIN: Final = 22 * mm
INNER: Final = WIDTH - 2 * MARGIN
INK: Final = HexColor("#1d1a17")
SOFT: Final = HexColor("#6b6259")
RULE: Final = HexColor("#c9bfb2")
SEAL: Final = HexColor("#a32a1c")


def style(
    size: float, *, font: str = REGULAR, color: Color = INK, leading: float = 1.28, centered: bool = False
) -> ParagraphStyle:
    """A paragraph's letters. size: points; leading: of the size."""
    return ParagraphStyle(
        f"{font}-{size}-{color.hexval()}-{centered}",
        fontName=font,
        fontSize=size,
        leading=size * leading,
        textColor=color,
        alignment=TA_CENTER if centered else TA_LEFT,
        splitLongWords=1,
    )


def two(vi: str, en: str, size: float) -> Paragraph:
    """Vietnamese, and English below it, smaller and softer. Both are markup."""
    english = f'<font name="{ITALIC}" color="#6b6259" size="{size - 1.2}">{en}</font>'
    return Paragraph(f"{vi}<br/>{english}", style(size, leading=1.2))


def soft(text: str) -> str:
    """Markup for what stands beside the main text."""
    return f'<font color="#6b6259">{text}</font>'


def short(text: str, most: int) -> str:
    """At most `most` letters, the cut shown."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
