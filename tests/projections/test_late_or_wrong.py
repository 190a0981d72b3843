"""What is late or wrong has a stated outcome: flagged, refused, or a newer belief; nothing passes in silence."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import msgspec
import pytest

from domain.after_enactment import Corrected, Correction
from domain.basis import Instrument
from domain.continuation import FileContinued
from domain.custody import HoldingState
from domain.errors import Refusal
from domain.handing_over import BEFORE_DECISION
from domain.handover import CustodyHandedOver, HandoverProposed, InventoryLine
from domain.lot import ALL_LOT_KEYS, Carrier, WorkState
from domain.plan import ChangeKind, UnitChange
from ledger.act_id import new_act_id
from ledger.commands import continuation, handover, reorganization
from mocban.database import Databases
from projections import succession_queries
from projections.chain import chain
from projections.chain_words import line
from projections.custody_queries import NEWEST_KNOWN, custody_of
from projections.view import Connection
from projections.whatif import preview
from tests.projections.house import House
from tests.projections.story import EFFECTIVE, Story, a

LATER = Instrument(number="77/QĐ-UBND", issued="2025-08-20", issuer="Chủ tịch UBND", in_force="2025-09-01")
LATEST = Instrument(number="99/QĐ-UBND", issued="2025-12-01", issuer="Chủ tịch UBND", in_force="2025-09-01")

NOWHERE = Correction(lots=("x",), receiver=None, basis="")


@pytest.fixture(scope="module")
def enacted(module_database: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """The story until the reorganization was enacted."""
    house = House(module_database, tmp_path_factory.mktemp("late"))
    story = Story(house)
    story.until_enactment()
    house.runner.drain()
    yield story
    house.close()


@pytest.fixture(scope="module")
def reader(enacted: Story) -> Iterator[Connection]:
    """A reader's connection."""
    with enacted.house.reader() as opened:
        yield opened


def files_of(story: Story, fonds: str) -> list[UUID]:
    """The files of a fonds."""
    return [key for key, made in story.files.items() if made.fonds == a("fonds", fonds)]


def test_a_document_dated_after_its_body_ended_is_flagged_before_and_kept(enacted: Story, reader: Connection) -> None:
    """Given documents dated a month after their ward ended, then the preview names them and nothing is refused."""
    foreseen = preview(reader, enacted.plan())
    assert foreseen.late_documents > 0
    late = foreseen.late_documents_shown[0]
    assert late.dated > EFFECTIVE
    assert foreseen.may_be_enacted
    enacted.enact()
    enacted.house.runner.drain()
    found = chain(reader, enacted.documents[late.document], "2199-12-31")
    assert any(one.type == "document.described/1" for _, one in found.events())


def test_a_hand_over_before_its_decision_is_recorded_and_says_so(enacted: Story, reader: Connection) -> None:
    """Given papers that changed hands in July by a decision in force in September: it counts from July, flagged."""
    house, stream, file = enacted.house, a("handover", "too-early"), files_of(enacted, "a2-government")[0]
    offer = HandoverProposed(
        giver=a("agency", "city-government"), receiver=a("agency", "archive"), carrier=Carrier.PAPER,
        basis=LATER.number, on="2025-07-10", decision=LATER,
    )  # fmt: skip
    lines = [InventoryLine(FileCode=enacted.files[file].FileCode, file=file)]
    handover.propose(house.main, house.clerk, new_act_id(), stream, offer, lines)
    done = handover.complete(house.main, house.clerk, house.chief, new_act_id(), stream, "2025-07-15")
    house.runner.drain()
    custody = custody_of(reader, file, Carrier.PAPER, "2025-07-15").custody
    assert (custody.held_by, custody.because_held) == (a("agency", "archive"), done.act_index)
    event = next(one.event for _, one in chain(reader, file, "2026-01-01").events() if "handed-over" in one.type)
    assert isinstance(event, CustodyHandedOver)
    assert event.flags == (BEFORE_DECISION,)


def correct(story: Story, instrument: Instrument, receiver: str, fonds: str = "b1-party") -> int:
    """All lots of a fonds go to a receiver from 2025-09-01, by an instrument; the act."""
    to = Correction(
        lots=tuple(key.text for key in ALL_LOT_KEYS), receiver=a("agency", receiver), basis=instrument.number
    )
    said = Corrected(
        instrument=instrument, effective="2025-09-01", today="2026-01-01", reason="Nêu nơi nhận",
        fonds={a("fonds", fonds): (to,)},
    )  # fmt: skip
    main, clerk = story.house.main, story.house.clerk
    done = reorganization.correct(main, clerk, new_act_id(), a("reorganization", "2025"), said)
    story.house.runner.drain()
    return done.act_index


def test_of_two_decisions_for_one_lot_the_later_act_counts_and_both_stay(enacted: Story, reader: Connection) -> None:
    """Given two decisions in force the same day that name different receivers, then the newest belief is the answer,
    the earlier one is what was known before, and the chain tells both."""
    file = files_of(enacted, "b1-party")[0]
    before = custody_of(reader, file, Carrier.PAPER, "2025-10-01").custody
    first = correct(enacted, LATER, "party-archive")
    second = correct(enacted, LATEST, "n2-party")
    assert before.assigned_to is None
    for known_at, receiver, act in (
        (first - 1, None, before.because_assigned),
        (first, a("agency", "party-archive"), first),
        (NEWEST_KNOWN, a("agency", "n2-party"), second),
    ):
        custody = custody_of(reader, file, Carrier.PAPER, "2025-10-01", known_at).custody
        assert (custody.assigned_to, custody.because_assigned) == (receiver, act)
        earlier = custody_of(reader, file, Carrier.PAPER, "2025-08-31", known_at).custody
        assert earlier.because_assigned == before.because_assigned
    found = chain(reader, file, "2026-01-01")
    told = [line(found, one).vi for _, one in found.events()]
    assert f"Điều chỉnh việc giao hồ sơ ({LATER.number})" in told
    assert f"Điều chỉnh việc giao hồ sơ ({LATEST.number})" in told


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("correction-before-enactment", {"effective": "2025-06-30"}),
        ("reorganization-too-early", {"today": "2025-08-31"}),
        ("instrument-not-in-force", {"effective": "2025-08-31"}),
        ("correction-empty", {"fonds": {}}),
        ("correction-fonds-foreign", {"fonds": {a("fonds", "archive"): (NOWHERE,)}}),
        ("correction-lot-unfit", {"fonds": {a("fonds", "b1-mass"): (NOWHERE,)}}),
        (
            "agency-not-existing",
            {"fonds": {a("fonds", "b1-mass"): (
                Correction(lots=(ALL_LOT_KEYS[0].text,), receiver=a("agency", "a1-mass"), basis=""),
            )}},
        ),
    ],
)  # fmt: skip
def test_a_wrong_correction_is_refused_and_nothing_changes(
    enacted: Story, code: str, change: dict[str, object]
) -> None:
    """Given a correction too early, without instrument in force, of a foreign fonds or to an ended body: refused."""
    good = Corrected(
        instrument=LATER, effective="2025-09-01", today="2026-01-01", reason="x",
        fonds={a("fonds", "b1-mass"): (Correction(lots=(ALL_LOT_KEYS[0].text,), receiver=None, basis="x"),)},
    )  # fmt: skip
    main, clerk = enacted.house.main, enacted.house.clerk
    size = main.size()
    with pytest.raises(Refusal) as refused:
        reorganization.correct(
            main, clerk, new_act_id(), a("reorganization", "2025"), msgspec.structs.replace(good, **change)
        )
    assert refused.value.code == code
    assert main.size() == size


def test_a_code_used_again_means_the_unit_of_its_day(enacted: Story, reader: Connection) -> None:
    """Given a code that one ward carried until June and another from July, then each day has its own unit."""
    old = succession_queries.unit_by_code(reader, "00003", "2025-06-30")
    new = succession_queries.unit_by_code(reader, "00003", EFFECTIVE)
    assert old is not None
    assert new is not None
    assert (old.id, new.id) == (a("unit", "a1"), a("unit", "n1"))
    assert old.valid_to == new.valid_from == EFFECTIVE
    assert succession_queries.unit_by_code(reader, "00003", "2019-12-31") is None


def test_of_contradicting_rules_the_first_counts_and_the_preview_says_who_else_claims(
    enacted: Story, reader: Connection
) -> None:
    """Given rules that claim one lot for two receivers, then the first wins and the claim of the other is named."""
    claims = preview(reader, enacted.plan()).claims
    claim = next(one for one in claims if one.wins == "district-temporary" and "district-paper" in one.others)
    assert claim.lots > 0
    temporary = next(
        key for key in files_of(enacted, "d1-government") + files_of(enacted, "d2-government")
        if enacted.files[key].Maintenance.retention.value == "temporary" and enacted.files[key].arranged
        and enacted.files[key].state is WorkState.FINISHED
    )  # fmt: skip
    answer = custody_of(reader, temporary, Carrier.PAPER, EFFECTIVE)
    assert (answer.rule, answer.custody.state) == ("district-temporary", HoldingState.AWAITING_RECEIVER)


def test_an_unfinished_file_finished_elsewhere_goes_on_there_and_keeps_its_provenance(
    enacted: Story, reader: Connection
) -> None:
    """Given a ward's unfinished file that a new ward finishes, then both chains say so and custody stays as it was."""
    part = next(key for key, made in enacted.files.items() if made.state is WorkState.UNFINISHED)
    whole = next(key for key, made in enacted.files.items() if made.fonds != enacted.files[part].fonds)
    before = custody_of(reader, part, Carrier.PAPER, "2026-01-01")
    house, stream = enacted.house, a("continuation", str(part))
    fact = FileContinued(part=part, whole=whole, joins=enacted.files[whole].fonds, on="2025-08-01", basis="CV 7")
    continuation.continue_as(house.main, house.clerk, new_act_id(), stream, fact)
    house.runner.drain()
    assert custody_of(reader, part, Carrier.PAPER, "2026-01-01") == before
    for file in (part, whole):
        told = [
            line(chain(reader, file, "2026-01-01"), one).vi for _, one in chain(reader, file, "2026-01-01").events()
        ]
        assert "Hồ sơ được lập tiếp ở nơi khác" in told
    finished = next(key for key, made in enacted.files.items() if made.state is WorkState.FINISHED)
    for code, wrong in (
        ("continuation-already", fact),
        ("continuation-finished", msgspec.structs.replace(fact, part=finished)),
        ("continuation-itself", msgspec.structs.replace(fact, whole=part)),
        ("file-unknown", msgspec.structs.replace(fact, whole=a("file", "none"))),
    ):
        other = stream if wrong is fact else a("continuation", str(wrong.part))
        with pytest.raises(Refusal) as refused:
            continuation.continue_as(house.main, house.clerk, new_act_id(), other, wrong)
        assert refused.value.code == code


def test_what_a_plan_gave_to_a_body_goes_on_by_the_plan_that_ends_it(enacted: Story, reader: Connection) -> None:
    """Given a ward that must have its predecessors' files and ends in its turn, then that plan's rules say whose."""
    ending = UnitChange(unit=a("unit", "n1"), change=ChangeKind.DISSOLVED)
    later = msgspec.structs.replace(
        enacted.plan(), effective="2026-08-01", changes=(ending,), units=(), agencies=(), unmatched_may_await=True
    )
    foreseen = preview(reader, later)
    gone = a("agency", "n1-government")
    files = {line.receiver: line.must_have.files for line in foreseen.before if line.carrier is Carrier.PAPER}
    assert files[gone] > 0
    assert not any(line.receiver == gone for line in foreseen.after)
    assert gone not in foreseen.absent_receivers
