"""Draws the record of hand-over and receipt: Decree 30's page upright, its lists across."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_CENTER
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, NextPageTemplate, PageBreak, Paragraph, Spacer, Table, TableStyle

from mocban.custody.letter import spoken_day
from mocban.handover import list_layout as layout
from mocban.handover.minutes import AUTHOR, TITLE, Minutes
from mocban.handover.minutes_words import (
    contents,
    dispute_words,
    ended_giver,
    grounds,
    issuer_lines,
    parties,
    place_and_day,
    remarks,
)
from mocban.handover.page_parts import (
    BODY,
    CELL,
    CELL_MIDDLE,
    INNER,
    LANDSCAPE,
    SMALL,
    Pages,
    mono,
    run_over,
    style,
    text,
    wide_as,
    with_english,
)
from mocban.handover.wording import period, retention
from mocban.state_paper import MOTTO, NATION, Rule
from mocban.typeface import BOLD, ITALIC, register
from projections.handover_queries import ListedLine

_HEAD: Final = (INNER * 0.42, INNER * 0.58)
_SIGN_SPACE: Final = 22 * mm
_LIST_HEADS: Final = (
    layout.NUMBER, layout.BOX, layout.CODE, layout.NAME, layout.PERIOD, layout.RETENTION, layout.SHEETS, layout.NOTE,
)  # fmt: skip
_LIST_WIDTHS: Final = tuple(part * mm for part in (11, 18, 42, 92, 27, 22, 16, 33))
_DISPUTE_HEADS: Final = (layout.NUMBER, layout.BOX, layout.CODE, layout.NAME, ("Lý do, kết quả", "Reason, outcome"))
_DISPUTE_WIDTHS: Final = tuple(part * mm for part in (11, 18, 42, 95, 95))


def draw(minutes: Minutes) -> bytes:
    """The PDF, the same bytes for the same record. Raises EnvironmentProblem `typeface-missing`."""
    register()
    out = BytesIO()
    foot = f"{minutes.listing.row.id}  {minutes.listing.root}"
    Pages(out, title=" ".join(TITLE), author=AUTHOR, foot=foot).build(list(_story(minutes)))
    return out.getvalue()


def _story(minutes: Minutes) -> Iterator[Flowable]:
    yield from _front(minutes)
    yield NextPageTemplate(LANDSCAPE)
    yield PageBreak()
    yield from _list_heading(minutes, ("MỤC LỤC HỒ SƠ, TÀI LIỆU NỘP LƯU", "List of files handed over"))
    rows = [_list_row(number, line) for number, line in enumerate(minutes.listing.lines, 1)]
    yield run_over(_LIST_HEADS, rows, _LIST_WIDTHS)
    disputed = [(number, line) for number, line in enumerate(minutes.listing.lines, 1) if line.reason is not None]
    if disputed:
        yield PageBreak()
        yield from _list_heading(minutes, ("DANH SÁCH HỒ SƠ CHƯA THỐNG NHẤT KHI GIAO NHẬN", "Lines not taken"))
        yield run_over(_DISPUTE_HEADS, [_dispute_row(minutes, *one) for one in disputed], _DISPUTE_WIDTHS)


def _front(minutes: Minutes) -> Iterator[Flowable]:
    yield _heading(minutes)
    yield Spacer(1, 10)
    yield text(TITLE[0], style(15, font=BOLD, alignment=TA_CENTER))
    yield text(TITLE[1], style(13.5, font=BOLD, alignment=TA_CENTER))
    yield text("Record of hand-over and receipt of files", _soft_middle())
    yield Rule(wide_as(TITLE[1], 13) * 0.4)
    yield Spacer(1, 8)
    yield from (text(ground, style(13, font=ITALIC, spaceAfter=2)) for ground in grounds(minutes))
    yield Spacer(1, 4)
    yield with_english("Chúng tôi gồm:", "We are:")
    for (name, english), lines in parties(minutes):
        yield with_english(f"<b>{escape(name)}</b>", english)
        for (label, in_english), value in lines:
            yield with_english(f"{escape(label)}: {escape(value)}", in_english)
    if ended := ended_giver(minutes):
        yield text(ended, style(11.5, font=ITALIC, spaceAfter=3))
    yield with_english(
        "Thống nhất lập biên bản giao nhận hồ sơ, tài liệu với những nội dung như sau:", "We agree on the following:"
    )
    yield from (with_english(escape(vi), en) for vi, en in contents(minutes))
    yield from (with_english(f"Lưu ý: {escape(vi)}.", escape(en)) for vi, en in remarks(minutes))
    copies = with_english(
        "Biên bản này được lập thành hai bản; bên giao giữ một bản, bên nhận giữ một bản./.",
        "made in two copies, one for each side",
        BODY,
    )
    yield KeepTogether([copies, Spacer(1, 6), _signatures(minutes)])
    yield KeepTogether([_proven(minutes)])


def _heading(minutes: Minutes) -> Table:
    """Left: whose paper it is. Right: nation, motto, place and day (Decree 30, Appendix I)."""
    name = style(13, font=BOLD, alignment=TA_CENTER)
    lines = issuer_lines(minutes.listing.receiver)
    widest = min(max(wide_as(line, 13) for line in lines), _HEAD[0])
    issuer = [*(text(line, name) for line in lines), Rule(widest * 0.45)]
    country = [
        text(NATION, style(12, font=BOLD, alignment=TA_CENTER)),
        text(MOTTO, name),
        Rule(wide_as(MOTTO, 13)),
        text(place_and_day(minutes), style(13, font=ITALIC, alignment=TA_CENTER, spaceBefore=5)),
    ]
    return _bare([[issuer, country]], _HEAD)


def _signatures(minutes: Minutes) -> Table:
    """Places for the pen on the printed copies; what binds is in the ledger and in the PDF's own signature."""
    bold, note = style(13, font=BOLD, alignment=TA_CENTER), style(11, font=ITALIC, alignment=TA_CENTER)

    def side(title: str, english: str, name: str) -> list[Flowable]:
        signed = [text(title, bold), text(english, _soft_middle()), text("(Ký, ghi rõ họ và tên)", note)]
        return [*signed, Spacer(1, _SIGN_SPACE), text(name, style(13, alignment=TA_CENTER)), Spacer(1, 5 * mm)]

    cells = [
        side("ĐẠI DIỆN BÊN GIAO", "for the giver", minutes.giver.name),
        side("ĐẠI DIỆN BÊN NHẬN", "for the receiver", minutes.receiver.name),
    ]
    rows: list[list[Any]] = [cells]
    witnesses = [side("NGƯỜI CHỨNG KIẾN", "witness", one.name) for one in minutes.listing.witnesses]
    rows += [[*witnesses[at : at + 2], ""][:2] for at in range(0, len(witnesses), 2)]
    return _bare(rows, (INNER / 2, INNER / 2))


def _proven(minutes: Minutes) -> Table:
    """Where it stands in the ledger, and how anybody checks it."""
    row = minutes.listing.row
    later = ", ".join(map(str, minutes.acts[1:]))
    acts = f"{mono(str(row.completed))}" + (f"; giải quyết tranh chấp / settled by: {mono(later)}" if later else "")
    root, ours = mono(minutes.listing.root), f"{mono(minutes.origin)}; đợt bàn giao / hand-over {mono(str(row.id))}"
    checkpoint = f"{mono(str(minutes.size))}, gốc / root {mono(minutes.checkpoint_root)}"
    lines = [
        f"<b>Chứng cứ trong sổ cái</b> / proof in the ledger: sổ / log {ours}",
        f"Gốc danh mục hai bên cùng ký / inventory root signed by both: {root}",
        f"Hành vi số / act: {acts}. Điểm kiểm / checkpoint: {checkpoint}",
        "Kiểm tra / verify: " + mono("python verify.py TỆP.pdf --trust trust.json"),
    ]
    table = _bare([[[Paragraph(line, SMALL) for line in lines]]], (INNER,))
    ruled = [("LINEABOVE", (0, 0), (-1, 0), 0.5, SMALL.textColor), ("TOPPADDING", (0, 0), (-1, -1), 4)]
    table.setStyle(TableStyle(ruled))
    return table


def _list_heading(minutes: Minutes, title: tuple[str, str]) -> Iterator[Flowable]:
    row, listing = minutes.listing.row, minutes.listing
    yield text(title[0], style(14, font=BOLD, alignment=TA_CENTER))
    yield text(title[1], _soft_middle())
    yield text("; ".join(f"{name} ({code})" for code, name in listing.fonds), style(11, alignment=TA_CENTER))
    day = spoken_day(row.handed_on)
    words = f"Kèm theo biên bản giao nhận {day}: {listing.giver.name} giao, {listing.receiver.name} nhận"
    yield text(words, style(10, font=ITALIC, alignment=TA_CENTER, spaceAfter=6))


def _list_row(number: int, line: ListedLine) -> list[Any]:
    sheets = layout.SEALED[0] if line.sealed_set else str(line.sheets or "")
    note = "" if line.reason is None else ("nhận sau" if line.taken else "không nhận")
    return [
        text(str(number), CELL_MIDDLE),
        text(line.box, CELL),
        text(line.code, CELL),
        text(line.title or "", CELL),
        text(period(line), CELL),
        text(retention(line), CELL),
        text(sheets, CELL_MIDDLE),
        text(note, CELL),
    ]


def _dispute_row(minutes: Minutes, number: int, line: ListedLine) -> list[Any]:
    words = (line.box, line.code, line.title or "", dispute_words(minutes, line))
    return [text(str(number), CELL_MIDDLE), *(text(word, CELL) for word in words)]


def _soft_middle() -> Any:
    return style(9, font=ITALIC, textColor=SMALL.textColor, alignment=TA_CENTER, spaceAfter=2)


def _bare(rows: Sequence[Sequence[Any]], widths: Sequence[float]) -> Table:
    table = Table([list(row) for row in rows], colWidths=list(widths))
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 0),
            ]
        )
    )
    return table
