"""Draws the certificate: A4, Vietnamese first and English beside it; what does not fit goes on, no act is left out."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Final
from xml.sax.saxutils import escape

import qrcode
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, Table, TableStyle

from mocban.certificate import Certificate, ChainLink
from mocban.typeface import BOLD, ITALIC, MONO, REGULAR, register

WIDTH, HEIGHT = A4
MARGIN: Final = 22 * mm
INNER: Final = WIDTH - 2 * MARGIN
QR_SIDE: Final = 34 * mm
INK: Final = HexColor("#1d1a17")
SOFT: Final = HexColor("#6b6259")
RULE: Final = HexColor("#c9bfb2")
SEAL: Final = HexColor("#a32a1c")
TITLE: Final = "Giấy chứng nhận lưu giữ hồ sơ"
_LONGEST: Final = 320  # letters of a title or name that the page shows

_SENTENCE: Final = 900  # letters of it that the page shows; all of it is in the chain's acts below

_COLUMNS: Final = (21 * mm, INNER - 21 * mm - 15 * mm - 41 * mm, 15 * mm, 41 * mm)


def draw(certificate: Certificate) -> bytes:
    """The PDF, the same bytes for the same certificate. Raises EnvironmentProblem `typeface-missing`."""
    register()
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, pageCompression=1)
    canvas.setTitle(f"{TITLE} {certificate.file_code}")
    canvas.setAuthor(certificate.archive)
    canvas.setSubject("Custody certificate")
    _frame(canvas)
    top = _heading(canvas, certificate)
    top = _facts(canvas, certificate, top)
    top = _sentence(canvas, certificate, top)
    foot = _how_to_verify(canvas, certificate)
    _chain(canvas, certificate, top, foot)
    canvas.save()
    return out.getvalue()


def _style(size: float, *, font: str = REGULAR, color: Color = INK, leading: float = 1.28) -> ParagraphStyle:
    return ParagraphStyle(font, fontName=font, fontSize=size, leading=size * leading, textColor=color, splitLongWords=1)


def _frame(canvas: Canvas) -> None:
    """A double rule, as on a woodblock print."""
    for inset, width in ((11 * mm, 1.4), (12.6 * mm, 0.4)):
        canvas.setStrokeColor(SEAL if width > 1 else RULE)
        canvas.setLineWidth(width)
        canvas.rect(inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset)


def _put(canvas: Canvas, paragraph: Paragraph, x: float, top: float, width: float) -> float:
    """Draw below `top` and return where it ends."""
    _, height = paragraph.wrap(width, HEIGHT)
    paragraph.drawOn(canvas, x, top - height)
    return float(top - height)


def _heading(canvas: Canvas, certificate: Certificate) -> float:
    centered = ParagraphStyle("heading", parent=_style(9.5, font=BOLD, color=SOFT), alignment=TA_CENTER)
    top = _put(canvas, Paragraph(escape(_short(certificate.archive, 120)), centered), MARGIN, HEIGHT - 21 * mm, INNER)
    title = ParagraphStyle("title", parent=_style(21, font=BOLD, color=SEAL, leading=1.2), alignment=TA_CENTER)
    top = _put(canvas, Paragraph("GIẤY CHỨNG NHẬN LƯU GIỮ HỒ SƠ", title), MARGIN, top - 5 * mm, INNER)
    english = ParagraphStyle("english", parent=_style(11, color=SOFT), alignment=TA_CENTER)
    top = _put(canvas, Paragraph("CUSTODY CERTIFICATE", english), MARGIN, top - 1 * mm, INNER)
    canvas.setStrokeColor(SEAL)
    canvas.setLineWidth(0.8)
    canvas.line(WIDTH / 2 - 22 * mm, top - 3.5 * mm, WIDTH / 2 + 22 * mm, top - 3.5 * mm)
    return float(top - 9 * mm)


def _facts(canvas: Canvas, certificate: Certificate, top: float) -> float:
    """What is certified, beside the QR code."""
    uses = "; ".join(certificate.may_use) or "-"
    rows = [
        ("Mã hồ sơ", "File code", certificate.file_code, BOLD),
        ("Tiêu đề", "Title", certificate.title, REGULAR),
        ("Đang giữ", "Held by", certificate.holder, REGULAR),
        ("Được giao cho", "Assigned to", certificate.assigned_to, REGULAR),
        ("Được khai thác", "May use", uses, REGULAR),
        ("Ngày cấp", "Issued", certificate.issued, REGULAR),
    ]
    cells = [
        [_two("<b>" + vi + "</b>", en, 9.5), Paragraph(escape(_short(value, _LONGEST)), _style(10.5, font=font))]
        for vi, en, value, font in rows
    ]
    table = Table(cells, colWidths=[30 * mm, INNER - QR_SIDE - 36 * mm])
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (0, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 2.2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2.6),
                ("LINEBELOW", (0, 0), (-1, -2), 0.3, RULE),
            ]
        )
    )
    _, height = table.wrap(INNER, HEIGHT)
    table.drawOn(canvas, MARGIN, top - height)
    _qr(canvas, certificate, WIDTH - MARGIN - QR_SIDE, top - 1 * mm)
    return float(top - max(height, QR_SIDE + 9 * mm) - 5 * mm)


def _qr(canvas: Canvas, certificate: Certificate, x: float, top: float) -> None:
    """File code, origin, checkpoint size and root, a line each, after a line that says what it is."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    lines = ("mocban-certificate/1", certificate.file_code, certificate.origin, certificate.size, certificate.root_text)
    code.add_data("\n".join(map(str, lines)))
    matrix = code.get_matrix()
    side = QR_SIDE / len(matrix)
    canvas.setFillColor(INK)
    path = canvas.beginPath()  # one path: separate squares leave hairlines between them
    for row, dots in enumerate(matrix):
        for column, dark in enumerate(dots):
            if dark:
                path.rect(x + column * side, top - (row + 1) * side, side, side)
    canvas.drawPath(path, stroke=0, fill=1)
    label = ParagraphStyle("qr", parent=_style(7.5, color=SOFT, leading=1.2), alignment=TA_CENTER)
    text = f"điểm kiểm / checkpoint<br/><b>{certificate.size}</b>"
    _put(canvas, Paragraph(text, label), x, top - QR_SIDE - 1.5 * mm, QR_SIDE)


def _sentence(canvas: Canvas, certificate: Certificate, top: float) -> float:
    """The chain in one sentence, in both languages; and that it rests on reconstructed dates, where it does."""
    vi, en = (escape(_short(text, _SENTENCE)) for text in certificate.sentence)
    if not vi:
        return top
    if certificate.reconstructed:
        vi += " <b>Có ngày được phục dựng từ danh mục đơn vị.</b>"
        en += " Some dates are reconstructed from rosters."
    top = _put(canvas, Paragraph(vi, _style(9.8)), MARGIN, top, INNER)
    return _put(canvas, Paragraph(en, _style(8.4, font=ITALIC, color=SOFT)), MARGIN, top - 1 * mm, INNER) - float(
        4 * mm
    )


def _chain(canvas: Canvas, certificate: Certificate, top: float, foot: float) -> None:
    """The table of acts, every one of them: on the first page as far as there is room, then on further pages."""
    top, page = _section(canvas, "Chuỗi lưu giữ", "Chain of custody", top), 1
    rest: Table | None = _chain_table(certificate.chain)
    while rest is not None:
        _, height = rest.wrap(INNER, HEIGHT)
        parts = [rest] if height <= top - foot else rest.split(INNER, top - foot - 5 * mm)
        if parts:
            _, height = parts[0].wrap(INNER, HEIGHT)
            parts[0].drawOn(canvas, MARGIN, top - height)
        rest = parts[1] if len(parts) > 1 else (None if parts else rest)
        if rest is not None:
            _note(canvas, "Xem tiếp trang sau / continued on the next page", top - (height if parts else 0))
        canvas.showPage()
        if rest is not None:
            page, foot = page + 1, 18 * mm
            top = _further_page(canvas, certificate, page)


def _note(canvas: Canvas, text: str, top: float) -> None:
    _put(canvas, Paragraph(text, _style(8.4, font=ITALIC, color=SOFT)), MARGIN, top - 1 * mm, INNER)


def _further_page(canvas: Canvas, certificate: Certificate, page: int) -> float:
    """Frame and heading of a later page; where its table begins."""
    _frame(canvas)
    told = f"<b>{escape(certificate.file_code)}</b> – Chuỗi lưu giữ / Chain of custody – trang / page {page}"
    return _put(canvas, Paragraph(told, _style(9.5, color=SOFT)), MARGIN, HEIGHT - 20 * mm, INNER) - float(4 * mm)


def _chain_table(chain: Sequence[ChainLink]) -> Table:
    head = [("Ngày", "Date"), ("Hành vi", "Act"), ("Số", "No."), ("Băm lá, người ký", "Leaf hash, signers")]
    rows: list[list[Paragraph | str]] = [[_two(f"<b>{vi}</b>", en, 8.5) for vi, en in head]]
    rows += [_chain_row(link) for link in chain]
    table = Table(rows, colWidths=_COLUMNS, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (0, -1), 0),
                ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 2.4),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2.8),
                ("LINEBELOW", (0, 0), (-1, 0), 0.8, SEAL),
                ("LINEBELOW", (0, 1), (-1, -1), 0.3, RULE),
            ]
        )
    )
    return table


def _chain_row(link: ChainLink) -> list[Paragraph | str]:
    proof = link.leaf.hex()[:16]
    if link.position is not None:
        proof += f"<br/>vị trí {link.position}"
    if link.signers:
        proof += "<br/>ký " + ", ".join(signer[:8] for signer in link.signers)
    return [
        Paragraph(escape(link.date), _style(9.5)),
        _two(escape(_short(link.vi, 160)), escape(_short(link.en, 160)), 9.5),
        Paragraph(str(link.act), _style(9.5)),
        Paragraph(proof, _style(7.4, font=MONO)),
    ]


def _how_to_verify(canvas: Canvas, certificate: Certificate) -> float:
    """Drawn up from the bottom; returns where it begins."""
    small, mono = _style(8.6), f'<font name="{MONO}" size="7.6">'
    command = f"{mono}python verify.py TỆP.pdf --trust trust.json</font>"
    how_vi = (
        f"Tệp PDF này mang chữ ký số và chứng cứ bên trong. Chạy {command} (không cần mạng, không cần phần mềm của "
        "lưu trữ), hoặc mở bằng trình đọc PDF để xem chữ ký."
    )
    how_en = (
        "This PDF carries its signature and its proof. Run the command offline, without the archive's software, or "
        "look at the signature in a PDF reader."
    )
    size, origin = certificate.size, escape(certificate.origin)
    checkpoint = f"Điểm kiểm / Checkpoint: {mono}{size}</font><br/>Gốc / Root: {mono}{certificate.root_text}</font>"
    complete_vi = f"<b>Đầy đủ theo lưu trữ tại điểm kiểm {size}.</b>"
    lines = [
        f"{how_vi} {_soft(how_en)}",
        f"Sổ / Log: {mono}{origin}</font><br/>{checkpoint}",
        f"{complete_vi} {_soft(f'Complete according to the archive at checkpoint {size}.')}",
    ]
    paragraphs = [Paragraph(line, small) for line in lines]
    heights = [paragraph.wrap(INNER, HEIGHT)[1] for paragraph in paragraphs]
    top = 18 * mm + sum(heights) + 2.2 * mm * (len(lines) - 1)
    begin = top + 8 * mm
    at = _section(canvas, "Cách kiểm tra", "How to verify", begin)
    for paragraph in paragraphs:
        at = _put(canvas, paragraph, MARGIN, at, INNER) - 2.2 * mm
    return float(begin + 5 * mm)


def _section(canvas: Canvas, vi: str, en: str, top: float) -> float:
    text = f'<b>{vi}</b> <font color="#6b6259" size="10">/ {en}</font>'
    return _put(canvas, Paragraph(text, _style(12, color=SEAL)), MARGIN, top, INNER) - float(2 * mm)


def _two(vi: str, en: str, size: float) -> Paragraph:
    """Vietnamese, and English below it, smaller and softer. Both are markup."""
    english = f'<font name="{ITALIC}" color="#6b6259" size="{size - 1.2}">{en}</font>'
    return Paragraph(f"{vi}<br/>{english}", _style(size, leading=1.2))


def _soft(text: str) -> str:
    """Markup for what stands beside the main text."""
    return f'<font color="#6b6259">{text}</font>'


def _short(text: str, most: int) -> str:
    """At most `most` letters, the cut shown."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
