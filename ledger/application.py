"""The ledger of one log: loads, decides, seals, encodes, signs, checks, appends; and tells where the act lies."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, cast
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.persistence import ApplicationRecorder, InfrastructureFactory, Mapper
from eventsourcing.utils import Environment, EnvType
from psycopg import sql
from psycopg.rows import tuple_row
from typing_extensions import override

from domain.errors import Refusal
from domain.event import Event
from ledger.act_draft import ActDraft
from ledger.committer import AWAY, GroupCommitter
from ledger.factory import LogFactory
from ledger.log_name import LogName
from ledger.mapper import EVENT_TYPES, EventMapper
from ledger.pending import Composition, Pending
from ledger.placed_event import PlacedEvent
from ledger.preparation import check_act, check_signatures, check_signed, composed, is_permitted, placed
from ledger.prepared_act import AppendStatus, Outcome, PreparedAct
from ledger.proposal import Proposal
from ledger.receipt import RECOVERED, Receipt
from ledger.recorder import LogRecorder
from ledger.registry_reader import RegistryReader
from ledger.sealer import Sealer
from ledger.secret import LedgerSecret
from ledger.seen import LastSeen
from ledger.signature_watch import SignatureWatch
from ledger.streams import Streams
from signing.act import OpenedAct, Seen, act_root, event_entry
from signing.genesis import log_keys
from signing.note import Ed25519Signer, VerifierKey, parse_note

MAX_ATTEMPTS: Final = 32
"""Of several writers of one stream in a call one wins: with four, twelve losses in a row were seen."""
_STORED = sql.SQL("SELECT index, first_position, events, request_digest FROM {act} WHERE id = %s")
_NOTE = sql.SQL("SELECT note FROM {act} WHERE index = %s")
_SIZE = sql.SQL("SELECT acts FROM {head}")


def system_clock() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)


class Ledger(Application[UUID]):
    """One instance per log and process. Thread-safe; close it when done."""

    def __init__(
        self,
        *,
        log: LogName,
        origin: str,
        conninfo: str,
        secret: LedgerSecret,
        sealer: Sealer | None = None,
        event_types: Mapping[str, type[Event]] = EVENT_TYPES,
        clock: Callable[[], datetime] = system_clock,
    ) -> None:
        """origin: of this log. conninfo: of the main database, in the role that appends to this log.

        sealer: needed by decisions that return `Plain` fields.
        """
        self.log_name: Final = log
        self.origin: Final = origin
        self.secret: Final = secret
        self.sealer: Final = sealer
        self._conninfo = conninfo
        self._event_types = event_types
        self._clock = clock
        self._watch = SignatureWatch()
        self._committer = GroupCommitter(conninfo, log)
        super().__init__()
        self.datastore = cast("LogFactory", self.factory).datastore
        self._registry = RegistryReader(self.datastore, log, origin)
        self._seen = LastSeen(self.datastore, log, origin)
        act_table = sql.Identifier(log.value, "act")
        self._stored = _STORED.format(act=act_table).as_bytes()
        self._note = _NOTE.format(act=act_table).as_bytes()
        self._size = _SIZE.format(head=sql.Identifier(log.value, "head")).as_bytes()

    @override
    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """Nothing of this process's environment: a variable must not change what a ledger does."""
        return Environment(name, dict(env or {}))

    @override
    def construct_factory(self, env: Environment) -> InfrastructureFactory[Any]:
        return LogFactory(env, self._conninfo, self.log_name, self._committer)

    @override
    def construct_mapper(self) -> Mapper[UUID]:
        return EventMapper(self._event_types)

    @override
    def construct_recorder(self) -> ApplicationRecorder:
        return self.factory.application_recorder()

    @property
    def log_recorder(self) -> LogRecorder:
        """The recorder, by its own type."""
        return cast("LogRecorder", self.recorder)

    @property
    def event_mapper(self) -> EventMapper:
        """The mapper, by its own type."""
        return cast("EventMapper", self.mapper)

    def perform(self, proposal: Proposal) -> Receipt:
        """Do the act, once: a retry with the same id and request returns the stored receipt.

        When another writer was first, reads, decides, seals and signs again, a bounded number of times. Raises Refusal:
        the decision's own, `act-id-reused`, `version-conflict`, `act-not-permitted`, `ledger-unreachable` and others of
        this floor; then nothing was recorded, except that after `ledger-unreachable` only a retry can tell.
        """
        digest = self.secret.request_digest(proposal.actor.id, proposal.request)
        for attempt in range(MAX_ATTEMPTS):
            try:
                pending = Pending(self._decided(proposal, digest))
                outcome = self.log_recorder.append_one(pending)
            except Refusal as refusal:
                if refusal.code in AWAY:
                    raise
                # Perhaps refused because the first attempt succeeded: the file is registered, the lot handed over.
                if (receipt := self.receipt_of(proposal.id, digest)) is not None:
                    return receipt
                raise
            if pending.act.sealed:
                self._discard_unused(pending, outcome)
            match outcome.status:
                case AppendStatus.REGISTRY_MOVED:
                    self._registry.refresh()
                case AppendStatus.VERSION_CONFLICT if attempt < MAX_ATTEMPTS - 1:
                    time.sleep(random.uniform(0, 0.002 * 2 ** min(attempt, 7)))  # noqa: S311  spreading, not secrecy
                case AppendStatus.ACT_ID_REUSED if (receipt := self.receipt_of(proposal.id, digest)) is not None:
                    return receipt  # else it is refused there
                case _:
                    return outcome.receipt(proposal.id)
        raise Refusal("registry-moved", act=proposal.id, stream=None)

    def append_prepared(self, acts: Sequence[PreparedAct]) -> list[Outcome]:
        """Append acts that came prepared and signed, in order, many at once; each is checked first.

        Raises Refusal when one is malformed or not permitted: then none was appended. What the log itself refuses is in
        its outcome.
        """
        known = self._registry.current()
        for act in acts:
            entries = [event_entry(e.stream, e.version, e.type, e.payload) for e in act.events]
            check_act(act.note, entries, self.origin, known, self._clock())
        return [pending.result() for pending in self.log_recorder.append(acts)]

    def receipt_of(self, act_id: UUID, digest: bytes | None = None, text: bytes | None = None) -> Receipt | None:
        """The stored act's receipt, or None.

        Raises Refusal when the digest given is another's: `act-id-reused`, or `act-recovered` where the act came back
        from published tiles and its own is not known. text: what was signed, where it is known; it tells as well.
        """
        with self.datastore.get_connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
            row: tuple[Any, ...] | None = cursor.execute(self._stored, (act_id,), binary=True).fetchone()
        if row is None:
            return None
        if digest is not None and row[3] != digest:
            if row[3] != RECOVERED:
                raise Refusal("act-id-reused", act=act_id, stream=None)
            if text is None or parse_note(self.note_of(row[0])).text != text:
                raise Refusal("act-recovered", act=act_id, index=row[0])
        return Receipt(id=act_id, act_index=row[0], first_position=row[1], events=row[2])

    def size(self) -> int:
        """How many acts the log holds now."""
        with self.datastore.get_connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
            row: tuple[Any, ...] | None = cursor.execute(self._size, binary=True).fetchone()
        return 0 if row is None else int(row[0])

    def note_of(self, act_index: int) -> bytes:
        """The stored note of an act. Raises Refusal `act-unknown`."""
        with self.datastore.get_connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
            row: tuple[Any, ...] | None = cursor.execute(self._note, (act_index,), binary=True).fetchone()
        if row is None:
            raise Refusal("act-unknown", index=act_index)
        return bytes(row[0])

    def entries(self, start: int, end: int) -> list[bytes]:
        """The event entries at positions start..end-1, as they were hashed."""
        stored = self.recorder.select_notifications(start + 1, end - start, stop=end)
        return [event_entry(_uuid(e.originator_id), e.originator_version, e.topic, e.state) for e in stored]

    def prepare(self, proposal: Proposal) -> PreparedAct:
        """Everything but the append: decided, sealed, encoded, signed and checked. Raises Refusal."""
        return self._decided(proposal, self.secret.request_digest(proposal.actor.id, proposal.request))().signed()

    def streams(self) -> Streams:
        """A fresh view of streams for one decision, or for reading."""
        return Streams(self.repository, self.log_recorder)

    def log_keys(self) -> tuple[VerifierKey, ...]:
        """The log's own keys from its genesis, live pair, then standby pair; empty before it is founded."""
        registry = self._registry.current().registry
        return () if registry is None else log_keys(registry.genesis)

    @property
    def registry(self) -> RegistryReader:
        """The key registry as this process knows it."""
        return self._registry

    @property
    def seen(self) -> Seen:
        """The last checkpoint this process has verified."""
        return self._seen.current(self.log_keys)

    @override
    def close(self) -> None:
        self._committer.close()
        super().close()

    def _discard_unused(self, pending: Pending, outcome: Outcome) -> None:
        """Remove the ciphertexts of an act that was not stored.

        `known` may be this very act: its first append was acknowledged to nobody and sent again. Then they stay. Its
        text tells, whoever signed it: it holds the root, and so every commitment.
        """
        if self.sealer is None or outcome.status is AppendStatus.STORED:
            return
        if outcome.status is AppendStatus.KNOWN and pending.draft is not None:
            stored = parse_note(self.note_of(outcome.act_index)).text
            if stored == pending.draft.act.text:
                return
        self.sealer.discard(pending.act.sealed)

    def _decided(self, proposal: Proposal, digest: bytes) -> Composition:
        """Decide and seal now, here; encode, compose and judge when called. Raises Refusal."""
        known, seen = self._registry.current(), self.seen
        streams = self.streams()
        events = placed(proposal, streams, proposal.decide(streams))
        sealed, fields = self.sealer.seal(events) if self.sealer is not None else (events, ())

        def draft() -> ActDraft:
            stored = self.event_mapper.stored
            rows, entries = zip(*[stored(item.stream, item.version, item.event) for item in sealed], strict=True)
            actors = proposal.signers
            signers = tuple([actor.signer for actor in actors])
            act = composed(proposal, actors, self.origin, len(entries), act_root(entries), seen, self._clock())
            held = {Ed25519Signer} >= set(map(type, signers))
            apart = not (held and is_permitted(act, entries, known))

            def check(signed: OpenedAct) -> None:
                if apart:
                    check_signed(signed, entries, known)
                elif self._watch.is_due(signers):
                    check_signatures(signed, known)
                    self._watch.proven(signers)

            unsigned = PreparedAct(
                id=proposal.id,
                note=act.text,
                digest=digest,
                registry_index=known.index,
                events=rows,
                guards=_read_only(streams.guards, events),
                sealed=tuple(fields),
                trace=proposal.trace,
            )
            return ActDraft(act, signers, unsigned, check, apart)

        return draft


def _read_only(guards: Mapping[UUID, int], events: Sequence[PlacedEvent]) -> tuple[tuple[UUID, int], ...]:
    """The guards of streams that the act only read; those it writes are guarded by their events' versions."""
    written = {item.stream for item in events}
    return tuple([guard for guard in guards.items() if guard[0] not in written])


def _uuid(value: UUID | str) -> UUID:
    assert isinstance(value, UUID)
    return value
