"""Officers who keep their own keys: the ledger under test knows the public side only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from domain.event import Event
from domain.keys import KeyRevoked, RoleGranted
from domain.sealed import Plain
from ledger.act_id import new_act_id
from ledger.act_preparation import prepare_act, submit_act
from ledger.actor import Actor
from ledger.commands import registry
from ledger.key_elsewhere import KeyElsewhere
from ledger.prepared_file import PreparedFile, read_prepared, write_prepared
from ledger.prepared_store import PreparedStore
from ledger.proposal import Proposal
from ledger.receipt import Receipt
from ledger.streams import Streams
from signing.base64_text import to_base64
from tests.ledger.conftest import BoxPacked, House, new_actor, pieces

HOUR = timedelta(hours=1)


class Desk:
    """A house, and an officer whose private key only `officer` holds; `stranger` is what the ledger is given."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.waiting = PreparedStore(house.database.main_url("mocban_ledger_writer"))
        self.officer = new_actor()
        self.away = elsewhere(self.officer)
        self.origin = house.main.origin
        self._before = self._counted()

    def join(self, *, role: bool = True) -> None:
        """Enrol the officer's key by an act prepared here and signed by the officer, then let them pack boxes."""
        file = self.prepare(registry.enrolment(self.origin, self.house.registrars, new_act_id(), self.away, "own"))
        self.submit(signed(file, self.officer))
        if role:
            fact = RoleGranted(actor=self.officer.id, role="packer", acts=("box.*",))
            self.house.main.perform(registry.grant(self.origin, self.house.registrars, new_act_id(), fact))

    def revoke(self) -> None:
        """Revoke the officer's key."""
        fact = KeyRevoked(kid=to_base64(self.officer.signer.verifier_key.kid), reason="lost")
        self.house.main.perform(registry.revocation(self.origin, self.house.registrars, new_act_id(), fact))

    def packing(self, box: UUID, label: str | None = None, read: tuple[UUID, ...] = ()) -> Proposal:
        """An act of the officer; `read`: boxes that the decision looks at."""

        def decide(streams: Streams) -> dict[UUID, list[Event]]:
            for one in (box, *read):
                streams.load(one, 0, pieces)
            return {box: [BoxPacked(piece=7, label=None if label is None else Plain(label))]}

        return Proposal(act="box.pack", id=new_act_id(), actor=self.away, decide=decide, request={})

    def prepare(self, proposal: Proposal, lasting: timedelta = HOUR) -> PreparedFile:
        """Prepare, and pass the file through its bytes."""
        now = datetime.now(UTC)
        file, _ = prepare_act(self.house.main, self.waiting, proposal, now, now + lasting)
        return read_prepared(write_prepared(file))

    def submit(self, file: PreparedFile) -> Receipt:
        """Submit now."""
        return submit_act(self.house.main, self.waiting, file, datetime.now(UTC))

    def counts(self) -> tuple[int, int, int]:
        """(acts that wait, ciphertexts that wait, ciphertexts of the ledger), more than when this desk was set up."""
        waiting, fields, kept = self._counted()
        return (waiting - self._before[0], fields - self._before[1], kept - self._before[2])

    def _counted(self) -> tuple[int, int, int]:
        with psycopg.connect(self.house.database.main_admin) as connection:
            row: Any = connection.execute(
                "SELECT (SELECT count(*) FROM sealed.prepared_act), (SELECT count(*) FROM sealed.prepared_field), "
                "(SELECT count(*) FROM sealed.field)"
            ).fetchone()
        return (row[0], row[1], row[2])


def elsewhere(actor: Actor) -> Actor:
    """The actor without the private key."""
    return Actor(id=actor.id, signer=KeyElsewhere(actor.signer.verifier_key))


def signed(file: PreparedFile, actor: Actor) -> PreparedFile:
    """What the owner of a key does with a file."""
    return file.with_signature(actor.signer.verifier_key, actor.signer.sign(file.signed_bytes))


def changed(file: PreparedFile, **members: Any) -> PreparedFile:
    """The file with members replaced."""
    return msgspec.structs.replace(file, **members)
