"""An entry composed from a payload of one's own is the entry that a stranger's payload would get."""

from __future__ import annotations

from uuid import UUID

import pytest

from signing.event_entry import composed_event_entry, event_entry
from signing.verification_error import VerificationError

STREAM = UUID(int=7)
GOOD = ('{"type":"x.y/1"}', '{"type":"x.y/1","a":"Hồ sơ","b":[1,{}]}', '{"type":"x.y/1","a":"null and void"}')
BAD = (
    '{"type":"x.y/1","a":null}',
    '{"type":"x.y/1","a":"Ho\u0302\u0300"}',
    '{"type":"x.z/1"}',
    '{"a":1,"type":"x.y/1"}',
    '{"type":"x.y/1","a":"' + "x" * 65_536 + '"}',
)


@pytest.mark.parametrize("payload", GOOD)
def test_a_payload_of_ones_own_gets_the_same_entry(payload: str) -> None:
    """Given what an encoder writes, when composed, then the bytes are those of the careful way."""
    assert composed_event_entry(STREAM, 3, "x.y/1", payload.encode()) == event_entry(
        STREAM, 3, "x.y/1", payload.encode()
    )


@pytest.mark.parametrize("payload", BAD)
@pytest.mark.parametrize("version", [1, 0, 1 << 64])
def test_what_is_refused_is_refused_on_both_ways(payload: str, version: int) -> None:
    """Given a null, text not NFC, another type or too many bytes, when composed, then it is refused."""
    for entry in (composed_event_entry, event_entry):
        with pytest.raises(VerificationError, match="event"):
            entry(STREAM, version, "x.y/1", payload.encode())
