"""The tree inside an act, in spans of 256 events: a path into an act of thousands of events costs one span.

256 is a power of two, so the tree over the spans' roots is the tree over the events (RFC 6962 section 2.1).
"""

from __future__ import annotations

from collections.abc import Sequence

from signing.inclusion_proof import root_from_inclusion
from signing.merkle import inclusion_path, root
from signing.verification_error import VerificationError

SPAN = 256


def span_roots(event_hashes: Sequence[bytes]) -> list[bytes]:
    """The root over each span of events, the last one perhaps shorter."""
    return [root(event_hashes[at : at + SPAN]) for at in range(0, len(event_hashes), SPAN)]


def span_of(event_index: int, events: int) -> tuple[int, int]:
    """The events [start, end) that share a span with event `event_index` of `events`."""
    start = event_index - event_index % SPAN
    return start, min(start + SPAN, events)


def path_in_act(event_index: int, spans: Sequence[bytes], span: Sequence[bytes]) -> list[bytes]:
    """The path of an event in its act's tree, sibling first. spans: as `span_roots`; span: hashes of the event's own.

    Raises VerificationError `act-root` when the span is not the one whose root is among `spans`.
    """
    number, at = divmod(event_index, SPAN)
    if number >= len(spans) or at >= len(span):
        raise VerificationError("act-root", "no such event in the act")
    inside = inclusion_path(span, at)
    if root_from_inclusion(span[at], at, len(span), inside) != spans[number]:
        raise VerificationError("act-root", "the events are not those of the act")
    return [*inside, *inclusion_path(spans, number)]
