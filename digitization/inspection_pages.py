"""Looking at what each page of a scan draws: how much, how large, and whether it is as large as it says."""

from __future__ import annotations

import io
import itertools
import zlib
from collections.abc import Iterator
from typing import Final

import msgspec
import pikepdf
from PIL import Image

_DEPTH: Final = 4
_CHUNK: Final = 1 << 16
_DRAWN_PIXELS_A_POINT: Final = (200 / 72) ** 2
"""Of a page that has to be drawn anew, at 200 dpi."""
_DEFAULT_BOX: Final = (0, 0, 612, 792)
_COLOURS: Final = {"/DeviceGray": 1, "/CalGray": 1, "/Indexed": 1, "/Separation": 1, "/DeviceCMYK": 4}
_OWN_SIZE: Final = {"/DCTDecode", "/JPXDecode"}
"""Images that say again how large they are; their readers believe them, not the PDF."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a scan may cost. bytes: of the file; pixels: of one page; samples: its pixels by their colours;
    inflated_bytes: of one image; content_bytes: of all that a page says to draw; seconds: of CPU in the child;
    memory_bytes: of its address space, beyond what it begins with; free_pixels, pixels_a_byte: of the whole file,
    what it may unpack to in any case and for each of its bytes."""

    bytes: int = 256 * 1024 * 1024
    pages: int = 2_000
    pixels: int = 150_000_000
    samples: int = 300_000_000
    inflated_bytes: int = 320 * 1024 * 1024
    content_bytes: int = 16 * 1024 * 1024
    objects_per_page: int = 2_000
    seconds: int = 12
    memory_bytes: int = 768 * 1024 * 1024
    free_pixels: int = 100_000_000
    pixels_a_byte: int = 2_000


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What the child saw. code: of the refusal, "" when admitted; facts: for its text; flags: odd but bearable."""

    code: str = ""
    facts: dict[str, int] = {}
    pages: int = 0
    flags: tuple[str, ...] = ()


class Pages:
    """The inspection of one scan's pages. pixels: of all images drawn so far, once for each page that draws them."""

    def __init__(self, limits: Limits) -> None:
        self.pixels = 0
        self._limits = limits
        self._sound: set[tuple[int, int]] = set()

    def fault(self, page: pikepdf.Page, number: int) -> Finding | None:
        """Why page `number` (1-based) may not be let in; None when it may."""
        limits = self._limits
        contents, drawn = list(_contents(page)), _drawn(page.resources, depth=0)
        seen = [*contents, *itertools.islice(drawn, limits.objects_per_page + 1)]
        if len(seen) > limits.objects_per_page:
            return Finding(code="scan-page-too-crowded", facts={"page": number, "limit": limits.objects_per_page})
        images = [stream for stream in seen if stream.get("/Subtype") == "/Image"]
        bad = self._too_large(page, number, images)
        if bad is not None:
            return bad
        content = 0
        for stream in seen:
            is_image = stream.get("/Subtype") == "/Image"
            if is_image and stream.objgen in self._sound:
                continue
            limit = limits.inflated_bytes if is_image else limits.content_bytes - content
            grown = _inflated(stream, limit)
            content += 0 if is_image else grown
            if grown > limit:
                return Finding(code="scan-stream-bomb", facts={"page": number})
            if is_image and _cut_short(stream):
                return Finding(code="scan-damaged")
            self._sound.add(stream.objgen)
        return None

    def _too_large(self, page: pikepdf.Page, number: int, images: list[pikepdf.Stream]) -> Finding | None:
        limits = self._limits
        sizes = [_size(image) for image in images]
        pixels = sum(size for size, _ in sizes)
        samples = sum(size * colours for size, colours in sizes)
        self.pixels += pixels
        area = int(_area(page) * _DRAWN_PIXELS_A_POINT)
        in_colours = limits.samples * pixels // max(samples, 1)
        for found, limit in ((pixels, min(limits.pixels, max(in_colours, 1))), (area, limits.pixels)):
            if found > limit:
                return Finding(code="scan-page-too-large", facts={"page": number, "pixels": found, "limit": limit})
        return None


def _contents(page: pikepdf.Page) -> Iterator[pikepdf.Stream]:
    contents = page.obj.get("/Contents")
    if isinstance(contents, pikepdf.Array):
        yield from (part for part in contents if isinstance(part, pikepdf.Stream))
    elif isinstance(contents, pikepdf.Stream):
        yield contents


def _drawn(resources: pikepdf.Object, depth: int) -> Iterator[pikepdf.Stream]:
    """Images and forms a page can draw; forms inside forms down to `_DEPTH`."""
    drawn = resources.get("/XObject")
    if not isinstance(drawn, pikepdf.Dictionary) or depth > _DEPTH:
        return
    for value in drawn.values():
        if not isinstance(value, pikepdf.Stream):
            continue
        yield value
        inner = value.get("/Resources")
        if isinstance(inner, pikepdf.Dictionary):
            yield from _drawn(inner, depth + 1)


def _area(page: pikepdf.Page) -> float:
    """Of the page in square points; a page without a box is a letter's (as poppler has it)."""
    box = page.obj.get("/MediaBox") or _inherited_box(page.obj)
    left, bottom, right, top = (float(value) for value in (box if box is not None else _DEFAULT_BOX))
    return abs(right - left) * abs(top - bottom)


def _inherited_box(page: pikepdf.Object) -> pikepdf.Object | None:
    node = page.get("/Parent")
    for _ in range(_CHUNK):
        if not isinstance(node, pikepdf.Dictionary):
            return None
        if "/MediaBox" in node:
            return node["/MediaBox"]
        node = node.get("/Parent")
    raise ValueError("parents in a circle")


def _size(image: pikepdf.Stream) -> tuple[int, int]:
    """Pixels of an image, by what it claims or what is in it, whichever is more; and its colours."""
    pixels = int(image["/Width"]) * int(image["/Height"])
    space = image.get("/ColorSpace")
    if isinstance(space, pikepdf.Array) and len(space):
        space = space[0]
    colours = 1 if "/ImageMask" in image else _COLOURS.get(str(space), 3)
    if _filters(image)[-1:] and _filters(image)[-1] in _OWN_SIZE and len(_filters(image)) == 1:
        try:
            with Image.open(io.BytesIO(image.read_raw_bytes())) as inside:
                pixels = max(pixels, inside.width * inside.height)
                colours = max(colours, len(inside.getbands()))
        except (OSError, SyntaxError):
            return pixels, colours
    return pixels, colours


def _filters(stream: pikepdf.Stream) -> list[str]:
    declared = stream.get("/Filter")
    if declared is None:
        return []
    return [str(name) for name in declared] if isinstance(declared, pikepdf.Array) else [str(declared)]


def _inflated(stream: pikepdf.Stream, limit: int) -> int:
    """To how many bytes a stream unpacks, or some number above `limit`; a chunk of it is held at a time."""
    filters = _filters(stream)
    if filters.count("/FlateDecode") > 1 or len(filters) > 4:
        return limit + 1  # No scanner deflates twice; bombs do.
    if filters[:1] == ["/FlateDecode"]:
        return _deflated(stream.read_raw_bytes(), limit)
    if stream.get("/Subtype") == "/Image" and filters[-1:] not in (["/FlateDecode"], ["/LZWDecode"]):
        return len(stream.read_raw_bytes()) if not filters else 0
    try:
        return len(stream.read_bytes())  # rare: the child's memory is the limit
    except pikepdf.PdfError:
        return 0


def _deflated(packed: bytes, limit: int) -> int:
    inflater = zlib.decompressobj()
    rest, grown = packed, 0
    try:
        while rest and not inflater.eof and grown <= limit:
            grown += len(inflater.decompress(rest, _CHUNK))
            rest = inflater.unconsumed_tail
    except zlib.error:
        return 0
    return grown


def _cut_short(image: pikepdf.Stream) -> bool:
    """Whether a JPEG lacks its end marker (ITU-T T.81, B.1.1.3) although the PDF around it is whole."""
    if _filters(image) != ["/DCTDecode"]:
        return False
    return b"\xff\xd9" not in image.read_raw_bytes()[-64:]
