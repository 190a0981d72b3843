"""The proof of one event, made from the published files alone: a row that was altered never reaches a proof."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from ledger.act_places import ActPlaces
from ledger.act_trees import ActTrees
from signing.act import OpenedAct, open_act
from signing.act_tree import path_in_act, span_of
from signing.checkpoint import Checkpoint
from signing.inclusion_proof import verify_inclusion
from signing.merkle import leaf_hash
from signing.tile import TILE_WIDTH, Kind, ReadTile, parse_entry_bundle, parse_event_bundle, tile_path, width_of
from signing.tile_reader import TileReader
from signing.tlog_proof import ActEvidence, prove_event


class PublishedEvents:
    """The acts and events of one checkpoint, read from tiles and bundles. Thread-safe: what it remembers never changes.

    checkpoint: whose signatures the caller has verified.
    """

    def __init__(self, checkpoint: Checkpoint, read_tile: ReadTile, trees: ActTrees) -> None:
        self.checkpoint: Final = checkpoint
        self._read: Final = read_tile
        self._trees: Final = trees
        self._places: Final = ActPlaces(checkpoint.size, checkpoint.origin, read_tile)
        self._tree: Final = TileReader(checkpoint.size, read_tile)

    @property
    def count(self) -> int:
        """How many events the checkpoint covers."""
        return self._places.events

    def first_of(self, act: int) -> int:
        """Where the first event of an act of this checkpoint lies. Raises FileNotFoundError, VerificationError."""
        return self._places.first(act)

    def proof(self, position: int, note: bytes) -> bytes:
        """The `.tlog-proof` of the event at a position below `count`. note: the signed checkpoint that goes into it.

        It holds: whoever opens it with the log's keys need not ask again. Raises VerificationError when the published
        files do not agree with what was signed; FileNotFoundError.
        """
        index = self._places.act_of(position)
        act = self._act(index)
        first, events = self._places.first(index), act.header.events
        hashes_of = partial(self._hashes, first, first + events)
        start, end = span_of(position - first, events)
        entries = self.entries(first + start, first + end)
        spans = self._trees.spans(index, act.header.root, hashes_of)
        inner = path_in_act(position - first, spans, [leaf_hash(entry) for entry in entries])
        path = self._tree.inclusion_path(index)
        verify_inclusion(act.leaf_hash, index, self.checkpoint.size, path, self.checkpoint.root)
        evidence = ActEvidence(
            note=act.data,
            event_index=position - first,
            path=tuple(inner),
            event_entry=entries[position - first - start],
        )
        return prove_event(index=index, path=path, checkpoint=note, evidence=evidence)

    def entries(self, start: int, end: int) -> list[bytes]:
        """The event entries at positions start..end-1, out of the event bundles."""
        found: list[bytes] = []
        for number in range(start // TILE_WIDTH, -(-end // TILE_WIDTH)):
            found += self._bundle("events", number, self.count, parse_event_bundle)
        before = start - start // TILE_WIDTH * TILE_WIDTH
        return found[before : before + end - start]

    def _hashes(self, start: int, end: int) -> list[bytes]:
        return [leaf_hash(entry) for entry in self.entries(start, end)]

    def _act(self, index: int) -> OpenedAct:
        number, at = divmod(index, TILE_WIDTH)
        note = self._bundle("entries", number, self.checkpoint.size, parse_entry_bundle)[at]
        return open_act(note, self.checkpoint.origin)

    def _bundle(self, kind: Kind, number: int, count: int, parse: Callable[[bytes, int], list[bytes]]) -> list[bytes]:
        width = width_of(count, number)
        return parse(self._read(tile_path(kind, number, width)), width)
