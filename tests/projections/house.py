"""A founded ledger with its views: everything real, wired by hand for these tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import psycopg

from domain.event import Event
from domain.sealed import Sealable, SealedBlob
from ledger.act_id import new_act_id
from ledger.actor import Actor
from ledger.application import Ledger
from ledger.blob_store import BlobStore
from ledger.founding import Enrolment, Founding, Grant, found_ledger, new_origin
from ledger.key_store import KeyStore
from ledger.log_name import LogName
from ledger.mapper import EVENT_TYPES, EventMapper
from ledger.proposal import Basis, Proposal
from ledger.receipt import Receipt
from ledger.sealed_store import SealedStore
from ledger.sealer import BlobPlain, Sealer, Unsealer
from ledger.secret import LedgerSecret
from ledger.streams import Streams
from mocban.database import Databases
from projections.main_views import access_views, main_views
from projections.rebuild import Rebuild
from projections.recorded_log import PAGE
from projections.runner import Runner
from projections.view import Connection
from signing.checkpoint import MlDsa44Signer
from signing.note import Ed25519Signer

PROJECTOR = "mocban_projector"
MAIN = "main_log"
ACCESS = "access_log"
_WRITERS = {LogName.MAIN: "mocban_ledger_writer", LogName.ACCESS: "mocban_access_logger"}
decode = EventMapper().decode


class BoxPacked(Event, frozen=True, kw_only=True, tag="box.packed/1"):
    """An event of a kind that no view has ever heard of."""

    label: Sealable | None = None


class House:
    """Both logs, founded; a clerk who may do everything; a chief who co-signs."""

    def __init__(self, database: Databases, home: Path) -> None:
        self.database = database
        origin, secret = new_origin(), LedgerSecret(b"s" * 32)
        self.store = SealedStore(database.main_url("mocban_ledger_writer"))
        self.blobs = BlobStore(home / "blobs")
        self.keys = {log: KeyStore(database.keys_url(role), b"k" * 32, log.value) for log, role in _WRITERS.items()}
        self.ledgers = {
            log: Ledger(
                log=log,
                origin=log.origin(origin),
                conninfo=database.main_url(role),
                secret=secret,
                sealer=Sealer(self.keys[log], self.store, self.blobs),
                event_types={**EVENT_TYPES, "box.packed/1": BoxPacked},
            )
            for log, role in _WRITERS.items()
        }
        self.clerk, self.chief = _actor(), _actor()
        found_ledger(self.main, self.ledgers[LogName.ACCESS], self._founding(origin))
        self.unsealer = Unsealer(self.keys[LogName.MAIN], self.store, self.blobs)
        self.runner = self.new_runner()
        self.access_runner = Runner(database.main_url(PROJECTOR), ACCESS, access_views(), decode)

    @property
    def main(self) -> Ledger:
        return self.ledgers[LogName.MAIN]

    def _founding(self, origin: str) -> Founding:
        everything = tuple(f"{noun}.*" for noun in ["unit", "agency", "fonds", "file", "document", "accession"])
        everything += tuple(
            f"{noun}.*"
            for noun in ["principal", "reorganization", "handover", "access", "box", "container", "use", "assignment"]
        )
        everything += ("audit.*", "disposition.*")
        grants = [(log, actor) for log in LogName for actor in (self.clerk, self.chief)]
        return Founding(
            registrars=(_actor(),),
            quorum=1,
            log_keys=(
                Ed25519Signer(origin, b"L" * 32).verifier_key,
                MlDsa44Signer(origin, b"M" * 32).verifier_key,
            ),
            enrolments=(Enrolment(actor=self.clerk), Enrolment(actor=self.chief)),
            grants=tuple(Grant(log=log, actor=actor.id, role="clerk", acts=everything) for log, actor in grants),
        )

    def new_runner(self, page_size: int = PAGE) -> Runner:
        """Another runner of the same views."""
        return Runner(self.database.main_url(PROJECTOR), MAIN, main_views(self.unsealer), decode, page_size)

    def new_rebuild(self) -> Rebuild:
        """A rebuild of the main log's views."""
        return Rebuild(self.database.main_url(PROJECTOR), MAIN, main_views(self.unsealer), decode)

    def record(
        self,
        act: str,
        events: Mapping[UUID, Sequence[Event]],
        owners: Mapping[UUID, UUID] | None = None,
        log: LogName = LogName.MAIN,
        basis: Basis | None = None,
    ) -> Receipt:
        """Record events as one act, without asking the domain."""

        def decide(streams: Streams) -> Mapping[UUID, Sequence[Event]]:
            for stream in events:
                streams.load(stream, 0, lambda seen, _event: seen + 1)
            return events

        proposal = Proposal(
            act=act, id=new_act_id(), actor=self.clerk, decide=decide, request={"act": act}, key_owners=owners or {},
            basis=basis,
        )  # fmt: skip
        return self.ledgers[log].perform(proposal)

    def seal_blob(self, owner: UUID, stream: UUID, data: bytes) -> SealedBlob:
        """A blob, sealed and kept."""
        plain = BlobPlain(owner=owner, stream=stream, blob=uuid4(), media="text/plain", data=data)
        return Sealer(self.keys[LogName.MAIN], self.store, self.blobs).seal_blobs([plain])[0]

    def reader(self) -> Connection:
        """A connection of a reader."""
        return psycopg.connect(self.database.main_url("mocban_reader"), autocommit=True)

    def new_position(self) -> int:
        """How far the main log's views are, asked over a connection of its own."""
        with self.reader() as reader:
            row = reader.execute("SELECT coalesce(min(notification_id), 0) FROM projection.tracking").fetchone()
        assert row is not None
        return int(row[0])

    def close(self) -> None:
        """Close everything."""
        for runner in (self.runner, self.access_runner):
            runner.stop()
        for ledger in self.ledgers.values():
            ledger.close()
        for keys in self.keys.values():
            keys.close()
        self.store.close()


class Rows(msgspec.Struct, frozen=True):
    """The content of every view table, each row as its text, sorted."""

    tables: dict[str, list[str]]

    @classmethod
    def read(cls, house: House, schema: str = "projection") -> Rows:
        """What the tables of a schema hold now, tracking included."""
        with psycopg.connect(house.database.main_admin, autocommit=True) as connection:
            names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", (schema,)).fetchall()
            return cls(
                {
                    name: [
                        row[0]
                        for row in connection.execute(f'SELECT t::text FROM {schema}."{name}" AS t ORDER BY 1'.encode())
                    ]
                    for (name,) in names
                }
            )


def _actor() -> Actor:
    actor = str(uuid4())
    return Actor(id=actor, signer=Ed25519Signer(f"x/{actor}", uuid4().bytes * 2))
