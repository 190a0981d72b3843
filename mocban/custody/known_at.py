"""As known when: an act's index as it stands, or a time, which means the last act under a checkpoint signed by then."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from psycopg.rows import tuple_row

from domain.errors import Refusal
from ledger.application import Ledger
from mocban.custody.day import CIVIL_ZONE
from projections.custody_batch import last_act
from projections.view import Connection
from signing.checkpoint import open_checkpoint

_SIZES: Final = "SELECT size FROM main_log.checkpoint ORDER BY size"
_NOTE: Final = "SELECT note FROM main_log.checkpoint WHERE size = %s"


def act_known_at(ledger: Ledger, connection: Connection, text: str | None) -> int:
    """The act index meant; the newest where `text` is None. A time without a zone is a time of Viet Nam.

    Raises Refusal `act-not-recorded`, `known-at-unfit`, `known-at-before-ledger`; VerificationError for a checkpoint
    that is not the log's.
    """
    last = last_act(connection)
    if text is None:
        return last
    if text.isascii() and text.isdigit():
        index = int(text) if len(text) < 19 else last + 1
        if index > last:
            raise Refusal("act-not-recorded", index=text[:40], last=last)
        return index
    return min(last, _size_at(ledger, connection, _moment(text), text) - 1)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=CIVIL_ZONE)).astimezone(UTC)
    except (ValueError, OverflowError) as error:  # OverflowError: in UTC it is before year 1 or after year 9999
        raise Refusal("known-at-unfit", value=text[:40]) from error


def _size_at(ledger: Ledger, connection: Connection, moment: datetime, text: str) -> int:
    """The size of the last checkpoint signed by then; checkpoints grow in size and in time, so half are left each step.

    Its time is what its own timestamped signature says.
    """
    with connection.cursor(row_factory=tuple_row) as cursor:
        sizes = [size for (size,) in cursor.execute(_SIZES)]
        low, high = 0, len(sizes)
        while low < high:
            middle = (low + high) // 2
            row = cursor.execute(_NOTE, (sizes[middle],)).fetchone()
            assert row is not None
            signed = max(open_checkpoint(bytes(row[0]), ledger.log_keys()).times.values())
            low, high = (middle + 1, high) if signed <= moment.timestamp() else (low, middle)
    if low == 0:
        raise Refusal("known-at-before-ledger", value=text[:40])
    return int(sizes[low - 1])
