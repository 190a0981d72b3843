"""The only door between events and bytes.

Outward: a Struct becomes its permanent name and the JSON that will be hashed as it stands. Inward: stored bytes become
the Struct of today, through upcasters where the shape has a newer number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent
from typing_extensions import override

from domain.errors import Refusal
from domain.event import Event
from domain.events import EVENT_TYPES as RECORD_EVENTS
from domain.events import event_type
from domain.handover import taken_whole, with_days
from domain.keys import KEY_EVENTS
from domain.principal import with_reach
from signing.event_entry import EventEntry, composed_event_entry
from signing.verification_error import VerificationError

EVENT_TYPES: Final[Mapping[str, type[Event]]] = {**RECORD_EVENTS, **{event_type(kind): kind for kind in KEY_EVENTS}}
"""Every event there is, those of the key registry and of the log included."""

UPCASTERS: Final[Mapping[str, Callable[[Any], Event]]] = {
    "principal.appointed/1": with_reach,
    "handover.proposed/1": with_days,
    "custody.handed-over/1": taken_whole,
}
"""Old permanent name -> function from the old Struct to the next newer one; applied until no entry is left.

A sealed member keeps its name and place: its JSON Pointer is bound into the seal, and the bytes stay as they were.
"""

# Quotes inside JSON strings are escaped, so these bytes can only be the member itself.
_PLAIN: Final = b'"alg":"plain"'


class StreamEvent(msgspec.Struct, frozen=True):
    """An event at its place in a stream: what eventsourcing asks of a domain event, beside the fact itself."""

    originator_id: UUID
    originator_version: int
    event: Event


class EventMapper(Mapper[UUID]):
    """Converts between `StreamEvent` and `StoredEvent`. The permanent name is the topic; no module path is stored."""

    def __init__(
        self,
        event_types: Mapping[str, type[Event]] = EVENT_TYPES,
        upcasters: Mapping[str, Callable[[Any], Event]] = UPCASTERS,
    ) -> None:
        super().__init__(transcoder=JSONTranscoder())  # asked for by the base; never used
        self._decoders = {name: msgspec.json.Decoder(kind) for name, kind in event_types.items()}
        self._names = {kind: name for name, kind in event_types.items() if name not in upcasters}
        self._superseded = frozenset(event_types[name] for name in upcasters if name in event_types)
        self._upcasters = upcasters
        encoder = msgspec.json.Encoder()
        self._encode, self._encode_lines = encoder.encode, encoder.encode_lines

    def encode(self, event: Event) -> tuple[str, bytes]:
        """(permanent name, payload). Raises Refusal: `event-unknown`, `event-superseded`, `event-not-sealed`."""
        name = self._names.get(type(event))
        if name is None:
            superseded = type(event) in self._superseded
            raise Refusal("event-superseded" if superseded else "event-unknown", type=type(event).__name__)
        payload = self._encode(event)
        if _PLAIN in payload:
            raise Refusal("event-not-sealed", type=name)
        return name, payload

    def encode_all(self, events: Sequence[Event]) -> bytes | None:
        """The payloads of many events, a line each; None when one of them is refused by `encode`, which says why."""
        if not self._names.keys() >= set(map(type, events)):
            return None
        lines = self._encode_lines(events)
        return None if _PLAIN in lines else lines

    def name_of(self, kind: type[Event]) -> str:
        """The permanent name of a type of today's. Raises KeyError."""
        return self._names[kind]

    def decode(self, type: str, payload: bytes) -> Event:  # noqa: A002  the format's word
        """The event of today's shape. Raises Refusal: `event-unknown`, `event-unreadable`."""
        decoder = self._decoders.get(type)
        if decoder is None:
            raise Refusal("event-unknown", type=type)
        try:
            event = decoder.decode(payload)
        except msgspec.MsgspecError as error:
            raise Refusal("event-unreadable", type=type) from error
        while (upcast := self._upcasters.get(type)) is not None:
            event = upcast(event)
            type = event_type(event.__class__)  # noqa: A001
        return event

    def stored(self, stream: UUID, version: int, event: Event) -> tuple[EventEntry, bytes]:
        """What the row holds and the event entry that is hashed. Raises Refusal as `entry` does."""
        name, payload, entry = self.entry(stream, version, event)
        return EventEntry(stream, version, name, payload), entry

    def entry(self, stream: UUID, version: int, event: Event) -> tuple[str, bytes, bytes]:
        """(permanent name, payload, event entry). Raises Refusal: also `event-bytes-refused` (size, NFC, nulls)."""
        name, payload = self.encode(event)
        try:
            return name, payload, composed_event_entry(stream, version, name, payload)
        except VerificationError as error:
            raise Refusal("event-bytes-refused", type=name, reason=error.detail) from error

    @override
    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        assert isinstance(domain_event, StreamEvent)
        stream, version = domain_event.originator_id, domain_event.originator_version
        name, payload, _ = self.entry(stream, version, domain_event.event)
        return StoredEvent(stream, version, name, payload)

    @override
    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[UUID]:
        assert isinstance(stored_event.originator_id, UUID)
        return StreamEvent(
            stored_event.originator_id,
            stored_event.originator_version,
            self.decode(stored_event.topic, stored_event.state),
        )
