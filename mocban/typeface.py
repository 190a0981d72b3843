"""Typefaces of this machine that have every Vietnamese letter; only the letters used are embedded in a PDF."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from mocban.environment_problem import EnvironmentProblem

REGULAR: Final = "MocBan"
BOLD: Final = "MocBan-Bold"
ITALIC: Final = "MocBan-Italic"
MONO: Final = "MocBan-Mono"

_LETTERS: Final = (
    "ĂÂĐÊÔƠƯăâđêôơưẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ–…№"
)
_FOLDERS: Final = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "C:/Windows/Fonts",
)
# Families in order of preference: regular, bold, italic.
_FAMILIES: Final = (
    ("LiberationSerif-Regular.ttf", "LiberationSerif-Bold.ttf", "LiberationSerif-Italic.ttf"),
    ("Times New Roman.ttf", "Times New Roman Bold.ttf", "Times New Roman Italic.ttf"),
    ("times.ttf", "timesbd.ttf", "timesi.ttf"),
    ("DejaVuSerif.ttf", "DejaVuSerif-Bold.ttf", "DejaVuSerif-Italic.ttf"),
    ("DejaVuSerif.ttf", "DejaVuSerif-Bold.ttf", "DejaVuSerif.ttf"),
    ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans.ttf"),
)
_MONO: Final = ("LiberationMono-Regular.ttf", "DejaVuSansMono.ttf", "Courier New.ttf", "cour.ttf")


@cache
def register() -> None:
    """Make REGULAR, BOLD, ITALIC and MONO known to reportlab. Raises EnvironmentProblem `typeface-missing`."""
    files = dict(_files())
    for family in _FAMILIES:
        if all(name in files for name in family) and _complete(files[family[0]]):
            chosen = [files[name] for name in family]
            break
    else:
        raise EnvironmentProblem("typeface-missing")
    mono = next((files[name] for name in _MONO if name in files), chosen[0])
    for name, path in zip((REGULAR, BOLD, ITALIC, MONO), (*chosen, mono), strict=True):
        pdfmetrics.registerFont(TTFont(name, str(path)))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=ITALIC, boldItalic=BOLD)


def _files() -> Iterator[tuple[str, Path]]:
    """Name and path of every TrueType file of this machine; the first folder that has a name wins, read last."""
    for folder in reversed(_FOLDERS):
        for at, _, names in os.walk(Path(folder).expanduser()):
            yield from ((name, Path(at) / name) for name in names if name.endswith((".ttf", ".TTF")))


def _complete(path: Path) -> bool:
    try:
        glyphs = TTFont("probe", str(path)).face.charToGlyph
    except (TTFError, OSError):
        return False
    return all(ord(letter) in glyphs for letter in _LETTERS)
