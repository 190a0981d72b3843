"""Where files lie: a folder or a bundle."""

from __future__ import annotations

import mmap
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from signing.log_verifier.encoding import MAX_FILE
from signing.log_verifier.finding import Bad


class Source(Protocol):
    """Files by name. `read` raises Bad and gives at most MAX_FILE bytes. unsafe: what is wrong with it as a whole.

    zipped: a bundle as it is given away, which has a MANIFEST.
    """

    names: set[str]
    unsafe: list[Bad]
    zipped: bool

    def read(self, name: str) -> bytes: ...


class Folder:
    """An export folder; links and special files are not followed."""

    def __init__(self, base: Path) -> None:
        self.base, self.unsafe, self.zipped = base, list[Bad](), False
        self.names = {(Path(at) / f).relative_to(base).as_posix() for at, _, files in os.walk(base) for f in files}

    def read(self, name: str) -> bytes:
        path = self.base / name
        with suppress(OSError):
            if name in self.names and path.is_file() and not path.is_symlink() and path.stat().st_size <= MAX_FILE:
                return path.read_bytes()
        raise Bad("file-unreadable", name[:120])


class Bundle:
    """A .zip read in place: stored members only, so that no bomb unfolds; nothing is extracted."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            listed = archive.infolist()
        with path.open("rb") as file:
            self.data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.members = {member.filename: member for member in listed}
        self.names, self.zipped = set(self.members), True
        odd = {n for n in self.names if n.startswith("/") or "\\" in n or ":" in n or ".." in n.split("/")}
        odd |= {m.filename for m in listed if self.members[m.filename] is not m}
        self.unsafe = [Bad("member-name", name[:120]) for name in sorted(odd)]
        if "MANIFEST" in self.names and len(listed) < 1 << 16 and len(self.data) < 1 << 31:
            self.unsafe += [Bad("bundle-bytes", name[:120]) for name in self._strayed(listed)]

    def _strayed(self, listed: list[zipfile.ZipInfo]) -> Iterator[str]:
        """A published bundle is deterministic, so every byte around its members is known. The first place where not."""
        at, central = 0, b""
        for m in listed:
            name = m.filename.encode()
            head = struct.pack("<5H3I2H", 20, 0, 0, 0, 33, m.CRC, m.file_size, m.file_size, len(name), 0) + name
            if self.data[at : at + 4 + len(head)] != b"PK\3\4" + head:
                yield m.filename
                return
            central += b"PK\1\2\x14\3" + head[:26] + struct.pack("<3H2I", 0, 0, 0, 0o644 << 16, at) + name
            at += 4 + len(head) + m.file_size
        tail = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, len(listed), len(listed), len(central), at, 0)
        if self.data[at:] != central + tail:
            yield "zip directory"

    def read(self, name: str) -> bytes:
        member = self.members.get(name)
        with suppress(struct.error):
            if member and member.compress_type == 0 and member.file_size <= MAX_FILE and not member.flag_bits & 1:
                start = member.header_offset + 30 + sum(struct.unpack_from("<2H", self.data, member.header_offset + 26))
                data = self.data[start : start + member.file_size]
                if len(data) == member.file_size and zlib.crc32(data) == member.CRC:
                    return data
        raise Bad("file-unreadable", name[:120])
