"""Small scans drawn for the tests: what a scanner would have written, without a scanner."""

from __future__ import annotations

import contextlib
import io
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw, ImageFont

DPI: Final = 150
A4: Final = (1240, 1754)

_FONTS: Final = ("LiberationSerif-Regular.ttf", "DejaVuSerif.ttf")
"""Found by name among the system's fonts; Debian's fonts-liberation2 and fonts-dejavu have every Vietnamese letter."""

DECISION: Final = (
    (160, 120, 26, "ỦY BAN NHÂN DÂN"),
    (130, 158, 26, "PHƯỜNG DỊCH VỌNG"),
    (150, 205, 26, "Số: 125/QĐ-UBND"),
    (560, 120, 26, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    (690, 158, 26, "Độc lập - Tự do - Hạnh phúc"),
    (680, 205, 26, "Hà Nội, ngày 24 tháng 6 năm 2018"),
    (500, 300, 30, "QUYẾT ĐỊNH"),
    (340, 350, 26, "Về việc thành lập Tổ công tác kiểm kê tài liệu"),
    (180, 440, 26, "Giao Văn phòng Ủy ban nhân dân phường tổ chức thực hiện việc chỉnh lý"),
    (130, 480, 26, "tài liệu tồn đọng từ năm 1995 đến năm 2015, lập mục lục hồ sơ và nộp lưu"),
    (130, 520, 26, "theo đúng quy định của pháp luật, báo cáo kết quả trước ngày 30/12/2018."),
    (130, 640, 24, "Nơi nhận:"),
    (130, 680, 24, "- Như Điều 3;"),
    (130, 716, 24, "- UBND quận Cầu Giấy;"),
    (130, 752, 24, "- Lưu: Văn thư."),
    (800, 640, 26, "KT. CHỦ TỊCH"),
    (780, 680, 26, "PHÓ CHỦ TỊCH"),
    (770, 850, 26, "Nguyễn Thị Hạnh"),
)
"""x, y, size in px and text of each line of a decision."""


def font(size: int) -> ImageFont.FreeTypeFont:
    """A serif font with every Vietnamese letter."""
    for name in _FONTS[:-1]:
        with contextlib.suppress(OSError):
            return ImageFont.truetype(name, size)
    return ImageFont.truetype(_FONTS[-1], size)


def drawn(lines: tuple[tuple[int, int, int, str], ...], *, size: tuple[int, int] = A4) -> Image.Image:
    """A gray page with lines of text."""
    page = Image.new("L", size, 250)
    pen = ImageDraw.Draw(page)
    for x, y, points, text in lines:
        pen.text((x, y), text, font=font(points), fill=20)
    return page


def blank() -> Image.Image:
    """An empty page with the specks, stain and shadow a real one has."""
    page = Image.new("L", A4, 245)
    pen = ImageDraw.Draw(page)
    for at in range(40):
        x, y = (at * 271) % A4[0], (at * 613) % A4[1]
        pen.ellipse((x, y, x + 2, y + 2), fill=120)
    pen.ellipse((300, 900, 700, 1300), fill=232)
    pen.rectangle((0, 0, 14, A4[1]), fill=90)
    return page


def scan(*pages: Image.Image, dpi: int = DPI) -> bytes:
    """An image-only PDF, one JPEG a page, as scanners write it."""
    with pikepdf.Pdf.new() as pdf:
        for image in pages:
            packed = io.BytesIO()
            image.save(packed, "JPEG", quality=80)
            stream = pdf.make_stream(packed.getvalue())
            stream.stream_dict = Dictionary(
                Type=Name.XObject,
                Subtype=Name.Image,
                Width=image.width,
                Height=image.height,
                ColorSpace=Name.DeviceGray if image.mode == "L" else Name.DeviceRGB,
                BitsPerComponent=8,
                Filter=Name.DCTDecode,
            )
            add_page(pdf, stream, image.width * 72 / dpi, image.height * 72 / dpi)
        return saved(pdf)


def add_page(pdf: pikepdf.Pdf, image: pikepdf.Object, width: float, height: float) -> None:
    """A page of `width` x `height` points filled by one image."""
    content = f"q {width:.2f} 0 0 {height:.2f} 0 0 cm /Im0 Do Q".encode()
    page = Dictionary(
        Type=Name.Page,
        MediaBox=Array([0, 0, round(width, 2), round(height, 2)]),
        Resources=Dictionary(XObject=Dictionary(Im0=image)),
        Contents=pdf.make_stream(content),
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))


def saved(pdf: pikepdf.Pdf, encryption: pikepdf.Encryption | None = None) -> bytes:
    """The PDF's bytes, its streams as made: a bomb must not be disarmed on the way."""
    written = io.BytesIO()
    if encryption is not None:
        pdf.save(written, encryption=encryption)
    else:
        pdf.save(
            written, deterministic_id=True, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none
        )
    return written.getvalue()


def fax(image: Image.Image, dpi: int = DPI) -> bytes:
    """A PDF of one page of one bit a pixel, CCITT group 4."""
    tiff = io.BytesIO()
    image.save(tiff, "TIFF", compression="group4", strip_size=1 << 30)
    with Image.open(tiff) as packed:
        offset, length = packed.tag_v2[273][0], packed.tag_v2[279][0]  # type: ignore[attr-defined]  # TIFF only
        inverted = packed.tag_v2[262] == 0  # type: ignore[attr-defined]  # TIFF only
    with pikepdf.Pdf.new() as pdf:
        stream = pdf.make_stream(tiff.getvalue()[offset : offset + length])
        stream.stream_dict = Dictionary(
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=image.width,
            Height=image.height,
            ColorSpace=Name.DeviceGray,
            BitsPerComponent=1,
            Filter=Name.CCITTFaxDecode,
            DecodeParms=Dictionary(K=-1, Columns=image.width, Rows=image.height, BlackIs1=not inverted),
        )
        add_page(pdf, stream, image.width * 72 / dpi, image.height * 72 / dpi)
        return saved(pdf)
