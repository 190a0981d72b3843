"""Checkpoints cover every act and never tell two histories. Kills: `tests/failures/test_fault_points.py`."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from domain.errors import Refusal
from ledger.application import Ledger
from ledger.log_store import LogStore
from ledger.sequencer import Sequencer
from signing.checkpoint import sign_checkpoint
from signing.merkle import leaf_hash, root
from signing.tlog_proof import verify_event_proof
from tests.ledger.conftest import House
from tests.ledger.test_append import append_boxes


def sequencer(house: House, ledger: Ledger | None = None) -> Sequencer:
    """A sequencer of the house."""
    log = ledger or house.main
    role = "mocban_ledger_writer" if log is house.main else "mocban_access_logger"
    return Sequencer(
        log=log.log_name,
        origin=log.origin,
        conninfo=house.database.main_url(role),
        home=house.home,
        signers=house.signers_of(log),
    )


def naive_root(house: House, size: int) -> bytes:
    """The root over the stored notes, computed from all of them."""
    return root([leaf_hash(house.main.note_of(index)) for index in range(size)])


def administrator(house: House) -> psycopg.Connection[tuple[object, ...]]:
    """A superuser, who can do what no role may."""
    return psycopg.connect(house.database.main_admin, autocommit=True)


def test_a_checkpoint_covers_every_act(house: House) -> None:
    """Given acts, advance publishes their tree; given none, it signs nothing."""
    line = sequencer(house)
    assert line.advance() == 3
    for _ in range(5):
        house.pack(uuid4())
    assert line.advance() == 8
    store = LogStore(house.main, house.home)
    checkpoint, note = store.checkpoint()
    assert (checkpoint.size, checkpoint.root) == (8, naive_root(house, 8))
    assert line.advance() == 8
    assert store.checkpoint()[1] == note
    line.close()


def test_tiles_grow_over_many_acts(house: House) -> None:
    """More than two full tiles in uneven steps give the tree that all notes give, and every proof holds."""
    line, size = sequencer(house), 0
    for count in (1, 255, 2, 300):
        append_boxes(house, count)
        size = line.advance()
        checkpoint, _ = LogStore(house.main, house.home).checkpoint()
        assert checkpoint.root == naive_root(house, size)
    line.close()
    store = LogStore(house.main, house.home)
    for position in (0, 3, 255, 256, 257, size - 1):
        proven = verify_event_proof(store.proof_for(position), house.main.log_keys())
        assert proven.index == position


def test_only_one_sequencer_at_a_time(house: House) -> None:
    """A second one is told to wait, and takes over when the first lets go."""
    first, second = sequencer(house), sequencer(house)
    first.advance()
    with pytest.raises(Refusal) as refused:
        second.advance()
    assert refused.value.code == "sequencer-busy"
    first.close()
    assert second.advance() == 3
    second.close()


def altered_act(house: House) -> None:
    """An administrator edits an act that is not yet published."""
    with administrator(house) as connection:
        connection.execute("ALTER TABLE main_log.act DISABLE TRIGGER ALL")
        connection.execute("UPDATE main_log.act SET note = note || 'x'::bytea WHERE index = 4")


def altered_event(house: House) -> None:
    """An administrator edits an event that is not yet published."""
    with administrator(house) as connection:
        connection.execute("ALTER TABLE main_log.event DISABLE TRIGGER ALL")
        state = b'{"type":"box.packed/1","piece":9}'
        connection.execute("UPDATE main_log.event SET state = %s WHERE position = 4", (state,))


def rolled_back(house: House) -> None:
    """The database is an older one."""
    with administrator(house) as connection:
        connection.execute("ALTER TABLE main_log.act DISABLE TRIGGER ALL")
        connection.execute("DELETE FROM main_log.act WHERE index >= 2")
        connection.execute("UPDATE main_log.head SET acts = 2, events = 2")


def forgotten_checkpoint(house: House) -> None:
    """The database's checkpoint is older than the one kept outside."""
    with administrator(house) as connection:
        connection.execute("UPDATE main_log.latest_checkpoint SET size = 0, note = ''")


def served_otherwise(house: House) -> None:
    """Another tree of that size was served, under the log's own keys."""
    store = house.home / "objects" / "main_log" / "checkpoint"
    origin, size, _ = store.read_text().split("\n", 2)
    store.write_bytes(sign_checkpoint(origin, int(size), b"x" * 32, house.signers_of(house.main), 1_800_000_000))


def served_further(house: House) -> None:
    """A larger tree was served than the database and the kept checkpoint know of."""
    store = house.home / "objects" / "main_log" / "checkpoint"
    origin = store.read_text().split("\n", 1)[0]
    store.write_bytes(sign_checkpoint(origin, 5, b"x" * 32, house.signers_of(house.main), 1_800_000_000))


def exchanged_tile(house: House) -> None:
    """A published tile was exchanged."""
    tile = next((house.home / "objects" / "main_log" / "tile" / "0").rglob("3"))
    tile.write_bytes(b"x" * 96)


@pytest.mark.parametrize(
    ("disaster", "code"),
    [
        (altered_act, "log-forked"),
        (altered_event, "log-forked"),
        (rolled_back, "ledger-shorter-than-checkpoint"),
        (forgotten_checkpoint, "log-forked"),
        (exchanged_tile, "log-forked"),
        (served_otherwise, "log-forked"),
        (served_further, "log-forked"),
    ],
)
def test_two_histories_stop_the_log(house: House, disaster: object, code: str) -> None:
    """Given a published log, what contradicts it stops the sequencer and publishes nothing."""
    line = sequencer(house)
    line.advance()
    line.close()
    house.pack(uuid4())
    house.pack(uuid4())
    assert callable(disaster)
    disaster(house)
    served = LogStore(house.main, house.home).checkpoint()
    with pytest.raises(Refusal) as refused:
        sequencer(house).advance()
    assert refused.value.code == code
    assert LogStore(house.main, house.home).checkpoint() == served


def test_an_empty_object_store_is_refilled(house: House, tmp_path: Path) -> None:
    """Tiles are made anew from the acts and must agree with the signed checkpoint."""
    line = sequencer(house)
    line.advance()
    line.close()
    house.home = tmp_path / "elsewhere"
    line = sequencer(house)
    assert line.advance() == 3
    line.close()
    assert LogStore(house.main, house.home).checkpoint()[0].root == naive_root(house, 3)


def test_a_heartbeat_signs_the_same_tree(house: House) -> None:
    """An hourly signature has the same body and enters no second row into the history."""
    line = sequencer(house)
    line.advance()
    before = LogStore(house.main, house.home).checkpoint()
    line.heartbeat()
    after = LogStore(house.main, house.home).checkpoint()
    line.close()
    assert after[0] == before[0]
    assert after[1] != before[1]


def test_acts_say_what_they_have_seen(house: House) -> None:
    """An act made after a checkpoint names it, so it cannot be older."""
    line = sequencer(house)
    line.advance()
    line.close()
    house.main._seen._next_look = 0.0
    receipt = house.pack(uuid4())
    assert b'"seen":{"root":' in house.main.note_of(receipt.act_index)
    assert b'"size":3}' in house.main.note_of(receipt.act_index)


def test_large_acts_are_taken_in_small_pages(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page ends early rather than hold many events, and the tree is the same."""
    monkeypatch.setattr("ledger.sequenced_acts.EVENTS_A_PAGE", 3)
    append_boxes(house, 260)
    line = sequencer(house)
    assert line.advance() == 263
    line.close()
    store = LogStore(house.main, house.home)
    assert store.checkpoint()[0].root == naive_root(house, 263)
    assert verify_event_proof(store.proof_for(257), house.main.log_keys()).index == 257
