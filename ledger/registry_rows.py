"""Are the registry's own rows those that were published? Asked at start: by them all who write are judged.

Where a row of a key or role is gone or altered, whoever opens the ledger would take the key for never enrolled and
enrol it anew, or sign under a role that nobody granted: acts that no verifier takes, for good. Looked at is what
costs next to nothing: that the stream has no gap, ends where the head says, and that each act commits to its events.
An act that does not is compared with the tiles it lies in, since it may have been published so, by another program
that had the log's keys: that one is the verifier's to name, and no start is slow for it. Only where rows are gone, so
that nobody knows from which act, are all rows compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import psycopg
from psycopg import sql

from domain.errors import Refusal
from domain.keys import registry_stream
from ledger.log_name import LogName
from ledger.row_check import RowCheck
from ledger.tile_store import TileStore
from signing.act import act_root, open_act
from signing.event_entry import event_entry
from signing.verification_error import VerificationError

_ROWS: Final = (
    "SELECT act.index, act.note, event.originator_version, event.topic, event.state, "
    "(SELECT registry_index FROM {head}), event.position "
    "FROM {event} AS event JOIN {act} AS act ON act.index = event.act_index "
    "WHERE event.originator_id = %s ORDER BY event.position"
)
"""One statement, so that an act appended meanwhile is in both or in neither. Last: the last registry act's index."""

_Row = tuple[Any, ...]


def check_registry_rows(
    connection: psycopg.Connection[Any], log: LogName, origin: str, tiles: TileStore, size: int
) -> None:
    """connection: in a role that reads the log. size: acts under the kept checkpoint.

    Raises Refusal `ledger-not-as-checkpoint`.
    """
    names = {name: sql.Identifier(log.value, name) for name in ("act", "event", "head")}
    rows = connection.execute(sql.SQL(_ROWS).format(**names), (registry_stream(origin),)).fetchall()
    check = RowCheck(connection, log, origin, tiles, size)
    if _is_gapless(rows):
        suspect = set(_not_of_their_acts(rows, origin))
        bad = any(any(check.bad_rows_of_act(index)) for index in suspect if index < size) or any(
            any(check.bad_rows_at(row[6]))
            for row in rows
            if row[0] in suspect  # where it lies, not what it claims
        )
    else:
        bad = any(check.bad_rows())
    if bad:
        raise Refusal("ledger-not-as-checkpoint", log=log, size=size)


def _is_gapless(rows: Sequence[_Row]) -> bool:
    """The stream's versions follow each other up to the act that the head says is the registry's last."""
    return bool(rows) and rows[-1][0] == rows[-1][5] and [row[2] for row in rows] == list(range(1, len(rows) + 1))


def _not_of_their_acts(rows: Sequence[_Row], origin: str) -> Iterator[int]:
    """The acts that do not commit to the registry events that lie under them."""
    stream = registry_stream(origin)
    for (index, note), group in groupby(rows, key=itemgetter(0, 1)):
        try:
            committed = open_act(bytes(note), origin).header.root
            held = act_root([event_entry(stream, row[2], row[3], bytes(row[4])) for row in group])
        except VerificationError:
            yield index
            continue
        if committed != held:
            yield index
