"""What a superuser changes in the rows of a log, triggers switched off, is named row by row."""

from __future__ import annotations

from uuid import uuid4

import psycopg
import pytest

from ledger.log_name import LogName
from ledger.row_check import BadRow, RowCheck
from ledger.tile_store import TileStore
from tests.ledger.conftest import House
from tests.ledger.test_sequencer import administrator, sequencer

DISASTERS = {
    "payload": ("UPDATE main_log.event SET state = state || ' ' WHERE position = 9", {("row-altered", 9)}),
    "stream": ("UPDATE main_log.event SET originator_id = gen_random_uuid() WHERE position = 9", {("row-altered", 9)}),
    "act of an event": ("UPDATE main_log.event SET act_index = 0 WHERE position = 9", {("row-altered", 9)}),
    "payload that is none": ("UPDATE main_log.event SET state = 'x' WHERE position = 9", {("row-altered", 9)}),
    "event deleted": ("DELETE FROM main_log.event WHERE position = 9", {("row-missing", 9)}),
    "note": ("UPDATE main_log.act SET note = note || 'x' WHERE index = 4", {("row-altered", None)}),
    "id": ("UPDATE main_log.act SET id = gen_random_uuid() WHERE index = 4", {("row-altered", None)}),
    "act deleted": ("DELETE FROM main_log.act WHERE index = 4", {("row-missing", None)}),
    "event added": (
        "INSERT INTO main_log.event SELECT 900, gen_random_uuid(), 1, topic, state, 4 FROM main_log.event LIMIT 1",
        {("row-stray", 900)},
    ),
}


def _bad(house: House, connection: psycopg.Connection[tuple[object, ...]], size: int) -> list[BadRow]:
    tiles = TileStore(house.home / "objects", LogName.MAIN)
    return list(RowCheck(connection, LogName.MAIN, house.main.origin, tiles, size).bad_rows())


def test_untouched_rows_are_as_published(house: House) -> None:
    """Given a published log of two event bundles, nothing is bad; of rows not yet published nothing is said."""
    box = uuid4()
    for piece in range(300):
        house.pack(box, piece)
    line = sequencer(house)
    size = line.advance()
    line.close()
    house.pack(box)
    with administrator(house) as connection:
        assert _bad(house, connection, size) == []


@pytest.mark.parametrize("name", DISASTERS)
def test_a_changed_row_is_named(house: House, name: str) -> None:
    """Given a published log, when a superuser changes a row, then exactly that row is named."""
    statement, expected = DISASTERS[name]
    for piece in range(12):
        house.pack(uuid4(), piece)
    line = sequencer(house)
    size = line.advance()
    line.close()
    with administrator(house) as connection:
        for table in ("act", "event"):
            connection.execute(f"ALTER TABLE main_log.{table} DISABLE TRIGGER USER")
        assert connection.execute(statement).rowcount == 1
        assert {(one.fault, one.event) for one in _bad(house, connection, size)} == expected


def test_exchanged_rows_are_both_named(house: House) -> None:
    """Given two acts whose notes are exchanged, both are named."""
    for piece in range(6):
        house.pack(uuid4(), piece)
    line = sequencer(house)
    size = line.advance()
    line.close()
    with administrator(house) as connection:
        connection.execute("ALTER TABLE main_log.act DISABLE TRIGGER USER")
        connection.execute(
            "UPDATE main_log.act AS one SET note = other.note FROM main_log.act AS other "
            "WHERE (one.index, other.index) IN ((4, 5), (5, 4))"
        )
        assert [(one.fault, one.act) for one in _bad(house, connection, size)] == [
            ("row-altered", 4),
            ("row-altered", 5),
        ]
