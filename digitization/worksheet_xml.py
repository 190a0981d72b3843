"""One XML part of a workbook as a stream of elements: never held whole, no document type, bounded at every turn."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from typing import Final
from xml.parsers import expat

from digitization.worksheet_archive import DAMAGES, too_large
from domain.errors import Refusal

MAX_TAGS: Final = 8_000_000
"""Elements of one part."""
MAX_IDLE_TAGS: Final = 1_000_000
"""Elements of a part before it has given anything of use, and `TAGS_A_FIND` more for each find."""
TAGS_A_FIND: Final = 100
MAX_DEPTH: Final = 64
MAX_TOKEN_BYTES: Final = 1024 * 1024
"""A tag that does not end would be looked through again with every chunk."""
_CHUNK: Final = 1 << 16

Started = Callable[[str, dict[str, str]], None]
"""Told of an element that begins: its local name and its attributes."""
Ended = Callable[[str], None]
"""Told of an element that ends."""
Said = Callable[[str], None]
"""Told of text."""
Found = Callable[[], int]
"""How many rows or texts the part has given so far."""


class DamagedPartError(Exception):
    """The part is not well-formed, or is not in the archive as declared."""


def elements(
    archive: zipfile.ZipFile, part: str, started: Started, ended: Ended, said: Said | None = None, found: Found = int
) -> Iterator[None]:
    """Walk `part`, telling of every element and, with `said`, of text; yields after each 64 KiB.

    Raises DamagedPartError; Refusal `worksheet-unsafe` on a document type, `worksheet-too-large`.
    """
    name = str(archive.filename).rpartition("/")[2]
    walk = _Walk(name, started, ended, said)
    fed = 0
    try:
        with archive.open(part) as opened:
            while chunk := opened.read(_CHUNK):
                walk.parser.Parse(chunk, False)
                fed += len(chunk)
                if fed - walk.parser.CurrentByteIndex > MAX_TOKEN_BYTES:
                    raise too_large(name, f"> {MAX_TOKEN_BYTES} B")
                if walk.tags > MAX_IDLE_TAGS + TAGS_A_FIND * found():
                    raise too_large(name, f"> {MAX_IDLE_TAGS} tags")
                yield
        walk.parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, *DAMAGES) as damage:
        raise DamagedPartError(part) from damage
    yield


class _Walk:
    """The parser's ear: names without their namespace, tags and depth counted."""

    def __init__(self, name: str, started: Started, ended: Ended, said: Said | None) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.buffer_size = _CHUNK
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._refuse_document_type
        if said is not None:
            self.parser.CharacterDataHandler = said
        self._name, self._started, self._ended = name, started, ended
        self._local: dict[str, str] = {}
        self.tags = self._depth = 0

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.tags += 1
        self._depth += 1
        if self.tags > MAX_TAGS:
            raise too_large(self._name, f"> {MAX_TAGS} tags")
        if self._depth > MAX_DEPTH:
            raise too_large(self._name, f"> {MAX_DEPTH} levels")
        local = self._local.get(name)
        if local is None:
            local = self._local[name] = name.rpartition(" ")[2]
        self._started(local, attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._ended(self._local[name])

    def _refuse_document_type(self, *_: object) -> None:
        raise Refusal("worksheet-unsafe", file=self._name, what="document-type")
