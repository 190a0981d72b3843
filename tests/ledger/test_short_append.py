"""The short ways of an append: what they store and refuse is what `append` would."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
import psycopg
import pytest

from ledger.log_call import LogCall
from ledger.prepared_act import PreparedAct
from mocban.database import Databases
from tests.ledger.conftest import House, build, close
from tests.ledger.room import Box, Connection, Room

WAYS = ("append_one", "append_act", "append_each")


@pytest.fixture(scope="module")
def shared(module_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """One ledger for all that only appends."""
    house = build(module_database, tmp_path_factory.mktemp("home"))
    room = Room(house)
    yield room
    room.connection.close()
    close(house)


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The functions called, in order."""
    send, names = LogCall.send, list[str]()

    def noted(self: LogCall, connection: Connection, values: Sequence[bytes | None]) -> None:
        names.append(self.name.decode().removeprefix("mocban_"))
        send(self, connection, values)

    monkeypatch.setattr(LogCall, "send", noted)
    return names


class Scene:
    """What is there before the call: a box with two events, and an act that is stored."""

    def __init__(self, room: Room) -> None:
        self.act = room.act
        self.old, self.before = room.stored(2), room.act(Box(), label=True)
        assert room.said([self.before]) == ["stored"]

    def at(self, version: int) -> Box:
        """The old box, taken for standing there."""
        return Box(self.old.id, version)

    def reused(self) -> PreparedAct:
        """Another act under the id of the stored one."""
        return self.act(Box(), at=self.before.id)

    def stale(self, registry: int) -> PreparedAct:
        """Judged against the key registry as it stood then."""
        return msgspec.structs.replace(self.act(Box()), registry_index=registry)

    def four(self, *faulty: PreparedAct) -> list[PreparedAct]:
        """Acts for one call, the last of them at fault."""
        return [self.act(Box()), self.act(self.old), self.act(Box(), label=True), *(faulty or [self.act(Box())])]


CONFLICT = "version-conflict"
SITUATIONS: dict[str, tuple[Callable[[Scene], list[PreparedAct]], str, str]] = {
    "new": (lambda s: [s.act(Box())], "append_one", "stored"),
    "next": (lambda s: [s.act(s.old)], "append_one", "stored"),
    "sealed": (lambda s: [s.act(Box(), label=True)], "append_one", "stored"),
    "taken": (lambda s: [s.act(s.at(1), label=True)], "append_one append", CONFLICT),
    "first version taken": (lambda s: [s.act(s.at(0))], "append_one append", CONFLICT),
    "skipped": (lambda s: [s.act(s.at(3))], "append_one append", CONFLICT),
    "known": (lambda s: [s.before], "append_one append", "known"),
    "reused": (lambda s: [s.reused()], "append_one append", "act-id-reused"),
    "old registry": (lambda s: [s.stale(1)], "append_one append", "registry-moved"),
    "no registry": (lambda s: [s.stale(-1)], "append_one append", "registry-moved"),
    "guards hold": (lambda s: [s.act(Box(), reads=(s.old, Box()), label=True)], "append_act", "stored"),
    "guard moved": (lambda s: [s.act(Box(), reads=(s.at(1),), label=True)], "append_act append", CONFLICT),
    "guard came to be": (lambda s: [s.act(Box(), reads=(s.at(0),))], "append_act append", CONFLICT),
    "guard not yet there": (lambda s: [s.act(Box(), reads=(s.at(3),))], "append_act append", CONFLICT),
    "several events": (lambda s: [s.act(Box(), s.old, Box(), again=2, label=True)], "append_act", "stored"),
    "one of several taken": (lambda s: [s.act(Box(), s.at(1), again=1)], "append_act append", CONFLICT),
    "one of several skipped": (lambda s: [s.act(s.at(4), Box(), again=1)], "append_act append", CONFLICT),
    "versions the wrong way round": (lambda s: [turned(s.act(Box(), again=1))], "append_act append", CONFLICT),
    "each new": (lambda s: s.four(), "append_each", "stored"),
    "each new, one known": (lambda s: s.four(s.before), "append_each append", "known"),
    "each new, one reused": (lambda s: s.four(s.reused()), "append_each append", "act-id-reused"),
    "each new, one taken": (lambda s: s.four(s.act(s.at(1)))[2:], "append_each append", CONFLICT),
    "each new, one first taken": (lambda s: s.four(s.act(s.at(0)))[2:], "append_each append", CONFLICT),
    "each new, one skipped": (lambda s: s.four(s.act(Box(version=1))), "append_each append", CONFLICT),
    "each new, one old registry": (lambda s: s.four(s.stale(0)), "append", "registry-moved"),
    "each old registry": (lambda s: [s.stale(0), s.stale(0)], "append_each append", "registry-moved"),
    "two for one box": (lambda s: s.four(s.act(s.at(3))), "append", "stored"),
    "the same twice": (lambda s: [*s.four(s.before), s.before], "append", "known"),
    "one with a guard": (lambda s: s.four(s.act(Box(), reads=(s.old,)))[2:], "append", "stored"),
}


def turned(act: PreparedAct) -> PreparedAct:
    """The same events in the opposite order."""
    return msgspec.structs.replace(act, events=act.events[::-1])


@pytest.mark.parametrize("name", SITUATIONS)
def test_a_short_way_says_what_append_says(shared: Room, taken: list[str], name: str) -> None:
    """Given acts fresh or at fault, both ways give each the same outcome and place, and no place is missed."""
    make, ways, last = SITUATIONS[name]
    acts = make(Scene(shared))
    with shared.connection.transaction(force_rollback=True):
        by_append = shared.statement.execute(shared.connection, acts)
    taken.clear()
    outcomes = shared.statement.execute(shared.connection, acts)
    assert [way.removesuffix("_sealed") for way in taken] == ways.split()
    assert outcomes[-1].status.value == last
    assert outcomes == by_append
    assert shared.whole()
    for act, outcome in zip(acts, outcomes, strict=True):
        if outcome.status.value == "stored":
            assert shared.house.main.note_of(outcome.act_index) == act.note
            assert shared.kept(act) == len(act.sealed)


@pytest.mark.parametrize("way", WAYS)
def test_an_act_on_the_key_registry_takes_the_long_way(house: House, taken: list[str], way: str) -> None:
    """No short way stores an event of the key registry: `append` does, and moves the head's index with it."""
    room = Room(house)
    act = room.act(Box(), reads=(Box(),)) if way == "append_act" else room.act(Box())
    topic = msgspec.structs.replace(act, events=(_renamed(act),))
    acts = [room.act(Box()), topic] if way == "append_each" else [topic]
    taken.clear()
    outcomes = room.statement.execute(room.connection, acts)
    assert taken == [way, "append"]
    assert room.connection.execute("SELECT registry_index FROM main_log.head").fetchone() == (outcomes[-1].act_index,)
    assert {outcome.status.value for outcome in outcomes} == {"stored"}
    assert room.whole()
    room.connection.close()


def _renamed(act: PreparedAct) -> Any:
    event = act.events[0]
    return type(event)(event.stream, event.version, "registry.key-revoked/1", event.payload)


@pytest.mark.parametrize("way", WAYS)
def test_ciphertexts_are_kept_with_their_act_only(shared: Room, way: str) -> None:
    """Given that a short way stores nothing, it keeps nothing either: that is left to `append`."""
    reads = (Box(),) if way == "append_act" else ()
    acts = [shared.act(Box(), label=True, reads=reads) for _ in range(2 if way == "append_each" else 1)]
    stale = [msgspec.structs.replace(act, registry_index=0) for act in acts]
    short = shared.statement._short
    assert short.send(shared.connection, stale)
    assert short.receive(shared.connection, stale) is None
    assert [shared.kept(act) for act in acts] == [0] * len(acts)
    assert shared.said(acts) == ["stored"] * len(acts)
    assert [shared.kept(act) for act in acts] == [1] * len(acts)


@pytest.mark.parametrize("way", WAYS)
def test_who_listens_is_told_of_what_was_stored(shared: Room, way: str) -> None:
    """Given a listener, a short way rings once for a call that it stores and not for one that it leaves to `append`."""
    reads = (Box(),) if way == "append_act" else ()
    acts = [shared.act(Box(), reads=reads) for _ in range(2 if way == "append_each" else 1)]
    with psycopg.connect(shared.house.database.main_admin, autocommit=True) as listener:
        listener.execute("LISTEN main_log")
        stale = [msgspec.structs.replace(act, registry_index=0) for act in acts]
        assert shared.statement._short.send(shared.connection, stale)
        assert shared.statement._short.receive(shared.connection, stale) is None
        assert shared.said(acts) == ["stored"] * len(acts)
        assert [one.channel for one in listener.notifies(timeout=5, stop_after=1)] == ["main_log"]
        assert list(listener.notifies(timeout=0.1)) == []


def test_an_act_of_thousands_of_events_takes_a_short_way(shared: Room, taken: list[str]) -> None:
    """One act over many streams and with many events in one of them lies whole, in the order decided."""
    act = shared.act(*(Box() for _ in range(1000)), again=1000)
    taken.clear()
    [outcome] = shared.statement.execute(shared.connection, [act])
    assert (taken, outcome.status.value, outcome.events) == (["append_act"], "stored", 3000)
    stored = shared.house.main.recorder.select_notifications(outcome.first_position + 1, 3000)
    assert [(one.originator_id, one.originator_version) for one in stored] == [
        (one.stream, one.version) for one in act.events
    ]
    assert shared.whole()
