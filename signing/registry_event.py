"""From event entries to the registry's events: for whoever replays a registry from bytes."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from domain.keys import RegistryEvent, registry_stream
from signing.event_entry import parse_event_entry
from signing.verification_error import VerificationError

_decoder = msgspec.json.Decoder(RegistryEvent)


def registry_events(entries: Sequence[bytes], origin: str) -> list[RegistryEvent]:
    """The events of one act that lie on the log's registry stream, in order; others are left out.

    Raises VerificationError `event` or `registry-event` for bytes on that stream that are no registry event.
    """
    stream = registry_stream(origin).bytes
    events: list[RegistryEvent] = []
    for entry in entries:
        if entry[:16] == stream:
            try:
                events.append(_decoder.decode(parse_event_entry(entry).payload))
            except (msgspec.MsgspecError, ValueError, RecursionError) as error:
                raise VerificationError("registry-event", "not an event of the registry") from error
    return events
