"""Draws the certificate: A4, Vietnamese first and English beside it; what does not fit goes on, no act is left out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from io import BytesIO
from typing import Final
from xml.sax.saxutils import escape

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    HRFlowable,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from mocban.certificate import Certificate, ChainLink
from mocban.certificate_facts import facts
from mocban.certificate_style import HEIGHT, INNER, MARGIN, RULE, SEAL, SOFT, WIDTH, short, soft, style, two
from mocban.typeface import BOLD, ITALIC, MONO, REGULAR, register

TITLE: Final = "Giấy chứng nhận lưu giữ hồ sơ"
_LONGEST_LINK: Final = 900  # letters of what an act meant; a row must not be taller than a page
_FOOT: Final = 19 * mm
_COLUMNS: Final = (21 * mm, INNER - 21 * mm - 15 * mm - 41 * mm, 15 * mm, 41 * mm)


def draw(certificate: Certificate) -> bytes:
    """The PDF, the same bytes for the same certificate. Raises EnvironmentProblem `typeface-missing`."""
    register()
    pages = _build(certificate, BytesIO(), of=0)
    out = BytesIO()
    _build(certificate, out, of=pages)
    return out.getvalue()


def _build(certificate: Certificate, out: BytesIO, of: int) -> int:
    """Lay it out; how many pages it took. of: how many it will take, 0 while that is not known."""
    document = BaseDocTemplate(
        out,
        invariant=1,
        pageCompression=1,
        pagesize=(WIDTH, HEIGHT),
        title=f"{TITLE} {certificate.file_code}",
        author=certificate.archive,
        subject="Custody certificate",
    )
    edges = {"leftPadding": 0, "rightPadding": 0, "topPadding": 0, "bottomPadding": 0}
    first = Frame(MARGIN, _FOOT, INNER, HEIGHT - 20 * mm - _FOOT, **edges)
    later = Frame(MARGIN, _FOOT, INNER, HEIGHT - 27 * mm - _FOOT, **edges)
    document.addPageTemplates(
        [
            PageTemplate(
                id="first", frames=[first], onPage=partial(_on_page, certificate, of), autoNextPageTemplate="on"
            ),
            PageTemplate(id="on", frames=[later], onPage=partial(_on_page, certificate, of)),
        ]
    )
    document.build(list(_story(certificate)))
    return int(document.page)


def _on_page(certificate: Certificate, of: int, canvas: Canvas, document: BaseDocTemplate) -> None:
    """A double rule, as on a woodblock print; which page it is, of which file, and whether it goes on."""
    for inset, width in ((11 * mm, 1.4), (12.6 * mm, 0.4)):
        canvas.setStrokeColor(SEAL if width > 1 else RULE)
        canvas.setLineWidth(width)
        canvas.rect(inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset)
    page = document.page
    if page > 1:
        told = f"<b>{escape(short(certificate.file_code, 90))}</b> – {TITLE} / Custody certificate"
        _put(canvas, told, HEIGHT - 18 * mm, REGULAR)
    if of > 1:
        on = " – Xem tiếp trang sau / continued on the next page" if page < of else ""
        _put(canvas, f"trang / page {page}/{of}{on}", 18 * mm, ITALIC)


def _put(canvas: Canvas, text: str, top: float, font: str) -> None:
    paragraph = Paragraph(text, style(8.4, font=font, color=SOFT))
    _, height = paragraph.wrap(INNER, HEIGHT)
    paragraph.drawOn(canvas, MARGIN, top - height)


def _story(certificate: Certificate) -> Sequence[Flowable]:
    return [
        *_heading(certificate),
        facts(certificate),
        Spacer(0, 4 * mm),
        *_sentence(certificate),
        *_complete(certificate),
        *_may_use(certificate),
        KeepTogether([_section("Chuỗi lưu giữ", "Chain of custody"), _chain_table(certificate.chain[:1])]),
        *([_chain_table(certificate.chain[1:], head=False)] if certificate.chain[1:] else []),
        Spacer(0, 4 * mm),
        KeepTogether(_how_to_verify(certificate)),
    ]


def _heading(certificate: Certificate) -> Sequence[Flowable]:
    return [
        Paragraph(escape(short(certificate.archive, 120)), style(9.5, font=BOLD, color=SOFT, centered=True)),
        Spacer(0, 5 * mm),
        Paragraph("GIẤY CHỨNG NHẬN LƯU GIỮ HỒ SƠ", style(21, font=BOLD, color=SEAL, leading=1.2, centered=True)),
        Spacer(0, 1 * mm),
        Paragraph("CUSTODY CERTIFICATE", style(11, color=SOFT, centered=True)),
        HRFlowable(width=44 * mm, thickness=0.8, color=SEAL, spaceBefore=3.5 * mm, spaceAfter=5 * mm, hAlign="CENTER"),
    ]


def _sentence(certificate: Certificate) -> Sequence[Flowable]:
    """The chain in one sentence, in both languages; and that it rests on reconstructed dates, where it does."""
    vi, en = (escape(text) for text in certificate.sentence)
    if not vi:
        return []
    if certificate.reconstructed:
        vi += " <b>Có ngày được phục dựng từ danh mục đơn vị.</b>"
        en += " Some dates are reconstructed from rosters."
    return [
        Paragraph(vi, style(9.8)),
        Spacer(0, 1 * mm),
        Paragraph(en, style(8.4, font=ITALIC, color=SOFT)),
        Spacer(0, 3 * mm),
    ]


def _complete(certificate: Certificate) -> Sequence[Flowable]:
    """What can be said of whether it is all: an act that the archive never recorded is in no log."""
    size = certificate.size
    vi = f"<b>Đầy đủ theo sổ của kho tại điểm kiểm {size}.</b>"
    told = f"{vi} {soft(f'Complete according to the archive at checkpoint {size}.')}"
    return [Paragraph(told, style(9.8)), Spacer(0, 3 * mm)]


def _may_use(certificate: Certificate) -> Sequence[Flowable]:
    """A line for each rule by which somebody may read it on the day of issue."""
    if not certificate.may_use:
        return []
    told = [Paragraph(f"– {escape(vi)}<br/>{soft(escape(en))}", style(9.2)) for vi, en in certificate.may_use]
    return [_section("Được khai thác", "May use"), *told, Spacer(0, 3 * mm)]


def _chain_table(chain: Sequence[ChainLink], *, head: bool = True) -> Table:
    """Each act in its order. head: whether it begins with the columns' names."""
    titles = [("Ngày", "Date"), ("Hành vi", "Act"), ("Số", "No."), ("Băm lá, người ký", "Leaf hash, signers")]
    rows: list[list[Paragraph]] = [[two(f"<b>{vi}</b>", en, 8.5) for vi, en in titles]] if head else []
    rows += [_chain_row(link) for link in chain]
    table = Table(rows, colWidths=_COLUMNS)
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (0, -1), 0),
                ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 2.4),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2.8),
                ("LINEBELOW", (0, 0), (-1, -1), 0.3, RULE),
                *([("LINEBELOW", (0, 0), (-1, 0), 0.8, SEAL)] if head else []),
            ]
        )
    )
    return table


def _chain_row(link: ChainLink) -> list[Paragraph]:
    proof = link.leaf.hex()[:16]
    if link.position is not None:
        proof += f"<br/>vị trí {link.position}"
    if link.signers:
        proof += "<br/>ký " + ", ".join(signer[:8] for signer in link.signers)
    return [
        Paragraph(escape(link.date), style(9.5)),
        two(escape(short(link.vi, _LONGEST_LINK)), escape(short(link.en, _LONGEST_LINK)), 9.5),
        Paragraph(str(link.act), style(9.5)),
        Paragraph(proof, style(7.4, font=MONO)),
    ]


def _how_to_verify(certificate: Certificate) -> list[Flowable]:
    small, mono = style(8.6), f'<font name="{MONO}" size="7.6">'
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
    return [
        _section("Cách kiểm tra", "How to verify"),
        Paragraph(f"{how_vi} {soft(how_en)}", small),
        Spacer(0, 2.2 * mm),
        Paragraph(f"Sổ / Log: {mono}{origin}</font><br/>{checkpoint}", small),
    ]


def _section(vi: str, en: str) -> Paragraph:
    text = f'<b>{vi}</b> <font color="#6b6259" size="10">/ {en}</font>'
    section = style(12, color=SEAL)
    section.spaceAfter, section.keepWithNext = 2 * mm, 1
    return Paragraph(text, section)
