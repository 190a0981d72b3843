"""The proof of any event holds, whatever became of what makes it quick, and is made only of what is as signed."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.errors import Refusal
from domain.event import Event
from ledger.act_id import new_act_id
from ledger.log_store import LogStore
from ledger.proposal import Proposal
from ledger.receipt import Receipt
from ledger.streams import Streams
from signing.tlog_proof import verify_event_proof
from tests.ledger.conftest import BoxPacked, House, pieces
from tests.ledger.test_sequencer import sequencer

EVENTS = 700


@pytest.fixture
def large(house: House) -> Receipt:
    """A published act of three spans of events, after others; its events begin in the middle of a bundle."""
    for _ in range(3):
        house.pack(uuid4())
    box = uuid4()

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        streams.load(box, 0, pieces)
        return {box: [BoxPacked(piece=number) for number in range(EVENTS)]}

    receipt = house.main.perform(
        Proposal(act="box.pack", id=new_act_id(), actor=house.clerk, decide=decide, request="many")
    )
    house.pack(uuid4())
    line = sequencer(house)
    line.advance()
    line.close()
    return receipt


def spans_file(house: House, receipt: Receipt) -> Path:
    """Where the large act's spans are kept."""
    return house.home / "objects" / "main_log" / "act-trees" / "0" / str(receipt.act_index)


def prove(house: House, receipt: Receipt, number: int, *, classical: bool = False) -> None:
    """The proof of one event of the large act holds and is of that event."""
    data = LogStore(house.main, house.home).proof_for(receipt.first_position + number, classical=classical)
    keys = house.main.log_keys()[:1] if classical else house.main.log_keys()
    proven = verify_event_proof(data, keys)
    assert (proven.index, proven.event_index, proven.event.version) == (receipt.act_index, number, number + 1)


def test_any_event_of_a_large_act_is_proven(house: House, large: Receipt) -> None:
    """Given an act of several spans, then events at both ends of each are proven, and those outside it too."""
    assert len(spans_file(house, large).read_bytes()) == 3 * 32
    for number in (0, 1, 255, 256, 511, 512, EVENTS - 1):
        prove(house, large, number)
    prove(house, large, 300, classical=True)
    store = LogStore(house.main, house.home)
    for position in (0, large.first_position - 1, large.first_position + EVENTS):
        assert verify_event_proof(store.proof_for(position), house.main.log_keys()).event_index == 0
    assert store.first_position(large.act_index) == large.first_position
    with pytest.raises(Refusal, match="acts-not-published"):
        store.first_position(store.checkpoint()[0].size)


@pytest.mark.parametrize("spoilt", [None, b"", b"x" * 96, b"x" * 33])
def test_what_makes_it_quick_may_be_lost_or_spoilt(house: House, large: Receipt, spoilt: bytes | None) -> None:
    """Given no file of spans, or one of other bytes, when a proof is asked, then it holds and the file is right."""
    path = spans_file(house, large)
    right = path.read_bytes()
    path.unlink() if spoilt is None else path.write_bytes(spoilt)
    prove(house, large, 600)
    assert path.read_bytes() == right


def test_a_disk_that_takes_nothing_hinders_no_proof(house: House, large: Receipt) -> None:
    """Given spans that cannot be kept, then the proof is made without."""
    path = spans_file(house, large)
    path.unlink()
    path.mkdir()
    prove(house, large, 600)


def test_an_altered_row_reaches_no_proof(house: House, large: Receipt) -> None:
    """Given a superuser who changed an event's row, when its proof is asked, then it is of the event as published."""
    with psycopg.connect(house.database.main_admin, autocommit=True) as connection:
        connection.execute("ALTER TABLE main_log.event DISABLE TRIGGER USER")
        where = (large.first_position + 5,)
        connection.execute("UPDATE main_log.event SET state = convert_to('{}', 'UTF8') WHERE position = %s", where)
    prove(house, large, 5)


@pytest.mark.parametrize("kind", ["events", "entries", "0"])
def test_published_files_that_are_not_as_signed_give_no_proof(house: House, large: Receipt, kind: str) -> None:
    """Given a bundle or tile with one byte changed, when a proof needs it, then it is refused and not made wrong."""
    (path, *_) = sorted((house.home / "objects" / "main_log" / "tile" / kind).rglob("*[0-9]"))
    path = next(one for one in (path, *path.rglob("*")) if one.is_file())
    data = bytearray(path.read_bytes())
    data[-2] ^= 1
    path.write_bytes(data)
    store = LogStore(house.main, house.home)
    last = large.first_position + (200 if kind == "events" else EVENTS)
    refused = []
    for position in (last, large.first_position + 200):
        try:
            verify_event_proof(store.proof_for(position), house.main.log_keys())
        except Refusal as refusal:
            refused.append(refusal.code)
    assert set(refused) == {"log-forked"}


def test_what_is_not_there_or_not_yet_published_is_told_apart(house: House, large: Receipt) -> None:
    """Given an act after the checkpoint and a position after all, then each is refused by its own code."""
    late = house.pack(uuid4())
    store = LogStore(house.main, house.home)
    for position, code in (
        (late.first_position, "position-not-published"),
        (late.first_position + 1, "position-unknown"),
    ):
        with pytest.raises(Refusal) as caught:
            store.proof_for(position)
        assert caught.value.code == code
