"""The short ways of an append among other connections: two for one stream or id, lost answers, older processes."""

from __future__ import annotations

import os
import select
import socket
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event as Flag
from uuid import UUID

import psycopg
import pytest

from ledger.append_statement import AppendStatement
from ledger.log_name import LogName
from ledger.prepared_act import Outcome, PreparedAct
from mocban.database import Databases
from mocban.migrate import LOGS, migrate
from tests.ledger.conftest import House, build, close
from tests.ledger.room import Box, Connection, Room

WAYS = ("append_one", "append_act", "append_each")
WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE wait_event_type = 'Lock' AND application_name = 'short' AND datname = current_database()
"""
CONFLICT = "version-conflict"


class Caller:
    """A connection and its statement."""

    def __init__(self, room: Room) -> None:
        self.statement = AppendStatement(LogName.MAIN)
        self.connection = room.another(self.statement)

    def execute(self, acts: Sequence[PreparedAct]) -> list[Outcome]:
        """One call."""
        return self.statement.execute(self.connection, acts)


@pytest.fixture(scope="module")
def shared(module_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """One ledger for all that only appends."""
    house = build(module_database, tmp_path_factory.mktemp("home"))
    room = Room(house)
    yield room
    room.connection.close()
    close(house)


@contextmanager
def head_held(room: Room) -> Iterator[Connection]:
    """Nobody's append gets on during the block."""
    with psycopg.connect(room.house.database.main_admin) as holder:
        holder.execute("SELECT FROM main_log.head FOR UPDATE")
        yield holder


def waiting(room: Room, count: int) -> None:
    """Return when as many calls wait for the head."""
    until = time.monotonic() + 20
    with psycopg.connect(room.house.database.main_admin, autocommit=True) as look:
        while look.execute(WAITING).fetchall() != [(count,)]:
            assert time.monotonic() < until
            time.sleep(0.005)


def call(room: Room, way: str, *boxes: Box, at: UUID | None = None, reads: Sequence[Box] = ()) -> list[PreparedAct]:
    """A call that takes this way, with an act on each box."""
    if way == "append_each":
        return [room.act(box, at=at) for box in boxes] + [room.act(Box(), label=True) for _ in range(2)]
    return [room.act(*boxes, at=at, reads=(*reads, *([Box()] if way == "append_act" else [])), label=True)]


def race(room: Room, *calls: Sequence[PreparedAct]) -> list[list[str]]:
    """What each is told, when all have begun before any could end; the first sent is the first to be stored."""
    callers = [Caller(room) for _ in calls]
    with head_held(room):
        for number, (caller, acts) in enumerate(zip(callers, calls, strict=True), start=1):
            caller.statement.send(caller.connection, acts)
            waiting(room, number)
    said = [[one.status.value for one in caller.statement.receive(caller.connection)] for caller in callers]
    for caller in callers:
        caller.connection.close()
    return said


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("versions", [0, 1, 3])
def test_of_two_for_one_stream_one_is_stored(shared: Room, way: str, versions: int) -> None:
    """Given two that saw the stream alike, the second is told of the conflict; what is beside it is stored."""
    box = shared.stored(versions)
    told = race(shared, call(shared, way, box), call(shared, way, box), call(shared, way, Box()))
    assert [said[0] for said in told] == ["stored", CONFLICT, "stored"]
    assert {word for said in told for word in said[1:]} <= {"stored"}
    assert shared.whole()


@pytest.mark.parametrize("way", WAYS)
def test_of_two_under_one_id_one_is_stored(shared: Room, way: str) -> None:
    """Given the same act twice and another under its id, it is stored once, known once, and the other is refused."""
    acts = call(shared, way, Box())
    other = call(shared, way, Box(), at=acts[0].id)
    told = race(shared, acts, acts, other)
    assert [said[0] for said in told] == ["stored", "known", "act-id-reused"]
    assert shared.whole()


def test_a_guard_that_is_broken_meanwhile_is_noticed(shared: Room) -> None:
    """Given an act that writes what another has read, the reader stored second is refused, stored first it is not."""
    for way in WAYS:
        box = shared.stored()
        write, read = call(shared, way, box), call(shared, "append_act", Box(), reads=(box,))
        assert [said[0] for said in race(shared, write, read)] == ["stored", CONFLICT]
        box.version += 1
        write, read = call(shared, way, box), call(shared, "append_act", Box(), reads=(box,))
        assert [said[0] for said in race(shared, read, write)] == ["stored", "stored"]
    assert shared.whole()


def test_a_key_registry_that_moves_meanwhile_is_noticed(house: House) -> None:
    """Given calls under way when an act on the registry is stored, each is sent back."""
    room = Room(house)
    calls = [call(room, way, Box()) for way in WAYS]
    with head_held(room) as holder:
        callers = [Caller(room) for _ in calls]
        for number, (caller, acts) in enumerate(zip(callers, calls, strict=True), start=1):
            caller.statement.send(caller.connection, acts)
            waiting(room, number)
        holder.execute("UPDATE main_log.head SET registry_index = registry_index + 1")
    for caller, acts in zip(callers, calls, strict=True):
        outcomes = caller.statement.receive(caller.connection)
        assert [outcome.status.value for outcome in outcomes] == ["registry-moved"] * len(acts)
        caller.connection.close()
    assert room.whole()
    room.connection.close()


@pytest.mark.parametrize("way", WAYS)
def test_an_answer_lost_after_the_commit_is_asked_for_again(shared: Room, way: str) -> None:
    """Given that the answer is lost on its way, the same call finds each act known, at its place, ciphertexts kept."""
    acts, caller = call(shared, way, Box()), Caller(shared)
    size = shared.house.main.size()
    caller.statement.send(caller.connection, acts)
    answers_at = caller.connection.fileno()
    assert select.select([answers_at], [], [], 20)[0]
    os.read(answers_at, 1 << 16)
    with socket.socket(fileno=os.dup(answers_at)) as line:
        line.shutdown(socket.SHUT_RDWR)
    with pytest.raises(psycopg.OperationalError):
        caller.statement.receive(caller.connection)
    again = Caller(shared).execute(acts)
    assert [(outcome.status.value, outcome.act_index) for outcome in again] == [
        ("known", size + number) for number in range(len(acts))
    ]
    assert [shared.kept(act) for act in acts] == [len(act.sealed) for act in acts]
    assert shared.whole()


@pytest.mark.parametrize("way", WAYS)
def test_a_call_killed_before_the_commit_is_sent_again(shared: Room, way: str) -> None:
    """Given a connection killed in the middle of a call, nothing of it is stored, and the same call stores it once."""
    acts, caller = call(shared, way, Box()), Caller(shared)
    with head_held(shared) as holder:
        caller.statement.send(caller.connection, acts)
        waiting(shared, 1)
        holder.execute("SELECT pg_terminate_backend(%s)", (caller.connection.info.backend_pid,))
        with pytest.raises(psycopg.OperationalError):
            caller.statement.receive(caller.connection)
    assert shared.whole()
    assert [shared.kept(act) for act in acts] == [0] * len(acts)
    again = Caller(shared).execute(acts)
    assert [outcome.status.value for outcome in again] == ["stored"] * len(acts)
    assert [shared.kept(act) for act in acts] == [len(act.sealed) for act in acts]
    assert shared.whole()


def test_writers_of_several_processes_leave_no_gap(shared: Room) -> None:
    """Given connections that take all ways at once for the same boxes, every act told stored lies where it was told."""
    boxes, start = [Box() for _ in range(3)], shared.house.main.size()

    def write(number: int) -> list[tuple[PreparedAct, Outcome]]:
        caller, told = Caller(shared), list[tuple[PreparedAct, Outcome]]()
        for turn in range(12):
            box = boxes[(number + turn) % 3]
            acts = call(shared, WAYS[(number + turn) % 4 % 3], Box(box.id, box.version), reads=(boxes[turn % 3],))
            outcomes = caller.execute(acts)
            if outcomes[0].status.value == "stored":
                box.version += 1
            told += zip(acts, outcomes, strict=True)
        caller.connection.close()
        return told

    with ThreadPoolExecutor(4) as pool:
        told = [one for some in pool.map(write, range(4)) for one in some]
    stored = [(act, outcome) for act, outcome in told if outcome.status.value == "stored"]
    assert {outcome.status.value for _, outcome in told} == {"stored", CONFLICT}
    assert sorted(outcome.act_index for _, outcome in stored) == list(range(start, start + len(stored)))
    assert all(shared.house.main.note_of(outcome.act_index) == act.note for act, outcome in stored)
    assert shared.whole()


def test_the_short_ways_come_over_an_older_process(house: House) -> None:
    """Given a process that calls `append` alone, when the short ways come, it goes on; each knows the other's acts."""
    room, stop = Room(house), Flag()
    acts = [room.act(Box(), label=True) for _ in range(50)]

    def older() -> list[str]:
        """Within a transaction there are no short ways: what is called is `append`."""
        said = list[str]()
        while not stop.is_set() or len(said) < len(acts):
            with room.connection.transaction():
                said += room.said([acts[len(said) % len(acts)]])
        return said

    with psycopg.connect(house.database.main_admin) as admin:
        for log in LOGS:
            admin.execute(f"DROP FUNCTION {log}.append_one, {log}.append_act, {log}.append_each".encode())
        admin.execute("DELETE FROM migration.applied WHERE name = '0043_short_ways.sql'")
    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(older)
        try:
            assert migrate(house.database) == ["main/0043_short_ways.sql"]
            newer, fresh = Caller(room), room.act(Box(), label=True)
            assert newer.execute([fresh])[0].status.value == "stored"
        finally:
            stop.set()
        said = working.result()
    assert said == ["stored"] * len(acts) + ["known"] * (len(said) - len(acts))
    assert {outcome.status.value for outcome in newer.execute(acts)} == {"known"}
    with room.connection.transaction():
        assert room.said([fresh]) == ["known"]
    newer.connection.close()
    assert room.whole()
    room.connection.close()


def test_what_a_short_way_stores_opens_no_door_for_rows_of_others(shared: Room) -> None:
    """In the transaction of a short append too, rows that follow it are refused, and the act goes with them."""
    act, box = shared.act(Box()), Box()
    one = "SELECT main_log.append_one(%s, %s, %s, NULL, %s, %s, 1, 'box.packed/1', %s)"
    values = (act.id, act.note, act.digest, act.registry_index, box.id, act.events[0].payload)
    more = "INSERT INTO main_log.event VALUES (%s, %s, 2, 'box.packed/1', '{}', %s)"
    with psycopg.connect(shared.house.database.main_url()) as connection:
        connection.execute("SET LOCAL ROLE mocban_ledger_writer")
        index, position = connection.execute(one, values).fetchall()[0][0]
        connection.execute("SET LOCAL ROLE mocban_bulk")
        with pytest.raises(psycopg.Error) as refused:
            connection.execute(more, (position + 1, box.id, index))
    assert refused.value.sqlstate == "MB003"
    assert shared.house.main.receipt_of(act.id) is None
    assert shared.whole()
