"""The append: gapless, each act judged alone, safe under many writers."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest

from domain.errors import Refusal
from domain.event import Event
from ledger.act_id import new_act_id
from ledger.founding import Grant, grant_roles
from ledger.log_name import LogName
from ledger.prepared_act import AppendStatus, Outcome, PreparedAct
from ledger.proposal import Proposal
from ledger.streams import Streams
from tests.ledger.conftest import BoxClosed, BoxPacked, House, pieces


def prepared(
    house: House, box: UUID, version: int = 0, *, act_id: UUID | None = None, reads: tuple[tuple[UUID, int], ...] = ()
) -> PreparedAct:
    """An act that packs one piece into a box that stands at `version`, having read others."""

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        for stream, at in ((box, version), *reads):
            streams.expect(stream, at)
        return {box: [BoxPacked(piece=version + 1)]}

    return house.main.prepare(
        Proposal(
            act="box.pack", id=act_id or new_act_id(), actor=house.clerk, decide=decide, request=f"{box}@{version}"
        )
    )


def append_boxes(house: House, count: int) -> list[Outcome]:
    """Many one-event acts, each with a box of its own."""
    return house.main.append_prepared([prepared(house, uuid4()) for _ in range(count)])


def status(house: House, *acts: PreparedAct) -> list[str]:
    """What one call says of each act."""
    return [outcome.status.value for outcome in house.main.append_prepared(acts)]


def test_a_failing_act_fails_alone(house: House) -> None:
    """In one call, acts that conflict, repeat or reuse are named; the others lie gapless."""
    box, other = uuid4(), uuid4()
    first = prepared(house, box)
    assert status(house, first) == ["stored"]
    reused = prepared(house, other, act_id=first.id)
    outcomes = house.main.append_prepared(
        [
            first,
            reused,
            prepared(house, box, 1),
            prepared(house, box, 1),
            prepared(house, box, 2, reads=((other, 0),)),
            prepared(house, other, 0),
            prepared(house, box, 3, reads=((other, 0),)),
        ]
    )
    assert [outcome.status.value for outcome in outcomes] == [
        "known",
        "act-id-reused",
        "stored",
        "version-conflict",
        "stored",
        "stored",
        "version-conflict",
    ]
    assert [outcome.act_index for outcome in outcomes if outcome.status is AppendStatus.STORED] == [4, 5, 6]
    assert outcomes[0].act_index == 3
    assert (outcomes[3].stream, outcomes[6].stream) == (box, other)


@pytest.mark.parametrize("fault", ["none", "known", "same-id", "same-box", "skipped", "old-registry"])
def test_a_call_of_simple_acts_is_judged_act_by_act(house: House, fault: str) -> None:
    """Given acts of one event each and nothing read, when one is at fault, then it alone is, and no place is missed."""
    old, acts = prepared(house, uuid4()), [prepared(house, uuid4()) for _ in range(5)]
    if fault == "known":
        assert status(house, acts[3]) == ["stored"]
    elif fault == "same-id":
        acts[3] = acts[1]
    elif fault == "same-box":
        acts[3] = prepared(house, acts[1].events[0].stream)
    elif fault == "skipped":
        acts[3] = prepared(house, uuid4(), 1)
    elif fault == "old-registry":
        grant = Grant(log=LogName.MAIN, actor=house.clerk.id, role="more", acts=("lot.*",))
        grant_roles(house.main, house.registrars, [grant])
        acts = [prepared(house, uuid4()) for _ in range(5)]
        acts[3] = old
    start = house.main.size()
    outcomes = house.main.append_prepared(acts)
    expected = {
        "none": "stored", "known": "known", "same-id": "known", "same-box": "version-conflict",
        "skipped": "version-conflict", "old-registry": "registry-moved",
    }[fault]  # fmt: skip
    assert [outcome.status.value for outcome in outcomes] == ["stored"] * 3 + [expected, "stored"]
    stored = [outcome.act_index for outcome in outcomes if outcome.status is AppendStatus.STORED]
    assert stored == list(range(start, start + len(stored)))
    assert house.main.size() == start + len(stored)
    for act, outcome in zip(acts, outcomes, strict=True):
        assert (outcome.act_index >= 0) == (house.main.receipt_of(act.id) is not None)


def test_an_act_that_cannot_be_sent_fails_alone(house: House) -> None:
    """Given a trace that no database takes, then its writer is told, and the acts beside it are stored."""
    acts = [prepared(house, uuid4()) for _ in range(3)]
    acts[1] = msgspec.structs.replace(acts[1], trace="\udfff")
    with pytest.raises(UnicodeEncodeError):
        house.main.append_prepared(acts)
    assert [house.main.receipt_of(act.id) is not None for act in acts] == [True, False, True]
    assert status(house, msgspec.structs.replace(acts[1], trace=None)) == ["stored"]


def test_a_version_may_not_be_skipped(house: House) -> None:
    """A stream's versions are gapless, whatever a caller says."""
    assert status(house, prepared(house, uuid4(), 5)) == ["version-conflict"]


def test_an_act_checked_against_an_older_registry_is_sent_back(house: House) -> None:
    """The registry may not move between the check of a key and the append."""
    early = prepared(house, uuid4())
    grant_roles(
        house.main, house.registrars, [Grant(log=LogName.MAIN, actor=house.clerk.id, role="more", acts=("lot.*",))]
    )
    assert status(house, early) == ["registry-moved"]
    assert house.pack(uuid4()).act_index == 4


def test_an_altered_act_is_refused_before_the_append(house: House) -> None:
    """Signature, root and form are checked in the process; nothing is stored."""
    good = prepared(house, uuid4())
    for note in (good.note.replace(b'"act":"box.pack"', b'"act":"box.burn"'), good.note[:-9] + b"AAAAAAA=\n"):
        with pytest.raises(Refusal) as refused:
            house.main.append_prepared([msgspec.structs.replace(good, note=note)])
        assert refused.value.code == "act-malformed"
    assert status(house, good) == ["stored"]


def test_eight_writers_leave_no_gap_and_lose_nothing(house: House) -> None:
    """Given contended boxes and eight threads, every act lies once, in one gapless order."""
    boxes = [uuid4() for _ in range(3)]

    def write(number: int) -> list[int]:
        return [house.pack(boxes[(number + turn) % 3]).act_index for turn in range(12)]

    with ThreadPoolExecutor(8) as pool:
        indexes = [index for written in pool.map(write, range(8)) for index in written]
    assert sorted(indexes) == list(range(3, 3 + 96))
    assert sum(house.main.streams().load(box, 0, pieces) for box in boxes) == 96
    with psycopg.connect(house.database.main_admin) as connection:
        assert connection.execute("SELECT acts, events FROM main_log.head").fetchone() == (99, 99)
        gapless = "SELECT count(*), max(position) FROM main_log.event"
        assert connection.execute(gapless).fetchone() == (99, 98)


def test_one_id_from_many_threads_is_one_act(house: House) -> None:
    """A caller that retries in parallel gets one receipt."""
    box, act_id = uuid4(), new_act_id()
    with ThreadPoolExecutor(8) as pool:
        receipts = set(pool.map(lambda _: house.pack(box, act_id=act_id).act_index, range(8)))
    assert len(receipts) == 1
    assert house.main.streams().load(box, 0, pieces) == 1


def test_a_killed_connection_loses_and_doubles_nothing(house: House) -> None:
    """When the committer's connection dies, its acts are sent again under the same ids."""
    box = uuid4()
    kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'commit main_log'"
    with psycopg.connect(house.database.main_admin, autocommit=True) as connection, ThreadPoolExecutor(4) as pool:
        written = [pool.submit(house.pack, box) for _ in range(24)]
        for _ in range(5):
            connection.execute(kill)
        indexes = sorted(future.result().act_index for future in written)
    assert indexes == list(range(3, 27))
    assert house.main.streams().load(box, 0, pieces) == 24


def test_an_act_of_many_events_lies_whole(house: House) -> None:
    """One act over many streams takes consecutive positions in the order decided."""
    boxes = [uuid4() for _ in range(300)]
    decide: Callable[[Streams], dict[UUID, list[Event]]] = lambda _: {  # noqa: E731
        box: [BoxPacked(piece=1), BoxClosed()] for box in boxes
    }
    receipt = house.main.perform(
        Proposal(act="box.pack", id=new_act_id(), actor=house.clerk, decide=decide, request={})
    )
    assert (receipt.first_position, receipt.events, receipt.position) == (3, 600, 603)
    stored = house.main.recorder.select_notifications(4, 1000)
    assert [event.originator_id for event in stored][::2] == boxes
