"""What is assigned already, by the log itself: a decision must not rest on a view that could lag."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, cast
from uuid import UUID

import msgspec
from eventsourcing.persistence import Notification

from domain import agency, child_lot, file, fonds, reorganization, single_file
from domain.child_lot import LotAssigned, LotCarved
from domain.child_standing import ChildStanding, as_table
from domain.covering import OwnDecision, SingleStanding
from domain.creatorship import FondsWentOn
from domain.event import Event
from domain.events import event_type
from domain.file import lot_key
from domain.lot import Carrier
from domain.reorganization import FondsAssigned
from domain.single_file import FileAssigned, FileReassigned, FileRejoined
from ledger.application import Ledger
from ledger.mapper import StreamEvent
from ledger.streams import Streams

_AGENCY: Final = event_type(agency.AgencyEstablished)
_FONDS: Final = event_type(fonds.FondsOpened)
_ENACTED: Final = event_type(reorganization.ReorganizationEnacted)
_ASSIGNED: Final = event_type(FondsAssigned)
_WENT_ON: Final = event_type(FondsWentOn)
_SINGLE: Final = tuple(event_type(kind) for kind in (FileAssigned, FileRejoined, FileReassigned))
_CHILDREN: Final = tuple(event_type(kind) for kind in (LotCarved, LotAssigned))
_PAGE: Final = 1000


class Touched(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan may touch: every agency and fonds there is."""

    agencies: Sequence[UUID]
    fonds: Sequence[UUID]


def touched(ledger: Ledger) -> Touched:
    """Every agency and fonds that the log knows."""
    found: dict[str, list[UUID]] = {_AGENCY: [], _FONDS: []}
    for one in _stored(ledger, _AGENCY, _FONDS):
        found[one.topic].append(_stream(one))
    return Touched(agencies=found[_AGENCY], fonds=found[_FONDS])


def tables(ledger: Ledger, streams: Streams, named: Collection[UUID] | None = None) -> dict[UUID, list[FondsAssigned]]:
    """Every assignment of the fonds named, or of all, in the order recorded; what they stand in is guarded first."""
    for enacted in [_stream(one) for one in _stored(ledger, _ENACTED)]:
        streams.load(enacted, None, reorganization.evolve)
    found: dict[UUID, list[FondsAssigned]] = {}
    for one in _stored(ledger, _ASSIGNED):
        event = _event(ledger, one)
        if isinstance(event, FondsAssigned) and (named is None or event.fonds in named):
            found.setdefault(event.fonds, []).append(event)
    return found


def gone_on(ledger: Ledger) -> dict[UUID, list[FondsWentOn]]:
    """That fonds went on, with whom, as recorded. Call it after `tables`, which guards what they stand in."""
    found: dict[UUID, list[FondsWentOn]] = {}
    for one in _stored(ledger, _WENT_ON):
        event = _event(ledger, one)
        if isinstance(event, FondsWentOn):
            found.setdefault(event.fonds, []).append(event)
    return found


def single_files(ledger: Ledger, streams: Streams, bodies: Collection[UUID]) -> list[SingleStanding]:
    """Files that a decision of their own gave to one of these bodies, with all such decisions, in the order recorded.

    Call it after `tables`, which guards the reorganizations that such decisions may stand in.
    """
    ending = frozenset(bodies)
    found: dict[tuple[UUID, Carrier], list[OwnDecision]] = {}
    own: dict[UUID, set[UUID]] = {}
    for one in _stored(ledger, *_SINGLE):
        event = _event(ledger, one)
        for carrier, decision in _decisions(event):
            about = event.file  # type: ignore[attr-defined]  # all of _SINGLE name one
            found.setdefault((about, carrier), []).append(decision)
            if not isinstance(event, FileReassigned):
                own.setdefault(about, set()).add(_stream(one))
    wanted = {key: said for key, said in found.items() if any(one.receiver in ending for one in said)}
    files = sorted({key for key, _ in wanted}, key=str)
    registered = streams.load_many(files, None, file.evolve)
    streams.load_many(sorted({one for key in files for one in own.get(key, ())}, key=str), None, single_file.evolve)
    return [_standing(key, carrier, said, registered) for (key, carrier), said in wanted.items()]


def child_lots(
    ledger: Ledger, streams: Streams, *, named: Collection[UUID] = (), bodies: Collection[UUID] = ()
) -> list[ChildStanding]:
    """The child lots named, and those that one of these bodies was ever to have, with all their tables, in the order
    recorded; their streams are guarded.

    Call it after `tables`, which guards the reorganizations that tables may stand in.
    """
    found: dict[UUID, list[FondsAssigned]] = {}
    fonds_of: dict[UUID, UUID] = {}
    for one in _stored(ledger, *_CHILDREN):
        event = _event(ledger, one)
        child = event.lot if isinstance(event, LotAssigned) else _stream(one)
        if isinstance(event, LotCarved):
            fonds_of[child] = event.fonds
        if isinstance(event, LotCarved | LotAssigned):
            found.setdefault(child, []).append(as_table(child, event))
    ending = frozenset(bodies)
    wanted = [
        key
        for key, said in found.items()
        if key in named or any(line.receiver in ending for table in said for line in table.table)
    ]
    streams.load_many(sorted(wanted, key=str), None, child_lot.evolve)
    return [ChildStanding(child=key, fonds=fonds_of[key], tables=tuple(found[key])) for key in wanted]


def _standing(
    key: UUID, carrier: Carrier, said: list[OwnDecision], registered: Mapping[UUID, file.File | None]
) -> SingleStanding:
    known = registered[key]
    assert known is not None
    lot = lot_key(known.registered, carrier).text
    return SingleStanding(file=key, carrier=carrier, fonds=known.registered.fonds, lot=lot, decisions=tuple(said))


def _decisions(event: Event) -> Iterator[tuple[Carrier, OwnDecision]]:
    match event:
        case FileAssigned(carriers=carriers, effective=day, receiver=to):
            yield from ((carrier, OwnDecision(effective=day, receiver=to)) for carrier in carriers)
        case FileRejoined(carriers=carriers, effective=day):
            yield from ((carrier, OwnDecision(effective=day, receiver=None, apart=False)) for carrier in carriers)
        case FileReassigned(carrier=carrier, effective=day, receiver=whom):
            yield carrier, OwnDecision(effective=day, receiver=whom)
        case _:
            pass


def _stored(ledger: Ledger, *types: str) -> Iterator[Notification]:
    """Every event of some types that the log has, in its order."""
    start: int | None = 1
    while start is not None:
        page = ledger.log_recorder.select_notifications(start, _PAGE, topics=types)
        yield from page
        start = page[-1].id + 1 if len(page) == _PAGE else None


def _stream(one: Notification) -> UUID:
    return UUID(str(one.originator_id))


def _event(ledger: Ledger, one: Notification) -> Event:
    return cast("StreamEvent", ledger.mapper.to_domain_event(one)).event
