"""Labels of boxes, bundles and sealed sets: eight on an A4 sheet, each with a QR code that names its container."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Final
from xml.sax.saxutils import escape

import qrcode
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from mocban.certificate_style import HEIGHT, INK, RULE, SEAL, WIDTH, short, soft, style
from mocban.container_paper import Label
from mocban.typeface import BOLD, register

COLUMNS: Final = 2
ROWS: Final = 4
_EDGE: Final = 10 * mm
_QR: Final = 30 * mm
_PAD: Final = 5 * mm
_WIDE: Final = (WIDTH - 2 * _EDGE) / COLUMNS
_HIGH: Final = (HEIGHT - 2 * _EDGE) / ROWS


def draw(labels: Sequence[Label]) -> bytes:
    """The PDF, the same bytes for the same labels. Raises EnvironmentProblem `typeface-missing`."""
    register()
    out = BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1)
    canvas.setTitle("Nhãn hộp, bó, tập / container labels")
    for at, label in enumerate(labels):
        place = at % (COLUMNS * ROWS)
        if at and not place:
            canvas.showPage()
        _label(canvas, label, _EDGE + place % COLUMNS * _WIDE, HEIGHT - _EDGE - place // COLUMNS * _HIGH)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _label(canvas: Canvas, label: Label, x: float, top: float) -> None:
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.4)
    canvas.rect(x, top - _HIGH, _WIDE, _HIGH)
    _qr(canvas, label.code, x + _WIDE - _PAD - _QR, top - _PAD)
    narrow, wide = _WIDE - 3 * _PAD - _QR, _WIDE - 2 * _PAD
    kind = f"{escape(label.kind[0].capitalize())} {soft('/ ' + escape(label.kind[1]))}"
    at = _put(canvas, Paragraph(kind, style(9)), x + _PAD, top - _PAD, narrow)
    name = Paragraph(escape(short(label.name, 40)), style(20, font=BOLD, color=SEAL, leading=1.15))
    at = _put(canvas, name, x + _PAD, at - 1 * mm, narrow)
    fonds = Paragraph(escape(short(label.fonds, 120)), style(9.5, color=INK))
    at = min(_put(canvas, fonds, x + _PAD, at - 1.5 * mm, narrow), top - _PAD - _QR)
    told = [escape(short(label.place, 160)), *(f"{escape(vi)} {soft('/ ' + escape(en))}" for vi, en in label.more)]
    _put(canvas, Paragraph("<br/>".join(told), style(8.6, color=INK)), x + _PAD, at - 2 * mm, wide)


def _put(canvas: Canvas, paragraph: Paragraph, x: float, top: float, width: float) -> float:
    """Draw below `top` and return where it ends."""
    _, height = paragraph.wrap(width, HEIGHT)
    paragraph.drawOn(canvas, x, top - height)
    return float(top - height)


def _qr(canvas: Canvas, text: str, x: float, top: float) -> None:
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(text)
    matrix = code.get_matrix()
    side = _QR / len(matrix)
    canvas.setFillColor(INK)
    path = canvas.beginPath()  # one path: separate squares leave hairlines between them
    for row, dots in enumerate(matrix):
        for column, dark in enumerate(dots):
            if dark:
                path.rect(x + column * side, top - (row + 1) * side, side, side)
    canvas.drawPath(path, stroke=0, fill=1)
