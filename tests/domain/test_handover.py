"""Hand-over: an inventory in FileCode order, in parts of at most 500 lines, agreed once."""

from uuid import UUID

import msgspec
import pytest

from domain.errors import Refusal
from domain.handover import Handover, HandoverProposed, InventoryLine, InventoryListed, complete, evolve, propose
from domain.identifiers import FileCode
from domain.lot import Carrier
from tests.domain.city import ARCHIVE, CITY, agencies, committee

GIVER, RECEIVER = agencies()[committee(CITY)], agencies()[ARCHIVE]
OFFER = HandoverProposed(giver=committee(CITY), receiver=ARCHIVE, carrier=Carrier.PAPER, basis="x")


def _lines(count: int) -> tuple[InventoryLine, ...]:
    return tuple(
        InventoryLine(FileCode=FileCode("H26", 2019, f"{n:05}"), file=UUID(int=n), sheets=2, box=f"H{n % 3}")
        for n in reversed(range(count))
    )


def _offered(count: int) -> Handover:
    state: Handover | None = None
    for event in propose(None, GIVER, RECEIVER, OFFER, _lines(count)):
        state = evolve(state, event)  # type: ignore[arg-type] # propose returns this stream's events
    assert state is not None
    return state


def test_the_inventory_is_ordered_and_cut_into_parts() -> None:
    """1,201 lines stand in three events, in FileCode order."""
    events = propose(None, GIVER, RECEIVER, OFFER, _lines(1201))
    listed = [event for event in events if isinstance(event, InventoryListed)]
    assert [len(event.lines) for event in listed] == [500, 500, 201]
    codes = [line.FileCode.FileNotation for event in listed for line in event.lines]
    assert codes == sorted(codes)


def test_both_agree_on_what_was_offered() -> None:
    """The dual act carries the root and what the inventory counts."""
    (agreed,) = complete(_offered(7), RECEIVER, "root", "2025-08-01")
    counts = msgspec.to_builtins(agreed)
    assert (counts["files"], counts["boxes"], counts["sheets"], counts["root"]) == (7, 3, 14, "root")


def test_what_cannot_be_handed_over_is_refused() -> None:
    """No lines, no body, a second time, or before the receiver exists: refused by name."""
    young = msgspec.structs.replace(RECEIVER, valid_from="2025-09-01") if RECEIVER else None
    with pytest.raises(Refusal, match="handover-empty"):
        propose(None, GIVER, RECEIVER, OFFER, ())
    with pytest.raises(Refusal, match="agency-unknown"):
        propose(None, GIVER, None, OFFER, _lines(1))
    with pytest.raises(Refusal, match="handover-already-proposed"):
        propose(_offered(1), GIVER, RECEIVER, OFFER, _lines(1))
    with pytest.raises(Refusal, match="handover-unknown"):
        complete(None, RECEIVER, "r", "2025-08-01")
    with pytest.raises(Refusal, match="agency-not-existing"):
        complete(_offered(1), young, "r", "2025-08-01")
    with pytest.raises(Refusal, match="handover-already-done"):
        complete(msgspec.structs.replace(_offered(1), done=True), RECEIVER, "r", "2025-08-01")
