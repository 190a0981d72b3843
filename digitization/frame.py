"""The way back: from the straightened image that was read to the image as it lies in the scan."""

from __future__ import annotations

import math

import msgspec

from digitization.reading import Box


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """How an image was turned before it was read.

    width, height: px of the image in the scan; scale: working px for one px of it; rotation: degrees clockwise it was
    turned by (0, 90, 180, 270); skew: degrees counter-clockwise it was then turned by, about its centre, on a canvas
    grown to hold it. Upright coordinates are working pixels after both turns.
    """

    width: int
    height: int
    scale: float = 1.0
    rotation: int = 0
    skew: float = 0.0

    @property
    def working(self) -> tuple[int, int]:
        """Width and height of the image that was worked on, before any turn."""
        return max(1, round(self.width * self.scale)), max(1, round(self.height * self.scale))

    @property
    def turned(self) -> tuple[int, int]:
        """Width and height after the quarter turns."""
        width, height = self.working
        return (height, width) if self.rotation % 180 else (width, height)

    @property
    def upright(self) -> tuple[int, int]:
        """Width and height of the image that was read."""
        width, height = self.turned
        c, s = abs(math.cos(math.radians(self.skew))), abs(math.sin(math.radians(self.skew)))
        return math.ceil(width * c + height * s), math.ceil(width * s + height * c)

    def unskew(self) -> tuple[float, float, float, float, float, float]:
        """Coefficients (a..f) giving for an upright (x, y) the turned (a x + b y + c, d x + e y + f)."""
        width, height = self.turned
        wide, high = self.upright
        c, s = math.cos(math.radians(self.skew)), math.sin(math.radians(self.skew))
        x, y = wide / 2, high / 2
        return (c, -s, width / 2 - c * x + s * y, s, c, height / 2 - s * x - c * y)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """An upright point, in pixels of the image in the scan."""
        a, b, c, d, e, f = self.unskew()
        u, v = a * x + b * y + c, d * x + e * y + f
        width, height = self.working
        match self.rotation:
            case 90:
                u, v = v, height - u
            case 180:
                u, v = width - u, height - v
            case 270:
                u, v = width - v, u
            case _:
                pass
        return u * self.width / width, v * self.height / height

    def box(self, upright: Box) -> Box:
        """The box around an upright box, in pixels of the image in the scan, kept inside it."""
        corners = [self.point(x, y) for x in (upright.left, upright.right) for y in (upright.top, upright.bottom)]
        return Box(
            max(0, math.floor(min(x for x, _ in corners))),
            max(0, math.floor(min(y for _, y in corners))),
            min(self.width, math.ceil(max(x for x, _ in corners))),
            min(self.height, math.ceil(max(y for _, y in corners))),
        )
