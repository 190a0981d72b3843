"""A log in memory that signs what it is told to: honest, forked or rolled back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ledger.log_name import LogName
from ledger.tile_store import TileStore
from mocban.witness.request import request_body
from signing.checkpoint import checkpoint_text, sign_checkpoint
from signing.cosignature import MlDsa44Signer
from signing.merkle import consistency_path, leaf_hash, root
from signing.note import Ed25519Signer, Signer
from signing.tile import tiles_for

ORIGIN = "hanoi.mocban/0011223344556677"
TIME = 1_790_000_000


def log_signers(origin: str = ORIGIN, seed: bytes = b"L") -> list[Signer]:
    """Both kinds of keys of a log."""
    return [Ed25519Signer(origin, seed * 32), MlDsa44Signer(origin, seed * 32)]


class Log:
    """Entries by number; from entry `fork_at` on they are those of another history."""

    def __init__(self, origin: str = ORIGIN, fork_at: int | None = None, seed: bytes = b"L") -> None:
        self.origin = origin
        self.signers = log_signers(origin, seed)
        self._fork_at = fork_at

    @property
    def vkeys(self) -> list[str]:
        """What a witness is given."""
        return [signer.verifier_key.text() for signer in self.signers]

    def hashes(self, size: int) -> list[bytes]:
        """The leaf hashes of the first entries."""
        return [leaf_hash(self._entry(index)) for index in range(size)]

    def text(self, size: int) -> bytes:
        """What a checkpoint of this size says."""
        return checkpoint_text(self.origin, size, root(self.hashes(size)))

    def note(self, size: int, signers: Sequence[Signer] | None = None) -> bytes:
        """A signed checkpoint."""
        return sign_checkpoint(self.origin, size, root(self.hashes(size)), signers or self.signers, TIME)

    def request(self, old: int, size: int, signers: Sequence[Signer] | None = None) -> bytes:
        """The body that brings a witness from `old` to `size`."""
        proof = consistency_path(self.hashes(size), old) if 0 < old < size else []
        return request_body(old, proof, self.note(size, signers))

    def publish(self, home: Path, size: int) -> bytes:
        """Serve a checkpoint from a data folder, as a sequencer leaves it; its note."""
        tiles, hashes = TileStore(home / "objects", LogName.MAIN), self.hashes(size)
        for end in range(1, size + 1):
            tiles.write(tiles_for(end - 1, end, hashes[end - 1 : end], tiles.read))
        note = self.note(size)
        tiles.serve(note)
        return note

    def _entry(self, index: int) -> bytes:
        forked = self._fork_at is not None and index >= self._fork_at
        return f"{'other ' if forked else ''}entry {index}".encode()
