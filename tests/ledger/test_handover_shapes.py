"""Events of hand-overs in every shape they have had: golden bytes are today's facts, and only those are written."""

from __future__ import annotations

import msgspec
import pytest

from domain.errors import Refusal
from domain.handover import CustodyHandedOver, CustodyHandedOverV1, HandoverProposed, HandoverProposedV1
from ledger.mapper import EVENT_TYPES, EventMapper
from tests.vectors import handovers
from tests.vectors.regenerate import FOLDER

BY_NAME = {str(event.__struct_config__.tag): event for event in handovers.events()}


def golden(name: str) -> bytes:
    """The golden payload of a shape."""
    return (FOLDER / f"{name.replace('.', '-').replace('/', '-')}.json").read_bytes()


def test_every_shape_of_a_hand_over_has_golden_bytes() -> None:
    """Given the events that the ledger can read, each of a hand-over is frozen."""
    known = {name for name in EVENT_TYPES if name.startswith("handover.") or name == "custody.handed-over/2"}
    assert known | {"custody.handed-over/1"} == set(BY_NAME)


@pytest.mark.parametrize(
    "name", [name for name in BY_NAME if name not in {"handover.proposed/1", "custody.handed-over/1"}]
)
def test_todays_shapes_are_written_and_read_as_they_lie(name: str) -> None:
    """Given golden bytes, when decoded and encoded again, then the same bytes under the same name."""
    event = EventMapper().decode(name, golden(name))
    assert event == BY_NAME[name]
    assert EventMapper().encode(event) == (name, golden(name))


def test_the_first_shapes_are_read_and_written_no_more() -> None:
    """Given an offer and a conclusion of the first shape, they are today's facts that say no more than they did."""
    offer = EventMapper().decode("handover.proposed/1", golden("handover.proposed/1"))
    done = EventMapper().decode("custody.handed-over/1", golden("custody.handed-over/1"))
    assert isinstance(offer, HandoverProposed)
    assert (offer.basis, offer.on, offer.decision, offer.deputy, offer.witnesses) == ("12/QĐ-UBND", "", None, None, ())
    assert isinstance(done, CustodyHandedOver)
    assert (done.files, done.sheets, done.disputed, done.sealed_sets, done.flags) == (2, 40, 0, 0, ())
    for first in (HandoverProposedV1, CustodyHandedOverV1):
        event = BY_NAME[str(first.__struct_config__.tag)]
        with pytest.raises(Refusal, match="event-superseded"):
            EventMapper().encode(event)
        assert set(msgspec.to_builtins(event)) <= set(msgspec.to_builtins(offer)) | set(msgspec.to_builtins(done))
