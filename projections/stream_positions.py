"""Where the events of one stream lie in the log, for their proofs."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec

from projections.asking import ask
from projections.view import Connection


class StreamPosition(msgspec.Struct, frozen=True, kw_only=True):
    """Where one event of a stream lies in the log."""

    position: int
    act: int


_OF_STREAM: Final = """
SELECT position, act_index AS act FROM main_log.event WHERE originator_id = %(stream)s ORDER BY originator_version
"""


def positions_of(connection: Connection, stream: UUID) -> list[StreamPosition]:
    """Every event of a stream, in order."""
    return ask(connection, StreamPosition, _OF_STREAM, stream=stream)
