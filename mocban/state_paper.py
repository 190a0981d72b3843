"""The head of every State paper (Decree 30/2020/NĐ-CP, Appendix I): nation, motto, and the rule beneath."""

from __future__ import annotations

from typing import Final

from reportlab.platypus import Flowable
from typing_extensions import override

NATION: Final = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO: Final = "Độc lập - Tự do - Hạnh phúc"


class Rule(Flowable):  # type: ignore[misc]  # published without types
    """A line in the middle of its column. length, height: points; height is what the line and its air take."""

    def __init__(self, length: float, height: float = 3) -> None:
        super().__init__()
        self._length = length
        self._height = height
        self._across = 0.0

    @override
    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self._across = width
        return width, self._height

    @override
    def draw(self) -> None:
        self.canv.setLineWidth(0.7)
        start = (self._across - self._length) / 2
        self.canv.line(start, 1, start + self._length, 1)
