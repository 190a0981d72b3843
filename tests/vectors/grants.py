"""Grants of reading: each event once, of fixed facts."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec

from domain.access_grant import AccessEnded, AccessGranted
from domain.basis import Instrument
from domain.event import Event

AGENCY: Final = UUID("0198aaaa-0000-8000-8000-0000000e0001")
FILE: Final = UUID("0198aaaa-0000-8000-8000-0000000e0002")
FONDS: Final = UUID("0198aaaa-0000-8000-8000-0000000e0003")
DECISION: Final = Instrument(
    number="12/QĐ-VPTU", issued="2025-08-01", issuer="Văn phòng Thành ủy", in_force="2025-08-05"
)


def events() -> tuple[Event, ...]:
    """One of each kind."""
    return (
        AccessGranted(
            decision=DECISION, since="2025-08-05", last_day="2025-12-31", agency=AGENCY, files=(FILE,), fonds=(FONDS,)
        ),
        AccessEnded(on="2025-10-01", basis="13/QĐ-VPTU"),
    )


def payloads() -> dict[str, bytes]:
    """File name -> bytes, one for each event's permanent name."""
    return {
        f"{str(event.__struct_config__.tag).replace('.', '-').replace('/', '-')}.json": msgspec.json.encode(event)
        for event in events()
    }
