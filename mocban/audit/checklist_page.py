"""Draws the checklist: A4 across, by place and box, a row a file, with room to tick and to write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import groupby
from typing import Any, Final
from xml.sax.saxutils import escape

import qrcode
from reportlab.lib.colors import HexColor, black
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepTogether,
    LongTable,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)
from typing_extensions import override

from mocban.audit.sample import Sample, SampledFile
from mocban.audit.table import facts_of
from mocban.typeface import BOLD, ITALIC, REGULAR, register

WIDTH, HEIGHT = landscape(A4)
MARGIN: Final = 12 * mm
BOTTOM: Final = 14 * mm
INNER: Final = WIDTH - 2 * MARGIN
QR_SIDE: Final = 34 * mm
SOFT: Final = HexColor("#6b6259")
SHADE: Final = HexColor("#efe9df")
LIGHT: Final = HexColor("#f8f5ef")
NO_PLACE: Final = ("Chưa ghi kho, giá", "Place not recorded")
NO_BOX: Final = ("Chưa ghi hộp", "Box not recorded")
_LONGEST: Final = 260  # letters of a title or name that a row shows; the table to fill in has all of it
_HEADS: Final = (
    ("TT", "No."),
    ("Mã hồ sơ, tiêu đề", "File code, title"),
    ("Đang giữ", "Held by"),
    ("Số tờ", "Sheets"),
    ("Thấy", "Found"),
    ("Đếm được", "Counted"),
    ("Tình trạng", "Condition"),
    ("Ghi chú", "Notes"),
)
_COLUMNS: Final = (10 * mm, 79 * mm, 50 * mm, 13 * mm, 25 * mm, 19 * mm, 25 * mm, INNER - 221 * mm)


def draw(sample: Sample) -> bytes:
    """The PDF, the same bytes for the same sample. Raises EnvironmentProblem `typeface-missing`."""
    register()
    out = BytesIO()
    _Pages(out, sample).build(list(_story(sample)))
    return out.getvalue()


class _Pages(BaseDocTemplate):  # type: ignore[misc]  # published without types
    """Each page says of which draw it is: sheets come apart."""

    def __init__(self, out: BytesIO, sample: Sample) -> None:
        super().__init__(out, pagesize=(WIDTH, HEIGHT), invariant=1, title="Phiếu kiểm tra kho", author="Mộc Bản")
        self._sample = sample
        frame = Frame(MARGIN, BOTTOM, INNER, HEIGHT - BOTTOM - MARGIN, 0, 0, 0, 0)
        self.addPageTemplates([PageTemplate("all", [frame], onPage=self._foot)])

    def _foot(self, canvas: Canvas, _document: object) -> None:
        point = self._sample.checkpoint
        canvas.setFont(REGULAR, 8)
        canvas.setFillColor(SOFT)
        seed = _short(self._sample.seed, 60)
        canvas.drawString(
            MARGIN, 8 * mm, f"Hạt giống · seed: {seed} · điểm kiểm · checkpoint: {point.size} · {point.root}"
        )
        canvas.drawRightString(WIDTH - MARGIN, 8 * mm, f"trang · page {canvas.getPageNumber()}")


class _Ticks(Flowable):  # type: ignore[misc]  # published without types
    """Squares to tick, each with its word beside it, one below the other."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__()
        self._words = words

    @override
    def wrap(self, width: float, height: float) -> tuple[float, float]:
        return width, len(self._words) * 13.0

    @override
    def draw(self) -> None:
        for at, word in enumerate(self._words):
            y = (len(self._words) - 1 - at) * 13.0 + 1.5
            self.canv.setLineWidth(0.8)
            self.canv.rect(1, y, 9, 9)
            self.canv.setFont(REGULAR, 9)
            self.canv.drawString(14, y + 1.5, word)


class _Qr(Flowable):  # type: ignore[misc]  # published without types
    """What the draw rests on, a line each after one that says what it is."""

    def __init__(self, sample: Sample) -> None:
        super().__init__()
        lines = (
            "mocban-audit/1",
            sample.origin,
            sample.seed,
            sample.checkpoint.size,
            sample.checkpoint.root,
            sample.stratum.text,
            sample.digest,
            len(sample.drawn),
            sample.threshold,
        )
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
        code.add_data("\n".join(map(str, lines)))
        self._matrix = code.get_matrix()

    @override
    def wrap(self, width: float, height: float) -> tuple[float, float]:
        return QR_SIDE, QR_SIDE

    @override
    def draw(self) -> None:
        side = QR_SIDE / len(self._matrix)
        path = self.canv.beginPath()  # one path: separate squares leave hairlines between them
        for row, dots in enumerate(self._matrix):
            for column, dark in enumerate(dots):
                if dark:
                    path.rect(column * side, QR_SIDE - (row + 1) * side, side, side)
        self.canv.drawPath(path, stroke=0, fill=1)


def _style(size: float, *, font: str = REGULAR, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(font, fontName=font, fontSize=size, leading=size * 1.22, splitLongWords=1, **more)


_CELL: Final = _style(9.5)
_CELL_MIDDLE: Final = _style(9.5, alignment=TA_CENTER)
_HEAD: Final = _style(9, font=BOLD, alignment=TA_CENTER)
_PLACE: Final = _style(12, font=BOLD)


def _two(vi: str, en: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(f'{escape(vi)}<br/><font name="{ITALIC}" size="7.5" color="#6b6259">{escape(en)}</font>', style)


def _story(sample: Sample) -> Iterator[Flowable]:
    yield _heading(sample)
    yield Spacer(1, 6)
    places = [_of_place(place, list(files)) for place, files in groupby(sample.drawn, key=lambda file: file.place)]
    for flowables in places[:-1]:
        yield from flowables
    # Nobody signs a sheet on which nothing else stands: where a page holds both, the last place goes with it.
    last = [flowable for flowables in places[-1:] for flowable in flowables]
    yield KeepTogether([*last, Spacer(1, 12), _signatures()])


def _heading(sample: Sample) -> Table:
    title = _style(17, font=BOLD, spaceAfter=1)
    left: list[Flowable] = [
        Paragraph("PHIẾU KIỂM TRA KHO LƯU TRỮ", title),
        Paragraph("Checklist of the stores, drawn by lot", _style(10, font=ITALIC, textColor=SOFT, spaceAfter=5)),
    ]
    rows = [
        [_two(vi, en, _style(8.5)), Paragraph(escape(_short(value, 400)), _style(9.5))]
        for vi, en, value in facts_of(sample)
    ]
    half = (len(rows) + 1) // 2
    across = (INNER - QR_SIDE - 8 * mm) / 2
    facts = Table(
        [[_facts(rows[:half], across), _facts(rows[half:], across)]], colWidths=(across, across), hAlign="LEFT"
    )
    facts.setStyle(_BARE)
    left.append(facts)
    table = Table([[left, _Qr(sample)]], colWidths=(INNER - QR_SIDE - 4 * mm, QR_SIDE + 4 * mm))
    table.setStyle(_BARE)
    return table


_BARE: Final = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
    ]
)


def _facts(rows: list[list[Paragraph]], across: float) -> Table:
    table = Table(rows, colWidths=(36 * mm, across - 40 * mm), hAlign="LEFT")
    table.setStyle(_BARE)
    return table


def _of_place(place: str, files: list[SampledFile]) -> Iterator[Flowable]:
    vi, en = (place, "") if place else NO_PLACE
    words = f"{escape(vi)}" + (f' <font name="{ITALIC}" color="#6b6259">{escape(en)}</font>' if en else "")
    yield CondPageBreak(45 * mm)  # a heading stands above a row, never alone at a page's foot
    yield Spacer(1, 8)
    named = Paragraph(f"{words} <font size='9'>({len(files)} hồ sơ · files)</font>", _PLACE)
    # Repeated on every page that the place goes on to: sheets come apart.
    rows: list[list[Any]] = [[named, *[""] * (len(_HEADS) - 1)], [_two(vi, en, _HEAD) for vi, en in _HEADS]]
    shaded: list[int] = []
    for box, of_box in groupby(files, key=lambda file: file.box):
        shaded.append(len(rows))
        rows.append([_box(box), *[""] * (len(_HEADS) - 1)])
        rows += [_row(file) for file in of_box]
    table = LongTable(rows, colWidths=_COLUMNS, repeatRows=2)
    table.setStyle(TableStyle([*_GRID, *(command for row in shaded for command in _box_style(row))]))
    yield table


_GRID: Final = (
    ("GRID", (0, 0), (-1, -1), 0.5, black),
    ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ("SPAN", (0, 0), (-1, 0)),
    ("BOX", (0, 0), (-1, 0), 0.5, black),
    ("BACKGROUND", (0, 1), (-1, 1), SHADE),
    ("LEFTPADDING", (0, 0), (-1, -1), 3),
    ("RIGHTPADDING", (0, 0), (-1, -1), 3),
    ("TOPPADDING", (0, 0), (-1, -1), 2),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
)


def _box_style(row: int) -> list[tuple[Any, ...]]:
    """A line of its own across the table, that stays with the row below it."""
    return [
        ("SPAN", (0, row), (-1, row)),
        ("BACKGROUND", (0, row), (-1, row), LIGHT),
        ("NOSPLIT", (0, row), (-1, row + 1)),
    ]


def _box(box: str) -> Paragraph:
    words = escape(_box_words(box)) if box else f'{NO_BOX[0]} <font name="{ITALIC}">{NO_BOX[1]}</font>'
    return Paragraph(words, _style(10, font=BOLD))


def _box_words(box: str) -> str:
    return box if box.casefold().startswith("hộp") else f"Hộp {box}"


def _row(file: SampledFile) -> list[Any]:
    box = f'  <font size="8" color="#6b6259">{escape(_short(_box_words(file.box), 40))}</font>' if file.box else ""
    code = Paragraph(f'<font name="{BOLD}">{escape(_short(file.code, 120))}</font>{box}', _CELL)
    named: list[Flowable] = [code]
    if file.title:
        named.append(Paragraph(escape(_short(file.title, _LONGEST)), _CELL))
    return [
        Paragraph(str(file.number), _CELL_MIDDLE),
        named,
        Paragraph(escape(_short(file.holder, _LONGEST)), _style(9)),
        Paragraph(str(file.sheets) if file.sheets else "-", _CELL_MIDDLE),
        _Ticks(("có · yes", "không · no")),
        "",
        _Ticks(("tốt · good", "hỏng · bad")),
        "",
    ]


def _signatures() -> Table:
    """Two columns: who looked, and who keeps the store, with a day and room to sign."""
    middle = _style(11, font=BOLD, alignment=TA_CENTER)
    soft = _style(9, font=ITALIC, alignment=TA_CENTER, textColor=SOFT)
    cells = [
        [
            Paragraph("Ngày ...... tháng ...... năm ..........", _style(10, alignment=TA_CENTER)),
            Paragraph(vi, middle),
            Paragraph(f"{en}<br/>(ký, ghi rõ họ tên · signature, full name)", soft),
            Spacer(1, 20 * mm),
        ]
        for vi, en in (("NGƯỜI KIỂM TRA", "Auditor"), ("NGƯỜI GIỮ KHO", "Keeper of the store"))
    ]
    table = Table([cells], colWidths=(INNER / 2, INNER / 2))
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP")]))
    return table


def _short(text: str, letters: int) -> str:
    return text if len(text) <= letters else f"{text[: letters - 1]}…"
