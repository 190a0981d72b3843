"""The civil day on which an event takes effect: its own, where it names one; else that of its act, in Viet Nam."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from domain.administrative_unit import UnitEstablished
from domain.agency import AgencyEstablished
from domain.event import Event
from domain.file import FileDigitized, FileRegistered
from domain.fonds import FondsOpened
from domain.reorganization import ReorganizationAdopted

_ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")


def effective_day(event: Event | None, at: str) -> str:
    """ISO day. at: the act's time as signed, RFC 3339."""
    match event:
        case UnitEstablished(valid_from=day) | AgencyEstablished(valid_from=day) | FondsOpened(opened_from=day):
            return day
        case FileRegistered(held_from=day) | FileDigitized(held_from=day):
            return day
        case ReorganizationAdopted(instrument=instrument):
            return instrument.issued
        case _:
            named = getattr(event, "on", "") or getattr(event, "effective", "")
            return str(named) if named else datetime.fromisoformat(at).astimezone(_ZONE).date().isoformat()
