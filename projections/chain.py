"""The chain of a file: every act on it, its fonds, its creators and their units, in order, each as far as it is proven.

As of a civil day and as known after an act: what takes effect later, or was recorded later, is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Final
from uuid import UUID

import msgspec

from domain.agency import AgencySeparated
from domain.basis import Certainty
from domain.container import Place
from domain.custody import Custody
from domain.errors import Refusal
from domain.event import Event
from domain.lot import Carrier
from ledger.mapper import EventMapper
from projections.asking import ask
from projections.body_forms import agency_then, unit_then
from projections.chain_days import effective_day
from projections.chain_rows import chain_rows
from projections.custody_queries import NEWEST_KNOWN, CustodyAnswer, custody_of_both
from projections.view import Connection
from signing.merkle import leaf_hash
from signing.note import parse_note


class ChainedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event. position: in the log; what: `file`, `document`, `fonds`, `assignment`, `handover`, `agency`, ...;
    day: civil day it takes effect; event: None where this program does not know its kind; taken: of a hand-over,
    whether it put this file in the receiver's hands."""

    position: int
    stream: UUID
    what: str
    type: str
    payload: bytes
    day: str
    event: Event | None
    taken: bool = True


class ChainedAct(msgspec.Struct, frozen=True, kw_only=True):
    """One act. at: as its signer claims; signers: actor ids in the order they signed; leaf: its RFC 6962 leaf hash.

    events: those of it that concern the file; first_position, recorded: of the whole act, where its events begin in the
    log and how many there are.
    """

    index: int
    name: str
    at: str
    signers: tuple[str, ...]
    leaf: bytes
    events: tuple[ChainedEvent, ...]
    basis_code: str = ""
    basis_ref: str = ""
    first_position: int = 0
    recorded: int = 0


class ChainFile(msgspec.Struct, frozen=True, kw_only=True):
    """What the chain is of. lot: number of the file's paper lot within its fonds. box, place: as registered."""

    id: UUID
    code: str
    fonds: UUID
    lot: int
    box: str
    place: str
    digital: bool
    recorded: int


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """An agency that the chain names, in its unit, as both are called on its day; how each one's dates are known."""

    id: UUID
    name: str
    code: str
    valid_from: str
    valid_to: str
    unit_name: str
    certainty: Certainty
    unit_certainty: Certainty

    @property
    def reconstructed(self) -> bool:
        """Whether its own dates or its unit's are inferred from rosters."""
        return Certainty.RECONSTRUCTED in (self.certainty, self.unit_certainty)


class Chain(msgspec.Struct, frozen=True, kw_only=True):
    """The chain as of a day and as known after an act. held: custody of each carrier; known_at: an act index."""

    file: ChainFile
    on: str
    known_at: int
    acts: tuple[ChainedAct, ...]
    held: dict[Carrier, CustodyAnswer]
    bodies: dict[UUID, Body]

    @property
    def reconstructed(self) -> bool:
        """Whether a body or unit that it rests on has dates reconstructed from rosters."""
        return any(body.reconstructed for body in self.bodies.values())

    def custody(self, carrier: Carrier) -> Custody:
        """Who must have and who has one carrier."""
        return self.held[carrier].custody

    def named(self, agency: UUID) -> str:
        """An agency's name, its id where it is not known."""
        body = self.bodies.get(agency)
        return body.name if body else str(agency)

    def events(self) -> Iterator[tuple[ChainedAct, ChainedEvent]]:
        """Every event with its act, in the log's order."""
        for act in self.acts:
            for event in act.events:
                yield act, event


ANY_DAY: Final = "9999-12-31"
"""A civil day beyond any: whatever takes effect is told."""
_FILE: Final = "SELECT {columns} FROM projection.file WHERE id = %(file)s"
_BODIES: Final = f"""
SELECT a.id, coalesce(was.name, a.name) AS name, coalesce(was.code, a.code) AS code, a.valid_from, a.valid_to,
       coalesce(unit_was.name, u.name, '') AS unit_name, a.certainty,
       coalesce(u.certainty, a.certainty) AS unit_certainty
FROM projection.agency AS a LEFT JOIN projection.unit AS u ON u.id = a.unit
{agency_then("a", "%(on)s")} {unit_then("u", "%(on)s", "unit_was")}
WHERE a.id = ANY (%(ids)s) ORDER BY a.id
"""  # noqa: S608  constants of this module
_decode: Final = EventMapper().decode


def chain(connection: Connection, file: UUID, on: str, known_at: int = NEWEST_KNOWN) -> Chain:
    """The chain of a file as of the civil day `on` (ISO), as known after act `known_at`.

    Raises Refusal `file-unknown`, also where no act had registered it by then.
    """
    found = ask(connection, ChainFile, _FILE, file=file)
    if not found or found[0].recorded > known_at:
        raise Refusal("file-unknown")
    rows = chain_rows(connection, file, on, known_at)
    acts = tuple(
        act for _, of_act in groupby(rows, lambda row: row["act_index"]) if (act := _act(list(of_act), file, on))
    )
    held = custody_of_both(connection, file, on, known_at)
    wanted = sorted({*_agencies_named(acts), *_in_custody(held)}, key=str)
    bodies = ask(connection, Body, _BODIES, ids=wanted, on=on)
    return Chain(
        file=found[0], on=on, known_at=known_at, acts=acts, held=held, bodies={body.id: body for body in bodies}
    )


def _act(rows: list[dict[str, Any]], file: UUID, on: str) -> ChainedAct | None:
    """The act with those of its events that take effect by then; None where none does."""
    events = tuple(event for row in rows if (event := _event(row)).day <= on and _concerns(event.event, file))
    if not events:
        return None
    first, note = rows[0], bytes(rows[0]["note"])
    return ChainedAct(
        index=first["act_index"],
        name=first["name"],
        at=first["at"],
        signers=tuple(signature.name.rpartition("/")[2] for signature in parse_note(note).signatures),
        leaf=leaf_hash(note),
        basis_code=first["basis_code"],
        basis_ref=first["basis_ref"],
        first_position=first["first_position"],
        recorded=first["events"],
        events=events,
    )


def _concerns(event: Event | None, file: UUID) -> bool:
    """Whether an event that lists files names this one; one that lists none concerns it by its stream."""
    listed = [getattr(one, "file", None) for one in getattr(event, "lines", ())]
    return not listed or file in listed


def _event(row: dict[str, Any]) -> ChainedEvent:
    payload = bytes(row["state"])
    try:
        event = _decode(row["topic"], payload)
    except Refusal:
        event = None
    return ChainedEvent(
        position=row["position"],
        stream=row["stream"],
        what=row["what"],
        type=row["topic"],
        payload=payload,
        day=effective_day(event, row["at"]),
        event=event,
        taken=row["held"],
    )


def _agencies_named(acts: Iterable[ChainedAct]) -> set[UUID]:
    """Every agency that an event of the chain names by a member of its own."""
    named: set[UUID] = set()
    for act in acts:
        for one in act.events:
            for member in ("held_by", "giver", "receiver", "deliverer", "borrower", "place"):
                value = getattr(one.event, member, None)
                value = value.keeper if isinstance(value, Place) else value
                named |= {value} if isinstance(value, UUID) else set()
            for several in ("creators", "former") if one.what == "fonds" else ():
                named |= set(getattr(one.event, several, ()))
            named |= set(one.event.to) if isinstance(one.event, AgencySeparated) else set()
            named |= {line.receiver for line in getattr(one.event, "table", ()) if line.receiver}
    return named


def _in_custody(held: dict[Carrier, CustodyAnswer]) -> set[UUID]:
    both = [one.custody for one in held.values()]
    return {agency for one in both for agency in (one.assigned_to, one.held_by) if agency is not None}
