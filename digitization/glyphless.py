"""A font without shapes, made by hand: it gives invisible text a width and a Unicode value, and nothing else.

Every code is a UTF-16 unit, so any Vietnamese letter can be searched and copied (ISO 32000-2, 9.7, 9.10.3).
"""

from __future__ import annotations

import struct
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name

ADVANCE: Final = 500
"""Width of each glyph, in thousandths of the font size."""
ASCENT: Final = 800
DESCENT: Final = -200

_NAME: Final = Name("/MocBanGlyphless")


def font(pdf: pikepdf.Pdf, texts: str) -> pikepdf.Object:
    """The Type 0 font for all characters of `texts`, as an indirect object of `pdf`."""
    program = pdf.make_stream(true_type())
    program["/Length1"] = len(true_type())
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=_NAME,
        Flags=4,
        FontBBox=Array([0, DESCENT, ADVANCE, ASCENT]),
        ItalicAngle=0,
        Ascent=ASCENT,
        Descent=DESCENT,
        CapHeight=ASCENT,
        StemV=80,
        FontFile2=program,
    )
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=_NAME,
        CIDSystemInfo=Dictionary(Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0),
        CIDToGIDMap=pdf.make_stream(b"\x00\x01" * 65536),
        DW=ADVANCE,
        FontDescriptor=pdf.make_indirect(descriptor),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=_NAME,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=pdf.make_stream(_to_unicode(texts)),
        )
    )


def code(text: str) -> str:
    """Hex digits of a text in this font. Characters outside the basic plane become U+FFFD."""
    return "".join(char if ord(char) < 0x10000 else "\ufffd" for char in text).encode("utf-16-be").hex()


def _to_unicode(texts: str) -> bytes:
    """A CMap that maps each code to itself. A range may not cross a high byte, so one range for each in use."""
    rows = sorted({min(ord(char), 0xFFFD) >> 8 for char in texts} | {0})
    ranges = "\n".join(f"<{row:02x}00> <{row:02x}ff> <{row:02x}00>" for row in rows[:100])
    return f"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
{len(rows[:100])} beginbfrange
{ranges}
endbfrange
endcmap
CMapName currentdict /CMap defineresource pop
end
end
""".encode("ascii")


def true_type() -> bytes:
    """The smallest TrueType program a PDF font needs: two empty glyphs (ISO 32000-2, 9.9; OpenType 1.9)."""
    tables = {
        b"cmap": struct.pack(">HHHHI", 0, 1, 3, 1, 12) + struct.pack(">8H", 4, 32, 0, 4, 4, 1, 0, 0xFFFF)
        + struct.pack(">H4H", 0xFFFF, 0, 0xFFFF, 1, 0)[:16].ljust(16, b"\0"),
        b"glyf": b"\0" * 4,
        b"head": struct.pack(
            ">IIIIHHqqhhhhHHhhh",
            0x00010000, 0x00010000, 0, 0x5F0F3CF5, 0, 1000, 0, 0, 0, DESCENT, ADVANCE, ASCENT, 0, 8, 2, 1, 0,
        ),
        b"hhea": struct.pack(">IhhhHhhhhhh4hhH", 0x00010000, ASCENT, DESCENT, 0, ADVANCE, 0, 0, 0, 1, 0, 0,
                             0, 0, 0, 0, 0, 2),
        b"hmtx": struct.pack(">HhHh", ADVANCE, 0, ADVANCE, 0),
        b"loca": struct.pack(">3I", 0, 0, 0),
        b"maxp": struct.pack(">I14H", 0x00010000, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
        b"post": struct.pack(">IihhIIIII", 0x00030000, 0, 0, 0, 0, 0, 0, 0, 0),
    }  # fmt: skip
    count = len(tables)
    offset = 12 + 16 * count
    directory, body = b"", b""
    for tag, data in tables.items():
        padded = data + b"\0" * (-len(data) % 4)
        directory += struct.pack(">4sIII", tag, _checksum(padded), offset + len(body), len(data))
        body += padded
    header = struct.pack(">IHHHH", 0x00010000, count, 128, 3, count * 16 - 128)
    return _adjusted(header + directory + body)


def _checksum(data: bytes) -> int:
    words: tuple[int, ...] = struct.unpack(f">{len(data) // 4}I", data)
    return sum(words) & 0xFFFFFFFF


def _adjusted(program: bytes) -> bytes:
    """With head.checkSumAdjustment, which makes the sum of the whole file the OpenType constant."""
    at = program.index(b"head")
    head = int.from_bytes(program[at + 8 : at + 12], "big")
    total = _checksum(program + b"\0" * (-len(program) % 4))
    return program[: head + 8] + struct.pack(">I", (0xB1B0AFBA - total) & 0xFFFFFFFF) + program[head + 12 :]
