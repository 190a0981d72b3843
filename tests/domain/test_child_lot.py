"""Child lots: carved out of a fonds by a decision, given to others, given back; and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec
import pytest

from domain import child_lot
from domain.agency import Agency, AgencyKind, Block
from domain.basis import Instrument
from domain.child_lot import LINES_PER_EVENT, CarvedFile, ChildLot, LotCarved, LotFilesListed
from domain.errors import Refusal
from domain.event import Event
from domain.file import File, FileRegistered
from domain.fonds import CustodyLine, Fonds
from domain.identifiers import FileCode
from domain.lot import Carrier, RetentionClass, WorkState
from domain.retention import Maintenance
from domain.sealed import Plain

FONDS, OTHER, BODY, UNIT = (UUID(int=number) for number in range(1, 5))
TODAY = "2026-01-01"
DECISION = Instrument(number="5/QĐ", issued="2025-02-01", issuer="UBND", in_force="2025-02-01")
OPENED = Fonds(code="P-1", name="Phông", creators=(BODY,), opened_from="2000-01-01", line=CustodyLine.STATE)
AGENCY = Agency(
    name="UBND", block=Block.GOVERNMENT, kind=AgencyKind.PEOPLES_COMMITTEE, unit=UNIT, code="H26",
    valid_from="2000-01-01",
)  # fmt: skip
FACT = LotCarved(
    fonds=FONDS, name="Hồ sơ đất đai", carriers=tuple(Carrier), effective="2025-03-01", decision=DECISION, files=0,
    receiver=BODY,
)  # fmt: skip


def line(number: int) -> CarvedFile:
    """A line of its list."""
    return CarvedFile(FileCode=FileCode("H26", 2020, f"{number:04}"), file=UUID(int=1000 + number))


def registered(number: int, fonds: UUID = FONDS, destroyed: str = "") -> File:
    """The file of a line."""
    made = FileRegistered(
        FileCode=line(number).FileCode, fonds=fonds, Title=Plain("x"),
        Maintenance=Maintenance(retention=RetentionClass.PERMANENT, as_written="Vĩnh viễn"), state=WorkState.FINISHED,
        arranged=True, held_by=BODY, held_from="2020-01-01",
    )  # fmt: skip
    return File(registered=made, destroyed=destroyed)


def carved(fact: LotCarved = FACT, lines: Sequence[CarvedFile] = (line(1), line(2))) -> list[Event]:
    """What the domain says to a carving of files that are all there."""
    files: dict[UUID, File | None] = {line(number).file: registered(number) for number in range(1200)}
    return child_lot.carve(None, fact, lines, OPENED, files, AGENCY, TODAY)


def folded(events: Sequence[Event]) -> ChildLot:
    """The state after them."""
    state: ChildLot | None = None
    for event in events:
        state = child_lot.evolve(state, event)  # type: ignore[arg-type]  # events of this stream
    assert state is not None
    return state


def test_its_files_are_listed_five_hundred_an_event_in_the_order_of_their_codes() -> None:
    """Given 1,200 files in any order, when carved, they are listed in code order, and all are in it."""
    events = carved(lines=[line(number) for number in reversed(range(1200))])
    listed = [event for event in events if isinstance(event, LotFilesListed)]
    assert [len(event.lines) for event in listed] == [LINES_PER_EVENT, LINES_PER_EVENT, 200]
    assert [one.FileCode.FileNotation for event in listed for one in event.lines][:3] == ["0000", "0001", "0002"]
    assert isinstance(events[0], LotCarved)
    assert events[0].files == len(folded(events).files) == 1200


def test_files_go_back_and_may_not_go_twice() -> None:
    """Given a carved lot, when one file goes back, then the other is left, and it cannot go back again."""
    before = carved()
    back = child_lot.give_back(folded(before), [line(1).file], "2025-04-01", DECISION, TODAY)
    after = folded([*before, *back])
    assert list(after.files) == [line(2).file]
    with pytest.raises(Refusal, match="child-lot-file-not-in-it"):
        child_lot.give_back(after, [line(1).file], "2025-05-01", DECISION, TODAY)


CARVINGS: list[tuple[str, dict[str, object], Sequence[CarvedFile]]] = [
    ("child-lot-name", {"name": ""}, [line(1)]),
    ("child-lot-name", {"name": " đất "}, [line(1)]),
    ("child-lot-name", {"name": "x" * 121}, [line(1)]),
    ("child-lot-empty", {}, []),
    ("child-lot-empty", {"carriers": ()}, [line(1)]),
    ("child-lot-empty", {"carriers": (Carrier.PAPER,) * 2}, [line(1)]),
    ("child-lot-day-to-come", {"effective": "2026-01-02"}, [line(1)]),
    ("instrument-not-in-force", {"effective": "2025-01-31"}, [line(1)]),
    ("child-lot-file-repeated", {}, [line(1), line(2), line(1)]),
    ("file-unknown", {}, [line(1), line(1300)]),
    ("file-unknown", {}, [CarvedFile(FileCode=line(2).FileCode, file=line(1).file)]),
]


@pytest.mark.parametrize(("code", "changed", "lines"), CARVINGS)
def test_an_unfit_carving_is_refused(code: str, changed: dict[str, object], lines: Sequence[CarvedFile]) -> None:
    """Given a name, a list, a day or a decision that does not fit, then the refusal says which."""
    with pytest.raises(Refusal) as refused:
        carved(msgspec.structs.replace(FACT, **changed), lines)
    assert refused.value.code == code


def test_what_is_not_there_or_not_of_the_fonds_is_refused() -> None:
    """Given a file of another fonds, a destroyed one, no fonds or body, or a lot that is there already."""
    one = line(1).file
    for code, state, fonds, file, body in (
        ("child-lot-file-foreign", None, OPENED, registered(1, OTHER), AGENCY),
        ("file-destroyed", None, OPENED, registered(1, destroyed="2025-12-01"), AGENCY),
        ("fonds-unknown", None, None, registered(1), AGENCY),
        ("agency-unknown", None, OPENED, registered(1), None),
        ("agency-not-existing", None, OPENED, registered(1), msgspec.structs.replace(AGENCY, valid_to="2025-01-01")),
        ("child-lot-exists", folded(carved()), OPENED, registered(1), AGENCY),
    ):
        with pytest.raises(Refusal) as refused:
            child_lot.carve(state, FACT, [line(1)], fonds, {one: file}, body, TODAY)
        assert refused.value.code == code


def test_a_further_decision_needs_the_lot_and_its_day() -> None:
    """Given no lot, or a day before its carving, then nothing is assigned and nothing goes back."""
    for code, state, day in (
        ("child-lot-unknown", None, "2025-04-01"),
        ("child-lot-too-early", carved(), "2025-02-28"),
    ):
        known = folded(state) if state else None
        with pytest.raises(Refusal, match=code):
            child_lot.require_assignable(known, BODY, AGENCY, day, DECISION, TODAY)
        with pytest.raises(Refusal, match=code):
            child_lot.give_back(known, [line(1).file], day, DECISION, TODAY)
