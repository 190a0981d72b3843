"""The standby pair takes over: checkpoints go on without a gap or a fork, and the old pair signs none here any more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Event as Flag
from threading import Thread
from uuid import uuid4

import psycopg
import pytest

from domain.errors import Refusal
from domain.keys import KeyRevoked
from ledger.act_id import new_act_id
from ledger.commands import registry
from ledger.kept_checkpoint import KeptCheckpoint
from ledger.log_pairs import Takeover, never
from ledger.log_store import LogStore
from ledger.sequencer import Sequencer
from mocban.database import Databases
from signing.base64_text import to_base64
from signing.checkpoint import open_checkpoint, sign_checkpoint
from signing.note import VerifierKey
from tests.ledger.conftest import House, build, close
from tests.ledger.test_sequencer import naive_root

LIVE, STANDBY = slice(0, 2), slice(2, 4)


@pytest.fixture
def paired(database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house whose genesis names a standby pair."""
    house = build(database, tmp_path_factory.mktemp("paired"), standby=True)
    yield house
    close(house)


def sequencer(house: House, taken_over: Callable[[], bool] = never) -> Sequencer:
    """Of the main log, with both pairs."""
    return Sequencer(
        log=house.main.log_name,
        origin=house.main.origin,
        conninfo=house.database.main_url("mocban_ledger_writer"),
        home=house.home,
        signers=house.signers_of(house.main),
        standby=house.signers_of(house.main, standby=True),
        taken_over=taken_over,
    )


def signed_by(house: House, note: bytes) -> list[VerifierKey]:
    """The log's keys whose good signatures a checkpoint bears."""
    times = open_checkpoint(note, house.main.log_keys()).times
    return [key for key in house.main.log_keys() if key in times]


def test_it_takes_over_amid_appends_without_a_gap(paired: House) -> None:
    """Given appends that go on, every checkpoint before and after is of the one history, signed by one pair whole."""
    takeover, stop = Takeover(paired.home), Flag()

    def write() -> None:
        while not stop.is_set():
            paired.pack(uuid4())

    writers = [Thread(target=write) for _ in range(3)]
    line = sequencer(paired, takeover.declared)
    store, notes = LogStore(paired.main, paired.home), []
    for writer in writers:
        writer.start()
    for turn in range(16):
        if turn == 8:
            takeover.declare()
        line.advance()
        notes.append(store.checkpoint()[1])
    stop.set()
    for writer in writers:
        writer.join()
    line.advance()
    notes.append(store.checkpoint()[1])
    line.close()

    keys = list(paired.main.log_keys())
    signers = [signed_by(paired, note) for note in notes]
    assert signers == [keys[LIVE]] * 8 + [keys[STANDBY]] * 9
    points = [open_checkpoint(note, keys).checkpoint for note in notes]
    sizes = [point.size for point in points]
    assert sizes == sorted(sizes)
    assert sizes[-1] == paired.main.size()
    assert all(point.root == naive_root(paired, point.size) for point in points)
    vkeys = store.published().small["log_vkey"].decode().splitlines()
    assert [VerifierKey.parse(line) for line in vkeys] == keys[STANDBY]


def test_an_idle_log_is_signed_anew_at_once(paired: House) -> None:
    """Given nothing new, the published tree gets a checkpoint of the standby pair, once, and of the same size."""
    takeover = Takeover(paired.home)
    line = sequencer(paired, takeover.declared)
    store = LogStore(paired.main, paired.home)
    size = line.advance()
    takeover.declare()
    assert line.advance() == size
    note = store.checkpoint()[1]
    assert signed_by(paired, note) == list(paired.main.log_keys()[STANDBY])
    assert line.advance() == size
    assert store.checkpoint()[1] == note
    line.close()


def test_there_is_no_way_back(paired: House) -> None:
    """Given a checkpoint of the standby pair, a sequencer that was told of no takeover follows it all the same."""
    line = sequencer(paired, lambda: True)
    line.advance()
    line.close()
    paired.pack(uuid4())
    again = sequencer(paired)
    again.advance()
    again.close()
    assert signed_by(paired, LogStore(paired.main, paired.home).checkpoint()[1]) == list(
        paired.main.log_keys()[STANDBY]
    )


def test_a_sequencer_of_the_old_pair_alone_signs_nothing(paired: House) -> None:
    """Given the standby pair in force, who has only the live pair is stopped."""
    line = sequencer(paired, lambda: True)
    line.advance()
    line.close()
    paired.pack(uuid4())
    old = Sequencer(
        log=paired.main.log_name,
        origin=paired.main.origin,
        conninfo=paired.database.main_url("mocban_ledger_writer"),
        home=paired.home,
        signers=paired.signers_of(paired.main),
    )
    with pytest.raises(Refusal, match="checkpoint-invalid"):
        old.advance()
    old.close()


def test_a_later_checkpoint_of_the_old_pair_stops_the_log(paired: House) -> None:
    """Given the stolen live pair and the database, a checkpoint put in after the takeover is no continuation."""
    line = sequencer(paired, lambda: True)
    size = line.advance()
    line.close()
    paired.pack(uuid4())
    stolen = sign_checkpoint(
        paired.main.origin, size + 1, naive_root(paired, size + 1), paired.signers_of(paired.main), 1_800_000_000
    )
    with psycopg.connect(paired.database.main_url("mocban_ledger_writer"), autocommit=True) as connection:
        row = connection.execute("SELECT main_log.publish_checkpoint(%s, %s, %s)", (size, size + 1, stolen)).fetchone()
    assert row == (True,)
    with pytest.raises(Refusal, match="log-forked"):
        sequencer(paired).advance()
    kept = KeptCheckpoint(paired.home, paired.main.log_name).note()
    assert kept is not None
    assert signed_by(paired, kept) == list(paired.main.log_keys()[STANDBY])


def test_registrars_end_the_live_pair(paired: House) -> None:
    """Given the live pair revoked as compromised, it signs no checkpoint over that act; the standby pair does."""
    live = paired.main.log_keys()[LIVE]
    facts = [KeyRevoked(kid=to_base64(key.kid), reason="stolen", compromised_since=1) for key in live]
    receipt = paired.main.perform(registry.revocation(paired.main.origin, paired.registrars, new_act_id(), *facts))
    known = paired.main.registry.refresh().registry
    assert known is not None
    assert known.checkpoint_keys(receipt.act_index + 1) == paired.main.log_keys()[STANDBY]
    line = sequencer(paired, lambda: bool(known.ended))
    size = line.advance()
    line.close()
    note = LogStore(paired.main, paired.home).checkpoint()[1]
    assert open_checkpoint(note, known.checkpoint_keys(size)).checkpoint.size == size
    fact = KeyRevoked(kid=to_base64(paired.main.log_keys()[3].kid), reason="too")
    with pytest.raises(Refusal, match="log-keys-exhausted"):
        paired.main.perform(registry.revocation(paired.main.origin, paired.registrars, new_act_id(), fact))
