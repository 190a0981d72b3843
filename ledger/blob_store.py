"""Sealed blobs (images, PDFs, texts) as files named by the SHA-256 of their ciphertext; deletable."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from signing.durable_file import sync_folder, write_all_durably


class BlobStore:
    """`<folder>/ab/<hex>`; folder: `objects/blobs` under the data directory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, ciphertexts: Iterable[bytes]) -> list[bytes]:
        """Write ciphertexts durably; their digests (32 bytes each)."""
        named = {sha256(data).digest(): data for data in ciphertexts}
        write_all_durably({self._path(digest): data for digest, data in named.items()})
        return list(named)

    def get(self, digest: bytes) -> bytes | None:
        """The ciphertext, or None when it was destroyed."""
        try:
            return self._path(digest).read_bytes()
        except FileNotFoundError:
            return None

    def size(self, digest: bytes) -> int | None:
        """Bytes of the ciphertext, None when it was destroyed."""
        try:
            return self._path(digest).stat().st_size
        except FileNotFoundError:
            return None

    def delete(self, digests: Iterable[bytes]) -> None:
        """Remove blobs, durably. Idempotent."""
        folders = set()
        for digest in digests:
            path = self._path(digest)
            path.unlink(missing_ok=True)
            if path.parent.is_dir():
                folders.add(path.parent)
        for folder in folders:
            sync_folder(folder)

    def _path(self, digest: bytes) -> Path:
        name = digest.hex()
        return self._folder / name[:2] / name
