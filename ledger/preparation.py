"""Preparation: from decided events to a signed act, and the checks an act passes before it is appended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol
from uuid import UUID

import msgspec

from domain.errors import Refusal
from domain.event import Event
from domain.keys import ACT_FOUND, DUAL_EVENTS, registry_stream
from ledger.act_draft import with_signatures
from ledger.actor import Actor
from ledger.placed_event import PlacedEvent
from ledger.proposal import Proposal
from ledger.registrars_left import check_registrars_left
from ledger.registry_reader import KnownRegistry
from ledger.streams import Streams
from signing.act import (
    ActHeader,
    Basis,
    OpenedAct,
    Seen,
    UnsignedAct,
    act_root,
    open_act,
    unsigned_act,
    verify_act_signatures,
)  # fmt: skip
from signing.event_entry import event_name
from signing.genesis import found
from signing.registry_event import registry_events
from signing.verification_error import VerificationError

CLOCK_TOLERANCE: Final = timedelta(seconds=120)
_rfc3339: Final = msgspec.json.Encoder().encode


def placed(proposal: Proposal, streams: Streams, decided: Mapping[UUID, Sequence[Event]]) -> list[PlacedEvent]:
    """The decided events with their versions, in the order of the decision. Raises Refusal `act-without-events`."""
    events: list[PlacedEvent] = []
    version_of, owner_of = streams.version, proposal.owners()
    for stream, new in decided.items():
        for version, event in enumerate(new, start=version_of(stream) + 1):
            events.append(PlacedEvent(stream, version, event, owner_of(stream, version)))
    if not events:
        raise Refusal("act-without-events", act=proposal.act)
    return events


class Unsigned(Protocol):
    """What an act's header says beside its events and its time: a proposal, a bulk draft."""

    @property
    def act(self) -> str:
        """The command's stable name."""
        ...

    @property
    def id(self) -> UUID:
        """The act's id."""
        ...

    @property
    def for_(self) -> str | None:
        """The principal a service acts for."""
        ...

    @property
    def basis(self) -> Basis | None:
        """On what ground."""
        ...


def signed_note(
    unsigned: Unsigned, signers: Sequence[Actor], origin: str, events: int, root: bytes, seen: Seen, now: datetime
) -> bytes:
    """The act's note over `events` event entries with that act root (32 bytes), signed by all, the actor first.

    Raises Refusal `act-malformed`.
    """
    act = composed(unsigned, signers, origin, events, root, seen, now)
    return with_signatures(act, [actor.signer.sign(act.text) for actor in signers]).data


def composed(
    unsigned: Unsigned, signers: Sequence[Actor], origin: str, events: int, root: bytes, seen: Seen, now: datetime
) -> UnsignedAct:
    """The same act before it is signed. Raises Refusal `act-malformed`."""
    keys = [actor.signer_in(origin).verifier_key for actor in signers]
    header = ActHeader(
        act=unsigned.act,
        id=unsigned.id,
        actor=signers[0].id,
        at=written_time(now),
        events=events,
        root=root,
        seen=seen,
        for_=unsigned.for_,
        basis=unsigned.basis,
        kids=tuple([key.kid for key in keys]),
    )
    try:
        return unsigned_act(origin, header, keys)
    except VerificationError as error:
        raise Refusal("act-malformed", act=unsigned.act, reason=error.detail) from error


def check_act(note: bytes, entries: Sequence[bytes], origin: str, known: KnownRegistry, now: datetime) -> OpenedAct:
    """Canonical form, root, time, signatures, keys and roles of an act about to be appended.

    Raises Refusal: `act-malformed`, `act-in-the-future`, `act-not-permitted` (codes of the registry's judgement).
    """
    return checked_note(note, len(entries), act_root(entries), entries, origin, known, now)


def checked_note(
    note: bytes,
    events: int,
    root: bytes,
    entries: Sequence[bytes],
    origin: str,
    known: KnownRegistry,
    now: datetime,
) -> OpenedAct:
    """As `check_act`, of an act whose root is known. entries: those that may concern the registry."""
    with _malformed():
        act = open_act(note, origin)
        if act.header.events != events or act.header.root != root:
            raise Refusal("act-malformed", act=act.header.act, reason="it commits to other events")
        if datetime.fromisoformat(act.header.at) > now + CLOCK_TOLERANCE:
            raise Refusal("act-in-the-future", act=act.header.act, at=act.header.at)
        _check_rights(act, entries, origin, known)
        return act


def is_permitted(act: UnsignedAct, entries: Sequence[bytes], known: KnownRegistry) -> bool:
    """Whether keys and roles of an act that this process has just composed are good; form and time are its own.

    False for one that founds or changes the registry: that is judged when it is signed (`check_signed`). Raises Refusal
    as `check_act`.
    """
    stream = registry_stream(act.origin).bytes
    if known.registry is None or any(entry[:16] == stream for entry in entries):
        return False
    _check_dual_control(act.header.act, entries)
    _refuse(act.header.act, known.problems_of(act))
    return True


def check_signed(act: OpenedAct, entries: Sequence[bytes], known: KnownRegistry) -> None:
    """Signatures, keys and roles of an act composed here. Raises Refusal as `check_act`."""
    with _malformed():
        _check_rights(act, entries, act.origin, known)


def check_signatures(act: OpenedAct, known: KnownRegistry) -> None:
    """Those of an act that `is_permitted`. Raises Refusal `act-malformed`."""
    assert known.registry is not None
    with _malformed():
        verify_act_signatures(act, known.registry.keys)


@contextmanager
def _malformed() -> Iterator[None]:
    try:
        yield
    except VerificationError as error:
        raise Refusal("act-malformed", act=None, reason=f"{error.code}: {error.detail}") from error


def _check_rights(act: OpenedAct, entries: Sequence[bytes], origin: str, known: KnownRegistry) -> None:
    events = registry_events(entries, origin)
    if known.registry is None:
        if act.header.act != ACT_FOUND:
            raise Refusal("ledger-not-founded")
        found(act, events)
        return
    verify_act_signatures(act, known.registry.keys_with(events) if events else known.registry.keys)
    _check_dual_control(act.header.act, entries)
    # The act will lie after every act known of so far; where exactly does not change the judgement.
    after = known.next_index(act.header.seen.size)
    _refuse(act.header.act, known.registry.judge(act, after, events) if events else known.problems_of(act))
    check_registrars_left(known.registry, events)


def _check_dual_control(act: str, entries: Sequence[bytes]) -> None:
    for entry in entries:
        if DUAL_EVENTS.get(event_name(entry), act) != act:
            raise Refusal("act-not-permitted", act=act, problems="dual-control-missing")


def _refuse(act: str, problems: Sequence[str]) -> None:
    if problems:
        raise Refusal("act-not-permitted", act=act, problems=", ".join(problems))


def written_time(moment: datetime) -> str:
    """`YYYY-MM-DDTHH:MM:SS.ffffffZ`."""
    at = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    text = _rfc3339(at).decode()[1:-1]
    return text if at.microsecond else f"{text[:-1]}.000000Z"
