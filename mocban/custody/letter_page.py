"""Draws letters in the layout of Decree 30/2020/NĐ-CP, Appendix I: A4, margins, type and places of every part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib.colors import black
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)
from typing_extensions import override

from mocban.custody.letter import SUBJECT, Letter, LetterLine, spoken_number
from mocban.state_paper import MOTTO, NATION, Rule
from mocban.typeface import BOLD, ITALIC, REGULAR, register

WIDTH, HEIGHT = A4
LEFT: Final = 30 * mm
RIGHT: Final = 16 * mm
TOP: Final = 22 * mm
BOTTOM: Final = 20 * mm
INNER: Final = WIDTH - LEFT - RIGHT
_HEAD: Final = (INNER * 0.385, INNER * 0.615)
_COLUMNS: Final = tuple(part * INNER for part in (0.06, 0.24, 0.24, 0.075, 0.075, 0.075, 0.235))
_SIGN_SPACE: Final = 24 * mm
_RULE: Final = 2.5


def draw(letters: Sequence[Letter]) -> bytes:
    """One PDF, each letter from a page of its own, the same bytes for the same letters.

    Raises EnvironmentProblem `typeface-missing`.
    """
    register()
    out = BytesIO()
    story: list[Flowable] = []
    for letter in letters:
        story += [NextPageTemplate("first"), PageBreak()] if story else []
        story += [NextPageTemplate("later"), *_parts(letter)]
    _Pages(out).build(story)
    return out.getvalue()


class _Pages(BaseDocTemplate):  # type: ignore[misc]  # published without types
    """Pages numbered at the top middle, from the second of each letter on."""

    def __init__(self, out: BytesIO) -> None:
        super().__init__(out, pagesize=A4, invariant=1, title=SUBJECT.removeprefix("V/v "), author="Mộc Bản")
        frame = Frame(LEFT, BOTTOM, INNER, HEIGHT - TOP - BOTTOM, 0, 0, 0, 0)
        self._first_page = 1
        self.addPageTemplates(
            [
                PageTemplate("first", [frame], onPage=self._begin_letter),
                PageTemplate("later", [frame], onPage=self._number),
            ]
        )

    def _begin_letter(self, canvas: Canvas, _document: object) -> None:
        self._first_page = canvas.getPageNumber()

    def _number(self, canvas: Canvas, _document: object) -> None:
        canvas.setFont(REGULAR, 13)
        canvas.drawCentredString(WIDTH / 2, HEIGHT - 14 * mm, str(canvas.getPageNumber() - self._first_page + 1))


class _BoldItalic(Flowable):  # type: ignore[misc]  # published without types
    """A line of italic with its outline drawn: there need be no bold italic typeface here."""

    def __init__(self, text: str, size: float) -> None:
        super().__init__()
        self._text, self._size = text, size

    @override
    def wrap(self, width: float, height: float) -> tuple[float, float]:
        return width, self._size * 1.25

    @override
    def draw(self) -> None:
        line = self.canv.beginText(0, self._size * 0.3)
        line.setFont(ITALIC, self._size)
        line.setTextRenderMode(2)
        self.canv.setLineWidth(self._size * 0.03)
        line.textOut(self._text)
        line.setTextRenderMode(0)
        self.canv.drawText(line)


def _style(size: float, *, font: str = REGULAR, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(font, fontName=font, fontSize=size, leading=size * 1.25, splitLongWords=1, **more)


_BODY: Final = _style(13, alignment=TA_JUSTIFY, firstLineIndent=10 * mm, spaceAfter=6)
_MIDDLE: Final = _style(13, alignment=TA_CENTER)
_CELL: Final = _style(11)
_CELL_MIDDLE: Final = _style(11, alignment=TA_CENTER)
_CELL_HEAD: Final = _style(11, font=BOLD, alignment=TA_CENTER)


def _text(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(text), style)


def _parts(letter: Letter) -> Iterator[Flowable]:
    yield _heading(letter)
    yield Spacer(1, 14)
    yield _to(letter.addressee)
    yield Spacer(1, 10)
    yield _text(letter.opening, _BODY)
    yield _table(letter)
    yield Spacer(1, 6)
    yield from (_text(note, _style(11, font=ITALIC, alignment=TA_JUSTIFY, spaceAfter=4)) for note in letter.notes)
    yield Spacer(1, 4)
    *requests, last = letter.requests
    yield from (_text(request, _BODY) for request in requests)
    yield KeepTogether([_text(last, _BODY), Spacer(1, 8), _foot(letter)])


def _heading(letter: Letter) -> Table:
    """Left: who issues it, number and symbol (for the clerk), what it is about. Right: nation, motto, place and day."""
    name = _style(13, font=BOLD, alignment=TA_CENTER)
    nation = _style(12, font=BOLD, alignment=TA_CENTER)
    widest = max(stringWidth(line, BOLD, 13) for line in letter.issuer)
    issuer = [*(_text(line, name) for line in letter.issuer), Rule(min(widest, _HEAD[0]) * 0.45, _RULE)]
    country = [_text(NATION, nation), _text(MOTTO, name), Rule(stringWidth(MOTTO, BOLD, 13), _RULE)]
    number = [
        _text(
            "Số:\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0/\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0",
            _MIDDLE,
        ),
        _text(SUBJECT, _style(12, alignment=TA_CENTER, spaceBefore=2)),
    ]
    day = [_text(letter.place_and_date, _style(13, font=ITALIC, alignment=TA_CENTER))]
    table = Table([[issuer, country], [number, day]], colWidths=_HEAD)
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, 0), 0),
            ]
        )
    )
    return table


def _to(addressee: str) -> Table:
    width = stringWidth("Kính gửi: ", REGULAR, 13) + 4
    side = 18 * mm
    table = Table(
        [["", _text("Kính gửi:", _style(13)), _text(addressee, _style(13))]],
        colWidths=[side, width, INNER - width - 2 * side],
        hAlign="LEFT",
    )
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ]
        )
    )
    return table


def _table(letter: Letter) -> Table:
    heads = ("TT", "Phông lưu trữ", "Khối tài liệu", "Hồ sơ", "Hộp", "Tờ", "Căn cứ giao")
    rows = [[_text(head, _CELL_HEAD) for head in heads]]
    rows += [_row(number, line) for number, line in enumerate(letter.lines, 1)]
    total = map(_figure, letter.total)
    rows.append(["", _text("Tổng cộng", _CELL_HEAD), "", *(_text(one, _CELL_HEAD) for one in total), ""])
    table = Table(rows, colWidths=_COLUMNS, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.5, black),
                ("VALIGN", (0, 0), (-1, 0), "MIDDLE"),
                ("VALIGN", (0, 1), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 3),
                ("RIGHTPADDING", (0, 0), (-1, -1), 3),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
            ]
        )
    )
    return table


def _row(number: int, line: LetterLine) -> list[Paragraph]:
    figures = (line.files, line.boxes, line.sheets)
    basis = f"{line.basis} (*)" if line.inferred else line.basis
    return [
        _text(str(number), _CELL_MIDDLE),
        _text(line.fonds, _CELL),
        _text(line.lot, _CELL),
        *(_text(_figure(figure), _CELL_MIDDLE) for figure in figures),
        _text(basis, _CELL),
    ]


def _figure(figure: int | None) -> str:
    return "-" if figure is None else spoken_number(figure)


def _foot(letter: Letter) -> Table:
    """Left: who gets copies. Right: in whose name it is signed, with room for signature and seal."""
    copies = [_BoldItalic("Nơi nhận:", 12), *(_text(line, _style(11)) for line in ("- Như trên;", "- Lưu: VT."))]
    signer = [
        *(_text(line, _style(13, font=BOLD, alignment=TA_CENTER)) for line in letter.signer),
        Spacer(1, _SIGN_SPACE),
    ]
    table = Table([[copies, signer]], colWidths=_HEAD)
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]))
    return table
