"""The chain of a file: every act on it, its fonds, its creators and their units, in order, each as far as it is proven.

As of a civil day and as known after an act: what takes effect later, or was recorded later, is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import groupby
from operator import attrgetter
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
from projections.asking import ask_in_one, in_one
from projections.body_forms import agency_then, unit_then
from projections.chain_days import effective_day
from projections.chain_rows import ChainFile, ChainRow, chain_rows
from projections.custody_queries import NEWEST_KNOWN, CustodyAnswer, custody_by_carrier
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


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """An agency that the chain names, in its unit, as both are called on its day; how each one's dates are known."""

    id: UUID
    name: str
    code: str
    valid_from: str
    valid_to: str
    unit: UUID
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
# Each by its key: a plan by how many there are would be made anew each time.
_BODY: Final = f"""
SELECT a.id, coalesce(was.name, a.name) AS name, coalesce(was.code, a.code) AS code, a.valid_from, a.valid_to, a.unit,
       coalesce(unit_was.name, u.name, '') AS unit_name, a.certainty,
       coalesce(u.certainty, a.certainty) AS unit_certainty
FROM projection.agency AS a LEFT JOIN projection.unit AS u ON u.id = a.unit
{agency_then("a", "%(on)s")} {unit_then("u", "%(on)s", "unit_was")}
WHERE a.id = wanted.id::uuid OFFSET 0
"""  # noqa: S608  constants of this module
_BODIES: Final = in_one(
    f"""
    SELECT coalesce(json_agg(body), '[]')::text
    FROM json_array_elements_text(%(ids)s) AS wanted (id) CROSS JOIN LATERAL ({_BODY}) AS body
    """,  # noqa: S608  constants of this module
    ids="json",
    on="text",
)
_bodies: Final = msgspec.json.Decoder(list[Body])
_decode: Final = EventMapper().decode


def chain(connection: Connection, file: UUID, on: str, known_at: int = NEWEST_KNOWN) -> Chain:
    """The chain of a file as of the civil day `on` (ISO), as known after act `known_at`.

    Raises Refusal `file-unknown`, also where no act had registered it by then.
    """
    found = chain_rows(connection, file, on, known_at)
    if found.file is None or found.file.recorded > known_at:
        raise Refusal("file-unknown")
    by_act = groupby(found.rows, attrgetter("act_index"))
    acts = tuple(act for _, of_act in by_act if (act := _act(list(of_act), file, on)))
    held = custody_by_carrier(found.custody)
    wanted = sorted(map(str, {*_agencies_named(acts), *_in_custody(held)}))
    bodies = ask_in_one(connection, _bodies, _BODIES, msgspec.json.encode(wanted).decode(), on)
    return Chain(
        file=found.file, on=on, known_at=known_at, acts=acts, held=held, bodies={body.id: body for body in bodies}
    )


def _act(rows: list[ChainRow], file: UUID, on: str) -> ChainedAct | None:
    """The act with those of its events that take effect by then; None where none does."""
    events = tuple(event for row in rows if (event := _event(row)).day <= on and _concerns(event.event, file))
    if not events:
        return None
    first = rows[0]
    signers, leaf = _signed(first.note)
    return ChainedAct(
        index=first.act_index,
        name=first.name,
        at=first.at,
        signers=signers,
        leaf=leaf,
        basis_code=first.basis_code,
        basis_ref=first.basis_ref,
        first_position=first.first_position,
        recorded=first.events,
        events=events,
    )


@lru_cache(maxsize=256)  # a reorganization's acts stand in every file's chain
def _signed(note: str) -> tuple[tuple[str, ...], bytes]:
    """Who signed an act, and its leaf hash."""
    signatures = parse_note(note.encode()).signatures
    return tuple(signature.name.rpartition("/")[2] for signature in signatures), leaf_hash(note.encode())


def _concerns(event: Event | None, file: UUID) -> bool:
    """Whether an event that lists files names this one; one that lists none concerns it by its stream."""
    lines = getattr(event, "lines", ())
    return not lines or any(getattr(one, "file", None) == file for one in lines)


def _event(row: ChainRow) -> ChainedEvent:
    payload = row.state.encode()
    try:
        event = _decode(row.topic, payload)
    except Refusal:
        event = None
    return ChainedEvent(
        position=row.position,
        stream=row.stream,
        what=row.what,
        type=row.topic,
        payload=payload,
        day=effective_day(event, row.at),
        event=event,
        taken=row.held,
    )


def _agencies_named(acts: Iterable[ChainedAct]) -> set[UUID]:
    """Every agency that an event of the chain names by a member of its own."""
    named: set[UUID] = set()
    for act in acts:
        for one in act.events:
            for member in _naming_members(type(one.event)):  # type: ignore[arg-type]  # a type is hashable
                value = getattr(one.event, member)
                value = value.keeper if isinstance(value, Place) else value
                if isinstance(value, UUID):
                    named.add(value)
            for several in ("creators", "former") if one.what == "fonds" else ():
                named |= set(getattr(one.event, several, ()))
            named |= set(one.event.to) if isinstance(one.event, AgencySeparated) else set()
            named |= {line.receiver for line in getattr(one.event, "table", ()) if line.receiver}
    return named


@cache  # of each kind of event
def _naming_members(kind: type[Any]) -> tuple[str, ...]:
    """The members of an event that name one agency."""
    members = ("held_by", "giver", "receiver", "deliverer", "borrower", "place")
    return tuple(member for member in members if hasattr(kind, member))


def _in_custody(held: dict[Carrier, CustodyAnswer]) -> set[UUID]:
    both = [one.custody for one in held.values()]
    return {agency for one in both for agency in (one.assigned_to, one.held_by) if agency is not None}
