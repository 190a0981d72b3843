"""Hand-over: an inventory in FileCode order, in parts of at most 500 lines, agreed once, disputes settled later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import msgspec
import pytest

from domain.basis import Instrument
from domain.errors import Refusal
from domain.event import Event
from domain.file import File
from domain.handing_over import Agreement, Dispute, Settlement, Sides, complete, propose, settle, withdraw
from domain.handover import (
    CustodyHandedOver,
    Deputy,
    DisputeReason,
    DisputesSettled,
    Handover,
    HandoverProposed,
    HandoverWithdrawn,
    InventoryLine,
    InventoryListed,
    LinesDisputed,
    Outcome,
    Witness,
    evolve,
)
from domain.identifiers import FileCode
from domain.lot import Carrier
from domain.sealed import Plain
from tests.domain.city import ARCHIVE, CITY, agencies, committee
from tests.domain.test_file import FACT

GIVER, RECEIVER = agencies()[committee(CITY)], agencies()[ARCHIVE]
OFFER = HandoverProposed(giver=committee(CITY), receiver=ARCHIVE, carrier=Carrier.PAPER, basis="x")
SIDES = Sides(giver=GIVER, receiver=RECEIVER)
DECISION = Instrument(number="12/QĐ-UBND", issued="2025-07-20", issuer="UBND thành phố", in_force="2025-07-25")
AGREED = Agreement(on="2025-08-01", root="root", signers=("one", "two"))
TWO_LOST = {UUID(int=number): Dispute(reason=DisputeReason.MISSING) for number in (3, 5)}


def _lines(count: int) -> tuple[InventoryLine, ...]:
    return tuple(
        InventoryLine(FileCode=FileCode("H26", 2019, f"{n:05}"), file=UUID(int=n), sheets=2, box=f"H{n % 3}")
        for n in reversed(range(count))
    )


def _files(lines: Sequence[InventoryLine]) -> dict[UUID, File | None]:
    return {
        line.file: File(registered=msgspec.structs.replace(FACT, FileCode=line.FileCode), digital=True)
        for line in lines
    }


def _folded(state: Handover | None, events: Sequence[Event]) -> Handover:
    for event in events:
        state = evolve(state, event)  # type: ignore[arg-type] # decisions return this stream's events
    assert state is not None
    return state


def _offered(count: int, offer: HandoverProposed = OFFER) -> Handover:
    lines = _lines(count)
    return _folded(None, propose(None, GIVER, RECEIVER, offer, lines, _files(lines)))


def _received(count: int = 7, **changes: Any) -> Handover:
    state = _offered(count)
    agreed = msgspec.structs.replace(AGREED, disputed=TWO_LOST, **changes)
    return _folded(state, complete(state, SIDES, agreed))


def test_the_inventory_is_ordered_and_cut_into_parts() -> None:
    """1,201 lines stand in as few events as hold them, in FileCode order, none with more bytes than it may have."""
    lines = _lines(1201)
    events = propose(None, GIVER, RECEIVER, OFFER, lines, _files(lines))
    listed = [event for event in events if isinstance(event, InventoryListed)]
    assert [len(event.lines) for event in listed] == [425, 425, 351]
    assert all(len(msgspec.json.encode(event)) < 65_000 for event in listed)
    codes = [line.FileCode.FileNotation for event in listed for line in event.lines]
    assert codes == sorted(codes)


def test_both_agree_on_what_was_offered() -> None:
    """The dual act carries the root and what the inventory counts."""
    (agreed,) = complete(_offered(7), SIDES, AGREED)
    counts = msgspec.to_builtins(agreed)
    assert (counts["files"], counts["boxes"], counts["sheets"], counts["root"]) == (7, 3, 14, "root")
    assert "disputed" not in counts
    assert "flags" not in counts


def test_disputed_lines_are_named_and_not_counted_as_taken() -> None:
    """Two of seven lines are not there: they are named before the conclusion, which counts the other five."""
    lost, done = complete(_offered(7), SIDES, msgspec.structs.replace(AGREED, disputed=TWO_LOST))
    assert isinstance(lost, LinesDisputed)
    assert [line.FileCode.FileNotation for line in lost.lines] == ["00003", "00005"]
    assert isinstance(done, CustodyHandedOver)
    assert (done.files, done.sheets, done.disputed) == (5, 10, 2)


def test_all_lines_may_be_disputed() -> None:
    """A receiver who takes nothing says so of each line; nothing is received, and every line is named."""
    every = {line.file: Dispute(reason=DisputeReason.OTHER) for line in _lines(1201)}
    *named, done = complete(_offered(1201), SIDES, msgspec.structs.replace(AGREED, disputed=every))
    assert [len(event.lines) for event in named if isinstance(event, LinesDisputed)] == [441, 441, 319]
    assert isinstance(done, CustodyHandedOver)
    assert (done.files, done.boxes, done.sheets, done.disputed) == (0, 0, 0, 1201)


def test_sealed_sets_are_listed_uncounted() -> None:
    """A sealed set is taken unopened; its sheets are in no sum."""
    lines = (*_lines(2), InventoryLine(FileCode=FileCode("H26", 2020, "9"), file=UUID(int=9), sealed_set=True))
    state = _folded(None, propose(None, GIVER, RECEIVER, OFFER, lines, _files(lines)))
    (done,) = complete(state, SIDES, AGREED)
    assert isinstance(done, CustodyHandedOver)
    assert (done.files, done.sheets, done.sealed_sets) == (3, 4, 1)


def test_disputes_end_one_by_one() -> None:
    """One line is accepted after all, the other struck out; then nothing is in dispute any more."""
    state = _received()
    found = UUID(int=3)
    (first,) = settle(
        state, SIDES, Settlement(on="2025-08-09", outcomes={found: Outcome.ACCEPTED}, signers=AGREED.signers)
    )
    assert isinstance(first, DisputesSettled)
    assert [(line.file, line.outcome) for line in first.lines] == [(found, Outcome.ACCEPTED)]
    state = _folded(state, [first])
    assert set(state.disputed) == {UUID(int=5)}
    last = Settlement(on="2025-08-20", outcomes={UUID(int=5): Outcome.WITHDRAWN}, signers=AGREED.signers)
    state = _folded(state, settle(state, SIDES, last))
    assert not state.disputed
    assert state.settled == {found: Outcome.ACCEPTED, UUID(int=5): Outcome.WITHDRAWN}


@pytest.mark.parametrize(
    ("on", "flags"),
    [
        ("2025-07-24", ("before-decision", "before-deputy-decision")),
        ("2025-07-25", ("before-deputy-decision",)),
        ("2025-08-30", ()),
    ],
)
def test_a_hand_over_before_its_decision_is_a_stated_outcome(on: str, flags: tuple[str, ...]) -> None:
    """Files changed hands before the decision was in force: recorded, and flagged in the signed event."""
    later = msgspec.structs.replace(DECISION, in_force="2025-08-15")
    offer = msgspec.structs.replace(OFFER, decision=DECISION, deputy=_deputy(later))
    done = complete(_offered(1, offer), SIDES, msgspec.structs.replace(AGREED, on=on))[-1]
    assert isinstance(done, CustodyHandedOver)
    assert done.flags == flags


def _deputy(decision: Instrument = DECISION, actor: str = "") -> Deputy:
    return Deputy(Name=Plain("Nguyễn Văn Mẫu"), Post=Plain("Tổ trưởng"), decision=decision, actor=actor)


def test_for_a_giver_that_has_ended_somebody_is_named() -> None:
    """No key signs as a body that has ended: with a deputy named by a decision it goes on, without it is refused."""
    assert GIVER is not None
    ended = msgspec.structs.replace(SIDES, giver=msgspec.structs.replace(GIVER, valid_to="2025-07-01"))
    with pytest.raises(Refusal, match="handover-deputy-missing"):
        complete(_offered(1), ended, AGREED)
    assert complete(_offered(1, msgspec.structs.replace(OFFER, deputy=_deputy())), ended, AGREED)
    # It was still there that day, so its own people signed.
    assert complete(_offered(1), ended, msgspec.structs.replace(AGREED, on="2025-06-30"))


@pytest.mark.parametrize(
    ("posts", "flags"),
    [
        ({"giver_post": ARCHIVE}, ("giver-appointed-elsewhere",)),
        ({"receiver_post": UUID(int=61)}, ("receiver-appointed-elsewhere",)),
        ({"giver_post": OFFER.giver, "receiver_post": ARCHIVE}, ()),
        ({}, ()),
    ],
)
def test_an_officer_of_another_body_is_a_stated_outcome(posts: dict[str, UUID], flags: tuple[str, ...]) -> None:
    """Who was appointed elsewhere may have moved since: their signature counts, and the event says so."""
    done = complete(_offered(1), msgspec.structs.replace(SIDES, **posts), AGREED)[-1]
    assert isinstance(done, CustodyHandedOver)
    assert done.flags == flags


def test_who_is_named_as_a_signer_signs() -> None:
    """A deputy with a key of their own signs first; a witness with one signs after the two sides."""
    offer = msgspec.structs.replace(
        OFFER, deputy=_deputy(actor="one"), witnesses=(Witness(Name=Plain("a"), Post=Plain("b"), actor="three"),)
    )
    assert complete(_offered(1, offer), SIDES, msgspec.structs.replace(AGREED, signers=("one", "two", "three")))
    for signers in (("one", "two"), ("two", "one", "three"), ("one", "three", "two")):
        with pytest.raises(Refusal, match="handover-signer-missing"):
            complete(_offered(1, offer), SIDES, msgspec.structs.replace(AGREED, signers=signers))


_YOUNG = msgspec.structs.replace(RECEIVER, valid_from="2025-09-01") if RECEIVER else None


def _agree(**changes: Any) -> Callable[[], object]:
    return lambda: complete(_offered(2), SIDES, msgspec.structs.replace(AGREED, **changes))


def _list(*lines: InventoryLine, offer: HandoverProposed = OFFER, digital: bool = True) -> Callable[[], object]:
    known = {file: msgspec.structs.replace(one, digital=digital) for file, one in _files(_lines(2)).items() if one}
    return lambda: propose(None, GIVER, RECEIVER, offer, lines, known)


def _settle(outcomes: dict[int, Outcome], on: str = "2025-08-09", today: str = "") -> Callable[[], object]:
    named = {UUID(int=number): outcome for number, outcome in outcomes.items()}
    return lambda: settle(_received(), SIDES, Settlement(on=on, outcomes=named, signers=AGREED.signers, today=today))


LINE, OTHER = _lines(2)
SCANS = msgspec.structs.replace(OFFER, carrier=Carrier.DIGITAL)
DISASTERS: dict[str, tuple[str, Callable[[], object]]] = {
    "no lines": ("handover-empty", _list()),
    "no such receiver": ("agency-unknown", lambda: propose(None, GIVER, None, OFFER, (LINE,), _files((LINE,)))),
    "offered twice": (
        "handover-already-proposed", lambda: propose(_offered(1), GIVER, RECEIVER, OFFER, (LINE,), _files((LINE,))),
    ),
    "to itself": ("handover-to-itself", _list(LINE, offer=msgspec.structs.replace(OFFER, receiver=OFFER.giver))),
    "a line twice": ("handover-line-repeated", _list(LINE, OTHER, LINE)),
    "an unknown file": ("handover-line-unknown", _list(msgspec.structs.replace(LINE, file=UUID(int=77)))),
    "another file's code": ("handover-line-other-code", _list(msgspec.structs.replace(LINE, FileCode=OTHER.FileCode))),
    "never scanned": ("handover-line-not-digital", _list(LINE, offer=SCANS, digital=False)),
    "a sealed set counted": ("handover-sealed-counted", _list(msgspec.structs.replace(LINE, sealed_set=True))),
    "nothing offered": ("handover-unknown", lambda: complete(None, SIDES, AGREED)),
    "agreed twice": ("handover-already-done", lambda: complete(_received(), SIDES, AGREED)),
    "another list's root": ("handover-root-differs", _agree(stated_root="toor")),
    "a dispute of a foreign file": (
        "handover-line-not-listed", _agree(disputed={UUID(int=77): Dispute(reason=DisputeReason.OTHER)}),
    ),
    "one person signs twice": ("handover-one-signer-twice", _agree(signers=("one", "one"))),
    "one person signs again as witness": ("handover-one-signer-twice", _agree(signers=("one", "two", "one"))),
    "only one signs": ("handover-signer-missing", _agree(signers=("one",))),
    "a day to come": ("handover-day-to-come", _agree(today="2025-07-31")),
    "a receiver not there that day": (
        "agency-not-existing", lambda: complete(_offered(1), msgspec.structs.replace(SIDES, receiver=_YOUNG), AGREED),
    ),
    "a giver not there yet": ("agency-not-existing", _agree(on="1899-01-01")),
    "settled before it was received": (
        "handover-not-done",
        lambda: settle(_offered(1), SIDES, Settlement(on="2025-08-09", outcomes={}, signers=AGREED.signers)),
    ),
    "nothing settled": ("handover-nothing-settled", _settle({})),
    "settled what nobody disputed": ("handover-line-not-disputed", _settle({4: Outcome.ACCEPTED})),
    "settled before the day": ("handover-settled-too-early", _settle({3: Outcome.ACCEPTED}, on="2025-07-31")),
    "settled tomorrow": ("handover-day-to-come", _settle({3: Outcome.ACCEPTED}, today="2025-08-08")),
    "withdrawn after it was agreed": (
        "handover-already-done", lambda: withdraw(_received(), HandoverWithdrawn(on="2025-08-02", Reason=Plain("x"))),
    ),
    "agreed after it was withdrawn": (
        "handover-withdrawn", lambda: complete(msgspec.structs.replace(_offered(1), withdrawn=True), SIDES, AGREED),
    ),
}  # fmt: skip


@pytest.mark.parametrize("disaster", DISASTERS)
def test_what_cannot_be_handed_over_is_refused(disaster: str) -> None:
    """Each by its own code, in both languages."""
    code, attempt = DISASTERS[disaster]
    with pytest.raises(Refusal) as refused:
        attempt()
    assert refused.value.code == code
    assert refused.value.vi != refused.value.en


def test_an_offer_is_taken_back() -> None:
    """An offer made wrong is withdrawn by its giver; then nothing more can be done with it."""
    gone = HandoverWithdrawn(on="2025-08-02", Reason=Plain("lập nhầm"))
    state = _folded(_offered(1), withdraw(_offered(1), gone))
    assert state.withdrawn
    with pytest.raises(Refusal, match="handover-withdrawn"):
        withdraw(state, gone)
