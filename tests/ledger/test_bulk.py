"""The bulk path stores what the command path would store, once, and its role can store nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest

from domain.event import Event
from domain.sealed import Plain
from ledger.act_id import new_act_id
from ledger.bulk import BulkAppender
from ledger.bulk_draft import BulkDraft, draft
from ledger.founding import Enrolment, found_ledger
from ledger.prepared_act import AppendStatus, Outcome
from ledger.proposal import Proposal
from ledger.streams import Streams
from signing.act import open_act
from tests.ledger.conftest import BoxPacked, House, build, close, new_actor, pieces

BEGIN = (
    "SELECT status, act_index, first_position FROM main_log.begin_bulk("
    "gen_random_uuid(), '\\x6e', sha256('a'), NULL, {registry}, 2, '{{}}', '{{}}')"
)
ROW = "INSERT INTO main_log.event VALUES ({position}, gen_random_uuid(), {version}, '{topic}', '\\x7b7d', {act})"
TWO = ("begin", "row 0", "row 1")
REFUSED = {
    "nothing opened": (("row 0",), "MB003"),
    "a position before the act": (("begin", "row -1"), "23505"),
    "a position after the act": (("begin", "row 2"), "MB003"),
    "another act": (("begin", "act 0"), "MB003"),
    "fewer rows": (("begin", "row 0", "commit"), "MB003"),
    "no rows": (("begin", "commit"), "MB003"),
    "more rows": ((*TWO, "row 2"), "MB003"),
    "a row twice": ((*TWO, "row 1"), "23505"),
    "two acts in one transaction": ((*TWO, "begin"), "23505"),
    "a gap in a stream": (("begin", "version 7"), "MB003"),
    "an event of the key registry": (("begin", "registry"), "MB003"),
    "the opening undone": (("savepoint", "begin", "undo", "row 0"), "MB003"),
    "rows undone": (("begin", "savepoint", "row 0", "row 1", "undo", "commit"), "MB003"),
    "checked early, more after": ((*TWO, "SET CONSTRAINTS ALL IMMEDIATE", "row 2"), "MB003"),
    "checked too early": (("begin", "SET CONSTRAINTS ALL IMMEDIATE"), "MB003"),
    "an act of its own": (("INSERT INTO main_log.act SELECT * FROM main_log.act",), "42501"),
    "an opening of its own": (("INSERT INTO main_log.bulk VALUES (pg_current_xact_id(), 0, 0, 1)",), "42501"),
    "another count": (("begin", "UPDATE main_log.bulk SET events = 1"), "42501"),
    "the head": (("UPDATE main_log.head SET events = 0",), "42501"),
    "a ciphertext": (
        ("INSERT INTO sealed.field VALUES ('', '', gen_random_uuid(), gen_random_uuid(), 1, '')",),
        "42501",
    ),
    "reading": (("SELECT * FROM main_log.event",), "42501"),
    "as a replica": (("SET session_replication_role = replica",), "42501"),
    "without the trigger": (("ALTER TABLE main_log.event DISABLE TRIGGER opened_act_only",), "42501"),
}


@pytest.fixture(scope="module")
def shared(module_database: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One founded ledger for everything here that stores nothing."""
    house = build(module_database, tmp_path_factory.mktemp("home"))
    yield house
    close(house)


@pytest.mark.parametrize("name", REFUSED)
def test_the_bulk_role_stores_whole_acts_or_nothing(shared: House, name: str) -> None:
    """Given a transaction of the bulk role, when it strays from the act it opened, then none of it is stored."""
    steps, sqlstate = REFUSED[name]
    before = _head(shared)
    with (
        psycopg.connect(shared.database.main_url("mocban_bulk")) as connection,
        pytest.raises(psycopg.Error) as refused,
    ):
        _play(connection, steps, before)
    assert refused.value.sqlstate == sqlstate
    assert _head(shared) == before


def test_the_bulk_role_may_store_what_it_opened(shared: House) -> None:
    """Given an act opened for two events, when exactly they follow, then they are there and nothing is open."""
    acts, events, registry = _head(shared)
    with psycopg.connect(shared.database.main_url("mocban_bulk")) as connection:
        _play(connection, (*TWO, "commit"), (acts, events, registry))
    assert _head(shared) == (acts + 1, events + 2, registry)
    with psycopg.connect(shared.database.main_admin) as connection:
        assert connection.execute("SELECT count(*) FROM main_log.bulk").fetchone() == (0,)


def test_bulk_bytes_are_the_command_paths_bytes(house: House) -> None:
    """Given one proposal, when prepared for a command and stored in bulk, then events, root and digest are the same."""
    boxes = [uuid4() for _ in range(3)]
    proposal = _packing(house, {box: [BoxPacked(piece=n), BoxPacked(piece=n + 1)] for n, box in enumerate(boxes)})
    prepared = house.main.prepare(proposal)
    made, _ = draft(house.main, proposal, new=boxes)
    outcome = _append(house, made)
    stored = house.main.recorder.select_notifications(outcome.first_position + 1, 10)
    rows = [(e.originator_id, e.originator_version, e.topic, e.state) for e in stored]
    assert rows == [(e.stream, e.version, e.type, e.payload) for e in prepared.events]
    ours, theirs = (
        open_act(note, house.main.origin).header for note in (house.main.note_of(outcome.act_index), prepared.note)
    )
    assert ours == msgspec.structs.replace(theirs, at=ours.at, seen=ours.seen)
    assert made.digest == prepared.digest


def test_sealed_fields_are_kept_with_their_act(house: House) -> None:
    """Given sealed labels, when stored in bulk, then they open, and differ from a command's in the seal alone."""
    box = uuid4()
    proposal = _packing(house, {box: [BoxPacked(piece=1, label=Plain("Hồ sơ mật")), BoxPacked(piece=2)]})
    prepared = house.main.prepare(proposal)
    made, placed = draft(house.main, proposal, new=[box])
    outcome = _append(house, made)
    assert outcome.status is AppendStatus.STORED
    label = placed[0].event.label  # type: ignore[attr-defined]
    assert house.unsealer.open(label, box, 1, "/label") == "Hồ sơ mật"
    stored = [msgspec.json.decode(e.state) for e in house.main.recorder.select_events(box)]
    command = [msgspec.json.decode(e.payload) for e in prepared.events]
    assert stored[0]["label"]["len"] == command[0]["label"]["len"]
    stored[0]["label"] = command[0]["label"]
    assert stored == command


def test_a_draft_is_stored_once(house: House) -> None:
    """Given a stored draft, when appended again, then it is known; under another request its id is refused."""
    box = uuid4()
    proposal = _packing(house, {box: [BoxPacked(piece=1, label=Plain("x"))]})
    made, _ = draft(house.main, proposal)
    first, again = _append(house, made), _append(house, made)
    assert (again.status, again.act_index) == (AppendStatus.KNOWN, first.act_index)
    other, _ = draft(house.main, msgspec.structs.replace(proposal, request={"other": 1}), new=[box])
    assert _append(house, msgspec.structs.replace(other, sealed=b"")).status is AppendStatus.ACT_ID_REUSED


def test_a_stream_that_was_not_new_keeps_nothing(house: House) -> None:
    """Given a box presumed new that exists, or one read that moved on, when appended, then no act, no ciphertext."""
    box, read = uuid4(), uuid4()
    house.pack(box)
    presumed, _ = draft(house.main, _packing(house, {box: [BoxPacked(piece=1, label=Plain("x"))]}), new=[box])
    moved, _ = draft(house.main, _packing(house, {uuid4(): [BoxPacked(piece=1, label=Plain("x"))]}, reads=read))
    house.pack(read)
    before = _head(house), _ciphertexts(house)
    assert [_append(house, one).status for one in (presumed, moved)] == [AppendStatus.VERSION_CONFLICT] * 2
    assert (_head(house), _ciphertexts(house)) == before
    again, _ = draft(house.main, _packing(house, {box: [BoxPacked(piece=2)]}, reads=box))
    assert _append(house, again).status is AppendStatus.STORED


def test_a_moved_registry_is_read_again(house: House) -> None:
    """Given a key enrolled after the draft, when appended by a process that missed it, then it is signed anew."""
    made, _ = draft(house.main, _packing(house, {uuid4(): [BoxPacked(piece=1)]}))
    stale = house.main.registry.current()
    late = build_late(house)
    house.main.registry._known = stale
    assert late > stale.index
    assert _append(house, made).status is AppendStatus.STORED
    assert house.main.registry.current().index == late


def build_late(house: House) -> int:
    """Enrol one more actor; the index of the act."""
    founding = house.founding
    more = (*founding.enrolments, Enrolment(actor=new_actor()))
    found_ledger(house.main, house.access, msgspec.structs.replace(founding, enrolments=more))
    return house.main.registry.refresh().index


def _packing(house: House, packed: dict[UUID, list[Event]], reads: UUID | None = None) -> Proposal:
    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        streams.load_many([*packed, *([reads] if reads else [])], 0, pieces)
        return packed

    return Proposal(
        act="box.pack", id=new_act_id(), actor=house.clerk, decide=decide, request={"boxes": [str(b) for b in packed]}
    )


def _append(house: House, made: BulkDraft) -> Outcome:
    appender = BulkAppender(house.main, house.database.main_url("mocban_bulk"))
    try:
        return appender.append(made, [house.clerk])
    finally:
        appender.close()


def _play(connection: psycopg.Connection[Any], steps: tuple[str, ...], head: tuple[int, int, int]) -> None:
    act, first, registry = head
    rows = {f"row {n}": (first + n, 1, "x/1", act) for n in (-1, 0, 1, 2)}
    rows |= {
        "act 0": (first, 1, "x/1", 0),
        "version 7": (first, 7, "x/1", act),
        "registry": (first, 1, "registry.x/1", act),
    }
    plain = {"begin": BEGIN.format(registry=registry), "commit": "COMMIT", "savepoint": "SAVEPOINT s"}
    plain["undo"] = "ROLLBACK TO SAVEPOINT s"
    for step in steps:
        statement = plain.get(step, step)
        if step in rows:
            position, version, topic, of = rows[step]
            statement = ROW.format(position=position, version=version, topic=topic, act=of)
        connection.execute(statement.encode())


def _head(house: House) -> tuple[int, int, int]:
    with psycopg.connect(house.database.main_admin) as connection:
        query = "SELECT acts, (SELECT count(*) FROM main_log.event), registry_index FROM main_log.head"
        acts, events, registry = connection.execute(query).fetchall()[0]
    return acts, events, registry


def _ciphertexts(house: House) -> int:
    with psycopg.connect(house.database.main_admin) as connection:
        return int(connection.execute("SELECT count(*) FROM sealed.field").fetchall()[0][0])
