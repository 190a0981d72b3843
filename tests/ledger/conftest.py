"""A founded ledger on a real PostgreSQL, with a small family of events of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from domain.event import Event
from domain.sealed import Sealable
from ledger.act_id import new_act_id
from ledger.actor import Actor
from ledger.application import Ledger
from ledger.blob_store import BlobStore
from ledger.founding import Enrolment, Founding, Grant, found_ledger, new_origin
from ledger.key_store import KeyStore
from ledger.log_name import LogName
from ledger.mapper import EVENT_TYPES
from ledger.proposal import Proposal
from ledger.receipt import Receipt
from ledger.sealed_store import SealedStore
from ledger.sealer import Sealer, Unsealer
from ledger.secret import LedgerSecret
from ledger.streams import Streams
from mocban.database import Databases
from signing.checkpoint import MlDsa44Signer
from signing.note import Ed25519Signer


class BoxPacked(Event, frozen=True, kw_only=True, tag="box.packed/1"):
    """Something was put into a box."""

    piece: int
    label: Sealable | None = None


class BoxClosed(Event, frozen=True, kw_only=True, tag="box.closed/1"):
    """A box was closed, with lists of what is inside."""

    inside: tuple[Sealable, ...] = ()
    by_name: dict[str, Sealable] = msgspec.field(default_factory=dict)


BOX_EVENTS: dict[str, type[Event]] = {**EVENT_TYPES, "box.packed/1": BoxPacked, "box.closed/1": BoxClosed}


def pieces(state: int, event: Event) -> int:
    """How many pieces a box holds."""
    return state + 1 if isinstance(event, BoxPacked) else state


class House(msgspec.Struct, kw_only=True):
    """A founded ledger and everything beside it."""

    database: Databases
    main: Ledger
    access: Ledger
    clerk: Actor
    registrars: tuple[Actor, ...]
    log_signers: tuple[Ed25519Signer, MlDsa44Signer]
    secret: LedgerSecret
    keys: KeyStore
    reader_keys: KeyStore
    store: SealedStore
    blobs: BlobStore
    unsealer: Unsealer
    founding: Founding
    home: Path

    def signers_of(self, ledger: Ledger, *, standby: bool = False) -> tuple[Ed25519Signer, MlDsa44Signer]:
        """The log's keys under the log's own name."""
        return log_pair(ledger.origin, standby=standby)

    def pack(self, box: UUID, piece: int = 1, *, act_id: UUID | None = None, **more: Any) -> Receipt:
        """Put one more piece into a box, whatever it holds."""

        def decide(streams: Streams) -> dict[UUID, list[Event]]:
            streams.load(box, 0, pieces)
            return {box: [BoxPacked(piece=piece, **more)]}

        return self.main.perform(
            Proposal(
                act="box.pack",
                id=act_id or new_act_id(),
                actor=self.clerk,
                decide=decide,
                request={"box": str(box), "piece": piece},
            )
        )


def log_pair(origin: str, *, standby: bool = False) -> tuple[Ed25519Signer, MlDsa44Signer]:
    """The live or the standby keys of a log."""
    first, second = (b"S", b"T") if standby else (b"L", b"M")
    return Ed25519Signer(origin, first * 32), MlDsa44Signer(origin, second * 32)


def new_actor() -> Actor:
    """An actor with a fresh key."""
    actor = str(uuid4())
    return Actor(id=actor, signer=Ed25519Signer(f"x/{actor}", uuid4().bytes * 2))


@pytest.fixture
def house(database: Databases, tmp_path: Path) -> Iterator[House]:
    """Both logs founded; a clerk who may do `box.*`, and record access."""
    built = build(database, tmp_path)
    yield built
    close(built)


def build(database: Databases, home: Path, *, standby: bool = False) -> House:
    """Found a ledger in an empty migrated pair. standby: its genesis names a second pair of log keys."""
    origin = new_origin()
    secret = LedgerSecret(b"s" * 32)
    writer, logger = database.main_url("mocban_ledger_writer"), database.main_url("mocban_access_logger")
    keys = KeyStore(database.keys_url("mocban_ledger_writer"), b"k" * 32, "record")
    reader_keys = KeyStore(database.keys_url("mocban_access_logger"), b"r" * 32, "reader")
    store, blobs = SealedStore(writer), BlobStore(home / "objects" / "blobs")
    main = Ledger(
        log=LogName.MAIN,
        origin=origin,
        conninfo=writer,
        secret=secret,
        sealer=Sealer(keys, store, blobs),
        event_types=BOX_EVENTS,
    )
    access = Ledger(
        log=LogName.ACCESS,
        origin=LogName.ACCESS.origin(origin),
        conninfo=logger,
        secret=secret,
        sealer=Sealer(reader_keys, store),
        event_types=BOX_EVENTS,
    )
    registrars, clerk = (new_actor(), new_actor()), new_actor()
    log_signers = log_pair(origin)
    named = (*log_signers, *log_pair(origin, standby=True)) if standby else log_signers
    founding = Founding(
        registrars=registrars,
        quorum=2,
        log_keys=tuple(signer.verifier_key for signer in named),
        enrolments=(Enrolment(actor=clerk),),
        grants=(
            Grant(log=LogName.MAIN, actor=clerk.id, role="clerk", acts=("box.*", "access.publish")),
            Grant(log=LogName.ACCESS, actor=clerk.id, role="reading-room", acts=("access.record",)),
        ),
    )
    found_ledger(main, access, founding)
    return House(
        database=database,
        main=main,
        access=access,
        clerk=clerk,
        registrars=registrars,
        log_signers=log_signers,
        secret=secret,
        keys=keys,
        reader_keys=reader_keys,
        store=store,
        blobs=blobs,
        unsealer=Unsealer(keys, store, blobs),
        founding=founding,
        home=home,
    )


def close(house: House) -> None:
    """Close everything a house opened."""
    for part in (house.main, house.access, house.keys, house.reader_keys, house.store):
        part.close()
