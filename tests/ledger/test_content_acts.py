"""Events about content given away, destroyed or looked for are read for ever as they were once written."""

from __future__ import annotations

import pytest

from domain.event import Event
from domain.events import event_type
from ledger.mapper import EventMapper
from mocban.acts.words import event_lines, is_known
from signing.event_entry import event_entry, parse_event_entry
from tests.vectors.content_acts import EVENTS, STREAM
from tests.vectors.regenerate import FOLDER


@pytest.mark.parametrize(("name", "event"), EVENTS.items())
def test_golden_bytes_are_read_and_said_in_words(name: str, event: Event) -> None:
    """Given the bytes kept in the vectors, the event is the same, and whoever signs it sees a sentence and members."""
    stored = (FOLDER / name).read_bytes()
    kind = event_type(type(event))
    assert EventMapper().decode(kind, stored) == event
    assert EventMapper().encode(event) == (kind, stored)
    entry = parse_event_entry(event_entry(STREAM, 1, kind, stored))
    said = list(event_lines(1, 1, entry))
    assert is_known(entry)
    assert "?" not in said[0]
    assert "không biết" not in said[0]
    assert len(said) > 2
