"""Timestamps of a log's checkpoints, beside its tiles: what was stamped, byte for byte, and each authority's answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from ledger.log_name import LogName
from signing.durable_file import create_file

FOLDER: Final = "timestamps"
AUTHORITY: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")
"""The name of an authority, which is part of file names."""
_NAME: Final = re.compile(rf"(0|[1-9][0-9]{{0,18}})\.(?:checkpoint|({AUTHORITY.pattern})\.tsr)")
_READABLE: Final = 0o644


class Stamped(msgspec.Struct, frozen=True, kw_only=True):
    """A checkpoint that was stamped. checkpoint: the signed file's bytes; replies: TimeStampResp, DER, by authority."""

    size: int
    checkpoint: bytes
    replies: dict[str, bytes]


class Timestamps:
    """`<objects>/<log>/timestamps/`: `<size>.checkpoint` and `<size>.<authority>.tsr`. What is there never changes."""

    def __init__(self, objects: Path, log: LogName) -> None:
        self.folder: Final = objects / log.value / FOLDER

    def hold(self, size: int, checkpoint: bytes) -> bytes:
        """The checkpoint of this size that is stamped: the one given, unless there is one already; durable on return.

        A heartbeat signs the same tree anew, so one size may have many files: all authorities stamp the first.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{size}.checkpoint"
        create_file(path, checkpoint, _READABLE)
        return path.read_bytes()

    def release(self, size: int) -> None:
        """Forget a checkpoint that nobody stamped. The caller is the only one to collect."""
        if size not in self.sizes():
            (self.folder / f"{size}.checkpoint").unlink(missing_ok=True)

    def keep(self, size: int, authority: str, reply: bytes) -> bool:
        """Keep an answer that was checked; False where that authority's is there. Durable on return."""
        return create_file(self.folder / f"{size}.{authority}.tsr", reply, _READABLE)

    def sizes(self, authority: str | None = None) -> list[int]:
        """Sizes of the checkpoints stamped, by anybody or by one authority, smallest first."""
        found = {size for size, by in self._names() if by is not None and authority in {None, by}}
        return sorted(found)

    def stamped(self, size: int) -> Stamped:
        """What was stamped at a size. Raises FileNotFoundError."""
        names = sorted(by for at, by in self._names() if at == size and by is not None)
        return Stamped(
            size=size,
            checkpoint=(self.folder / f"{size}.checkpoint").read_bytes(),
            replies={by: (self.folder / f"{size}.{by}.tsr").read_bytes() for by in names},
        )

    def names(self, size: int) -> list[str]:
        """Names in this folder of what was stamped up to a checkpoint of `size`, smallest first."""
        replies: dict[int, list[str]] = {}
        for at, by in self._names():
            if by is not None and at <= size:
                replies.setdefault(at, []).append(f"{at}.{by}.tsr")
        stamped = sorted(at for at in replies if (self.folder / f"{at}.checkpoint").exists())
        return [name for at in stamped for name in (f"{at}.checkpoint", *sorted(replies[at]))]

    def files(self, size: int) -> Iterator[tuple[str, bytes]]:
        """(published name, bytes) of the same."""
        for name in self.names(size):
            yield f"{FOLDER}/{name}", self.read(name)

    def read(self, name: str) -> bytes:
        """A file by its name in this folder. Raises FileNotFoundError, also for what can be no such name."""
        if not _NAME.fullmatch(name):
            raise FileNotFoundError(name)
        return (self.folder / name).read_bytes()

    def _names(self) -> Iterator[tuple[int, str | None]]:
        """(size, authority) of the answers, (size, None) of the checkpoints."""
        if not self.folder.is_dir():
            return
        for path in self.folder.iterdir():
            parts = _NAME.fullmatch(path.name)
            if parts is not None:
                yield int(parts[1]), parts[2]
