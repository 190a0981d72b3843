"""The colour profile that a PDF/A's device colours are to be understood by: sRGB, the same bytes every time."""

from __future__ import annotations

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import ImageCms


def intend_srgb(pdf: pikepdf.Pdf) -> None:
    """Name sRGB as the output intent (ISO 19005-2, 6.2.3)."""
    profile = pdf.make_stream(_srgb())
    profile["/N"] = 3
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name("/GTS_PDFA1"),
        OutputConditionIdentifier=pikepdf.String("sRGB IEC61966-2.1"),
        Info=pikepdf.String("sRGB IEC61966-2.1"),
        DestOutputProfile=profile,
    )
    pdf.Root["/OutputIntents"] = Array([pdf.make_indirect(intent)])


def _srgb() -> bytes:
    """An sRGB profile with a fixed creation date (ICC.1:2022, 7.2.8), so that equal input gives equal bytes."""
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return made[:24] + bytes.fromhex("07d000010001000000000000") + made[36:]
