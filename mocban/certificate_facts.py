"""The head of a certificate: what is certified, beside a QR code that names file, log and checkpoint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import escape

import qrcode
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, Table, TableStyle

from mocban.certificate import Certificate
from mocban.certificate_style import INK, INNER, RULE, SOFT, short, style, two
from mocban.typeface import BOLD, REGULAR

QR_SIDE: Final = 34 * mm
_LABELS: Final = 30 * mm
_LONGEST: Final = 700  # letters of a title or name that the page shows


def facts(certificate: Certificate) -> Table:
    """The rows and the QR code, as one block that is not parted."""
    rows = [
        ("Mã hồ sơ", "File code", certificate.file_code, BOLD),
        ("Tiêu đề", "Title", certificate.title, REGULAR),
        ("Đang giữ", "Held by", certificate.holder, REGULAR),
        ("Được giao cho", "Assigned to", certificate.assigned_to, REGULAR),
        *([("Trạng thái", "State", certificate.state, REGULAR)] if certificate.state else []),
        ("Ngày cấp", "Issued", certificate.issued, REGULAR),
    ]
    told = _rows([(vi, en, _lines(value), font) for vi, en, value, font in rows])
    block = Table([[told, _Qr(certificate)]], colWidths=[INNER - QR_SIDE - 5 * mm, QR_SIDE + 5 * mm])
    block.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 0),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
                ("LEFTPADDING", (1, 0), (1, 0), 5 * mm),
            ]
        )
    )
    return block


def _rows(rows: Sequence[tuple[str, str, str, str]]) -> Table:
    cells = [[two(f"<b>{vi}</b>", en, 9.5), Paragraph(value, style(10.5, font=font))] for vi, en, value, font in rows]
    table = Table(cells, colWidths=[_LABELS, INNER - QR_SIDE - 5 * mm - _LABELS])
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
    return table


def _lines(value: str) -> str:
    """Markup: each line of the value on a line of its own."""
    return "<br/>".join(escape(short(line, _LONGEST)) for line in value.split("\n"))


class _Qr(Flowable):  # type: ignore[misc]  # reportlab tells mypy nothing of its classes
    """File code, origin, checkpoint size and root, a line each, after a line that says what it is."""

    def __init__(self, certificate: Certificate) -> None:
        super().__init__()
        self._certificate = certificate
        text = f"điểm kiểm / checkpoint<br/><b>{certificate.size}</b>"
        self._label = Paragraph(text, style(7.5, color=SOFT, leading=1.2, centered=True))

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Its own size."""
        _, label = self._label.wrap(QR_SIDE, QR_SIDE)
        return QR_SIDE, QR_SIDE + label + 2.5 * mm

    def draw(self) -> None:
        """One path: separate squares leave hairlines between them."""
        matrix, top = self._matrix(), self.wrap(0, 0)[1] - 1 * mm
        side = QR_SIDE / len(matrix)
        self.canv.setFillColor(INK)
        path = self.canv.beginPath()
        for row, dots in enumerate(matrix):
            for column, dark in enumerate(dots):
                if dark:
                    path.rect(column * side, top - (row + 1) * side, side, side)
        self.canv.drawPath(path, stroke=0, fill=1)
        self._label.drawOn(self.canv, 0, 0)

    def _matrix(self) -> list[list[bool]]:
        told = self._certificate
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
        lines = ("mocban-certificate/1", told.file_code, told.origin, told.size, told.root_text)
        code.add_data("\n".join(map(str, lines)))
        return [[bool(dark) for dark in row] for row in code.get_matrix()]
