"""Disclosing one sealed field to one person: the act in the access log first, then a file that verifies.

The file opens that field and nothing else, and it outlives a later destruction of its file: who gives it out must know
that, and the act says to whom, what and by which decision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from psycopg import sql
from psycopg.rows import tuple_row

from domain.access import FieldDisclosed, disclose, disclosed
from domain.errors import Refusal
from domain.event import Event
from domain.identifiers import derive_id, nfc
from domain.sealed import Plain, Sealed
from ledger.act_id import new_act_id
from ledger.actor import Actor
from ledger.application import Ledger
from ledger.key_store import KeyStore
from ledger.log_store import LogStore
from ledger.proposal import BY_DECISION, Basis, Proposal
from ledger.sealed_store import SealedStore
from ledger.streams import Streams
from signing.base64_text import from_base64
from signing.disclosure import encode_disclosure, open_disclosure, sealed_at
from signing.seal import FIELD, sub_key
from signing.verification_error import VerificationError

ACT: Final = "access.disclose"
_EVENTS_OF: Final = (
    "SELECT position, originator_version, topic, state FROM {event} WHERE originator_id = %s "
    "ORDER BY originator_version DESC"
)
_ACT_OF: Final = "SELECT act_index FROM {event} WHERE originator_id = %s ORDER BY originator_version LIMIT 1"


class SealedFieldPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A sealed field of the main log. pointer: JSON Pointer into the payload of the event at `position`."""

    stream: UUID
    version: int
    position: int
    pointer: str
    sealed: Sealed


class DisclosureOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Who is to have which field. records: the file, then the document if it is one's. basis: the decision."""

    place: SealedFieldPlace
    records: tuple[UUID, ...]
    recipient: str
    basis: str


class Disclosed(msgspec.Struct, frozen=True, kw_only=True):
    """file: bytes to hand over. act: index in the access log. again: this very disclosure was on record before."""

    file: bytes
    act: int
    again: bool


class Discloser:
    """Discloses fields of one ledger."""

    def __init__(self, main: Ledger, access: Ledger, log: LogStore, keys: KeyStore, store: SealedStore) -> None:
        """log: the published main log. keys, store: that open its sealed fields."""
        self._main, self._access, self._log = main, access, log
        self._keys, self._store = keys, store

    def find(self, stream: UUID, type_of_event: str, pointer: str) -> SealedFieldPlace:
        """The field in the newest event of that type in the stream. Raises Refusal `field-not-sealed`."""
        for position, version, topic, state in self._rows(self._main, _EVENTS_OF, stream):
            if topic.rsplit("/", 1)[0] != type_of_event:
                continue
            try:
                sealed = sealed_at(bytes(state), pointer)
            except VerificationError:
                break
            return SealedFieldPlace(stream=stream, version=version, position=position, pointer=pointer, sealed=sealed)
        raise Refusal("field-not-sealed", field=pointer)

    def disclose(self, officer: Actor, order: DisclosureOrder, now: datetime) -> Disclosed:
        """Make the file, record the act, and only then give the file out. Idempotent: an act on record is not repeated.

        Raises Refusal `sealed-value-gone`, `position-not-published`, and those of an append: then there is no file.
        """
        data = self._made(order.place)
        # NFC: names typed on two keyboards are one recipient.
        recipient, basis = nfc(order.recipient), nfc(order.basis)
        place = order.place
        key = f"{place.position}\0{place.pointer}\0{recipient}\0{basis}"
        stream = derive_id(self._access.secret.ids, "disclosure", key)
        if (before := self._recorded(stream)) is not None:
            return Disclosed(file=data, act=before, again=True)
        fact = FieldDisclosed(
            recipient=Plain(recipient), records=order.records, position=place.position, field=place.pointer
        )

        def decide(streams: Streams) -> Mapping[UUID, Sequence[Event]]:
            return {stream: disclose(streams.load(stream, None, disclosed), fact)}

        month = derive_id(self._access.secret.ids, "reader-month", f"{recipient}/{now:%Y-%m}")
        receipt = self._access.perform(
            Proposal(
                act=ACT,
                id=new_act_id(),
                actor=officer,
                decide=decide,
                request={"disclosure": str(stream)},
                basis=Basis(code=BY_DECISION, ref=basis),
                key_owners={stream: month},
            )
        )
        return Disclosed(file=data, act=receipt.act_index, again=False)

    def _made(self, place: SealedFieldPlace) -> bytes:
        """The file, opened once as its reader will. Raises Refusal; VerificationError if content was tampered with."""
        digest = from_base64(place.sealed.ct, 32)
        ciphertext, owner = self._store.get({digest}).get(digest, (b"", None))
        rk = self._keys.find({owner}).get(owner) if owner is not None else None
        if rk is None:
            raise Refusal("sealed-value-gone", stream=place.stream, pointer=place.pointer)
        key = sub_key(rk, FIELD, place.stream, place.version, place.pointer)
        data = encode_disclosure(self._log.proof_for(place.position), place.pointer, key, ciphertext)
        open_disclosure(data, self._main.log_keys())
        return data

    def _recorded(self, stream: UUID) -> int | None:
        rows = self._rows(self._access, _ACT_OF, stream)
        return int(rows[0][0]) if rows else None

    @staticmethod
    def _rows(ledger: Ledger, text: str, stream: UUID) -> list[tuple[Any, ...]]:
        statement = sql.SQL(text).format(event=sql.Identifier(ledger.log_name.value, "event")).as_bytes()
        with ledger.datastore.get_connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
            return list(cursor.execute(statement, (stream,)).fetchall())
