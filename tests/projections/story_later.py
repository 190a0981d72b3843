"""What comes later in the story: an assignment corrected, a match undone, a file continued, a box moved, and more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.access_grant import AccessEnded, AccessGranted
from domain.administrative_unit import Level, UnitEstablished, UnitKind
from domain.after_enactment import Corrected, Correction
from domain.basis import Certainty, Instrument
from domain.child_lot import CarvedFile, LotCarved
from domain.container import ContainerKind, ContainerMoved, ContainerRegistered, Place
from domain.continuation import FileContinued
from domain.document import DocumentsMatched
from domain.lineage import LineageReconstructed
from domain.lot import ALL_LOT_KEYS, Carrier, WorkState
from domain.plan import ChangeKind, Succession, UnitChange
from domain.single_file import FileAssigned, FileRejoined
from ledger.act_id import new_act_id
from ledger.commands import (
    access_grant,
    child_lot,
    container,
    continuation,
    document,
    lineage,
    reorganization,
    single_file,
)
from ledger.commands.child_lot import FurtherDecision
from tests.projections.story_plan import a
from tests.projections.story_rearranged import rearrange

if TYPE_CHECKING:
    from tests.projections.story import Story

CORRECTED_FROM = "2025-09-15"
NAMING = Instrument(number="4001/QĐ-UBND", issued="2025-09-01", issuer="Chủ tịch UBND", in_force="2025-09-01")
MERGED_ON = "2020-03-01"
MERGING = Instrument(number="895/NQ-UBTVQH14", issued="", issuer="UBTVQH", in_force="")


def tell_later(story: Story) -> None:
    """All of it."""
    correct(story)
    unmatch(story)
    go_on(story)
    reconstruct(story)
    move_a_box(story)
    grant_reading(story)
    move_alone(story)
    carve(story)
    rearrange(story)


def correct(story: Story) -> None:
    """What awaited in a commune's mass fonds goes to the body of the new commune, by a later decision."""
    main, clerk = story.house.main, story.house.clerk
    lots = tuple(key.text for key in ALL_LOT_KEYS if key.state is WorkState.FINISHED)
    to = Correction(lots=lots, receiver=a("agency", "n2-mass"), basis=NAMING.number)
    said = Corrected(
        instrument=NAMING, effective=CORRECTED_FROM, today="2026-01-01", reason="Nêu nơi nhận",
        fonds={a("fonds", "b1-mass"): (to,)},
    )  # fmt: skip
    reorganization.correct(main, clerk, new_act_id(), a("reorganization", "2025"), said)


def unmatch(story: Story) -> None:
    """Two documents are matched, then looked at again."""
    main, clerk, stream = story.house.main, story.house.clerk, a("match", "wrong")
    one, two = max(story.documents, key=str), min(story.documents, key=str)
    matched = DocumentsMatched(reference=one, others=(two,), basis="So sánh", similarity=91)
    document.match(main, clerk, new_act_id(), stream, matched)
    document.unmatch(main, clerk, new_act_id(), stream, "Khác nhau ở trang 2")


def go_on(story: Story) -> None:
    """An unfinished file of an absorbed commune goes on as one of another."""
    main, clerk = story.house.main, story.house.clerk
    part = next(key for key, made in story.files.items() if made.state is WorkState.UNFINISHED)
    whole = next(key for key, made in story.files.items() if made.fonds != story.files[part].fonds)
    fact = FileContinued(part=part, whole=whole, joins=story.files[whole].fonds, on="2025-08-01", basis="CV 7/UBND-VP")
    continuation.continue_as(main, clerk, new_act_id(), a("continuation", str(part)), fact)


def move_a_box(story: Story) -> None:
    """A box of a district is registered where it stands, and moved within the store."""
    main, clerk, fonds, stream = story.house.main, story.house.clerk, a("fonds", "d1-government"), a("container", "H1")
    keeper = a("agency", "d1-government")
    here, there = (Place(keeper=keeper, repository="Kho quận", shelf=shelf) for shelf in ("Giá 1", "Giá 2"))
    stands = ContainerRegistered(kind=ContainerKind.BOX, label="H1", fonds=fonds, place=here, on="2025-06-01", cm=12)
    for fact in (stands, ContainerMoved(place=there, on="2025-06-20")):
        container.record(main, clerk, new_act_id(), stream, fact, "2026-01-01")


def grant_reading(story: Story) -> None:
    """A department-like reader without a rule of its own may read a district's fonds; a second grant ends early."""
    main, clerk, given = story.house.main, story.house.clerk, a("access-grant", "1")
    decision = Instrument(number="5/QĐ-UBND", issued="2025-01-01", issuer="UBND thành phố", in_force="2025-01-01")
    fact = AccessGranted(
        decision=decision, since="2025-01-01", last_day="2026-12-31", agency=a("agency", "party-archive"),
        fonds=(a("fonds", "d2-government"),), files=(min(story.files, key=str),),
    )  # fmt: skip
    access_grant.grant(main, clerk, new_act_id(), given, fact, "2025-01-01")
    own = a("access-grant", "2")
    access_grant.grant(main, clerk, new_act_id(), own, fact, "2025-01-01")
    access_grant.end(main, clerk, new_act_id(), own, AccessEnded(on="2025-02-01", basis="6/QĐ-UBND"), "2025-01-02")


def move_alone(story: Story) -> None:
    """Three files by decisions of their own; one of them goes with its lot again."""
    main, clerk = story.house.main, story.house.clerk
    decision = Instrument(number="8/QĐ-UBND", issued="2025-03-01", issuer="UBND thành phố", in_force="2025-03-01")
    for at, file in enumerate(sorted(story.files, key=str)[::7][:3]):
        to, stream = a("agency", ("archive", "party-archive", "n1-government")[at]), a("file-assignment", str(file))
        day = "2025-07-10" if at == 2 else "2025-03-01"
        fact = FileAssigned(file=file, carriers=tuple(Carrier), receiver=to, effective=day, decision=decision)
        single_file.record(main, clerk, new_act_id(), stream, fact, "2026-01-01")
        if at == 1:
            back = FileRejoined(file=file, carriers=(Carrier.PAPER,), effective="2025-08-01", decision=decision)
            single_file.record(main, clerk, new_act_id(), stream, back, "2026-01-01")


def carve(story: Story) -> None:
    """Files of a district are carved out for the archive, given to another by a further decision, and one goes back."""
    main, clerk, stream = story.house.main, story.house.clerk, a("child-lot", "đất đai")
    decision = Instrument(number="88/QĐ-UBND", issued="2025-03-01", issuer="UBND thành phố", in_force="2025-03-01")
    fonds = a("fonds", "d2-government")
    files = [key for key, made in sorted(story.files.items(), key=str) if made.fonds == fonds][:3]
    fact = LotCarved(
        fonds=fonds, name="Hồ sơ đất đai", carriers=tuple(Carrier), effective="2025-04-01", decision=decision, files=0,
        receiver=a("agency", "archive"),
    )  # fmt: skip
    lines = [CarvedFile(FileCode=story.files[key].FileCode, file=key) for key in files]
    child_lot.carve(main, clerk, new_act_id(), stream, fact, lines, "2026-01-01")
    given = FurtherDecision(decision=decision, effective="2025-10-01", receiver=a("agency", "n2-government"))
    child_lot.assign(main, clerk, new_act_id(), stream, given, "2026-01-01")
    back = FurtherDecision(decision=decision, effective="2025-11-01")
    child_lot.give_back(main, clerk, new_act_id(), stream, files[:1], back, "2026-01-01")


def reconstruct(story: Story) -> None:
    """A commune that ended in 2020, as the rosters let us think."""
    former = UnitEstablished(
        name="Phường a0", kind=UnitKind.WARD, level=Level.COMMUNE, code="00009", valid_from="2020-01-01",
        certainty=Certainty.RECONSTRUCTED, parent=a("unit", "d1"), basis="Danh mục 2020",
    )  # fmt: skip
    edge = Succession(unit=a("unit", "a1"), share="whole", population_share="")
    fact = LineageReconstructed(
        title="Sắp xếp 2020", effective=MERGED_ON, certainty=Certainty.RECONSTRUCTED, instrument=MERGING,
        basis="Danh mục 2020 và 2021",
        changes=(UnitChange(unit=a("unit", "a0"), change=ChangeKind.ABSORBED, successors=(edge,)),),
    )  # fmt: skip
    stream = a("lineage", MERGED_ON)
    lineage.reconstruct(story.house.main, story.house.clerk, new_act_id(), stream, fact, {a("unit", "a0"): former})
