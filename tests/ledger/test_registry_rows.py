"""What a start looks at in the rows of the key registry, and what it leaves to the verifiers."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from domain.errors import Refusal
from ledger.log_name import LogName
from ledger.registry_rows import check_registry_rows
from ledger.tile_store import TileStore
from tests.ledger.conftest import House
from tests.ledger.test_sequencer import administrator, sequencer

_GRANT = "SELECT position, state FROM main_log.event WHERE topic = 'registry.role-granted/1' ORDER BY position LIMIT 1"
Session = psycopg.Connection[tuple[object, ...]]


def _published(house: House) -> int:
    """A log whose events fill more than one bundle; how many acts it has."""
    for piece in range(260):
        house.pack(uuid4(), piece)
    line = sequencer(house)
    size = line.advance()
    line.close()
    return size


def _check(house: House, connection: Session, size: int) -> None:
    check_registry_rows(
        connection, LogName.MAIN, house.main.origin, TileStore(house.home / "objects", LogName.MAIN), size
    )


def test_an_act_published_without_its_events_costs_its_own_pages_only(house: House) -> None:
    """Given a registry act that never committed to its events, tile and row alike, a start compares no other page.

    That no other page is read shows in this: a row altered elsewhere is left to those who compare all of them.
    """
    size = _published(house)
    with administrator(house) as connection:
        connection.execute("ALTER TABLE main_log.event DISABLE TRIGGER USER")
        row = connection.execute(_GRANT).fetchone()
        assert row is not None
        position, state = int(str(row[0])), row[1]
        assert isinstance(state, bytes)
        other = state.replace(b'"role"', b'"rule"')
        connection.execute("UPDATE main_log.event SET state = %s WHERE position = %s", (other, position))
        with pytest.raises(Refusal) as refused:
            _check(house, connection, size)
        assert refused.value.code == "ledger-not-as-checkpoint"
        for bundle in _bundles(house):
            bundle.write_bytes(bundle.read_bytes().replace(state, other))
        _check(house, connection, size)
        connection.execute("UPDATE main_log.event SET state = state || ' ' WHERE position = 258")
        _check(house, connection, size)


def test_a_row_that_is_gone_is_looked_for_everywhere(house: House) -> None:
    """Given a row of the registry deleted, and the versions of those after it moved up or not, then it is refused."""
    size = _published(house)
    with administrator(house) as connection:
        connection.execute("ALTER TABLE main_log.event DISABLE TRIGGER USER")
        row = connection.execute(_GRANT).fetchone()
        assert row is not None
        connection.execute("DELETE FROM main_log.event WHERE position = %s", (row[0],))
        for _ in range(2):
            with pytest.raises(Refusal) as refused:
                _check(house, connection, size)
            assert refused.value.code == "ledger-not-as-checkpoint"
            connection.execute(
                "UPDATE main_log.event SET originator_version = originator_version - 1 WHERE position > %s "
                "AND originator_id = (SELECT originator_id FROM main_log.event WHERE position = 0)",
                (row[0],),
            )


@pytest.mark.parametrize("to", ["another page", "an act that is not published"])
def test_a_row_moved_to_another_act_is_found_where_it_lies(house: House, to: str) -> None:
    """Given the row of a key or role moved to a later act, then it is refused: the key would be read there."""
    size = _published(house)
    if to != "another page":
        house.pack(uuid4(), 261)
    with administrator(house) as connection:
        connection.execute("ALTER TABLE main_log.event DISABLE TRIGGER USER")
        act = size - 1 if to == "another page" else size
        connection.execute("UPDATE main_log.event SET act_index = %s WHERE position = 1", (act,))
        with pytest.raises(Refusal) as refused:
            _check(house, connection, size)
        assert refused.value.code == "ledger-not-as-checkpoint"


def _bundles(house: House) -> list[Path]:
    return [path for path in (house.home / "objects" / "main_log" / "tile" / "events").rglob("*") if path.is_file()]
