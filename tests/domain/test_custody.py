"""Custody replayed: who must have a file and who has it, on a day, as known at an act."""

from uuid import UUID

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from domain.custody import Custody, CustodyReplay, HoldingState
from domain.enactment import assignments
from domain.event import Event
from domain.file import FileDigitized
from domain.fonds import CustodyLine, FondsOpened
from domain.handover import CustodyHandedOver, HandoverProposed, InventoryLine, InventoryListed
from domain.lot import Carrier
from domain.reorganization import FondsAssigned
from tests.domain.city import ARCHIVE, WHOLE, agencies, all_fonds, committee, fonds_of, plan, units
from tests.domain.test_file import FACT

FILE, HANDOVER, CREATOR = UUID(int=70), UUID(int=80), committee(WHOLE)
OPENED = FondsOpened(code="P", name="Phông", creators=(CREATOR,), opened_from="2020-01-01", line=CustodyLine.STATE)
REGISTERED = msgspec.structs.replace(FACT, fonds=fonds_of(WHOLE), held_by=CREATOR, held_from="2020-01-01")
LINE = InventoryLine(FileCode=REGISTERED.FileCode, file=FILE)
OFFER = HandoverProposed(giver=CREATOR, receiver=ARCHIVE, carrier=Carrier.PAPER, basis="x")
TAKEN = CustodyHandedOver(
    giver=CREATOR,
    receiver=ARCHIVE,
    carrier=Carrier.PAPER,
    on="2025-08-01",
    basis="x",
    root="r",
    files=1,
    boxes=0,
    sheets=0,
)


def _assigned() -> FondsAssigned:
    found = assignments(plan(), units(), agencies(), all_fonds())
    return next(one for one in found if one.fonds == fonds_of(WHOLE))


def _story() -> list[tuple[int, UUID, Event]]:
    return [
        (1, fonds_of(WHOLE), OPENED),
        (2, FILE, REGISTERED),
        (3, FILE, FileDigitized(held_by=UUID(int=60), held_from="2025-05-01")),
        (4, UUID(int=999), _assigned()),
        (5, HANDOVER, OFFER),
        (5, HANDOVER, InventoryListed(lines=(LINE,))),
        (6, HANDOVER, TAKEN),
    ]


def _replay(story: list[tuple[int, UUID, Event]]) -> CustodyReplay:
    replay = CustodyReplay()
    for index, stream, event in story:
        replay.feed(index, stream, event)
    return replay


def test_a_permanent_file_goes_from_its_creator_to_the_archive() -> None:
    """Before the day: its creator's. From 1 July: the archive must have it. From the receipt: it has it."""
    replay = _replay(_story())
    before = replay.ask(FILE, Carrier.PAPER, "2025-06-30", 6)
    between = replay.ask(FILE, Carrier.PAPER, "2025-07-15", 6)
    after = replay.ask(FILE, Carrier.PAPER, "2025-08-01", 6)
    assert (before.assigned_to, before.held_by, before.state) == (CREATOR, CREATOR, HoldingState.HELD)
    assert (between.assigned_to, between.held_by, between.state) == (ARCHIVE, CREATOR, HoldingState.AWAITING_HANDOVER)
    assert (after.assigned_to, after.held_by, after.state) == (ARCHIVE, ARCHIVE, HoldingState.RECEIVED)
    assert (after.because_assigned, after.because_held) == (4, 6)


def test_paper_and_digital_are_held_apart() -> None:
    """Scanning makes the digital carrier elsewhere; the paper stays where it is."""
    replay = _replay(_story())
    assert replay.ask(FILE, Carrier.DIGITAL, "2025-08-01", 6).held_by == UUID(int=60)
    assert not replay.ask(FILE, Carrier.DIGITAL, "2025-04-30", 6).known


def test_what_was_believed_earlier_stays_answerable() -> None:
    """As known after act 3 nobody knew of the reorganization, whatever day is asked for."""
    asked = _replay(_story()).ask(FILE, Carrier.PAPER, "2026-01-01", 3)
    assert (asked.assigned_to, asked.held_by) == (CREATOR, CREATOR)


def test_nothing_is_known_before_the_file_was() -> None:
    """As known before its registration a file has no custody."""
    asked = _replay(_story()).ask(FILE, Carrier.PAPER, "2026-01-01", 1)
    assert (asked.known, asked.because_assigned, asked.because_held) == (False, -1, -1)


@given(st.integers(0, 7), st.sampled_from(["2019-01-01", "2020-06-01", "2025-06-30", "2025-07-01", "2025-09-01"]))
def test_later_acts_never_change_an_earlier_answer(known_at: int, on: str) -> None:
    """An answer as known at an act depends on the acts up to it only: replay is deterministic and bitemporal."""
    whole = _replay(_story())
    part = _replay([one for one in _story() if one[0] <= known_at])
    answers: list[Custody] = [one.ask(FILE, Carrier.PAPER, on, known_at) for one in (whole, part)]
    assert answers[0] == answers[1]


def test_a_hand_over_recorded_late_counts_from_its_day() -> None:
    """Given an earlier hand-over recorded after a later one, then the later day still wins from that day on."""
    late = msgspec.structs.replace(TAKEN, on="2025-07-10", receiver=UUID(int=61))
    story = [*_story(), (7, UUID(int=81), InventoryListed(lines=(LINE,))), (8, UUID(int=81), late)]
    replay = _replay(story)
    assert replay.ask(FILE, Carrier.PAPER, "2025-07-20", 8).held_by == UUID(int=61)
    assert replay.ask(FILE, Carrier.PAPER, "2025-07-20", 7).held_by == CREATOR
    assert replay.ask(FILE, Carrier.PAPER, "2025-08-02", 8).held_by == ARCHIVE
