"""A hand-over's list on paper: a square to tick for every file, taken or not, and room for a reason."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

from reportlab.lib.enums import TA_CENTER
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer, Table, TableStyle

from mocban.handover import list_layout as layout
from mocban.handover.list_xlsx import top_facts
from mocban.handover.listing import Listing
from mocban.handover.page_parts import (
    ACROSS,
    CELL,
    CELL_MIDDLE,
    ENGLISH,
    LANDSCAPE,
    SMALL,
    Box,
    Pages,
    mono,
    run_over,
    style,
    text,
    with_english,
)
from mocban.handover.wording import NOT_TAKEN, REASONS, TAKEN, period, retention
from mocban.typeface import BOLD, register
from projections.handover_queries import ListedLine

_HEADS: Final = (
    layout.NUMBER, layout.BOX, layout.CODE, layout.NAME, layout.PERIOD, layout.RETENTION, layout.SHEETS,
    ("Nhận", TAKEN[1]), ("Không nhận", NOT_TAKEN[1]), ("Lý do, ghi chú", "Reason, note"),
)  # fmt: skip
_WIDTHS: Final = tuple(part * mm for part in (10, 17, 40, 76, 25, 20, 15, 13, 13, 32))
_MONO_FACTS: Final = (layout.HANDOVER, layout.ROOT)


def list_pages(listing: Listing) -> bytes:
    """The PDF, the same bytes for the same list. Raises EnvironmentProblem `typeface-missing`."""
    register()
    out = BytesIO()
    foot = f"{listing.row.id}  {listing.root}"
    pages = Pages(out, title=layout.TITLE[0].capitalize(), author="Mộc Bản", foot=foot, first=LANDSCAPE)
    pages.build(list(_story(listing)))
    return out.getvalue()


def _story(listing: Listing) -> Iterator[Flowable]:
    yield text(layout.TITLE[0], style(15, font=BOLD, alignment=TA_CENTER))
    yield text(layout.TITLE[1], style(9, textColor=ENGLISH.textColor, alignment=TA_CENTER, spaceAfter=6))
    yield _facts(listing)
    yield Spacer(1, 6)
    reasons = "; ".join(f"{vi} ({en})" for vi, en in REASONS.values())
    yield with_english(
        "Đánh dấu một ô cho từng hồ sơ; hồ sơ không nhận thì ghi lý do.",
        "Tick one square for every file; give a reason where it is not taken.",
        CELL,
    )
    yield text(f"Lý do / reasons: {reasons}.", SMALL)
    yield Spacer(1, 4)
    yield run_over(_HEADS, [_row(number, line) for number, line in enumerate(listing.lines, 1)], _WIDTHS)
    yield Spacer(1, 8)
    yield KeepTogether([_signatures()])


def _facts(listing: Listing) -> Table:
    rows = []
    for name, value in top_facts(listing):
        said = Paragraph(mono(value), CELL) if name in _MONO_FACTS else text(value, CELL)
        rows.append([with_english(f"<b>{name[0]}</b>", name[1], CELL), said])
    table = Table(rows, colWidths=[52 * mm, ACROSS - 52 * mm], hAlign="LEFT")
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 1),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
            ]
        )
    )
    return table


def _row(number: int, line: ListedLine) -> list[Any]:
    sheets = layout.SEALED[0] if line.sealed_set else str(line.sheets or "")
    return [
        text(str(number), CELL_MIDDLE),
        text(line.box, CELL),
        text(line.code, CELL),
        text(line.title or "", CELL),
        text(period(line), CELL),
        text(retention(line), CELL),
        text(sheets, CELL_MIDDLE),
        Box(),
        Box(),
        "",
    ]


def _signatures() -> Table:
    """Both sign the ticked list by hand; what binds is entered and signed later."""
    middle = style(11, alignment=TA_CENTER)
    sides = [
        [with_english(f"<b>{vi}</b>", en, middle), text("(ký, ghi rõ họ tên, ngày)", CELL_MIDDLE), Spacer(1, 20 * mm)]
        for vi, en in (("BÊN GIAO", "giver"), ("BÊN NHẬN", "receiver"), ("NGƯỜI CHỨNG KIẾN", "witness"))
    ]
    return Table([sides], colWidths=[ACROSS / 3] * 3)
