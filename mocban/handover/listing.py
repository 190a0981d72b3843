"""One hand-over with everything that is printed of it; titles are content, so to read them is an act on record."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from domain.access import AccessRule, RecordRead
from domain.basis import Instrument
from domain.errors import Refusal
from domain.event import Event
from domain.handover import CustodyHandedOver, Handover, HandoverProposed, LinesDisputed, evolve
from domain.sealed import Plain, Sealable, Sealed
from ledger.actor import Actor
from ledger.commands.handover import inventory_root
from ledger.sealer import SealedPlace
from mocban.bootstrap import Product
from projections import custody_queries, finding_aid_queries, succession_queries
from projections.custody_queries import HandoverRow
from projections.handover_queries import ListedLine, lines_of, with_counts
from projections.succession_queries import AgencyRow
from projections.view import Connection

RECORDS_PER_READING = 500


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody named in a hand-over; empty where it cannot be opened any more."""

    name: str
    post: str
    actor: str = ""


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """root: base64, of the inventory. open: lines in dispute now. fonds: code and name of each.

    decision: absent where the offer stated its number only; named_by: the decision that names the deputy.
    """

    row: HandoverRow
    giver: AgencyRow
    receiver: AgencyRow
    root: str
    open: int
    fonds: tuple[tuple[str, str], ...]
    decision: Instrument | None
    named_by: Instrument | None
    lines: tuple[ListedLine, ...]
    deputy: Person | None
    witnesses: tuple[Person, ...]
    condition: str
    notes: dict[UUID, str]

    @property
    def cited(self) -> str:
        """The decision that the hand-over rests on, with its issuer where that is known."""
        return self.decision.spoken if self.decision else self.row.basis


def read_listing(product: Product, connection: Connection, handover: UUID, reader: Actor | None) -> Listing:
    """The hand-over. reader: who reads its titles, on record before they are released; None: without titles.

    Raises Refusal `handover-unknown`, `access-not-recorded`.
    """
    row = custody_queries.handover(connection, handover)
    giver = succession_queries.agency(connection, row.giver) if row else None
    receiver = succession_queries.agency(connection, row.receiver) if row else None
    if row is None or giver is None or receiver is None:
        raise Refusal("handover-unknown")
    lines = lines_of(connection, handover)
    if reader is None:
        lines = [msgspec.structs.replace(line, title=None) for line in lines]
    else:
        record_reading(product, reader, [line.file for line in lines])
    nothing: tuple[Event, ...] = ()
    events = product.main.streams().load(handover, nothing, _listed)
    state = _folded(events)
    opened = _Opened(product, handover, events)
    offer = state.proposed
    return Listing(
        row=row,
        giver=giver,
        receiver=receiver,
        root=inventory_root(state.lines),
        open=with_counts(connection, [row])[0].open,
        fonds=_fonds(connection, lines),
        decision=offer.decision,
        named_by=offer.deputy.decision if offer.deputy else None,
        lines=tuple(lines),
        deputy=opened.person("/deputy", offer.deputy) if offer.deputy else None,
        witnesses=tuple(opened.person(f"/witnesses/{at}", one) for at, one in enumerate(offer.witnesses)),
        condition=opened.condition(),
        notes=opened.notes(),
    )


def record_reading(product: Product, reader: Actor, files: Sequence[UUID]) -> None:
    """Say on record that titles of these files were read. Raises Refusal `access-not-recorded`."""
    for start in range(0, len(files), RECORDS_PER_READING):
        part = tuple(files[start : start + RECORDS_PER_READING])
        reading = RecordRead(reader=Plain(reader.id), records=part, what="handover.list", rule=AccessRule.HOLDER)
        product.journal.record(reading, reader.id).result()


class _Opened:
    """Sealed values of a hand-over's events, each at its place."""

    def __init__(self, product: Product, stream: UUID, events: Sequence[Event]) -> None:
        self._product, self._stream, self._events = product, stream, events

    def person(self, pointer: str, one: object) -> Person:
        name, post = self._open(
            [(1, f"{pointer}/Name", getattr(one, "Name", None)), (1, f"{pointer}/Post", getattr(one, "Post", None))]
        )
        return Person(name=name, post=post, actor=str(getattr(one, "actor", "")))

    def condition(self) -> str:
        """The state of the papers as the two said it."""
        found = [
            (version, "/Condition", event.Condition)
            for version, event in enumerate(self._events, 1)
            if isinstance(event, CustodyHandedOver)
        ]
        return "; ".join(said for said in self._open(found) if said)

    def notes(self) -> dict[UUID, str]:
        """What the receiver noted beside a disputed line."""
        asked = [
            (line.file, (version, f"/lines/{at}/note", line.note))
            for version, event in enumerate(self._events, 1)
            if isinstance(event, LinesDisputed)
            for at, line in enumerate(event.lines)
            if line.note is not None
        ]
        said = self._open([place for _, place in asked])
        return {file: text for (file, _), text in zip(asked, said, strict=True)}

    def _open(self, places: Sequence[tuple[int, str, Sealable | None]]) -> list[str]:
        sealed = [
            SealedPlace(value, self._stream, version, pointer)
            for version, pointer, value in places
            if isinstance(value, Sealed)
        ]
        opened = iter(self._product.unsealer.open_many(sealed))
        return [str(next(opened) or "") if isinstance(value, Sealed) else "" for _, _, value in places]


def _listed(seen: tuple[Event, ...], event: Event) -> tuple[Event, ...]:
    return (*seen, event)


def _folded(events: Sequence[Event]) -> Handover:
    state: Handover | None = None
    for event in events:
        state = evolve(state, event)  # type: ignore[arg-type]  # a hand-over's stream holds its own events only
    if state is None or not isinstance(events[0], HandoverProposed):
        raise Refusal("handover-unknown")
    return state


def _fonds(connection: Connection, lines: Sequence[ListedLine]) -> tuple[tuple[str, str], ...]:
    found = [finding_aid_queries.fonds(connection, key) for key in dict.fromkeys(line.fonds for line in lines)]
    return tuple((one.code, one.name) for one in found if one is not None)
