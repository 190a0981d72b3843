"""Lot (khối tài liệu): what moves by one rule within a fonds. Its identity follows from its key."""

from __future__ import annotations

from enum import StrEnum
from itertools import product
from typing import Final

import msgspec


class RetentionClass(StrEnum):
    """Permanent, temporary, or not appraised: where no valid rule is known, no period is invented."""

    PERMANENT = "permanent"
    TEMPORARY = "temporary"
    NOT_APPRAISED = "not-appraised"


class WorkState(StrEnum):
    """Whether the work of the file is finished (hồ sơ đã kết thúc) or not; unfinished ones are sealed apart."""

    FINISHED = "finished"
    UNFINISHED = "unfinished"


class Carrier(StrEnum):
    """Vật mang tin: a file exists on paper, digitally, or on both; each is held on its own."""

    PAPER = "paper"
    DIGITAL = "digital"


class LotKey(msgspec.Struct, frozen=True, order=True):
    """Retention class x work state x arranged x carrier. Its `text` is what the ledger keeps."""

    retention: RetentionClass
    state: WorkState
    arranged: bool
    carrier: Carrier

    @property
    def text(self) -> str:
        """The key as the ledger keeps it, such as `permanent/finished/arranged/paper`."""
        return f"{self.retention}/{self.state}/{'arranged' if self.arranged else 'unarranged'}/{self.carrier}"


ALL_LOT_KEYS: Final[tuple[LotKey, ...]] = tuple(
    LotKey(retention, state, arranged, carrier)
    for retention, state, arranged, carrier in product(RetentionClass, WorkState, (True, False), Carrier)
)
"""The 24 lots a fonds can have, in a fixed order."""
EVERY_LOT: Final[tuple[str, ...]] = tuple(key.text for key in ALL_LOT_KEYS)
"""The texts of their keys, in that order."""
