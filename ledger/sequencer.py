"""The sequencer: makes each act a leaf and publishes checkpoints, in the order that keeps the log honest.

Tiles durable -> checkpoint signed -> stored by compare-and-swap on the previous size -> kept outside the database ->
only then served. After a crash between any two steps the next one goes on from what is durable, and never signs another
tree of a size that was signed. A sign of two histories stops the log: that is for people, not for a retry.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec
import psycopg
from psycopg import sql

from domain.errors import Refusal
from ledger.act_trees import ActTrees
from ledger.kept_checkpoint import KeptCheckpoint
from ledger.log_name import LogName
from ledger.log_pairs import LogPairs, never
from ledger.sequenced_acts import ActPage, SequencedActs
from ledger.tile_store import TileStore
from signing.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from signing.fault_point import FaultPoint, reached
from signing.merkle import Frontier, leaf_hash
from signing.note import Signer
from signing.tile import entry_bundles_for, event_bundles_for, position_bundles_for, tiles_for
from signing.tile_reader import TileReader
from signing.verification_error import VerificationError

_LOCK: Final = "SELECT pg_try_advisory_lock(hashtextextended('mocban.sequencer.' || %s, 0))"
_LATEST: Final = "SELECT size, note FROM {latest}"
_PUBLISH: Final = "SELECT {publish}(%s, %s, %s)"
_OTHER_THAN_TILES: Final = {
    "stored": "tiles and checkpoint differ",
    "kept": "tiles and kept checkpoint differ",
    "served": "tiles and served checkpoint differ",
}


class _State(msgspec.Struct):
    """The published tree. note: its checkpoint, empty before the first."""

    size: int
    events: int
    frontier: Frontier
    note: bytes


class Sequencer:
    """One per log at a time, by an advisory lock held for as long as its connection lives. Not thread-safe."""

    def __init__(
        self,
        *,
        log: LogName,
        origin: str,
        conninfo: str,
        home: Path,
        signers: Sequence[Signer],
        standby: Sequence[Signer] = (),
        taken_over: Callable[[], bool] = never,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """conninfo: role that may execute `publish_checkpoint` of this log. home: the data directory.

        signers, standby: the log's Ed25519 and ML-DSA-44 keys in the log's own name. taken_over: whether `standby` is
        to sign; then it signs the published tree anew at once, and the others sign nothing here any more.
        """
        self._log = log
        self._origin = origin
        self._conninfo = conninfo
        self._pairs = LogPairs(signers, standby, taken_over)
        self._clock = clock
        self.tiles: Final = TileStore(home / "objects", log)
        self._trees: Final = ActTrees(self.tiles.folder)
        self._kept = KeptCheckpoint(home, log)
        self._connection: psycopg.Connection[Any] | None = None
        self._state: _State | None = None

    def advance(self) -> int:
        """Publish a checkpoint over every act there is; its size. Nothing new: signs nothing, unless another pair must.

        Raises Refusal: `sequencer-busy`; and those that stop the log: `log-forked`, `ledger-shorter-than-checkpoint`,
        `checkpoint-invalid`. psycopg.Error and OSError leave everything as it was: try again.
        """
        with self._afresh_on_failure():
            state = self._begun()
            acts, _ = self._reader().head()
            if acts < state.size:
                raise Refusal("ledger-shorter-than-checkpoint", log=self._log, acts=acts, size=state.size)
            if acts > state.size:
                self._grow(state, acts)
            elif state.size and not self._pairs.signed(state.note):
                self._publish(state, state.size, state.frontier)
            return state.size

    def heartbeat(self) -> None:
        """Sign the published tree anew, so that silence differs from loss. Raises as `advance`."""
        with self._afresh_on_failure():
            state = self._begun()
            if state.size:
                self._publish(state, state.size, state.frontier)

    def silence(self) -> float:
        """Seconds since the served checkpoint was signed, by its own time; 0 before the first. Raises as `advance`."""
        with self._afresh_on_failure():
            note = self._begun().note
            if not note:
                return 0.0
            signed = max(open_checkpoint(note, self._pairs.vkeys).times.values())
            return max(0.0, self._clock() - signed)

    @contextmanager
    def _afresh_on_failure(self) -> Iterator[None]:
        try:
            yield
        except VerificationError as error:
            self.close()
            raise Refusal("log-forked", log=self._log, size="?", reason=error.detail) from error
        except BaseException:
            self.close()  # whatever failed, the next attempt starts from what is durable
            raise

    def wait(self, seconds: float) -> bool:
        """Wait until the log is told of a new act, or the time is over. Raises psycopg.Error."""
        connection = self._connected()
        connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(self._log.value)))
        return any(True for _ in connection.notifies(timeout=seconds, stop_after=1))

    def close(self) -> None:
        """Let go of the lock. Idempotent; `advance` begins anew."""
        self._state = None
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _grow(self, state: _State, size: int) -> None:
        frontier, events = state.frontier.copy(), state.events
        written: dict[str, bytes] = {}
        for page in self._reader().pages(state.size, size):
            written.update(dict.fromkeys(self._write_tiles(page), b""))
            frontier.extend(leaf_hash(note) for note in page.notes)
            events = page.events_end
        reached(FaultPoint.TILES_WRITTEN)
        self._publish(state, size, frontier)
        state.events = events
        self.tiles.prune(written)

    def _write_tiles(self, page: ActPage) -> list[str]:
        """The paths of the tiles and bundles that a page of acts brought, durable."""
        read, paths = self.tiles.read, []
        hashes: list[bytes] = []
        for start, entries in self._reader().event_chunks(page.events_start, page.events_end):
            files = event_bundles_for(start, start + len(entries), entries, read)
            self.tiles.write(files)
            reached(FaultPoint.EVENTS_BUNDLED)
            paths += list(files)
            hashes += [leaf_hash(entry) for entry in entries]
        page.check(hashes, self._origin, self._log)
        reached(FaultPoint.PAGE_CHECKED)
        for index, of_act in page.by_act(hashes):
            self._trees.keep(index, of_act)
        files = {
            **entry_bundles_for(page.start, page.end, page.notes, read),
            **position_bundles_for(page.start, page.end, page.firsts, read),
            **tiles_for(page.start, page.end, [leaf_hash(note) for note in page.notes], read),
        }
        self.tiles.write(files)
        return [*paths, *files]

    def _publish(self, state: _State, size: int, frontier: Frontier) -> None:
        note = sign_checkpoint(self._origin, size, frontier.root(), self._pairs.in_force(), int(self._clock()))
        reached(FaultPoint.CHECKPOINT_SIGNED)
        statement = sql.SQL(_PUBLISH).format(publish=sql.Identifier(self._log.value, "publish_checkpoint"))
        row = self._connected().execute(statement, (state.size, size, note)).fetchone()
        if row is None or row[0] is not True:
            raise Refusal("log-forked", log=self._log, size=size, reason="another checkpoint was stored meanwhile")
        reached(FaultPoint.CHECKPOINT_SWAPPED)
        self._kept.keep(note)
        reached(FaultPoint.CHECKPOINT_KEPT)
        self.tiles.serve(note)
        state.size, state.frontier, state.note = size, frontier, note
        reached(FaultPoint.CHECKPOINT_SERVED)

    def _begun(self) -> _State:
        """The published tree, from what is durable; first brought in order after a crash."""
        if self._state is None:
            row = self._connected().execute(_LOCK, (self._log.value,)).fetchone()
            if row is None or row[0] is not True:
                raise Refusal("sequencer-busy", log=self._log)
            try:
                self._state = self._restored()
            except VerificationError as error:
                raise Refusal("checkpoint-invalid", reason=error.detail) from error
        return self._state

    def _restored(self) -> _State:
        reader = self._reader()
        acts, _ = reader.head()
        shown = {"kept": self._kept.read(self._pairs.vkeys), "served": self._served()}  # before what is told first
        stored, note = self._stored()
        size = 0 if stored is None else stored.size
        known = {name: point for name, point in (shown | {"stored": stored}).items() if point is not None}
        for point in known.values():
            self._check_known(point, acts, size)
        if not self._pairs.follow(self._kept.note(), None if stored is None else note):
            raise Refusal("log-forked", log=self._log, size=size, reason="signed by the keys that were replaced")
        frontier = self._tree(size)
        for name, point in known.items():
            tree = frontier.root() if point is stored else TileReader(point.size, self.tiles.read).root()
            if tree != point.root:
                raise Refusal("log-forked", log=self._log, size=point.size, reason=_OTHER_THAN_TILES[name])
        if stored is not None:  # a crash may have come between the swap and these
            self._kept.keep(note)
            self.tiles.serve(note)
        return _State(size, reader.events_before(size), frontier, note)

    def _check_known(self, point: Checkpoint, acts: int, size: int) -> None:
        """One that was signed, against what the database has: so many acts, and a checkpoint of so many."""
        if point.origin != self._origin:
            raise Refusal("log-forked", log=self._log, size=point.size, reason="a checkpoint of another log")
        if acts < point.size:
            raise Refusal("ledger-shorter-than-checkpoint", log=self._log, acts=acts, size=point.size)
        if point.size > size:
            raise Refusal("log-forked", log=self._log, size=point.size, reason="the database forgot a checkpoint")

    def _served(self) -> Checkpoint | None:
        """The checkpoint served last, None where there is none or it is damaged: then it is made anew."""
        note = self.tiles.served()
        try:
            return None if note is None else open_checkpoint(note, self._pairs.vkeys).checkpoint
        except VerificationError:
            return None

    def _tree(self, size: int) -> Frontier:
        """The frontier of the published tree from its tiles; an empty object store is refilled from the acts."""
        if size and self.tiles.served() is None and not (self.tiles.folder / "tile").exists():
            for page in self._reader().pages(0, size):
                self._write_tiles(page)
        try:
            return TileReader(size, self.tiles.read).frontier()
        except FileNotFoundError as error:
            raise Refusal("log-forked", log=self._log, size=size, reason="a tile is missing") from error

    def _stored(self) -> tuple[Checkpoint | None, bytes]:
        statement = sql.SQL(_LATEST).format(latest=sql.Identifier(self._log.value, "latest_checkpoint"))
        row = self._connected().execute(statement).fetchone()
        if row is None or row[0] == 0:
            return None, b""
        point = open_checkpoint(bytes(row[1]), self._pairs.vkeys).checkpoint
        if point.size != row[0]:
            raise Refusal("log-forked", log=self._log, size=row[0], reason="the row and the note differ in size")
        return point, bytes(row[1])

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None:
            self._connection = psycopg.connect(
                self._conninfo, autocommit=True, application_name=f"sequence {self._log}"
            )
        return self._connection

    def _reader(self) -> SequencedActs:
        return SequencedActs(self._connected(), self._log)
