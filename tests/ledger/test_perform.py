"""An act is recorded once, where its decision said, or refused by name."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from domain import file, principal
from domain.errors import Refusal
from domain.event import Event
from ledger.act_id import new_act_id
from ledger.founding import found_ledger, founded_origin
from ledger.proposal import Proposal
from ledger.streams import Streams
from tests.ledger.conftest import BoxPacked, House, new_actor, pieces


def test_a_founded_ledger_holds_genesis_enrolment_and_grant(house: House) -> None:
    """Given a founding, both logs begin with three acts, and founding again adds none."""
    found_ledger(house.main, house.access, house.founding)
    assert founded_origin(house.database.main_url("mocban_ledger_writer")) == house.main.origin
    for ledger in (house.main, house.access):
        assert ledger.recorder.max_notification_id() == 3
        registry = ledger.registry.current().registry
        assert registry is not None
        assert registry.index == 2
        assert house.clerk.id in registry.roles


def test_acts_lie_one_after_another(house: House) -> None:
    """Given two acts on one box, the second continues stream, log and positions."""
    box = uuid4()
    first, second = house.pack(box), house.pack(box)
    assert (first.act_index, first.first_position, first.position) == (3, 3, 4)
    assert (second.act_index, second.first_position) == (4, 4)
    assert house.main.streams().load(box, 0, pieces) == 2


def test_a_retry_returns_the_stored_receipt(house: House) -> None:
    """The same id and request are one act, even when the decision would now refuse."""
    box, act_id = uuid4(), new_act_id()

    def decide(streams: Streams) -> dict[UUID, list[Event]]:
        if streams.load(box, 0, pieces):
            raise Refusal("fonds-already-open")
        return {box: [BoxPacked(piece=1)]}

    proposal = Proposal(act="box.pack", id=act_id, actor=house.clerk, decide=decide, request={"box": str(box)})
    first = house.main.perform(proposal)
    assert house.main.perform(proposal) == first
    assert house.pack(box, act_id=new_act_id()).act_index == first.act_index + 1


def test_the_id_of_something_else_is_told_so(house: House) -> None:
    """Given a file named by the id of a box, alone or among others, then a refusal with the id, and no fault."""
    box = uuid4()
    house.pack(box)
    streams = house.main.streams()
    for asked in (lambda: streams.load(box, None, file.evolve), lambda: streams.load_many([box], None, file.evolve),
                  lambda: streams.load(box, None, principal.evolve)):  # fmt: skip
        with pytest.raises(Refusal) as refused:
            asked()
        assert (refused.value.code, refused.value.facts["stream"]) == ("stream-of-other-kind", box)


def test_a_fault_of_the_fold_stays_a_fault(house: House) -> None:
    """Given a fold that fails over an event of its own, then it is not called a wrong id."""

    def failing(seen: int, event: BoxPacked) -> int:
        raise AttributeError(seen, event)

    box = uuid4()
    house.pack(box)
    with pytest.raises(AttributeError):
        house.main.streams().load(box, 0, failing)


def test_an_id_is_not_used_for_another_request(house: House) -> None:
    """The same id with another request is refused, and records nothing."""
    act_id = new_act_id()
    house.pack(uuid4(), piece=1, act_id=act_id)
    with pytest.raises(Refusal) as refused:
        house.pack(uuid4(), piece=2, act_id=act_id)
    assert refused.value.code == "act-id-reused"
    assert house.main.recorder.max_notification_id() == 4


def test_who_has_no_role_records_nothing(house: House) -> None:
    """An unknown key and an act outside the role are refused before anything is appended."""
    box = uuid4()
    stranger = new_actor()
    for act, actor, problem in (
        ("box.pack", stranger, "unknown-key"),
        ("fonds.open", house.clerk, "role-missing"),
    ):
        with pytest.raises(Refusal) as refused:
            house.main.perform(
                Proposal(
                    act=act, id=new_act_id(), actor=actor, decide=lambda _: {box: [BoxPacked(piece=1)]}, request={}
                )
            )
        assert refused.value.code in ("act-not-permitted", "act-malformed")
        assert problem in str(refused.value)
    assert house.main.recorder.max_notification_id() == 3


def test_a_stream_never_read_must_be_new(house: House) -> None:
    """A decision that writes to a stream it did not read cannot continue an existing one."""
    box = uuid4()
    house.pack(box)
    with pytest.raises(Refusal) as refused:
        house.main.perform(
            Proposal(
                act="box.pack",
                id=new_act_id(),
                actor=house.clerk,
                decide=lambda _: {box: [BoxPacked(piece=1)]},
                request={},
            )
        )
    assert refused.value.code == "version-conflict"


def test_a_decision_without_events_is_refused(house: House) -> None:
    """An act carries at least one event."""
    with pytest.raises(Refusal) as refused:
        house.main.perform(
            Proposal(act="box.pack", id=new_act_id(), actor=house.clerk, decide=lambda _: {}, request={})
        )
    assert refused.value.code == "act-without-events"


def test_many_streams_are_read_with_one_question(house: House) -> None:
    """`load_many` folds each stream and guards each, existing or not."""
    boxes = [uuid4() for _ in range(3)]
    house.pack(boxes[0])
    house.pack(boxes[0])
    house.pack(boxes[1])
    streams = house.main.streams()
    assert streams.load_many(boxes, 0, pieces) == {boxes[0]: 2, boxes[1]: 1, boxes[2]: 0}
    assert dict(streams.guards) == {boxes[0]: 2, boxes[1]: 1, boxes[2]: 0}
