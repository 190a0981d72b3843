"""Looking inside a scan, in the admission child: nothing is drawn, every stream is inflated under a limit."""

from __future__ import annotations

import io
import itertools
import zlib
from collections.abc import Iterator
from typing import Final

import msgspec
import pikepdf

SIGNS: Final = {
    "/JS": "carries-script",
    "/JavaScript": "carries-script",
    "/Launch": "carries-launch-action",
    "/EmbeddedFile": "carries-embedded-file",
    "/FileAttachment": "carries-embedded-file",
    "/ByteRange": "carries-signature",
}
"""Keys and names in a PDF that tell of something more than a scan (ISO 32000-2, 12.6.4, 7.11.4, 12.8.1)."""

_OBJECTS_LOOKED_AT: Final = 200_000
_DEPTH: Final = 4
_CHUNK: Final = 1 << 16


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a scan may cost. bytes: of the file; pixels: of one page; inflated_bytes: of one stream;
    seconds: of CPU in the child; memory_bytes: of its address space."""

    bytes: int = 512 * 1024 * 1024
    pages: int = 2_000
    pixels: int = 150_000_000
    inflated_bytes: int = 480 * 1024 * 1024
    objects_per_page: int = 2_000
    seconds: int = 30
    memory_bytes: int = 2 * 1024 * 1024 * 1024


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What the child saw. code: of the refusal, "" when admitted; facts: for its text; flags: odd but bearable."""

    code: str = ""
    facts: dict[str, int] = {}
    pages: int = 0
    flags: tuple[str, ...] = ()


def inspect(content: bytes, limits: Limits) -> Finding:
    """Judge the bytes of a PDF. Raises nothing on bad input: a bad file is a finding."""
    try:
        pdf, repaired = _open(content)
    except pikepdf.PasswordError:
        return Finding(code="scan-encrypted")
    except pikepdf.PdfError:
        return Finding(code="scan-damaged")
    with pdf:
        try:
            return _judge(pdf, limits, repaired=repaired)
        except (pikepdf.PdfError, ValueError, TypeError, AttributeError, KeyError, RecursionError):
            # pikepdf raises any of these on malformed objects; all of them say the same of the file.
            return Finding(code="scan-damaged")


def _open(content: bytes) -> tuple[pikepdf.Pdf, bool]:
    try:
        return pikepdf.open(io.BytesIO(content), attempt_recovery=False), False
    except pikepdf.PasswordError:
        raise
    except pikepdf.PdfError:
        return pikepdf.open(io.BytesIO(content)), True


def _judge(pdf: pikepdf.Pdf, limits: Limits, *, repaired: bool) -> Finding:
    if pdf.is_encrypted:
        return Finding(code="scan-encrypted")
    count = len(pdf.pages)
    if count == 0:
        return Finding(code="scan-without-pages")
    if count > limits.pages:
        return Finding(code="scan-too-many-pages", facts={"pages": count, "limit": limits.pages})
    for number, page in enumerate(pdf.pages, start=1):
        bad = _page(page, number, limits)
        if bad is not None:
            return bad
    flags = _signs(pdf)
    if repaired:
        flags.add("scan-repaired")
    return Finding(pages=count, flags=tuple(sorted(flags)))


def _page(page: pikepdf.Page, number: int, limits: Limits) -> Finding | None:
    objects = _streams(page)
    seen = list(itertools.islice(objects, limits.objects_per_page + 1))
    if len(seen) > limits.objects_per_page:
        return Finding(code="scan-page-too-crowded", facts={"page": number, "limit": limits.objects_per_page})
    images = [stream for stream in seen if stream.get("/Subtype") == "/Image"]
    pixels = sum(int(image["/Width"]) * int(image["/Height"]) for image in images)
    if pixels > limits.pixels:
        return Finding(code="scan-page-too-large", facts={"page": number, "pixels": pixels, "limit": limits.pixels})
    for stream in seen:
        if _inflates_beyond(stream, limits.inflated_bytes):
            return Finding(code="scan-stream-bomb", facts={"page": number})
    if any(_cut_short(image) for image in images):
        return Finding(code="scan-damaged")
    return None


def _streams(page: pikepdf.Page) -> Iterator[pikepdf.Stream]:
    contents = page.obj.get("/Contents")
    if isinstance(contents, pikepdf.Array):
        yield from (part for part in contents if isinstance(part, pikepdf.Stream))
    elif isinstance(contents, pikepdf.Stream):
        yield contents
    yield from _drawn(page.resources, depth=0)


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


def _filters(stream: pikepdf.Stream) -> list[str]:
    declared = stream.get("/Filter")
    if declared is None:
        return []
    return [str(name) for name in declared] if isinstance(declared, pikepdf.Array) else [str(declared)]


def _inflates_beyond(stream: pikepdf.Stream, limit: int) -> bool:
    """Whether a Flate stream grows over `limit` bytes, found without ever holding more than a chunk of it."""
    filters = _filters(stream)
    if filters.count("/FlateDecode") > 1 or len(filters) > 4:
        return True  # No scanner deflates twice; bombs do.
    if filters[:1] != ["/FlateDecode"]:
        return False
    inflater = zlib.decompressobj()
    rest, grown = stream.read_raw_bytes(), 0
    try:
        while rest and not inflater.eof and grown <= limit:
            grown += len(inflater.decompress(rest, _CHUNK))
            rest = inflater.unconsumed_tail
    except zlib.error:
        return False
    return grown > limit


def _cut_short(image: pikepdf.Stream) -> bool:
    """Whether a JPEG lacks its end marker (ITU-T T.81, B.1.1.3) although the PDF around it is whole."""
    if _filters(image) != ["/DCTDecode"]:
        return False
    return b"\xff\xd9" not in image.read_raw_bytes()[-64:]


def _signs(pdf: pikepdf.Pdf) -> set[str]:
    found: set[str] = set()
    for item in itertools.islice(pdf.objects, _OBJECTS_LOOKED_AT):
        _look(item, found, depth=0)
    return found


def _look(item: object, found: set[str], depth: int) -> None:
    if depth > _DEPTH or not isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        return
    for key, value in item.items():
        if key in SIGNS:
            found.add(SIGNS[key])
        if isinstance(value, pikepdf.Name):
            if key in {"/S", "/Type", "/Subtype"} and str(value) in SIGNS:
                found.add(SIGNS[str(value)])
        elif isinstance(value, pikepdf.Dictionary) and not value.is_indirect:
            _look(value, found, depth + 1)
