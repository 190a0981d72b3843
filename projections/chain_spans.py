"""A file's chain as spans of time: to whom it was assigned and in whose hands each carrier was, from when until when.

Of several facts for one day the latest act counts, as everywhere; a fact stands until the next day that has one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import pairwise
from uuid import UUID

import msgspec

from domain.child_lot import LotAssigned, LotCarved, LotFilesListed, LotFilesReturned
from domain.file import FileDigitized, FileRegistered
from domain.fonds import FondsOpened
from domain.lot import Carrier
from domain.reorganization import FondsAssigned
from domain.single_file import FileAssigned, FileReassigned, FileRejoined
from projections.chain import Chain
from projections.chain_child_lots import child_in_turn, child_of, line_of_child
from projections.chain_words import line_for


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """From a day until the day `until` (not included; empty: still so on the day asked). agency None: awaits one.

    act: index of the act that says so; position: of its event; basis: as it cites.
    """

    since: str
    until: str
    agency: UUID | None
    act: int
    position: int
    basis: str = ""


def assigned(chain: Chain, carrier: Carrier) -> tuple[Span, ...]:
    """To whom a carrier of the file was assigned, in turn: with its lot, or by a decision of its own.

    A lot is assigned whether or not something is in it: the digital one also before anything was scanned.
    """
    lots: list[Span] = []
    own: list[Span] = []
    back: set[int] = set()
    for act, one in chain.events():
        match one.event:
            case FondsOpened(creators=creators):
                lots.append(_span(one.day, creators[0], act.index, one.position))
            case FondsAssigned() as event:
                receiver, basis = line_for(chain, event, carrier) or (None, "")
                lots.append(_span(one.day, receiver, act.index, one.position, basis))
            case FileAssigned(carriers=carriers, receiver=receiver, decision=by) if carrier in carriers:
                own.append(_span(one.day, receiver, act.index, one.position, by.number))
            case FileReassigned(carrier=one_carrier, receiver=whom, basis=cited) if one_carrier is carrier:
                own.append(_span(one.day, whom, act.index, one.position, cited))
            case FileRejoined(carriers=carriers) if carrier in carriers:
                own.append(_span(one.day, None, act.index, one.position))
                back.add(one.position)
            case _:
                pass
    return _own_first(chain, carrier, (_in_turn(lots), _in_turn(own), _of_children(chain, carrier)), back)


def must_have(chain: Chain, carrier: Carrier) -> tuple[Span, ...]:
    """To whom a carrier was assigned since there is one; empty where there never was."""
    if carrier is Carrier.PAPER:  # a file is its fonds' from the first, whenever it was registered
        return assigned(chain, carrier)
    begun = next((span.since for span in held(chain, carrier)), None)
    if begun is None:
        return ()
    later = [span for span in assigned(chain, carrier) if not span.until or span.until > begun]
    return tuple(msgspec.structs.replace(span, since=max(span.since, begun)) for span in later)


def apart(chain: Chain) -> bool:
    """Whether the digital carrier was assigned otherwise than the paper on any day since there is one."""
    digital, paper = must_have(chain, Carrier.DIGITAL), assigned(chain, Carrier.PAPER)
    days = {span.since for span in (*digital, *paper) if digital and span.since >= digital[0].since}
    return any(_on(digital, day) != _on(paper, day) for day in days)


def _on(spans: tuple[Span, ...], day: str) -> UUID | None:
    return next((span.agency for span in reversed(spans) if span.since <= day), None)


def _of_children(chain: Chain, carrier: Carrier) -> dict[UUID, tuple[Span, ...]]:
    """Child lot -> who had to have what of it is in the file's lot."""
    found: dict[UUID, list[Span]] = {}
    for act, one in chain.events():
        child = child_of(one)
        if child is not None and isinstance(one.event, LotCarved | LotAssigned):
            line = line_of_child(chain, one.event, carrier)
            whom, basis = (line.receiver, line.basis) if line else (None, "")
            found.setdefault(child, []).append(_span(one.day, whom, act.index, one.position, basis))
    return {child: _in_turn(spans) for child, spans in found.items()}


def _own_first(
    chain: Chain,
    carrier: Carrier,
    said: tuple[tuple[Span, ...], tuple[Span, ...], dict[UUID, tuple[Span, ...]]],
    back: Collection[int],
) -> tuple[Span, ...]:
    """What the file's own decisions say while they stand, else its child lot's, else its fonds' lot's. said: by the
    fonds' lot, by the file alone, by child lots; back: where the file rejoined.
    """
    lots, own, children = said
    turns: list[Span] = []
    listed = {one.day for _, one in chain.events() if isinstance(one.event, LotFilesListed | LotFilesReturned)}
    for day in sorted(listed | {span.since for some in (lots, own, *children.values()) for span in some}):
        alone = _as_of(own, day)
        child = child_in_turn(chain, carrier, day)
        with_lot = _as_of(children[child], day) if child in children else _as_of(lots, day)
        found = alone if alone is not None and alone.position not in back else with_lot
        if found is not None and (not turns or turns[-1].position != found.position):
            turns.append(msgspec.structs.replace(found, since=day, until=""))
    return _in_turn(turns)


def _as_of(spans: tuple[Span, ...], day: str) -> Span | None:
    return next((span for span in reversed(spans) if span.since <= day), None)


def held(chain: Chain, carrier: Carrier) -> tuple[Span, ...]:
    """In whose hands a carrier was, in turn; empty where it never existed."""
    found: list[Span] = []
    for act, one in chain.events():
        event = one.event
        begins = isinstance(event, FileRegistered if carrier is Carrier.PAPER else FileDigitized)
        if begins and isinstance(event, FileRegistered | FileDigitized):
            found.append(_span(one.day, event.held_by, act.index, one.position))
        elif one.taken and getattr(event, "carrier", None) is carrier:  # a hand-over, or a dispute about it settled
            receiver, basis = getattr(event, "receiver", None), getattr(event, "basis", "")
            found.append(_span(one.day, receiver, act.index, one.position, basis))
    return _in_turn(found)


def _span(day: str, agency: UUID | None, act: int, position: int, basis: str = "") -> Span:
    return Span(since=day, until="", agency=agency, act=act, position=position, basis=basis)


def _in_turn(found: Iterable[Span]) -> tuple[Span, ...]:
    by_day = {span.since: span for span in sorted(found, key=lambda span: (span.since, span.act, span.position))}
    ordered = list(by_day.values())
    ended = [msgspec.structs.replace(one, until=following.since) for one, following in pairwise(ordered)]
    return (*ended, *ordered[-1:])
