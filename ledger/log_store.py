"""The published side of a log: what readers, auditors and mirrors get, always as of the served checkpoint."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec
from psycopg import sql
from psycopg.rows import tuple_row

from domain.errors import Refusal
from domain.keys import registry_stream
from ledger.act_trees import ActTrees
from ledger.application import Ledger
from ledger.bundle import write_bundle
from ledger.cosignatures import Cosignatures
from ledger.event_proof import PublishedEvents
from ledger.export import Progress, export_log
from ledger.partial_bundle import Part, write_partial_bundle
from ledger.published_files import PublishedLog
from ledger.tile_store import TileStore
from ledger.timestamps import Timestamps
from signing.act import actor_key_name
from signing.checkpoint import Checkpoint, open_checkpoint, without_ml_dsa
from signing.merkle import leaf_hash
from signing.note import Signer, VerifierKey
from signing.registry import Registry
from signing.verification_error import VerificationError

_HISTORY: Final = "SELECT size, note FROM {checkpoint} WHERE size > %s AND size < %s ORDER BY size LIMIT 500"
_REGISTRY: Final = "SELECT DISTINCT act_index FROM {event} WHERE originator_id = %s AND act_index < %s"
_EVENTS: Final = "SELECT first_position + events FROM {act} WHERE index = %s"


class LogStore:
    """Reads of one log. Thread-safe."""

    def __init__(self, ledger: Ledger, home: Path) -> None:
        """home: the data directory; its object store holds the tiles."""
        self._ledger = ledger
        self.tiles: Final = TileStore(home / "objects", ledger.log_name)
        self._trees = ActTrees(self.tiles.folder)
        self.timestamps: Final = Timestamps(home / "objects", ledger.log_name)
        self._cosignatures = Cosignatures(home / "objects", ledger.log_name)
        self._opened: tuple[bytes, tuple[VerifierKey, ...], Checkpoint] | None = None
        self._events: PublishedEvents | None = None

    def checkpoint(self) -> tuple[Checkpoint, bytes]:
        """The served checkpoint and its note, with the witnesses' cosignatures that are there.

        Raises Refusal `nothing-published`; VerificationError.
        """
        note = self.tiles.served()
        if note is None:
            raise Refusal("nothing-published", log=self._ledger.log_name)
        cosigned, keys = self._cosignatures.joined(note), self._ledger.log_keys()
        held = self._opened
        if held is None or held[:2] != (cosigned, keys):  # two signatures are half of a proof's time
            held = self._opened = (cosigned, keys, open_checkpoint(cosigned, keys).checkpoint)
        return held[2], cosigned

    def signers(self) -> tuple[int, frozenset[VerifierKey]]:
        """The size of the served checkpoint, and which of the log's own keys have signed it. Raises as `checkpoint`."""
        checkpoint, note = self.checkpoint()
        return checkpoint.size, frozenset(open_checkpoint(note, self._ledger.log_keys()).times)

    def proof_for(self, position: int, *, classical: bool = False) -> bytes:
        """The `.tlog-proof` of the event at a position: event in act, act in the served checkpoint.

        classical: without the ML-DSA-44 signatures of the checkpoint. Raises Refusal: `position-unknown`,
        `position-not-published`, `log-forked` where the published files are not what was signed.
        """
        checkpoint, note = self.checkpoint()
        events = self._published_events(checkpoint)
        try:
            if position < events.count:
                return events.proof(position, without_ml_dsa(note) if classical else note)
        except (FileNotFoundError, VerificationError) as error:
            self._events = None  # it remembers what it read, and somebody may be mending the files
            reason = f"the files of position {position} are not as signed"
            raise Refusal("log-forked", log=self._ledger.log_name, size=checkpoint.size, reason=reason) from error
        if position >= (self._ledger.log_recorder.max_notification_id() or 0):
            raise Refusal("position-unknown", position=position)
        raise Refusal("position-not-published", position=position)

    def first_position(self, act: int) -> int:
        """Where the first event of an act lies. Raises Refusal `acts-not-published`, `log-forked`."""
        checkpoint, _ = self.checkpoint()
        if act >= checkpoint.size:
            raise Refusal("acts-not-published", first=act, last=act, size=checkpoint.size)
        try:
            return self._published_events(checkpoint).first_of(act)
        except (FileNotFoundError, VerificationError) as error:
            self._events = None
            reason = f"the files of act {act} are not as signed"
            raise Refusal("log-forked", log=self._ledger.log_name, size=checkpoint.size, reason=reason) from error

    def _published_events(self, checkpoint: Checkpoint) -> PublishedEvents:
        events = self._events
        if events is None or events.checkpoint != checkpoint:
            events = self._events = PublishedEvents(checkpoint, self.tiles.read, self._trees)
        return events

    def published(self) -> PublishedLog:
        """The log as of the served checkpoint."""
        checkpoint, note = self.checkpoint()
        events = self._rows(_EVENTS, checkpoint.size - 1)[0][0]
        return PublishedLog(
            checkpoint=checkpoint,
            note=note,
            events=events,
            tiles=self.tiles,
            policy=msgspec.json.encode(self._registry().genesis.witness_policy),
            small=self._small(note),
            history=lambda: self._history(checkpoint.size),
            stamped=lambda: self.timestamps.files(checkpoint.size),
        )

    def export(self, folder: Path, progress: Progress | None = None) -> int:
        """Write or complete an export folder; how many files were new. Raises as `export_log`."""
        return export_log(self.published(), folder, progress)

    def bundle(self, path: Path, signer: Signer) -> int:
        """Write an audit bundle, its MANIFEST signed by the log's Ed25519 key; how many members."""
        return write_bundle(self.published(), path, signer)

    def partial_bundle(self, path: Path, signer: Signer, part: Part) -> int:
        """Write a bundle of the chosen acts and all registry acts, each proven alone; how many members."""
        log = self.published()
        registry = self._rows(_REGISTRY, registry_stream(self._ledger.origin), log.checkpoint.size)
        events = PublishedEvents(log.checkpoint, self.tiles.read, self._trees)
        return write_partial_bundle(log, events, [row[0] for row in registry], part, path, signer)

    def genesis_leaf_hash(self) -> bytes:
        """The 32 bytes by which a trust file names this log."""
        return leaf_hash(self._ledger.note_of(0))

    def _registry(self) -> Registry:
        registry = self._ledger.registry.refresh().registry
        assert registry is not None, "what is published was founded"
        return registry

    def _small(self, checkpoint: bytes) -> dict[str, bytes]:
        registry = self._registry()
        signed = open_checkpoint(checkpoint, self._ledger.log_keys()).times
        signing = [f"{key.text()}\n" for key in self._ledger.log_keys() if key in signed]
        actors = [
            VerifierKey(actor_key_name(self._ledger.origin, record.actor), record.encoded[0], record.encoded[1:])
            for record in registry.records.values()
        ]
        return {
            "genesis": self._ledger.note_of(0),
            "log_vkey": "".join(signing).encode(),
            "actor_vkeys": "".join(f"{key.text()}\n" for key in actors).encode(),
        }

    def _history(self, size: int) -> Iterator[tuple[int, bytes]]:
        """The checkpoints before `size`, page by page: a log makes thousands a day."""
        after = 0
        while rows := self._rows(_HISTORY, after, size):
            for after, note in rows:
                yield after, bytes(note)

    def _rows(self, text: str, *values: int | UUID) -> list[tuple[Any, ...]]:
        schema = self._ledger.log_name.value
        statement = sql.SQL(text).format(
            act=sql.Identifier(schema, "act"),
            event=sql.Identifier(schema, "event"),
            checkpoint=sql.Identifier(schema, "checkpoint"),
        )
        with (
            self._ledger.datastore.get_connection() as connection,
            connection.cursor(row_factory=tuple_row, binary=True) as cursor,
        ):
            return cursor.execute(statement, values).fetchall()
